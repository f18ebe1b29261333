"""Each resource's first page: may it be read, is it where the contract says, is it as long as it should be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hr4you.crawl import Item
from hr4you.errors import (
    ForbiddenError,
    HR4YouError,
    NotFoundError,
    RequestRefusedError,
    TenantUnavailableError,
    TokenRefusedError,
    UnexpectedAnswerError,
)
from hr4you.http.pages import Source
from hr4you.ids import to_remote_id
from hr4you.inspection.doctor.case import Seen
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, UNAVAILABLE, WARNING, Check, count
from hr4you.inspection.samples import page_params

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Pagination, Resource
    from hr4you.http.answers import Answer
    from hr4you.http.pages import Fetched, Params
    from hr4you.inspection.doctor.case import Case

_PARENTS: Final = 3
"""So many parents are asked for what hangs on them, until one has something."""

_KEY: Final = re.compile(r"[A-Za-z_][\w-]{0,40}", re.ASCII)
_DEPTH: Final = 3


def source_of(
    case: Case, resource: Resource, *, path: str | None = None, params: dict[str, str] | None = None
) -> Source:
    """Return what fetches single pages of a resource's list; the size of a page is to be given with each."""
    listing = resource.list
    return Source(
        case.client,
        path or listing.path or "",
        case.contract.pagination_of(listing),
        case.contract.records_of(listing),
        params={**listing.params, **(params or {})},
        method=listing.method,
        size=None,
    )


def fetch(case: Case, source: Source, more: Params) -> tuple[Answer, Fetched]:
    """Ask for a page and read it. Raises `HR4YouError`; `case` counts what nobody answers."""
    try:
        answer = case.note(source.ask(more, is_page=False))
    except HR4YouError as error:
        case.note_error(error)
        raise
    return answer, source.read(answer, more)


def items_of(resource: Resource, fetched: Fetched, parent_id: str | None = None) -> list[Item]:
    """Return the objects of a page with their ids."""
    return [Item(to_remote_id(resource.id(wire)), wire, parent_id) for wire in fetched.records]


def look_at(case: Case, resource: Resource) -> Iterator[Check]:
    """Read a resource's first page into `case.seen`; resources that others hang on come before those."""
    seen = case.seen[resource.name] = Seen(resource.name)
    parent = resource.list.parent
    if case.is_lost:
        yield Check("rights", NOT_TRIED, "the tenant does not answer any more", subject=resource.name)
    elif parent is None:
        yield from _look_at_list(case, resource, seen)
    elif not case.seen[parent].items:
        yield Check("rights", NOT_TRIED, f"it hangs on {parent}, of which none was read", subject=resource.name)
    elif resource.list.nested_in is not None:
        yield _look_inside(case, resource, seen, case.seen[parent])
    else:
        yield _ask_per_parent(case, resource, seen, case.seen[parent])


def all_alike(case: Case) -> Iterator[Check]:
    """Say what is the matter where all lists fail in the same way, which is hardly a matter of each."""
    errors = [case.seen[name].error for name, each in case.contract.resources.items() if each.list.parent is None]
    if all(isinstance(error, NotFoundError) for error in errors):
        found = f"none of the lists is at {case.connection.base_url}{case.contract.api.base_path} (404)"
        to_do = f"Check `base_url` (or `subdomain`) and {case.key('api', 'base_path')} before the paths"
        yield Check("rights", FAILED, found, to_do)
    elif all(isinstance(error, ForbiddenError) for error in errors):
        to_do = "Ask HR4YOU whether the token is for API v2 at all, and for the right to read"
        yield Check("rights", FAILED, "no list may be read (403)", to_do)


