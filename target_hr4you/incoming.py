"""From what taps send (nested records, flat columns, JSON text, upper-case columns) to one nested record.

Upstream tables are mostly flat: a CSV file has a column ``candidate__first_name`` of texts, in which ``""`` is all that
there is for "nothing"; PostgreSQL has a column ``candidate`` of JSON; Snowflake has ``CANDIDATE__FIRST_NAME``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from hr4you.text import to_text
from target_hr4you.invalid import InputInvalidError, dotted, kind_of

VALUE: Final = "value"
"""A text, number or boolean."""
OPEN: Final = "open"
"""An object whose keys the user chooses."""
OWN: Final = "own"
"""As `OPEN`, and what is inside is left as it is: it is sent as it came, and null may mean something to the tenant."""

_ATTACHMENT: Final = dict.fromkeys(("name", "content_type", "data_url", "data", "type"), VALUE)

INPUTS: Final[dict[str, Any]] = {
    "candidate": {
        **dict.fromkeys(("first_name", "last_name", "email_address", "phone_number", "gender"), VALUE),
        "location": {"city": VALUE, "country": VALUE},
    },
    "application": {"job_id": VALUE, "stage_id": VALUE},
    "attachments": [_ATTACHMENT],
    "attachment": _ATTACHMENT,
    "source": {"name": VALUE, "unified_key": VALUE, "id": VALUE},
    "gdpr_consent": {"given": VALUE},
    "details": {"custom_field_name_prefix": VALUE, "attributes": [{"key": VALUE, "value": VALUE}]},
    "remote_fields": {"hr4you": {"applicant": OWN, "application": OWN}},
    **dict.fromkeys(("action_id", "job_id", "stage_id", "application_id", "candidate_id"), VALUE),
    **dict.fromkeys(("label", "url", "content", "content_type", "method", "path"), VALUE),
    "params": OPEN,
    "body": OWN,
}
"""Every input of every action: an object is a dict, a list a list of what its elements are."""

DEEPEST: Final = 100
"""Levels of nesting that are read; what lies deeper would break what walks through it later."""

_EXACT_DIGITS: Final = 40  # whole numbers up to this length stay exact; 1E+999999 has no business here
_INDEX: Final = re.compile(r"[0-9]{1,6}")
_SEPARATOR: Final = re.compile(r"__|\.")

_Path = tuple["str | int", ...]


@dataclasses.dataclass(frozen=True)
class _Place:
    """Where a column belongs.

    Attributes:
        node: the part of `INPUTS` at that path.
        is_exact: the column is written as the input is, also in case.
        own: how many parts of the path lead to what is the user's own, None where it is not.
    """

    path: _Path
    node: Any
    is_exact: bool
    own: int | None = None

    def child(self, key: str | int, node: Any, *, is_exact: bool = True) -> _Place:
        """The place one key below."""
        return _Place((*self.path, key), node, self.is_exact and is_exact)


class _Parts(dict["str | int", Any]):
    """An object or list that is put together from several columns; a list has its positions for keys."""


def read_record(record: Mapping[str, Any], *, inputs: Collection[str] | None = None) -> dict[str, Any]:
    """Put a record's inputs together as one nested object of JSON values.

    Surplus columns and keys are left out. Empty and blank texts, null, and objects and lists that hold nothing else
    count as absent, except inside `OWN`. Texts are not trimmed and values not checked: that is the models' part.

    Args:
        record: as a tap sent it; it is not changed.
        inputs: the top-level inputs that count, by default those of all actions and ``action_id``.

    Raises:
        InputInvalidError: two columns give one input different values, or an input is nested too deeply.
    """
    wanted = None if inputs is None else frozenset(inputs)
    columns = [(_place_of(column, wanted), value) for column, value in record.items()]
    known = [(place, value) for place, value in columns if place is not None]
    known.sort(key=lambda column: len(column[0].path))  # whole objects before the columns of their parts
    found = [part for place, value in known for part in _values(place, value)]
    found.sort(key=lambda part: not part[0].is_exact)  # what is written as the input is before other cases
    result, exact = _Parts(), set[_Path]()
    for place, value in found:
        _put(result, place, value, exact)
    finished: dict[str, Any] = _finished(result, INPUTS)
    return finished


def to_plain(value: Any, depth: int = DEEPEST) -> Any:
    """A copy of a value in which there is nothing but JSON: decimals become numbers, dates and times ISO text.

    Raises:
        RecursionError: it is nested more deeply than ``depth``.
    """
    if isinstance(value, Mapping | list | tuple):
        if not depth:
            raise RecursionError
        if isinstance(value, Mapping):
            return {str(key): to_plain(part, depth - 1) for key, part in value.items()}
        return [to_plain(part, depth - 1) for part in value]
    if isinstance(value, decimal.Decimal):
        is_whole = value.is_finite() and value.adjusted() < _EXACT_DIGITS and value == value.to_integral_value()
        return int(value) if is_whole else float(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value


def without_nothing(value: Any) -> Any:
    """A plain value without what is empty inside; None where nothing is left."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, dict):
        return {key: part for key, old in value.items() if (part := without_nothing(old)) is not None} or None
    if isinstance(value, list):
        return [part for old in value if (part := without_nothing(old)) is not None] or None
    return value


