"""The shape of values without the values: kinds, and ranges that are rounded so that none can be guessed from them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hr4you.mapping.emails import is_email_address

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KINDS: Final = 3
"""So many kinds of one field are told; the rest is "others"."""

MOST_DISTINCT: Final = 10_000
"""Different values are counted up to here."""

_STEPS: Final = (1, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lengths and numbers of elements are told between two of these: an exact length is a hint at the value."""

_URL: Final = re.compile(r"(?:https?|ftp)://\S+|www\.\S+", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?:\+|00?)[\d\s()/.-]*|\(\+?\d[\d\s()/.-]*")
_HTML: Final = re.compile(r"<(?:p|br|div|span|ul|ol|li|b|strong|em|i|h\d|a|table)\b[^<>]*>", re.IGNORECASE)
_FEWEST_PHONE_DIGITS, _FEWEST_BARE_DIGITS, _MOST_PHONE_DIGITS = 6, 9, 16
_DAY: Final = r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}|\d\d?/\d\d?/\d{4}"
_TIME: Final = re.compile(rf"({_DAY})(?:([T ]|, )(\d\d?:\d\d)(:\d\d)?([.,]\d+)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?")

JSON_TYPES: Final = ("text", "whole number", "number", "true/false", "list", "object", "null")


def json_type(value: Any) -> str:
    """Return one of `JSON_TYPES`."""
    if value is None:
        return "null"
    kinds = ((bool, "true/false"), (str, "text"), (int, "whole number"), (float, "number"), (list, "list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")


def is_filled(value: Any) -> bool:
    """Whether a value holds anything: not null, no blank text, no empty list or object."""
    return value is not None and value not in ([], {}) and not (isinstance(value, str) and not value.strip())


class Shapes:
    """What the values of one field look like; values themselves are not kept, but for their hashes.

    Attributes:
        count: of values that hold something.
        types: JSON type -> how many of these values have it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.types: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._sizes: dict[str, tuple[int, int]] = {}
        self._hashes: set[int] = set()

    def add(self, value: Any) -> None:
        """Take a value into account; one that holds nothing does not count."""
        if not is_filled(value):
            return
        self.count += 1
        self.types[json_type(value)] += 1
        kind, size = shape_of(value)
        self._kinds[kind] += 1
        low, high = self._sizes.get(kind, (size, size))
        self._sizes[kind] = min(low, size), max(high, size)
        if len(self._hashes) < MOST_DISTINCT:
            self._hashes.add(hash(value.strip() if isinstance(value, str) else repr(value)))

    @property
    def distinct(self) -> int:
        """How many different values there were; the highest figure stands for itself and more."""
        return len(self._hashes)

    def __str__(self) -> str:
        """The shapes, most frequent first, as in ``date YYYY-MM-DD, text of 1 to 10 characters``; empty without any."""
        kinds = [kind for kind, _ in self._kinds.most_common()]
        told = [_told(kind, *self._sizes[kind]) for kind in kinds[:_MOST_KINDS]]
        return "; ".join(told + (["others"] if len(kinds) > _MOST_KINDS else []))


def shape_of(value: Any) -> tuple[str, int]:
    """Return the kind of a value and its size: characters, digits, elements, 0 for kinds without a size.

    The kind holds nothing of the value but, of a date, which of the usual forms it has.
    """
    if isinstance(value, bool):
        return "true/false", 0
    if isinstance(value, int):
        return "whole number", len(str(abs(value)))
    if isinstance(value, float):
        return "number with decimals", 0
    if isinstance(value, list):
        kinds = {json_type(element) for element in value}
        return f"list ({kinds.pop()})" if len(kinds) == 1 else "list", len(value)
    if not isinstance(value, str):
        return "object", len(value)
    text = value.strip()
    return _kind_of_text(text), len(text)


def _kind_of_text(text: str) -> str:
    time = _TIME.fullmatch(text)
    if time is not None:
        return _form_of_time(time)
    return next((kind for kind, holds in _KINDS if holds(text)), "text")


def _is_phone(text: str) -> bool:
    digits = sum(character.isdecimal() for character in text)
    fewest = _FEWEST_BARE_DIGITS if digits == len(text) else _FEWEST_PHONE_DIGITS  # 01067 is a postcode
    return bool(_PHONE.fullmatch(text)) and fewest <= digits <= _MOST_PHONE_DIGITS


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


_KINDS: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("phone number", _is_phone),
    ("digits", str.isdecimal),
    ("e-mail address", lambda text: "@" in text and is_email_address(text)),
    ("web address", _URL.fullmatch),
    ("UUID", _is_uuid),
    ("HTML", _HTML.search),
)
"""Tried in this order."""


def _form_of_time(found: re.Match[str]) -> str:
    day = found[1]
    form = "YYYY-MM-DD" if day[4:5] == "-" else "DD.MM.YYYY" if "." in day else "with slashes"
    if found[3] is None:
        return f"date {form}"
    clock = f"{form}{found[2]}hh:mm{':ss' if found[4] else ''}{'.fff' if found[5] else ''}"
    zone = found[6]
    return f"time {clock}{'Z' if zone == 'Z' else '+hh:mm' if zone else ' without a zone'}"


def _told(kind: str, low: int, high: int) -> str:
    if kind in {"digits", "whole number"}:  # an exact number of digits tells a form, such as that of a postcode
        span = str(low) if low == high else f"{low} to {high}"
        plural = "" if low == high == 1 else "s"
        return f"{span} digit{plural}" if kind == "digits" else f"whole number of {span} digit{plural}"
    if kind in {"text", "HTML"}:
        return f"{kind} of {_span(low, high)} characters"
    return f"{kind}, {_span(low, high)}" if kind.startswith(("list", "object")) else kind


def _span(low: int, high: int) -> str:
    """A range around both, from one of `_STEPS` to a later one."""
    first = bisect_right(_STEPS, low) - 1
    last = max(bisect_left(_STEPS, high), first + 1)
    lower = 0 if first < 0 else _STEPS[first]
    return f"{lower} to {_STEPS[last]}" if last < len(_STEPS) else f"{lower} or more"


_LONGEST_SHOWN: Final = 80


def printable(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return a tenant's text as it may come on a screen: one line, no control or direction characters, not too long."""
    clean = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= longest else f"{clean[: longest - 2]}.."
