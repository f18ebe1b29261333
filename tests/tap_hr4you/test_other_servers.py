"""A tenant whose candidates hold their applications is synced with a contract file; so does the command itself."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import german, nested
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, german_config, nested_config, sync
from tests.tap_hr4you.runs import TapRun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def german_tenant() -> Iterator[german.GermanTenant]:
    with german.serve() as tenant:
        yield tenant


@pytest.fixture
def nested_tenant() -> Iterator[nested.NestedTenant]:
    with nested.serve() as tenant:
        yield tenant


@pytest.mark.e2e
@pytest.mark.parametrize("which", ["german", "nested"])
def test_the_command_itself_syncs_the_tenant(
    which: str, german_tenant: german.GermanTenant, nested_tenant: nested.NestedTenant, tmp_path: Path
) -> None:
    config = german_config(german_tenant) if which == "german" else nested_config(nested_tenant)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    done = subprocess.run(
        [sys.executable, "-m", "tap_hr4you", "--config", str(file)], capture_output=True, timeout=60, check=False
    )
    run = TapRun(done.returncode, done.stdout, done.stderr.decode())
    assert run.status == 0, run.log
    in_this_process = sync(config)
    assert run.counts == in_this_process.counts
    assert all(run.counts.values())


def test_the_nested_tenant_is_read_whole(nested_tenant: nested.NestedTenant) -> None:
    run = sync(nested_config(nested_tenant))
    assert run.counts == {"users": 1, "jobs": 2, "candidates": 5, "application_stages": 2, "applications": 4}


@pytest.mark.parametrize(
    ("stream", "remote_id", "expected"),
    [
        pytest.param(
            "jobs",
            nested.JOB,
            {
                "id": f"acme:job:{nested.JOB}",
                "employment_type": "FULL_TIME",
                "status": "OPEN",
                "contact_id": f"acme:user:{nested.USER}",
                "opened_at": "2024-01-01T00:00:00.000000+00:00",
                "description": None,
            },
            id="a job with epoch times",
        ),
        pytest.param(
            "jobs",
            nested.OTHER_JOB,
            {"employment_type": "PART_TIME", "contact_id": None, "opened_at": None},
            id="a job without",
        ),
        pytest.param(
            "candidates",
            nested.ANN,
            {
                "first_name": "Ann",
                "last_name": "Lee",
                "email_addresses": [{"email_address": "ann@example.org", "type": None}],
                "changed_at": "2024-07-01T18:00:00.000000+00:00",
            },
            id="e-mail addresses that are plain texts",
        ),
        pytest.param(
            "candidates", nested.DAN, {"first_name": None, "last_name": None}, id="a candidate without a name"
        ),
        pytest.param(
            "applications",
            nested.SECOND,
            {
                "id": f"acme:application:{nested.SECOND}",
                "outcome": "HIRED",
                "candidate_id": f"acme:candidate:{nested.ANN}",
                "job_id": f"acme:job:{nested.OTHER_JOB}",
                "current_stage_id": f"acme:application_stage:{nested.OFFER}",
                "changed_at": "2024-07-01T18:00:00.000000+00:00",
            },
            id="an application belongs to the candidate it stands in",
        ),
        pytest.param("applications", nested.FOURTH, {"outcome": None}, id="an unknown status is no outcome"),
    ],
)
def test_a_nested_record_is_what_the_design_says(
    stream: str, remote_id: str, expected: dict[str, Any], nested_tenant: nested.NestedTenant
) -> None:
    assert_has(by_id(sync(nested_config(nested_tenant)), stream)[remote_id], expected)


def test_an_idle_nested_tenant_yields_nothing(nested_tenant: nested.NestedTenant) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    for minutes in (0, 3, 600):
        nested_tenant.later(minutes=minutes)
        again = sync(config, state)
        assert again.counts == NOTHING
        state = again.state


def test_a_change_of_a_nested_application_is_its_own_alone(nested_tenant: nested.NestedTenant) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    nested_tenant.later(minutes=4).move(nested.BOB, nested.THIRD, state="hired", step=nested.OFFER)
    changed = sync(config, state)
    assert changed.counts == {**NOTHING, "applications": 1}
    assert_has(
        changed.records("applications")[0],
        {
            "remote_id": nested.THIRD,
            "outcome": "HIRED",
            "candidate_id": f"acme:candidate:{nested.BOB}",
            "changed_at": "2024-07-01T18:04:00.000000+00:00",
        },
    )
    assert sync(config, changed.state).counts == NOTHING


def test_a_change_of_a_candidate_is_not_one_of_its_applications(nested_tenant: nested.NestedTenant) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    nested_tenant.later(minutes=4).update("people", nested.ANN, name={"given": "Ann", "family": "Lee-Fox"})
    changed = sync(config, state)
    assert changed.counts == {**NOTHING, "candidates": 1}
    assert_has(changed.records("candidates")[0], {"remote_id": nested.ANN, "last_name": "Lee-Fox"})


def test_a_new_application_in_an_old_candidate_is_found(nested_tenant: nested.NestedTenant) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    new = {"id": nested.uid(2000), "position": nested.JOB, "step": nested.NEW, "state": "open"}
    nested_tenant.later(days=3).apply(nested.DAN, new)
    changed = sync(config, state)
    assert changed.counts == {**NOTHING, "applications": 1}
    assert_has(changed.records()[0], {"remote_id": nested.uid(2000), "candidate_id": f"acme:candidate:{nested.DAN}"})


def test_a_withdrawn_application_and_those_of_a_deleted_candidate_are_gone(nested_tenant: nested.NestedTenant) -> None:
    config = nested_config(nested_tenant)
    state = sync(config).state
    nested_tenant.later(hours=1).withdraw(nested.ANN, nested.FIRST)
    nested_tenant.delete("people", nested.BOB)
    gone = sync(config, state)
    assert gone.counts == {**NOTHING, "candidates": 1, "applications": 2}
    assert set(by_id(gone, "applications")) == {nested.FIRST, nested.THIRD}
    at = "2024-07-01T19:00:00.000000+00:00"
    for record in gone.records():
        assert_has(record, {"changed_at": at, "remote_deleted_at": at, "remote_data": None})
    assert sync(config, gone.state).counts == NOTHING