@functools.lru_cache(maxsize=10_000)
def _place_of(column: str, inputs: frozenset[str] | None) -> _Place | None:
    """Where a column belongs; None for a surplus one."""
    head, *tail = _SEPARATOR.split(column, maxsplit=1)
    place = _below(_Place((), INPUTS, is_exact=True), head)
    if place is None or (inputs is not None and place.path[0] not in inputs):
        return None
    if tail and not isinstance(place.node, dict | list):  # `url__checked` is no part of `url`
        return None
    while tail and place is not None:
        if place.node is OWN:
            # The user's own keys may hold the other separator, so they are split at the one that the column has.
            keys = tail[0].split("__" if "__" in column else ".")
            return dataclasses.replace(place, path=(*place.path, *keys), own=len(place.path))
        head, *tail = _SEPARATOR.split(tail[0], maxsplit=1)
        place = _below(place, head)
    return place


def _below(place: _Place, key: str) -> _Place | None:
    """The place of a key or list position below a place; None where there is no such input."""
    if isinstance(place.node, list):
        return place.child(int(key), place.node[0]) if _INDEX.fullmatch(key) else None
    if not isinstance(place.node, dict):
        return None
    known = key if key in place.node else key.lower()
    return place.child(known, place.node[known], is_exact=known == key) if known in place.node else None


def _values(place: _Place, value: Any) -> Iterator[tuple[_Place, Any]]:
    """The single values in what a column holds, each with its place; nothing where it holds nothing.

    Raises:
        InputInvalidError: it is nested too deeply.
    """
    if place.node is not VALUE and place.own is None:
        value = _opened(value)
    if isinstance(place.node, dict) and isinstance(value, Mapping):
        for key, part in value.items():
            below = _below(place, str(key))
            if below is not None:
                yield from _values(below, part)
        return
    if isinstance(place.node, list) and isinstance(value, list | tuple):
        for position, part in enumerate(value):
            yield from _values(place.child(position, place.node[0]), part)
        return
    try:
        plain = to_plain(value)
    except RecursionError:
        found = f"{kind_of(value)} nested too deeply"
        raise InputInvalidError(_field(place), found, f"at most {DEEPEST} levels") from None
    # A flat table cannot leave a column out, so that one which is empty is nothing even among the user's own.
    is_kept = place.node is OWN and isinstance(plain, dict | list)
    plain = plain if is_kept else without_nothing(plain)
    if plain is not None:
        yield place, plain


def _opened(value: Any) -> Any:
    """What a JSON text of an object, a list or null stands for; everything else as it is, for the models to judge."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[", "null")):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _put(result: _Parts, place: _Place, value: Any, exact: set[_Path]) -> None:
    """Add a value to the result.

    Args:
        result: whole objects and exact columns have been put there before.
        place: where to.
        value: a plain value, not nothing.
        exact: the paths of the values that came from exact columns.

    Raises:
        InputInvalidError: another value stands there already.
    """
    target: dict[Any, Any] = result
    for depth, key in enumerate(place.path[:-1], start=1):
        target = target.setdefault(key, _Parts())
        if not isinstance(target, _Parts) and not (place.own and isinstance(target, dict)):
            found = f"{kind_of(target)} beside columns of its parts"
            raise InputInvalidError(dotted(place.path[:depth][: place.own]), found, "only one of the two")
    existing = target.setdefault(place.path[-1], value)
    if place.is_exact:
        exact.add(place.path)
    elif place.path in exact:
        return
    if existing is not value and not _agree(existing, value):
        found = "columns that contradict each other"
        raise InputInvalidError(_field(place), found, "one column for it, or the same value in each")


def _agree(one: Any, other: Any) -> bool:
    text = _to_text(one)
    return one == other or (text is not None and text == _to_text(other))


def _to_text(value: Any) -> str | None:
    return str(value).lower() if isinstance(value, bool) else to_text(value)


def _field(place: _Place) -> str:
    """The path without the user's own keys, which may be anything."""
    return dotted(place.path[: place.own])


def _finished(value: Any, node: Any) -> Any:
    """The result with plain dicts and lists in place of `_Parts`."""
    if not isinstance(value, _Parts):
        return value
    if isinstance(node, list):
        return [_finished(value[position], node[0]) for position in sorted(value, key=int)]
    return {str(key): _finished(part, node[key] if isinstance(node, dict) else OWN) for key, part in value.items()}
