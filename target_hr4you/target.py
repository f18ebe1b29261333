"""The target: Singer messages in, actions at the tenant, STATE out."""

from __future__ import annotations

import signal
import sys
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from singer_sdk import Target
from singer_sdk.helpers._classproperty import classproperty
from singer_sdk.helpers.capabilities import PluginCapabilities, TargetCapabilities
from singer_sdk.plugin_base import _ConfigInput
from singer_sdk.sinks import Sink

from hr4you.config import check_settings, read_config_files
from hr4you.contract import Contract, load_contract
from hr4you.environment import read_environment, read_texts
from hr4you.errors import ConfigError, HR4YouError
from hr4you.http import Client
from hr4you.ledger.runs import end_run, let_go
from hr4you.running import OutputClosedError
from hr4you.settings import Connection, is_loopback
from target_hr4you.dry_run import DryRun
from target_hr4you.executor import Executor
from target_hr4you.intake import Intake, Stream
from target_hr4you.opening import look_into_ledger, open_ledger
from target_hr4you.reader import InputError, MessageReader
from target_hr4you.results import OutputError, Results
from target_hr4you.run import Run, logger
from target_hr4you.settings import PROPERTIES, TargetSettings

if TYPE_CHECKING:
    from types import FrameType

    import click
    from singer_sdk.helpers.capabilities import CapabilitiesEnum

    from hr4you.ledger import Ledger

ENVIRONMENT_PREFIXES = ("HR4YOU_", "TARGET_HR4YOU_")

TEST_STREAM = "meltano_test_stream"
"""`meltano config test` sends a record of it."""


class ActionsFailedError(HR4YouError):
    """Actions of this run's input have failed, and stay so."""


