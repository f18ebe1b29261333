"""Runs: that one lives, what it has taken upon itself, and what others have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, or_, select, update

from hr4you.ledger.claims import is_taken
from hr4you.ledger.executing import LEASE_SECONDS
from hr4you.ledger.rows import SERVICE_UNAVAILABLE, Row, Status, now_seconds, now_text
from hr4you.ledger.tables import actions, inputs, people, runs, without_payloads

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


def stay_alive(connection: Connection, run_id: str) -> None:
    """Prolong the run's claims; the first call begins it."""
    until = now_seconds() + LEASE_SECONDS
    changed = connection.execute(update(runs).where(runs.c.run_id == run_id).values(alive_until=until))
    if not changed.rowcount:
        connection.execute(insert(runs).values(run_id=run_id, alive_until=until))


def let_go(connection: Connection, run_id: str) -> None:
    """Give up the run's claims: what it has begun and not ended is the next run's."""
    own = actions.c.claimed_by == run_id
    begun = update(actions).where(own, actions.c.status == Status.RUNNING)
    connection.execute(begun.values(status=Status.PENDING, changed_at=now_text()))
    connection.execute(update(actions).where(own).values(claimed_by=None))
    connection.execute(delete(people).where(people.c.claimed_by == run_id))


def end_run(connection: Connection, run_id: str) -> None:
    """Forget what the run noted for itself, and runs that are long dead."""
    gone = select(runs.c.run_id).where(or_(runs.c.run_id == run_id, runs.c.alive_until < now_seconds() - 86_400))
    connection.execute(delete(inputs).where(inputs.c.run_id.in_(gone)))
    connection.execute(delete(runs).where(runs.c.run_id.in_(gone.scalar_subquery())))


def leftovers(connection: Connection, run_id: str, tenant: str) -> list[int]:
    """Take over what earlier runs have left to do, into this run's list; return it in order of arrival."""
    others = select(inputs.c.seq).join(runs, runs.c.run_id == inputs.c.run_id).where(runs.c.alive_until > now_seconds())
    left = select(actions.c.seq).where(actions.c.tenant == tenant, _is_open(), actions.c.seq.not_in(others))
    found = list(connection.execute(left.order_by(actions.c.seq)).scalars())
    if found:
        connection.execute(insert(inputs), [{"run_id": run_id, "seq": seq, "is_known": False} for seq in found])
    return found


def others_at_work(connection: Connection, run_id: str, tenant: str) -> dict[str, float]:
    """Return the other runs that have something left to do, and until when each surely holds its claims."""
    listed = select(runs.c.run_id, runs.c.alive_until).join(inputs, inputs.c.run_id == runs.c.run_id)
    wanted = listed.join(actions, actions.c.seq == inputs.c.seq).where(
        actions.c.tenant == tenant, _is_open(), runs.c.run_id != run_id, runs.c.alive_until > now_seconds()
    )
    return {row.run_id: row.alive_until for row in connection.execute(wanted.distinct())}


def open_actions(connection: Connection, run_id: str) -> list[Row]:
    """Return what of a run's list is not done and not given up, in order of arrival; without contents."""
    listed = (
        select(*without_payloads(actions)).join(inputs, inputs.c.seq == actions.c.seq).where(inputs.c.run_id == run_id)
    )
    wanted = listed.where(actions.c.status.in_(Status.OPEN), actions.c.payload.is_not(None))
    return [Row.of(found) for found in connection.execute(wanted.order_by(actions.c.seq)).mappings()]


def give_up(connection: Connection, run_id: str, seq: int, **values: Any) -> Row | None:
    """End an action that nobody executes; None where somebody does by now.

    Args:
        connection: of the transaction.
        run_id: of the run.
        seq: the action's number.
        values: columns: status, those of a `Problem`.
    """
    row = Row.get(connection, seq)
    if row.status not in Status.OPEN or is_taken(connection, row.claimed_by, run_id):
        return None
    return row.change(connection, claimed_by=None, **values)


def _is_open() -> ColumnElement[bool]:
    is_transient = and_(
        actions.c.status.in_([Status.FAILED, Status.PARTIAL]), actions.c.error_code == SERVICE_UNAVAILABLE
    )
    is_open = or_(actions.c.status.in_(Status.OPEN), is_transient)
    return and_(is_open, actions.c.payload.is_not(None))
