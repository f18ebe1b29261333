"""What a check of the contract says: a line for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from hr4you.contract.loader import DEFAULT_NAME

if TYPE_CHECKING:
    from hr4you.contract.document import Document, Place
    from hr4you.inspection.coverage import Covered

Result = Literal["ok", "warning", "failed"]

OK: Final[Result] = "ok"
WARNING: Final[Result] = "warning"
FAILED: Final[Result] = "failed"


@dataclass(frozen=True)
class Line:
    """What came out of one look.

    Attributes:
        section: the resource, or another part of the contract.
        entry: what was looked at: ``list``, ``paging``, ``id``, ``location.city``.
        result: ``failed`` where the contract cannot be worked with as it is.
        text: what was seen, in words without anybody's data.
        place: where the contract says it, None where nothing there is to be changed.
        row: what an expression found, None for lines about something else.
        words: word of a vocabulary -> how often, where the line is about some.
    """

    section: str
    entry: str
    result: Result
    text: str
    place: Place | None = None
    row: Covered | None = None
    words: dict[str, int] = field(default_factory=dict)

    def as_dict(self, document: Document) -> dict[str, Any]:
        """As programs read it."""
        row = self.row
        return {
            "section": self.section,
            "entry": self.entry,
            "result": self.result,
            "text": self.text,
            "expression": None if row is None else row.expression,
            "found": None if row is None else row.found,
            "of": None if row is None else row.of,
            "types": None if row is None else dict(row.types),
            "shape": None if row is None else row.shape,
            "words": self.words or None,
            "contract": None if self.place is None else ".".join(map(str, self.place)),
            "at": None if self.place is None else str(document.marks[marked(document, self.place)]),
        }


def marked(document: Document, place: Place) -> Place:
    """Return the place if a line of the contract says it, else the nearest above it that has one."""
    while place not in document.marks:
        place = place[:-1]
    return place


def where(document: Document, place: Place) -> str:
    """Say which line of the contract to change."""
    mark = document.marks[marked(document, place)]
    path = ".".join(map(str, place))
    if mark.file == DEFAULT_NAME:
        return f"say `{path}` in your contract (assumed in {mark})"
    return f"{mark}: `{path}`"