def _look_at_list(case: Case, resource: Resource, seen: Seen) -> Iterator[Check]:
    pagination = case.contract.pagination_of(resource.list)
    source = source_of(case, resource)
    size = pagination.max_size if pagination.size is not None else None
    answer = None
    try:
        answer = case.note(source.ask(page_params(pagination, size), is_page=False))
        fetched = source.read(answer)
    except HR4YouError as error:
        case.note_error(error)
        seen.error = error
        yield _unread(case, resource, error, None if answer is None else answer.data)
        return
    seen.items = items_of(resource, fetched)
    seen.total = fetched.total
    seen.is_read = True
    if seen.items:
        yield Check("rights", OK, "may be read, the list is where the contract says", subject=resource.name)
        yield from _check_page(case, resource, fetched, size)
    elif fetched.total:
        to_do = f"Check the first page's number in {case.list_key(resource, 'pagination')}: `first_page: 0`?"
        found = f"the first page is empty, though there are {fetched.total} in all"
        yield Check("rights", FAILED, found, to_do, subject=resource.name)
    else:
        to_do = "If there should be some, ask HR4YOU whether the token may see them all"
        yield Check("rights", WARNING, "may be read, but the list is empty", to_do, subject=resource.name)


def unread(name: str, error: HR4YouError, place: str, right: str) -> Check:
    """Say why something cannot be read.

    Args:
        name: of what.
        error: of the request.
        place: the path's place in the contract.
        right: the right that may be missing, as it is to be asked for.
    """
    if isinstance(error, ForbiddenError):
        return Check("rights", FAILED, "the token lacks the right (403)", f"Ask HR4YOU for {right}", subject=name)
    if isinstance(error, NotFoundError):
        return Check("rights", FAILED, "there is no such path (404)", f"Mend {place}", subject=name)
    if isinstance(error, TokenRefusedError):
        to_do = f"Ask HR4YOU for {right}: other lists may be read with this token"
        return Check("rights", FAILED, "the credentials are refused here (401)", to_do, subject=name)
    found = str(error).split(". ")[0].rstrip(".")
    if isinstance(error, TenantUnavailableError):
        to_do = "Run again later; if it stays so, tell HR4YOU the path and the time"
        return Check("rights", FAILED, found, to_do, subject=name, exit_status=UNAVAILABLE)
    return Check("rights", FAILED, found, f"Mend {place}", subject=name)


def _unread(case: Case, resource: Resource, error: HR4YouError, data: Any) -> Check:
    place = ("resources", resource.name, "list")
    listing = resource.list
    path = f"{case.contract.api.base_path}{listing.path}"
    if isinstance(error, RequestRefusedError):
        names = ", ".join(page_params(case.contract.pagination_of(listing), 1))
        found = f"{listing.method} {path} is refused ({error.status})"
        to_do = f"Check the parameters ({names}) in {case.list_key(resource, 'pagination')}, then {case.key(*place)}"
        return Check("rights", FAILED, found, to_do, subject=resource.name)
    if isinstance(error, UnexpectedAnswerError) and data is not None:
        expected = case.contract.records_of(listing).text
        there = list(_lists_in(data))
        found = f"the answer holds no list of objects at `{expected}`"
        hint = f": there is one at `{there[0]}`" if len(there) == 1 else ""
        return Check("rights", FAILED, found, f"Mend {case.list_key(resource, 'records')}{hint}", subject=resource.name)
    return unread(resource.name, error, case.key(*place), f"the right to read {resource.name} (GET {path})")


def _lists_in(data: Any, place: str = "", depth: int = 0) -> Iterator[str]:
    """Yield where in an answer lists of objects are, as expressions; keys that look like content are left out."""
    if isinstance(data, list):
        if data and all(isinstance(element, dict) for element in data):
            yield place or "@"
    elif isinstance(data, dict) and depth < _DEPTH:
        for key, value in data.items():
            if _KEY.fullmatch(key):
                yield from _lists_in(value, f"{place}.{key}" if place else key, depth + 1)


