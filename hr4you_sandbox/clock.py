"""Times as the sandbox keeps them (epoch seconds) and as the two wires write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


def utc_text(epoch: float) -> str:
    """``2026-01-31T12:00:00Z``: whole seconds, as the default wire writes times."""
    return datetime.fromtimestamp(int(epoch), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def berlin_text(epoch: float) -> str:
    """``2026-01-31 13:00:00``: Berlin's clock without an offset, as the legacy wire writes times.

    The two passes of the repeated hour in October look the same: this is what such a tenant loses.
    """
    return datetime.fromtimestamp(int(epoch), BERLIN).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """An HTTP ``Date``, by hand as strftime would follow the locale of the process."""
    when = datetime.fromtimestamp(second, timezone.utc)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[when.weekday()]
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][when.month - 1]
    return f"{day}, {when.day:02d} {month} {when.year:04d} {when:%H:%M:%S} GMT"


def parse_time(text: str) -> float:
    """Epoch seconds of a time in ISO 8601; without an offset it is Berlin's clock, the earlier of two instants.

    Raises:
        ValueError: it is no such time (a ``+`` that became a space in a URL is the classic).
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a time in ISO 8601")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    micros = int((fraction or "0").ljust(6, "0"))
    when = datetime(  # noqa: DTZ001  # the zone follows below
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros
    )
    return when.replace(tzinfo=_zone(offset)).timestamp()


def _zone(offset: str | None) -> timezone | ZoneInfo:
    if offset is None:
        return BERLIN
    if offset in {"Z", "z"}:
        return timezone.utc
    digits = offset[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if offset[0] == "-" else span)
