"""How far the contract's expressions find something in a sample: a line for each field entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hr4you.contract import EachSpec
from hr4you.inspection.shapes import Shapes, is_filled
from hr4you.mapping.lists import elements

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from hr4you.contract import Contract, Expression
    from hr4you.contract.document import Place
    from hr4you.crawl import Item


@dataclass
class Covered:
    """What one entry of the contract finds.

    Attributes:
        place: where it stands in the contract, from the root down: ``("resources", "jobs", "fields", "name")``.
        expression: as it stands there.
        of: how many objects were looked at; for the keys of a list, how many of its elements.
        shapes: of what was found.
    """

    place: Place
    expression: str
    of: int = 0
    shapes: Shapes = field(default_factory=Shapes)

    @property
    def entry(self) -> str:
        """The place below the resource, without ``fields``: ``name``, ``location.city``, ``custom_fields.key``."""
        return ".".join(str(key) for key in self.place[2:] if key != "fields")

    @property
    def found(self) -> int:
        """In how many of them there was something."""
        return self.shapes.count

    @property
    def types(self) -> Counter[str]:
        """JSON type -> how often, of what was found."""
        return self.shapes.types

    @property
    def shape(self) -> str:
        """What was found looks like; empty where nothing was."""
        return str(self.shapes)

    def add(self, value: Any) -> None:
        """Take what the expression found in one object into account."""
        self.of += 1
        self.shapes.add(value)


def cover(contract: Contract, name: str, items: Iterable[Item]) -> list[Covered]:
    """Look the objects of a resource through.

    Returns:
        an entry each for the id, the time of change, every field, every key of objects and lists, the custom fields and
        the flags, in the contract's order. An empty sample gives entries that found nothing in 0.
    """
    resource = contract.resources[name]
    rows = _Rows(("resources", name))
    wires = [item.wire for item in items]
    rows.look("id", resource.id, wires)
    if resource.changed_at is not None:
        rows.look("changed_at", resource.changed_at, wires)
    for key, spec in resource.fields.items():
        if isinstance(spec, EachSpec):
            rows.look_each(("fields", key), spec, wires)
        elif isinstance(spec, dict):
            rows.look_all(("fields", key), spec, wires)
        else:
            rows.look(("fields", key), spec, wires)
    if resource.custom_fields is not None:
        rows.look_fields(resource.custom_fields, wires)
    rows.look_all(("flags",), resource.flags, wires)
    return rows.found


class _Rows:
    def __init__(self, root: Place) -> None:
        self._root = root
        self.found: list[Covered] = []

    def look(self, place: str | Place, expression: Expression, values: Iterable[Any]) -> None:
        below = (place,) if isinstance(place, str) else place
        row = Covered((*self._root, *below), expression.text)
        for value in values:
            row.add(expression(value))
        self.found.append(row)

    def look_all(self, place: Place, parts: Mapping[str, Expression], values: list[Any]) -> None:
        for key, expression in parts.items():
            self.look((*place, key), expression, values)

    def look_each(self, place: Place, spec: EachSpec, wires: list[Any]) -> None:
        self.look((*place, "each"), spec.each, wires)
        inside = [element for wire in wires for element in _elements(spec.each(wire))]
        self.look_all(place, spec.fields, inside)

    def look_fields(self, spec: EachSpec, wires: list[Any]) -> None:
        """As `look_each`, for custom fields, which may also stand as ``{key: value}`` or ``{key: element}``."""
        place: Place = ("custom_fields",)
        self.look((*place, "each"), spec.each, wires)
        rows = {key: Covered((*self._root, *place, key), part.text) for key, part in spec.fields.items()}
        for wire in wires:
            for name, element in custom_entries(spec, wire):
                plain = {"key": name, "value": None if isinstance(element, dict) else element}
                for key, row in rows.items():
                    own = plain.get(key) if name is not None else None
                    row.add(spec.fields[key](element) if own is None else own)
        self.found += rows.values()


def _elements(found: Any) -> list[Any]:
    return elements(found) if is_filled(found) else []


def custom_entries(spec: EachSpec, wire: Any) -> list[tuple[str | None, Any]]:
    """The custom fields of one object as (key, element); the key is None where the element holds it."""
    found = spec.each(wire)
    if isinstance(found, dict):
        return list(found.items())
    return [(None, element) for element in _elements(found)]
