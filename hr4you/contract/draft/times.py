"""How times are written, told from examples, descriptions and formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you.contract.draft.schema import Schema

ISO: Final = "iso8601"
SECONDS: Final = "epoch_s"
MILLISECONDS: Final = "epoch_ms"

_LEAST_MILLISECONDS: Final = 100_000_000_000
_LEAST_SECONDS: Final = 100_000_000

# What a written time looks like, and how it is said: a pattern of strftime, or ISO where it has an offset.
_WRITTEN: Final = tuple(
    (re.compile(rf"(?<!\d){form}"), said)
    for form, said in (
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)", ISO),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "%Y-%m-%dT%H:%M:%S"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "%Y-%m-%d %H:%M:%S"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d", "%Y-%m-%d %H:%M"),
        (r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d", "%d.%m.%Y %H:%M:%S"),
        (r"\d\d\.\d\d\.\d{4} \d\d:\d\d", "%d.%m.%Y %H:%M"),
        (r"\d\d\.\d\d\.\d{4}", "%d.%m.%Y"),
        (r"\d{14}(?!\d)", "%Y%m%d%H%M%S"),
        (r"\d{13}(?!\d)", MILLISECONDS),
        (r"\d{10}(?!\d)", SECONDS),
        (r"\d{4}-\d\d-\d\d(?![\dT ])", "%Y-%m-%d"),
    )
)

# What descriptions call it, the surest first. German and English masks of dates.
_DESCRIBED: Final = (
    (re.compile(r"milli|\bms\b", re.IGNORECASE), MILLISECONDS),
    (re.compile(r"(?:unix|epoch|posix).{0,30}|sekunden seit|seconds since", re.IGNORECASE), SECONDS),
    (re.compile(r"(?:yyyy|jjjj)-mm-(?:dd|tt)t(?:hh|ss):", re.IGNORECASE), "%Y-%m-%dT%H:%M:%S"),
    (re.compile(r"(?:yyyy|jjjj)-mm-(?:dd|tt) +(?:hh|ss):(?:mm|ii):(?:ss|sek)", re.IGNORECASE), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"(?:yyyy|jjjj)-mm-(?:dd|tt) +(?:hh|ss):(?:mm|ii)", re.IGNORECASE), "%Y-%m-%d %H:%M"),
    (re.compile(r"(?:dd|tt)\.mm\.(?:yyyy|jjjj) +(?:hh|ss):(?:mm|ii):(?:ss|sek)", re.IGNORECASE), "%d.%m.%Y %H:%M:%S"),
    (re.compile(r"(?:dd|tt)\.mm\.(?:yyyy|jjjj)", re.IGNORECASE), "%d.%m.%Y"),
    (re.compile(r"y-m-d h:i:s", re.IGNORECASE), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"(?:yyyy|jjjj)-mm-(?:dd|tt)(?! *(?:hh|t))", re.IGNORECASE), "%Y-%m-%d"),
    (re.compile(r"iso[ -]?8601|rfc[ -]?3339", re.IGNORECASE), ISO),
)


def told_format(schema: Schema, description: str = "") -> str | None:
    """How a time is written, as `changed_since.format` says it; None where the document does not tell.

    What is described or shown goes before the schema's format, which generators write for any time.
    """
    shown = format_of_values(schema.examples)
    if shown is not None:
        return shown
    text = f"{description} {schema.description}"
    for pattern, said in _WRITTEN:
        if pattern.search(text):
            return said
    for pattern, said in _DESCRIBED:
        if pattern.search(text):
            return said
    given = schema.text("format")
    if schema.types & {"integer", "number"}:
        return SECONDS if "unix" in given else None
    return {"date-time": ISO, "date": "%Y-%m-%d"}.get(given)


def format_of_values(values: Iterable[Any]) -> str | None:
    """How these times are written; None where there is none, or they differ."""
    found = {said for value in values if (said := _format_of(value)) is not None}
    return found.pop() if len(found) == 1 else None


def _format_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return MILLISECONDS if value >= _LEAST_MILLISECONDS else SECONDS if value >= _LEAST_SECONDS else None
    text = str(value).strip()
    return next((said for pattern, said in _WRITTEN if pattern.fullmatch(text)), None)


def is_naive(said: str | None) -> bool:
    """Whether times of this form are without an offset."""
    return said is not None and "%H" in said
