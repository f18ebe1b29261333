"""The wire as pairs of request and answer, written by hand in ``pairs/*.yml``: neither side's code made them.

A file has a ``dialect``, ``headers`` that all its requests carry (null: must be absent) and ``conversations``. A
conversation is a list of pairs in order:

- ``request``: method, path, query, headers, json or multipart. ``answer``: status, headers, json or text.
- ``$name`` in any of them stands for a variable: ``bind`` gives its ``example`` and, for the sandbox, the ``kind`` of
  object whose id it is (``where``: with these values); ``capture`` takes it from the answer (name: path).
- What a server with other data is held to beside status, keys and types: ``exact`` (paths whose values must agree),
  ``length`` (path: number), ``holds`` (path: an entry the list has), ``open`` (paths below which objects are as they
  like), ``more_keys`` (other keys may stand beside these), ``xml``.
- ``optional``: a client may leave this request out. ``repeats``: it may come any number of times.

``client: false`` and ``sandbox: false`` leave one side out. For the client: ``resource`` is read as a list (``since``,
``only_ids``, ``page_size``), ``one`` is asked by id, ``feed`` is a job feed; without these the requests are sent as
they stand. ``contract`` lies over the default, ``credentials`` replace the token, ``raises`` names the error at the
end. ``target`` is an action (``stream``, ``record``, ``settings``) for which exactly these requests are sent;
``result`` holds columns that come out, ``status`` the exit status.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

import yaml

PAIRS = Path(__file__).parent / "pairs"


@dataclasses.dataclass(frozen=True)
class Pair:
    """One request and its answer.

    Attributes:
        headers: lower-case name -> value the request must carry, None: must not carry.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str | None]
    json: Any
    multipart: dict[str, Any] | None
    status: int
    answer_headers: dict[str, str]
    answer_json: Any
    text: str | None
    terms: dict[str, Any]

    @property
    def optional(self) -> bool:
        return bool(self.terms.get("optional"))

    def filled(self, values: dict[str, Any]) -> Pair:
        """This pair with its variables replaced."""
        new = {field.name: fill(getattr(self, field.name), values) for field in dataclasses.fields(self)}
        new["query"] = {name: str(value) for name, value in new["query"].items()}
        return Pair(**new)


@dataclasses.dataclass(frozen=True)
class Conversation:
    """Pairs in order, and what the client is to be asked for so that it sends these requests."""

    id: str
    dialect: str
    pairs: tuple[Pair, ...]
    bind: dict[str, dict[str, Any]]
    terms: dict[str, Any]

    @property
    def examples(self) -> dict[str, Any]:
        """The variables' values as the files give them."""
        return {name: rule["example"] for name, rule in self.bind.items()}

    def as_written(self) -> list[Pair]:
        """All pairs with the examples filled in."""
        return [pair.filled(self.examples) for pair in self.pairs]


def fill(value: Any, values: dict[str, Any]) -> Any:
    """Replace ``$name`` in a JSON value: a string that is nothing else becomes the value itself, with its type."""
    if isinstance(value, dict):
        return {name: fill(part, values) for name, part in value.items()}
    if isinstance(value, list):
        return [fill(part, values) for part in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    if value[1:] in values and value[0] == "$":
        return values[value[1:]]
    return Template(value).safe_substitute(values)


@lru_cache
def conversations() -> tuple[Conversation, ...]:
    """All conversations of all files, in a stable order."""
    return tuple(
        _conversation(path.stem, content, block)
        for path in sorted(PAIRS.glob("*.yml"))
        for content in [yaml.safe_load(path.read_text("utf-8"))]
        for block in content["conversations"]
    )


def _conversation(file: str, content: dict[str, Any], block: dict[str, Any]) -> Conversation:
    sides = {side: content.get(side, True) for side in ("client", "sandbox")}
    return Conversation(
        id=f"{file}: {block['name']}",
        dialect=content["dialect"],
        pairs=tuple(_pair(pair, content.get("headers", {})) for pair in block["pairs"]),
        bind=block.get("bind", {}),
        terms={**sides, **block},
    )


def _pair(block: dict[str, Any], common: dict[str, str | None]) -> Pair:
    request, answer = block["request"], block["answer"]
    headers = {**common, **request.get("headers", {})}
    return Pair(
        method=request["method"],
        path=request["path"],
        query={name: str(value) for name, value in request.get("query", {}).items()},
        headers={name.lower(): value for name, value in headers.items()},
        json=request.get("json"),
        multipart=request.get("multipart"),
        status=answer["status"],
        answer_headers=answer.get("headers", {}),
        answer_json=answer.get("json"),
        text=answer.get("text"),
        terms={name: value for name, value in block.items() if name not in {"request", "answer"}},
    )
