"""What is proposed for the entries of each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.calls import (
    find_get,
    model_params,
    place_list,
    place_select,
    place_since,
    record_at,
    unknown_params,
)
from hr4you.contract.draft.evidence import LEAST, Proposal
from hr4you.contract.draft.fields import assign, place_fields
from hr4you.contract.draft.matching import best_of, tables
from hr4you.contract.draft.properties import properties_of
from hr4you.contract.draft.references import find_references
from hr4you.contract.draft.schema import Schema
from hr4you.contract.draft.slots import part_slots
from hr4you.contract.draft.times import told_format
from hr4you.contract.draft.vocabularies import FIELD_OF, sort_words
from hr4you.contract.draft.words import meanings_of
from hr4you.contract.fields import FIELDS, RESOURCES
from hr4you.contract.model import LOOKUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract.document import Place
    from hr4you.contract.draft.openapi import OpenAPI, Operation
    from hr4you.contract.draft.resources import Found

_VOLATILE: Final = 0.75


class ResourceEntries:
    """Gathers the entries below ``resources``: `resource` for each of the five, then `lookups`, `references`, `lists`.

    Attributes:
        entries: of the contract.
        notes: what was not found, a line each.
        records: where the object is in the answer for one, by resource; None where nobody says.
        time_formats: how times of change are written.
        words: what the values of enums stand for: vocabulary -> unified word -> words.
    """

    def __init__(self, api: OpenAPI, found: dict[str, Found]) -> None:
        self._api = api
        self._found = found
        self.entries: dict[Place, Proposal] = {}
        self.notes: list[str] = []
        self.records: dict[str, str | None] = {}
        self.time_formats: list[str] = []
        self.words: dict[str, dict[str, list[str]]] = {}
        self._below: dict[str, dict[Place, Proposal]] = {}
        self._items: dict[str, Schema | None] = {}

    def resource(self, name: str) -> None:
        """Add what is proposed for one of the five."""
        found = self._found.get(name)
        if found is None:
            self._note(name, "", "not found in the document. What the default says of it stays, which is a guess")
            return
        below: dict[Place, Proposal] = {("list",): Proposal(None)}
        get, operation = find_get(self._api, found)
        item = self._item(found, operation)
        fields = (
            place_fields(name, item, operation.holes[0] if operation is not None else "") if item is not None else {}
        )
        if item is None:
            self._note(
                name, "", "the document does not say what its objects look like; with credentials a page is looked at"
            )
        below["get",] = get
        below |= fields
        self._calls(name, found, below, item)
        self.records[name] = record_at(operation, str(below["id",].value or "")) if ("id",) in below else None
        self._note_words(name, below, item)
        self._note_types(below, item)
        for proposal in below.values():  # an entry is not surer than that this is the resource
            proposal.confidence = min(proposal.confidence, found.confidence)
        self._below[name] = below
        self._items[name] = item

    def references(self) -> dict[str, str]:
        """Add what the values tell of references, close the resources' entries; return what words stand for."""
        ids = {name: self._ids(name) for name in self._below}
        below, item = self._below.get("applications"), self._items.get("applications")
        learnt = find_references(below, item, ids) if below is not None and item is not None else {}
        for name, proposals in self._below.items():
            for place in (("id",), ("fields", "job_id"), ("fields", "candidate_id")):
                is_told = place[-1] == "candidate_id" and self._found[name].parent == "candidates"
                if place in proposals and proposals[place].value is None and not is_told:
                    self._note(name, ".".join(map(str, place)), _why(proposals[place]))
            self._tell_whole_name(name, proposals)
            self.entries |= {("resources", name, *place): each for place, each in _in_order(name, proposals).items()}
        return learnt

    def _tell_whole_name(self, name: str, below: dict[Place, Proposal]) -> None:
        first, last = below.get(("fields", "first_name")), below.get(("fields", "last_name"))
        if first is not None and last is not None and first.value is None and last.value is not None:
            self._note(
                name, "fields.last_name", f"`{last.value}` is the only name found, perhaps the whole name of a person"
            )

    def _ids(self, name: str) -> frozenset[str]:
        schema = self._schema_at(self._items[name], self._below[name].get(("id",)))
        return frozenset(str(value) for value in schema.examples) if schema is not None else frozenset()

    def _note(self, name: str, key: str, text: str) -> None:
        self.notes.append(f"resources.{name}{'.' + key if key else ''}: {text}.")

    def _item(self, found: Found, operation: Operation | None) -> Schema | None:
        """What the objects look like: as the list says, and the answer for one of the same keys."""
        answer = operation.answer if operation is not None else None
        one = answer
        if answer is not None and answer.is_object and len(answer.properties) == 1:
            one = next(iter(answer.properties.values()))
        if found.item is None or one is None:
            return found.item or (one if one is not None and one.is_object else None)
        told = {name: [schema.raw] for name, schema in found.item.properties.items()}
        for name, schema in one.properties.items():
            if name in told:
                told[name].append(schema.raw)
        return Schema(self._api.data, {"properties": {name: {"allOf": parts} for name, parts in told.items()}})

    def _calls(self, name: str, found: Found, below: dict[Place, Proposal], item: Schema | None) -> None:
        changed_at = self._schema_at(item, below.get(("changed_at",)))
        said = told_format(changed_at) if changed_at is not None else None
        self.time_formats += [said] if said else []
        id_text = below["id",].value if ("id",) in below else None
        since, select, only = Proposal(None), Proposal(None), Proposal(None)
        if found.call is not None:
            since, notes = place_since(found.call.operation, changed_at)
            for note in notes:
                self._note(name, "changed_since", note)
            select, only = place_select(found.call.operation, id_text)
            unknown = unknown_params(found.call.operation)
            if unknown:
                self._note(name, "list", f"required, and nothing is known for it: {', '.join(unknown)}")
        below["changed_since",], below["select",], below["only_ids",] = since, select, only
        volatile = self._volatile(name, item)
        if volatile.value is not None or name == "candidates":  # of which the default names some
            below["volatile",] = volatile

    def _volatile(self, name: str, item: Schema | None) -> Proposal:
        """Keys that say nothing of a change: resources inside this one, and when somebody looked at it."""
        inside = [each.inside for each in self._found.values() if each.parent == name and each.call is None]
        looked = [
            str(each.path[0])
            for each in (properties_of(item) if item is not None else ())
            if len(each.path) == 1 and each.is_scalar and {"view", "at"} <= meanings_of(each.own)
        ]
        return Proposal([*inside, *looked] or None, _VOLATILE)

    def _schema_at(self, item: Schema | None, proposal: Proposal | None) -> Schema | None:
        if item is None or proposal is None or proposal.value is None:
            return None
        return next((each.schema for each in properties_of(item) if each.text == proposal.value), None)

    def _note_words(self, name: str, below: dict[Place, Proposal], item: Schema | None) -> None:
        """Sort the values of enums into the vocabularies."""
        for words_name, (resource, field_name) in FIELD_OF.items():
            schema = self._schema_at(item, below.get(("fields", field_name))) if resource == name else None
            if schema is None or not schema.enum:
                continue
            words, unknown = sort_words(words_name, schema.enum)
            if words:
                self.words[words_name] = words
            if unknown:
                self.notes.append(
                    f"vocabularies.{words_name}: what do these words of the tenant stand for? {', '.join(unknown)}."
                )

    def _note_types(self, below: dict[Place, Proposal], item: Schema | None) -> None:
        """Sort what the tenant calls the types of its own fields into the vocabulary."""
        custom = below["custom_fields",].value if ("custom_fields",) in below else None
        if item is None or custom is None:
            return
        listed = next((each for each in properties_of(item) if each.text == custom["each"]), None)
        if listed is None or listed.schema.items is None or not custom["type"]:
            return
        schema = listed.schema.items.properties.get(custom["type"])
        given = schema.enum or tuple(map(str, schema.examples)) if schema is not None else ()
        for unified, words in sort_words("value_type", given)[0].items():
            known = self.words.setdefault("value_type", {}).setdefault(unified, [])
            known += [word for word in words if word not in known]

    def lists(self, common: Mapping[Place, Proposal]) -> None:
        """Say where the lists are, now that it is known what they have in common."""
        records = str(common["api", "records"].value) if ("api", "records") in common else ""
        paging = common["api", "pagination"].value if ("api", "pagination") in common else {}
        record = str(common["api", "record"].value) if ("api", "record") in common else ""
        for name, found in self._found.items():
            proposal = place_list(found, records, paging)
            if name in RESOURCES:
                self.entries["resources", name, "list"] = proposal
                own = self.records.get(name)
                if own is not None and own != record:
                    self.entries["resources", name, "record"] = Proposal(own, proposal.confidence)
            elif found.call is not None:
                value = proposal.value if isinstance(proposal.value, dict) else {"path": proposal.value}
                params = model_params(found.call.operation) if name == "custom_field_definitions" else {}
                proposal.value = (
                    {**value, **({"params": params} if params else {})} if len(value) > 1 or params else proposal.value
                )
                self.entries["resources", name, "list"] = proposal

    def lookups(self) -> None:
        """Add sources and definitions of the tenant's own fields; null where the document has none."""
        for name in LOOKUPS:
            found = self._found.get(name)
            slots = part_slots(tables()[name])
            inside = properties_of(found.item) if found is not None and found.item is not None else ()
            pairs: dict[Place, list[Any]] = {
                (part,): best_of([each for each in inside if each.is_scalar], slot) for part, slot in slots.items()
            }
            placed = assign(pairs)
            if found is None or placed["label",].value is None or placed[next(iter(slots)),].value is None:
                self._found.pop(name, None)
                self.entries["resources", name] = Proposal(None)
                continue
            self.entries["resources", name, "list"] = Proposal(None)
            self.entries |= {("resources", name, *place): proposal for place, proposal in placed.items()}


_ORDER = (
    "list",
    "get",
    "record",
    "id",
    "changed_at",
    "changed_since",
    "select",
    "only_ids",
    "volatile",
    "fields",
    "custom_fields",
)


def _in_order(name: str, below: dict[Place, Proposal]) -> dict[Place, Proposal]:
    """The entries of a resource in the order of the format, its fields in that of the model."""
    fields = list(FIELDS[name])

    def rank(place: Place) -> tuple[int, int]:
        return _ORDER.index(str(place[0])), fields.index(str(place[1])) if place[0] == "fields" else 0

    return dict(sorted(below.items(), key=lambda each: rank(each[0])))


def _why(proposal: Proposal) -> str:
    if proposal.is_close:
        return "several values are equally likely: " + ", ".join(f"`{each.value}`" for each in proposal.others)
    if proposal.others and proposal.others[0].confidence < LEAST:
        return f"not found; perhaps `{proposal.others[0].value}`"
    return "not found"
