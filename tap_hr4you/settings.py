"""The tap's own settings: their JSON schema (what ``--about`` shows) and their checked, typed form."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from hr4you.connection_schema import LEDGER_URL
from hr4you.errors import ConfigError
from hr4you.mapping import check_field_settings
from hr4you.settings import CONNECTION_PROPERTIES
from hr4you.timestamps import parse_time, to_text
from tap_hr4you.deletions import Limits
from tap_hr4you.extra_settings import SETTING, read_extra_streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_hr4you.extra_settings import Declaration

LOOKBACK = timedelta(seconds=300)
NAIVE_LOOKBACK = timedelta(seconds=5400)
"""Local times without an offset: on the day the clocks go back an hour comes twice, and a look-back shorter than
that hour loses changes (RELIABILITY.md)."""

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

TAP_PROPERTIES: dict[str, dict[str, Any]] = {
    "ledger_url": {
        **LEDGER_URL,
        "description": "SQLAlchemy URL of the ledger that target-hr4you writes. With it there is a stream "
        "action_results; created_only needs it.",
    },
    "start_date": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "Candidates and applications that last changed before are left out (ISO 8601; UTC without an "
        "offset). Users, jobs and stages are always whole, so that joins hold.",
    },
    "page_size": {
        "type": ["integer", "null"],
        "minimum": 1,
        "description": "Records per page; the contract's maximum by default.",
    },
    "lookback_seconds": {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 31_536_000,
        "description": "How far behind the bookmark each run reads again. 300 by default, 5400 where the tenant "
        "writes local times without an offset. Unchanged records are not emitted again.",
    },
    "deletion_check_interval_hours": {
        "type": ["number", "null"],
        "minimum": 0,
        "maximum": 87_600,
        "default": 24,
        "description": "How often deleted records are looked for: 0 in every run, null never.",
    },
    "max_deletion_ratio": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "default": 0.5,
        "description": "If more than this share of a stream of over 20 records vanishes at once, nothing is marked "
        "as deleted and the run says so.",
    },
    "allow_mass_deletion": {
        "type": "boolean",
        "default": False,
        "description": "Mark deletions even if the list is empty or more than max_deletion_ratio vanished.",
    },
    "on_mapping_change": {
        "type": "string",
        "allowed_values": ["resync", "warn"],
        "enum": ["resync", "warn"],
        "default": "resync",
        "description": "After a change of contract or mapping: read the streams it touches in full once (resync), or "
        "only say so (warn).",
    },
    "custom_field_mappings": {
        "type": "object",
        "default": {},
        "description": "What goes into custom_fields: {model: {name: key, or a list of keys or native paths tried in "
        "order}}, for the models job, candidate and application.",
    },
    "integration_fields_include": {
        "type": "object",
        "default": {},
        "description": "Native keys to show in integration_fields beside the tenant's own fields: {model: [keys]}.",
    },
    "jobs_source": {
        "type": "string",
        "allowed_values": ["api", "feed"],
        "enum": ["api", "feed"],
        "default": "api",
        "description": "feed: read only jobs, from the tenant's public job feed, without credentials.",
    },
    "job_feed_set": {
        "type": "string",
        "default": "website",
        "description": "The feed's set: the last part of /api/jobs/xml/set/{set}.",
    },
    "job_feed_complete": {
        "type": "boolean",
        "default": True,
        "description": "Whether a posting that is gone from the feed is gone; false for a feed that is filled "
        "incrementally.",
    },
    "created_only": {
        "type": "boolean",
        "default": False,
        "description": "Limit candidates and applications to those that target-hr4you created (not those it reused). "
        "Needs ledger_url.",
    },
    "extra_streams": {
        "type": "array",
        "default": [],
        "description": "Other lists of the API as further streams: [{name, path, params, records, pagination, "
        "primary_keys, replication_key, changed_since, schema}], of which name and path are needed.",
    },
    "skip_forbidden_streams": {
        "type": "boolean",
        "default": False,
        "description": "End with success even if the token may not read some of the streams.",
    },
    "emit_sdc_deleted_at": {
        "type": "boolean",
        "default": False,
        "description": "Add _sdc_deleted_at beside remote_deleted_at, for targets with hard_delete.",
    },
}

PROPERTIES: dict[str, dict[str, Any]] = {**CONNECTION_PROPERTIES, **TAP_PROPERTIES}


@dataclasses.dataclass(frozen=True)
class TapSettings:
    """The tap's block of the settings, checked; NAMES.md says what each means.

    Attributes:
        start_date: UTC text as `to_text` writes it, None without a limit.
        lookback: None: the default that fits the contract.
        ledger_url: None without a ledger; it may hold a password.
        deletion_interval: None: deletions are never looked for.
    """

    start_date: str | None
    page_size: int | None
    lookback: timedelta | None
    deletion_interval: timedelta | None
    limits: Limits
    resync: bool
    custom_field_mappings: Mapping[str, Any]
    integration_fields_include: Mapping[str, Any]
    feed: bool
    feed_set: str
    feed_complete: bool
    ledger_url: str | None = dataclasses.field(repr=False)
    created_only: bool
    extra_streams: tuple[Declaration, ...]
    skip_forbidden: bool
    sdc_deleted_at: bool

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> TapSettings:
        """Read a config that its JSON schema accepts, with the schema's defaults filled in.

        Raises:
            ConfigError: `start_date` is no time, a mapping of custom fields or an extra stream has another shape than
                documented, `created_only` has no ledger, or the feed is to have extra streams.
        """
        hours = config.get("deletion_check_interval_hours", TAP_PROPERTIES["deletion_check_interval_hours"]["default"])
        lookback = config.get("lookback_seconds")

        def given(name: str) -> Any:
            return config.get(name, TAP_PROPERTIES[name].get("default"))

        ledger_url = (config.get("ledger_url") or "").strip() or None
        if given("created_only") and ledger_url is None:
            raise ConfigError(
                "`created_only` needs `ledger_url`: give the one that target-hr4you has, as its ledger knows what was "
                "created"
            )
        if given("jobs_source") == "feed" and given(SETTING):
            raise ConfigError(
                f"`{SETTING}` come from the API, and with `jobs_source: feed` only the public feed is read: leave one "
                "out, or read them in a run of their own"
            )
        check_field_settings(given("custom_field_mappings"), given("integration_fields_include"))
        return cls(
            start_date=_read_start_date(config.get("start_date")),
            page_size=config.get("page_size"),
            lookback=None if lookback is None else timedelta(seconds=lookback),
            deletion_interval=None if hours is None else timedelta(hours=hours),
            limits=Limits(max_ratio=given("max_deletion_ratio"), allow_mass=given("allow_mass_deletion")),
            resync=given("on_mapping_change") == "resync",
            custom_field_mappings=given("custom_field_mappings"),
            integration_fields_include=given("integration_fields_include"),
            feed=given("jobs_source") == "feed",
            feed_set=given("job_feed_set"),
            feed_complete=given("job_feed_complete"),
            ledger_url=ledger_url,
            created_only=given("created_only"),
            extra_streams=read_extra_streams(given(SETTING)),
            skip_forbidden=given("skip_forbidden_streams"),
            sdc_deleted_at=given("emit_sdc_deleted_at"),
        )


def _read_start_date(value: str | None) -> str | None:
    if not value:
        return None
    time = parse_time(value, timezone.utc) if _ISO_DAY.match(value) else None
    if time is None:
        raise ConfigError("`start_date` is not a date: expected ISO 8601 such as 2026-01-31 or 2026-01-31T12:00:00Z")
    return to_text(time)
