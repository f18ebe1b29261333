"""Single values of a record: texts, times, whole numbers and references; whatever is none of it is null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.ids import make_id, to_remote_id
from hr4you.mapping.emails import is_email_address
from hr4you.text import to_text
from hr4you.timestamps import parse_time, utc_text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hr4you.mapping.findings import Findings
    from hr4you.mapping.layout import Getter

OPEN_END_FROM: Final = 2900
"""Years from here on mean "no end": tenants write 2999-09-23 and the like."""

_SAFELY_BEFORE: Final = f"{OPEN_END_FROM - 1}-12-30"  # any zone's New Year lies behind
_SAFELY_AFTER: Final = f"{OPEN_END_FROM}-01-02"

_NOT_GIVEN: Final = ("0000-00-00", "00.00.0000")
"""Databases write these for no date at all; nobody made a mistake."""


def text_field(field: str, get: Getter, findings: Findings) -> Getter:
    """Trimmed text; numbers as text; empty text is null."""

    def read(wire: Any) -> str | None:
        value = get(wire)
        if type(value) is str:
            return value.strip() or None
        if value is None:
            return None
        text = to_text(value)
        if text is None and value:
            findings.note_odd(field, value)
        return text

    return read


def email_field(field: str, get: Getter, findings: Findings) -> Getter:
    """One e-mail address; an invalid one is null."""
    text = text_field(field, get, findings)

    def read(wire: Any) -> str | None:
        address: str | None = text(wire)
        if address is None or is_email_address(address):
            return address
        findings.notices[f"`{field}` is null, as the tenant's value is no valid e-mail address"] += 1
        return None

    return read


def changed_at_field(get: Getter, zone: ZoneInfo, findings: Findings) -> Getter:
    """The wire's time of change as UTC text."""

    def read(wire: Any) -> str | None:
        value = get(wire)
        if value is None:
            return None
        text = utc_text(value, zone)
        if text is None and not _is_not_given(value):
            findings.notices["the tenant's time of change is no possible time"] += 1
        return text

    return read


def date_field(field: str, get: Getter, zone: ZoneInfo, findings: Findings, *, ends: bool = False) -> Getter:
    """A time as UTC text; a date without time of day is its day's start in the zone, or its end.

    Years from `OPEN_END_FROM`, as read in the zone, are null; so are impossible dates, which are counted.

    Args:
        field: its name.
        get: where it stands.
        zone: the tenant's.
        findings: where to count.
        ends: a date without time of day is the last instant of its day.
    """

    def read(wire: Any) -> str | None:
        value = get(wire)
        if value is None:
            return None
        text = utc_text(value, zone, whole_days_end=ends)
        if text is None:
            if not _is_not_given(value):
                findings.notices[f"`{field}` is null, as the tenant's value is no possible date"] += 1
            return None
        if text < _SAFELY_BEFORE:
            return text
        if text > _SAFELY_AFTER:
            return None
        moment = parse_time(value, zone, whole_days_end=ends)
        return None if moment is None or moment.astimezone(zone).year >= OPEN_END_FROM else text

    return read


def id_field(field: str, get: Getter, tenant: str, model: str, findings: Findings) -> Getter:
    """A reference to another object as its id; 0 is PHP's "none"."""
    prefix = make_id(tenant, model, "")

    def read(wire: Any) -> str | None:
        value = get(wire)
        remote_id = to_remote_id(value)
        if remote_id is None and value:
            findings.note_odd(field, value, "an id")
        return None if remote_id is None or remote_id == "0" else prefix + remote_id

    return read


def integer_field(field: str, get: Getter, findings: Findings) -> Getter:
    """A whole number, also one written as text."""

    def read(wire: Any) -> int | None:
        value = get(wire)
        text = to_remote_id(value)
        try:
            return None if text is None else int(text)
        except ValueError:
            findings.note_odd(field, value, "a whole number")
            return None

    return read


def _is_not_given(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip().strip("0") or value.strip().startswith(_NOT_GIVEN)
    return not value
