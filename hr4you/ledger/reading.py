"""What commands and the tap read from a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from hr4you.ledger.rows import CREATED, Row, Step, StepStatus
from hr4you.ledger.tables import actions, inputs, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection


def results(
    connection: Connection, tenant: str, *, since: str | None = None, where: ColumnElement[bool] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the results of a tenant's actions, in the order in which they changed.

    Args:
        connection: to read with.
        tenant: whose.
        since: UTC text; those that changed then or later. None: all.
        where: a further condition on `tables.actions`.
    """
    wanted = select(actions).where(actions.c.tenant == tenant).order_by(actions.c.changed_at, actions.c.seq)
    if since is not None:
        wanted = wanted.where(actions.c.changed_at >= since)
    if where is not None:
        wanted = wanted.where(where)
    for found in connection.execute(wanted).mappings():
        row = Row.of(found)
        yield row.result(row.steps(connection))


def created_ids(connection: Connection, tenant: str, kind: str) -> set[str]:
    """Return the remote ids of what actions made at this tenant, without what they found and reused.

    Args:
        connection: to read with.
        tenant: where.
        kind: ``candidate`` or ``application``.
    """
    made = select(steps.c.remote_id).where(
        steps.c.tenant == tenant,
        steps.c.kind == kind,
        steps.c.status == StepStatus.DONE,
        steps.c.effect == CREATED,
        steps.c.remote_id.is_not(None),
    )
    return set(connection.execute(made).scalars())


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
    makers = ["create_candidate", "create_application"] if action is None else [action]
    rows = [
        Row.of(found)
        for found in connection.execute(
            select(actions).where(
                actions.c.tenant == tenant, actions.c.action.in_(makers), actions.c.action_id == action_id
            )
        ).mappings()
    ]
    if len(rows) != 1:
        return Subject(is_ambiguous=bool(rows))
    made = select(steps.c.remote_id).where(
        steps.c.seq == rows[0].seq, steps.c.kind == kind, steps.c.status == StepStatus.DONE
    )
    return Subject(connection.execute(made).scalar(), rows[0].status, rows[0].error_code)


def made_for(connection: Connection, tenant: str, email_hmac: str) -> list[str]:
    """Return the remote ids of candidates that actions made for this e-mail address, oldest first."""
    made = (
        select(steps.c.remote_id)
        .join(actions, actions.c.seq == steps.c.seq)
        .where(
            actions.c.tenant == tenant,
            actions.c.email_hmac == email_hmac,
            steps.c.kind == "candidate",
            steps.c.status == StepStatus.DONE,
            steps.c.effect == CREATED,
        )
        .order_by(steps.c.seq)
    )
    return [remote_id for remote_id in connection.execute(made).scalars() if remote_id is not None]


@dataclass(frozen=True)
class Count:
    """How many actions of a run's list came to the same, and up to five of their ids."""

    action: str
    status: str
    effect: str | None
    error_code: str | None
    error_field: str | None
    count: int
    examples: list[str]


def count_outcomes(connection: Connection, run_id: str) -> list[Count]:
    """Return what became of the actions of a run's list: its input, and what it did for earlier runs."""
    columns = (actions.c.action, actions.c.status, actions.c.effect, actions.c.error_code, actions.c.error_field)
    listed = select(*columns, func.count()).join(inputs, inputs.c.seq == actions.c.seq).where(inputs.c.run_id == run_id)
    counts = []
    for action, status, effect, code, field, count in connection.execute(listed.group_by(*columns).order_by(*columns)):
        group = (action, status, effect, code, field)
        same = and_(*(column.is_not_distinct_from(value) for column, value in zip(columns, group, strict=True)))
        ids = select(actions.c.action_id).join(inputs, inputs.c.seq == actions.c.seq).where(inputs.c.run_id == run_id)
        examples = connection.execute(ids.where(same).order_by(actions.c.seq).limit(5)).scalars()
        counts.append(Count(*group, count, list(examples)))
    return counts


def find_steps(connection: Connection, seq: int) -> dict[str, Step]:
    """Return an action's steps by their keys, in their order."""
    return Row.get(connection, seq).steps(connection)
