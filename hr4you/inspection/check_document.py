"""The contract against the tenant's OpenAPI document: paths, methods, parameters, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from hr4you.contract.base import HOLE
from hr4you.contract.model import LOOKUPS
from hr4you.inspection.lines import FAILED, OK, WARNING, Line, Result
from hr4you.inspection.reach import ELEMENT, reached, reached_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hr4you.contract import Contract, Resource
    from hr4you.contract.document import Place
    from hr4you.contract.draft.openapi import OpenAPI, Operation
    from hr4you.contract.draft.schema import Schema
    from hr4you.inspection.reach import Path

_Known = Literal["there", "missing", "untold"]
_ANY: Final = "{}"


def check_document(contract: Contract, document: OpenAPI) -> Iterator[Line]:
    """Look for everything in the document that the contract asks of the tenant; nothing is requested.

    Fails what no stream can be read without: a list, and the id in it. What the document does not describe is no fault.
    """
    paths = _Paths(contract, document)
    for name, resource in contract.resources.items():
        yield from _Section(contract, paths, name, resource).lines()
    for name in LOOKUPS:
        lookup = getattr(contract, name)
        if lookup is not None:
            yield paths.line(name, "list", lookup.list.method, lookup.list.path or "", ("resources", name, "list"))
    for name, action in contract.actions.items():
        for step in action.steps:
            place = ("actions", name, "steps")
            yield paths.line(name, step.name, step.request.method, step.request.path, place)


class _Paths:
    """Finds operations of the document by method and path, whatever their placeholders are called."""

    def __init__(self, contract: Contract, document: OpenAPI) -> None:
        self._base = contract.api.base_path
        self._operations: dict[tuple[str, str], Operation] = {}
        for operation in document.operations:
            for path in (operation.path, f"{document.base_path}{operation.path}"):
                self._operations.setdefault((operation.method, _normal(path)), operation)

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation, None where the document has none."""
        full = path if path.startswith("/") else f"{self._base}{path}"
        return self._operations.get((method, _normal(full))) or self._operations.get((method, _normal(path)))

    def line(self, section: str, entry: str, method: str, path: str, place: Place, *, required: bool = False) -> Line:
        """Tell whether a request is in the document."""
        if self.find(method, path) is not None:
            return Line(f"{section} (document)", entry, OK, f"{method} {path}")
        result = FAILED if required else WARNING
        return Line(f"{section} (document)", entry, result, f"the document has no {method} {path}", place)


def _normal(path: str) -> str:
    return HOLE.sub(_ANY, path).strip("/")


class _Section:
    """One resource."""

    def __init__(self, contract: Contract, paths: _Paths, name: str, resource: Resource) -> None:
        self._contract = contract
        self._paths = paths
        self._name = name
        self._resource = resource
        self._place: Place = ("resources", name)

    def lines(self) -> Iterator[Line]:
        """Yield what is to be said."""
        listing, resource = self._resource.list, self._resource
        if listing.nested_in is None:
            path = listing.path or ""
            yield self._paths.line(self._name, "list", listing.method, path, (*self._place, "list"), required=True)
        if resource.get is not None:
            yield self._paths.line(self._name, "get", "GET", resource.get, (*self._place, "get"))
        operation = None if listing.nested_in is not None else self._paths.find(listing.method, listing.path or "")
        if operation is not None and listing.method == "GET":
            yield from self._parameters(operation)
        row = self._object(self._name)
        if row is None:
            yield self._unknown_list(operation)
            return
        yield self._field("id", reached(resource.id), row, (*self._place, "id"), required=True)
        if resource.changed_at is not None:
            yield self._field("changed_at", reached(resource.changed_at), row, (*self._place, "changed_at"))
        for name, spec in resource.fields.items():
            for key, found in reached_by(spec).items():
                below = (name, key) if key else (name,)
                if found:
                    yield self._field(".".join(below), found, row, (*self._place, "fields", *below))

    def _parameters(self, operation: Operation) -> Iterator[Line]:
        """Whether the list takes what is sent to it."""
        known = {parameter.name for parameter in operation.query()}
        pagination = self._contract.pagination_of(self._resource.list)
        asked: list[tuple[str, str | None, Place]] = [
            (f"pagination.{key}", getattr(pagination, key), ("api", "pagination", key))
            for key in ("page", "offset", "cursor", "size")
        ]
        for key in ("changed_since", "select"):
            part = getattr(self._resource, key)
            asked.append((key, None if part is None else part.param, (*self._place, key)))
        for entry, parameter, place in asked:
            if parameter is not None:
                is_known = parameter in known
                text = f"`{parameter}` is a parameter of the list" if is_known else f"the list has no `{parameter}`"
                yield self._line(entry, OK if is_known else WARNING, text, None if is_known else place)

    def _unknown_list(self, operation: Operation | None) -> Line:
        """What to say where the objects are not found in the answer."""
        answer = None if operation is None else operation.answer
        records = self._contract.records_of(self._resource.list)
        if answer is None or not answer.types or all(_look(answer, path)[0] != "missing" for path in reached(records)):
            return self._line("fields", WARNING, "the document does not say what the list holds", None)
        own = self._resource.list.records is not None
        place = (*self._place, "list", "records") if own else ("api", "records")
        result = WARNING if answer.is_list else FAILED  # documents often leave the envelope out
        text = f"there is no list at `{records.text}` in the answer{', which is a list itself' * answer.is_list}"
        return self._line("records", result, text, place)

    def _object(self, name: str) -> Schema | None:
        """What one object of a resource looks like, None where it is not found."""
        listing = self._contract.resources[name].list
        if listing.nested_in is not None:
            outer = self._object(listing.nested_in)
            return None if outer is None else _element(outer, reached(listing.inside))
        operation = self._paths.find(listing.method, listing.path or "")
        answer = None if operation is None else operation.answer
        return None if answer is None else _element(answer, reached(self._contract.records_of(listing)))

    def _field(self, entry: str, paths: set[Path], row: Schema, place: Place, *, required: bool = False) -> Line:
        known = [_look(row, path)[0] for path in paths]
        text = " or ".join(f"`{'.'.join(path).replace('.[]', '[]') or '@'}`" for path in sorted(paths))
        if not known or "there" in known:
            return self._line(entry, OK, f"{text} is in the answer", None)
        if "untold" in known:
            return self._line(entry, OK, f"the document does not say whether {text} is in the answer", None)
        return self._line(entry, FAILED if required else WARNING, f"{text} is not in the answer", place)

    def _line(self, entry: str, result: Result, text: str, place: Place | None) -> Line:
        return Line(f"{self._name} (document)", entry, result, text, place)


def _element(schema: Schema, paths: Iterable[Path]) -> Schema | None:
    """What the elements of the list at one of these paths look like."""
    for path in paths:
        _, found = _look(schema, (*path, ELEMENT))
        if found is not None:
            return found
    return None


def _look(schema: Schema, path: Path) -> tuple[_Known, Schema | None]:
    """Follow a path into a schema."""
    found = schema
    for step in path:
        if step == ELEMENT:
            below = found.items
            is_open = not found.types or found.is_list
        else:
            below = found.properties.get(step)
            is_open = not found.properties and found.types <= {"object"}
        if below is None:
            return ("untold" if is_open else "missing"), None
        found = below
    return "there", found
