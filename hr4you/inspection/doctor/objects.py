"""Single objects: has each an id of its own, and can one be asked for by it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from hr4you.errors import ForbiddenError, HR4YouError, NotFoundError, RequestRefusedError
from hr4you.ids import to_remote_id
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Resource
    from hr4you.inspection.doctor.case import Case, Seen


def check_objects(case: Case, resource: Resource) -> Iterator[Check]:
    """Look at the ids on the first page, and ask for the first object by its own."""
    seen = case.seen[resource.name]
    if not seen.items:
        yield Check("ids", NOT_TRIED, "no record was read", subject=resource.name)
        return
    yield _check_ids(case, resource, seen)
    if resource.get is not None and resource.list.parent is None and seen.ids:
        yield _check_get(case, resource, seen.ids[0])


def _check_ids(case: Case, resource: Resource, seen: Seen) -> Check:
    ids, total = seen.ids, len(seen.items)
    key = case.key("resources", resource.name, "id")
    if len(ids) < total:
        found = f"{total - len(ids)} of {total} objects have none at `{resource.id.text}`"
        return Check("ids", FAILED, found, f"Mend {key}", subject=resource.name)
    if len(set(ids)) < total:
        found = f"{total} objects share {len(set(ids))} ids at `{resource.id.text}`"
        return Check("ids", FAILED, found, f"Mend {key}: it has to be another for each object", subject=resource.name)
    return Check("ids", OK, "every object has one of its own", subject=resource.name)


def _check_get(case: Case, resource: Resource, remote_id: str) -> Check:
    template = resource.get or ""
    key = case.key("resources", resource.name, "get")
    if case.is_lost:
        return Check("one by id", NOT_TRIED, "the tenant does not answer any more", subject=resource.name)

    def failed(found: str, to_do: str) -> Check:
        return Check("one by id", FAILED, found, to_do, subject=resource.name)

    try:
        answer = case.note(case.client.get(template.replace("{id}", quote(remote_id, safe=""))))
    except ForbiddenError:
        return failed("the token lacks the right (403)", f"Ask HR4YOU for it, or set {key} to null")
    except (NotFoundError, RequestRefusedError) as error:
        return failed(f"GET {template} is refused ({error.status})", f"Mend {key}, or set it to null")
    except HR4YouError as error:
        case.note_error(error)
        return failed(f"GET {template} does not answer as it should", f"Run again; if it stays so, set {key} to null")
    record = case.contract.record_of(resource)
    wire = record(answer.data)
    if not isinstance(wire, dict) or to_remote_id(resource.id(wire)) != remote_id:
        own = resource.record is not None
        place = case.key("resources", resource.name, "record") if own else case.key("api", "record")
        return failed(f"GET {template}: at `{record.text}` there is not the object asked for", f"Mend {place}")
    return Check("one by id", OK, "is the one asked for", subject=resource.name)
