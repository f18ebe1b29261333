"""Schemas of an OpenAPI document, with references and `allOf` followed.

They are looked into only as far as somebody asks, so that neither a document that refers to itself nor a huge one costs
more than what is used of it.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from hr4you.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_PARTS: Final = 50  # of allOf, anyOf, oneOf inside each other
_MAX_PROPERTIES: Final = 500
_EXTENSION: Final = re.compile(r"\.json$|\.ya?ml$")

Raw = dict[str, Any]


class Schema:
    """What a value looks like; a view of the document.

    Attributes:
        name: of the definition that a reference led to, empty for an inline schema.
    """

    __slots__ = ("__dict__", "_document", "name", "raw")

    def __init__(self, document: Mapping[str, Any], raw: Any) -> None:
        self._document = document
        self.raw, self.name = resolve(document, raw)

    @cached_property
    def _parts(self) -> list[Raw]:
        """The schema with those of `allOf`, `anyOf` and `oneOf`, references followed."""
        found: list[Raw] = []
        waiting: list[Any] = [self.raw]
        seen: set[int] = set()
        while waiting and len(found) < _MAX_PARTS:
            raw, name = resolve(self._document, waiting.pop(0))
            if id(raw) in seen:
                continue
            seen.add(id(raw))
            found.append(raw)
            self.name = self.name or name
            for key in ("allOf", "anyOf", "oneOf"):
                parts = raw.get(key)
                waiting += parts if isinstance(parts, list) else []
        return found

    @cached_property
    def properties(self) -> dict[str, Schema]:
        """Of an object, by their names in the document's order; what several parts say of one is put together."""
        found: dict[str, list[Raw]] = {}
        for part in self._parts:
            named = part.get("properties")
            for name, raw in named.items() if isinstance(named, dict) else ():
                if isinstance(raw, dict) and (name in found or len(found) < _MAX_PROPERTIES):
                    found.setdefault(name, []).append(raw)
        return {name: self._together(listed) for name, listed in found.items()}

    def _together(self, listed: list[Raw]) -> Schema:
        return Schema(self._document, listed[0] if len(listed) == 1 else {"allOf": listed})

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of an object's properties that must be there."""
        listed = [part["required"] for part in self._parts if isinstance(part.get("required"), list)]
        return tuple(dict.fromkeys(str(name) for names in listed for name in names))

    @cached_property
    def items(self) -> Schema | None:
        """Of a list: what its elements look like; None where nobody says so or it is no list."""
        listed = [part["items"] for part in self._parts if isinstance(part.get("items"), dict)]
        return self._together(listed) if listed else None

    @cached_property
    def types(self) -> frozenset[str]:
        """JSON types without ``null``; empty where nobody says."""
        found: set[str] = set()
        for part in self._parts:
            given = part.get("type")
            found |= {str(kind) for kind in (given if isinstance(given, list) else [given]) if kind}
        if not found:
            found = {"object"} if self.properties else {"array"} if self.items is not None else set()
        return frozenset(found - {"null"})

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return "array" in self.types

    @property
    def is_object(self) -> bool:
        """Whether it is an object whose properties are known."""
        return bool(self.properties)

    def text(self, key: str) -> str:
        """A text such as ``description`` or ``format``; empty where there is none."""
        return next((str(part[key]) for part in self._parts if isinstance(part.get(key), str | int | float)), "")

    @cached_property
    def description(self) -> str:
        """Title and description."""
        return " ".join(filter(None, (self.text("title"), self.text("description"))))

    @cached_property
    def enum(self) -> tuple[str, ...]:
        """The values it may have, of lists their elements'; null is left out."""
        values = next((part["enum"] for part in self._parts if isinstance(part.get("enum"), list)), None)
        if values is None:
            constants = [part["const"] for part in self._parts if isinstance(part.get("const"), str)]
            values = constants or (self.items.enum if self.items is not None and self.is_list else ())
        return tuple(str(value) for value in values if value is not None)

    @cached_property
    def examples(self) -> tuple[Any, ...]:
        """Values given as examples or default."""
        found: list[Any] = []
        for part in self._parts:
            given = part.get("examples")
            found += given if isinstance(given, list) else []
            found += [part[key] for key in ("example", "x-example", "default") if part.get(key) is not None]
        return tuple(found)

    def number(self, key: str) -> float | None:
        """A number such as ``maximum``; None where there is none."""
        return next((part[key] for part in self._parts if type(part.get(key)) in {int, float}), None)


def mapping_of(value: Any) -> Raw:
    """What is a mapping; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def mappings_of(value: Any) -> list[Raw]:
    """The mappings in a list; none in place of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def resolve(document: Mapping[str, Any], raw: Any) -> tuple[Raw, str]:
    """Follow references; return what is there, an empty schema where it is none, and the last definition's name.

    Raises:
        ContractError: references go around in a circle.
    """
    name = ""
    seen: list[str] = []
    while isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
        ref = raw["$ref"]
        if ref in seen:
            raise ContractError(f"The document's reference {ref} leads back to itself: it defines nothing.")
        seen.append(ref)
        name = _EXTENSION.sub("", unquote(ref.rsplit("/", 1)[-1]))
        raw = _find(document, ref)
    return (raw if isinstance(raw, dict) else {}), name


def _find(document: Mapping[str, Any], ref: str) -> Any:
    found: Any = document
    for part in ref.removeprefix("#").split("/")[1:] if ref.startswith("#/") else [None]:
        key = unquote(part).replace("~1", "/").replace("~0", "~") if part is not None else None
        if isinstance(found, list) and key is not None and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            found = found.get(key) if isinstance(found, dict) else None
    return found
