"""What commands and the tap read from a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select

from hr4you.errors import ConfigError
from hr4you.ledger.opening import known_pair
from hr4you.ledger.rows import CREATED, Row, Status, Step, StepStatus
from hr4you.ledger.tables import actions, inputs, steps, without_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

_PAGE: Final = 500
"""So many results are read at once, with their steps in a second query."""


class Place(NamedTuple):
    """Where in the order of their changes a page of results ends."""

    changed_at: str
    seq: int


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
    page, place = results_page(connection, tenant, since=since, where=where)
    yield from page
    while place is not None:
        page, place = results_page(connection, tenant, after=place, where=where)
        yield from page


def results_page(
    connection: Connection,
    tenant: str,
    *,
    since: str | None = None,
    after: Place | None = None,
    where: ColumnElement[bool] | None = None,
) -> tuple[list[dict[str, Any]], Place | None]:
    """Return the next results of a tenant's actions as `results` yields them, and where they end.

    For who reads slowly: between two pages no transaction is open, which on SQLite would keep the log from being
    cleared.

    Args:
        connection: to read with.
        tenant: whose.
        since: UTC text; those that changed then or later.
        after: where the page before ended; None for the first page.
        where: a further condition on `tables.actions`.

    Returns:
        The results, and where to go on; None behind the last page.
    """
    wanted = select(*without_payloads(actions)).where(actions.c.tenant == tenant)
    floor = since if after is None else after.changed_at
    if floor is not None:
        wanted = wanted.where(actions.c.changed_at >= floor)
    if after is not None:
        wanted = wanted.where(or_(actions.c.changed_at > after.changed_at, actions.c.seq > after.seq))
    if where is not None:
        wanted = wanted.where(where)
    found = connection.execute(wanted.order_by(actions.c.changed_at, actions.c.seq).limit(_PAGE)).mappings()
    rows = [Row.of(row) for row in found]
    of_rows: dict[int, dict[str, Step]] = {row.seq: {} for row in rows}
    theirs = select(*without_payloads(steps)).where(steps.c.seq.in_(list(of_rows)))
    for step in connection.execute(theirs.order_by(steps.c.seq, steps.c.position, steps.c.step)).mappings():
        of_rows[step["seq"]][step["step"]] = Step.of(step)
    place = Place(rows[-1].changed_at, rows[-1].seq) if len(rows) == _PAGE else None
    return [row.result(of_rows[row.seq]) for row in rows], place


def check_tenant(connection: Connection, tenant: str, origin: str) -> bool:
    """Check a tenant's name as `opening.pin_tenant` does, but write nothing.

    Returns:
        Whether the ledger knows the tenant.

    Raises:
        ConfigError: another tenant goes by this name, or this one by another.
    """
    place, other = known_pair(connection, tenant, origin)
    if place == origin:
        return True
    if place is not None:
        raise ConfigError(
            f"The ledger knows the tenant `{tenant}` at {place}, not at {origin}. Give the `ledger_url` and "
            "the `tenant` that this tenant's target has"
        )
    if other is not None:
        raise ConfigError(f"The ledger knows {origin} as the tenant `{other}`, not as `{tenant}`. Set `tenant` to it")
    return False


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
    """How many actions of a run's list came to the same, and up to five of their ids.

    Attributes:
        is_known: they had come to it before this run.
    """

    action: str
    status: str
    effect: str | None
    error_code: str | None
    error_field: str | None
    is_known: bool
    count: int
    examples: list[str]


def count_outcomes(connection: Connection, run_id: str) -> list[Count]:
    """Return what became of the actions of a run's list: its input, and what it did for earlier runs."""
    own = (actions.c.action, actions.c.status, actions.c.effect, actions.c.error_code, actions.c.error_field)
    columns = (*own, inputs.c.is_known)
    listed = select(*columns, func.count()).join(inputs, inputs.c.seq == actions.c.seq).where(inputs.c.run_id == run_id)
    counts = []
    found = connection.execute(listed.group_by(*columns).order_by(*columns))
    for action, status, effect, code, field, is_known, count in found:
        group = (action, status, effect, code, field, is_known)
        same = and_(*(column.is_not_distinct_from(value) for column, value in zip(columns, group, strict=True)))
        ids = select(actions.c.action_id).join(inputs, inputs.c.seq == actions.c.seq).where(inputs.c.run_id == run_id)
        examples = connection.execute(ids.where(same).order_by(actions.c.seq).limit(5)).scalars()
        counts.append(Count(action, status, effect, code, field, is_known, count, list(examples)))
    return counts


def count_stuck(connection: Connection, tenant: str, run_id: str) -> int:
    """Return how many actions are failed, partial or parked that are not on a run's list."""
    listed = select(inputs.c.seq).where(inputs.c.run_id == run_id)
    stuck = actions.c.status.in_(Status.STUCK)
    wanted = select(func.count()).select_from(actions).where(actions.c.tenant == tenant, stuck)
    return connection.execute(wanted.where(actions.c.seq.not_in(listed))).scalar() or 0
