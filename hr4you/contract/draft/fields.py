"""Which value of a resource's objects is which field of the unified model."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.evidence import CLOSE, LEAST, MENTIONED, Proposal, Scored, together
from hr4you.contract.draft.matching import Slot, best_of, name_score, score, tables
from hr4you.contract.draft.properties import jmespath_of, properties_of
from hr4you.contract.draft.slots import location_slots, part_slots, text_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hr4you.contract.document import Place
    from hr4you.contract.draft.properties import Property
    from hr4you.contract.draft.schema import Schema

_PLAIN_ID: Final = 0.35
_IN_GET_PATH: Final = 0.6
_FIRST: Final = 0.15
_LIST_NAME: Final = 0.75
_LIST_PARTS: Final = 0.6
_SCALARS: Final = 0.95  # one list of objects says more than several single values
_NO_KEY: Final = 0.6  # the label stands in for it
_KINDS: Final = ("private", "work", "mobile")
_MOST_OTHERS: Final = 3

Proposals = dict["Place", Proposal]


def place_fields(resource: str, item: Schema, hole: str = "") -> Proposals:
    """Return what is proposed for a resource's fields, each at its place below the resource.

    Args:
        resource: its name in the contract.
        item: what its objects look like.
        hole: the name in braces of the path that gets one object; it often is called as the id.
    """
    found = properties_of(item)
    scalars = [each for each in found if each.is_scalar]
    texts, locations = text_slots(resource), location_slots(resource)
    slots: dict[Place, Slot] = {_place(name): slot for name, slot in texts.items()}
    slots |= {("fields", "location", name): slot for name, slot in locations.items()}
    lists = _place_lists(resource, found)
    custom, inside = _custom_fields(found) if resource in {"jobs", "candidates", "applications"} else (None, ())
    used = {path for proposal in lists.values() for path in proposal[1]} | set(inside)
    pairs = {
        place: _id_candidates(scalars, slot, hole) if place == ("id",) else best_of(_free(scalars, used), slot)
        for place, slot in slots.items()
    }
    placed = assign(pairs)
    placed |= {("fields", name): proposal for name, (proposal, _) in lists.items()}
    if custom is not None:
        placed["custom_fields",] = custom
    return placed


def _place(name: str) -> Place:
    return (name,) if name in {"id", "changed_at"} else ("fields", name)


def _free(found: Iterable[Property], used: set[tuple[str | int, ...]]) -> list[Property]:
    """Those that are not inside a list which has its own meaning."""
    return [each for each in found if not any(each.path[: len(path)] == path for path in used)]


def assign(candidates: Mapping[Place, list[Scored[Property]]]) -> Proposals:
    """Give each value to one place at most, the surest first; where two values are close for a place, choose none."""
    ranked = sorted(
        ((each.confidence, place, each.value) for place, listed in candidates.items() for each in listed),
        key=lambda each: (-each[0], each[2].position),
    )
    best: dict[int, tuple[float, Place]] = {}
    for confidence, place, value in ranked:
        best.setdefault(value.position, (confidence, place))
    placed: Proposals = {}
    taken: set[int] = set()
    others: defaultdict[Place, list[Scored[Any]]] = defaultdict(list)
    for confidence, place, value in ranked:
        if value.position in taken or confidence < MENTIONED:
            continue
        if place in placed or confidence < LEAST:
            others[place].append(Scored(value.text, confidence))
            continue
        rivals = [
            each
            for each in candidates[place]
            if each.value is not value
            and each.value.position not in taken
            and each.confidence > confidence - CLOSE
            and best[each.value.position][1] == place
            and not _says_the_same(value, each.value)
        ]
        if rivals:
            placed[place] = Proposal(None, confidence, is_close=True)
            others[place].append(Scored(value.text, confidence))
        else:
            placed[place] = Proposal(value.text, confidence)
            taken.add(value.position)
    for place in candidates:
        proposal = placed.setdefault(place, Proposal(None, 0.0))
        proposal.others = others[place][:_MOST_OTHERS]
    return placed


def _says_the_same(one: Property, other: Property) -> bool:
    """Whether two values are one: ``jobId`` and ``job.id``; the first in the document is as good as the other."""
    meanings = [{known for _, known in (*each.around, *each.own)} for each in (one, other)]
    return meanings[0] == meanings[1] and len(one.path) != len(other.path)


def _id_candidates(found: Iterable[Property], slot: Slot, hole: str) -> list[Scored[Property]]:
    """The values that may be the object's own id: those at its top, and what the path calls it."""
    candidates = []
    for each in found:
        if len(each.path) > 1 and len(each.own) != 1:
            continue
        base = score(each, slot)
        strengths = [base]
        if base and any(part == "id" for part, _ in each.own):
            strengths.append(_PLAIN_ID)
        if base and hole and (hole.lower() == str(each.path[-1]).lower()):
            strengths.append(_IN_GET_PATH)
        if base and each.position == 0:
            strengths.append(_FIRST)
        if base and len(each.path) > 1:
            continue
        candidates.append(Scored(each, together(strengths)))
    return sorted(candidates, key=lambda each: -each.confidence)


# --- lists -------------------------------------------------------------------------------------------------------


