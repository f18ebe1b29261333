"""YAML of any size and origin as plain data: what the same document as JSON would hold.

PyYAML's loaders build node by node in Python, take seconds for what a viewer's document may weigh, turn dates and the
key ``on`` into something else, and can be brought down by nesting. So only PyYAML's events are used, which libyaml
makes, and nothing here calls itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from hr4you.errors import ContractError

IS_FAST: Final = bool(yaml.__with_libyaml__)
MEND: Final = "Mend it, or download the document once more"
DEEPEST: Final = 200
"""More levels than this no document has that describes an API."""

_MOST_PARTS: Final = 5_000_000  # aliases can make a small file unfold without end
_LOADER: Final[Any] = yaml.CSafeLoader if IS_FAST else yaml.SafeLoader
_TAG: Final = "tag:yaml.org,2002:"
_TAGS: Final = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")} | {"!"}
_TEXT_TAGS: Final = {"!", _TAG + "str"}
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,300})")
_FRACTION: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?")
_NUMBER_STARTS: Final = frozenset("0123456789+-")
_MERGE: Final = object()  # the key `<<`


@dataclass
class _Open:
    """A mapping or list that has begun and not ended.

    Attributes:
        parts: in it, with all that its aliases stand for.
        key: of the mapping, where the next part is its value.
    """

    data: Any
    anchor: str | None
    parts: int = 1
    has_key: bool = False
    key: Any = None
    merged: list[dict[str, Any]] = field(default_factory=list)


def parse_yaml(text: str, name: str) -> Any:
    """Return the data of one YAML document, None for an empty one; keys are text, dates too.

    Raises:
        ContractError: it is no YAML, unfolds or nests without end, or has a tag or a key that JSON has nothing for.
    """
    try:
        return _build(text, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        problem = error.problem or "cannot be read"
        raise ContractError(f"{name}{line}: is neither JSON nor YAML: {problem}. {MEND}.") from None
    except yaml.YAMLError:
        raise ContractError(f"{name}: is neither JSON nor YAML: there are control characters in it. {MEND}.") from None


def _build(text: str, name: str) -> Any:
    """See `parse_yaml`; the events' own errors come through."""
    builder = _Builder(name)
    event: Any
    for event in yaml.parse(text, Loader=_LOADER):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            builder.scalar(event)
        elif kind is yaml.MappingStartEvent:
            builder.begin(event, {})
        elif kind is yaml.SequenceStartEvent:
            builder.begin(event, [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            builder.end(event)
        elif kind is yaml.AliasEvent:
            builder.alias(event)
        elif kind is yaml.DocumentStartEvent:
            builder.begin_document(event)
    return builder.root


class _Builder:
    """Puts the events of one document together.

    Attributes:
        root: the document's data.
    """

    def __init__(self, name: str) -> None:
        self.root: Any = None
        self._name = name
        self._documents = 0
        self._stack: list[_Open] = []
        # its data and the number of parts in it; None while it has not ended
        self._anchors: dict[str, tuple[Any, int] | None] = {}

    def begin_document(self, event: Any) -> None:
        """Refuse a second one."""
        self._documents += 1
        if self._documents > 1:
            raise self._error(event, "another YAML document begins here; expected one in a file")

    def scalar(self, event: Any) -> None:
        """Add a key or a value."""
        self._check_tag(event)
        if self._expects_key():
            value: Any = _MERGE if event.value == "<<" and event.implicit[0] else event.value
        else:
            is_plain = event.implicit[0] if event.tag is None else event.tag not in _TEXT_TAGS
            value = resolve(event.value) if is_plain else event.value
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(event, value, 1)

    def begin(self, event: Any, data: Any) -> None:
        """Open a mapping or a list."""
        self._check_tag(event)
        if self._expects_key():
            raise self._error(
                event, "a list or a mapping stands where a key is expected; a text in braces needs quotes"
            )
        if len(self._stack) >= DEEPEST:
            raise self._error(event, f"more than {DEEPEST} levels are nested; expected a document of an API")
        self._stack.append(_Open(data, event.anchor))
        if event.anchor:
            self._anchors[event.anchor] = None

    def end(self, event: Any) -> None:
        """Close what was opened last."""
        ended = self._stack.pop()
        value = _with_merged(ended)
        if ended.anchor:
            self._anchors[ended.anchor] = (value, ended.parts)
        self._put(event, value, ended.parts)

    def alias(self, event: Any) -> None:
        """Add what an anchor stands for."""
        if event.anchor not in self._anchors:
            raise self._error(event, f"the anchor `{shown(event.anchor)}` is not defined above")
        found = self._anchors[event.anchor]
        if found is None:
            raise self._error(event, f"the anchor `{shown(event.anchor)}` contains itself")
        if self._expects_key() and not isinstance(found[0], str | int | float):
            raise self._error(event, f"the anchor `{shown(event.anchor)}` stands where a key is expected")
        self._put(event, *found)

    def _put(self, event: Any, value: Any, parts: int) -> None:
        if not self._stack:
            self.root = value
            return
        into = self._stack[-1]
        into.parts += parts
        if into.parts > _MOST_PARTS:
            raise self._error(event, "aliases unfold to millions of parts; expected a document that a person can read")
        if type(into.data) is list:
            into.data.append(value)
        elif not into.has_key:
            into.key, into.has_key = value if value is _MERGE else str(value), True
        elif into.key is _MERGE:
            into.merged += [part for part in (value if type(value) is list else [value]) if type(part) is dict]
            into.has_key = False
        else:
            into.data[into.key] = value
            into.has_key = False

    def _expects_key(self) -> bool:
        return bool(self._stack) and type(self._stack[-1].data) is dict and not self._stack[-1].has_key

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _TAGS:
            problem = f"the tag `{shown(event.tag)}` means nothing in an API's document; put the value in quotes"
            raise self._error(event, problem)

    def _error(self, event: Any, problem: str) -> ContractError:
        return ContractError(f"{self._name}, line {event.start_mark.line + 1}: {problem}.")


def _with_merged(ended: _Open) -> Any:
    if not ended.merged:
        return ended.data
    merged: dict[str, Any] = {}
    for part in reversed(ended.merged):  # of several the first wins, and the mapping's own keys over all
        merged.update(part)
    return {**merged, **ended.data}


def resolve(text: str) -> Any:
    """Return what an unquoted scalar is in YAML 1.2's core form: null, boolean, number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            number = float(text)
            return number if abs(number) != float("inf") else text
    return text


def shown(text: str) -> str:
    """Return a word of a document in a form that is safe on a screen, cut to 60 characters."""
    return "".join(character if character.isprintable() else "?" for character in text[:60])
