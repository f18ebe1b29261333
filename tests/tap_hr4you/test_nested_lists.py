"""Applications that hang on their candidates: inside them, or in a list that is asked for per candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import nested, plain
from tests.tap_hr4you.other_servers import NOTHING, by_id, nested_config, sync
from tests.tap_hr4you.runs import TapRun, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PER_CANDIDATE = """
version: 1
resources:
  applications:
    list: {per: candidates, path: "applicants/{id}/applications"}
    get: null
    only_ids: null
    fields: {candidate_id: null}
"""
BEFORE = "2024-07-01T07:00:00Z"


@pytest.fixture
def nested_tenant() -> Iterator[nested.NestedTenant]:
    with nested.serve() as served:
        yield served


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    """Four candidates with two applications each: 10 and 11 of candidate 1, and so on."""
    with plain.serve() as served:
        for number in (1, 2, 3, 4):
            served.put("applicants", number, updatedAt=BEFORE)
            served.put("applications", 10 * number, 10 * number + 1, applicantId=number, updatedAt=BEFORE)
        yield served


@pytest.fixture
def config(tenant: plain.PlainTenant, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "contract.yml"
    file.write_text(PER_CANDIDATE)
    return plain.config_of(tenant, contract=[str(file)])


def told(run: TapRun) -> dict[str, tuple[str | None, bool]]:
    """Remote id -> candidate and whether it was deleted, of the applications that a run told."""
    return {
        key: (record["candidate_id"], record["remote_deleted_at"] is not None)
        for key, record in by_id(run, "applications").items()
    }


def test_an_application_that_moved_without_a_new_time_is_told_with_its_new_candidate(
    nested_tenant: nested.NestedTenant,
) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    people = nested_tenant.tables["people"]
    people[nested.BOB]["applications"].append(people[nested.ANN]["applications"].pop(0))
    moved = sync(config, state)

    assert moved.counts == {**NOTHING, "applications": 1}
    assert told(moved) == {nested.FIRST: (f"acme:candidate:{nested.BOB}", False)}
    assert sync(config, moved.state).counts == NOTHING


def test_an_application_without_times_that_moved_is_told_with_its_new_candidate(
    nested_tenant: nested.NestedTenant, tmp_path: Path
) -> None:
    file = tmp_path / "contract.yml"
    file.write_text("version: 1\nresources: {applications: {changed_at: null}}")
    config = nested_config(nested_tenant)
    config["contract"] += [str(file)]
    state = sync(config).state
    nested_tenant.later(days=3)
    people = nested_tenant.tables["people"]
    people[nested.EVE]["applications"] = [people[nested.ANN]["applications"].pop(0)]
    moved = sync(config, state)

    assert moved.counts == {**NOTHING, "applications": 1}
    assert told(moved) == {nested.FIRST: (f"acme:candidate:{nested.EVE}", False)}
    assert sync(config, moved.state).counts == NOTHING


def test_an_application_that_says_whose_it_is_is_believed(nested_tenant: nested.NestedTenant, tmp_path: Path) -> None:
    file = tmp_path / "contract.yml"
    file.write_text("version: 1\nresources: {applications: {fields: {candidate_id: owner}}}")
    config = nested_config(nested_tenant)
    config["contract"] += [str(file)]
    nested_tenant.move(nested.ANN, nested.FIRST, owner=nested.EVE)
    applications = told(sync(config))

    assert applications[nested.FIRST] == (f"acme:candidate:{nested.EVE}", False)
    assert applications[nested.SECOND] == (f"acme:candidate:{nested.ANN}", False)


@pytest.mark.parametrize("inside", [{"id": "1"}, ["1"], "1", [{"id": "1"}, None]], ids=str)
def test_what_holds_no_list_of_applications_is_told(nested_tenant: nested.NestedTenant, inside: Any) -> None:
    nested_tenant.tables["people"][nested.BOB]["applications"] = inside

    run = run_tap(nested_config(nested_tenant))

    assert run.status == 1
    assert "applications: `applications` inside candidates holds no list of objects" in run.last_line


def test_asked_per_candidate_an_application_gets_its_candidate_whenever_it_comes(
    tenant: plain.PlainTenant, config: dict[str, Any]
) -> None:
    first = sync(config)
    tenant.put("applications", 19, applicantId=1, updatedAt="2019-01-01T00:00:00Z")
    tenant.later(hours=1).put("applications", 20, applicantId=3)
    second = sync(config, first.state)

    assert told(first) == {
        str(10 * number + more): (f"acme:candidate:{number}", False) for number in (1, 2, 3, 4) for more in (0, 1)
    }
    assert told(second) == {"19": ("acme:candidate:1", False), "20": ("acme:candidate:3", False)}
    assert sync(config, second.state).counts == NOTHING


def test_the_applications_of_a_deleted_candidate_are_gone(tenant: plain.PlainTenant, config: dict[str, Any]) -> None:
    state = sync(config).state
    tenant.delete("applicants", "2")

    run = sync(config, state)

    assert run.counts == {**NOTHING, "candidates": 1, "applications": 2}
    assert told(run) == {"20": (None, True), "21": (None, True)}


def test_a_candidate_that_goes_while_the_list_is_read_ends_nothing(
    tenant: plain.PlainTenant, config: dict[str, Any]
) -> None:
    tenant.refused["applicants/2/applications"] = 410

    assert set(told(sync(config))) == {"10", "11", "30", "31", "40", "41"}


def test_what_hangs_on_a_candidate_that_may_not_be_read_is_not_deleted(
    tenant: plain.PlainTenant, config: dict[str, Any]
) -> None:
    state = sync(config).state
    tenant.refused["applicants/2/applications"] = 403
    tenant.later(hours=1).put("applications", 30, applicantId=3)
    run = sync(config, state)
    del tenant.refused["applicants/2/applications"]
    after = sync(config, run.state)

    assert "applications: those of 1 candidates may not be read" in run.log
    assert told(run) == {"30": ("acme:candidate:3", False)}
    assert after.counts == NOTHING


def test_applications_of_no_candidate_that_may_be_read_are_a_forbidden_stream(
    tenant: plain.PlainTenant, config: dict[str, Any]
) -> None:
    first = sync(config)
    tenant.refused |= {f"applicants/{number}/applications": 403 for number in (1, 2, 3, 4)}
    tenant.later(hours=1).put("applicants", 5)
    tenant.refused["applicants/5/applications"] = 403
    run = run_tap(config, state=first.state)
    skipped = run_tap({**config, "skip_forbidden_streams": True}, state=first.state)

    assert (run.status, skipped.status) == (1, 0)
    assert "the token may not read applications" in run.last_line
    assert run.counts == skipped.counts == {**NOTHING, "candidates": 1}
    assert run.state["bookmarks"]["applications"] == first.state["bookmarks"]["applications"]
