"""Times: from what a tenant writes to aware UTC, and from there to the one text form of every record.

A tenant may write ISO 8601 with or without an offset, ``YYYY-MM-DD HH:MM:SS`` in its local time, German dates
(``31.01.2026 14:05``) or epoch numbers. Whatever is no possible time is None, never an exception: one bad cell must
not end a run.
"""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)

MILLISECONDS_FROM: Final = 10**11
"""Epoch numbers from here on are milliseconds: as seconds they would lie beyond the year 5138, as milliseconds this is
March 1973."""

_TAKES_Z: Final = sys.version_info >= (3, 11)
_SECOND: Final = timedelta(seconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)

_CLOCK = r"""
    (?P<hour>\d{1,2}) (?: :?(?P<minute>\d{2}) (?: :?(?P<second>\d{2}) (?: [.,](?P<fraction>\d{1,12}) )? )? )?
    (?: \s? (?: (?P<utc>Z|UTC|GMT) | (?P<sign>[+-])(?P<offset_hours>\d{2}):?(?P<offset_minutes>\d{2})? ) )?
    (?: \[[\w/+-]{1,60}\] )?       # Java adds the zone's name behind the offset
"""
_FORMS: Final = (
    re.compile(
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}) (?: (?:T|\s+) {_CLOCK} )?",
        re.ASCII | re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}) (?: T? (?=\d\d) {_CLOCK} )?",
        re.ASCII | re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}) (?: ,?\s+ {_CLOCK} (?:\s*Uhr)? )?",
        re.ASCII | re.VERBOSE | re.IGNORECASE,
    ),
)
_USUAL: Final = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_EPOCH_TEXT: Final = re.compile(r"-?(?:\d{9,13}|\d{15,17})(?:\.\d{1,9})?", re.ASCII)
_TO_MICROSECONDS: Final = 6


def parse_time(value: Any, zone: tzinfo, *, whole_days_end: bool = False) -> datetime | None:
    """Read one time of the wire.

    Args:
        value: text, an epoch number (seconds, or milliseconds from ``MILLISECONDS_FROM``; 0 means "not given", as in
            PHP's habit), or a datetime or date.
        zone: where times without an offset were written. The hour that a clock change repeats is its earlier instant,
            the hour that it skips moves forward.
        whole_days_end: a date without a time of day is its last microsecond in ``zone`` instead of its first.

    Returns:
        Aware UTC, or None for what is no time: empty text, ``0000-00-00``, 31 February, a boolean, a year past 9999.
    """
    if isinstance(value, str):
        return _from_plain_iso(value, zone) or _from_text(value.strip(), zone, whole_days_end=whole_days_end)
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else _from_epoch(value)
    try:
        if isinstance(value, datetime):
            return _to_utc(value, zone)
        if isinstance(value, date):
            return _whole_day(value, zone, ends=whole_days_end)
    except OverflowError:
        pass
    return None


def utc_text(value: Any, zone: tzinfo, *, whole_days_end: bool = False) -> str | None:
    """``to_text(parse_time(...))``, or None where that is None; for the times of every record."""
    if type(value) is str and _USUAL.fullmatch(value):
        # What most tenants are thought to write needs a check of its day and no new text: a third of the time.
        try:
            datetime.fromisoformat(value[:19])
        except ValueError:
            return None
        return f"{value[:19]}.000000+00:00"
    moment = parse_time(value, zone, whole_days_end=whole_days_end)
    return None if moment is None else to_text(moment)


def to_text(moment: datetime) -> str:
    """The text form of all times in records and state: ``YYYY-MM-DDTHH:MM:SS.ffffff+00:00``, comparable as text.

    Args:
        moment: an aware datetime of any zone.

    Raises:
        ValueError: for a datetime without a zone.
    """
    if moment.tzinfo is not timezone.utc:
        if moment.utcoffset() is None:
            msg = "a time without a zone has no UTC text"
            raise ValueError(msg)
        moment = moment.astimezone(timezone.utc)
    # Without its zone a datetime is written in two thirds of the time.
    return moment.replace(tzinfo=None).isoformat("T", "microseconds") + "+00:00"


