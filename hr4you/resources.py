"""Reads one resource as its contract describes it: a list of its own, nested in its parents, or asked per parent."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from hr4you.contract.expressions import union_of_roots
from hr4you.crawl import Item, Pass
from hr4you.errors import ForbiddenError, NotFoundError, RequestRefusedError, UnexpectedAnswerError
from hr4you.http import Page, read_pages
from hr4you.ids import to_remote_id
from hr4you.timestamps import format_since

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hr4you.contract import Contract
    from hr4you.http import Client

_NOT_THERE = frozenset({404, 410})

logger = logging.getLogger(__name__)


class Reader:
    """Reads the objects of one resource.

    Args:
        client: of the tenant.
        contract: says where the resource is.
        name: of the resource in the contract.
        page_size: objects per page; None: the contract's maximum.
        eager: fetch pages ahead. Otherwise nothing is requested before it is asked for.
        keys: top-level wire keys that are needed; where the contract has a `select`, the others are not sent. None:
            all.
    """

    def __init__(
        self,
        client: Client,
        contract: Contract,
        name: str,
        *,
        page_size: int | None = None,
        eager: bool = True,
        keys: frozenset[str] | None = None,
    ) -> None:
        self.name = name
        self._client = client
        self._contract = contract
        self._resource = contract.resources[name]
        self._page_size = page_size
        self._eager = eager
        self._keys = keys if self._resource.select else None
        listing = self._resource.list
        self._parent: Reader | None = None
        if listing.parent is not None:
            parent_keys = None
            if listing.nested_in is not None:
                parent_keys = union_of_roots((contract.resources[listing.parent].id.roots, listing.inside.roots))
            self._parent = Reader(client, contract, listing.parent, page_size=page_size, eager=eager, keys=parent_keys)

    @property
    def is_nested(self) -> bool:
        """Whether what is listed are parents, and the objects are inside them or asked for per parent."""
        return self._parent is not None

    @property
    def can_filter(self) -> bool:
        """Whether the tenant can leave out what has not changed since a time."""
        listing = self._resource.list
        if self._parent is not None and listing.parent_touches and self._parent.can_filter:
            return True
        return listing.nested_in is None and self._resource.changed_since is not None

    @property
    def can_list_ids(self) -> bool:
        """Whether ids can be listed for less than the objects cost."""
        return self._parent is None and (self._resource.only_ids is not None or self._resource.select is not None)

    @property
    def can_get(self) -> bool:
        """Whether one object can be asked for by its id."""
        return self._resource.get is not None

    def read(self, look: Pass, *, since: datetime | None = None, ids_only: bool = False) -> Iterator[list[Item]]:
        """Yield the list's objects page by page, at least one page, which may be empty.

        Args:
            look: is told of every page. For resources inside others it counts the parents.
            since: only what changed then or later, as far as the tenant can filter; it may send more. None: all.
            ids_only: objects may come with nothing but their id.
        """
        listing = self._resource.list
        if self._parent is None:
            for page in self._pages(listing.path or "", self._params(since, ids_only=ids_only)):
                items = [Item(to_remote_id(self._resource.id(wire)), wire, None) for wire in page.records]
                ids = [item.remote_id for item in items if item.remote_id is not None]
                look.note_page(ids, total=page.total, date=page.date)
                yield items
            return
        since_of_parent = since if listing.parent_touches else None
        of_parents = self._nested_in if listing.nested_in is not None else self._asked_per
        for parents in self._parent.read(look, since=since_of_parent, ids_only=listing.per is not None):
            yield of_parents([parent for parent in parents if parent.remote_id is not None], look, since)

    def fetch(self, ids: Iterable[str]) -> Iterator[list[Item]]:
        """Yield the objects with these ids, without those that do not exist.

        They are asked for one by one and several at a time; where that is not to be had, or would not tell the parent,
        they are picked from the list.
        """
        wanted = set(ids)
        if self.can_get and not self.is_nested:
            refused = set()
            for remote_id, item in self._client.map_ordered(self._try_to_get, sorted(wanted)):
                if isinstance(item, ForbiddenError):
                    refused.add(remote_id)
                elif item is not None:
                    yield [item]
            wanted = refused
        if wanted:
            for items in self.read(Pass()):
                yield [item for item in items if item.remote_id in wanted]

    def still_there(self, ids: Iterable[str]) -> set[str]:
        """Return those of these ids whose objects exist, as far as the token may know; to be called where `can_get`."""
        return {remote_id for remote_id, item in self._client.map_ordered(self._try_to_get, list(ids)) if item}

    def _try_to_get(self, remote_id: str) -> tuple[str, Item | ForbiddenError | None]:
        """Return the id with its object, with None where there is none, or with the refusal to show it."""
        try:
            return remote_id, self._get(remote_id)
        except ForbiddenError as error:
            return remote_id, error

    def _get(self, remote_id: str) -> Item | None:
        if self._resource.get is None:
            raise RuntimeError("the caller asks `can_get`")
        path = self._resource.get.replace("{id}", quote(remote_id, safe=""))
        try:
            answer = self._client.get(path)
        except (NotFoundError, RequestRefusedError) as error:
            if error.status in _NOT_THERE:
                return None
            raise
        find = self._contract.record_of(self._resource)
        wire = find(answer.data)
        if answer.data is None or (wire is None and find.is_null_in(answer.data)):
            return None
        if not isinstance(wire, dict) or to_remote_id(self._resource.id(wire)) != remote_id:
            raise UnexpectedAnswerError(
                f"{self.name}: GET {self._resource.get} answers with something else than the object asked for. Check "
                f"`record` and `id` of `resources.{self.name}` in the contract, or set its `get` to null",
                status=answer.status,
            )
        if self._keys is not None:  # as the list has it: its digest must not differ
            wire = {key: value for key, value in wire.items() if key in self._keys}
        return Item(remote_id, wire, None)

    def _nested_in(self, parents: list[Item], look: Pass, since: datetime | None) -> list[Item]:  # noqa: ARG002  # as _asked_per
        items = []
        inside = self._resource.list.inside
        for parent in parents:
            wires = inside(parent.wire) or []
            if not isinstance(wires, list) or not all(isinstance(wire, dict) for wire in wires):
                raise UnexpectedAnswerError(
                    f"{self.name}: `{inside.text}` inside {self._resource.list.nested_in} holds no list of "
                    f"objects. Check `resources.{self.name}.list` in the contract"
                )
            items += [Item(to_remote_id(self._resource.id(wire)), wire, parent.remote_id) for wire in wires]
        return items

    def _asked_per(self, parents: list[Item], look: Pass, since: datetime | None) -> list[Item]:
        params = self._params(since, ids_only=False)

        def ask(parent: Item) -> list[Item] | ForbiddenError:
            parent_id = parent.remote_id or ""
            path = (self._resource.list.path or "").replace("{id}", quote(parent_id, safe=""))
            try:
                wires = [wire for page in self._pages(path, params, eager=False) for wire in page.records]
            except (NotFoundError, RequestRefusedError) as error:
                if error.status in _NOT_THERE:  # the parent was deleted since it was listed
                    return []
                raise
            except ForbiddenError as error:
                return error
            return [Item(to_remote_id(self._resource.id(wire)), wire, parent_id) for wire in wires]

        found = list(self._client.map_ordered(ask, parents))
        refusals = [each for each in found if isinstance(each, ForbiddenError)]
        if refusals:
            if look.pages == 1 and len(refusals) == len(found) > 1:  # on a later page they are the exception
                raise refusals[0]
            look.moved = True  # what hangs on these parents is not seen, and so not gone
            logger.warning("%s: those of %d %s may not be read.", self.name, len(refusals), self._resource.list.per)
        return [item for items in found if not isinstance(items, ForbiddenError) for item in items]

    def _pages(self, path: str, params: dict[str, str], *, eager: bool | None = None) -> Iterator[Page]:
        listing = self._resource.list
        return read_pages(
            self._client,
            path,
            self._contract.pagination_of(listing),
            self._contract.records_of(listing),
            params,
            method=listing.method,
            page_size=self._page_size,
            eager=self._eager if eager is None else eager,
        )

    def _params(self, since: datetime | None, *, ids_only: bool) -> dict[str, str]:
        resource = self._resource
        params = dict(resource.list.params)
        if since is not None and resource.changed_since is not None:
            zone = self._contract.api.zone
            params[resource.changed_since.param] = format_since(since, resource.changed_since.format, zone)
        keys = self._keys
        if ids_only:
            if resource.only_ids is not None:
                return params | resource.only_ids.params
            keys = resource.id.roots if resource.select is not None else None
        if keys is not None and resource.select is not None:
            params[resource.select.param] = resource.select.join.join(sorted(keys))
        return params
