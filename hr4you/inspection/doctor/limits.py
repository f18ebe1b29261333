"""What the tenant's answers tell of a rate limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hr4you.inspection.doctor.checks import OK, WARNING, Check, count

if TYPE_CHECKING:
    from hr4you.inspection.doctor.case import Case

_LIMIT: Final = re.compile(r"(?:x-)?rate-?limit(?:-(?:policy|limit|remaining|reset))?|retry-after", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,9}")
_QUOTA: Final = re.compile(r"(?:^|;\s*q=|limit=)\s*(\d{1,9})")
_WINDOW: Final = re.compile(r";\s*w=(\d{1,9})")
_SHARE: Final = 0.8
"""Of a limit that is the run's to use: other programs may share the token."""


def check_limits(case: Case) -> Check:
    """Read the headers of all answers so far."""
    found = {name.lower(): text for headers in case.headers for name, text in headers.items() if _LIMIT.fullmatch(name)}
    if not found:
        return Check("rate limit", OK, f"none is told in {count(len(case.headers), 'answer')}")
    numbers = {name: number[0] for name, text in found.items() if (number := _NUMBER.search(text)) is not None}
    told = ", ".join(f"{name} {number}" for name, number in sorted(numbers.items())) or ", ".join(sorted(found))
    rate = _rate(found)
    own = case.connection.max_requests_per_second
    if rate is None:
        to_do = "Ask HR4YOU how many requests are allowed in which time, and set `max_requests_per_second`"
        return Check("rate limit", OK if own else WARNING, f"told: {told}", None if own else to_do)
    share = max(rate * _SHARE, 0.01)
    if own is not None and own <= rate:
        return Check("rate limit", OK, f"told: {told}; `max_requests_per_second` stays below")
    to_do = f"Set `max_requests_per_second` to {share:.2g}"
    if rate < case.connection.concurrency:
        to_do += f", and `concurrency` to {max(1, round(share))}"
    return Check("rate limit", WARNING, f"told: {told}: {rate:.2g} per second", to_do)


def _rate(found: dict[str, str]) -> float | None:
    """Return the requests per second that are allowed, None where the time is not told to which a limit applies."""
    for text in found.values():
        quota, window = _QUOTA.search(text), _WINDOW.search(text)
        if quota is not None and window is not None and int(window[1]):
            return int(quota[1]) / int(window[1])
    return None
