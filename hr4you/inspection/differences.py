"""What the overrides change in the default contract, and which line of theirs says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.yaml_text import inline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hr4you.contract.document import Document, Mark, Place

_MISSING: Final = object()


@dataclass(frozen=True)
class Change:
    """A value that is not the default's; `_MISSING` on the side that has none."""

    path: str
    default: Any
    value: Any
    mark: str

    def lines(self) -> Iterator[str]:
        """As people read it: with - and +, and the place that says so."""
        if self.default is not _MISSING:
            taken = f"    # taken away: {self.mark}" if self.value is _MISSING else ""
            yield f"- {self.path}: {inline(self.default)}{taken}"
        if self.value is not _MISSING:
            yield f"+ {self.path}: {inline(self.value)}    # {self.mark}"

    def as_dict(self) -> dict[str, Any]:
        """As programs read it."""
        sides = {"default": self.default, "value": self.value}
        return {"path": self.path, **{k: v for k, v in sides.items() if v is not _MISSING}, "by": self.mark}


def changes_between(before: Document, after: Document) -> Iterator[Change]:
    """Every value that is not the default's, each with the place that says so."""
    old, new = dict(_leaves(before.data, ())), dict(_leaves(after.data, ()))
    changed = sorted(
        {place for place in (*old, *new) if old.get(place, _MISSING) != new.get(place, _MISSING)},
        key=lambda place: [str(part) for part in place],
    )
    for place in changed:
        path = ".".join(str(part) for part in place)
        yield Change(path, old.get(place, _MISSING), new.get(place, _MISSING), _mark_of(place, after.marks))


def _mark_of(place: Place, marks: Mapping[Place, Mark]) -> str:
    while place not in marks:
        place = place[:-1]
    return str(marks[place])


def _leaves(data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _leaves(value, (*place, key))
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        for position, value in enumerate(data):
            yield from _leaves(value, (*place, position))
    else:
        yield place, data
