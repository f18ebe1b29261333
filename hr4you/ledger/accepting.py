"""Takes an action over into the ledger: from here on it is the ledger's to keep, whatever becomes of the run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, update

from hr4you.ledger.claims import is_alive, is_open, take_on
from hr4you.ledger.rows import (
    CONTENT_CHANGED,
    REFERENCE_CODES,
    UNSETTLED,
    Key,
    Problem,
    Row,
    Status,
    now_text,
)
from hr4you.ledger.tables import actions, inputs, steps

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNSUPPORTED_FIELD: Final = "UNSUPPORTED_FIELD"
NEW_URL_MENDS: Final = frozenset({"ATTACHMENT_GONE", "ATTACHMENT_REFUSED"})
"""Errors after which content that differs only in a URL's query is worth another try."""


@dataclass(frozen=True)
class Incoming:
    """An action as it came.

    Attributes:
        content_hash: without the query of URLs; None where the record is not valid.
        exact_hash: with it; of an invalid record, over what came.
        payload: the content as JSON; None where the record is not valid.
        problem: why it is not valid, None where it is.
        subject_kind: candidate or application, where the action is about one that is there already.
        subject: ``remote:{id}`` or ``action:{action or *}/{action_id}``.
        email_hmac: of the person whom it makes.
        warnings: as they stand in results.
        reason: of a record that is not valid, in words, to be told and not kept.
    """

    key: Key
    exact_hash: str
    content_hash: str | None = None
    payload: str | None = None
    problem: Problem | None = None
    subject_kind: str | None = None
    subject: str | None = None
    email_hmac: str | None = None
    payload_until: float | None = None
    warnings: tuple[dict[str, Any], ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Accepted:
    """What became of an incoming action.

    Attributes:
        row: as it is in the ledger now.
        is_open: whether it is to be executed.
        is_changed: other content came for an action that is finished: it is not sent.
        is_old: it failed in an earlier run, and nothing about it has changed since.
    """

    row: Row
    is_open: bool
    is_changed: bool = False
    is_old: bool = False


def accept(connection: Connection, tenant: str, run_id: str, incoming: Incoming) -> Accepted:
    """Keep an incoming action: insert it, or compare it with what is known under its key."""
    known = Row.find(connection, tenant, incoming.key)
    if known is None:
        row = _insert(connection, tenant, incoming)
        connection.execute(insert(inputs), {"run_id": run_id, "seq": row.seq, "is_known": False})
        return Accepted(row, is_open=incoming.problem is None)
    if known.status in {Status.SUCCEEDED, Status.ERASED}:
        accepted = _compare_finished(connection, known, incoming)
    else:
        accepted = _compare_open(connection, known, incoming)
    take_on(connection, run_id, accepted.row.seq, is_known=not accepted.is_open)
    return accepted


def _insert(connection: Connection, tenant: str, incoming: Incoming) -> Row:
    now = now_text()
    values = {
        "tenant": tenant,
        "action": incoming.key.action,
        "action_id": incoming.key.action_id,
        "attempts": 0,
        "created_at": now,
        "changed_at": now,
        **_content(incoming),
    }
    seq = connection.execute(insert(actions), values).inserted_primary_key
    return Row.new(seq[0] if seq else 0, **values)


def _compare_finished(connection: Connection, known: Row, incoming: Incoming) -> Accepted:
    is_same = incoming.content_hash == known.content_hash or known.status == Status.ERASED
    if not is_same and not any(warning["code"] == CONTENT_CHANGED for warning in known.warnings):
        warnings = json.dumps([*known.warnings, {"code": CONTENT_CHANGED, "field": None}])
        known = known.change(connection, warnings=warnings)
    return Accepted(known, is_open=False, is_changed=not is_same)


def _compare_open(connection: Connection, known: Row, incoming: Incoming) -> Accepted:
    is_waiting_again = known.error_code in REFERENCE_CODES  # it is looked at once more at the end of the input
    if known.exact_hash == incoming.exact_hash:
        if known.payload is None and incoming.payload is not None:  # its time was over, and here it is again
            known = known.change(connection, payload=incoming.payload, payload_until=incoming.payload_until)
        return Accepted(known, is_open=is_open(known), is_old=not is_open(known))
    if known.status == Status.RUNNING and is_alive(connection, known.claimed_by):
        return Accepted(known.change(connection, next_payload=_pack(incoming)), is_open=False)
    is_renewed = incoming.content_hash is not None and incoming.content_hash == known.content_hash
    is_stuck = known.status in Status.STUCK and not known.is_transient
    if is_renewed and is_stuck and known.error_code not in NEW_URL_MENDS and not is_waiting_again:
        known = known.change(connection, exact_hash=incoming.exact_hash, payload=incoming.payload)
        return Accepted(known, is_open=False, is_old=True)
    return Accepted(replace_content(connection, known, incoming), is_open=incoming.problem is None)


def replace_content(connection: Connection, known: Row, incoming: Incoming) -> Row:
    """Give an unfinished action the content that came; what was sent, and may have taken effect, keeps its own."""
    of_action = steps.c.seq == known.seq
    if known.payload is not None:
        connection.execute(
            update(steps)
            .where(of_action, steps.c.status.in_(UNSETTLED), steps.c.kept_payload.is_(None))
            .values(kept_payload=known.payload)
        )
    values = _content(incoming)
    kept = [warning for warning in known.warnings if warning["code"] != UNSUPPORTED_FIELD]
    values["warnings"] = json.dumps(kept + [each for each in incoming.warnings if each not in kept])
    values["claimed_by"] = None  # a run that has not shown for long must not go on with the content before
    if incoming.problem is not None and known.has_effect(connection):
        values["status"] = Status.PARTIAL
    return known.change(connection, **values)


def _content(incoming: Incoming) -> dict[str, Any]:
    """Return the columns that follow from what came."""
    problem = incoming.problem
    return {
        "status": Status.PENDING if problem is None else Status.FAILED,
        "content_hash": incoming.content_hash,
        "exact_hash": incoming.exact_hash,
        "payload": incoming.payload,
        "payload_until": None if problem is None else incoming.payload_until,
        "next_payload": None,
        "subject_kind": incoming.subject_kind,
        "subject": incoming.subject,
        "email_hmac": incoming.email_hmac,
        "warnings": json.dumps(list(incoming.warnings)),
        **(problem or Problem.NONE).columns(),
    }


def _pack(incoming: Incoming) -> str:
    """Return what came as JSON, to be taken when the action's present execution has ended."""
    return json.dumps(asdict(incoming))


def unpack(text: str) -> Incoming:
    """Return what `Row.next_payload` holds."""
    values = json.loads(text)
    problem = values["problem"]
    return Incoming(
        **{
            **values,
            "key": Key(*values["key"]),
            "problem": None if problem is None else Problem(**problem),
            "warnings": tuple(values["warnings"]),
        }
    )
