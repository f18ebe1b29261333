"""The tap: settings and state in, streams out; what the streams share in one run lives here."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import datetime, timezone
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar

from singer_sdk import Tap
from singer_sdk.helpers._classproperty import classproperty
from singer_sdk.helpers.capabilities import PluginCapabilities, TapCapabilities
from singer_sdk.plugin_base import _ConfigInput

from hr4you.config import check_settings, read_config_files, read_json
from hr4you.contract import Contract, load_contract
from hr4you.crawl import Pass
from hr4you.environment import read_environment, read_texts
from hr4you.errors import ConfigError, ForbiddenError, HR4YouError
from hr4you.feed import FeedMapper, read_feed
from hr4you.http import Client
from hr4you.mapping import RecordMapper
from hr4you.resources import Reader
from hr4you.settings import Connection
from tap_hr4you.action_results import ActionResults
from tap_hr4you.created_only import LIMITED, CreatedStream
from tap_hr4you.extra_streams import make_extra_streams
from tap_hr4you.inputs import check_catalog, check_other_maps, check_stream_maps
from tap_hr4you.job_feed import FeedJobs
from tap_hr4you.ledger import TenantLedger, open_ledger
from tap_hr4you.resource_stream import ResourceStream
from tap_hr4you.schemas import STREAMS
from tap_hr4you.sdk import RecordStream
from tap_hr4you.settings import PROPERTIES, TapSettings
from tap_hr4you.state import REPLICATION_KEY, StreamState, read_states
from tap_hr4you.writer import BufferedWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from types import FrameType

    import click
    from singer_sdk.helpers.capabilities import CapabilitiesEnum

MAX_TOLD = 30
"""So many values without a mapping are named."""

ENVIRONMENT_PREFIXES = ("HR4YOU_", "TAP_HR4YOU_")


class TapHR4YOU(Tap):
    """Singer tap for HR4YOU: users, jobs, candidates, application stages and applications of one tenant."""

    name = "tap-hr4you"
    config_jsonschema: ClassVar[dict[str, Any]] = {"type": "object", "properties": dict(PROPERTIES)}
    message_writer_class = BufferedWriter
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        TapCapabilities.CATALOG,
        TapCapabilities.DISCOVER,
        TapCapabilities.STATE,
        TapCapabilities.TEST,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    def __init__(self, *, validate_config: bool = True, **kwargs: Any) -> None:
        self.states: dict[str, StreamState] = {}
        self.forbidden: list[str] = []
        self._unmapped: Counter[str] = Counter()
        super().__init__(validate_config=validate_config, **kwargs)
        if validate_config:  # not for --discover, which needs neither credentials nor a contract
            _ = self.connection, self.contract, self.client  # credentials of another kind than the contract's, too

    # --- what the streams of one run share -------------------------------------------------------------------------

    @cached_property
    def settings(self) -> TapSettings:
        """The tap's own settings, checked. Raises `ConfigError`."""
        return TapSettings.from_config(self.config)

    @cached_property
    def connection(self) -> Connection:
        """Where the tenant is and how to get in. Raises `ConfigError`."""
        return Connection.from_config(self.config, credentials=not self.settings.feed)

    @cached_property
    def contract(self) -> Contract:
        """The tenant's contract, loaded and compiled. Raises `ContractError`."""
        return load_contract(self.connection.contract)

    @cached_property
    def client(self) -> Client:
        """HTTP to the tenant; built at the first request."""
        return Client(self.connection, self.contract.api)

    def open_ledger(self) -> AbstractContextManager[TenantLedger]:
        """Return the target's ledger, to be opened for this tenant."""
        return open_ledger(self.settings.ledger_url or "", self.connection)

    def reader(self, stream: str, *, eager: bool = True, keys: frozenset[str] | None = None) -> Reader:
        """Return what reads this stream's resource; `eager`: pages are fetched ahead; `keys`: only these are needed."""
        return Reader(self.client, self.contract, stream, page_size=self.settings.page_size, eager=eager, keys=keys)

    def record_mapper(self, stream: str, fields: Iterable[str]) -> RecordMapper:
        """Return what makes this stream's records, of these top-level fields."""
        return RecordMapper(
            self.contract,
            stream,
            self.connection.tenant,
            custom_field_mappings=self.settings.custom_field_mappings,
            integration_fields_include=self.settings.integration_fields_include,
            stage_name=lambda remote_id: self._stage_names.get(remote_id),  # noqa: PLW0108  # the stages are read late
            properties=set(fields),
        )

    def feed_mapper(self, fields: Iterable[str]) -> FeedMapper:
        """Return what makes ``jobs`` records of postings."""
        return FeedMapper(
            self.contract,
            self.connection.tenant,
            custom_field_mappings=self.settings.custom_field_mappings,
            integration_fields_include=self.settings.integration_fields_include,
            properties=set(fields),
        )

    def read_feed(self) -> tuple[datetime, list[dict[str, Any]]]:
        """Return the tenant's clock and all postings of the public job feed."""
        answer = self.client.get_feed(self.settings.feed_set)
        return answer.date or datetime.now(timezone.utc), read_feed(answer.body, answer.headers.get("Content-Type"))

    @cached_property
    def _stage_names(self) -> dict[str, str]:
        """Stage id -> name, read when the first application asks; empty where the token may not read stages."""
        mapper = self.record_mapper("application_stages", ["name"])
        try:
            pages = list(self.reader("application_stages").read(Pass()))
        except ForbiddenError:
            self.logger.warning("The stages may not be read: `outcome` is told from the status alone.")
            return {}
        named = [(item.remote_id, mapper(item.wire)["name"]) for items in pages for item in items]
        return {remote_id: name for remote_id, name in named if remote_id and name}

    def set_stream_state(self, stream: str, state: StreamState, *, key: str | None = None) -> None:
        """Set one stream's bookmark, all of it at once: a signal must not find half of it.

        Args:
            stream: its name.
            state: what it knows now.
            key: its replication key where that is not `REPLICATION_KEY`.
        """
        self.state.setdefault("bookmarks", {})[stream] = state.encode(self.connection.tenant, key or REPLICATION_KEY)

    def note_forbidden(self, stream: str, error: ForbiddenError) -> None:
        """Remember that the token may not read a stream; the others go on."""
        self.forbidden.append(stream)
        self.logger.warning("%s: skipped, the token may not read it: %s", stream, error)

    def note_findings(self, stream: str, mapper: RecordMapper) -> None:
        """Take over what was odd about a stream's records, to be told once at the end of the run."""
        if mapper.notices:
            odd = "; ".join(f"{text} (records: {count})" for text, count in mapper.notices.items())
            self.logger.warning("%s: %s", stream, odd)
        for (field, value), count in mapper.unmapped.items():
            self._unmapped[f"{stream}.{field} {value!r}"] += count

    def tell_unmapped(self) -> None:
        """Warn once of all values that no vocabulary knows: words of a status or the like, no person's data."""
        if self._unmapped:
            counted = ", ".join(f"{value} ({count})" for value, count in self._unmapped.most_common(MAX_TOLD))
            more = f", and {len(self._unmapped) - MAX_TOLD} more" if len(self._unmapped) > MAX_TOLD else ""
            self.logger.warning(
                "Values without a mapping: %s%s. Add them to `vocabularies` in a contract file.", counted, more
            )

    def _check_ledger(self) -> None:
        """Open the ledger once before the first request, where it is needed. Raises `ConfigError`."""
        selected = [stream for stream in self.streams.values() if stream.selected]
        if not any(isinstance(stream, RecordStream) and stream.needs_ledger for stream in selected):
            return
        with self.open_ledger() as ledger:
            if not ledger.is_known:
                self.logger.warning("The ledger holds nothing of the tenant `%s` yet.", self.connection.tenant)

    # --- Singer ----------------------------------------------------------------------------------------------------

    def discover_streams(self) -> list[RecordStream]:
        """Return the streams; without a request, and without a look into the ledger."""
        if self.settings.feed:
            return [FeedJobs(self)]
        limited = LIMITED if self.settings.created_only else frozenset()
        streams: list[RecordStream] = [
            CreatedStream(self, name) if name in limited else ResourceStream(self, name) for name in STREAMS
        ]
        streams += make_extra_streams(self)
        return [*streams, ActionResults(self)] if self.settings.ledger_url else streams

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over a state after it was checked. Raises `StateError`."""
        if not state:
            return
        self.states = read_states(state, tenant=self.connection.tenant)
        super().load_state(state)

    @classproperty
    def _env_var_config(cls) -> dict[str, Any]:  # noqa: N805  # a class property's first argument is the class
        """Settings from the environment (a seam of the SDK, named in sdk.py)."""
        cls.append_builtin_config(cls.config_jsonschema)
        return read_environment(cls.config_jsonschema["properties"], ENVIRONMENT_PREFIXES)

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:  # noqa: ARG002  # wrong types never pass
        """Check the settings' types; the SDK's message would print the value, which may be a token."""
        self.append_builtin_config(self.config_jsonschema)
        self._config |= read_texts(self._config, self.config_jsonschema["properties"])
        check_other_maps(self._config.get("stream_maps"))
        check_settings(self._config, self.config_jsonschema, self.logger, is_strict=True)
        return []

    def setup_mapper(self) -> None:
        """Compile the stream maps. Raises `ConfigError`."""
        check_stream_maps(self.config.get("stream_maps"), list(self.streams))
        try:
            super().setup_mapper()
        except HR4YouError:
            raise
        except Exception as error:
            # The SDK evaluates what users write, and lets through whatever that raises. No record has been read yet.
            raise ConfigError(f"`stream_maps`: {type(error).__name__}: {error}".splitlines()[0]) from error

    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End with valid state and the signal's exit status: 130 for SIGINT, 143 for SIGTERM (a seam, see sdk.py)."""
        writer = self.message_writer
        if isinstance(writer, BufferedWriter) and writer.writing:
            signal.signal(signum, signal.SIG_DFL)  # a second one ends at once
            writer.after_write = lambda: self._handle_termination(signum, frame)
            return
        self.logger.warning("%s: ending early with valid state.", signal.Signals(signum).name)
        self.state_writer.write_state(self.state)
        raise SystemExit(128 + signum)

    @classmethod
    def cb_config(cls, ctx: click.Context, param: click.Option, value: tuple[str, ...]) -> _ConfigInput:  # noqa: ARG003  # click's signature
        """Read the config files. Raises `ConfigError`."""
        return _ConfigInput(config=read_config_files(value), parse_env=True)

    @classmethod
    def invoke(  # type: ignore[override]  # as the SDK's own taps do
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: _ConfigInput | None = None,
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
    ) -> None:
        """Run the command.

        Raises:
            HR4YouError: to be told in one line, with its exit status.
        """
        if about:
            cls.print_about(about_format)
            return
        given = read_json(catalog, "catalog")
        check_catalog(given)
        settings = (config or _ConfigInput()).config
        tap = cls(config=settings, state=read_json(state, "state"), catalog=given, parse_env_config=True)
        tap.run()

    def run(self) -> None:
        """Sync everything and write out the rest.

        Raises:
            ConfigError: a stream needs the ledger, and it is not there.
            ForbiddenError: at the end, where streams were left out.
        """
        self._check_ledger()
        try:
            self.sync_all()
        finally:
            if isinstance(self.message_writer, BufferedWriter):
                self.message_writer.flush()
            self.tell_unmapped()
        if self.forbidden and not self.settings.skip_forbidden:
            raise ForbiddenError(
                f"the token may not read {', '.join(self.forbidden)}; everything else was read. Give it these rights "
                "in HR4YOU, deselect these streams, or set `skip_forbidden_streams`"
            )
