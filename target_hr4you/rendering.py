"""From a contract's step and an action's content to what is sent: paths, queries, bodies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jmespath

from hr4you.contract import Expression, compile_expression
from hr4you.contract.actions import FUNCTIONS
from hr4you.contract.base import HOLE
from hr4you.text import to_text
from target_hr4you.wording import to_wire_id

if TYPE_CHECKING:
    from target_hr4you.wording import Wording


class Scope:
    """What the expressions of one action look at: the content, the steps so far and the element of `each`.

    Args:
        content: of the action; references in it are as on the wire.
        wording: the functions that expressions may call.
    """

    def __init__(self, content: Mapping[str, Any], wording: Wording) -> None:
        self._values: dict[str, Any] = {"steps": {}, **content}
        self._wording = wording
        self._options = jmespath.Options(custom_functions=wording)

    def having(self, **values: Any) -> Scope:
        """Return a scope in which these names mean something too; steps noted in either are seen in both."""
        return Scope({**self._values, **values}, self._wording)

    def value(self, *path: str) -> Any:
        """Return what stands at a path of keys, None where there is nothing."""
        found: Any = self._values
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def note_step(self, name: str, remote_id: str | None) -> None:
        """Let the following steps look at what this one has made."""
        self._values["steps"][name] = {"id": to_wire_id(remote_id)}

    def find(self, expression: Expression) -> Any:
        """Return what an expression finds, None where it finds nothing."""
        return expression(self._values, self._options)

    def render(self, tree: Any) -> Any:
        """Return a body: each expression's value, without the keys whose expressions find nothing."""
        if isinstance(tree, Expression):
            return self.find(tree)
        if isinstance(tree, Mapping):
            return {key: value for key, part in tree.items() if (value := self.render(part)) is not None} or None
        return [value for part in tree if (value := self.render(part)) is not None] or None

    def params(self, params: Mapping[str, Expression]) -> dict[str, str] | None:
        """Return a query; None where one of its values is missing: it would ask for something else."""
        found = {name: to_text(self.find(expression)) for name, expression in params.items()}
        if any(value is None for value in found.values()):
            return None
        return {name: value for name, value in found.items() if value is not None}

    def path(self, template: str) -> str | None:
        """Return a path with its holes filled in, None where one of them has no value."""
        values = {}
        for hole in set(HOLE.findall(template)):
            value = to_text(self.find(compile_expression(hole, functions=FUNCTIONS)))
            if value is None:
                return None
            values[hole] = quote(value, safe="")
        return HOLE.sub(lambda hole: values[hole[1]], template)


def merge(body: Any, fields: Any) -> Any:
    """Return a body with a user's own fields in it; where both have an object, key by key."""
    if not isinstance(body, dict) or not isinstance(fields, Mapping):
        return fields
    merged = dict(body)
    for key, value in fields.items():
        merged[key] = merge(merged[key], value) if key in merged and isinstance(value, Mapping) else value
    return merged


def match_text(values: Mapping[str, Any]) -> str:
    """Return values that are compared as one text: numbers and texts alike, without outer white space."""
    return json.dumps([[name, _comparable(value)] for name, value in sorted(values.items())], ensure_ascii=False)


def _comparable(value: Any) -> str | None:
    text = to_text(value)
    return None if text is None else text.replace("\r\n", "\n")
