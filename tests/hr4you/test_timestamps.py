from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.timestamps import end_of_day, format_since, is_bare_date, parse_time, start_of_day, to_text, utc_text

BERLIN = ZoneInfo("Europe/Berlin")
UTC = timezone.utc

WRITTEN = {
    "iso-z": ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000+00:00"),
    "iso-lower-case": ("2026-01-31t12:00:00z", "2026-01-31T12:00:00.000000+00:00"),
    "iso-offset": ("2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00.000000+00:00"),
    "iso-short-offset": ("2026-01-31T12:00:00+01", "2026-01-31T11:00:00.000000+00:00"),
    "iso-offset-without-colon": ("2026-01-31T12:00:00-0330", "2026-01-31T15:30:00.000000+00:00"),
    "iso-offset-after-a-space": ("2026-01-31 12:00:00 +0100", "2026-01-31T11:00:00.000000+00:00"),
    "iso-utc-as-a-word": ("2026-01-31 12:00:00 UTC", "2026-01-31T12:00:00.000000+00:00"),
    "iso-zone-name-behind": ("2026-01-31T12:00:00+01:00[Europe/Berlin]", "2026-01-31T11:00:00.000000+00:00"),
    "milliseconds": ("2026-01-31T12:00:00.125Z", "2026-01-31T12:00:00.125000+00:00"),
    "one-digit-of-a-second": ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500000+00:00"),
    "nanoseconds-are-cut": ("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456+00:00"),
    "decimal-comma": ("2026-01-31T12:00:00,25Z", "2026-01-31T12:00:00.250000+00:00"),
    "compact": ("20260131T120000Z", "2026-01-31T12:00:00.000000+00:00"),
    "compact-local": ("20260131120000", "2026-01-31T11:00:00.000000+00:00"),
    "compact-date": ("20260131", "2026-01-30T23:00:00.000000+00:00"),
    "local-winter": ("2026-01-31 12:00:00", "2026-01-31T11:00:00.000000+00:00"),
    "local-summer": ("2026-07-31 12:00:00", "2026-07-31T10:00:00.000000+00:00"),
    "local-without-seconds": ("2026-01-31 12:05", "2026-01-31T11:05:00.000000+00:00"),
    "local-short-hour": ("2026-1-31 9:05:07", "2026-01-31T08:05:07.000000+00:00"),
    "padded": ("\n  2026-01-31 12:00:00\t", "2026-01-31T11:00:00.000000+00:00"),
    "end-of-day-as-24": ("2026-01-31 24:00:00", "2026-01-31T23:00:00.000000+00:00"),
    "date-is-its-start": ("2026-07-31", "2026-07-30T22:00:00.000000+00:00"),
    "german-date": ("31.01.2026", "2026-01-30T23:00:00.000000+00:00"),
    "german-time": ("31.01.2026 14:05", "2026-01-31T13:05:00.000000+00:00"),
    "german-words": ("1. 2. 2026, 14:05:09 Uhr", "2026-02-01T13:05:09.000000+00:00"),
    "epoch-seconds": (1769860800, "2026-01-31T12:00:00.000000+00:00"),
    "epoch-milliseconds": (1769860800123, "2026-01-31T12:00:00.123000+00:00"),
    "epoch-float": (1769860800.5, "2026-01-31T12:00:00.500000+00:00"),
    "epoch-text": ("1769860800", "2026-01-31T12:00:00.000000+00:00"),
    "epoch-milliseconds-text": ("1769860800123", "2026-01-31T12:00:00.123000+00:00"),
    "epoch-before-1970": (-86400, "1969-12-31T00:00:00.000000+00:00"),
    "far-year-is-a-time": ("2999-09-23", "2999-09-22T22:00:00.000000+00:00"),
    "year-9999": ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000+00:00"),
    "naive-datetime": (datetime(2026, 1, 31, 12), "2026-01-31T11:00:00.000000+00:00"),  # noqa: DTZ001
    "aware-datetime": (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00.000000+00:00"),
    "date": (date(2026, 1, 31), "2026-01-30T23:00:00.000000+00:00"),
    # The clocks of Berlin change at 01:00 UTC.
    "before-the-skipped-hour": ("2026-03-29 01:59:59", "2026-03-29T00:59:59.000000+00:00"),
    "in-the-skipped-hour": ("2026-03-29 02:30:00", "2026-03-29T01:30:00.000000+00:00"),
    "after-the-skipped-hour": ("2026-03-29 03:00:00", "2026-03-29T01:00:00.000000+00:00"),
    "before-the-repeated-hour": ("2026-10-25 01:59:59", "2026-10-24T23:59:59.000000+00:00"),
    "in-the-repeated-hour": ("2026-10-25 02:30:00", "2026-10-25T00:30:00.000000+00:00"),
    "repeated-hour-with-offset": ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000000+00:00"),
    "after-the-repeated-hour": ("2026-10-25 03:00:00", "2026-10-25T02:00:00.000000+00:00"),
}

IMPOSSIBLE: dict[str, Any] = {
    "empty": "",
    "white-space": " \n",
    "zero-date": "0000-00-00",
    "zero-date-time": "0000-00-00 00:00:00",
    "31-february": "2026-02-31",
    "31-february-with-time": "2026-02-31 12:00:00",
    "german-31-february": "31.02.2026",
    "hour-25": "2026-01-31 25:00:00",
    "minute-60": "2026-01-31T12:60:00Z",
    "past-24": "2026-01-31 24:00:01",
    "offset-of-days": "2026-01-31T12:00:00+99:00",
    "year-past-9999": "10000-01-01",
    "epoch-past-9999": 10**15,
    "epoch-text-past-9999": "99999999999999999",
    "huge-number": 10**400,
    "before-year-1": "0001-01-01T00:00:00+14:00",
    "last-day-that-overflows": "9999-12-31T23:59:59-14:00",
    "end-of-time": "9999-12-31 24:00:00",
    "not-a-number": float("nan"),
    "infinite": float("inf"),
    "zero": 0,
    "zero-float": 0.0,
    "zero-text": "0",
    "year-alone": "2026",
    "two-digit-year": "31.01.26",
    "words": "ab sofort",
    "date-and-words": "2026-01-31 oder später",
    "other-digits": "٢٠٢٦-٠١-٣١",
    "true": True,
    "false": False,
    "none": None,
    "list": ["2026-01-31"],
    "object": {"date": "2026-01-31"},
    "bytes": b"2026-01-31",
}


@pytest.mark.parametrize(("value", "text"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_time_is_read_as_its_utc_instant(value: Any, text: str) -> None:
    moment = parse_time(value, BERLIN)
    assert moment is not None
    assert to_text(moment) == text
    assert utc_text(value, BERLIN) == text


@pytest.mark.parametrize("value", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
@pytest.mark.parametrize("whole_days_end", [False, True], ids=["start", "end"])
def test_what_is_no_time_is_none(value: Any, whole_days_end: bool) -> None:  # noqa: FBT001
    assert parse_time(value, BERLIN, whole_days_end=whole_days_end) is None
    assert utc_text(value, BERLIN, whole_days_end=whole_days_end) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("2026-01-31", "2026-01-31T22:59:59.999999+00:00", id="date"),
        pytest.param("31.07.2026", "2026-07-31T21:59:59.999999+00:00", id="german-date"),
        pytest.param(date(2026, 1, 31), "2026-01-31T22:59:59.999999+00:00", id="typed-date"),
        pytest.param("2026-03-29", "2026-03-29T21:59:59.999999+00:00", id="day-of-23-hours"),
        pytest.param("2026-10-25", "2026-10-25T22:59:59.999999+00:00", id="day-of-25-hours"),
        pytest.param("2026-01-31 00:00:00", "2026-01-30T23:00:00.000000+00:00", id="a-time-given-is-kept"),
        pytest.param(1769860800, "2026-01-31T12:00:00.000000+00:00", id="an-epoch-is-no-date"),
    ],
)
def test_a_date_alone_can_mean_its_end(value: Any, text: str) -> None:
    moment = parse_time(value, BERLIN, whole_days_end=True)
    assert moment is not None
    assert to_text(moment) == text


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        pytest.param(
            "America/Asuncion",  # midnight of this day was skipped
            date(2023, 10, 1),
            "2023-10-01T04:00:00.000000+00:00",
            "2023-10-02T02:59:59.999999+00:00",
            id="skipped-midnight",
        ),
        pytest.param(
            "America/Asuncion",  # its last hour came twice
            date(2024, 3, 23),
            "2024-03-23T03:00:00.000000+00:00",
            "2024-03-24T03:59:59.999999+00:00",
            id="repeated-last-hour",
        ),
    ],
)
def test_a_day_reaches_from_its_first_to_its_last_instant(zone: str, day: date, start: str, end: str) -> None:
    assert to_text(start_of_day(day, ZoneInfo(zone))) == start
    assert to_text(end_of_day(day, ZoneInfo(zone))) == end


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("2026-01-31", True),
        (" 31.01.2026 ", True),
        (date(2026, 1, 31), True),
        ("2026-01-31 00:00:00", False),
        ("2026-02-31", False),
        ("1769860800", False),
        (datetime(2026, 1, 31, tzinfo=UTC), False),
        (None, False),
    ],
)
def test_a_bare_date_is_told_from_a_time(value: Any, bare: bool) -> None:  # noqa: FBT001
    assert is_bare_date(value) is bare


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso8601", "2026-10-25T00:30:59Z"),
        ("epoch_s", "1792888259"),
        ("epoch_ms", "1792888259999"),
        ("%Y-%m-%d %H:%M:%S", "2026-10-25 02:30:59"),
        ("%d.%m.%Y %H:%M", "25.10.2026 02:30"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-10-25T02:30:59+0200"),
    ],
)
def test_a_filter_for_changes_is_rounded_down(form: str, text: str) -> None:
    assert format_since(datetime(2026, 10, 25, 0, 30, 59, 999999, tzinfo=UTC), form, BERLIN) == text


