"""A tenant that changes while it is read, for one run and for thirty: a fold of all records equals the tenant."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Literal

import pytest

from hr4you_sandbox import serve_in_thread
from tests.control import Control
from tests.tap_hr4you.runs import TapRun, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.e2e  # slow: whole programs, or a whole tenant each time

KINDS = {
    "users": ("users", "userId"),
    "jobs": ("jobs", "jobId"),
    "candidates": ("applicants", "applicantId"),
    "application_stages": ("stages", "stageId"),
    "applications": ("applications", "applicationId"),
}


def fold(runs: Iterable[TapRun]) -> dict[str, dict[str, Any]]:
    """Keep the last record of each id, and those only that are not deleted: what a target's table holds."""
    table = {record["id"]: record for run in runs for record in run.records()}
    return {key: record for key, record in table.items() if record["remote_deleted_at"] is None}


def tenant(sandbox: Control) -> dict[str, dict[str, Any]]:
    """What the tenant holds now, as on the wire, by the ids that the tap gives."""
    return {
        f"acme:{stream.removesuffix('s')}:{wire[key]}": wire
        for stream, (kind, key) in KINDS.items()
        for wire in sandbox.all(kind)
    }


@pytest.mark.parametrize("order", ["id", "updated_asc", "updated_desc"])
def test_a_tenant_that_changes_between_pages_is_read_whole(
    order: Literal["id", "updated_asc", "updated_desc"],
) -> None:
    with serve_in_thread(candidates=400, order=order) as server:
        sandbox = Control(server.base_url)
        config = {**sandbox.config, "page_size": 25}
        drift = {"fault": "drift", "updates": 3, "inserts": 1, "deletes": 1}
        sandbox.faults({"match": "GET /api2/applicants", "probability": 1.0, **drift})
        runs = [run_tap(config)]
        runs.append(run_tap(config, state=runs[-1].state))
        sandbox.faults()
        runs.append(run_tap(config, state=runs[-1].state))

        table, expected = fold(runs), tenant(sandbox)

    assert all(run.status == 0 for run in runs)
    assert set(table) == set(expected)
    assert {key: record["remote_data"] for key, record in table.items()} == expected


@pytest.mark.parametrize("order", ["id", "updated_asc", "updated_desc"])
def test_nothing_is_lost_between_pages_though_no_check_would_ever_find_it(
    order: Literal["id", "updated_asc", "updated_desc"],
) -> None:
    """Without checks for deletions an old row that no look has brought is lost for good."""
    with serve_in_thread(candidates=300, order=order) as server:
        sandbox = Control(server.base_url)
        config = {**sandbox.config, "page_size": 25, "deletion_check_interval_hours": None}
        sandbox.faults({"match": "GET /api2/applicants", "nth": 2, "times": 10, "fault": "drift", "deletes": 2})
        runs = [run_tap(config)]
        sandbox.faults()
        runs.append(run_tap(config, state=runs[-1].state))

        table, expected = fold(runs), tenant(sandbox)

    assert {key: table[key]["remote_data"] for key in expected} == expected


def test_thirty_runs_over_a_changing_tenant_fold_to_the_tenant(sandbox: Control) -> None:
    chance = random.Random(7)
    config = {**sandbox.config, "page_size": 50}
    runs: list[TapRun] = []
    state = None
    for number in range(30):
        run = run_tap(config, state=state)
        assert run.status == 0, run.log
        runs.append(run)
        state = run.state
        if number == 29:
            break
        change_something(sandbox, chance)
    final = run_tap(config, state=state)

    table, expected = fold([*runs, final]), tenant(sandbox)

    assert set(table) == set(expected)
    assert {key: record["remote_data"] for key, record in table.items()} == expected
    assert sum(len(run.records()) for run in runs[1:]) < 30 * 12, "more was emitted than had changed"


def change_something(sandbox: Control, chance: random.Random) -> None:
    for stream in chance.sample(sorted(KINDS), 3):
        kind, key = KINDS[stream]
        there = sandbox.all(kind)
        action = chance.choice(["change", "change", "create", "delete", "delete and create again"])
        picked = chance.choice(there)
        if action == "change" or len(there) < 4:
            sandbox.change(kind, picked[key], note=chance.random())
        elif action == "create":
            sandbox.create(kind)
        else:
            sandbox.delete(kind, picked[key])
            if action == "delete and create again":
                sandbox.create(kind, **picked)
