"""Compares an answer with what is written down, where the other side has other data: keys, types, forms, and the rest
only where a pair asks for it."""

from __future__ import annotations

import re
from typing import Any

ALWAYS_THERE = re.compile(r"(?:\w+Id|updatedAt|meta|data|total|page|lastPage|message|ergebnis|gesamt|token)")
"""Keys that are never null; others may be: real tenants have empty fields everywhere."""

MAY_BE_NULL = frozenset({"contactId"})
ANY_VALUE = frozenset({"value"})
"""The value of a custom field: text, number, boolean or list."""

FORMS = (
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    re.compile(r"\d{4}-\d\d-\d\d"),
    re.compile(r"https?://\S+"),
)
_STEP = re.compile(r"\[(-?\d+)\]|([^.\[\]]+)")


def dig(value: Any, path: str) -> Any:
    """The value at a path such as ``data[-1].noteId``. Raises LookupError."""
    for position, key in _STEP.findall(path):
        value = value[int(position)] if position else value[key]
    return value


def differences(examples: list[Any], actual: Any, terms: dict[str, Any], path: str = "") -> list[str]:
    """What an answer has that none of the examples has, or lacks: one line each.

    Args:
        examples: values that may stand here; together they say which keys and types there are.
        terms: of the pair: `open`, `more_keys`.
        path: where this is in the answer, for the lines and for `open`.
    """
    kind, kinds = _kind(actual), {_kind(example) for example in examples} - {"null"}
    key = path.rpartition(".")[2].removesuffix("[]")
    if kind == "null":
        strict = ALWAYS_THERE.fullmatch(key) and key not in MAY_BE_NULL and kinds
        return [f"{path} is null"] if strict else []
    if key in ANY_VALUE or not kinds:
        return []
    if kind not in kinds:
        return [f"{path} is {kind}, not {' or '.join(sorted(kinds))}"]
    if kind == "object":
        return _object_differences(examples, actual, terms, path)
    if kind == "list":
        return _list_differences(examples, actual, terms, path)
    return _text_differences([example for example in examples if example], actual, path) if kind == "text" else []


def _text_differences(examples: list[str], actual: str, path: str) -> list[str]:
    for form in FORMS if examples and actual else ():
        if all(form.fullmatch(example) for example in examples) and not form.fullmatch(actual):
            return [f"{path} is not written like {examples[0]!r}"]
    return []


def _object_differences(examples: list[Any], actual: dict[str, Any], terms: dict[str, Any], path: str) -> list[str]:
    rows = [example for example in examples if isinstance(example, dict)]
    known = {key for row in rows for key in row}
    found = [f"{path}.{key} is missing" for key in sorted(known - set(actual))]
    if not terms.get("more_keys"):
        found += [f"{path}.{key} is not written down" for key in sorted(set(actual) - known)]
    for key in sorted(known & set(actual)):
        below = [row[key] for row in rows if key in row]
        found += differences(below, actual[key], terms, f"{path}.{key}" if path else key)
    return found


def _list_differences(examples: list[Any], actual: list[Any], terms: dict[str, Any], path: str) -> list[str]:
    if path in terms.get("open", ()):
        return [] if all(isinstance(row, dict) for row in actual) else [f"{path} holds other things than objects"]
    elements = [element for example in examples if isinstance(example, list) for element in example]
    if not elements:
        return []
    found = [line for element in actual for line in differences(elements, element, terms, f"{path}[]")]
    return sorted(set(found))


def broken_terms(expected: Any, actual: Any, terms: dict[str, Any]) -> list[str]:
    """What `exact`, `length` and `holds` of a pair ask for and an answer does not keep."""
    found = [
        f"{path} is {dig(actual, path)!r}, not {dig(expected, path)!r}"
        for path in terms.get("exact", ())
        if dig(actual, path) != dig(expected, path)
    ]
    for path, length in terms.get("length", {}).items():
        if len(dig(actual, path)) != length:
            found.append(f"{path} has {len(dig(actual, path))} elements, not {length}")
    for path, entry in terms.get("holds", {}).items():
        if not any(entry.items() <= row.items() for row in dig(actual, path)):
            found.append(f"{path} has no {entry}")
    return found


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "list" if isinstance(value, list) else "object"
