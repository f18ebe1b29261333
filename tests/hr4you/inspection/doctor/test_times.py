"""Times of change, the filter that goes by them, and the time zone."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from tests.hr4you.inspection.doctor.tenants import HonestTenant, contract, examine
from tests.servers.base import serving

if TYPE_CHECKING:
    from pathlib import Path

ALL = ("users", "jobs", "candidates", "application_stages", "applications")


@pytest.mark.parametrize(
    ("value", "result", "told"),
    [
        (None, "failed", "no object has a time at `updatedAt`"),
        ("neulich", "failed", "no time that can be read"),
        ("0000-00-00", "failed", "no time that can be read"),
    ],
    ids=["missing", "words", "zeros"],
)
def test_times_of_change_that_cannot_be_read_fail(tenant: HonestTenant, value: Any, result: str, told: str) -> None:
    tenant.put("jobs", *range(1, 7), updatedAt=value)
    report = examine(tenant.base_url)
    changed = report.find("changed at", "jobs")
    assert (report.status, changed["result"], told in changed["found"]) == (1, result, True)
    assert report.result("changed since", "jobs") == "not tried"
    assert report.result("changed since", "users") == "ok"


def test_some_times_that_are_missing_are_a_warning(tenant: HonestTenant) -> None:
    tenant.put("jobs", 3, updatedAt=None)
    changed = examine(tenant.base_url).find("changed at", "jobs")
    assert (changed["result"], changed["found"][:6]) == ("warning", "1 of 6")


def test_a_filter_that_is_ignored_fails_as_every_run_would_read_all(tenant: HonestTenant) -> None:
    tenant.ignored = {"updatedSince"}
    report = examine(tenant.base_url)
    since = report.find("changed since", "candidates")
    assert (report.status, since["result"]) == (1, "failed")
    assert "every run would read all" in since["found"]
    assert "`resources.candidates.changed_since` (so far the default)" in since["to_do"]


def test_a_filter_is_tried_also_where_all_changed_at_the_same_time(tenant: HonestTenant) -> None:
    tenant.put("users", *range(1, 7))
    assert examine(tenant.base_url).result("changed since", "users") == "ok"
    tenant.ignored = {"updatedSince"}
    assert examine(tenant.base_url).result("changed since", "users") == "failed"


def test_a_filter_whose_format_is_refused_fails(tmp_path: Path) -> None:
    class Strict(HonestTenant):
        def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
            datetime.strptime(query.get("updatedSince", "2026-01-01"), "%Y-%m-%d").replace(tzinfo=timezone.utc)
            return super().handle(method, path, query, headers, body)

    with serving(Strict()) as strict:
        since = examine(strict.base_url).find("changed since", "jobs")
        by_day = "resources: {jobs: {changed_since: {param: updatedSince, format: '%Y-%m-%d'}}}"
        mended = examine(strict.base_url, contract=contract(tmp_path, by_day)).find("changed since", "jobs")
    assert (since["result"], "`updatedSince` is refused (400)" in since["found"]) == ("failed", True)
    assert mended["result"] == "ok"


@pytest.mark.parametrize(
    ("seconds", "result", "told"),
    [(1, "warning", "not what changed at it"), (7200, "failed", "leaves out what changed since")],
    ids=["only after it", "hours later"],
)
def test_a_filter_that_leaves_out_changes_is_told(seconds: int, result: str, told: str) -> None:
    class Late(HonestTenant):
        def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
            if "updatedSince" in query:
                moment = datetime.fromisoformat(query["updatedSince"].replace("Z", "+00:00")).timestamp() + seconds
                query["updatedSince"] = f"{datetime.fromtimestamp(moment, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
            return super().handle(method, path, query, headers, body)

    with serving(Late()) as tenant:
        since = examine(tenant.base_url).find("changed since", "jobs")
    assert (since["result"], told in since["found"]) == (result, True)


def test_times_two_hours_ahead_mean_a_wrong_offset_and_fail(tenant: HonestTenant) -> None:
    tenant.restamp(3)  # the newest changed an hour ago
    report = examine(tenant.base_url)
    zone = report.find("time zone")
    assert (report.status, zone["result"]) == (1, "failed")
    assert "2 h 0 min in the future" in zone["found"]
    assert "wrong by 2 h or more" in zone["to_do"]


def test_naive_times_ahead_lead_to_the_time_zone_of_the_contract(tenant: HonestTenant, tmp_path: Path) -> None:
    moscow = datetime.now(ZoneInfo("Europe/Moscow")).utcoffset()
    assert moscow is not None
    tenant.restamp(1 + moscow.total_seconds() / 3600, naive=True)
    path = contract(tmp_path, "version: 1\napi:\n  timezone: UTC\n  naive_times: true\n")
    report = examine(tenant.base_url, contract=path)
    zone = report.find("time zone")
    assert (zone["result"], f"`api.timezone` ({path}, line 3)" in zone["to_do"]) == ("failed", True)


def test_a_change_far_in_the_future_is_no_matter_of_the_time_zone(tenant: HonestTenant) -> None:
    tenant.restamp(24 * 400)
    zone = examine(tenant.base_url).find("time zone")
    assert (zone["result"], "400 d" in zone["found"] or "399 d" in zone["found"]) == ("warning", True)


def test_a_change_in_the_future_is_found_behind_a_first_page_of_old_ones() -> None:
    tenant = HonestTenant()
    tenant.put("applications", *range(1000, 1300), applicantId=1, jobId=1, updatedAt="2020-01-01T00:00:00Z")
    ahead = tenant.now.replace(year=tenant.now.year + 1, day=1)
    tenant.put("applications", 2000, applicantId=1, jobId=1, updatedAt=f"{ahead:%Y-%m-%dT%H:%M:%SZ}")
    with serving(tenant):
        assert examine(tenant.base_url).result("time zone") == "warning"


def test_naive_times_that_the_contract_does_not_expect_are_a_warning(tenant: HonestTenant, tmp_path: Path) -> None:
    tenant.restamp(0, naive=True)
    override = "api: {timezone: UTC, naive_times: %s}"
    report = examine(tenant.base_url, contract=contract(tmp_path, override % "false"))
    naive = report.find("naive times")
    assert (naive["result"], "`api.naive_times`" in naive["to_do"]) == ("warning", True)
    report = examine(tenant.base_url, contract=contract(tmp_path, override % "true"))
    assert report.result("naive times") == "ok"


def test_a_contract_without_times_of_change_is_no_fault(tenant: HonestTenant, tmp_path: Path) -> None:
    keys = ", ".join(f"{name}: {{changed_at: null, changed_since: null}}" for name in ALL)
    report = examine(tenant.base_url, contract=contract(tmp_path, f"resources: {{{keys}}}"))
    assert report.status == 0
    assert report.result("changed at", "jobs") == "ok"
    assert report.result("time zone") == "not tried"
