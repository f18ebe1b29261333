"""What a person does about actions that are not done: see them, and let the next run try them once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, func, or_, select, update

from hr4you.ledger.claims import is_alive
from hr4you.ledger.rows import CREATED, MODEL_KINDS, Problem, Row, Status, Step, StepStatus
from hr4you.ledger.tables import actions, steps, tenants, without_payloads

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection

NOT_DONE: Final = (*Status.OPEN, *Status.STUCK)

_NOT_VALID: Final = frozenset({"INPUT_INVALID", "UNSUPPORTED_FIELD", "TENANT_MISMATCH"})
_FINISHED: Final = {
    Status.SUCCEEDED: "it has succeeded: sending it again would make it twice",
    Status.ERASED: "it was erased: there is nothing left to send",
}
_OPTIONS: Final = (
    "Look in HR4YOU, then say --not-there (it is sent again) or --took-effect [--remote-id ID] (it counts as done)"
)


@dataclass(frozen=True)
class Choice:
    """Which actions of a tenant; every part that is given narrows it down.

    Attributes:
        statuses: empty: any.
    """

    statuses: tuple[str, ...] = ()
    action: str | None = None
    code: str | None = None

    def condition(self, tenant: str) -> ColumnElement[bool]:
        """Return the condition on `tables.actions`."""
        parts = [actions.c.tenant == tenant]
        if self.statuses:
            parts.append(actions.c.status.in_(self.statuses))
        if self.action is not None:
            parts.append(actions.c.action == self.action)
        if self.code is not None:
            parts.append(actions.c.error_code == self.code)
        return and_(*parts)


@dataclass(frozen=True)
class Verdict:
    """What a person has found out about a request without an answer.

    Attributes:
        remote_id: of what it made, None where it is not known.
        step: the one that is meant, by its key; None: all without an answer.
    """

    took_effect: bool
    remote_id: str | None = None
    step: str | None = None


@dataclass(frozen=True)
class Retried:
    """What became of one action that was to be tried again.

    Attributes:
        name: ``{action}/{action_id}``, or what was asked for and is not there.
        row: the action as it is now, without its content; None where there is none.
        reason: why it was left as it is; None where it was not.
        left: steps of a parked action of which it is still to be said whether they took effect.
    """

    name: str
    row: Row | None = None
    reason: str | None = None
    left: tuple[str, ...] = ()


class Listed(NamedTuple):
    """An action with its steps."""

    row: Row
    steps: dict[str, Step]


def known_tenants(connection: Connection) -> list[str]:
    """Return the names of the tenants that the ledger holds actions of."""
    return sorted(connection.execute(select(tenants.c.tenant)).scalars())


def list_actions(connection: Connection, tenant: str, choice: Choice, limit: int) -> tuple[list[Listed], int]:
    """Return the actions that changed last, the newest at the end, and how many there are in all."""
    condition = choice.condition(tenant)
    total = connection.execute(select(func.count()).select_from(actions).where(condition)).scalar_one()
    newest = (
        select(*without_payloads(actions))
        .where(condition)
        .order_by(actions.c.changed_at.desc(), actions.c.seq.desc())
        .limit(limit)
    )
    rows = [Row.of(found) for found in connection.execute(newest).mappings()]
    return [Listed(row, row.steps(connection)) for row in reversed(rows)], total


def retry_chosen(connection: Connection, tenant: str, choice: Choice, verdict: Verdict | None) -> list[Retried]:
    """Re-open the actions that are chosen, as far as they can be."""
    chosen = select(*without_payloads(actions)).where(choice.condition(tenant)).order_by(actions.c.seq)
    rows = [Row.of(found) for found in connection.execute(chosen).mappings()]
    return [_retry(connection, row, verdict) for row in rows]


def retry_named(connection: Connection, tenant: str, names: Collection[str], verdict: Verdict | None) -> list[Retried]:
    """Re-open actions by their ids: ``{action_id}``, ``{action}/{action_id}`` or ``{tenant}:action:...``."""
    retried = []
    done: set[int] = set()
    for name in names:
        found = _find(connection, tenant, name)
        if not found:
            retried.append(Retried(name, reason=f"the tenant `{tenant}` has no such action; `list` shows them"))
        elif len(found) > 1:
            keys = ", ".join(row.key.text for row in found)
            retried.append(Retried(name, reason=f"several actions have this id, name one of them: {keys}"))
        elif found[0].seq not in done:
            done.add(found[0].seq)
            retried.append(_retry(connection, found[0], verdict))
    return retried


def _find(connection: Connection, tenant: str, name: str) -> list[Row]:
    key = name.removeprefix(f"{tenant}:action:")
    action, _, action_id = key.partition("/")
    meant = and_(actions.c.action == action, actions.c.action_id == action_id)
    if key == name:
        meant = or_(meant, actions.c.action_id == name)
    wanted = select(*without_payloads(actions)).where(actions.c.tenant == tenant, meant).order_by(actions.c.seq)
    return [Row.of(found) for found in connection.execute(wanted).mappings()]


def _retry(connection: Connection, row: Row, verdict: Verdict | None) -> Retried:
    unsettled = [step for step in row.steps(connection).values() if step.is_unsettled]
    reason = _why_not(connection, row)
    if reason is None and row.status == Status.PARKED and unsettled:
        return _answer(connection, row, unsettled, verdict)
    if reason is None and verdict is not None and verdict.took_effect:
        reason = "it is known what became of its requests: leave --took-effect out"
    if reason is not None:
        return Retried(row.key.text, row, reason)
    return Retried(row.key.text, _reopen(connection, row))


def _why_not(connection: Connection, row: Row) -> str | None:
    """Return why an action cannot be tried again, whatever is known of its steps."""
    if row.status in _FINISHED:
        return _FINISHED[row.status]
    if is_alive(connection, row.claimed_by):
        return "a run is executing it just now: wait until that has ended"
    if row.status in Status.OPEN:
        return "it is open already: the next run executes it"
    if row.payload is None and row.error_code in _NOT_VALID:
        return f"its record is not valid ({row.error_code}): mend it and run again"
    if row.payload is None:
        return "its content is kept no longer (`payload_retention_days`): send its record again, then retry"
    return None


def _answer(connection: Connection, row: Row, unsettled: list[Step], verdict: Verdict | None) -> Retried:
    """Go by what a person has found out about a parked action's requests without an answer."""
    meant = [step for step in unsettled if verdict is None or verdict.step in {None, step.step}]
    reason = _why_no_answer(connection, row, unsettled, meant, verdict)
    if verdict is None or reason is not None:
        return Retried(row.key.text, row, reason)
    values: dict[str, str | None] = {"status": StepStatus.PENDING}
    if verdict.took_effect:
        values = {"status": StepStatus.DONE, "effect": CREATED, "remote_id": verdict.remote_id}
    answered = steps.c.seq == row.seq, steps.c.step.in_([step.step for step in meant])
    connection.execute(update(steps).where(*answered).values(kept_payload=None, **values))
    left = tuple(step.step for step in unsettled if step not in meant)
    row = row.change(connection) if left else _reopen(connection, row)
    return Retried(row.key.text, row, left=left)


