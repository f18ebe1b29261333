"""The writing operations of a document as steps of the contract's actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.bodies import Body, fill, named_value
from hr4you.contract.draft.evidence import together
from hr4you.contract.draft.lists import find_list
from hr4you.contract.draft.matching import Slot, tables
from hr4you.contract.draft.paging import best_parameter
from hr4you.contract.draft.properties import expression_of
from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you.contract.draft.openapi import OpenAPI, Operation
    from hr4you.contract.draft.schema import Schema

_NAMED: Final = 0.8
_NEEDED: Final = 0.85  # each required key that nothing is known for
_CONFLICT: Final = 409
_MOST_TRIED: Final = 10
_REPLACES: Final = 0.75  # PUT: it may take the place of what is there
_NEUTRAL: Final = frozenset({"of", "filler", "create"})
_ID: Final = Slot.from_table(tables()["id"])


@dataclass
class Step:
    """A step as the contract has it.

    Attributes:
        raw: without its name.
        hole: what the braces of its path stand for: ``person``, ``application``, ``job``; empty without braces.
    """

    raw: dict[str, Any]
    confidence: float
    operation: Operation
    body: Body = field(default_factory=Body)
    hole: str = ""

    def listing(self, api: OpenAPI) -> Operation | None:
        """What lists at the same path; None where the document has nothing there."""
        return next((each for each in api.operations if (each.method, each.path) == ("GET", self.operation.path)), None)


def creating(api: OpenAPI, meaning: str, parents: Iterable[str], kinds: Iterable[str] = ("json",)) -> list[Operation]:
    """The operations that make a thing of this meaning, alone or below one of these parents; the best first."""
    found: list[tuple[float, Operation]] = []
    for operation in api.operations:
        if operation.method not in {"POST", "PUT"} or operation.body is None or operation.body_kind not in set(kinds):
            continue
        if operation.path.endswith("}") or len(operation.holes) > 1 or not operation.parts:
            continue
        if operation.method == "PUT" and not operation.holes:
            continue
        named = _ends_in(operation, meaning)
        if not named or (operation.holes and parent_of(operation) not in set(parents)):
            continue
        found.append((named - (0.1 if operation.method == "PUT" else 0), operation))
    return [operation for _, operation in sorted(found, key=lambda each: -each[0])[:_MOST_TRIED]]


def _ends_in(operation: Operation, meaning: str) -> float:
    """How much the last part of a path says that it is of these things."""
    for segment in reversed(operation.parts):
        parts = vocabulary().parts(segment)
        hits = [known for _, known in parts if meaning in known]
        if hits:
            left = [known for _, known in parts if meaning not in known and not known & _NEUTRAL]
            return 0.4 ** len(left)
        if not all(known & _NEUTRAL for _, known in parts):
            return 0.0
    return 0.0


def parent_of(operation: Operation) -> str:
    """What the braces of a path stand for: a meaning, empty where nobody knows."""
    known = vocabulary().meanings(operation.parent)
    return next((meaning for meaning in ("application", "person", "job", "stage") if meaning in known), "")


def make_step(step: str, operation: Operation, holes: dict[str, str]) -> Step:
    """Make a step of an operation.

    Args:
        step: its kind, as in sending.yml.
        operation: what is sent.
        holes: what stands in the braces, by what they mean.
    """
    schema = operation.body
    body = fill(step, schema, is_flat=operation.body_kind != "json") if schema is not None else Body()
    hole = parent_of(operation)
    path = operation.path
    if hole:
        path = path.replace("{" + operation.holes[0] + "}", "{" + holes[hole] + "}")
    key = "multipart" if operation.body_kind == "multipart" else "body"
    raw: dict[str, Any] = {"request": {"method": operation.method, "path": path, key: body.tree}}
    created = _id_in(operation.answer, step)
    if created:
        raw["created_id"] = created
    existing = _id_in(operation.replies[_CONFLICT].schema, step) if _CONFLICT in operation.replies else None
    if existing:
        raw["existing_id"] = existing
    confidence = together((_NAMED, *(0.2 for _ in body.confidence))) * _NEEDED ** len(body.left)
    if operation.method == "PUT":
        confidence *= _REPLACES
    return Step(raw, confidence, operation, body, hole)


def _id_in(schema: Schema | None, step: str) -> str | None:
    """Where the id of the thing is in an answer; None where nobody says."""
    if schema is None:
        return None
    meaning = {"applicant": "person"}.get(step, step)
    found = named_value(schema, _ID.among(meaning, "record", "filler", "create", "existing"))
    return found.text if found is not None else None


def find_beside(api: OpenAPI, step: Step, match: dict[str, Slot]) -> dict[str, Any] | None:
    """How what a step makes is listed at its own path, as ``find``; None where the document has no list there."""
    listed = _listed(step.listing(api))
    if listed is None:
        return None
    given, item = listed
    found = {said: named_value(item, slot) for said, slot in match.items()}
    matches = {value.text: said for said, value in found.items() if value is not None}
    return {"path": step.raw["request"]["path"], **given, **({"match": matches} if matches else {})}


def find_by(listing: Operation | None, inputs: dict[str, str]) -> dict[str, Any] | None:
    """How what exists is looked up in a list by its parameters, as ``find``; None unless all of them are there.

    Args:
        listing: the operation that lists; None where there is none.
        inputs: slot of asking.yml -> the expression that is sent for it.
    """
    listed = _listed(listing)
    if listing is None or listed is None or listing.method != "GET":
        return None
    params = {}
    for name, said in inputs.items():
        best = best_parameter(listing, name)
        if best is None:
            return None
        params[best.value.name] = said
    return {"path": listing.path, "params": params, **listed[0]}


def _listed(listing: Operation | None) -> tuple[dict[str, str], Schema] | None:
    """Where the list and an element's id are in the answer of a list, and what the elements look like."""
    found = find_list(listing.answer) if listing is not None and listing.answer is not None else None
    if found is None or found[1] is None:
        return None
    own = named_value(found[1], _ID.among("person", "application", "attachment", "note"))
    return None if own is None else ({"records": expression_of(found[0]), "id": own.text}, found[1])
