"""The control API (``/sandbox/...``), open to this machine only: look into the tenant, change it, make it fail.

Objects are as on the dialect's wire; changes are taken in the dialect's names and in those of the default wire.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from hr4you_sandbox.answers import Answer, RefusalError, json_answer
from hr4you_sandbox.clock import parse_time
from hr4you_sandbox.faults import FaultPlan, FaultPlanError, read_plan
from hr4you_sandbox.store import decode

if TYPE_CHECKING:
    import re

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.tenant import Tenant


def stats(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """How many objects there are, and what has been asked since the start or the last reset."""
    objects = {name: len(table.ids) for name, table in tenant.store.tables.items()}
    return json_answer(200, {"objects": objects, "requests": dict(sorted(tenant.requests.items()))})


def all_objects(tenant: Tenant, _: Request, match: re.Match[str]) -> Answer:
    """Every object of a kind, unpaged, sorted by id."""
    table = tenant.store.tables[_kind(tenant, match)]
    rows = b",".join(tenant.dialect.row(table, object_id) for object_id in table.ids)
    return Answer(200, b'{"data":[' + rows + b'],"meta":{"page":1,"lastPage":1,"total":%d}}' % len(table.ids))


def create_object(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """Make an object of the keys that were sent; id and times are set where they are not given."""
    kind = _kind(tenant, match)
    table = tenant.store.tables[kind]
    fields = _read(tenant, kind, request.json())
    object_id = fields.get(table.kind.id_key, table.next_id)
    if not isinstance(object_id, int) or object_id in table.rows:
        raise RefusalError(409, f"{table.kind.id_key} is taken or not a number.")
    tenant.store.create(kind, fields)
    return Answer(201, b'{"data":' + tenant.dialect.row(table, object_id) + b"}")


def patch_object(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """Replace the keys that were sent; updatedAt becomes now, unless another than the present one was sent.

    Keys that say what the object says already are left aside: who sends back a whole object with one key changed does
    not mean its times (and in the legacy dialect's repeated hour they could not be read back).
    """
    kind, object_id = _kind(tenant, match), int(match["id"])
    table = tenant.store.tables[kind]
    if object_id not in table.rows:
        raise RefusalError(404, f"There is no such object among the {kind}.")
    present = decode(tenant.dialect.row(table, object_id))
    changes = {name: value for name, value in request.json().items() if name not in present or present[name] != value}
    tenant.store.patch(kind, object_id, _read(tenant, kind, changes))
    return Answer(200, b'{"data":' + tenant.dialect.row(table, object_id) + b"}")


def delete_object(tenant: Tenant, _: Request, match: re.Match[str]) -> Answer:
    """Remove exactly this object: what points at it stays."""
    kind = _kind(tenant, match)
    if not tenant.store.delete(kind, int(match["id"])):
        raise RefusalError(404, f"There is no such object among the {kind}.")
    return Answer(204)


def set_faults(tenant: Tenant, request: Request, _: re.Match[str]) -> Answer:
    """Put another plan in place of the present one: JSON or YAML, ``{"faults": [..]}`` or the bare list."""
    try:
        faults = read_plan(request.body)
    except FaultPlanError as error:
        raise RefusalError(422, str(error)) from None
    tenant.plan = FaultPlan(faults, tenant.seed)
    return json_answer(200, {"data": {"faults": len(faults)}})


def show_faults(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """The plan with its counters, to see whether a fault struck."""
    pairs = zip(tenant.plan.faults, tenant.plan.counts, strict=True)
    return json_answer(
        200,
        {
            "data": [
                {"match": fault.match, "fault": fault.fault, "matched": count.matched, "struck": count.struck}
                for fault, count in pairs
            ]
        },
    )


def reset(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """The seed's data again, no faults, counters at zero; answers with the statistics."""
    tenant.reset()
    return stats(tenant, request, match)


def is_loopback(address: str) -> bool:
    """Whether a client's address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _read(tenant: Tenant, kind: str, sent: WireObject) -> WireObject:
    """What was sent in the names of the default wire; times have to be times."""
    try:
        fields = tenant.dialect.read(kind, sent)
        for name in ("createdAt", "updatedAt"):
            if name in fields:
                parse_time(fields[name])
    except (TypeError, ValueError, AttributeError):
        raise RefusalError(422, "A time or a list in the object cannot be read.") from None
    return fields


def _kind(tenant: Tenant, match: re.Match[str]) -> str:
    """The kind by its name, or by its path in the dialect."""
    name = match["kind"]
    if name in tenant.store.tables:
        return name
    for kind, path in tenant.dialect.paths.items():
        if path == name:
            return kind
    raise RefusalError(404, f"There is no kind {name}; there are {', '.join(tenant.store.tables)}.")


CONTROL = (
    ("GET", "stats", stats),
    ("GET", "objects/{kind}", all_objects),
    ("POST", "objects/{kind}", create_object),
    ("PATCH", "objects/{kind}/{id}", patch_object),
    ("DELETE", "objects/{kind}/{id}", delete_object),
    ("GET", "faults", show_faults),
    ("POST", "faults", set_faults),
    ("POST", "reset", reset),
)
