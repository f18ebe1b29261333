"""A tenant that changes with every request, or hides rows: what a run says of itself, and what the next one brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import plain
from tests.tap_hr4you.runs import TapRun, assert_one_clear_line, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD = "candidates: the bookmark stays where it was"
BEFORE, START = "2024-07-01T07:00:00Z", "2024-07-01T08:00:00.000000+00:00"


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    with plain.serve() as served:
        yield served


def bookmark(run: TapRun) -> Any:
    return run.state["bookmarks"]["candidates"].get("replication_key_value")


def ids(run: TapRun) -> list[str]:
    return sorted((record["remote_id"] for record in run.records("candidates")), key=int)


class Inserts:
    """With each page of candidates a new one comes in, before all others, so that every row moves on."""

    def __init__(self, tenant: plain.PlainTenant, seconds: int = 2, **values: Any) -> None:
        self.tenant = tenant
        self.seconds = seconds
        self.values = values
        self.next = 1000

    def __call__(self, path: str) -> None:
        if path == "applicants":
            self.tenant.later(seconds=self.seconds)
            self.next -= 1
            self.tenant.put("applicants", self.next, **self.values)


@pytest.mark.parametrize("seconds", [0, 2], ids=["within a second", "in some seconds"])
def test_a_busy_tenant_does_not_keep_a_run_from_its_end(tenant: plain.PlainTenant, seconds: int) -> None:
    tenant.put("applicants", *range(1000, 1020), updatedAt=BEFORE)
    tenant.meanwhile = Inserts(tenant, seconds=seconds)
    config = plain.config_of(tenant, page_size=5, concurrency=1)
    runs = [run_tap(config)]
    for _ in range(2):
        runs.append(run_tap(config, state=runs[-1].state))
    tenant.meanwhile = None
    last = run_tap(config, state=runs[-1].state)

    assert [run.status for run in runs] == [0, 0, 0]
    assert not any(HELD in run.log for run in runs)
    marks = [bookmark(run) for run in runs]
    assert marks == (sorted(set(marks)) if seconds else [START] * 3), "the bookmark moves with every run"
    assert set(ids(runs[0])) >= {str(number) for number in range(1000, 1020)}
    assert {key for run in [*runs, last] for key in ids(run)} == set(tenant.tables["applicants"])
    assert [record for run in [*runs, last] for record in run.records() if record["remote_deleted_at"]] == []


@pytest.mark.parametrize("which", ["first", "incremental"])
def test_rows_that_were_missed_hold_the_bookmark_until_the_next_run_finds_them(
    tenant: plain.PlainTenant, which: str
) -> None:
    tenant.put("applicants", *range(1000, 1020), updatedAt=BEFORE)
    config = plain.config_of(tenant, page_size=5, concurrency=1)
    state = None
    if which == "incremental":
        state = run_tap(config).state
        tenant.put("applicants", 2000, updatedAt="2024-07-01T07:00:01Z")
    tenant.meanwhile = Inserts(tenant, updatedAt=BEFORE)
    unsettled = run_tap(config, state=state)
    tenant.meanwhile = None
    known = set(tenant.tables["applicants"])
    tenant.put("applicants", 500, updatedAt=BEFORE)
    settled = run_tap(config, state=unsettled.state)
    idle = run_tap(config, state=settled.state)

    assert unsettled.status == 0
    assert HELD in unsettled.log
    assert bookmark(unsettled) == (None if state is None else "2024-07-01T07:00:00.000000+00:00")
    assert HELD not in settled.log
    assert bookmark(settled) >= "2024-07-01T07:00:00"
    if which == "incremental":  # what was told is not told again
        assert not set(ids(unsettled)) & set(ids(settled))
        assert "2000" in ids(unsettled)
    assert "500" in ids(settled)
    found = {*ids(unsettled), *ids(settled)} | ({str(key) for key in range(1000, 1020)} if state else set())
    assert found == known | {"500"}
    assert idle.records() == []


def test_a_resync_that_missed_something_is_made_again(tenant: plain.PlainTenant) -> None:
    tenant.put("applicants", *range(1000, 1020), updatedAt=BEFORE)
    config = plain.config_of(tenant, page_size=5, concurrency=1)
    first = run_tap(config)
    changed = {**config, "custom_field_mappings": {"candidate": {"town": "city"}}}
    tenant.meanwhile = Inserts(tenant, updatedAt=BEFORE)
    unsettled = run_tap(changed, state=first.state)
    tenant.meanwhile = None
    settled = run_tap(changed, state=unsettled.state)

    assert HELD in unsettled.log
    assert set(ids(settled)) == set(tenant.tables["applicants"])
    assert run_tap(changed, state=settled.state).records() == []


@pytest.mark.parametrize("totals", ["first", "none"])
def test_a_tenant_that_hardly_tells_its_totals_is_read_once_and_settled(tenant: plain.PlainTenant, totals: str) -> None:
    tenant.totals = totals
    tenant.put("applicants", *range(1, 21), updatedAt=BEFORE)
    config = plain.config_of(tenant, page_size=5, concurrency=1, deletion_check_interval_hours=24)
    first = run_tap(config)
    first_pages = [query for path, query in tenant.queries if path == "applicants" and query["page"] == "1"]
    tenant.delete("applicants", "7")
    tenant.later(hours=25)
    second = run_tap(config, state=first.state)

    assert len(first.records()) == 20
    assert len(first_pages) == 1
    assert "moved" not in first.log + second.log
    assert [record["remote_id"] for record in second.records() if record["remote_deleted_at"]] == ["7"]


def test_a_timed_stream_whose_records_all_lack_a_time_goes_idle_and_is_told_of(tenant: plain.PlainTenant) -> None:
    tenant.put("applicants", *range(1, 21), updatedAt=None)
    config = plain.config_of(tenant, page_size=5)
    runs = [run_tap(config)]
    for _ in range(2):
        tenant.later(hours=1)
        runs.append(run_tap(config, state=runs[-1].state))
    tenant.tables["applicants"]["7"]["city"] = "Görlitz"
    runs.append(run_tap(config, state=runs[-1].state))

    assert [len(run.records()) for run in runs] == [20, 0, 0, 1]
    assert {record["changed_at"] for record in runs[0].records()} == {START}
    assert "candidates: without a time of change" in runs[0].log
    assert "(records: 20)" in runs[0].log


def test_a_change_and_its_way_back_within_one_second_are_both_told(tenant: plain.PlainTenant) -> None:
    tenant.put("applicants", 1, city="Köln", updatedAt=BEFORE)
    tenant.put("applicants", 2)
    config = plain.config_of(tenant, lookback_seconds=7200)
    run = run_tap(config)
    told = []
    for city in ("Köln", "Bonn", "Bonn", "Köln", "Bonn"):
        tenant.tables["applicants"]["1"]["city"] = city
        run = run_tap(config, state=run.state)
        told.append([record["remote_data"]["city"] for record in run.records()])

    assert told == [[], ["Bonn"], [], ["Köln"], ["Bonn"]]


def test_a_row_is_not_missed_though_the_total_stays_the_same(tenant: plain.PlainTenant) -> None:
    """One goes and another comes between two pages: as many rows as before, but one has slipped to a page that was."""
    tenant.put("applicants", 1, 2, 3, 4, 5, updatedAt=BEFORE)
    pages = iter(range(99))

    def swap(path: str) -> None:
        if path == "applicants" and next(pages) == 1:
            tenant.delete("applicants", "1")
            tenant.later(seconds=1).put("applicants", 6)

    tenant.meanwhile = swap
    config = plain.config_of(tenant, page_size=2, concurrency=1)
    first = run_tap(config)
    second = run_tap(config, state=first.state)

    assert ids(first) == ["1", "2", "3", "4", "5", "6"]
    assert [(record["remote_id"], record["remote_deleted_at"] is not None) for record in second.records()] == [
        ("1", True)
    ]


def test_what_has_no_id_is_left_out_and_told(tenant: plain.PlainTenant) -> None:
    rows = [{"applicantId": None, "city": "Köln"}, {"applicantId": 7, "updatedAt": BEFORE}, {"updatedAt": BEFORE}]
    tenant.instead["applicants"] = {"data": rows, "meta": {"total": 3, "lastPage": 1}}
    config = plain.config_of(tenant)
    first = run_tap(config)
    second = run_tap(config, state=first.state)

    assert (ids(first), second.records()) == (["7"], [])
    assert "candidates: left out, as it has no id" in first.log


def test_a_list_in_which_nothing_has_an_id_ends_the_run_with_the_contract_s_place(tenant: plain.PlainTenant) -> None:
    rows = [{"number": 1, "updatedAt": BEFORE}, {"number": 2, "updatedAt": BEFORE}]
    tenant.instead["applicants"] = {"data": rows, "meta": {"total": 2, "lastPage": 1}}
    run = run_tap(plain.config_of(tenant))
    assert_one_clear_line(run, 1, "candidates", "`resources.candidates.id`")
    assert "candidates" not in run.state.get("bookmarks", {})
