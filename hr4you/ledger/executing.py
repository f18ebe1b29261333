"""What a run writes while it executes actions: claims, intents before sending, outcomes after the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from hr4you.errors import HR4YouError
from hr4you.ledger.accepting import replace_content, unpack
from hr4you.ledger.claims import is_open, is_taken, take_on
from hr4you.ledger.rows import (
    CONTENT_CHANGED,
    CREATED,
    MODEL_KINDS,
    REFERENCE_CODES,
    UNSETTLED,
    Problem,
    Row,
    Status,
    Step,
    StepStatus,
    now_seconds,
)
from hr4you.ledger.subjects import Subject, subject_of
from hr4you.ledger.tables import actions, people, runs, steps, without_payloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

LEASE_SECONDS: Final = 30.0
"""A run that has not said for so long that it lives has lost its claims."""


# Built once: building a statement costs more than executing it.
_CLAIM: Final = (
    select(runs.c.alive_until)
    .join(actions, actions.c.claimed_by == runs.c.run_id)
    .where(actions.c.seq == bindparam("of_seq"), runs.c.run_id == bindparam("of_run"))
)
_STEP: Final = update(steps).where(steps.c.seq == bindparam("of_seq"), steps.c.step == bindparam("of_step"))


class ClaimLostError(HR4YouError):
    """Another run has taken the action over, as this one did not show for too long: it must not send any more."""


@dataclass(frozen=True)
class Claim:
    """An action to be executed by this run alone, with its steps so far, and what it is about."""

    row: Row
    steps: dict[str, Step]
    subject: Subject | None = None


def claim(
    connection: Connection, run_id: str, seq: int, *, is_resumed: bool = False, quarantine: float = 0.0
) -> Claim | None:
    """Claim an action that is to be executed.

    Args:
        connection: of the transaction.
        run_id: of the run.
        seq: the action's number.
        is_resumed: whether the run goes on with what it began: no further attempt.
        quarantine: seconds for which a request without an answer may still take effect.

    Returns:
        None where another run has it, where there is nothing left to do, or where the same person may just come into
        being through another action.
    """
    row = Row.get(connection, seq)
    if not is_open(row) or row.payload is None or is_taken(connection, row.claimed_by, run_id):
        return None
    if row.claimed_by not in {None, run_id}:
        _outlive(connection, row)
    if row.next_payload is not None and not is_resumed:  # it came while a run was at it that did not end it
        row = replace_content(connection, row, unpack(row.next_payload))
        if row.payload is None:
            return None
    if row.email_hmac is not None and _may_come_into_being(connection, row, quarantine):
        return None
    if row.email_hmac is not None and not _claim_person(connection, run_id, row.tenant, row.email_hmac):
        return None
    is_new = row.attempts == 0
    row = row.change(
        connection,
        status=Status.RUNNING,
        claimed_by=run_id,
        attempts=row.attempts + (not is_resumed),
        **Problem.NONE.columns(),
    )
    return Claim(row, {} if is_new else row.steps(connection), subject_of(connection, row))


def put_back(connection: Connection, run_id: str, row: Row) -> Row:
    """Let go of an action that was claimed and not begun."""
    _let_go_of_person(connection, run_id, row)
    return row.change(connection, status=Status.PENDING, claimed_by=None, attempts=row.attempts - 1)


def _may_come_into_being(connection: Connection, row: Row, quarantine: float) -> bool:
    """Whether another action has sent this person a short while ago, and nothing tells what became of it."""
    sent = (
        select(steps.c.step)
        .join(actions, actions.c.seq == steps.c.seq)
        .where(
            actions.c.tenant == row.tenant,
            actions.c.email_hmac == row.email_hmac,
            actions.c.seq != row.seq,
            steps.c.kind == MODEL_KINDS[0],
            steps.c.status.in_(sorted(UNSETTLED)),
            steps.c.sent_at > now_seconds() - quarantine,
        )
    )
    return connection.execute(sent.limit(1)).first() is not None


def _outlive(connection: Connection, row: Row) -> None:
    """Count a dead run's requests from when it surely was dead: it may have waited before it sent them."""
    until = connection.execute(select(runs.c.alive_until).where(runs.c.run_id == row.claimed_by)).scalar()
    if until is not None:
        died = until - LEASE_SECONDS * 3 / 4  # it says that it lives four times in a lease
        of_action = steps.c.seq == row.seq, steps.c.status == StepStatus.SENT, steps.c.sent_at < died
        connection.execute(update(steps).where(*of_action).values(sent_at=died))


def _claim_person(connection: Connection, run_id: str, tenant: str, email_hmac: str) -> bool:
    """Claim whom an action makes; False where another run is just making them."""
    person = people.c.tenant == tenant, people.c.email_hmac == email_hmac
    holder = connection.execute(select(people.c.claimed_by).where(*person)).scalar()
    if holder is None:
        connection.execute(insert(people), {"tenant": tenant, "email_hmac": email_hmac, "claimed_by": run_id})
    elif is_taken(connection, holder, run_id):
        return False
    elif holder != run_id:
        connection.execute(update(people).where(*person).values(claimed_by=run_id))
    return True


def note_intent(connection: Connection, run_id: str, intended: Step) -> Step:
    """Write down that a request is about to be sent: whoever comes later knows that it may have taken effect.

    Raises:
        ClaimLostError: another run has taken the action over.
    """
    _check_claim(connection, run_id, intended.seq)
    return _write_step(connection, intended)


