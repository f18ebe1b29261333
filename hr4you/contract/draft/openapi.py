"""An OpenAPI document (2.0, 3.0, 3.1) as operations, whichever version says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from hr4you.contract.draft.schema import Raw, Schema, mapping_of, mappings_of, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_MOST_PARAMETERS: Final = 200  # of an operation

METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True)
class Parameter:
    """One parameter; `place` is ``query``, ``path``, ``header``, ``cookie``; `joins`: a list is sent with commas."""

    name: str
    place: str
    schema: Schema
    description: str
    required: bool
    joins: bool


@dataclass(frozen=True)
class Reply:
    """What is answered with one status; `schema` None where the document does not say."""

    schema: Schema | None
    headers: frozenset[str]
    description: str


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Attributes:
        path: without slash at its begin, below the document's base path.
        key: the path as the document writes it.
        body: what is sent, None where nothing is.
        body_kind: ``json``, ``multipart`` or ``form``.
        replies: by status; ``default`` is 0.
        words: summary, description, tags and operation id.
    """

    method: str
    path: str
    key: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_kind: str
    replies: dict[int, Reply]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's segments without those in braces."""
        return tuple(part for part in self.path.split("/") if part and "{" not in part)

    @property
    def parent(self) -> str:
        """The segment before the first braces, which says what stands in them; empty without braces."""
        return self.path.split("/{")[0].split("/")[-1] if self.holes else ""

    @property
    def holes(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(_HOLE.findall(self.path))

    @property
    def answer(self) -> Schema | None:
        """What a success looks like."""
        good = sorted(status for status in self.replies if 200 <= status < 300)  # noqa: PLR2004  # HTTP's successes
        found = [self.replies[status].schema for status in good] or [
            reply.schema for status, reply in self.replies.items() if status == 0
        ]
        return next((schema for schema in found if schema is not None), None)

    def query(self) -> Iterator[Parameter]:
        """Yield what may stand in the query."""
        return (parameter for parameter in self.parameters if parameter.place == "query")


@dataclass(frozen=True)
class SecurityScheme:
    """A way to prove who one is: `kind` is ``basic``, ``bearer``, ``apiKey``, ``oauth2`` or another word."""

    kind: str
    place: str
    header: str
    description: str
    is_used: bool


class OpenAPI:
    """A document; `data` is what `parse_openapi` made of it."""

    def __init__(self, data: Raw) -> None:
        self.data = data
        self.is_old = "swagger" in data

    @property
    def title(self) -> str:
        """The API's name, empty where it has none."""
        return str(mapping_of(self.data.get("info")).get("title", ""))

    @property
    def description(self) -> str:
        """What the document says of the API as a whole."""
        return str(mapping_of(self.data.get("info")).get("description", ""))

    @cached_property
    def base_path(self) -> str:
        """What paths are relative to; begins and ends with a slash."""
        url = self.data.get("basePath", "") if self.is_old else self._server
        try:
            path = urlsplit(str(url)).path.strip("/")
        except ValueError:  # brackets that hold no address
            path = ""
        path = path if _is_usable(path) and "{" not in path else ""
        return f"/{path}/{self._shared}" if path else f"/{self._shared}"

    @cached_property
    def _shared(self) -> str:
        """What all paths begin with, with a slash at its end; empty where they begin differently."""
        split = [path.strip("/").split("/") for path in self.data.get("paths", {}) if _is_usable(path)]
        shared: list[str] = []
        for parts in zip(*(each[:-1] for each in split), strict=False):
            if len(set(parts)) > 1 or "{" in parts[0]:
                break
            shared.append(parts[0])
        return "".join(f"{part}/" for part in shared) if len(split) > 1 else ""

    @property
    def _server(self) -> str:
        servers = self.data.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else None
        if not isinstance(first, dict):
            return ""
        url = str(first.get("url", ""))
        for name, variable in mapping_of(first.get("variables")).items():
            if isinstance(variable, dict):
                url = url.replace("{" + name + "}", str(variable.get("default", "")))
        return url

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations in the document's order."""
        found = []
        for path, given in self.data.get("paths", {}).items():
            if not _is_usable(path):
                continue
            item = resolve(self.data, given)[0]
            shared = item.get("parameters")
            common = shared if isinstance(shared, list) else []
            found += [
                self._operation(path, method, item[method], common)
                for method in METHODS
                if isinstance(item.get(method), dict)
            ]
        return tuple(found)

    def _operation(self, path: str, method: str, raw: Raw, shared: list[Any]) -> Operation:
        own = raw.get("parameters")
        given: dict[tuple[str, str], Raw] = {}
        for each in [*shared, *(own if isinstance(own, list) else [])]:
            parameter = resolve(self.data, each)[0]
            if parameter and len(given) < _MOST_PARAMETERS:
                given[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        body, kind = self._body(raw, given)
        tags = raw.get("tags")
        return Operation(
            method.upper(),
            path.strip("/").removeprefix(self._shared),
            path,
            tuple(self._parameter(each) for (place, _), each in given.items() if place not in {"body", "formData"}),
            body,
            kind,
            {_status(status): self._reply(reply) for status, reply in mapping_of(raw.get("responses")).items()},
            {
                "summary": str(raw.get("summary", "")),
                "description": str(raw.get("description", "")),
                "operation": str(raw.get("operationId", "")),
                "tags": " ".join(map(str, tags if isinstance(tags, list) else [])),
            },
        )

    def _parameter(self, raw: Raw) -> Parameter:
        schema = raw["schema"] if isinstance(raw.get("schema"), dict) else raw
        examples = [each.get("value") for each in mapping_of(raw.get("examples")).values() if isinstance(each, dict)]
        examples += [raw[key] for key in ("example", "x-example") if key in raw]
        merged: Raw = {"allOf": [schema], "examples": examples} if examples else schema
        return Parameter(
            str(raw.get("name", "")),
            str(raw.get("in", "")),
            Schema(self.data, merged),
            str(raw.get("description", "")),
            raw.get("required") is True,
            raw.get("collectionFormat", "csv") == "csv" if self.is_old else raw.get("explode") is False,
        )

    def _body(self, raw: Raw, given: Mapping[tuple[str, str], Raw]) -> tuple[Schema | None, str]:
        """What is sent and how."""
        if self.is_old:
            body = next((each for (place, _), each in given.items() if place == "body"), None)
            if body is not None:
                return Schema(self.data, body.get("schema") or {}), "json"
            form = {name: each for (place, name), each in given.items() if place == "formData"}
            if not form:
                return None, ""
            kind = "multipart" if any(each.get("type") == "file" for each in form.values()) else "form"
            needed = [name for name, each in form.items() if each.get("required") is True]
            return Schema(self.data, {"type": "object", "properties": form, "required": needed}), kind
        content = resolve(self.data, raw.get("requestBody") or {})[0].get("content")
        return _content(self.data, content)

    def _reply(self, given: Any) -> Reply:
        raw = resolve(self.data, given)[0]
        schema = Schema(self.data, raw["schema"]) if isinstance(raw.get("schema"), dict) else None
        if schema is None and not self.is_old:
            schema, kind = _content(self.data, raw.get("content"))
            schema = schema if kind == "json" else None
        names = frozenset(name.lower() for name in mapping_of(raw.get("headers")))
        return Reply(schema, names, str(raw.get("description", "")))

    @cached_property
    def security(self) -> tuple[SecurityScheme, ...]:
        """The ways to prove who one is, those that the document asks for everywhere first."""
        components = mapping_of(self.data.get("components"))
        holder = self.data.get("securityDefinitions") if self.is_old else components.get("securitySchemes")
        used = {name for each in mappings_of(self.data.get("security")) for name in each}
        for operation in self._raw_operations():
            used |= {name for each in mappings_of(operation.get("security")) for name in each}
        found = []
        for name, given in mapping_of(holder).items():
            raw = resolve(self.data, given)[0]
            kind = str(raw.get("type", ""))
            kind = str(raw.get("scheme", "")).lower() if kind == "http" else kind
            found.append(
                SecurityScheme(
                    kind,
                    str(raw.get("in", "")),
                    str(raw.get("name", "")),
                    str(raw.get("description", "")),
                    name in used,
                )
            )
        return tuple(sorted(found, key=lambda scheme: not scheme.is_used))

    def _raw_operations(self) -> Iterator[Raw]:
        for given in self.data.get("paths", {}).values():
            item = resolve(self.data, given)[0]
            yield from (item[method] for method in METHODS if isinstance(item.get(method), dict))


def _status(text: str) -> int:
    return int(text) if re.fullmatch("[1-5][0-9]{2}", text) else 200 if text.upper() == "2XX" else 0


def _is_usable(path: str) -> bool:
    """Whether a contract can hold this path: no query, no spaces, and each brace closed."""
    rest = _HOLE.sub("", path)
    return "://" not in rest and not set(rest) & set("{}?#\\") and path.isprintable() and " " not in path


def _content(document: Mapping[str, Any], content: Any) -> tuple[Schema | None, str]:
    """The schema of a body in OpenAPI 3 and its kind; JSON is preferred."""
    if not isinstance(content, dict):
        return None, ""
    kinds = (("json", "json"), ("multipart/", "multipart"), ("x-www-form", "form"), ("*/*", "json"))
    for mark, kind in kinds:
        for media, given in content.items():
            if mark in str(media).lower() and isinstance(given, dict):
                schema = given.get("schema")
                merged = (
                    {"allOf": [schema], "example": given["example"]}
                    if "example" in given and isinstance(schema, dict)
                    else schema
                )
                return Schema(document, merged if isinstance(merged, dict) else {}), kind
    return None, ""
