"""From where a run reads: behind the bookmark, and behind the hour that a clock change repeats."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tap_hr4you.changes import look_back
from tests.servers import plain
from tests.tap_hr4you.runs import run_tap

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
USUAL = timedelta(minutes=5)
LONG = timedelta(minutes=90)

BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"


@pytest.mark.parametrize("zone", ["UTC", BERLIN, NEW_YORK, "Asia/Tokyo"])
@pytest.mark.parametrize("bookmark", ["0001-01-01T00:00:00", "0001-01-02T00:00:00", "1970-01-01T00:00:00"])
def test_a_bookmark_that_stands_for_no_time_reads_from_1970(bookmark: str, zone: str) -> None:
    assert look_back(f"{bookmark}.000000+00:00", USUAL, ZoneInfo(zone)) == EPOCH


@pytest.mark.parametrize(
    ("bookmark", "zone", "minutes"),
    [
        ("1970-01-01T00:05:01", "UTC", 5),
        ("2024-10-27T01:00:00", BERLIN, 90),  # the instant at which 03:00 becomes 02:00
        ("2024-10-27T00:30:00", BERLIN, 90),
        ("2024-10-27T02:29:00", BERLIN, 90),
        ("2024-10-26T23:31:00", BERLIN, 90),
        ("2024-10-26T23:29:00", BERLIN, 5),
        ("2024-10-27T02:31:00", BERLIN, 5),
        ("2024-10-27T01:00:00", "UTC", 5),
        ("2024-10-27T01:00:00", LONDON, 90),
        ("2024-10-27T02:31:00", LONDON, 5),
        ("2024-11-03T06:00:00", NEW_YORK, 90),
        ("2024-11-03T07:29:00", NEW_YORK, 90),
        ("2024-11-03T07:31:00", NEW_YORK, 5),
        ("2024-10-27T01:00:00", NEW_YORK, 5),
        ("2024-03-31T01:00:00", BERLIN, 5),  # an hour is skipped, none is repeated
        ("2024-03-10T07:00:00", NEW_YORK, 5),
        ("2024-07-01T12:00:00", BERLIN, 5),
        ("2024-12-24T12:00:00", BERLIN, 5),
    ],
)
def test_the_look_back_reaches_behind_the_repeated_hour_and_no_further_else(
    bookmark: str, zone: str, minutes: int
) -> None:
    moment = datetime.fromisoformat(f"{bookmark}.000000+00:00")

    assert moment - look_back(to_bookmark(moment), USUAL, ZoneInfo(zone)) == timedelta(minutes=minutes)


def to_bookmark(moment: datetime) -> str:
    return moment.isoformat("T", "microseconds")


@pytest.mark.parametrize(("asked_for", "expected"), [(timedelta(0), LONG), (timedelta(hours=6), timedelta(hours=6))])
def test_a_clock_change_only_makes_the_look_back_longer(asked_for: timedelta, expected: timedelta) -> None:
    moment = datetime(2024, 10, 27, 1, tzinfo=timezone.utc)

    assert moment - look_back(to_bookmark(moment), asked_for, ZoneInfo(BERLIN)) == expected


def test_with_the_default_contract_a_change_in_the_repeated_hour_is_read() -> None:
    """The tenant writes Berlin's time without an offset, though its contract does not say so."""
    with plain.serve() as tenant:
        tenant.now = datetime(2024, 10, 27, 0, 50, tzinfo=timezone.utc)
        tenant.put("users", 1, updatedAt="2024-10-27T02:50:00")  # the first time
        tenant.put("users", 2, updatedAt="2024-10-26T12:00:00")
        config = plain.config_of(tenant, deletion_check_interval_hours=24)
        first = run_tap(config)
        tenant.later(minutes=25)
        tenant.put("users", 2, updatedAt="2024-10-27T02:15:00")  # the second time
        tenant.queries.clear()
        second = run_tap(config, state=first.state)

    [since] = [query["updatedSince"] for path, query in tenant.queries if path == "users"]
    assert since == "2024-10-26T23:20:00Z"
    assert [record["remote_id"] for record in second.records()] == ["2"]


@pytest.mark.parametrize("year", ["0001", "1970"])
def test_a_tenant_that_writes_such_a_year_for_no_time_is_read_again_and_again(year: str) -> None:
    with plain.serve() as tenant:
        tenant.put("applicants", 1, updatedAt=f"{year}-01-01T00:00:00Z")
        config = plain.config_of(tenant)
        first = run_tap(config)
        second = run_tap(config, state=first.state)

    assert [run.status for run in (first, second)] == [0, 0], second.log
    assert [len(run.records()) for run in (first, second)] == [1, 0]
