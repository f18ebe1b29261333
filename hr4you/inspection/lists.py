"""Whether a resource can be listed, paged and asked for one by one, as the contract says."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from hr4you.crawl import Pass
from hr4you.errors import ForbiddenError, HR4YouError, SetupError, TenantUnavailableError, UnexpectedAnswerError
from hr4you.inspection.lines import FAILED, OK, WARNING, Line, Result
from hr4you.inspection.samples import Sample, read_lookup
from hr4you.inspection.shapes import Shapes, printable
from hr4you.resources import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Contract
    from hr4you.contract.document import Place
    from hr4you.contract.resource import Lookup
    from hr4you.http import Client

_PAGE: Final = 50
"""At most so large are the two pages that are asked for to see how pages are turned."""


def check_list(contract: Contract, sample: Sample) -> Iterator[Line]:
    """Tell what came of reading the list. Raises what has nothing to do with this list."""
    name, error = sample.name, sample.error
    if isinstance(error, TenantUnavailableError | SetupError):
        raise error
    count = len(sample.items)
    if error is not None:
        yield Line(name, "list", FAILED, printable(str(error), 300), _place_of(contract, name, error))
    elif not count:
        yield Line(name, "list", WARNING, "there are no records to look at", ("resources", name, "list"))
    else:
        of = "all" if sample.is_whole else f"of {sample.total}" if sample.total is not None else "of more"
        yield Line(name, "list", OK, f"{count} records, {of}")
    if sample.is_whole and sample.total not in {None, count}:
        place = ("api", "pagination", "total")
        yield Line(name, "total", WARNING, f"the tenant says {sample.total}, and lists {count}", place)


def _place_of(contract: Contract, name: str, error: HR4YouError) -> Place:
    """What to change where a list cannot be read."""
    if isinstance(error, UnexpectedAnswerError):
        listing = contract.resources[name].list
        if listing.nested_in is None and "no list of objects" in str(error):
            return ("api", "records") if listing.records is None else ("resources", name, "list", "records")
        if "circle" in str(error):
            return _pagination_place(contract, name)
    return ("resources", name, "list")


def check_access(client: Client, contract: Contract, sample: Sample) -> Iterator[Line]:
    """Ask for a second page, for ids only and for one object."""
    ids = [item.remote_id for item in sample.items if item.remote_id is not None]
    if not ids or len(set(ids)) < len(ids):  # what repeats is no id, and tells nothing of pages
        return
    checks = (_check_paging, _check_only_ids, _check_get)
    for entry, check in zip(("paging", "only_ids", "get"), checks, strict=True):
        try:
            line = check(client, contract, sample.name, ids)
        except (TenantUnavailableError, SetupError):
            raise
        except HR4YouError as error:
            place = _pagination_place(contract, sample.name) if entry == "paging" else ("resources", sample.name, entry)
            line = Line(sample.name, entry, FAILED, printable(str(error), 300), place)
        if line is not None:
            yield line


def _pagination_place(contract: Contract, name: str) -> Place:
    own = contract.resources[name].list.pagination
    return ("api", "pagination") if own is None else ("resources", name, "list", "pagination")


def _check_paging(client: Client, contract: Contract, name: str, ids: list[str]) -> Line | None:
    """Ask for two pages that are so small that there have to be two."""
    listing = contract.resources[name].list
    if listing.parent is not None:
        return None
    pagination = contract.pagination_of(listing)
    place = _pagination_place(contract, name)
    if pagination.type == "none":
        return Line(name, "paging", OK, "the list comes in one answer")
    if len(ids) == 1:
        return Line(name, "paging", WARNING, "one record makes no second page, so that this cannot be told", place)
    size = min(_PAGE, len(ids) // 2)
    reader = Reader(client, contract, name, page_size=size, eager=False)
    first, second = [{item.remote_id for item in page} for page in (*islice(reader.read(Pass()), 2), [], [])][:2]
    if second:
        result, text = _compared(first, second)
        return Line(name, "paging", result, text, None if result == OK else place)
    if len(first) < len(ids):
        return Line(name, "paging", FAILED, f"there is no second page, and the first has only {len(first)}", place)
    text = "all fits one page, so that this cannot be told"
    if pagination.size is not None:
        text = f"{len(first)} came where {size} were asked for with `{pagination.size}`; {text}"
    return Line(name, "paging", WARNING, text, place)


def _compared(first: set[str | None], second: set[str | None]) -> tuple[Result, str]:
    if second <= first:
        return FAILED, "the second page is the first again"
    if second & first:
        return WARNING, "the second page holds some of the first again"
    return OK, "the second page holds others than the first"


def _check_only_ids(client: Client, contract: Contract, name: str, ids: list[str]) -> Line | None:
    resource = contract.resources[name]
    reader = Reader(client, contract, name, page_size=min(_PAGE, len(ids)), eager=False)
    if not reader.can_list_ids:
        return None
    entry = "only_ids" if resource.only_ids is not None else "select"
    place = ("resources", name, entry)
    page = next(reader.read(Pass(), ids_only=True))
    if not page or any(item.remote_id is None for item in page):
        return Line(name, entry, FAILED, "a list of ids comes without ids: deletions cannot be seen", place)
    if any(len(item.wire) > len(resource.id.roots or ()) for item in page):
        return Line(name, entry, WARNING, "whole objects come where ids only were asked for", place)
    return Line(name, entry, OK, "ids come alone")


def _check_get(client: Client, contract: Contract, name: str, ids: list[str]) -> Line | None:
    reader = Reader(client, contract, name)
    if not reader.can_get:
        return None
    place = ("resources", name, "get")
    try:
        if reader.still_there(ids[:1]):
            return Line(name, "get", OK, "one object came")
    except ForbiddenError as error:
        return Line(name, "get", WARNING, printable(str(error), 300), place)
    return Line(name, "get", FAILED, "an object of the list is not found alone, and would be taken for deleted", place)


def check_lookup(client: Client, contract: Contract, name: str, lookup: Lookup) -> Iterator[Line]:
    """Look at a list that serves the writing; nothing fails where it is missing."""
    place: Place = ("resources", name, "list")
    rows, error = read_lookup(client, contract, lookup)
    if isinstance(error, TenantUnavailableError):
        raise error
    if error is not None:
        yield Line(name, "list", WARNING, printable(str(error), 300), place)
        return
    if not rows:
        yield Line(name, "list", WARNING, "there are no records to look at", place)
        return
    yield Line(name, "list", OK, f"{len(rows)} records, all")
    for key in ("id", "key", "label", "type"):
        expression = getattr(lookup, key, None)
        if expression is None:
            continue
        shapes = Shapes()
        for row in rows:
            shapes.add(expression(row))
        complete = shapes.count == len(rows)
        text = f"`{expression.text}` is in {shapes.count} of {len(rows)}: {shapes}"
        yield Line(name, key, OK if complete else WARNING, text, None if complete else ("resources", name, key))
