"""Who holds what: whether a run lives, whether another has an action, and what a run has on its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from hr4you.ledger.rows import REFERENCE_CODES, Status, now_seconds
from hr4you.ledger.tables import inputs, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hr4you.ledger.rows import Row


def is_alive(connection: Connection, run_id: str | None) -> bool:
    """Whether there is such a run and it surely holds its claims."""
    until = None if run_id is None else connection.execute(select(runs.c.alive_until).where(runs.c.run_id == run_id))
    return until is not None and (until.scalar() or 0.0) > now_seconds()


def is_taken(connection: Connection, holder: str | None, run_id: str) -> bool:
    """Whether another run that lives holds a claim."""
    return holder != run_id and is_alive(connection, holder)


def is_open(row: Row) -> bool:
    """Whether a run goes on with an action by itself, or looks at it once more at the end of its input."""
    return row.status in Status.OPEN or row.is_transient or row.error_code in REFERENCE_CODES


def take_on(connection: Connection, run_id: str, seq: int, *, is_known: bool = False) -> None:
    """Put an action on a run's list, once; `is_known`: it was finished when it came."""
    listed = select(inputs.c.seq).where(inputs.c.run_id == run_id, inputs.c.seq == seq)
    if connection.execute(listed).first() is None:
        connection.execute(insert(inputs), {"run_id": run_id, "seq": seq, "is_known": is_known})
