"""Records that the tenant no longer lists: marked once, whole in privacy, and never by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.tap_hr4you.runs import STREAMS, run_tap

if TYPE_CHECKING:
    from tests.control import Control

KEPT = {"id", "remote_id", "changed_at", "remote_deleted_at"}


def test_a_deleted_candidate_is_marked_once_and_keeps_nothing_of_the_person(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    gone = str(sandbox.all("applicants")[5]["applicantId"])
    sandbox.delete("applicants", gone)

    second = run_tap(sandbox.config, state=first.state)

    [record] = second.records("candidates")
    assert record["remote_id"] == gone
    assert record["remote_deleted_at"] == record["changed_at"] is not None
    assert {name for name, value in record.items() if value is not None} == KEPT
    assert set(record) == set(first.records("candidates")[0])
    assert run_tap(sandbox.config, state=second.state).records() == []


@pytest.mark.parametrize(
    ("stream", "kind", "key"), [("jobs", "jobs", "jobId"), ("application_stages", "stages", "stageId")]
)
def test_a_deleted_job_or_stage_keeps_its_name(sandbox: Control, stream: str, kind: str, key: str) -> None:
    first = run_tap(sandbox.config)
    sandbox.delete(kind, sandbox.all(kind)[0][key])

    [record] = run_tap(sandbox.config, state=first.state).records(stream)

    before = next(old for old in first.records(stream) if old["id"] == record["id"])
    assert record["name"] == before["name"] is not None
    assert {name for name, value in record.items() if value is not None} == {*KEPT, "name"}


def test_a_deletion_does_not_move_the_bookmark(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    sandbox.delete("users", sandbox.all("users")[0]["userId"])

    second = run_tap(sandbox.config, state=first.state)

    assert len(second.records("users")) == 1
    bookmarks = [run.state["bookmarks"]["users"]["replication_key_value"] for run in (first, second)]
    assert bookmarks[0] == bookmarks[1]


def test_a_record_that_comes_back_is_emitted_whole(sandbox: Control) -> None:
    wire = sandbox.all("applicants")[5]
    first = run_tap(sandbox.config)
    sandbox.delete("applicants", wire["applicantId"])
    second = run_tap(sandbox.config, state=first.state)
    sandbox.create("applicants", **wire)

    [record] = run_tap(sandbox.config, state=second.state).records("candidates")

    assert record["remote_id"] == str(wire["applicantId"])
    assert record["remote_deleted_at"] is None
    assert record["remote_data"]["lastname"] == wire["lastname"]


@pytest.mark.parametrize("hours", [24, None])
def test_without_a_check_due_nothing_is_listed_or_marked(sandbox: Control, hours: int | None) -> None:
    config = {**sandbox.config, "deletion_check_interval_hours": hours}
    first = run_tap(config)
    sandbox.delete("applicants", sandbox.all("applicants")[5]["applicantId"])

    assert run_tap(config, state=first.state).records() == []


def test_checks_that_were_off_seed_the_set_before_they_mark(sandbox: Control) -> None:
    first = run_tap({**sandbox.config, "deletion_check_interval_hours": None})
    sandbox.delete("applicants", sandbox.all("applicants")[5]["applicantId"])

    second = run_tap(sandbox.config, state=first.state)

    assert second.records() == []
    sandbox.delete("applicants", sandbox.all("applicants")[5]["applicantId"])
    assert len(run_tap(sandbox.config, state=second.state).records("candidates")) == 1


LIST_FAULTS: dict[str, dict[str, Any]] = {
    "an empty list": {"fault": "empty_list", "probability": 1.0},
    "a short list": {"fault": "short_list", "probability": 1.0},
    "a wrong total": {"fault": "wrong_total", "probability": 1.0},
    "a page that comes twice": {"fault": "duplicate_page", "nth": 2},
}


@pytest.mark.parametrize("fault", LIST_FAULTS.values(), ids=LIST_FAULTS)
def test_a_list_that_is_wrong_marks_nothing(sandbox: Control, fault: dict[str, Any]) -> None:
    config = {**sandbox.config, "page_size": 20}
    first = run_tap(config)
    sandbox.faults({"match": "GET /api2/applicants", **fault})

    second = run_tap(config, state=first.state)

    assert second.status == 0, second.log
    assert [record for record in second.records() if record["remote_deleted_at"]] == []
    sandbox.faults()
    assert run_tap(config, state=second.state).records() == []


def test_more_than_the_ratio_marks_nothing_until_it_is_allowed(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    for wire in sandbox.all("applicants")[:70]:
        sandbox.delete("applicants", wire["applicantId"])

    second = run_tap(sandbox.config, state=first.state)
    assert [record for record in second.records("candidates") if record["remote_deleted_at"]] == []
    assert "max_deletion_ratio" in second.log

    third = run_tap({**sandbox.config, "allow_mass_deletion": True}, state=second.state)
    assert len(third.records("candidates")) == 70


def test_a_change_of_source_deletes_nothing(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    feed = {"base_url": sandbox.base_url, "tenant": "acme", "jobs_source": "feed", "deletion_check_interval_hours": 0}

    second = run_tap(feed, state=first.state)
    third = run_tap(sandbox.config, state=second.state)

    assert second.counts["jobs"] > 0
    assert [record for run in (second, third) for record in run.records() if record["remote_deleted_at"]] == []


def test_a_listed_record_that_no_run_has_read_is_fetched_whatever_its_age(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    old = {**sandbox.all("applicants")[0], "applicantId": 999_999, "updatedAt": "2019-01-01T00:00:00Z"}
    sandbox.create("applicants", **old)

    [record] = run_tap(sandbox.config, state=first.state).records("candidates")

    assert record["remote_id"] == "999999"


def test_the_extra_column_for_hard_deletes_is_off_unless_asked_for(sandbox: Control) -> None:
    config = {**sandbox.config, "emit_sdc_deleted_at": True}
    first = run_tap(config)
    sandbox.delete("users", sandbox.all("users")[0]["userId"])

    [record] = run_tap(config, state=first.state).records("users")

    assert record["_sdc_deleted_at"] == record["remote_deleted_at"]
    assert {old["_sdc_deleted_at"] for old in first.records("users")} == {None}
    assert all("_sdc_deleted_at" not in record for record in run_tap(sandbox.config).records())


def test_every_stream_tells_its_deletions(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    for kind, key in (
        ("users", "userId"),
        ("jobs", "jobId"),
        ("applicants", "applicantId"),
        ("stages", "stageId"),
        ("applications", "applicationId"),
    ):
        sandbox.delete(kind, sandbox.all(kind)[-1][key])

    deleted = [record for record in run_tap(sandbox.config, state=first.state).records() if record["remote_deleted_at"]]

    assert {record["id"].split(":")[1] + "s" for record in deleted} == set(STREAMS)
