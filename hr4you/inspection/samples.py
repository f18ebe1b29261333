"""The first objects of a resource, read as cheaply as its contract allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from hr4you.crawl import Pass
from hr4you.errors import HR4YouError
from hr4you.http import read_pages
from hr4you.resources import Reader

if TYPE_CHECKING:
    from hr4you.contract import Contract, Pagination
    from hr4you.contract.resource import Lookup
    from hr4you.crawl import Item
    from hr4you.http import Client
    from hr4you.http.pages import Params

PARENTS_PER_PAGE: Final = 10
"""Of a resource that is asked for per parent, each parent costs a request: so many are asked before a look is taken."""

MAX_PARENTS: Final = 50
"""So many parents are asked for a limited sample, however little hangs on them."""

Note: TypeAlias = Callable[[int, "int | None"], None]
"""Told after every page: how many objects there are so far, and of how many (None where the tenant does not say)."""


@dataclass(frozen=True)
class Sample:
    """What was read of one resource.

    Attributes:
        name: of the resource.
        items: the first objects of its list, at most as many as were asked for.
        total: how many the tenant says there are; None where it does not say, or where parents are listed.
        is_whole: whether these are all objects that there are.
        error: what ended the reading; None where nothing did. `items` holds what came before.
    """

    name: str
    items: list[Item] = field(default_factory=list)
    total: int | None = None
    is_whole: bool = False
    error: HR4YouError | None = None


def take_sample(
    client: Client, contract: Contract, name: str, *, limit: int | None, note: Note | None = None
) -> Sample:
    """Read the first objects of a resource; nothing that HTTP can do raises.

    Args:
        client: of the tenant.
        contract: says where the resource is.
        name: of the resource in the contract.
        limit: so many objects at most; None: all of them.
        note: told of the progress.
    """
    is_per_parent = contract.resources[name].list.per is not None
    page_size = limit
    if limit is not None and is_per_parent:
        page_size = min(limit, PARENTS_PER_PAGE)
    reader = Reader(client, contract, name, page_size=page_size, eager=limit is None)
    look = Pass()
    items: list[Item] = []
    is_cut = False
    error = None
    try:
        for page in reader.read(look):
            items += page
            if note is not None:
                note(len(items), None if reader.is_nested else look.total)
            if limit is not None and (len(items) >= limit or (is_per_parent and len(look.listed) >= MAX_PARENTS)):
                is_cut = not _is_all(len(items), limit, look, reader)
                break
    except HR4YouError as caught:
        error = caught
    total = None if reader.is_nested else look.total
    return Sample(name, items[:limit], total, is_whole=not is_cut and error is None, error=error)


def _is_all(count: int, limit: int, look: Pass, reader: Reader) -> bool:
    """Whether the limit is just what there is."""
    return not reader.is_nested and look.total == count <= limit


class Listed(NamedTuple):
    """What was read of a list that only serves looking up.

    Attributes:
        rows: objects as they came.
    """

    rows: list[dict[str, Any]]
    error: HR4YouError | None


def read_lookup(client: Client, contract: Contract, lookup: Lookup) -> Listed:
    """Read all of a short list (`sources`, `custom_field_definitions`); nothing that HTTP can do raises."""
    listing = lookup.list
    pages = read_pages(
        client,
        listing.path or "",
        contract.pagination_of(listing),
        contract.records_of(listing),
        listing.params,
        method=listing.method,
        eager=False,
    )
    try:
        return Listed([row for page in pages for row in page.records], None)
    except HR4YouError as error:
        return Listed([], error)


def page_params(pagination: Pagination, size: int | None, index: int = 0) -> Params:
    """Return what asks for a page of so many, counted from 0; None leaves the size to the tenant."""
    params: Params = {}
    if pagination.type == "page":
        params[pagination.page or "page"] = pagination.first_page + index
    elif pagination.type == "offset":
        params[pagination.offset or "offset"] = index * (size or pagination.max_size)
    if pagination.size is not None and size is not None:
        params[pagination.size] = size
    return params
