"""What the ledger knows of one action and of its steps, and the words it says it in."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from sqlalchemy import bindparam, select, update

from hr4you.ids import make_id
from hr4you.ledger.tables import actions, steps
from hr4you.timestamps import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, RowMapping


class Status:
    """Of an action."""

    PENDING: Final = "pending"
    RUNNING: Final = "running"
    SUCCEEDED: Final = "succeeded"
    PARTIAL: Final = "partial"
    FAILED: Final = "failed"
    PARKED: Final = "parked"
    ERASED: Final = "erased"

    OPEN: Final = (PENDING, RUNNING)
    STUCK: Final = (FAILED, PARTIAL, PARKED)  # no run goes on with these by itself, but for transient failures


class StepStatus:
    """Of a step. `SENT` stands there before the request leaves; whoever finds it later does not know what became."""

    PENDING: Final = "pending"
    SENT: Final = "sent"
    DONE: Final = "done"
    REFUSED: Final = "refused"
    UNKNOWN: Final = "unknown"
    SKIPPED: Final = "skipped"


UNSETTLED: Final = frozenset({StepStatus.SENT, StepStatus.UNKNOWN})
CREATED: Final = "created"
REUSED: Final = "reused"

CONTENT_CHANGED: Final = "CONTENT_CHANGED"
SERVICE_UNAVAILABLE: Final = "REMOTE.SERVICE_UNAVAILABLE"
REFERENCE_UNKNOWN: Final = "REFERENCE_UNKNOWN"
REFERENCE_FAILED: Final = "REFERENCE_FAILED"
REFERENCE_CODES: Final = frozenset({REFERENCE_UNKNOWN, REFERENCE_FAILED})

MODEL_KINDS: Final = ("candidate", "application")
"""Kinds of what a step makes that have ids in the tap's streams."""


class Key(NamedTuple):
    """Names an action within its tenant."""

    action: str
    action_id: str

    @property
    def text(self) -> str:
        """``{action}/{action_id}``, as references and ids have it."""
        return f"{self.action}/{self.action_id}"


@dataclass(frozen=True)
class Problem:
    """Why an action has failed; no value of the action stands in it.

    Attributes:
        field: the input's path, None where it is none's fault.
        step: the contract's step.
        text: the tenant's own words; may hold personal data, lives with the payload.
        reason: why, in our words; to be told and not kept.
    """

    code: str | None
    field: str | None = None
    step: str | None = None
    http_status: int | None = None
    request_id: str | None = None
    text: str | None = None
    reason: str | None = None

    NONE: ClassVar[Problem]

    def columns(self) -> dict[str, Any]:
        """Return the columns of `actions`."""
        return {
            "error_code": self.code,
            "error_field": _clean(self.field, 500),
            "error_step": self.step,
            "http_status": self.http_status,
            "request_id": self.request_id,
            "error_text": _clean(self.text, 2_000),
        }


def _clean(text: str | None, longest: int) -> str | None:
    """Return a text as any database takes it: without NUL and halves of surrogate pairs."""
    return None if text is None else text.replace("\0", "").encode(errors="replace").decode()[:longest]


Problem.NONE = Problem(None)

# Built once: building a statement costs more than executing it.
_BY_KEY: Final = select(actions).where(
    actions.c.tenant == bindparam("of_tenant"),
    actions.c.action == bindparam("of_action"),
    actions.c.action_id == bindparam("of_action_id"),
)
_BY_SEQ: Final = select(actions).where(actions.c.seq == bindparam("of_seq"))
_UPDATE: Final = update(actions).where(actions.c.seq == bindparam("of_seq"))
_STEPS: Final = select(steps).where(steps.c.seq == bindparam("of_seq")).order_by(steps.c.position, steps.c.step)

_ACTION_COLUMNS: Final = tuple(column.name for column in actions.columns)
_STEP_COLUMNS: Final = tuple(column.name for column in steps.columns)


