"""How the lists of a document are cut into pages, and what else their requests and answers have in common."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.document import read_document
from hr4you.contract.draft.evidence import Scored, choose
from hr4you.contract.draft.matching import TIME_FORMATS, Slot, description_score, likely, name_score, score
from hr4you.contract.draft.properties import Property, properties_of
from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you.contract.draft.openapi import Operation, Parameter
    from hr4you.contract.draft.schema import Schema

_TABLE: Final = Path(__file__).with_name("asking.yml")
_LIMIT: Final = re.compile(
    r"(?:max(?:imal|imum|\.)?|hoechstens|höchstens|bis zu|up to|at most|upper limit|<=)\D{0,20}(\d{1,5})"
    r"|(\d{1,5})\D{0,10}\bmax\b",
    re.IGNORECASE,
)
_LINK_HEADER: Final = 0.89
_LINK_INSIDE: Final = 0.75
_REDIRECTS: Final = 300
_MISNAMED: Final = 0.75  # `page` by name, an offset by its description
_ZERO: Final = re.compile(
    r"(?:0[- ]based|zero[- ]based|ab 0\b|beginn\w* bei 0|start\w* (?:at|bei|mit|with) 0)", re.IGNORECASE
)


@lru_cache(maxsize=1)
def asking_slots() -> dict[str, Slot]:
    """The slots of asking.yml."""
    return {name: Slot.from_table(raw) for name, raw in read_document(_TABLE, _TABLE.name).data.items()}


@dataclass(frozen=True)
class Paging:
    """How one list is cut; `pagination` as in the contract."""

    pagination: dict[str, Any]
    confidence: float


def parameter_as_property(parameter: Parameter) -> Property:
    """A parameter in the form that is scored."""
    return Property((parameter.name,), parameter.schema, vocabulary().parts(parameter.name), (), 0)


def best_parameter(operation: Operation, slot_name: str, but: Iterable[str] = ()) -> Scored[Parameter] | None:
    """The query's parameter for a purpose; None where there is none, or two are close.

    Args:
        operation: the list.
        slot_name: the purpose, of asking.yml.
        but: purposes; a parameter that fits one of them better is not meant.
    """
    slots = asking_slots()
    scored = [Scored(each, parameter_score(each, slots[slot_name])) for each in operation.query()]
    others = [slots[name] for name in but]
    fit = [each for each in scored if all(parameter_score(each.value, other) <= each.confidence for other in others)]
    return choose(fit).best


def parameter_score(parameter: Parameter, slot: Slot) -> float:
    """The confidence that a parameter has this purpose; its own description counts where its name says something."""
    confidence = score(parameter_as_property(parameter), slot)
    described = description_score(parameter.description, slot)
    if confidence:
        return 1 - (1 - confidence) * (1 - 0.4 * described)
    return 0.5 * described if described and name_score(vocabulary().parts(parameter.name), (), slot) else 0.0


def paging_of(operation: Operation, answer: Schema | None) -> Paging:
    """How a list is cut into pages; type ``none`` where nothing says that it is."""
    found = {name: best_parameter(operation, name) for name in ("page", "offset", "cursor", "size")}
    if found["cursor"] is not None and found["cursor"].value.schema.text("format") in TIME_FORMATS:
        found["cursor"] = None  # `after` is a moment here
    if found["page"] is not None and found["offset"] is None and _counts_records(found["page"].value):
        found["offset"], found["page"] = Scored(found["page"].value, _MISNAMED), None
    inside = properties_of(answer) if answer is not None and answer.is_object else ()
    inside = tuple(each for each in inside if 0 not in each.path)
    told = {name: _told(inside, name) for name in ("total", "last_page", "next_cursor", "next_link")}
    size = _size(found["size"].value) if found["size"] is not None else {}
    total = {"total": told["total"].value.text} if told["total"] is not None else {}
    page, offset, cursor = found["page"], found["offset"], found["cursor"]
    if cursor is not None and told["next_cursor"] is not None:
        keys = {"cursor": cursor.value.name, "next": told["next_cursor"].value.text}
        return Paging(
            {"type": "cursor", **keys, **size, **total}, min(cursor.confidence, told["next_cursor"].confidence)
        )
    options = []
    if page is not None:
        first = {"first_page": 0} if _counts_from_zero(page.value) else {}
        last = {"last_page": told["last_page"].value.text} if told["last_page"] is not None else {}
        options.append(
            Paging({"type": "page", "page": page.value.name, **first, **size, **last, **total}, page.confidence)
        )
    if offset is not None:
        options.append(Paging({"type": "offset", "offset": offset.value.name, **size, **total}, offset.confidence))
    has_header = any("link" in reply.headers for status, reply in operation.replies.items() if status < _REDIRECTS)
    if has_header or told["next_link"] is not None:
        link = {} if has_header or told["next_link"] is None else {"next": told["next_link"].value.text}
        options.append(Paging({"type": "link", **link, **size, **total}, _LINK_HEADER if has_header else _LINK_INSIDE))
    if options:
        return max(options, key=lambda each: each.confidence)
    return Paging({"type": "none"}, 0.75)


def _told(inside: Iterable[Property], name: str) -> Scored[Property] | None:
    """Where an answer tells something of its pages."""
    scalars = [each for each in inside if each.is_scalar and not (name == "total" and _is_of_page(each))]
    return likely(scalars, asking_slots()[name])


def _is_of_page(each: Property) -> bool:
    """Whether a ``count`` is described as that of one page; a reader who took it for all would stop there."""
    if any(known == {"total"} for _, known in each.own):
        return False
    return "page" in vocabulary().meanings(each.schema.description)


def _size(parameter: Parameter) -> dict[str, Any]:
    """The parameter of the page's size and its largest value as far as anybody says."""
    largest = parameter.schema.number("maximum")
    if largest is None:
        match = _LIMIT.search(f"{parameter.description} {parameter.schema.description}")
        largest = float(match.group(1) or match.group(2)) if match else None
    if largest is None:
        default = parameter.schema.text("default")
        largest = float(default) if default.isdecimal() else None
    size: dict[str, Any] = {"size": parameter.name}
    return size | {"max_size": int(largest)} if largest is not None and largest >= 1 else size


def _counts_records(parameter: Parameter) -> bool:
    """Whether the description says that records are counted, and not pages."""
    slots, text = asking_slots(), parameter.description
    return description_score(text, slots["offset"]) > 0 and not description_score(text, slots["page"])


def _counts_from_zero(parameter: Parameter) -> bool:
    least, default = parameter.schema.number("minimum"), parameter.schema.text("default")
    text = f"{parameter.description} {parameter.schema.description}"
    return least == 0 or default == "0" or bool(_ZERO.search(text))


def most_common(pagings: Iterable[Paging]) -> Paging | None:
    """The way in which most lists are cut; those that are not cut at all count only if no other is."""
    listed = list(pagings)
    cut = [each for each in listed if each.pagination["type"] != "none"] or listed
    if not cut:
        return None
    kinds = Counter(_key(each) for each in cut)
    best = kinds.most_common(1)[0][0]
    return max((each for each in cut if _key(each) == best), key=lambda each: (len(each.pagination), each.confidence))


def _key(paging: Paging) -> tuple[str, ...]:
    told = paging.pagination
    return (told["type"], *(str(told.get(name, "")) for name in ("page", "offset", "cursor", "next")))
