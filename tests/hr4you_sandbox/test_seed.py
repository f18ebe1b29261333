"""The made-up tenant looks like a real one, and is the same for the same seed."""

from __future__ import annotations

from typing import Any

import pytest

from hr4you_sandbox.seed import fill
from hr4you_sandbox.store import Store


def seeded(candidates: int, seed: int) -> Store:
    store = Store()
    fill(store, candidates, seed)
    return store


def rows(store: Store) -> dict[str, dict[int, bytes]]:
    return {name: table.rows for name, table in store.tables.items()}


@pytest.fixture(scope="module")
def tenant() -> dict[str, list[dict[str, Any]]]:
    store = seeded(1_500, 1)
    return {name: [table.get(key) or {} for key in table.ids] for name, table in store.tables.items()}


def test_the_same_seed_gives_the_same_bytes_and_another_others() -> None:
    assert rows(seeded(80, 3)) == rows(seeded(80, 3)) != rows(seeded(80, 4))


@pytest.mark.parametrize("count", [0, 1, 500])
def test_there_are_as_many_candidates_as_asked_for(count: int) -> None:
    store = seeded(count, 1)
    assert store.tables["applicants"].ids == list(range(1001, 1001 + count))


def test_everything_points_at_something(tenant: dict[str, list[dict[str, Any]]]) -> None:
    ids = {
        "applicantId": {item["applicantId"] for item in tenant["applicants"]},
        "jobId": {item["jobId"] for item in tenant["jobs"]},
        "stageId": {item["stageId"] for item in tenant["stages"]},
    }
    for application in tenant["applications"]:
        assert all(application[key] in known for key, known in ids.items())
    users = {item["userId"] for item in tenant["users"]}
    assert {job["contactId"] for job in tenant["jobs"]} - {None} <= users


def test_people_look_like_people(tenant: dict[str, list[dict[str, Any]]]) -> None:
    people = tenant["applicants"]
    names = " ".join(f"{person['firstname']} {person['lastname']}" for person in people)
    assert all(sign in names for sign in "äöüß-")
    assert {len(person["emails"]) for person in people} == {0, 1, 2}
    assert {len(person["phones"]) for person in people} == {0, 1, 2}
    assert {person["country"] for person in people} >= {"Deutschland", "DE", "", None, "Österreich"}
    assert {person["source"] is None for person in people} == {True, False}
    numbers = [phone["number"] for person in people for phone in person["phones"]]
    assert any("(" in number for number in numbers)
    assert "" in numbers


def test_jobs_come_in_every_state(tenant: dict[str, list[dict[str, Any]]]) -> None:
    jobs = tenant["jobs"]
    assert {job["jobStatus"] for job in jobs} == {"offen", "geschlossen", "entwurf", "archiviert"}
    assert {job["jobVisibility"] for job in jobs} == {"oeffentlich", "intern", "nichtgelistet", "vertraulich"}
    assert {"Vollzeit", "Teilzeit", "Vollzeit/Teilzeit", ""} <= {job["jobEmploymentType"] for job in jobs}
    assert {"2999-09-23", None} <= {job["jobPublishingDateUntil"] for job in jobs}
    assert all(job["jobFulltext"].startswith("<p>") for job in jobs)


def test_two_users_have_no_valid_email_address(tenant: dict[str, list[dict[str, Any]]]) -> None:
    emails = [user["email"] for user in tenant["users"]]
    assert [email for email in emails if "@personal" not in email] == [emails[3], emails[7]]


def test_custom_fields_come_in_five_types_with_values_of_their_type(tenant: dict[str, list[dict[str, Any]]]) -> None:
    kinds = {"text": str, "number": int, "boolean": bool, "date": str, "select": str}
    seen = set()
    for kind in ("applicants", "jobs", "applications"):
        for field in (field for item in tenant[kind] for field in item["customFields"]):
            assert field["value"] is None or type(field["value"]) is kinds[field["type"]]
            seen.add((field["type"], field["value"] is None))
    assert seen == {(kind, empty) for kind in kinds for empty in (True, False)}


def test_applications_are_spread_over_the_pipeline(tenant: dict[str, list[dict[str, Any]]]) -> None:
    assert {item["stageId"] for item in tenant["applications"]} == {stage["stageId"] for stage in tenant["stages"]}
    assert {item["status"] for item in tenant["applications"]} == {
        "neu", "in_bearbeitung", "eingestellt", "abgelehnt", "zurueckgezogen", None,
    }  # fmt: skip
    pairs = [(item["applicantId"], item["jobId"]) for item in tenant["applications"]]
    assert len(pairs) == len(set(pairs))


def test_nothing_is_younger_than_2025(tenant: dict[str, list[dict[str, Any]]]) -> None:
    for kind in ("users", "jobs", "applicants", "stages", "applications"):
        assert max(item["updatedAt"] for item in tenant[kind]) < "2026"
        assert all(item.get("createdAt", "") <= item["updatedAt"] for item in tenant[kind])