def _check_page(case: Case, resource: Resource, fetched: Fetched, size: int | None) -> Iterator[Check]:
    """Whether a page has the size asked for, and agrees with what the tenant says of the whole."""
    pagination = case.contract.pagination_of(resource.list)
    came, total = len(fetched.records), fetched.total
    key = case.list_key(resource, "pagination")

    def told(result: str, found: str, to_do: str | None = None) -> Check:
        return Check("page size", result, found, to_do, subject=resource.name)

    if size is not None and came > size:
        yield told(
            WARNING, f"asked for {size}, {came} came: `{pagination.size}` is not heeded", f"Mend `size` in {key}"
        )
    elif size is not None and total is not None and came < min(size, total):
        yield told(WARNING, f"asked for {size}, only {came} of {total} came", f"Set `max_size: {came}` in {key}")
    elif size is not None:
        yield told(OK, "as asked for")
    yield from _check_count(resource, pagination, fetched, key)


def _check_count(resource: Resource, pagination: Pagination, fetched: Fetched, key: str) -> Iterator[Check]:
    came, total, last = len(fetched.records), fetched.total, fetched.last_page
    wanted = [name for name in ("total", "last_page") if getattr(pagination, name) is not None]
    missing = [name for name in wanted if getattr(fetched, name) is None]
    pages = None if last is None else last - pagination.first_page + 1
    problem = None
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        problem = f"the answer holds no number where the contract has {names}"
    elif total is not None and total < came:
        problem = f"the tenant says there are {total}, but {came} came"
    elif total is not None and pages is not None and pages != max(-(-total // came), 1):
        problem = f"a total of {total}, {came} on a page, but {count(pages, 'page')}"
    if problem is not None:
        yield Check("totals", WARNING, problem, f"Check {' and '.join(wanted)} in {key}", subject=resource.name)
    elif wanted:
        yield Check("totals", OK, "are told and agree with the page", subject=resource.name)


def _look_inside(case: Case, resource: Resource, seen: Seen, parents: Seen) -> Check:
    inside, key = resource.list.inside, case.key("resources", resource.name, "list")
    found = [(parent, inside(parent.wire)) for parent in parents.items]
    lists = [(parent, wires) for parent, wires in found if isinstance(wires, list)]
    if any(wires is not None and not isinstance(wires, list) for _, wires in found):
        text = f"`{inside.text}` inside {parents.name} is no list"
        return Check("rights", FAILED, text, f"Mend {key}", subject=resource.name)
    if not lists:
        text = f"none of {len(found)} {parents.name} holds `{inside.text}`"
        return Check("rights", FAILED, text, f"Mend {key}", subject=resource.name)
    seen.items = [
        Item(to_remote_id(resource.id(wire)), wire, parent.remote_id)
        for parent, wires in lists
        for wire in wires
        if isinstance(wire, dict)
    ]
    seen.is_read = True
    if not seen.items:
        return Check(
            "rights", WARNING, f"all lists inside {parents.name} are empty", f"Check {key}", subject=resource.name
        )
    return Check("rights", OK, f"stand inside {parents.name}, as the contract says", subject=resource.name)


def _ask_per_parent(case: Case, resource: Resource, seen: Seen, parents: Seen) -> Check:
    pagination = case.contract.pagination_of(resource.list)
    size = pagination.max_size if pagination.size is not None else None
    for parent_id in parents.ids[:_PARENTS]:
        path = (resource.list.path or "").replace("{id}", quote(parent_id, safe=""))
        try:
            _, fetched = fetch(case, source_of(case, resource, path=path), page_params(pagination, size))
        except HR4YouError as error:
            return _unread(case, resource, error, None)
        seen.is_read = True
        seen.items = items_of(resource, fetched, parent_id)
        if seen.items:
            return Check("rights", OK, f"may be read, asked for per one of {parents.name}", subject=resource.name)
    found = f"may be read, but the first {count(_PARENTS, 'list')} are empty"
    return Check("rights", OK, found, subject=resource.name)
