"""Which parts of a resource's objects the contract reads, so that the others can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import jmespath

from hr4you.contract import EachSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import Contract, Expression

Path: TypeAlias = tuple[str, ...]
"""Keys from the object down; `ELEMENT` stands for any element of a list."""

ELEMENT: Final = "[]"

_CHAINS: Final = frozenset({"subexpression", "index_expression", "pipe"})
_MAKERS: Final = frozenset({"multi_select_list", "multi_select_dict", "function_expression"})
_STEPS: Final[dict[str, Path]] = {
    "field": (),
    "current": (),
    "identity": (),
    "index": (ELEMENT,),
    "slice": (ELEMENT,),
}
"""Nodes that end a way, with the step that they add to it; of a field it is its name."""


def paths_read(contract: Contract, name: str) -> set[Path]:
    """Return what the contract reads of a resource's objects; all below such a path is read too."""
    resource = contract.resources[name]
    read: set[Path] = set()
    for expression in (resource.id, resource.changed_at, *resource.flags.values()):
        read |= reached(expression)
    for spec in resource.fields.values():
        for paths in reached_by(spec).values():
            read |= paths
    if resource.custom_fields is not None:
        read |= reached(resource.custom_fields.each)
    for other in contract.resources.values():
        if other.list.nested_in == name:
            read |= reached(other.list.inside)
    return read


def reached_by(spec: Any) -> dict[str, set[Path]]:
    """Return what each key of a field reads of the object; the only key of a field that is one expression is empty."""
    if isinstance(spec, EachSpec):
        ends, looked_at = _paths(spec.each)
        found = {"each": looked_at}
        starts = [(*end, ELEMENT) for end in ends]
        if spec.each.path is None:  # `people[].mails[]` gives elements already
            starts += ends
        for key, part in spec.fields.items():
            found[key] = {path for start in starts for path in reached(part, start)}
        return found
    return {key: reached(part) for key, part in (spec.items() if isinstance(spec, dict) else (("", spec),))}


def is_read(path: Path, read: set[Path]) -> bool:
    """Whether a path is in what is read, or below it."""
    return any(path[:length] in read for length in range(len(path) + 1))


def reached(expression: Expression | None, start: Path = ()) -> set[Path]:
    """Return what an expression reads, seen from ``start``; nothing for None."""
    if expression is None:
        return set()
    ends, looked_at = _paths(expression, start)
    return ends | looked_at


def _paths(expression: Expression, start: Path = ()) -> tuple[set[Path], set[Path]]:
    """What an expression gives, and what it looks at on the way, seen from ``start``."""
    if expression.path is not None:
        return {(*start, *(part if isinstance(part, str) else ELEMENT for part in expression.path))}, set()
    walk = _Walk()
    return walk.follow(jmespath.compile(expression.text).parsed, start), walk.looked_at


class _Walk:
    """Follows a JMESPath syntax tree along the object that it looks at.

    Attributes:
        looked_at: what it takes values from to make something else of them.
    """

    def __init__(self) -> None:
        self.looked_at: set[Path] = set()

    def follow(self, node: Mapping[str, Any], start: Path) -> set[Path]:
        """Return what a node gives, seen from ``start``."""
        kind = node["type"]
        children = [child for child in node.get("children") or () if isinstance(child, dict)]
        if kind in _CHAINS:
            ends = {start}
            for child in children:
                ends = {end for begin in ends for end in self.follow(child, begin)}
            return ends
        if kind in {"projection", "filter_projection"}:
            return self._project(children, start)
        if kind in _STEPS:
            return {(*start, *((str(node["value"]),) if kind == "field" else _STEPS[kind]))}
        ends = {end for child in children for end in self.follow(child, start)}
        if kind in _MAKERS:
            self.looked_at |= ends
            return set()
        return ends

    def _project(self, children: list[dict[str, Any]], start: Path) -> set[Path]:
        left, right, *condition = children
        ends: set[Path] = set()
        for begin in self.follow(left, start):
            element = begin if left["type"] == "index_expression" else (*begin, ELEMENT)
            ends |= self.follow(right, element)
            for part in condition:
                self.looked_at |= self.follow(part, element)
        return ends
