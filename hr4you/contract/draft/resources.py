"""Which of a document's lists is which of the five resources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hr4you.contract.draft.evidence import CLOSE, LEAST, MENTIONED, Scored, together
from hr4you.contract.draft.lists import ListCall, list_calls
from hr4you.contract.draft.matching import score
from hr4you.contract.draft.properties import prefix_of, properties_of
from hr4you.contract.draft.slots import MEANING, location_slots, text_slots
from hr4you.contract.draft.words import vocabulary
from hr4you.contract.fields import RESOURCES
from hr4you.contract.model import LOOKUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract.draft.openapi import OpenAPI
    from hr4you.contract.draft.schema import Schema

_PATH: Final = 0.75
_SCHEMA: Final = 0.5
_SUMMARY: Final = 0.3
_CONTENT: Final = 0.7
_ENOUGH: Final = 0.5  # of the fields; more says no more
_GOOD_FIELD: Final = 0.6
_OTHER: Final = 0.35
_UNKNOWN: Final = 0.7
_ONLY_SUMMARY: Final = 6
_HANGING: Final = 0.85  # a list of its own is preferred to one per parent
_ONE_OF_SEVERAL: Final = 0.7
_NEUTRAL: Final = frozenset({"of", "filler", "search", "record", "records"})


@dataclass(frozen=True)
class Found:
    """Where a resource is listed.

    Attributes:
        call: asked for; None where the objects are inside a parent's.
        parent: the resource it hangs on, None for a list of its own.
        inside: with `parent` and no `call`: where the list is inside the parent's object.
        item: what its objects look like; None where nobody says.
    """

    name: str
    confidence: float
    call: ListCall | None
    item: Schema | None
    parent: str | None = None
    inside: str = ""
    others: tuple[Scored[str], ...] = field(default=())

    @property
    def text(self) -> str:
        """The path that is asked for, or the parent's key."""
        return self.call.operation.path if self.call is not None else self.inside


def local_words(found: dict[str, Found]) -> dict[str, str]:
    """What the prefixes of names stand for in this document: ``stl`` for jobs, where their keys are ``stl_titel``...

    Other objects refer with the same prefixes (``bew_stl_id``), and a word of the vocabulary may be meant otherwise.
    """
    prefixes = [(prefix_of(each.item), MEANING[name]) for name, each in found.items() if each.item is not None]
    counts = Counter(prefix for prefix, _ in prefixes)
    return {prefix: meaning for prefix, meaning in prefixes if prefix and counts[prefix] == 1}


def find_resources(api: OpenAPI) -> dict[str, Found]:
    """Return the resources and lookups that the document lists, by their names."""
    calls = list(list_calls(api))
    ranked = sorted(
        (
            Scored((name, call), confidence)
            for name in (*RESOURCES, *LOOKUPS)
            for call in calls
            if (confidence := _confidence(name, call)) >= MENTIONED
        ),
        key=lambda each: (-each.confidence, len(each.value[1].operation.path)),
    )
    found: dict[str, Found] = {}
    taken: set[str] = set()
    for each in ranked:
        name, call = each.value
        if name in found or call.operation.name in taken or each.confidence < LEAST:
            continue
        if call.hole and name not in RESOURCES:
            continue
        taken.add(call.operation.name)
        others = tuple(
            Scored(other.value[1].operation.path, other.confidence)
            for other in ranked
            if other.value[0] == name and other is not each
        )
        found[name] = Found(name, each.confidence, call, call.item, others=others[:3])
    return {name: _placed(_with_doubt(each, ranked, taken), found) for name, each in _with_nested(found).items()}


def _with_doubt(each: Found, ranked: list[Scored[tuple[str, ListCall]]], taken: set[str]) -> Found:
    """The same, less sure where another list that is no other resource is as likely."""
    if each.call is None:
        return each
    rivals = [
        other
        for other in ranked
        if other.value[0] == each.name
        and other.value[1].operation.name not in taken
        and other.value[1].parts != each.call.parts
        and each.confidence - other.confidence < CLOSE
    ]
    return replace(each, confidence=min(each.confidence, _ONE_OF_SEVERAL)) if rivals else each


