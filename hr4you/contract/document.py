"""A YAML file as plain data, with the line of every key.

Read like YAML 1.2: ``on``, ``off``, ``yes`` and ``no`` are words and not booleans, dates and ``12:30`` are text, and so
is a number with a leading zero. Keys are always text. PyYAML's own loader would turn the key ``on`` of a fallback into
``true``.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hr4you.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root down."""

_MAX_NODES: Final = 50_000  # aliases can make a small file unfold without end


@dataclasses.dataclass(frozen=True)
class Mark:
    """Where something stands.

    Attributes:
        line: the first line is 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclasses.dataclass(frozen=True)
class Document:
    """A file's data and where each part of it stands; an empty file is an empty mapping."""

    data: dict[str, Any]
    marks: dict[Place, Mark]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's core forms of null, booleans and numbers, without octal and hexadecimal."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # as PyYAML declares it


for _tag, _form, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:e[-+]?[0-9]+)?", list("-0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_form})$"), _first)


def read_document(path: Path, name: str | None = None) -> Document:
    """Read one file.

    Args:
        path: where it is.
        name: what errors call it, the path by default.

    Raises:
        ContractError: it cannot be read, is no YAML, names a key twice, or is no mapping.
    """
    name = name or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ContractError(f"{name}: there is no such file; `contract` names it.") from None
    except UnicodeDecodeError:
        raise ContractError(f"{name}: is not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise ContractError(f"{name}: cannot be read: {error.strerror}.") from None
    return parse_document(text, name)


def parse_document(text: str, name: str) -> Document:
    """Read the text of a file; see `read_document`."""
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            return _Reader(loader, name).read_root(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise ContractError(_syntax_error(error, name)) from None
    except (yaml.YAMLError, RecursionError):  # a control character; nesting without end
        raise ContractError(f"{name}: is not readable as YAML.") from None


def _syntax_error(error: yaml.MarkedYAMLError, name: str) -> str:
    mark = error.problem_mark or error.context_mark
    line = f", line {mark.line + 1}" if mark else ""
    problem = error.problem or "cannot be read"
    if "cannot start any token" in problem or "found unknown escape" in problem:
        problem += "; put the value in single quotes"
    elif "mapping values are not allowed" in problem:
        problem += "; mind the indentation, and put values with a colon in quotes"
    return f"{name}{line}: is not readable as YAML: {problem}."


class _Reader:
    """Turns nodes into data, and notes where they stand."""

    def __init__(self, loader: _Loader, name: str) -> None:
        self._loader = loader
        self._name = name
        self._marks: dict[Place, Mark] = {}
        self._open: list[Node] = []
        self._flat: set[int] = set()  # mappings that an alias may bring here again

    def read_root(self, root: Node | None) -> Document:
        if root is None or (isinstance(root, ScalarNode) and self._loader.construct_object(root) is None):
            return Document({}, {(): Mark(self._name, 1)})
        if not isinstance(root, MappingNode):
            raise ContractError(f"{self._mark(root)}: expected a mapping such as `resources:` with something below it.")
        data = self._read(root, (), root)
        return Document(data, self._marks)

    def _mark(self, node: Node) -> Mark:
        return Mark(self._name, node.start_mark.line + 1)

    def _read(self, node: Node, place: Place, at: Node) -> Any:
        """The data of a node; ``at`` is where it is said to stand: at its key, where it has one."""
        self._marks[place] = self._mark(at)
        if len(self._marks) > _MAX_NODES or any(node is parent for parent in self._open):
            raise ContractError(f"{self._mark(at)}: an alias unfolds without end.")
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        self._open.append(node)
        try:
            if isinstance(node, SequenceNode):
                return [self._read(part, (*place, position), part) for position, part in enumerate(node.value)]
            assert isinstance(node, MappingNode)  # noqa: S101  # there are no other nodes
            return self._mapping(node, place)
        finally:
            self._open.pop()

    def _scalar(self, node: ScalarNode) -> Any:
        if not node.tag.startswith("tag:yaml.org,2002:"):
            raise ContractError(f"{self._mark(node)}: the tag `{node.tag}` is not known; put the value in quotes.")
        return self._loader.construct_object(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        if id(node) not in self._flat:
            self._refuse_doubles(node)
            self._flat.add(id(node))
        self._loader.flatten_mapping(node)  # puts what `<<` brings before the mapping's own keys, which win
        data: dict[str, Any] = {}
        for key, value in node.value:
            data[key.value] = self._read(value, (*place, key.value), key)
        return data

    def _refuse_doubles(self, node: MappingNode) -> None:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ContractError(f"{self._mark(key)}: expected a text as key.")
            if key.value in lines:
                first = lines[key.value]
                raise ContractError(f"{self._mark(key)}: the key `{key.value}` stands here again, after line {first}.")
            lines[key.value] = self._mark(key).line