class TargetHR4YOU(Target):
    """Singer target for HR4YOU: creates candidates, applications, attachments, notes and result links, each once."""

    name = "target-hr4you"
    package_name = "tap-hr4you"
    config_jsonschema: ClassVar[dict[str, Any]] = {"type": "object", "properties": dict(PROPERTIES)}
    default_sink_class = Sink  # no sinks are used: they are per stream, and actions of several streams belong together
    message_reader_class = MessageReader
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
        TargetCapabilities.VALIDATE_RECORDS,
    ]

    def __init__(self, *, validate_config: bool = True, **kwargs: Any) -> None:
        self._streams: dict[str, Stream] = {}
        self._executor: Executor | DryRun | None = None
        self._has_failures = False
        self._signal: int | None = None
        self._is_test = False
        super().__init__(validate_config=validate_config, **kwargs)
        if validate_config:
            _ = self.connection, self.contract, self.settings
        if isinstance(self.message_reader, MessageReader):
            self.message_reader.is_stopped = self._is_stopped

    # --- what the actions of one run share -------------------------------------------------------------------------

    @cached_property
    def connection(self) -> Connection:
        """Where the tenant is and how to get in. Raises `ConfigError`."""
        return Connection.from_config(self.config)

    @cached_property
    def settings(self) -> TargetSettings:
        """The target's own settings, checked. Raises `ConfigError`."""
        host = urlsplit(self.connection.origin).hostname or ""
        return TargetSettings.from_config(self.config, allow_loopback=is_loopback(host))

    @cached_property
    def contract(self) -> Contract:
        """The tenant's contract, loaded and compiled. Raises `ContractError`."""
        return load_contract(self.connection.contract)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened and for this tenant. Raises `ConfigError`, `LedgerUnavailableError`."""
        find = look_into_ledger if self.settings.dry_run else open_ledger
        return find(self.settings.ledger_url, self.connection)

    @cached_property
    def intake(self) -> Intake:
        """What makes actions of records."""
        return Intake(self.settings, self.contract, self.connection.tenant, self.ledger)

    @cached_property
    def results(self) -> Results:
        """Where the outcomes go. Raises `ConfigError`."""
        return Results(self.settings.results_path)

    @cached_property
    def shared(self) -> Run:
        """What the actions need to be executed."""
        client = Client(self.connection, self.contract.api)
        return Run(self.settings, self.connection.tenant, self.contract, client, self.ledger)

    @property
    def executor(self) -> Executor | DryRun:
        """What executes the actions, or only tells of them; started when it is first asked for."""
        if self._executor is None and self.settings.dry_run:
            self._executor = DryRun(self.shared)
        if self._executor is None:
            executor = Executor(self.shared, self.results)
            executor.start()
            self._executor = executor
            if self._signal is not None:  # it came while this was starting
                executor.stop()
        return self._executor

    # --- messages --------------------------------------------------------------------------------------------------

    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        name = message_dict["stream"]
        if name == TEST_STREAM:
            self._is_test = True
            return
        keys = message_dict.get("key_properties") or []
        try:
            self.mapper.register_raw_stream_schema(name, message_dict["schema"], keys)
        except Exception as error:
            # the SDK compiles here what users write, and lets through whatever that raises; no record is in it
            raise ConfigError(_why_no_map(name, error)) from error
        for stream_map in self.mapper.stream_maps[name]:
            alias = stream_map.stream_alias
            self._streams[alias] = self.intake.stream(
                alias,
                name,
                stream_map.transformed_schema,
                stream_map.transformed_key_properties or [],
                validate=bool(self.config.get("validate_records", True)),
            )

    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        name = message_dict["stream"]
        if name == TEST_STREAM:
            return
        if name not in self.mapper.stream_maps:
            raise InputError(f"A record of the stream `{name}` came before its SCHEMA message: the tap is at fault")
        self.executor.wait_for_room()
        for stream_map in self.mapper.stream_maps[name]:
            stream = self._streams[stream_map.stream_alias]
            incoming = self.intake.take_mapped(stream, message_dict["record"], stream_map.transform)
            if incoming is not None:
                self.executor.accept(incoming)

    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        line = msgspec.json.encode(message_dict["value"]) + b"\n"
        self.executor.pass_on(lambda: _write_line(line))

    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        """Do nothing: an action that was executed is not undone."""

    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:  # noqa: ARG002  # refused whatever it holds
        raise ConfigError(
            "The tap sends BATCH messages, which this target does not take: remove `batch_config` from its settings"
        )

    def process_endofpipe(self) -> None:
        """Wait until everything is done, and tell what became of it.

        Raises:
            HR4YouError: why the run ends early, or that actions have failed.
        """
        if self._is_test and self._executor is None:
            return  # nothing else came: what earlier runs have left is not for a test
        executor = self.executor
        executor.finish()
        self.shut_down()
        if self._signal is not None:
            raise SystemExit(128 + self._signal)
        if executor.error is not None:
            raise executor.error
        if self._has_failures and self.settings.fail_on_errors:
            raise ActionsFailedError("Some actions are not done: see above, and `hr4you actions list` at any time")

    def shut_down(self) -> None:
        """End the threads, tell the outcomes, and let go of the ledger; once."""
        executor, self._executor = self._executor, None
        try:
            if executor is not None:
                executor.close()
            if isinstance(executor, Executor):
                self.ledger.write(let_go, self.shared.run_id)
                self._has_failures = self.results.tell(self.shared)
                self.ledger.write(end_run, self.shared.run_id)
        finally:
            for name in ("results", "ledger"):
                if name in vars(self):  # it was opened
                    getattr(self, name).close()

    def _is_stopped(self) -> bool:
        return self._signal is not None or (self._executor is not None and self._executor.is_stopped)

    # --- the command -----------------------------------------------------------------------------------------------

    @classmethod
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the SDK's settings, without those that have no meaning for actions."""
        super().append_builtin_config(config_jsonschema)
        for name in ("add_record_metadata", "load_method", "batch_size_rows"):
            config_jsonschema["properties"].pop(name, None)

    @classproperty
    def _env_var_config(cls) -> dict[str, Any]:  # noqa: N805  # a class property's first argument is the class
        """Settings from the environment (a seam of the SDK): the SDK reads it only with ``--config=ENV``."""
        cls.append_builtin_config(cls.config_jsonschema)
        return read_environment(cls.config_jsonschema["properties"], ENVIRONMENT_PREFIXES)

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:  # noqa: ARG002  # wrong types never pass
        """Check the settings' types; the SDK's message would print the value, which may be a token."""
        self.append_builtin_config(self.config_jsonschema)
        self._config |= read_texts(self._config, self.config_jsonschema["properties"])
        check_settings(self._config, self.config_jsonschema, self.logger, is_strict=True)  # `dryrun` would send
        return []

    def setup_mapper(self) -> None:
        """Compile the stream maps. Raises `ConfigError`."""
        try:
            super().setup_mapper()
        except Exception as error:
            raise ConfigError(_why_no_map("", error)) from error

    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002  # a seam of the SDK
        """Let the steps in flight end and keep the rest for the next run; a second signal ends at once."""
        signal.signal(signum, signal.SIG_DFL)
        self._signal = signum
        logger.warning("%s: ending when what is in flight has its answer.", signal.Signals(signum).name)
        if self._executor is not None:
            self._executor.stop()

    @classmethod
    def cb_config(cls, ctx: click.Context, param: click.Option, value: tuple[str, ...]) -> _ConfigInput:  # noqa: ARG003  # click's signature
        """Read the config files. Raises `ConfigError`."""
        return _ConfigInput(config=read_config_files(value), parse_env=True)

    @classmethod
    def invoke(  # type: ignore[override]  # as the SDK's own targets do
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: _ConfigInput | None = None,
        file_input: IO[str] | None = None,
    ) -> None:
        """Run the command.

        Raises:
            HR4YouError: to be told in one line, with its exit status.
        """
        if about:
            cls.print_about(about_format)
            return
        target = cls(config=(config or _ConfigInput()).config, parse_env_config=True)
        try:
            target.listen(file_input)
        finally:
            target.shut_down()


def _why_no_map(stream: str, error: Exception) -> str:
    place = f"`stream_maps.{stream}`" if stream else "`stream_maps`"
    return f"{place}: {type(error).__name__}: {error}".splitlines()[0]


def _write_line(line: bytes) -> None:
    """Write a line of STATE. Raises `OutputClosedError`, `OutputError`."""
    try:
        sys.stdout.write(line.decode())
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error
    except OSError as error:
        raise OutputError(f"STATE cannot be written ({error.strerror}). Nothing is lost: run again") from None