def test_the_text_form_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2026, 1, 31))  # noqa: DTZ001


INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(INSTANTS, OFFSETS)
def test_every_instant_survives_its_text_form(moment: datetime, offset: timezone) -> None:
    text = to_text(moment.astimezone(offset))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", text)
    assert parse_time(text, BERLIN) == moment
    assert parse_time(moment.astimezone(offset).isoformat(), BERLIN) == moment


@given(INSTANTS, INSTANTS)
def test_text_forms_compare_as_their_instants_do(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


@given(st.datetimes(min_value=datetime(1980, 4, 7), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_a_local_time_is_never_later_than_either_reading(local: datetime) -> None:
    moment = parse_time(local.isoformat(sep=" "), BERLIN)
    readings = [local.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC) for fold in (0, 1)]
    assert moment == readings[0]
    assert moment.replace(microsecond=0).astimezone(BERLIN).strftime("%d %H:%M") in (
        local.strftime("%d %H:%M"),
        (local + timedelta(hours=1)).strftime("%d %H:%M"),
    )


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.lists(st.text()), st.from_regex(r"[0-9:. T-]+"))
)
def test_nothing_that_a_wire_can_hold_raises(value: Any) -> None:
    moment = parse_time(value, BERLIN)
    assert moment is None or moment.tzinfo is UTC