def format_since(moment: datetime, form: str, zone: tzinfo) -> str:
    """Write a moment as a tenant's filter for changes expects it, rounded down so that ``>=`` misses nothing.

    Args:
        moment: an aware datetime.
        form: ``iso8601`` (``2026-01-31T12:00:00Z``), ``epoch_s``, ``epoch_ms``, or a pattern of strftime, which is
            filled with local time.
        zone: the local time of patterns.
    """
    if form == "iso8601":
        return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "epoch_s":
        return str((moment - EPOCH) // _SECOND)
    if form == "epoch_ms":
        return str((moment - EPOCH) // _MILLISECOND)
    return moment.astimezone(zone).strftime(form)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in a zone, as UTC; where a clock change skips midnight, the instant of the change."""
    return _to_utc(datetime.combine(day, time.min), zone)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last microsecond of a day in a zone, as UTC; of a repeated last hour it is the later one."""
    return _to_utc(datetime.combine(day, time.max).replace(fold=1), zone)


def is_bare_date(value: Any) -> bool:
    """Whether a value of the wire is a possible date without a time of day."""
    if isinstance(value, str):
        text = value.strip()
        found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
        return found is not None and found["hour"] is None and _day(found) is not None
    return isinstance(value, date) and not isinstance(value, datetime)


def _from_plain_iso(text: str, zone: tzinfo) -> datetime | None:
    """The shape ``YYYY-MM-DD HH...``, read by C code; None leaves other shapes to the patterns."""
    if not (text[4:5] == "-" == text[7:8] and text[10:11] in ("T", " ")):
        return None
    try:
        return _to_utc(datetime.fromisoformat(text if _TAKES_Z or text[-1] != "Z" else f"{text[:-1]}+00:00"), zone)
    except (ValueError, OverflowError):
        return None


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(timezone.utc)


def _whole_day(day: date, zone: tzinfo, *, ends: bool) -> datetime:
    return end_of_day(day, zone) if ends else start_of_day(day, zone)


def _from_epoch(number: float) -> datetime | None:
    if number == 0:
        return None
    unit = _MILLISECOND if abs(number) >= MILLISECONDS_FROM else _SECOND
    try:
        return EPOCH + number * unit
    except (OverflowError, ValueError):  # beyond year 9999, infinite, or not a number
        return None


def _from_text(text: str, zone: tzinfo, *, whole_days_end: bool) -> datetime | None:
    if _EPOCH_TEXT.fullmatch(text):
        return _from_epoch(float(text) if "." in text else int(text))
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            break
    else:
        return None
    day = _day(found)
    if day is None:
        return None
    try:
        if found["hour"] is None:
            return _whole_day(day, zone, ends=whole_days_end)
        return _with_clock(found, day, zone)
    except (ValueError, OverflowError):
        return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _with_clock(found: re.Match[str], day: date, zone: tzinfo) -> datetime:
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    microsecond = int((found["fraction"] or "0")[:_TO_MICROSECONDS].ljust(_TO_MICROSECONDS, "0"))
    if (hour, minute, second, microsecond) == (24, 0, 0, 0):  # ISO 8601 lets a day end so
        hour, day = 0, day + _DAY
    moment = datetime.combine(day, time(hour, minute, second, microsecond))
    if found["utc"]:
        return moment.replace(tzinfo=timezone.utc)
    if found["sign"]:
        offset = timedelta(hours=int(found["offset_hours"]), minutes=int(found["offset_minutes"] or 0))
        return _to_utc(moment.replace(tzinfo=timezone(-offset if found["sign"] == "-" else offset)), zone)
    return _to_utc(moment, zone)
