"""What a list of ids may delete, to the last record of each limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hr4you.crawl import IdList
from hr4you.idset import IdSet
from tap_hr4you.deletions import SAMPLE_SIZE, SMALL_STREAM, Limits, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable


def numbers(start: int, end: int) -> IdSet:
    return IdSet(str(number) for number in range(start, end))


class Tenant:
    """Says which records exist, and remembers who was asked for."""

    def __init__(self, alive: Iterable[str] = ()) -> None:
        self.alive = set(alive)
        self.asked: list[str] = []

    def __call__(self, ids: Iterable[str]) -> set[str]:
        asked = list(ids)
        self.asked += asked
        return self.alive & set(asked)


def judged(known: IdSet, listed: IdSet, *, agreed: bool = True, **options: Any) -> Verdict:
    limits = Limits(max_ratio=options.pop("max_ratio", 0.5), allow_mass=options.pop("allow_mass", False))
    options = {"still_there": Tenant(), **options}
    return judge("jobs", known, IdList(listed, agreed=agreed), limits=limits, **options)


def test_what_is_missing_is_gone_and_what_is_unknown_is_added() -> None:
    assert judged(numbers(0, 10), numbers(2, 12)) == Verdict(IdSet("01"), IdSet(["10", "11"]), trusted=True)


@pytest.mark.parametrize("agreed", [True, False])
def test_where_nothing_is_missing_the_check_counts_if_the_list_agrees(agreed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    tenant = Tenant()

    assert judged(IdSet("1"), IdSet("12"), agreed=agreed, still_there=tenant) == Verdict(IdSet(), IdSet("2"), agreed)
    assert tenant.asked == []


def test_a_list_that_disagrees_deletes_nothing_even_where_much_may_go() -> None:
    tenant = Tenant()

    verdict = judged(numbers(0, 10), numbers(2, 12), agreed=False, allow_mass=True, still_there=tenant)

    assert verdict == Verdict(IdSet(), IdSet(["10", "11"]), trusted=False)
    assert tenant.asked == []


@pytest.mark.parametrize(
    ("known", "missing", "ratio", "gone"),
    [
        (SMALL_STREAM, SMALL_STREAM - 1, 0.5, True),
        (SMALL_STREAM + 1, 11, 0.5, False),
        (SMALL_STREAM + 1, 10, 0.5, True),
        (22, 11, 0.5, True),
        (22, 12, 0.5, False),
        (100, 1, 0.0, False),
        (100, 99, 1.0, True),
        (100, 5, 0.05, True),
        (100, 6, 0.05, False),
    ],
)
def test_a_stream_may_lose_so_many_records_and_no_more(known: int, missing: int, ratio: float, gone: bool) -> None:  # noqa: FBT001  # a column of the table
    verdict = judged(numbers(0, known), numbers(missing, known), max_ratio=ratio)

    assert verdict == Verdict(numbers(0, missing if gone else 0), IdSet(), trusted=gone)


@pytest.mark.parametrize("known", [1, SMALL_STREAM, 100])
def test_an_empty_list_deletes_nothing_unless_it_is_allowed(known: int, caplog: pytest.LogCaptureFixture) -> None:
    refused = judged(numbers(0, known), IdSet(), max_ratio=1.0)
    allowed = judged(numbers(0, known), IdSet(), allow_mass=True)

    assert refused == Verdict(IdSet(), IdSet(), trusted=False)
    assert f"the list is empty, {known} records are known" in caplog.text
    assert allowed == Verdict(numbers(0, known), IdSet(), trusted=True)


def test_up_to_the_size_of_a_sample_each_one_is_asked_for() -> None:
    tenant = Tenant(alive="7")

    verdict = judged(numbers(0, 1000), numbers(SAMPLE_SIZE, 1000), still_there=tenant)

    assert sorted(tenant.asked, key=int) == list(numbers(0, SAMPLE_SIZE))
    assert verdict == Verdict(numbers(0, SAMPLE_SIZE) - IdSet("7"), IdSet(), trusted=True)


def test_of_more_a_sample_is_asked_for_and_answers_for_all() -> None:
    tenant = Tenant()

    verdict = judged(numbers(0, 1000), numbers(SAMPLE_SIZE + 1, 1000), still_there=tenant)

    assert len(set(tenant.asked)) == len(tenant.asked) == SAMPLE_SIZE
    assert verdict == Verdict(numbers(0, SAMPLE_SIZE + 1), IdSet(), trusted=True)


def test_where_one_of_the_sample_exists_only_what_was_asked_for_and_is_not_there_is_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tenant = Tenant(alive=numbers(0, 490))

    verdict = judged(numbers(0, 1000), numbers(500, 1000), still_there=tenant)

    assert verdict.gone == IdSet(tenant.asked) - numbers(0, 490)
    assert not verdict.trusted
    assert "of 500 records that are not listed any more" in caplog.text


def test_where_none_can_be_asked_for_the_list_alone_decides() -> None:
    assert judged(numbers(0, 10), numbers(2, 10), still_there=None) == Verdict(IdSet("01"), IdSet(), trusted=True)
