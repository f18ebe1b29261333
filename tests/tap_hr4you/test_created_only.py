"""`created_only`: candidates and applications limited to those that the target created."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hr4you.timestamps import to_text
from tests.tap_hr4you.ledgers import OLD, Pipeline, person, pipeline, remote_ids
from tests.tap_hr4you.runs import TOKEN, assert_one_clear_line, discover, run_tap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e  # slow: a whole tenant, or a ledger, each time

BY_ID = "GET /api2/applicants/{id}"


@pytest.fixture
def pipe(sandbox: Control, tmp_path: Path) -> Pipeline:
    return pipeline(sandbox, tmp_path, created_only=True)


def test_what_was_created_comes_and_what_was_reused_does_not(pipe: Pipeline) -> None:
    reused = pipe.sandbox.all("applicants")[3]
    jobs = [wire["jobId"] for wire in pipe.sandbox.all("jobs") if wire["jobStatus"] == "offen"]
    created = pipe.create(1, 2)
    of_reused = {**person(3)["candidate"], "email_address": reused["emails"][0]["address"]}
    known = set(pipe.ids("applications"))
    pipe.write("create_application", person(3, candidate=of_reused, application={"job_id": str(jobs[0])}))
    pipe.write("create_application", person(1, application={"job_id": str(jobs[1])}))
    applied = sorted(set(pipe.ids("applications")) - known, key=int)

    run = pipe.read()

    assert remote_ids(run) == created
    assert len(created) == 2
    assert remote_ids(run, "applications") == applied
    assert len(applied) == 2
    assert len(run.records("jobs")) == len(pipe.ids("jobs")), "the other streams stay whole"
    assert pipe.read().records() == []


def test_only_changes_of_what_was_created_come(pipe: Pipeline) -> None:
    first, second = pipe.create(1, 2)
    pipe.read()
    stranger = pipe.ids("applicants")[0]
    pipe.sandbox.change("applicants", first, city="Görlitz")
    pipe.sandbox.change("applicants", stranger, city="Görlitz")

    run = pipe.read()

    assert remote_ids(run) == [first]
    assert second not in remote_ids(run)
    assert pipe.read().records() == []


def test_the_bookmark_passes_what_others_changed(pipe: Pipeline) -> None:
    [created] = pipe.create(1)
    pipe.sandbox.change("applicants", created, updatedAt=OLD)
    pipe.read()
    stranger = pipe.sandbox.change("applicants", pipe.ids("applicants")[0], city="Görlitz")

    bookmark = pipe.read().state["bookmarks"]["candidates"]["replication_key_value"]

    assert bookmark == to_text(datetime.fromisoformat(stranger["updatedAt"].replace("Z", "+00:00")))


def test_a_candidate_created_between_two_runs_comes_whatever_its_age(pipe: Pipeline) -> None:
    pipe.create(1)
    pipe.read(deletion_check_interval_hours=None)
    [new] = pipe.create(2)
    pipe.sandbox.change("applicants", new, updatedAt=OLD)

    run, asked = pipe.asked(deletion_check_interval_hours=None)

    assert remote_ids(run) == [new]
    assert asked[BY_ID] == 1
    again, asked = pipe.asked(deletion_check_interval_hours=None)
    assert again.records() == []
    assert BY_ID not in asked


def test_a_deleted_candidate_is_marked_if_a_run_has_read_it_and_asked_for_no_more(pipe: Pipeline) -> None:
    first, second = pipe.create(1, 2)
    pipe.read()
    pipe.sandbox.delete("applicants", first)
    [third] = pipe.create(3)
    pipe.sandbox.delete("applicants", third)
    pipe.sandbox.delete("applicants", pipe.ids("applicants")[0])

    run = pipe.read()

    assert remote_ids(run, deleted=True) == [first]
    assert remote_ids(run) == []
    idle, asked = pipe.asked()
    assert idle.records() == []
    assert BY_ID not in asked
    assert second in pipe.ids("applicants")


def test_the_only_candidate_created_may_be_deleted_and_come_back(pipe: Pipeline) -> None:
    [only] = pipe.create(1)
    pipe.read()
    wire = next(wire for wire in pipe.sandbox.all("applicants") if str(wire["applicantId"]) == only)
    pipe.sandbox.delete("applicants", only)

    gone = pipe.read()
    pipe.sandbox.create("applicants", **{**wire, "updatedAt": OLD})
    back = pipe.read()

    assert remote_ids(gone, deleted=True) == [only]
    assert (remote_ids(back), remote_ids(back, deleted=True)) == ([only], [])
    assert pipe.read().records() == []


def test_a_change_of_mode_begins_anew_and_deletes_nothing(pipe: Pipeline) -> None:
    created = pipe.create(1, 2)
    limited = pipe.read()
    whole = pipe.read(created_only=False)
    limited_again = pipe.read()

    assert remote_ids(whole) == sorted(pipe.ids("applicants"), key=int)
    assert remote_ids(limited) == remote_ids(limited_again) == created
    for run in (whole, limited_again):
        assert not [record for record in run.records() if record["remote_deleted_at"]]
        assert run.records("jobs") == []
    assert pipe.read().records() == []


def test_without_anything_created_nothing_comes_and_nothing_is_asked_for(pipe: Pipeline) -> None:
    pipe.write("create_candidate")

    run, asked = pipe.asked()

    assert (remote_ids(run), remote_ids(run, "applications")) == ([], [])
    assert not [path for path in asked if "applica" in path]
    created = pipe.create(1)
    assert remote_ids(pipe.read()) == created


def test_start_date_leaves_out_what_is_older_at_first(pipe: Pipeline) -> None:
    old, new = pipe.create(1, 2)
    pipe.sandbox.change("applicants", old, updatedAt=OLD)

    run, asked = pipe.asked(start_date="2026-01-01")

    assert remote_ids(run) == [new]
    assert asked["GET /api2/applicants"] == 1, "what is not listed was asked for by id: no list of all ids is needed"
    assert pipe.read(start_date="2026-01-01").records() == []
    pipe.sandbox.change("applicants", old, city="Görlitz")
    assert remote_ids(pipe.read(start_date="2026-01-01")) == [old]


def test_without_times_of_change_the_content_decides(pipe: Pipeline, tmp_path: Path) -> None:
    contract = tmp_path / "contract.yml"
    contract.write_text("version: 1\nresources: {candidates: {changed_at: null, changed_since: null}}\n")
    pipe.settings["contract"] = str(contract)
    first, second = pipe.create(1, 2)

    run = pipe.read()
    pipe.sandbox.change("applicants", first, city="Görlitz")
    pipe.sandbox.change("applicants", pipe.ids("applicants")[0], city="Görlitz")
    pipe.sandbox.delete("applicants", second)
    changed = pipe.read()

    assert remote_ids(run) == [first, second]
    assert (remote_ids(changed), remote_ids(changed, deleted=True)) == ([first], [second])
    assert pipe.read().records() == []


def test_a_missing_ledger_ends_the_run_before_any_request(sandbox: Control, tmp_path: Path) -> None:
    config = {**pipeline(sandbox, tmp_path, created_only=True).settings, "api_token": TOKEN}
    before = sandbox.requests()

    assert_one_clear_line(run_tap(config), 2, "no ledger", "target-hr4you", "`ledger_url`")
    assert sandbox.requests() == before
    assert not list(tmp_path.iterdir())


def test_created_only_without_a_ledger_is_refused(sandbox: Control) -> None:
    run = run_tap({**sandbox.config, "api_token": TOKEN, "created_only": True, "ledger_url": " "})

    assert_one_clear_line(run, 2, "`created_only` needs `ledger_url`")


def test_a_ledger_that_does_not_know_the_tenant_yet_yields_nothing_and_says_so(pipe: Pipeline) -> None:
    pipe.write(
        "create_candidate", person(1), tenant="other", base_url=pipe.sandbox.base_url.replace("127.0.0.1", "localhost")
    )

    run = pipe.read()

    assert remote_ids(run) == []
    assert "The ledger holds nothing of the tenant `acme` yet" in run.log


@pytest.mark.parametrize("setting", ["tenant", "base_url"])
def test_a_ledger_that_knows_the_tenant_as_another_is_refused(pipe: Pipeline, setting: str) -> None:
    pipe.create(1)
    other = {"tenant": "other", "base_url": pipe.sandbox.base_url.replace("127.0.0.1", "localhost")}
    before = pipe.sandbox.requests()

    run = run_tap({**pipe.settings, setting: other[setting]})

    assert run.status == 2
    assert "The ledger knows" in run.last_line
    assert pipe.sandbox.requests() == before


def test_another_ledger_marks_nothing_as_deleted_and_is_told(pipe: Pipeline, tmp_path: Path) -> None:
    first, _ = pipe.create(1, 2)
    pipe.read()
    pipe.sandbox.delete("applicants", first)
    other = tmp_path / "other"
    other.mkdir()
    [third] = Pipeline(pipe.sandbox, other, {}).create(3)

    run = pipe.read(ledger_url=f"sqlite:///{other / 'ledger.db'}")

    assert (remote_ids(run), remote_ids(run, deleted=True)) == ([third], [])
    assert "candidates: 2 records of earlier runs are not in the ledger any more" in run.log


def test_discovery_opens_no_ledger_and_the_test_of_the_connection_reads_a_page(pipe: Pipeline) -> None:
    names = [entry["tap_stream_id"] for entry in discover(pipe.settings)["streams"]]
    assert "action_results" in names
    assert not list(pipe.folder.iterdir())

    pipe.create(1)
    before = pipe.sandbox.requests()
    run = run_tap({**pipe.settings, "page_size": 5}, "--test")

    assert run.status == 0, run.log
    after = pipe.sandbox.requests()
    assert after["GET /api2/applicants"] - before["GET /api2/applicants"] == 1
