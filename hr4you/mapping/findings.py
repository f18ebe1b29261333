"""What was odd about the objects of a run: counted, and told once at its end."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

MAX_VALUES: Final = 1_000
"""So many different values are counted; a field that differs in every object would fill the memory."""

_MAX_LENGTH: Final = 80


class Findings:
    """Counters that the parts of one mapper share.

    Attributes:
        unmapped: (field, value) -> how often; values of vocabularies only, no person's data.
        notices: text without personal data -> how many records.
    """

    def __init__(self) -> None:
        self.unmapped: Counter[tuple[str, str]] = Counter()
        self.notices: Counter[str] = Counter()

    def note_unmapped(self, field: str, value: str) -> None:
        """Count a value that the vocabulary does not know."""
        entry = (field, value[:_MAX_LENGTH])
        if entry in self.unmapped or len(self.unmapped) < MAX_VALUES:
            self.unmapped[entry] += 1

    def note_odd(self, field: str, value: Any, expected: str = "a text") -> None:
        """Count a value of a kind that the field cannot have; one without any content is nothing to tell."""
        if not _is_blank(value):
            self.notices[f"`{field}` is null, as the tenant's value is {_kind(value)} and not {expected}"] += 1


def _is_blank(value: Any) -> bool:
    """Whether there is nothing in it: ``{"id": null, "name": ""}`` is how some write "no source"."""
    if isinstance(value, dict):
        return all(map(_is_blank, value.values()))
    if isinstance(value, list):
        return all(map(_is_blank, value))
    return not value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    kinds = ((dict, "an object"), (list, "a list"), (str, "a text"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "a number")
