"""Reads a whole resource while its rows move between pages, and notices when some may have been missed.

Between two pages of a list a row can be updated, inserted or deleted, and others slip from a page not yet read to one
that was (RELIABILITY.md: up to 117 of 5,000 lost). Each pass therefore watches for signs of movement: a total that
changes or disagrees with the ids seen, an id seen twice, a record that changed after the crawl began. On any sign the
list is looked through again, as cheaply as the contract allows, until a look finds nothing new.
"""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from hr4you.idset import IdSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hr4you.resources import Reader

logger = logging.getLogger(__name__)

MAX_LOOKS = 5
"""So often a list that keeps moving is looked through again in one run."""

MAX_SWEEPS = 3
"""So often the ids are listed until a list agrees with its own count."""


class Item(NamedTuple):
    """One object of a resource.

    Attributes:
        remote_id: the wire id as text, None where the object has none.
        wire: the object as it came.
        parent_id: the parent's wire id where the contract nests this resource in another, else None.
    """

    remote_id: str | None
    wire: dict[str, Any]
    parent_id: str | None


@dataclasses.dataclass
class Pass:
    """What one look through a list has seen so far. For nested resources `listed` counts the parents.

    Attributes:
        started: the tenant's clock at the first page (this machine's where it sends none).
        listed: ids in the list.
        total: what the tenant says there are, as of the newest page; None where it does not say.
        pages: how many were read.
        moved: rows moved between pages, or may have.
    """

    started: datetime | None = None
    listed: IdSet = dataclasses.field(default_factory=IdSet)
    total: int | None = None
    pages: int = 0
    moved: bool = False

    def note_page(self, ids: Iterable[str], *, total: int | None, date: datetime | None) -> None:
        """Take one page into account."""
        if self.started is None:
            self.started = date or datetime.now(timezone.utc)
        if total is not None:  # some tenants tell it on the first page only
            self.moved |= self.total not in {None, total}
            self.total = total
        self.pages += 1
        for remote_id in ids:
            if remote_id in self.listed:
                self.moved = True
            else:
                self.listed.add(remote_id)

    @property
    def agrees(self) -> bool:
        """Whether rows stood still and the tenant's total is the number of ids seen; True without a total."""
        return not self.moved and self.total in {None, len(self.listed)}


@dataclasses.dataclass(frozen=True)
class IdList:
    """All ids of a resource; `agreed`: whether the list can be trusted to be whole."""

    ids: IdSet
    agreed: bool


class Crawl:
    """One run's read of one resource: iterate over it once, page by page, then ask what it found.

    Args:
        reader: of the resource.
        since: only what changed then or later; None reads everything.

    Attributes:
        ids: of everything read so far.
        settled: whether the last look found nothing that the looks before it had missed; set at the end.
        late_changes: set by the caller when it reads a record that changed after `started`.
        missed: counted up by the caller when a further look brings a record that changed before `started`. What changed
            later is for the next run: a busy tenant must not keep this one from its end.
    """

    def __init__(self, reader: Reader, *, since: datetime | None = None) -> None:
        self._reader = reader
        self._since = since
        self._first = Pass()
        self.ids = IdSet()
        self.settled = False
        self.late_changes = False
        self.missed = 0

    def __iter__(self) -> Iterator[list[Item]]:
        yield from self._noting_ids(self._reader.read(self._first, since=self._since))
        self.settled = self._stood_still()
        looks = 0
        while not self.settled and looks < MAX_LOOKS:
            looks += 1
            self.missed = 0
            yield from self._noting_ids(self._look_again())
            self.settled = not self.missed
        if looks:
            outcome = "is complete" if self.settled else "is still moving; what may be missing comes with the next run"
            logger.info("%s: the list moved while it was read; after %d more looks it %s.", self._name, looks, outcome)

    @property
    def started(self) -> datetime:
        """The tenant's clock at the first page; to be asked after that page."""
        if self._first.started is None:
            raise RuntimeError("no page has been read")
        return self._first.started

    @property
    def is_full(self) -> bool:
        """Whether everything was read, not only what changed lately."""
        return self._since is None

    def as_id_list(self) -> IdList:
        """The ids of a full crawl as a list to detect deletions with."""
        if self._first.total is None:
            look, ids = _sweep(self._reader)
            return IdList(self.ids | ids, agreed=look.agrees and self.ids == ids)
        return IdList(self.ids, agreed=self._first.agrees)

    @property
    def total(self) -> int | None:
        """How many objects the tenant lists; None if it does not say, or lists their parents."""
        return None if self._reader.is_nested else self._first.total

    @property
    def _name(self) -> str:
        return self._reader.name

    def _stood_still(self) -> bool:
        return self._first.agrees and not (self.late_changes and self._first.pages > 1)

    def _noting_ids(self, pages: Iterator[list[Item]]) -> Iterator[list[Item]]:
        for items in pages:
            for item in items:
                if item.remote_id is not None:
                    self.ids.add(item.remote_id)
            yield items

    def _look_again(self) -> Iterator[list[Item]]:
        """Read what the list holds and the crawl has not seen: by ids where it can, else all once more."""
        if not self._reader.can_list_ids:
            yield from self._reader.read(Pass(), since=self._since)
            return
        _, listed = _sweep(self._reader, since=self._since)
        yield from self._reader.fetch(listed - self.ids)


def list_ids(reader: Reader) -> IdList:
    """List all ids of a resource, again until a list agrees with its count (without a count: with the one before)."""
    before: IdSet | None = None
    for _ in range(MAX_SWEEPS):
        look, ids = _sweep(reader)
        if look.agrees and (look.total is not None or ids == before):
            return IdList(ids, agreed=True)
        before = ids
    return IdList(ids, agreed=False)


def _sweep(reader: Reader, *, since: datetime | None = None) -> tuple[Pass, IdSet]:
    """List the ids once; of a resource inside others these are not the ids that the pass counts."""
    look, ids = Pass(), IdSet()
    for items in reader.read(look, since=since, ids_only=True):
        for item in items:
            if item.remote_id is not None:
                ids.add(item.remote_id)
    return look, ids
