"""What an action is about: an object by its id, or what another action makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from hr4you.ledger.rows import StepStatus
from hr4you.ledger.tables import actions, steps

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hr4you.ledger.rows import Row

MAKERS: Final = ("create_candidate", "create_application")
"""Actions that make what others refer to."""


@dataclass(frozen=True)
class Subject:
    """What a reference to another action leads to.

    Attributes:
        remote_id: of what that action made or reused; None where it has not.
        status: of that action; None where it never came.
        is_ambiguous: two actions have this id.
    """

    remote_id: str | None = None
    status: str | None = None
    error_code: str | None = None
    is_ambiguous: bool = False


def follow(connection: Connection, tenant: str, kind: str, action: str | None, action_id: str) -> Subject:
    """Follow ``action:{action_id}`` to what that action made or reused.

    Args:
        connection: to read with.
        tenant: of both actions.
        kind: candidate or application: what the reference asks for.
        action: the action's name, None where the reference leaves it out.
        action_id: its id.
    """
    wanted = select(actions.c.seq, actions.c.status, actions.c.error_code).where(
        actions.c.tenant == tenant,
        actions.c.action.in_(MAKERS if action is None else [action]),
        actions.c.action_id == action_id,
    )
    rows = connection.execute(wanted).all()
    if len(rows) != 1:
        return Subject(is_ambiguous=bool(rows))
    [(seq, status, error_code)] = rows
    made = select(steps.c.remote_id).where(steps.c.seq == seq, steps.c.kind == kind, steps.c.status == StepStatus.DONE)
    return Subject(connection.execute(made).scalar(), status, error_code)


def subject_of(connection: Connection, row: Row) -> Subject | None:
    """Return what an action is about; None where it makes its own."""
    if row.subject is None or row.subject_kind is None:
        return None
    form, _, rest = row.subject.partition(":")
    if form == "remote":
        return Subject(rest)
    action, _, action_id = rest.partition("/")
    return follow(connection, row.tenant, row.subject_kind, None if action == "*" else action, action_id)
