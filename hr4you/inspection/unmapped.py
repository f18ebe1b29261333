"""The keys of a tenant's objects that the contract does not read, found by looking through objects."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hr4you.inspection.reach import ELEMENT, is_read
from hr4you.inspection.shapes import Shapes, is_filled

if TYPE_CHECKING:
    from hr4you.inspection.reach import Path

_DEEPEST: Final = 6
_PLAIN: Final = re.compile(r"[\w-]+")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)

_KEY: Final = re.compile(r"[^\W\d][\w-]{0,59}")
"""What the name of a field inside an object looks like; other keys are data."""

_MOST_KEYS: Final = 60
_SELDOM: Final = 1.5
_ENOUGH: Final = 3


class Seen:
    """What was seen of one field.

    Attributes:
        records: in how many it holds something.
    """

    def __init__(self) -> None:
        self.records = 0
        self.shapes = Shapes()


class Unmapped:
    """Gathers what is not read of objects, path by path."""

    def __init__(self, read: set[Path]) -> None:
        self._read = read
        self._above = {path[:length] for path in read for length in range(1, len(path))}
        self._seen: dict[Path, Seen] = {}
        self._keys: dict[Path, Counter[str]] = {}
        self._objects: Counter[Path] = Counter()

    def take(self, wire: dict[str, Any]) -> None:
        """Look one object through."""
        filled: set[Path] = set()
        self._walk(wire, (), filled)
        for path in filled:
            self._seen[path].records += 1

    def _walk(self, value: Any, path: Path, filled: set[Path]) -> None:
        if path and is_read(path, self._read):
            return
        if isinstance(value, dict) and value and len(path) < _DEEPEST:
            keys = self._keys.setdefault(path, Counter())
            self._objects[path] += 1
            for key, below in value.items():
                if key in keys or len(keys) <= _MOST_KEYS or not path:
                    keys[key] += 1
                    self._walk(below, (*path, key), filled)
        elif isinstance(value, list) and any(isinstance(element, dict) for element in value):
            for element in value:
                self._walk(element, (*path, ELEMENT), filled)
        elif path and (is_filled(value) or path not in self._above):  # emails: [] is read, for all that is in it
            if isinstance(value, list) and is_read((*path, ELEMENT), self._read):
                return
            self._seen.setdefault(path, Seen()).shapes.add(value)
            if is_filled(value):
                filled.add(path)

    def fields(self) -> list[tuple[str, str, str, Seen]]:
        """Return expression, type, shape and what was seen of each, most frequent first."""
        changing = {path for path in self._keys if path and self._is_changing(path)}
        parents = {path[:length] for path in (*self._seen, *changing) for length in range(len(path))}
        found = []
        for path, seen in self._seen.items():
            is_null_parent = not seen.records and path in parents  # null in some objects, an object in others
            if not is_null_parent and not _is_below(path, changing):
                found.append((to_expression(path), ", ".join(seen.shapes.types) or "null", str(seen.shapes), seen))
        for path in changing:
            if not _is_below(path, changing):
                seen = Seen()
                seen.records = self._objects[path]
                found.append((to_expression(path), "object", "its keys differ from record to record", seen))
        return sorted(found, key=lambda field: -field[3].records)

    def _is_changing(self, path: Path) -> bool:
        """Whether the keys of an object are data: ``{"2024-01-31": ..}``, ``{"anna@example.org": ..}``."""
        keys = self._keys[path]
        if len(keys) > _MOST_KEYS or not all(map(_KEY.fullmatch, keys)):
            return True
        return self._objects[path] >= _ENOUGH and len(keys) > _ENOUGH and keys.total() < _SELDOM * len(keys)


def _is_below(path: Path, parents: set[Path]) -> bool:
    return any(path[:length] in parents for length in range(1, len(path)))


def to_expression(path: Path) -> str:
    """Return the expression for a path, as a contract or ``custom_field_mappings`` takes it."""
    keys = path[:-1] if path[-1] == ELEMENT else path
    if all(_PLAIN.fullmatch(key) for key in keys):
        return ".".join(keys)
    text = ""
    for key in keys:
        if key == ELEMENT:
            text += ELEMENT
        else:
            text += ("." if text else "") + (key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False))
    return text
