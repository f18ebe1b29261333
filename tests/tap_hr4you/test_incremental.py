"""Runs over a tenant of the sandbox: what the second run brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tap_hr4you.runs import STREAMS, discover, run_tap, select

if TYPE_CHECKING:
    from tests.control import Control

KINDS = {
    "users": ("users", "userId", {"lastname": "Geändert"}),
    "jobs": ("jobs", "jobId", {"jobTitle": "Geändert"}),
    "candidates": ("applicants", "applicantId", {"city": "Görlitz"}),
    "application_stages": ("stages", "stageId", {"name": "Geändert"}),
    "applications": ("applications", "applicationId", {"status": "eingestellt"}),
}


def test_the_first_run_brings_everything_and_ids_that_join(sandbox: Control) -> None:
    run = run_tap(sandbox.config)

    assert run.status == 0, run.log
    for stream, (kind, key, _) in KINDS.items():
        model = stream.removesuffix("s")
        expected = {f"acme:{model}:{wire[key]}" for wire in sandbox.all(kind)}
        assert {record["id"] for record in run.records(stream)} == expected
        assert len(run.records(stream)) == len(expected)
    ids = {record["id"] for record in run.records()}
    references = [
        application[field]
        for application in run.records("applications")
        for field in ("job_id", "candidate_id", "current_stage_id")
    ] + [job["contact_id"] for job in run.records("jobs")]
    assert {reference for reference in references if reference is not None} <= ids


def test_an_idle_tenant_yields_no_records_with_the_state_of_a_run(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    second = run_tap(sandbox.config, state=first.state)
    third = run_tap(sandbox.config, state=second.state)

    assert second.counts == third.counts == dict.fromkeys(STREAMS, 0)
    assert second.status == third.status == 0


@pytest.mark.parametrize("stream", STREAMS)
def test_one_changed_record_yields_one(sandbox: Control, stream: str) -> None:
    first = run_tap(sandbox.config)
    kind, key, change = KINDS[stream]
    changed = sandbox.all(kind)[3]
    sandbox.change(kind, changed[key], **change)

    second = run_tap(sandbox.config, state=first.state)

    assert [record["remote_id"] for record in second.records()] == [str(changed[key])]
    record = second.records(stream)[0]
    before = next(old for old in first.records(stream) if old["id"] == record["id"])
    assert record["changed_at"] > before["changed_at"]
    third = run_tap(sandbox.config, state=second.state)
    assert third.records() == []


def test_the_bookmark_never_goes_back(sandbox: Control) -> None:
    state = run_tap(sandbox.config).state
    newest = max(sandbox.all("applicants"), key=lambda wire: str(wire["updatedAt"]))
    before = state["bookmarks"]["candidates"]["replication_key_value"]
    sandbox.delete("applicants", newest["applicantId"])

    after = run_tap(sandbox.config, state=state).state

    assert after["bookmarks"]["candidates"]["replication_key_value"] >= before


def test_a_state_set_by_hand_reads_from_there(sandbox: Control) -> None:
    times = sorted(record["changed_at"] for record in run_tap(sandbox.config).records("candidates"))
    middle = times[len(times) // 2]
    by_hand = {"bookmarks": {"candidates": {"replication_key": "changed_at", "replication_key_value": middle}}}
    config = {**sandbox.config, "lookback_seconds": 0, "deletion_check_interval_hours": 24}

    run = run_tap(config, state=by_hand)

    assert {record["changed_at"] for record in run.records("candidates")} >= {time for time in times if time >= middle}
    assert all(record["changed_at"] >= middle for record in run.records("candidates"))


def test_start_date_limits_candidates_and_applications_only(sandbox: Control) -> None:
    everything = run_tap(sandbox.config)
    times = sorted(record["changed_at"] for record in everything.records("candidates"))
    start = times[len(times) // 2]

    limited = run_tap({**sandbox.config, "start_date": start})

    for stream in ("users", "jobs", "application_stages"):
        assert limited.counts[stream] == everything.counts[stream]
    for stream in ("candidates", "applications"):
        expected = {record["id"] for record in everything.records(stream) if record["changed_at"] >= start}
        assert {record["id"] for record in limited.records(stream)} == expected
    assert run_tap({**sandbox.config, "start_date": start}, state=limited.state).records() == []


def test_full_table_in_the_catalog_brings_all_in_every_run(sandbox: Control) -> None:
    catalog = discover(sandbox.config)
    for entry in catalog["streams"]:
        if entry["tap_stream_id"] == "users":
            entry["replication_method"] = "FULL_TABLE"
            entry["metadata"][-1]["metadata"]["forced-replication-method"] = "FULL_TABLE"
    first = run_tap(sandbox.config, catalog=catalog)
    second = run_tap(sandbox.config, catalog=catalog, state=first.state)

    assert second.counts == {**dict.fromkeys(STREAMS, 0), "users": first.counts["users"]}


def test_deselected_streams_and_fields_cost_nothing_on_the_wire(sandbox: Control) -> None:
    without = [("candidates", name) for name in ("remote_data", "integration_fields", "custom_fields", "phone_numbers")]
    catalog = select(discover(sandbox.config), ["candidates"], without=without)
    before = sandbox.requests()

    run = run_tap(sandbox.config, catalog=catalog)

    asked = {path for path, count in sandbox.requests().items() if count > before.get(path, 0)}
    assert asked == {"GET /api2/applicants"}
    assert run.counts == {**dict.fromkeys(STREAMS, 0), "candidates": 120}
    assert not {name for _, name in without} & set(run.records("candidates")[0])
    assert "email_addresses" in run.records("candidates")[0]


def test_an_inner_field_can_be_deselected(sandbox: Control) -> None:
    catalog = select(discover(sandbox.config), ["candidates"], without=[("candidates", "location", "street_1")])

    run = run_tap(sandbox.config, catalog=catalog)

    locations = [record["location"] for record in run.records("candidates") if record["location"]]
    assert locations
    assert all("street_1" not in location and "city" in location for location in locations)


def test_stream_maps_and_flattening_see_every_record(sandbox: Control) -> None:
    config = {
        **sandbox.config,
        "stream_maps": {"candidates": {"first_name": None, "last_name": "'gone'"}},
        "flattening_enabled": True,
        "flattening_max_depth": 1,
    }

    records = run_tap(config).records("candidates")

    assert len(records) == 120
    assert {record["last_name"] for record in records} == {"gone"}
    assert all("first_name" not in record and "location__city" in record for record in records)
