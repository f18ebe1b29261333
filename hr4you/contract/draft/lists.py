"""Which operations of a document answer lists, and where in their answers the list and the single object are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract.draft.openapi import OpenAPI, Operation
    from hr4you.contract.draft.properties import Path
    from hr4you.contract.draft.schema import Schema

_DEPTH: Final = 3
_NO_RECORDS: Final = frozenset({"error", "fields", "next"})  # lists beside the list


@dataclass(frozen=True)
class ListCall:
    """An operation that answers a list of objects.

    Attributes:
        records: where the list is in the answer; None where the document does not say.
        item: what its elements look like; None where the document does not say.
        hole: the name in braces of a list that hangs on a parent, empty for a list of its own.
    """

    operation: Operation
    records: Path | None
    item: Schema | None
    hole: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's segments without braces and without a last one that only says that it searches."""
        parts = self.operation.parts
        return parts[:-1] if len(parts) > 1 and is_search(parts[-1]) and self.operation.method == "POST" else parts


def is_search(segment: str) -> bool:
    """Whether a path's segment only says that something is looked for."""
    parts = vocabulary().parts(segment)
    return bool(parts) and all("search" in known or "of" in known for _, known in parts)


def list_calls(api: OpenAPI) -> Iterator[ListCall]:
    """Yield the operations that answer lists, or may."""
    for operation in api.operations:
        if len(operation.holes) > 1 or not operation.parts or operation.path.endswith("}"):
            continue
        is_search_call = operation.method == "POST" and operation.body_kind == "json" and is_search(operation.parts[-1])
        if operation.method != "GET" and not is_search_call:
            continue
        answer = operation.answer
        hole = operation.holes[0] if operation.holes else ""
        if answer is None or not (answer.is_list or answer.is_object):
            if answer is None or not answer.types - {"object"}:
                yield ListCall(operation, None, None, hole)
            continue
        found = find_list(answer)
        if found is not None:
            yield ListCall(operation, *found, hole)


def find_list(answer: Schema) -> tuple[Path, Schema | None] | None:
    """Where the list of objects is in an answer, and what its elements look like; None where there is none."""
    if answer.is_list:
        return (), answer.items if answer.items is not None and answer.items.is_object else None
    found = [
        (path, schema.items)
        for path, schema in _below(answer, ())
        if schema.is_list and schema.items is not None and schema.items.is_object and not _is_beside(path)
    ]
    if not found:
        return None
    return min(found, key=lambda each: (not _is_usual(each[0]), len(each[0]), -len(each[1].properties)))


def find_record(answer: Schema, id_key: str) -> Path | None:
    """Where the object with this key is in the answer for one object; None where nobody can tell."""
    if id_key in answer.properties:
        return ()
    return next((path for path, schema in _below(answer, ()) if id_key in schema.properties), None)


def _below(schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
    """Yield what is inside an object, level by level in each branch; not what is inside lists."""
    for name, below in schema.properties.items():
        yield (*path, name), below
    if len(path) + 1 < _DEPTH:
        for name, below in schema.properties.items():
            if below.is_object:
                yield from _below(below, (*path, name))


def _is_beside(path: Path) -> bool:
    known = vocabulary().meanings(str(path[-1]))
    return bool(known & _NO_RECORDS) and "records" not in known


def _is_usual(path: Path) -> bool:
    return "records" in vocabulary().meanings(str(path[-1]))