def _place_lists(resource: str, found: Iterable[Property]) -> dict[str, tuple[Proposal, list[tuple[str | int, ...]]]]:
    """For each list of the unified model what is proposed, and the values it takes."""
    table = tables()[resource]
    found = list(found)
    placed: dict[str, _Option] = {}
    for name, raw in table.get("lists", {}).items():
        slot = Slot.from_table(raw, table.get("near", ()))
        options = [*_lists_of_objects(found, slot, part_slots(raw)), *_lists_of_texts(found, slot, raw)]
        single = _from_scalars(found, slot, raw)
        options += [single] if single is not None else []
        options.sort(key=lambda each: -each[0].confidence)
        best = next((each for each in options if each[0].confidence >= LEAST), None)
        if best is None:
            others = [Scored(proposal.value, proposal.confidence) for proposal, _ in options]
            placed[name] = (Proposal(None, 0.0, others[:_MOST_OTHERS]), [])
            continue
        best[0].others = [Scored(each[0].value, each[0].confidence) for each in options if each is not best][
            :_MOST_OTHERS
        ]
        placed[name] = best
    return placed


_Option = tuple[Proposal, list[tuple["str | int", ...]]]


def _lists_of_objects(found: Iterable[Property], slot: Slot, parts: Mapping[str, Slot]) -> Iterable[_Option]:
    main = next(iter(parts))
    for each in found:
        items = each.schema.items
        if 0 in each.path or items is None or not items.is_object:
            continue
        named = name_score(each.own, each.around, slot)
        placed = _parts_of(items, parts) if named else {}  # most lists are other lists: looking into them costs
        if main not in placed:
            continue
        confidence = together((_LIST_NAME * named, _LIST_PARTS * placed[main].confidence))
        value = {"each": each.text, **_as_parts(placed, parts)}
        yield Proposal(value, confidence), [each.path]


def _parts_of(items: Schema, parts: Mapping[str, Slot]) -> dict[str, Proposal]:
    inside = [each for each in properties_of(items) if each.is_scalar or "value" in parts]
    placed = assign({(name,): best_of(inside, slot) for name, slot in parts.items()})
    return {str(place[0]): proposal for place, proposal in placed.items() if proposal.value is not None}


def _as_parts(placed: Mapping[str, Proposal], parts: Mapping[str, Slot]) -> dict[str, Any]:
    return {name: placed[name].value if name in placed else None for name in parts}


def _lists_of_texts(found: Iterable[Property], slot: Slot, raw: Mapping[str, Any]) -> Iterable[_Option]:
    main, *rest = raw["parts"]
    for each in found:
        items = each.schema.items
        if 0 in each.path or not each.schema.is_list or items is None or items.is_object or "object" in items.types:
            continue
        named = name_score(each.own, each.around, slot)
        if named:
            value = {"each": each.text, main: "@", **dict.fromkeys(rest)}
            yield Proposal(value, together((_LIST_NAME * named, _SCALARS / 2))), [each.path]


def _from_scalars(found: Iterable[Property], slot: Slot, raw: Mapping[str, Any]) -> _Option | None:
    """One list of several single values: ``telefon`` and ``mobil``."""
    scored = [
        (each, score(each, slot))
        for each in found
        if each.is_scalar and 0 not in each.path and "boolean" not in each.schema.types
    ]
    good = [(each, confidence) for each, confidence in scored if confidence >= LEAST]
    if not good:
        return None
    main, *rest = raw["parts"]
    value: dict[str, Any]
    texts = [jmespath_of(each.path) for each, _ in good]
    kinds = [next((kind for _, known in each.own for kind in _KINDS if kind in known), "") for each, _ in good]
    if "type" in rest and any(kinds):
        elements = [
            f"{{value: {text}, type: '{_word_of(each, kind)}'}}" if kind else f"{{value: {text}}}"
            for (each, _), text, kind in zip(good, texts, kinds, strict=True)
        ]
        value = {"each": f"[{', '.join(elements)}]", main: "value", **dict.fromkeys(rest)}
        value["type"] = "type"
    else:
        value = {"each": f"[{', '.join(texts)}]", main: "@", **dict.fromkeys(rest)}
    return Proposal(value, max(confidence for _, confidence in good) * _SCALARS), [each.path for each, _ in good]


def _word_of(each: Property, kind: str) -> str:
    return next(word for word, known in each.own if kind in known)


def _custom_fields(found: Iterable[Property]) -> tuple[Proposal, list[tuple[str | int, ...]]]:
    """The list of the tenant's own fields."""
    raw = tables()["custom_fields"]
    slot = Slot.from_table(raw)
    parts = part_slots(raw)
    options: list[_Option] = []
    for each in found:
        items = each.schema.items
        if 0 in each.path or items is None or not items.is_object:
            continue
        named = name_score(each.own, each.around, slot)
        placed = _parts_of(items, parts) if named else {}
        if "value" not in placed or not {"key", "label"} & set(placed):
            continue
        strengths = [
            _LIST_NAME * named,
            *(_LIST_PARTS * placed[name].confidence for name in ("key", "value") if name in placed),
        ]
        confidence = together(strengths) if "key" in placed else _NO_KEY
        placed.setdefault("key", placed.get("label", placed["value"]))
        options.append((Proposal({"each": each.text, **_as_parts(placed, parts)}, confidence), [each.path]))
    options.sort(key=lambda each: -each[0].confidence)
    if not options or options[0][0].confidence < LEAST:
        return Proposal(None, 0.0, [Scored(each[0].value, each[0].confidence) for each in options][:_MOST_OTHERS]), []
    options[0][0].others = [Scored(each[0].value, each[0].confidence) for each in options[1:]][:_MOST_OTHERS]
    return options[0]
