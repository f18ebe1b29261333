"""Which words of a status field are shown, and which may be somebody's name."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hr4you.crawl import Item
from hr4you.inspection.samples import Sample
from hr4you.inspection.words import Told, Words
from tests.hr4you.inspection.test_coverage import contract_of

PEOPLE: list[dict[str, Any]] = [
    {"firstname": "Anna", "lastname": "von der Heyde", "city": "In der Aue", "emails": [{"address": "a@example.org"}]},
    {"firstname": "Bert", "lastname": "Maier-Groß", "street": "Offen", "phones": [{"number": "0170 1234567"}]},
]


def told(**counts: int) -> Told:
    return told_of(counts)


def told_of(counts: dict[str, int]) -> Told:
    sample = Sample("candidates", [Item("1", wire, None) for wire in PEOPLE])
    return Words(contract_of(), [sample]).told(Counter(counts))


def test_words_come_by_how_frequent_they_are() -> None:
    assert told(neu=3, abgelehnt=9) == Told({"abgelehnt": 9, "neu": 3}, 0)


def test_words_that_share_a_small_word_with_a_street_or_a_name_are_shown() -> None:
    counts = {"in Bearbeitung": 5, "von der Stelle zurückgetreten": 2}
    assert told_of(counts) == Told(counts, 0)


@pytest.mark.parametrize(
    "value",
    [
        "Anna",
        "anna",
        "Frau Heyde",
        "Bert Maier",
        "GROSS",
        "0170 1234567",
        "x@example.org",
        "offen",
        "2024-01-31",
        "x" * 99,
    ],
    ids=str,
)
def test_a_value_that_may_be_somebody_s_is_hidden(value: str) -> None:
    assert told_of({"neu": 3, "abgelehnt": 2, value: 1}) == Told({"neu": 3, "abgelehnt": 2}, 1)


def test_where_most_values_are_hidden_all_are() -> None:
    assert told_of({"Anna Heyde": 4, "Bert Maier": 3, "Cem Unknown": 3}) == Told({}, 3)


def test_many_values_that_hardly_repeat_are_no_words() -> None:
    assert told_of({f"w{number}": 1 for number in range(13)}) == Told({}, 13)
    assert told_of({f"w{number}": 9 for number in range(41)}) == Told({}, 41)
    assert told_of({f"w{number}": 2 for number in range(13)}).hidden == 0