def note_outcome(connection: Connection, run_id: str, step: Step) -> Step:
    """Write down what became of a request; also where the run has not shown for long, if nobody took over.

    Raises:
        ClaimLostError: another run has taken the action over; it finds out for itself.
    """
    if connection.execute(select(actions.c.claimed_by).where(actions.c.seq == step.seq)).scalar() != run_id:
        raise ClaimLostError("Another run has taken the action over")
    return _write_step(connection, step)


def adopt(connection: Connection, run_id: str, step: Step, found: Sequence[str]) -> Step | None:
    """Take one of these ids for what a step without an answer has made.

    Args:
        connection: of the transaction.
        run_id: that executes the action.
        step: as it is to be written; its `remote_id` is filled in.
        found: ids that match, and did not exist before the step was sent.

    Returns:
        The step; None where none of the ids is free (claimed by no other action). Where several are, the step without
        an id.

    Raises:
        ClaimLostError: another run has taken the action over.
    """
    _check_claim(connection, run_id, step.seq)
    others = select(steps.c.remote_id).where(
        steps.c.tenant == step.tenant,
        steps.c.kind == step.kind,
        steps.c.remote_id.in_(list(found)),
        steps.c.effect == CREATED,
        or_(steps.c.seq != step.seq, steps.c.step != step.step),
    )
    taken = set(connection.execute(others).scalars())
    free = [remote_id for remote_id in found if remote_id not in taken]
    if len(free) != 1:
        return step if free else None
    return _write_step(connection, replace(step, status=StepStatus.DONE, effect=CREATED, remote_id=free[0]))


def finish(connection: Connection, run_id: str, row: Row, **values: Any) -> tuple[Row, list[int]]:
    """Write down how an action has ended, and let go of it.

    Args:
        connection: of the transaction.
        run_id: that executed it.
        row: the action.
        values: columns: status, effect, warnings, those of a `Problem`, ids.

    Returns:
        The action, and the numbers of those that waited for it, or for the content that came meanwhile.

    Raises:
        ClaimLostError: another run has taken the action over.
    """
    _check_claim(connection, run_id, row.seq)
    values["claimed_by"] = None
    if values["status"] == Status.SUCCEEDED:
        values |= {"payload": None, "payload_until": None, "error_text": None}
        connection.execute(update(steps).where(steps.c.seq == row.seq).values(kept_payload=None))
    _let_go_of_person(connection, run_id, row)
    row.change(connection, **values)
    row = Row.get(connection, row.seq)  # other content may have come meanwhile
    again: list[int] = []
    if row.next_payload is not None:
        row, again = _take_next(connection, row)
    return row, [*again, *_wake(connection, run_id, row)]


def _let_go_of_person(connection: Connection, run_id: str, row: Row) -> None:
    own = people.c.tenant == row.tenant, people.c.email_hmac == row.email_hmac, people.c.claimed_by == run_id
    connection.execute(delete(people).where(*own))


def _take_next(connection: Connection, row: Row) -> tuple[Row, list[int]]:
    """Take the content that came while the action was executed."""
    incoming = unpack(row.next_payload or "")
    if row.status != Status.SUCCEEDED:
        row = replace_content(connection, row, incoming)
        return row, [row.seq] if incoming.problem is None else []
    warnings = row.warnings
    if incoming.content_hash != row.content_hash:
        warnings = [*warnings, {"code": CONTENT_CHANGED, "field": None}]
    return row.change(connection, next_payload=None, warnings=json.dumps(warnings)), []


def _wake(connection: Connection, run_id: str, row: Row) -> list[int]:
    """Return what waited for this action, or had failed for its sake, and can go on: it is pending, and this run's."""
    waiting = and_(
        actions.c.tenant == row.tenant,
        actions.c.subject.in_([f"action:{row.key.text}", f"action:*/{row.action_id}"]),
        actions.c.payload.is_not(None),
        or_(
            actions.c.status == Status.PENDING,
            and_(actions.c.status == Status.FAILED, actions.c.error_code.in_(sorted(REFERENCE_CODES))),
        ),
    )
    woken = []
    for found in (
        connection.execute(select(*without_payloads(actions)).where(waiting).order_by(actions.c.seq)).mappings().all()
    ):
        other = Row.of(found)
        subject = subject_of(connection, other)
        if subject is None or subject.remote_id is None:
            continue
        if other.status != Status.PENDING:
            other.change(connection, status=Status.PENDING, payload_until=None, **Problem.NONE.columns())
        take_on(connection, run_id, other.seq)
        woken.append(other.seq)
    return woken


def _check_claim(connection: Connection, run_id: str, seq: int) -> None:
    until = connection.execute(_CLAIM, {"of_seq": seq, "of_run": run_id}).scalar() or 0.0
    if until < now_seconds():
        raise ClaimLostError("Another run has taken the action over")


def _write_step(connection: Connection, step: Step) -> Step:
    values = {**step.__dict__, "known_ids": None if step.known_ids is None else json.dumps(step.known_ids)}
    if not connection.execute(_STEP, {**values, "of_seq": step.seq, "of_step": step.step}).rowcount:
        connection.execute(insert(steps), values)
    return step
