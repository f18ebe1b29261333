from __future__ import annotations

from typing import Any

import pytest

from tests.hr4you.mapping.objects import APPLICATION, mapper

STAGES = {"1": "Neu", "2": "Telefoninterview", "3": "Eingestellt", "4": "Absage"}


def outcome(
    override: str = "", *, stages: dict[str, str] | None = None, **changes: Any
) -> tuple[str | None, dict[Any, int]]:
    """The outcome of an application with these changes, and what was counted as unmapped."""
    subject = mapper("applications", override, stage_name=(STAGES if stages is None else stages).get)
    record = subject({**APPLICATION, "stageId": None, **changes})
    return record["outcome"], dict(subject.unmapped)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("eingestellt", "HIRED"),
        ("hired", "HIRED"),
        ("abgelehnt", "DECLINED"),
        ("Absage", "DECLINED"),
        ("zurueckgezogen", "DECLINED"),
        ("zurückgezogen", "DECLINED"),
        ("withdrawn", "DECLINED"),
        ("neu", "PENDING"),
        ("in_bearbeitung", "PENDING"),
        ("In Bearbeitung", "PENDING"),
        ("laufend", "PENDING"),
        ("Open", "PENDING"),
    ],
)
def test_a_status_is_read_in_german_and_english(status: str, expected: str) -> None:
    assert outcome(status=status) == (expected, {})


def test_an_unmapped_status_is_null_and_counted() -> None:
    assert outcome(status="Wartet auf Godot") == (None, {("outcome", "Wartet auf Godot"): 1})


@pytest.mark.parametrize("status", [None, "", "  ", {}, False], ids=repr)
def test_no_status_is_null_and_not_counted(status: Any) -> None:
    assert outcome(status=status) == (None, {})


def test_the_status_goes_before_the_stage() -> None:
    assert outcome(status="neu", stageId=3)[0] == "PENDING"


def test_the_stage_decides_where_the_status_says_nothing() -> None:
    assert outcome(status=None, stageId=3) == ("HIRED", {})
    assert outcome(status=None, stageId=" 4 ") == ("DECLINED", {})


def test_the_stage_decides_where_the_status_is_unmapped_which_is_still_counted() -> None:
    assert outcome(status="Godot", stageId=3) == ("HIRED", {("outcome", "Godot"): 1})


def test_a_stage_whose_name_means_no_outcome_is_counted() -> None:
    assert outcome(status=None, stageId=2) == (None, {("outcome", "Telefoninterview"): 1})


def test_an_unknown_stage_means_nothing() -> None:
    assert outcome(status=None, stageId=99) == (None, {})


def test_the_order_of_the_sources_is_the_contract_s() -> None:
    override = "vocabularies: {outcome: {sources: [stage_name, status]}}"
    assert outcome(override, status="neu", stageId=3)[0] == "HIRED"
    assert outcome(override, status="neu", stageId=None)[0] == "PENDING"


def test_a_stage_is_not_asked_for_where_the_contract_does_not_say_so() -> None:
    def refuse(_: str) -> str:
        raise AssertionError

    subject = mapper("applications", "vocabularies: {outcome: {sources: [status]}}", stage_name=refuse)
    assert subject({**APPLICATION, "status": "Godot"})["outcome"] is None


def test_a_stage_is_not_asked_for_where_the_status_is_enough_or_the_outcome_deselected() -> None:
    def refuse(_: str) -> str:
        raise AssertionError

    assert mapper("applications", stage_name=refuse)(APPLICATION)["outcome"] == "PENDING"
    subject = mapper("applications", stage_name=refuse, properties={"job_id"})
    assert "outcome" not in subject({**APPLICATION, "status": "Godot"})


def test_without_a_way_to_stage_names_the_status_is_all_there_is() -> None:
    assert mapper("applications")({**APPLICATION, "status": "eingestellt"})["outcome"] == "HIRED"
    assert mapper("applications")({**APPLICATION, "status": None})["outcome"] is None


FLAGS = """
resources: {applications: {flags: {HIRED: isHired, DECLINED: declined.at, PENDING: active}}}
vocabularies: {outcome: {sources: [flags, status]}}
"""


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"isHired": True}, "HIRED"),
        ({"isHired": 1, "declined": {"at": "2026-01-01"}}, "HIRED"),
        ({"isHired": "ja"}, "HIRED"),
        ({"isHired": False, "declined": {"at": "2026-01-01"}}, "DECLINED"),
        ({"isHired": "0", "declined": {"at": None}, "active": True}, "PENDING"),
        ({"isHired": "nein"}, "DECLINED"),
        ({}, "DECLINED"),
    ],
    ids=repr,
)
def test_flags_count_in_their_order_where_they_are_set(flags: dict[str, Any], expected: str) -> None:
    assert outcome(FLAGS, status="abgelehnt", **flags) == (expected, {})