@dataclass(frozen=True)
class Row:
    """One action; columns as in `tables.actions`."""

    seq: int
    tenant: str
    action: str
    action_id: str
    status: str
    effect: str | None
    candidate_id: str | None
    application_id: str | None
    error_code: str | None
    error_field: str | None
    error_step: str | None
    error_text: str | None
    http_status: int | None
    request_id: str | None
    warnings: list[dict[str, Any]]
    attempts: int
    created_at: str
    changed_at: str
    content_hash: str | None
    exact_hash: str | None
    payload: str | None
    payload_until: float | None
    next_payload: str | None
    subject_kind: str | None
    subject: str | None
    email_hmac: str | None
    claimed_by: str | None

    @classmethod
    def of(cls, found: RowMapping) -> Row:
        """Make one of a result's mapping."""
        values = {name: found[name] for name in _ACTION_COLUMNS}
        return cls(**{**values, "warnings": json.loads(values["warnings"])})

    @classmethod
    def new(cls, seq: int, **values: Any) -> Row:
        """Return what was just inserted; columns that are not given are null."""
        given = {**dict.fromkeys(_ACTION_COLUMNS), **values, "seq": seq, "warnings": json.loads(values["warnings"])}
        return cls(**given)

    @classmethod
    def find(cls, connection: Connection, tenant: str, key: Key) -> Row | None:
        """Return the action with this key, None where the ledger has none."""
        place = {"of_tenant": tenant, "of_action": key.action, "of_action_id": key.action_id}
        row = connection.execute(_BY_KEY, place).mappings().first()
        return None if row is None else cls.of(row)

    @classmethod
    def get(cls, connection: Connection, seq: int) -> Row:
        """Return the action with this number."""
        return cls.of(connection.execute(_BY_SEQ, {"of_seq": seq}).mappings().one())

    def change(self, connection: Connection, **values: Any) -> Row:
        """Write these columns, and the time; return the row as it is now."""
        values["changed_at"] = now_text()
        connection.execute(_UPDATE, {**values, "of_seq": self.seq})
        if "warnings" in values:
            values["warnings"] = json.loads(values["warnings"])
        return replace(self, **values)

    @property
    def key(self) -> Key:
        """What names it within its tenant."""
        return Key(self.action, self.action_id)

    @property
    def is_transient(self) -> bool:
        """Whether it failed in a way that the next run mends by trying again."""
        return self.status in {Status.FAILED, Status.PARTIAL} and self.error_code == SERVICE_UNAVAILABLE

    def steps(self, connection: Connection) -> dict[str, Step]:
        """Return its steps by their keys, in their order."""
        found = connection.execute(
            select(steps).where(steps.c.seq == self.seq).order_by(steps.c.position, steps.c.step)
        )
        return {row["step"]: Step.of(row) for row in found.mappings()}

    def has_effect(self, connection: Connection) -> bool:
        """Whether one of its steps took effect."""
        done = select(steps.c.step).where(steps.c.seq == self.seq, steps.c.effect == CREATED)
        return connection.execute(done.limit(1)).first() is not None

    def result(self, found: Mapping[str, Step]) -> dict[str, Any]:
        """Return the columns that `action_results` and result files have.

        Args:
            found: its steps.
        """
        return {
            "id": f"{self.tenant}:action:{self.key.text}",
            "tenant": self.tenant,
            "action": self.action,
            "action_id": self.action_id,
            "status": self.status,
            "effect": self.effect,
            "candidate_id": self.candidate_id,
            "application_id": self.application_id,
            "remote_ids": {key: step.remote_id for key, step in found.items() if step.remote_id is not None},
            "error_code": self.error_code,
            "error_field": self.error_field,
            "error_step": self.error_step,
            "http_status": self.http_status,
            "request_id": self.request_id,
            "warnings": self.warnings,
            "attempts": self.attempts,
            "created_at": self.created_at,
            "changed_at": self.changed_at,
        }


@dataclass(frozen=True)
class Step:
    """One step of an action; columns as in `tables.steps`."""

    seq: int
    step: str
    position: int
    kind: str
    status: str
    tenant: str
    effect: str | None = None
    content_hash: str | None = None
    item_name: str | None = None
    match_hmac: str | None = None
    method: str | None = None
    path: str | None = None
    http_status: int | None = None
    request_id: str | None = None
    contract: str | None = None
    remote_id: str | None = None
    known_ids: list[str] | None = None
    sent_at: float | None = None
    kept_payload: str | None = None

    @classmethod
    def of(cls, found: RowMapping) -> Step:
        """Make one of a result's mapping."""
        values = {name: found[name] for name in _STEP_COLUMNS}
        known = values["known_ids"]
        return cls(**{**values, "known_ids": None if known is None else json.loads(known)})

    @property
    def name(self) -> str:
        """The contract's name of the step."""
        return self.step.partition("[")[0]

    @property
    def is_unsettled(self) -> bool:
        """Whether it may have taken effect, and nothing tells."""
        return self.status in UNSETTLED

    @property
    def model_id(self) -> str | None:
        """The tap's id of what it made, None for what is in none of the tap's streams."""
        if self.remote_id is None or self.kind not in MODEL_KINDS:
            return None
        return make_id(self.tenant, self.kind, self.remote_id)


def now_seconds() -> float:
    """Return the time in seconds since 1970."""
    return time.time()


def now_text() -> str:
    """Return the time as results have it."""
    return to_text(datetime.now(timezone.utc))
