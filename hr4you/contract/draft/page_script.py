"""What a docs page's script hands to its viewer: enough of JavaScript to read literals, and nothing is executed.

Names are looked up where the script assigns them, texts are put together, and what depends on the browser (the page's
own address, a choice, a function's result) is `UNKNOWN`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN: Final = object()
"""A value that only a browser would know."""

_CALL: Final = re.compile(
    r"(?<![\w$])(?P<name>SwaggerUIBundle|SwaggerUi|Redoc\s*\.\s*(?:init|hydrate)|createApiReference)\s*\("
)
_SIGN: Final = re.compile(
    r"""(?P<space>(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z))+)
    |(?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|`[^`\\]*(?:\\.[^`\\]*)*`)
    |(?P<number>(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w$]))
    |(?P<word>[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*)*)
    |(?P<other>\.\.\.|=>|\|\||\?\?|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_CONSTANTS: Final = {"true": True, "false": False, "null": None, "undefined": None}
_ENDS: Final = frozenset(",;)]}")
_OPEN: Final = frozenset("([{")
_GOES_ON: Final = frozenset("=?*-<>&|%^/!~([.") | {"=>"}
_SAME: Final = frozenset({"JSON.stringify", "decodeURIComponent", "decodeURI", "encodeURI", "String", "URL"})
_NO_VALUES: Final = frozenset({"function", "async", "class", "typeof", "void", "await"})
_HREF: Final = re.compile(r"\s*\.\s*(?:href|toString\s*\(\s*\))")
_MOST_NAMES: Final = 100
_DEEPEST: Final = 150
_MOST_SIGNS: Final = 6_000_000  # of ten megabytes, read twice


class _OddError(Exception):
    """Not to be read as a literal."""


def read_calls(text: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the name and the arguments of every call of a known viewer; at most 20."""
    reader = _Reader(text)
    for number, match in enumerate(_CALL.finditer(text)):
        if number == 20:  # noqa: PLR2004  # a viewer's own code, which is not looked into
            return
        try:
            arguments, _ = reader.arguments(match.end())
        except (_OddError, RecursionError):
            continue
        yield re.sub(r"\s", "", match["name"]), arguments


def read_assigned(text: str, name: str) -> Any:
    """Return what a script assigns to a name, `UNKNOWN` where it does not or where that cannot be read."""
    return _Reader(text).lookup(name)


class _Reader:
    """Reads values at positions of one script; positions behind a value are returned with it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: dict[str, Any] = {}
        self._depth = 0
        self._signs = _MOST_SIGNS

    def arguments(self, position: int, end: str = ")") -> tuple[list[Any], int]:
        """Read values up to a closing bracket."""
        found: list[Any] = []
        while True:
            sign, after = self._next(position)
            if sign == end:
                return found, after
            value, position = self.value(position)
            found.append(value)
            sign, after = self._next(position)
            if sign == ",":
                position = after
            elif sign != end:
                raise _OddError

    def value(self, position: int) -> tuple[Any, int]:
        """Read an expression: literals, `+`, `||` and `??`; all other kinds are `UNKNOWN`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _OddError
        try:
            value, position = self._primary(position)
            while True:
                sign, after = self._next(position)
                if sign == "+":
                    other, position = self._primary(after)
                    value = _joined(value, other)
                elif sign in {"||", "??"}:
                    other, position = self._primary(after)
                    value = other if value is UNKNOWN or not value else value
                elif sign in _GOES_ON:
                    return UNKNOWN, self._skip(position)
                else:
                    return value, position
        finally:
            self._depth -= 1

    def lookup(self, name: str) -> Any:
        """Return what is assigned to a name, or to a key of it: the first value that can be read."""
        name = re.sub(r"[\s?]", "", name)
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        head, *keys = name.removeprefix("window.").split(".")
        if head not in self._names:
            if len(self._names) > _MOST_NAMES:
                return UNKNOWN
            self._names[head] = UNKNOWN  # also ends a name that stands for itself
            self._names[head] = self._assigned(head)
        value = self._names[head]
        if keys == ["href"] and isinstance(value, str):  # of a `URL`
            return value
        for key in keys:
            value = value.get(key, UNKNOWN) if isinstance(value, dict) else UNKNOWN
        return value

    def _assigned(self, name: str) -> Any:
        for match in re.finditer(rf"(?<![\w$]){re.escape(name)}\s*=(?![=>])", self._text):
            depth, self._depth = self._depth, 0
            try:
                value, _ = self.value(match.end())
            except (_OddError, RecursionError):
                continue
            finally:
                self._depth = depth
            if value is not UNKNOWN and value is not None and value != "":
                return value
        return UNKNOWN

    def _primary(self, position: int) -> tuple[Any, int]:
        match = self._match(position)
        kind, sign = match.lastgroup, match[0]
        if kind == "string":
            return _text_of(sign), match.end()
        if kind == "number":
            return json.loads(sign), match.end()
        if sign in {"{", "["}:
            return self._collection(match.start(), match.end(), sign)
        if kind == "word" and sign not in _NO_VALUES:
            return self._word(sign, match.end()) if sign != "new" else self._primary(match.end())
        return UNKNOWN, self._skip(match.start())

    def _collection(self, start: int, after: int, sign: str) -> tuple[Any, int]:
        if self._depth <= 3:  # noqa: PLR2004  # whole documents are JSON, which this reads at once
            try:
                return _JSON.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                pass
        return self._object(after) if sign == "{" else self.arguments(after, "]")

    def _object(self, position: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while True:
            match = self._match(position)
            sign, position = match[0], match.end()
            if sign == "}":
                return found, position
            if sign == ",":
                continue
            if sign in _ENDS:
                raise _OddError
            if sign == "...":
                value, position = self.value(position)
                found.update(value if isinstance(value, dict) else {})
                continue
            key = _text_of(sign) if match.lastgroup == "string" else sign
            sign, after = self._next(position)
            if sign == ":" and match.lastgroup != "other":
                found[key], position = self.value(after)
            elif match.lastgroup == "word" and sign in {",", "}"}:
                found[key] = self.lookup(key)
            else:  # a method, a computed key
                position = self._skip(match.start())

    def _word(self, word: str, position: int) -> tuple[Any, int]:
        """Read a name, or the call of one."""
        sign, after = self._next(position)
        if sign != "(":
            return self.lookup(word), position
        arguments, position = self.arguments(after)
        first = arguments[0] if arguments else UNKNOWN
        name = re.sub(r"\s", "", word).removeprefix("window.")
        if name == "JSON.parse" and isinstance(first, str):
            try:
                return json.loads(first), position
            except (ValueError, RecursionError):
                return UNKNOWN, position
        href = _HREF.match(self._text, position) if name == "URL" else None
        return (first if name in _SAME else UNKNOWN), href.end() if href else position

    def _skip(self, position: int) -> int:
        """Return where the expression that begins here ends, without understanding it."""
        depth = 0
        while True:
            match = self._match(position, or_end=True)
            sign = match[0] if match else ";"
            if match is None or (depth == 0 and sign in _ENDS):
                return match.start() if match else len(self._text)
            depth += (sign in _OPEN) - (sign in {")", "]", "}"})
            position = match.end()

    def _next(self, position: int) -> tuple[str, int]:
        match = self._match(position, or_end=True)
        return (match[0], match.end()) if match else ("", position)

    def _match(self, position: int, *, or_end: bool = False) -> Any:
        self._signs -= 1
        if self._signs < 0:
            raise _OddError
        match = _SIGN.match(self._text, position)
        if match is not None and match.lastgroup == "space":
            match = _SIGN.match(self._text, match.end())
        if match is None and not or_end:
            raise _OddError
        return match


_JSON: Final = json.JSONDecoder()


def _text_of(sign: str) -> Any:
    """Return a string literal's text; of a template only what stands behind the last part that is not known."""
    if sign[0] == "`" and "${" in sign:
        head, _, tail = sign[1:-1].rpartition("}")
        return _joined(UNKNOWN, _unescaped(tail)) if head else UNKNOWN
    return _unescaped(sign[1:-1])


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return _ESCAPED.get(match[4], match[4])

    if "\\" not in text:
        return text
    return _ESCAPE.sub(character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _joined(first: Any, second: Any) -> Any:
    """Return two texts put together; behind an unknown one (as a rule the host) a path from the root is known."""
    if isinstance(first, str) and isinstance(second, str):
        return first + second
    if isinstance(second, str) and first is UNKNOWN and second.startswith("/") and len(second) > 1:
        return second
    return UNKNOWN
