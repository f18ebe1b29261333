"""How a resource is asked for: its list, one object, what changed, only some keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.evidence import LEAST, Proposal, Scored
from hr4you.contract.draft.lists import find_list, find_record
from hr4you.contract.draft.paging import asking_slots, best_parameter, paging_of, parameter_score
from hr4you.contract.draft.properties import expression_of
from hr4you.contract.draft.slots import MEANING
from hr4you.contract.draft.times import ISO, told_format
from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from hr4you.contract.draft.openapi import OpenAPI, Operation, Parameter
    from hr4you.contract.draft.resources import Found
    from hr4you.contract.draft.schema import Schema

_GET: Final = 0.93
_GET_ELSEWHERE: Final = 0.7
_TOLD: Final = 0.9
_AS_CHANGED_AT: Final = 0.72
_SELECT: Final = 0.75
_PAGE_SLOTS: Final = ("page", "offset", "cursor", "size")


def place_list(found: Found, records: str, pagination: dict[str, Any]) -> Proposal:
    """Where the list is; what differs from the API's own records and pagination stands beside the path."""
    others = list(found.others)
    if found.call is None:
        return Proposal({"nested_in": found.parent, "path": found.inside}, found.confidence, others)
    operation = found.call.operation
    more: dict[str, Any] = {}
    path = operation.path
    if found.call.hole:
        path = path.replace("{" + found.call.hole + "}", "{id}")
        more["per"] = found.parent
    more["path"] = path
    if operation.method != "GET":
        more["method"] = operation.method
    params = fixed_params(operation)
    if params:
        more["params"] = params
    if found.call.records is not None and expression_of(found.call.records) != records:
        more["records"] = expression_of(found.call.records)
    own = paging_of(operation, operation.answer).pagination
    if own != pagination and (own["type"] == "none" or _turns(own) != _turns(pagination)):
        more["pagination"] = own
    elif own.get("max_size") != pagination.get("max_size") and "max_size" in own:
        more["pagination"] = {"max_size": own["max_size"]}
    return Proposal(path if set(more) == {"path"} else more, found.confidence, others)


def _turns(pagination: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(pagination.get(key) for key in ("type", *_PAGE_SLOTS, "next"))


def fixed_params(operation: Operation) -> dict[str, str]:
    """What has to be sent with every request: required parameters of which the document gives the only value."""
    found = {}
    for each in operation.query():
        if each.required and not any(parameter_score(each, asking_slots()[name]) >= LEAST for name in _PAGE_SLOTS):
            value = each.schema.enum[0] if len(each.schema.enum) == 1 else each.schema.text("default")
            if value:
                found[each.name] = value
    return found


def unknown_params(operation: Operation) -> list[str]:
    """Required parameters that nothing is known for."""
    known = fixed_params(operation)
    slots = asking_slots()
    return [
        each.name
        for each in operation.query()
        if each.required
        and each.name not in known
        and not any(parameter_score(each, slots[name]) >= LEAST for name in (*_PAGE_SLOTS, "changed_since"))
    ]


def model_params(operation: Operation) -> dict[str, str]:
    """The parameter that limits a list of definitions to those of applications."""
    for each in operation.query():
        for value in each.schema.enum:
            if MEANING["applications"] in vocabulary().meanings(value):
                return {each.name: value}
    return {}


def find_get(api: OpenAPI, found: Found) -> tuple[Proposal, Operation | None]:
    """The path of one object, and its operation."""
    if found.call is None:
        return Proposal(None), None
    path = found.text
    own = [
        each
        for each in api.operations
        if each.method == "GET" and len(each.holes) == 1 and each.path.endswith("}") and _shows_one(each)
    ]
    beside = [each for each in own if each.path.rsplit("/", 1)[0] == path]
    if found.call.operation.method != "GET":  # the search stands beside the objects
        beside = beside or [each for each in own if each.path.rsplit("/", 1)[0] == path.rsplit("/", 1)[0]]
    elsewhere = (each for each in own if each.parts and MEANING[found.name] in vocabulary().meanings(each.parts[-1]))
    operation = next(iter(beside), None) or next(elsewhere, None)
    if operation is None:
        return Proposal(None), None
    path = operation.path.replace("{" + operation.holes[0] + "}", "{id}")
    return Proposal(path, _GET if beside else _GET_ELSEWHERE), operation


def _shows_one(operation: Operation) -> bool:
    """Whether one object is answered, as far as the document says."""
    answer = operation.answer
    if answer is None:
        return True
    return not answer.is_list and (find_list(answer) is None or bool(answer.properties))


def record_at(operation: Operation | None, id_key: str) -> str | None:
    """Where the object is in the answer for one; None where nobody says."""
    answer = operation.answer if operation is not None else None
    found = find_record(answer, id_key) if answer is not None else None
    return None if found is None else expression_of(found)


def place_since(operation: Operation, changed_at: Schema | None) -> tuple[Proposal, list[str]]:
    """How the list is limited to what changed, and what a person has to settle."""
    best = best_parameter(operation, "changed_since", but=_PAGE_SLOTS)
    if best is None:
        return Proposal(None, others=_others(operation)), []
    parameter = best.value
    said = told_format(parameter.schema, parameter.description)
    confidence = best.confidence * _TOLD
    if said is None and changed_at is not None:
        said = told_format(changed_at)
        confidence = best.confidence * _AS_CHANGED_AT
    if said is None:
        option = Scored({"param": parameter.name, "format": ISO}, best.confidence / 2)
        note = f"`{parameter.name}` may limit the list to what changed, but the form of its time is not told"
        return Proposal(None, 0.0, [option], note=note), [note]
    return Proposal({"param": parameter.name, "format": said}, confidence), []


def _others(operation: Operation) -> list[Scored[Any]]:
    slot = asking_slots()["changed_since"]
    scored = [Scored({"param": each.name}, parameter_score(each, slot)) for each in operation.query()]
    return [each for each in scored if each.confidence > 1 - LEAST - 0.2]


def place_select(operation: Operation, id_text: str | None) -> tuple[Proposal, Proposal]:
    """How keys are left out, and how ids alone are listed."""
    best = best_parameter(operation, "select")
    if best is None or not _is_joined(best.value):
        return Proposal(None), Proposal(None)
    only = Proposal(None)
    if id_text is not None and "." not in id_text:
        only = Proposal({"params": {best.value.name: id_text}}, _SELECT)
    return Proposal({"param": best.value.name, "join": ","}, _SELECT), only


def _is_joined(parameter: Parameter) -> bool:
    """Whether the names are sent as one text; a list in OpenAPI 3 is sent as several parameters unless it says so."""
    return not parameter.schema.is_list or parameter.joins
