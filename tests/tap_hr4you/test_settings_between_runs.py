"""Settings that limit what is read or looked for, and those that change from one run to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import plain
from tests.tap_hr4you.runs import TapRun, discover, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control

BEFORE = "2024-07-01T07:00:00Z"


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    with plain.serve() as served:
        served.put("applicants", *range(1, 11), updatedAt=BEFORE)
        served.put("applicants", *range(11, 21))
        yield served


def contract(folder: Path, resources: str) -> dict[str, Any]:
    file = folder / "contract.yml"
    file.write_text(f"version: 1\nresources: {resources}\n")
    return {"contract": [str(file)]}


def deleted(run: TapRun) -> list[str]:
    return [record["remote_id"] for record in run.records() if record["remote_deleted_at"]]


def ids(run: TapRun) -> list[int]:
    return [int(record["remote_id"]) for record in run.records("candidates")]


def test_start_date_is_asked_for_and_never_what_is_older(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant, start_date="2024-07-01T07:30:00Z", deletion_check_interval_hours=None)
    first = run_tap(config)
    second = run_tap({**config, "start_date": "2024-07-01T09:00:00Z"}, state=first.state)

    asked = [query.get("updatedSince") for path, query in tenant.queries if path == "applicants"]
    assert asked == ["2024-07-01T07:30:00Z", "2024-07-01T09:00:00Z"]
    assert (ids(first), second.records()) == (list(range(11, 21)), [])
    assert "without a time of change" not in first.log
    assert {query.get("updatedSince") for path, query in tenant.queries if path in {"users", "jobs", "stages"}} == {
        None
    }


def test_start_date_holds_where_the_tenant_cannot_filter(tenant: plain.PlainTenant, tmp_path: Path) -> None:
    config = plain.config_of(tenant, start_date="2024-07-01T07:30:00Z")
    config |= contract(tmp_path, "{candidates: {changed_since: null}}")
    first = run_tap(config)
    second = run_tap(config, state=first.state)

    assert ids(first) == list(range(11, 21))
    assert second.records() == []
    assert not any("updatedSince" in query for path, query in tenant.queries if path == "applicants")


def test_checks_that_are_switched_off_mark_and_list_nothing(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.delete("applicants", "3")
    tenant.queries.clear()
    off = run_tap({**config, "deletion_check_interval_hours": None}, state=first.state)

    assert off.records() == []
    assert [path for path, _ in tenant.queries if path.startswith("applicants")] == ["applicants"]


def test_checks_that_are_switched_on_again_begin_anew_at_once(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant, deletion_check_interval_hours=24)
    first = run_tap(config)
    off = run_tap({**config, "deletion_check_interval_hours": None}, state=first.state)
    tenant.later(hours=1).delete("applicants", "3")
    on = run_tap(config, state=off.state)
    tenant.later(hours=24).delete("applicants", "4")
    due = run_tap(config, state=on.state)

    assert [deleted(run) for run in (on, due)] == [[], ["4"]]
    assert on.records() == []


def test_of_a_stream_without_times_checks_can_be_switched_on_later(tenant: plain.PlainTenant, tmp_path: Path) -> None:
    config = plain.config_of(tenant) | contract(tmp_path, "{candidates: {changed_at: null, changed_since: null}}")
    first = run_tap({**config, "deletion_check_interval_hours": None})
    off = run_tap({**config, "deletion_check_interval_hours": None}, state=first.state)
    tenant.delete("applicants", "3")
    on = run_tap(config, state=off.state)

    assert off.records() == []
    assert deleted(on) == ["3"]
    assert len(on.records()) == 1
    assert "without a time of change" not in first.log


@pytest.fixture
def feed(sandbox: Control) -> dict[str, Any]:
    return {**sandbox.config, "api_token": None, "jobs_source": "feed"}


def published(sandbox: Control) -> list[dict[str, Any]]:
    return [job for job in sandbox.all("jobs") if (job["jobStatus"], job["jobVisibility"]) == ("offen", "oeffentlich")]


def test_a_new_posting_is_told_once_and_when_it_is_gone(sandbox: Control, feed: dict[str, Any]) -> None:
    first = run_tap(feed)
    new = {**published(sandbox)[0], "jobId": 999_999}
    sandbox.create("jobs", **new)
    second = run_tap(feed, state=first.state)
    idle = run_tap(feed, state=second.state)
    sandbox.delete("jobs", 999_999)
    last = run_tap(feed, state=idle.state)

    assert [record["remote_id"] for record in second.records()] == ["999999"]
    assert idle.records() == []
    assert (deleted(last), len(last.records())) == (["999999"], 1)


def test_the_feed_deletes_nothing_where_checks_are_off(sandbox: Control, feed: dict[str, Any]) -> None:
    first = run_tap(feed)
    sandbox.delete("jobs", published(sandbox)[0]["jobId"])
    off = run_tap({**feed, "deletion_check_interval_hours": None}, state=first.state)
    on = run_tap(feed, state=off.state)

    assert (off.records(), len(deleted(on))) == ([], 1)


def test_the_feed_is_read_full_table_where_the_catalog_says_so(sandbox: Control, feed: dict[str, Any]) -> None:
    catalog = discover(feed)
    [entry] = catalog["streams"]
    entry["replication_method"] = "FULL_TABLE"
    entry["metadata"][-1]["metadata"]["forced-replication-method"] = "FULL_TABLE"
    runs = [run_tap(feed, catalog=catalog)]
    runs.append(run_tap(feed, catalog=catalog, state=runs[0].state))

    assert [len(run.records()) for run in runs] == [len(published(sandbox))] * 2
