"""Expressions: where a value is inside a JSON object.

A dotted path (``source.name``, ``emails[0].address``, ``Straße``, ``e-mail``) becomes a plain getter, which costs about
as much as ``dict.get``. Anything else is JMESPath (``source.name || source``, ``@``, ``"key with a space"``).
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jmespath import Options

# A key may hold letters of any alphabet, digits, underscores and hyphens. JMESPath would want quotes around umlauts
# and hyphens, which is easily forgotten in a contract for a German API.
_KEY = r"[\w-]+"
_DOTTED = re.compile(rf"{_KEY}(?:\[-?\d+\])*(?:\.{_KEY}(?:\[-?\d+\])*)*")
_PART = re.compile(rf"\[(-?\d+)\]|({_KEY})")

# What JMESPath raises at run time: its own errors for wrong types, TypeError and the others from Python underneath,
# when an element inside a list is not what a function expects (test_expressions.py holds cases).
_RUN_TIME_ERRORS = (JMESPathError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError)


class Expression:
    """A compiled expression; calling it with a JSON value gives what it points at.

    Calling never raises: missing keys, odd types and failing functions give None.

    Attributes:
        text: the expression as it stands in the contract.
        roots: the top-level keys it reads, None where that cannot be told (``@``, ``*``).
        path: keys and list positions of a dotted path, None for JMESPath.
    """

    __slots__ = ("path", "roots", "text")

    text: str
    roots: frozenset[str] | None
    path: tuple[str | int, ...] | None

    def __init__(self, text: str, roots: frozenset[str] | None, path: tuple[str | int, ...] | None) -> None:
        self.text = text
        self.roots = roots
        self.path = path

    def __call__(self, value: Any, options: Options | None = None) -> Any:
        """The value found, None where there is none.

        Args:
            value: a JSON value.
            options: JMESPath's, with the functions that the expression may call beside JMESPath's own.
        """
        raise NotImplementedError

    def is_null_in(self, value: Any) -> bool:
        """Whether the keys of a dotted path are there and null is what they lead to; False for JMESPath."""
        for part in self.path or ():
            if not isinstance(value, dict) or part not in value:
                return False
            value = value[part]
        return bool(self.path) and value is None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


class _Key(Expression):
    """One key: the most frequent expression by far."""

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        super().__init__(key, frozenset((key,)), (key,))
        self._key = key

    def __call__(self, value: Any, options: Options | None = None) -> Any:  # noqa: ARG002  # as the others
        return value.get(self._key) if isinstance(value, dict) else None


class _Path(Expression):
    """Keys and list positions, one after the other."""

    __slots__ = ("_parts",)

    def __init__(self, text: str, parts: tuple[str | int, ...]) -> None:
        super().__init__(text, frozenset((str(parts[0]),)), parts)
        self._parts = parts

    def __call__(self, value: Any, options: Options | None = None) -> Any:  # noqa: ARG002  # as the others
        for part in self._parts:
            if isinstance(part, str):
                if not isinstance(value, dict):
                    return None
                value = value.get(part)
            else:
                if not isinstance(value, list) or not -len(value) <= part < len(value):
                    return None
                value = value[part]
        return value


class _JMESPath(Expression):
    """Everything that is no dotted path."""

    __slots__ = ("_search",)

    def __init__(self, text: str, parsed: Any) -> None:
        super().__init__(text, _roots(parsed.parsed), None)
        self._search = parsed.search

    def __call__(self, value: Any, options: Options | None = None) -> Any:
        try:
            return self._search(value, options)
        except _RUN_TIME_ERRORS:
            return None


@lru_cache(maxsize=4096)
def compile_expression(text: str, *, functions: frozenset[str] = frozenset()) -> Expression:
    """Compile a dotted path or a JMESPath expression.

    Args:
        text: the expression; surrounding white space does not count.
        functions: names that are accepted beside JMESPath's own functions (the actions have some).

    Raises:
        ValueError: the expression cannot be read; the message is one line that says why and where.
    """
    text = text.strip()
    if not text:
        raise ValueError("the expression is empty")
    if _DOTTED.fullmatch(text):
        parts = tuple(key or int(position) for position, key in _PART.findall(text))
        return _Key(text) if len(parts) == 1 else _Path(text, parts)
    try:
        with warnings.catch_warnings():  # a literal such as `mobil`, which JSON would want in quotes, is still read
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            parsed = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(str(error).splitlines()[0].rstrip(":")) from None
    unknown = _functions(parsed.parsed) - set(Functions.FUNCTION_TABLE) - functions
    if unknown:
        raise ValueError(f"there is no function {min(unknown)}()")
    return _JMESPath(text, parsed)


def _functions(node: Mapping[str, Any]) -> set[str]:
    """The names of all functions called in a JMESPath syntax tree."""
    found = {node["value"]} if node["type"] == "function_expression" else set()
    return found.union(*(_functions(child) for child in _children(node)))


# Nodes whose right side looks at what the left side found, and not at the object itself.
_CHAINS = frozenset(
    ("subexpression", "index_expression", "projection", "value_projection", "filter_projection", "flatten", "pipe")
)


def _roots(node: Mapping[str, Any]) -> frozenset[str] | None:
    """The top-level keys that a JMESPath syntax tree reads; None where it reads the object as a whole."""
    kind = node["type"]
    if kind == "field":
        return frozenset((node["value"],))
    if kind in {"literal", "expref"}:  # an expref (&key) looks at elements of the list beside it
        return frozenset()
    if kind in {"current", "identity"}:
        return None
    children = _children(node)
    if kind in _CHAINS:
        if kind in {"subexpression", "pipe"} and children[0]["type"] == "current":
            return _roots(children[1])
        return _roots(children[0])
    return union_of_roots(_roots(child) for child in children)


def union_of_roots(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All keys of several expressions' `Expression.roots`; None, which stands for any key, if one of them is."""
    found: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def _children(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The child nodes; JMESPath keeps other things than nodes among the children of some types."""
    children: Collection[Any] = node.get("children") or ()
    return [child for child in children if isinstance(child, dict)]
