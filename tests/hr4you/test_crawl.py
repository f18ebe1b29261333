"""When a list that is read page by page is known to have been read whole, over a reader whose answers are scripted."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from hr4you.crawl import MAX_LOOKS, MAX_SWEEPS, Crawl, Item, Pass, list_ids
from hr4you.idset import IdSet
from hr4you.resources import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOW = datetime(2024, 7, 1, 8, tzinfo=timezone.utc)


class Look:
    """What one look through the list finds: its pages, and the total that each of them tells."""

    def __init__(self, *pages: str, total: int | None = None, totals: list[int | None] | None = None) -> None:
        self.pages = [page.split() for page in pages]
        self.totals = totals or [total] * len(pages)


class Scripted(Reader):
    """Answers the first look with the first script, and so on; the last one is answered again and again."""

    def __init__(self, *looks: Look, ids: bool = True, nested: bool = False) -> None:
        self.name = "jobs"
        self.looks = list(looks)
        self.asked: list[tuple[bool, datetime | None]] = []
        self.fetched: list[list[str]] = []
        self.ids, self.nested = ids, nested

    @property
    def is_nested(self) -> bool:
        return self.nested

    @property
    def can_list_ids(self) -> bool:
        return self.ids

    def read(self, look: Pass, *, since: datetime | None = None, ids_only: bool = False) -> Iterator[list[Item]]:
        self.asked.append((ids_only, since))
        script = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        for number, (page, total) in enumerate(zip(script.pages, script.totals, strict=True)):
            look.note_page(page, total=total, date=NOW + timedelta(seconds=number))
            yield [Item(remote_id, {}, None) for remote_id in page] + [Item(None, {}, None)]

    def fetch(self, ids: Iterable[str]) -> Iterator[list[Item]]:
        self.fetched.append(sorted(ids))
        yield [Item(remote_id, {}, None) for remote_id in self.fetched[-1]]


def read(crawl: Crawl) -> list[str]:
    """Read to the end, as a caller to whom everything that a further look brings was missed."""
    found = []
    for items in crawl:
        new = [item.remote_id for item in items if item.remote_id is not None and item.remote_id not in found]
        crawl.missed += len(new)
        found += new
    return found


def test_a_list_that_stands_still_is_looked_through_once() -> None:
    reader = Scripted(Look("1 2", "3", total=3))
    crawl = Crawl(reader)

    assert read(crawl) == ["1", "2", "3"]
    assert (crawl.settled, crawl.is_full, crawl.total, crawl.started) == (True, True, 3, NOW)
    assert (reader.asked, reader.fetched) == ([(False, None)], [])
    assert crawl.as_id_list().agreed
    assert crawl.as_id_list().ids == crawl.ids == IdSet("123")


@pytest.mark.parametrize(
    "first",
    [
        Look("1 2", "2", total=2),
        Look("1 2", "3", totals=[3, 2]),
        Look("1 2", "3", totals=[2, 3]),
        Look("1", "2", total=3),
        Look("1 2", "3 4", total=3),
    ],
    ids=["a row comes twice", "fewer than before", "more than before", "fewer than told", "more than told"],
)
def test_a_list_that_moves_is_looked_through_again_until_nothing_was_missed(first: Look) -> None:
    reader = Scripted(first, Look("1 2 3 4 5", total=5))
    crawl = Crawl(reader, since=NOW)

    assert sorted(read(crawl)) == ["1", "2", "3", "4", "5"]
    assert crawl.settled
    assert not crawl.is_full
    assert reader.asked == [(False, NOW), (True, NOW), (True, NOW)]
    assert reader.fetched[-1] == []


def test_a_total_that_is_told_on_the_first_page_only_is_believed() -> None:
    reader = Scripted(Look("1 2", "3 4", totals=[4, None]))
    crawl = Crawl(reader)
    read(crawl)

    assert crawl.settled
    assert crawl.as_id_list().agreed
    assert len(reader.asked) == 1


@pytest.mark.parametrize(("pages", "looks"), [(["1 2"], 1), (["1", "2"], 2)], ids=["one page", "two pages"])
def test_a_change_during_the_crawl_may_have_moved_rows_between_pages(pages: list[str], looks: int) -> None:
    reader = Scripted(Look(*pages, total=2))
    crawl = Crawl(reader)
    for _ in crawl:
        crawl.late_changes = True

    assert crawl.settled
    assert len(reader.asked) == looks


def test_a_list_that_never_settles_is_left_after_some_looks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    reader = Scripted(*(Look(" ".join(str(row) for row in range(size)), total=99) for size in range(1, 20)))
    crawl = Crawl(reader)

    assert len(read(crawl)) == 1 + MAX_LOOKS
    assert not crawl.settled
    assert f"after {MAX_LOOKS} more looks it is still moving" in caplog.text


def test_without_a_list_of_ids_a_further_look_reads_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    reader = Scripted(Look("1", total=2), Look("1 2", total=2), ids=False)
    crawl = Crawl(reader, since=NOW)

    assert read(crawl) == ["1", "2"]
    assert crawl.ids == IdSet("12")
    assert crawl.settled
    assert (reader.asked, reader.fetched) == ([(False, NOW)] * 3, [])
    assert "after 2 more looks it is complete" in caplog.text


def test_without_a_page_there_is_no_start() -> None:
    with pytest.raises(RuntimeError):
        _ = Crawl(Scripted(Look("1"))).started


def test_a_tenant_without_a_clock_gets_this_machines() -> None:
    look = Pass()
    look.note_page([], total=None, date=None)
    first = look.started
    look.note_page([], total=None, date=NOW)

    assert first is not None
    assert abs(first - datetime.now(timezone.utc)) < timedelta(minutes=1)
    assert look.started == first


def test_no_total_is_told_where_the_parents_are_listed() -> None:
    crawl = Crawl(Scripted(Look("1", total=1), nested=True))
    read(crawl)

    assert crawl.total is None


@pytest.mark.parametrize(
    ("second", "ids", "agreed"),
    [
        (Look("1 2"), "12", True),
        (Look("1"), "12", False),
        (Look("1 2", "2"), "12", False),
        (Look("1 2 3"), "123", False),
    ],
    ids=["the same", "fewer", "one twice", "more"],
)
def test_without_a_total_a_list_is_trusted_if_the_next_one_is_the_same(second: Look, ids: str, agreed: bool) -> None:  # noqa: FBT001  # a column of the table
    crawl = Crawl(Scripted(Look("1 2"), second))
    read(crawl)

    listed = crawl.as_id_list()

    assert (listed.ids, listed.agreed) == (IdSet(ids), agreed)


def test_a_crawl_whose_total_is_wrong_is_no_list_to_trust() -> None:
    crawl = Crawl(Scripted(Look("1 2", total=3)))
    read(crawl)

    assert not crawl.as_id_list().agreed


@pytest.mark.parametrize(
    ("looks", "sweeps", "agreed"),
    [
        ([Look("1 2", total=2)], 1, True),
        ([Look("1", total=2), Look("1 2", total=2)], 2, True),
        ([Look("1", total=2)], MAX_SWEEPS, False),
        ([Look("1 2"), Look("1 2")], 2, True),
        ([Look("1"), Look("1 2")], MAX_SWEEPS, True),
        ([Look("1"), Look("1 2"), Look("1 2 3")], MAX_SWEEPS, False),
        ([Look("1", "1")], MAX_SWEEPS, False),
        ([Look("", total=0)], 1, True),
    ],
    ids=[
        "as many as told",
        "as many at the second try",
        "never as many as told",
        "no total, twice the same",
        "no total, the same at last",
        "no total, never the same",
        "always one twice",
        "empty",
    ],
)
def test_the_ids_are_listed_until_a_list_can_be_trusted(looks: list[Look], sweeps: int, agreed: bool) -> None:  # noqa: FBT001  # a column of the table
    reader = Scripted(*looks)

    listed = list_ids(reader)

    assert listed.agreed == agreed
    assert reader.asked == [(True, None)] * sweeps
    assert listed.ids == IdSet(looks[-1].pages[0])
