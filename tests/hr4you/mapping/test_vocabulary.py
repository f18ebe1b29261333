from __future__ import annotations

from typing import Any

import pytest

from hr4you.mapping.findings import MAX_VALUES
from hr4you.mapping.vocabulary import Vocabulary
from tests.hr4you.mapping.objects import JOB, mapped, mapper

EMPLOYMENT = {
    "Vollzeit": "FULL_TIME",
    " VOLLZEIT ": "FULL_TIME",
    "full time": "FULL_TIME",
    "Full-Time": "FULL_TIME",
    "Teilzeit": "PART_TIME",
    "Minijob": "PART_TIME",
    "MINI_JOB": "PART_TIME",
    "Mini-Job": "PART_TIME",
    "Aushilfe": "PART_TIME",
    "Werkstudent": "PART_TIME",
    "STUDENT_EMPLOYEE": "PART_TIME",
    "Freelancer": "CONTRACT",
    "freie_mitarbeit": "CONTRACT",
    "Befristet": "CONTRACT",
    "Saison": "SEASONAL",
    "Saisonarbeit": "SEASONAL",
    "Praktikum": "INTERNSHIP",
    "Ausbildungsplatz": "INTERNSHIP",
    "Ausbildung": "INTERNSHIP",
    "APPRENTICESHIP": "INTERNSHIP",
    "Trainee": "INTERNSHIP",
    "duales studium": "INTERNSHIP",
}


@pytest.mark.parametrize(("word", "value"), EMPLOYMENT.items())
def test_employment_types_are_read_in_german_and_english(word: str, value: str) -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "jobEmploymentType": word})["employment_type"] == value
    assert not subject.unmapped


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("offen", "OPEN"),
        ("Geschlossen", "CLOSED"),
        ("entwurf", "DRAFT"),
        ("ARCHIVIERT", "ARCHIVED"),
        ("closed", "CLOSED"),
    ],
)
def test_a_job_s_status_is_read(word: str, value: str) -> None:
    assert mapped("jobs", jobStatus=word)["status"] == value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("oeffentlich", "PUBLIC"),
        ("Öffentlich", "PUBLIC"),
        ("intern", "INTERNAL"),
        ("nicht gelistet", "UNLISTED"),
        ("nichtgelistet", "UNLISTED"),
        ("Nicht-gelistet", "UNLISTED"),
        ("vertraulich", "CONFIDENTIAL"),
    ],
)
def test_a_job_s_visibility_is_read(word: str, value: str) -> None:
    assert mapped("jobs", jobVisibility=word)["visibility"] == value


@pytest.mark.parametrize("word", ["Vollzeit/Teilzeit", "Freiwillig", "Initiativbewerbung", "Vollzeit, Teilzeit"])
def test_values_without_a_mapping_pass_through_and_are_counted(word: str) -> None:
    subject = mapper("jobs")
    for _ in range(2):
        assert subject({**JOB, "jobEmploymentType": f" {word} "})["employment_type"] == word
    assert subject.unmapped == {("employment_type", word): 2}


WORDS = {
    "nothing": (None, None, 0),
    "empty": ("", None, 0),
    "blank": ("  ", None, 0),
    "false": (False, None, 0),
    "number": (3, "3", 1),
    "true": (True, "true", 1),
    "list-of-one": (["Vollzeit"], "FULL_TIME", 0),
    "list-of-two": (["Vollzeit", "Teilzeit"], "Vollzeit/Teilzeit", 1),
    "empty-list": ([], None, 0),
}


@pytest.mark.parametrize(("value", "word", "unmapped"), WORDS.values(), ids=WORDS)
def test_other_values_are_words_where_they_can_be(value: Any, word: str | None, unmapped: int) -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "jobEmploymentType": value})["employment_type"] == word
    assert subject.unmapped.total() == unmapped


def test_an_object_in_place_of_a_word_is_null_and_told() -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "jobStatus": {"id": 3}})["status"] is None
    assert len(subject.notices) == 1


def test_a_tenant_adds_its_own_words_numbers_and_flags() -> None:
    override = "vocabularies: {status: {OPEN: [laufend, '1', true], CLOSED: [0, false]}}"
    subject = mapper("jobs", override)
    found = [subject({**JOB, "jobStatus": value})["status"] for value in ("laufend", 1, True, 0, False)]
    assert found == ["OPEN", "OPEN", "OPEN", "CLOSED", "CLOSED"]
    assert not subject.unmapped


def test_the_unified_values_are_words_unless_they_are_listed_elsewhere() -> None:
    vocabulary = Vocabulary({"OPEN": ["draft"], "DRAFT": ["entwurf"], "CLOSED": []})
    assert [vocabulary.find(word) for word in ("draft", "closed", "Entwurf", "archived")] == [
        "OPEN",
        "CLOSED",
        "DRAFT",
        None,
    ]


def test_a_word_listed_twice_goes_to_its_first_place() -> None:
    assert Vocabulary({"A": ["x"]}, {"B": ["x"]}).find("X") == "A"


def test_a_field_that_differs_in_every_record_does_not_fill_the_memory() -> None:
    subject = mapper("jobs", properties={"status"})
    for number in range(MAX_VALUES + 50):
        subject({**JOB, "jobStatus": f"{number}" + "x" * 1000})
    assert len(subject.unmapped) == MAX_VALUES
    assert max(len(value) for _, value in subject.unmapped) < 100
