"""Answers that were seen, put into a document as if it had told them.

A value serves to see its kind and how times are written; it stays in memory and is written nowhere.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_ELEMENTS: Final = 200
_MOST_EXAMPLES: Final = 20
_DEPTH: Final = 8


def observed(api: OpenAPI, answers: Mapping[str, Any]) -> OpenAPI:
    """Return the document with these answers added to what it says.

    Args:
        api: the document.
        answers: JSON, by the names of the operations (``GET applicants``).
    """
    data = dict(api.data)
    data["paths"] = {path: copy.copy(item) for path, item in api.data["paths"].items()}
    for name, answer in answers.items():
        operation = next((each for each in api.operations if each.name == name), None)
        if operation is None:
            continue
        seen = infer(answer)
        told = operation.answer
        agrees = told is not None and (not told.types or told.types & _types(seen))
        schema = {"allOf": [told.raw, seen]} if told is not None and agrees else seen
        reply: dict[str, Any] = {"description": "", "schema": schema}
        if not api.is_old:
            reply = {"description": "", "content": {"application/json": {"schema": schema}}}
        headers: dict[str, Any] = {header: {} for each in operation.replies.values() for header in each.headers}
        item = data["paths"][operation.key]
        method = operation.method.lower()
        if "$ref" in item:
            continue
        item[method] = {**item[method], "responses": {"200": {**reply, "headers": headers}}}
    return OpenAPI(data)


def _types(raw: Mapping[str, Any]) -> frozenset[str]:
    return Schema({}, dict(raw)).types


def infer(value: Any, depth: int = 0) -> dict[str, Any]:
    """Return a JSON schema of a value."""
    if isinstance(value, dict):
        if depth >= _DEPTH:
            return {"type": "object"}
        return {"type": "object", "properties": {key: infer(part, depth + 1) for key, part in value.items()}}
    if isinstance(value, list):
        inferred = [infer(part, depth + 1) for part in value[:_MOST_ELEMENTS]]
        return {"type": "array", "items": _merge(inferred)} if inferred else {"type": "array"}
    if value is None:
        return {}
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"))
    kind = next((name for known, name in kinds if isinstance(value, known)), "string")
    return {"type": kind, "examples": [value]}


def _merge(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema for all of them: objects with the keys of any."""
    objects = [each for each in schemas if "properties" in each]
    if objects:  # what is no object beside them is odd data, of which nothing is to be learnt
        keys = dict.fromkeys(key for each in objects for key in each["properties"])
        parts = {key: [each["properties"][key] for each in objects if key in each["properties"]] for key in keys}
        return {"type": "object", "properties": {key: _merge(listed) for key, listed in parts.items()}}
    lists = [each["items"] for each in schemas if each.get("items")]
    if lists:
        return {"type": "array", "items": _merge(lists)}
    known = [each for each in schemas if each]
    if not known:
        return {}
    examples = [value for each in known for value in each.get("examples", ())][:_MOST_EXAMPLES]
    given = [each["type"] for each in known]  # a list where values of several types were put together before
    types = list(dict.fromkeys(kind for kinds in given for kind in (kinds if isinstance(kinds, list) else [kinds])))
    return {"type": types if len(types) > 1 else types[0], **({"examples": examples} if examples else {})}
