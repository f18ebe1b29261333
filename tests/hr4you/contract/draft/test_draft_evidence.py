"""What names, times and types say, and how it adds up."""

from __future__ import annotations

from typing import Any

import pytest

from hr4you.contract import compile_expression
from hr4you.contract.draft.evidence import Scored, choose, together
from hr4you.contract.draft.properties import expression_of
from hr4you.contract.draft.schema import Schema
from hr4you.contract.draft.times import told_format
from hr4you.contract.draft.vocabularies import sort_words, written_words
from hr4you.contract.draft.words import vocabulary
from tests.hr4you.contract.draft.test_draft_traps import MOMENT, NUMBER, PERSON, TEXT, drafted, in_query, of


@pytest.mark.parametrize(
    ("name", "meanings"),
    [
        ("bewerberNr", ["person", "id"]),
        ("Vorname", ["first", "name"]),
        ("first_name", ["first", "name"]),
        ("firstname", ["first", "name"]),
        ("letzteÄnderung", ["change", "change"]),
        ("geaendert_am", ["change", "at"]),
        ("Straße", ["street"]),
        ("stellenanzeigen", ["job"]),
        ("totalPages", ["total", "lastpage"]),
        ("proSeite", ["per", "page"]),
        ("PLZ", ["zip"]),
        ("applications", ["application"]),
        ("zust", ["status"]),
    ],
)
def test_a_name_is_taken_apart_into_meanings(name: str, meanings: list[str]) -> None:
    parts = vocabulary().parts(name)
    assert len(parts) == len(meanings)
    assert all(meaning in known for meaning, (_, known) in zip(meanings, parts, strict=True))


def test_what_nobody_knows_means_nothing() -> None:
    assert vocabulary().parts("xyzzy") == (("xyzzy", frozenset()),)


@pytest.mark.parametrize(
    ("schema", "description", "said"),
    [
        ({"type": "string", "format": "date-time"}, "", "iso8601"),
        ({"type": "string", "format": "date"}, "", "%Y-%m-%d"),
        ({"type": "string"}, "Format JJJJ-MM-TT hh:mm:ss, Ortszeit", "%Y-%m-%d %H:%M:%S"),
        ({"type": "string"}, "z. B. 31.01.2026 08:30", "%d.%m.%Y %H:%M"),
        ({"type": "string", "format": "date-time", "example": "2026-01-31 08:30:00"}, "", "%Y-%m-%d %H:%M:%S"),
        ({"type": "string", "example": "2026-01-31T08:30:00+01:00"}, "", "iso8601"),
        ({"type": "integer"}, "Unix timestamp in milliseconds", "epoch_ms"),
        ({"type": "integer"}, "Sekunden seit 1970 (Unix-Zeit)", "epoch_s"),
        ({"type": "integer", "example": 1767225600}, "", "epoch_s"),
        ({"type": "integer", "example": 1767225600000}, "", "epoch_ms"),
        ({"type": "integer"}, "", None),
        ({"type": "string"}, "only newer ones", None),
    ],
    ids=str,
)
def test_how_times_are_written_is_told_from_what_is_shown_and_said(
    schema: dict[str, Any], description: str, said: str | None
) -> None:
    assert told_format(Schema({}, schema), description) == said


def test_local_times_make_the_look_back_longer() -> None:
    local = {"type": "string", "example": "2026-01-31 08:30:00"}
    entries = drafted(of("candidates", **PERSON, updated=local))
    assert entries["api.naive_times"][0] is True
    assert entries["api.timezone"][0] == "Europe/Berlin"
    assert drafted(of("candidates", **PERSON, updated=MOMENT))["api.naive_times"][0] is False


@pytest.mark.parametrize("kind", ["boolean", "object"])
def test_a_value_of_another_type_is_not_what_its_name_says(kind: str) -> None:
    person = {**PERSON, "last_name": {"type": kind}}
    assert drafted(of("candidates", **person))["resources.candidates.fields.last_name"][0] != "last_name"


def test_of_two_values_that_are_as_likely_none_is_chosen_and_both_are_told() -> None:
    assert choose([Scored("a", 0.9), Scored("b", 0.88)]).best is None
    assert choose([Scored("a", 0.9), Scored("b", 0.88)]).is_close
    assert choose([Scored("a", 0.9), Scored("b", 0.7)]).best == Scored("a", 0.9)
    assert choose([Scored("a", 0.4)]).best is None


def test_evidence_adds_up_and_never_to_certainty() -> None:
    assert together([]) == 0
    assert together([0.5, 0.5]) == pytest.approx(0.75)
    assert together([1.0, 1.0]) < 1


def test_the_filter_s_form_is_the_one_of_the_times_where_nobody_says_it() -> None:
    since = in_query("updated_since", TEXT)
    local = {"type": "string", "example": "2026-01-31 08:30:00"}
    entries = drafted(of("candidates", since, **PERSON, updated_at=local))
    value, confidence = entries["resources.candidates.changed_since"]
    assert value == {"param": "updated_since", "format": "%Y-%m-%d %H:%M:%S"}
    assert confidence < 0.8
    assert (
        drafted(of("candidates", since, **PERSON, updated_at=NUMBER))["resources.candidates.changed_since"][0] is None
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("source", "name"), "source.name"),
        (("Straße",), "Straße"),
        (("a b", "Straße"), '"a b"."Straße"'),
        (("addresses", 0, "city"), "addresses[0].city"),
        ((), "@"),
    ],
    ids=str,
)
def test_a_place_becomes_an_expression_that_finds_it(path: tuple[str | int, ...], text: str) -> None:
    assert expression_of(path) == text
    wire: Any = "here"
    for part in reversed(path):
        wire = [wire] if isinstance(part, int) else {part: wire}
    assert compile_expression(text)(wire) == "here"


def test_words_of_an_enum_are_sorted_and_what_nobody_knows_is_told() -> None:
    new, unknown = sort_words("outcome", ["neu", "Vertrag geschlossen", "AbsageVomBewerber", "zyx"])
    assert new == {"HIRED": ["Vertrag geschlossen"], "DECLINED": ["AbsageVomBewerber"]}
    assert unknown == ["zyx"]


def test_of_several_words_the_usual_one_is_written() -> None:
    assert written_words("attachment_type", ["ZEUGNIS", "SONSTIGES", "LEBENSLAUF"]) == {
        "OTHER": ["SONSTIGES"],
        "CV": ["LEBENSLAUF"],
    }
