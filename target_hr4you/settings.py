"""The target's own settings: their JSON schema (what ``--about`` shows) and their checked, typed form."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hr4you.connection_schema import CONNECTION_PROPERTIES, LEDGER_URL
from hr4you.errors import ConfigError
from target_hr4you.actions import ACTION_NAMES
from target_hr4you.attachments import AttachmentRules

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET_PROPERTIES: dict[str, dict[str, Any]] = {
    "ledger_url": {
        **LEDGER_URL,
        "description": "SQLAlchemy URL of the ledger, in which every step is written down before it is sent. Default: "
        "the SQLite file hr4you-ledger.db under the Meltano project's root, else in the working directory.",
    },
    "stream_actions": {
        "type": "object",
        "default": {},
        "description": 'Which action the records of a stream are: {"public-new_applicants": "create_candidate"}. '
        "Streams named as an action need no entry.",
    },
    "default_source": {
        "type": ["string", "null"],
        "description": "Name of the source of candidates and applications whose record has none.",
    },
    "strict_inputs": {
        "type": "boolean",
        "default": False,
        "description": "An input that the contract has no place for is an error (UNSUPPORTED_FIELD), not a warning.",
    },
    "allow_content_ids": {
        "type": "boolean",
        "default": False,
        "description": "Take a hash of the content as action_id for streams that have neither an action_id nor keys. "
        "Two records of the same content are then one action, and a mended record is a new one.",
    },
    "on_existing_candidate": {
        "type": "string",
        "allowed_values": ["reuse", "create", "fail"],
        "enum": ["reuse", "create", "fail"],
        "default": "reuse",
        "description": "What create_application does with a candidate of the same e-mail address: add the application "
        "to it (reuse), make another one (create), or fail.",
    },
    "on_unknown": {
        "type": "string",
        "allowed_values": ["park", "resend"],
        "enum": ["park", "resend"],
        "default": "park",
        "description": "What becomes of a request without an answer, where it cannot be looked up whether it took "
        "effect: wait for a person (park), or send it again, perhaps twice (resend).",
    },
    "unknown_quarantine_seconds": {
        "type": "number",
        "minimum": 0,
        "maximum": 86_400,
        "default": 90,
        "description": "How long after a request without an answer it is looked up whether it took effect: the tenant "
        "may still be at it.",
    },
    "attachment_max_bytes": {
        "type": "integer",
        "minimum": 1,
        "default": 26_214_400,
        "description": "Larger attachments are refused.",
    },
    "attachment_timeout": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 120,
        "description": "Seconds that fetching an attachment may take in all.",
    },
    "attachment_allowed_hosts": {
        "type": ["array", "null"],
        "items": {"type": "string"},
        "description": "Hosts that attachments may be fetched from, as files.example.com or *.example.com. Default: "
        "any public host.",
    },
    "results_path": {
        "type": ["string", "null"],
        "description": "File to which the result of each action is appended as it happens, as JSON lines.",
    },
    "fail_on_errors": {
        "type": "boolean",
        "default": True,
        "description": "End with exit status 1 if an action of this run's input, or one that it has tried again for "
        "an earlier run, is failed, partial or parked.",
    },
    "dry_run": {
        "type": "boolean",
        "default": False,
        "description": "Only show what would be sent, with personal data masked: nothing is sent, no ledger is "
        "written and no state passed on.",
    },
    "payload_retention_days": {
        "type": "number",
        "minimum": 0,
        "maximum": 3_650,
        "default": 30,
        "description": "How long the ledger keeps the content of failed and parked actions, so that they can be "
        "executed later. That of succeeded ones is dropped at once.",
    },
}

PROPERTIES: dict[str, dict[str, Any]] = {**CONNECTION_PROPERTIES, **TARGET_PROPERTIES}


@dataclasses.dataclass(frozen=True)
class TargetSettings:
    """The target's block of the settings, checked; NAMES.md says what each means.

    Attributes:
        ledger_url: None: the default SQLite file.
        stream_actions: stream name -> action.
        quarantine: in seconds.
        retention: in seconds.
    """

    ledger_url: str | None
    stream_actions: Mapping[str, str]
    default_source: str | None
    strict_inputs: bool
    allow_content_ids: bool
    on_existing_candidate: str
    resend_unknown: bool
    quarantine: float
    attachments: AttachmentRules
    results_path: Path | None
    fail_on_errors: bool
    dry_run: bool
    retention: float

    @classmethod
    def from_config(cls, config: Mapping[str, Any], *, allow_loopback: bool) -> TargetSettings:
        """Read a config that its JSON schema accepts.

        Args:
            config: settings by name, None and missing alike.
            allow_loopback: whether attachments may come from this machine, as for the sandbox.

        Raises:
            ConfigError: `stream_actions` names what is no action.
        """

        def given(name: str) -> Any:
            value = config.get(name)
            return TARGET_PROPERTIES[name].get("default") if value is None else value

        hosts = given("attachment_allowed_hosts")
        path = given("results_path")
        return cls(
            ledger_url=given("ledger_url") or None,
            stream_actions=_read_stream_actions(given("stream_actions")),
            default_source=(given("default_source") or "").strip() or None,
            strict_inputs=given("strict_inputs"),
            allow_content_ids=given("allow_content_ids"),
            on_existing_candidate=given("on_existing_candidate"),
            resend_unknown=given("on_unknown") == "resend",
            quarantine=float(given("unknown_quarantine_seconds")),
            attachments=AttachmentRules(
                max_bytes=given("attachment_max_bytes"),
                timeout=float(given("attachment_timeout")),
                allowed_hosts=None if hosts is None else frozenset(hosts),
                allow_loopback=allow_loopback,
            ),
            results_path=Path(path).expanduser() if path else None,
            fail_on_errors=given("fail_on_errors"),
            dry_run=given("dry_run"),
            retention=given("payload_retention_days") * 86_400.0,
        )


def _read_stream_actions(given: Mapping[str, Any]) -> Mapping[str, str]:
    for stream, action in given.items():
        if action not in ACTION_NAMES:
            raise ConfigError(
                f"`stream_actions.{stream}`: there is no such action; the actions are {', '.join(ACTION_NAMES)}"
            )
    return given