def _with_nested(found: dict[str, Found]) -> dict[str, Found]:
    """Add resources that are inside the objects of others, where that is surer than what was found."""
    for name in RESOURCES:
        call = found[name].call if name in found else None
        if name in found and (call is None or not call.hole):
            continue
        nested = max(_inside_others(name, found), key=lambda each: each.confidence, default=None)
        if nested is not None and nested.confidence >= LEAST:
            found[name] = nested
    return found


def _inside_others(name: str, found: dict[str, Found]) -> Iterator[Found]:
    for parent in RESOURCES:
        holder = found.get(parent)
        if parent == name or holder is None or holder.item is None or holder.call is None or holder.call.hole:
            continue
        for each in properties_of(holder.item):
            item = each.schema.items
            if 0 in each.path or item is None or not item.is_object:
                continue
            named = _name_fit(each.own, MEANING[name], parent)
            content = _content(name, item) if named else 0.0
            if content:
                confidence = together((_PATH * named, _CONTENT * content))
                yield Found(name, confidence, None, item, parent, each.text)


def _placed(each: Found, found: dict[str, Found]) -> Found:
    """The parent of a list that is asked for per parent."""
    if each.call is None or not each.call.hole:
        return each
    before = each.call.operation.parent
    known = vocabulary().meanings(before)
    parent = next(
        (name for name, other in found.items() if other.call is not None and other.text.split("/")[-1] == before), None
    )
    parent = parent or next((name for name in RESOURCES if MEANING[name] in known and name in found), None)
    return replace(each, parent=parent) if parent is not None else replace(each, confidence=0.0)


def _confidence(name: str, call: ListCall) -> float:
    """The confidence that a list is this resource."""
    words, meaning = vocabulary(), MEANING[name]
    parts = words.parts(call.parts[-1])
    path = _name_fit(parts, meaning, name)
    schema = _name_fit(words.parts(call.item.name), meaning, name) if call.item is not None and call.item.name else 0.0
    said = [words.parts(text)[:_ONLY_SUMMARY] for text in call.operation.words.values()]
    summary = max((_name_fit(each, meaning, name) for each in said), default=0.0)
    strengths = [_PATH * path, _SCHEMA * schema, _SUMMARY * summary]
    if not any(strengths):
        return 0.0
    if call.item is not None:
        content = _content(name, call.item)
        strengths.append(_CONTENT * content)
        if not content:
            return 0.0
    return together(strengths) * (_HANGING if call.hole else 1)


def _name_fit(parts: tuple[tuple[str, frozenset[str]], ...], meaning: str, name: str) -> float:
    """How much a name says that it is of these things, between 0 and 1."""
    rest = [part for part in parts if not part[1] & _NEUTRAL or meaning in part[1]]
    hits = [part for part in rest if meaning in part[1]]
    if name == "custom_field_definitions":
        hits = hits if any("custom" in known or "definition" in known for _, known in parts) else []
        rest = [part for part in rest if not part[1] & {"custom", "definition"}]
    if not hits:
        return 0.0
    factor = 1.0
    for _, known in rest:
        if meaning not in known:
            factor *= _OTHER if known else _UNKNOWN
    return factor


def _content(name: str, item: Schema) -> float:
    """Which share of the resource's fields the objects have, between 0 and 1."""
    found = properties_of(item)
    slots = {**text_slots(name), **location_slots(name)} if name in RESOURCES else {}
    if not slots:
        return 1.0 if any(each.is_scalar for each in found) else 0.0
    hits = sum(any(score(each, slot) >= _GOOD_FIELD for each in found) for slot in slots.values())
    return min(1.0, hits / len(slots) / _ENOUGH)