def _why_no_answer(
    connection: Connection, row: Row, unsettled: list[Step], meant: list[Step], verdict: Verdict | None
) -> str | None:
    """Return what is missing to go on with a parked action, None if nothing is."""
    if verdict is None:
        about = row.application_id or row.candidate_id
        told = "; ".join(_tell(step) for step in unsettled) + (f"; about {about}" if about else "")
        return f"nothing tells whether it took effect: {told}. {_OPTIONS}"
    if not meant:
        return f"its steps without an answer are {', '.join(step.step for step in unsettled)}, no other"
    if not verdict.took_effect:
        return None
    needing = next((step for step in meant if step.kind in MODEL_KINDS), None)
    if verdict.remote_id is None and needing is not None:
        return f"say with --remote-id which {needing.kind} it made: what follows refers to it"
    if verdict.remote_id is not None and len(meant) > 1:
        return f"--remote-id is of one step: name it with --step ({', '.join(step.step for step in meant)})"
    maker = None if verdict.remote_id is None else _maker_of(connection, meant[0], verdict.remote_id)
    return None if maker is None else f"that {meant[0].kind} was made by {maker}: it cannot be this one's"


def _tell(step: Step) -> str:
    sent = datetime.fromtimestamp(step.sent_at or 0.0, timezone.utc)
    return f"step {step.step}, {step.method} {step.path}, sent {sent:%Y-%m-%d %H:%M:%S} UTC"


def _maker_of(connection: Connection, step: Step, remote_id: str) -> str | None:
    """Return the action that made an object, other than this step."""
    made = select(actions.c.action, actions.c.action_id).join(steps, steps.c.seq == actions.c.seq)
    of_another = or_(steps.c.seq != step.seq, steps.c.step != step.step)
    same = steps.c.tenant == step.tenant, steps.c.kind == step.kind, steps.c.remote_id == remote_id
    found = connection.execute(made.where(*same, steps.c.effect == CREATED, of_another).limit(1)).first()
    return None if found is None else f"{found.action}/{found.action_id}"


def _reopen(connection: Connection, row: Row) -> Row:
    """Let the next run execute an action: what was refused is tried again, what took effect stays."""
    refused = steps.c.seq == row.seq, steps.c.status == StepStatus.REFUSED
    connection.execute(update(steps).where(*refused).values(status=StepStatus.PENDING, kept_payload=None))
    return row.change(connection, status=Status.PENDING, payload_until=None, claimed_by=None, **Problem.NONE.columns())
