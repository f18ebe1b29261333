"""Whether the second page of a list is another than the first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from hr4you.errors import HR4YouError
from hr4you.http import read_pages
from hr4you.ids import to_remote_id
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, Check
from hr4you.inspection.doctor.lists import fetch, items_of, source_of
from hr4you.inspection.samples import page_params

if TYPE_CHECKING:
    from hr4you.contract import Resource
    from hr4you.inspection.doctor.case import Case, Seen

_MOST: Final = 20
"""So many records are asked for per page: they have all been seen already, on the one large page."""


def check_paging(case: Case, resource: Resource) -> Check:
    """Turn one page of a list of which a large page has been seen."""
    seen = case.seen[resource.name]
    pagination = case.contract.pagination_of(resource.list)
    reason = None
    if resource.list.parent is not None:
        reason = "it is no list of its own"
    elif case.is_lost or not seen.is_read:
        reason = "the list could not be read"
    elif pagination.type == "none":
        reason = "the contract says that it has one page only"
    elif len(set(seen.ids)) < 2:  # noqa: PLR2004  # two pages need two records
        reason = "there are too few records to turn a page"
    elif pagination.size is None and seen.total == len(seen.items):
        reason = "all records stand on the first page, whose size cannot be chosen"
    if reason is not None:
        return Check("paging", NOT_TRIED, reason, subject=resource.name)
    size = max(1, min(len(seen.ids) // 2, _MOST)) if pagination.size is not None else None
    try:
        if pagination.type in {"page", "offset"}:
            return _turn_by_number(case, resource, seen, size)
        return _turn_by_link(case, resource, seen, size)
    except HR4YouError as error:
        case.note_error(error)
        found = f"page 2 does not come: {str(error).split('. ')[0].rstrip('.')}"
        return _failed(case, resource, found, "Mend")


def _failed(case: Case, resource: Resource, found: str, verb: str, hint: str = "") -> Check:
    to_do = f"{verb} {case.list_key(resource, 'pagination')}{hint}"
    return Check("paging", FAILED, found, to_do, subject=resource.name)


def _turn_by_number(case: Case, resource: Resource, seen: Seen, size: int | None) -> Check:
    pagination = case.contract.pagination_of(resource.list)
    stride = size or len(seen.items)
    params = page_params(pagination, size, 1)
    if pagination.type == "offset":
        params[pagination.offset or "offset"] = stride
    _, fetched = fetch(case, source_of(case, resource), params)
    ids = [item.remote_id for item in items_of(resource, fetched) if item.remote_id is not None]
    turned = pagination.page or pagination.offset
    if not ids:
        return _failed(case, resource, "page 2 is empty, though there are more records", "Check", f": `{turned}`?")
    if ids[0] == seen.ids[0]:
        found = f"page 2 is page 1 again: `{turned}` is not heeded"
        return _failed(case, resource, found, "Mend", ": ask HR4YOU how pages are turned")
    if size is not None and not set(ids) & set(seen.ids):
        found = "page 2 holds nothing of what one large page has shown: pages that count from 0, or no fixed order"
        hint = ": `first_page: 0`?" if pagination.type == "page" else ": ask HR4YOU for a parameter that sorts by id"
        return _failed(case, resource, found, "Check", hint)
    return _turned(case, resource, seen.ids[:stride], ids)


def _turn_by_link(case: Case, resource: Resource, seen: Seen, size: int | None) -> Check:
    listing = resource.list
    pages = read_pages(
        case.client,
        listing.path or "",
        case.contract.pagination_of(listing),
        case.contract.records_of(listing),
        listing.params,
        method=listing.method,
        page_size=size,
        eager=False,
    )
    turned = list(islice(pages, 2))
    first, second = ([to_remote_id(resource.id(wire)) for wire in page.records] for page in (*turned, turned[0])[:2])
    if len(turned) == 1:
        if len(first) >= len(seen.ids):
            found = f"asked for {size}, all {len(first)} came on one page"
            to_do = f"Check `size` in {case.list_key(resource, 'pagination')}"
            return Check("paging", WARNING, found, to_do, subject=resource.name)
        found = "the first page does not tell how to get to the second"
        return _failed(case, resource, found, "Mend", ": `next`")
    if first[:1] == second[:1]:
        return _failed(case, resource, "page 2 is page 1 again", "Mend", ": ask HR4YOU how pages are turned")
    return _turned(case, resource, [each for each in first if each], [each for each in second if each])


def _turned(case: Case, resource: Resource, first: list[str], second: list[str]) -> Check:
    repeated = set(first) & set(second)
    if repeated:
        key = case.key("resources", resource.name, "list")
        to_do = f"Ask HR4YOU for a parameter that sorts by id, and add it to {key} as `params`"
        found = f"page 2 repeats {len(repeated)} of page 1: the list is not in a fixed order"
        return Check("paging", WARNING, found, to_do, subject=resource.name)
    return Check("paging", OK, "page 2 differs from page 1", subject=resource.name)
