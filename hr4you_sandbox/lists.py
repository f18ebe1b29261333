"""Lists and single objects, and the faults that change what a list says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hr4you_sandbox.answers import Answer, RefusalError
from hr4you_sandbox.drift import drift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.faults import Fault
    from hr4you_sandbox.tenant import Tenant

_ENDLESS = 200_000_000


def list_objects(tenant: Tenant, request: Request, kind: str) -> Answer:
    """One page of a list."""
    for fault in request.faults:
        if fault.fault == "drift":
            drift(tenant.store, kind, fault, tenant.plan.random)
    dialect = tenant.dialect
    offset, size = dialect.paging(request)
    asked_offset = offset
    ids = _matching(tenant, request, kind)
    total, status, keep = None, 200, 1.0
    for fault in request.faults:
        ids = _thinned(tenant, kind, ids, fault)
        if fault.fault == "duplicate_page":
            offset = max(0, offset - size)
        elif fault.fault == "loop":
            offset, total = offset % (size * fault.period), _ENDLESS
        elif fault.fault == "wrong_total":
            total = fault.total if fault.total is not None else len(ids) + 13
        elif fault.fault == "partial_206":
            status, keep = 206, fault.keep
    shown = ids[offset : offset + size]
    told = len(ids) if total is None else total
    headers = {}
    if status == 206:  # noqa: PLR2004
        shown = shown[: int(len(shown) * keep)]
        headers = {"Content-Range": f"items {offset}-{offset + len(shown) - 1}/{told}"}
    rows = dialect.rows(tenant.store.tables[kind], shown, request)
    return Answer(status, dialect.page(rows, asked_offset, size, told), headers=headers)


def get_object(tenant: Tenant, kind: str, object_id: int) -> Answer:
    """One object.

    Raises:
        RefusalError: 404.
    """
    table = tenant.store.tables[kind]
    if object_id not in table.rows:
        raise RefusalError(404, "Nicht gefunden.")
    return Answer(200, tenant.dialect.one(table, object_id))


def _matching(tenant: Tenant, request: Request, kind: str) -> Sequence[int]:
    store, since = tenant.store, tenant.dialect.since(request)
    found = _looked_up(tenant, request, kind)
    table = store.tables[kind]
    if found is None:
        return table.view(tenant.order, since)
    return table.arrange((key for key in found if since is None or table.changed[key] >= since), tenant.order)


def _looked_up(tenant: Tenant, request: Request, kind: str) -> set[int] | None:
    """The ids that the look-ups of the wire table leave: by e-mail, by applicant and job. None: no look-up."""
    if kind == "applicants" and (email := request.query.get("email")) is not None:
        return tenant.store.by_email(email)
    if kind == "applications":
        applicant, job = request.integer("applicantId"), request.integer("jobId")
        if applicant is not None or job is not None:
            return set(tenant.store.applications_of(applicant, job))
    return None


def _thinned(tenant: Tenant, kind: str, ids: Sequence[int], fault: Fault) -> Sequence[int]:
    """What a fault leaves of the whole list."""
    if fault.fault == "empty_list":
        return []
    if fault.fault == "short_list":
        return ids[: int(len(ids) * fault.keep)]
    if fault.fault == "search_lag":
        oldest = tenant.clock() - (fault.seconds or 60)
        born = tenant.store.tables[kind].born
        young = {object_id for object_id, at in born.items() if at > oldest}
        return [object_id for object_id in ids if object_id not in young] if young else ids
    return ids
