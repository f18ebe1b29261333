"""Long lists: five ways to cut them into pages, read ahead, in order, and never around in a circle."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from hr4you.http.numbered import read_numbered
from hr4you.http.pages import Fetched, Page, Params, Source
from hr4you.http.pool import is_worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hr4you.contract import Expression, Pagination
    from hr4you.http.answers import Answer
    from hr4you.http.client import Client

__all__ = ["Page", "read_pages"]

# Some tenants filter after they cut, so that pages may be empty and the list goes on; but not for ever.
_EMPTY_PAGES: Final = 1000


def read_pages(
    client: Client,
    path: str,
    pagination: Pagination,
    records: Expression,
    params: Mapping[str, str],
    *,
    method: str = "GET",
    page_size: int | None = None,
    eager: bool = True,
) -> Iterator[Page]:
    """Yield the pages of a list in their order; at least one, which may be empty.

    Args:
        client: of the tenant.
        path: as `Client.request` takes it.
        pagination: how the list is cut.
        records: where the list is in an answer.
        params: sent with each request: as query; with another method than GET as JSON body.
        method: of the requests; they only read, whatever it is.
        page_size: records per page, at most the contract's maximum, which is the default too.
        eager: fetch ahead: as many pages as the client may have requests in flight, or one where each page tells how
            to get to the next. Otherwise nothing is requested before it is asked for.

    Raises:
        UnexpectedAnswerError: no list of objects is where the contract says it is; the pages go around in a circle; or
            the next page would be on another host.
        HR4YouError: as `Client.request`.
    """
    size = min(page_size or pagination.max_size, pagination.max_size) if pagination.size else None
    source = Source(client, path, pagination, records, params=params, method=method, size=size)
    if pagination.type in {"page", "offset"}:
        return read_numbered(source, eager=eager)
    return _read_chained(source, eager=eager and not is_worker())


def _read_chained(source: Source, *, eager: bool) -> Iterator[Page]:
    """Read a list each of whose pages tells how to get to the next, or that has only one."""
    is_cursor = source.pagination.type == "cursor"
    parameter = source.pagination.cursor or "next"

    def place(position: str | None) -> tuple[Params | None, str | None]:
        if position is None:
            return None, None
        return ({parameter: position}, None) if is_cursor else (None, position)

    def ask(position: str | None) -> Answer:
        return source.ask(*place(position))

    def fetch(position: str | None, answer: Answer | None = None) -> Fetched:
        return source.read(answer or ask(position), *place(position))

    known: set[str] = set()
    empty = 0
    position: str | None = None
    fetched = fetch(position)
    while True:
        fetched = source.checked(fetched, partial(fetch, position), parameter)
        position = fetched.next
        empty = 0 if fetched.records else empty + 1
        if position is None:
            yield fetched.page(last=True)
            return
        if position in known or empty > _EMPTY_PAGES:
            raise source.circle(parameter)
        known.add(position)
        ahead = source.client.submit(partial(ask, position)) if eager else None
        try:
            yield fetched.page(last=False)
        except BaseException:
            if ahead is not None:
                ahead.cancel()
            raise
        del fetched  # the page that was used makes room before the next one is decoded
        fetched = fetch(position, ahead.result() if ahead is not None else None)
