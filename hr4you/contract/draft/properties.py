"""The values inside an object, each with its place and the meanings of its name."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hr4you.contract.draft.schema import Schema
    from hr4you.contract.draft.words import Meanings, Words

Path = tuple["str | int", ...]
"""Keys, and 0 for a list's first element."""

_DEPTH: Final = 4
_MOST: Final = 600
_PLAIN: Final = re.compile(r"[\w-]+")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PREFIX_SHARE: Final = 0.6
_PREFIX_SIBLINGS: Final = 4

Part = tuple[str, "Meanings"]


@dataclass(frozen=True)
class Property:
    """One value of an object.

    Attributes:
        own: the parts of its name, without a prefix that most of its siblings share.
        around: the parts of the names of the objects it is in.
        position: its place among all values.
    """

    path: Path
    schema: Schema
    own: tuple[Part, ...]
    around: tuple[Part, ...]
    position: int

    @property
    def text(self) -> str:
        """Its place as an expression of the contract."""
        return expression_of(self.path)

    @property
    def is_scalar(self) -> bool:
        """Whether it may be a single value."""
        return not self.schema.is_object and not self.schema.is_list and "object" not in self.schema.types


def properties_of(schema: Schema) -> tuple[Property, ...]:
    """Return the values inside an object, those of objects inside it too, in the document's order.

    Of a list of objects there are the list itself and, with 0 in their path, the values of its first element.
    """
    found: list[Property] = []
    for path, below, own, around in _walk(schema, vocabulary(), (), ()):
        found.append(Property(path, below, own, around, len(found)))
        if len(found) >= _MOST:
            break
    return tuple(found)


_Found = tuple[Path, "Schema", tuple[Part, ...], tuple[Part, ...]]


def _walk(schema: Schema, words: Words, path: Path, around: tuple[Part, ...]) -> Iterator[_Found]:
    prefix = prefix_of(schema)
    for name, below in schema.properties.items():
        parts = words.parts(name)
        own = parts[1:] if prefix and len(parts) > 1 and parts[0][0] == prefix else parts
        at = (*path, name)
        yield at, below, own, around
        if len(at) < _DEPTH:
            if below.is_object:
                yield from _walk(below, words, at, (*around, *own))
            elif below.items is not None and below.items.is_object:
                yield from _walk(below.items, words, (*at, 0), (*around, *own))


def prefix_of(schema: Schema) -> str:
    """The first part of most names of an object, empty where they begin differently."""
    words, names = vocabulary(), list(schema.properties)
    if len(names) < _PREFIX_SIBLINGS:
        return ""
    first = Counter(parts[0][0] for name in names if len(parts := words.parts(name)) > 1)
    word, count = first.most_common(1)[0] if first else ("", 0)
    return word if count >= _PREFIX_SHARE * len(names) else ""


def expression_of(path: Path) -> str:
    """Return the expression that leads to a place; ``@`` for the object itself."""
    if not path:
        return "@"
    if all(isinstance(part, int) or _PLAIN.fullmatch(part) for part in path):
        return _joined(path, str)
    return jmespath_of(path)


def jmespath_of(path: Path) -> str:
    """Return the place as it stands inside a longer JMESPath, where ``Straße`` and ``e-mail`` need quotes too."""
    return _joined(path, quoted)


def _joined(path: Path, written: Callable[[str], str]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + written(part)
    return text


def quoted(key: str) -> str:
    """Return a key as JMESPath has it: in quotes unless it is one of its identifiers."""
    return key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)
