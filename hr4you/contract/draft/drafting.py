"""From an OpenAPI document to a contract: what each entry is proposed to be, how sure that is, and what is missing."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from hr4you.contract.document import Document
from hr4you.contract.draft.actions import Actions
from hr4you.contract.draft.common import place_api
from hr4you.contract.draft.entries import ResourceEntries
from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.resources import Found, find_resources, local_words
from hr4you.contract.draft.words import using, vocabulary
from hr4you.contract.fields import RESOURCES
from hr4you.contract.loader import load_document
from hr4you.contract.merge import fill_pagination, merge
from hr4you.contract.model import LOOKUPS, Contract
from hr4you.contract.yaml_text import inline

if TYPE_CHECKING:
    from hr4you.contract.document import Place
    from hr4you.contract.draft.openapi import OpenAPI

_WORDS: Final = 0.8  # what an enum's value stands for


@dataclass
class Draft:
    """A drafted contract.

    Attributes:
        entries: place in the contract -> what is proposed, in the order of the file.
        notes: what was not found or is for a person to settle, a line each.
        resources: where each was found.
    """

    entries: dict[Place, Proposal] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    resources: dict[str, Found] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The contract's data: an override that says everything the default does too."""
        data: dict[str, Any] = {"version": 1}
        for place, proposal in self.entries.items():
            node = data
            for key in place[:-1]:
                node = node.setdefault(str(key), {})
            node[str(place[-1])] = proposal.value
        return data


def draft(api: OpenAPI, *, credentials: frozenset[str] = frozenset(), docs: str | None = None) -> Draft:
    """Draft a contract.

    Args:
        api: the tenant's document, perhaps with answers that were seen (`observed`).
        credentials: names of the settings that are given, which tell of several authentications the one that is meant.
        docs: the path under which the tenant shows its reference.
    """
    found = find_resources(api)
    local = local_words(found)
    with using(vocabulary().with_local(local)):
        return _draft(api, find_resources(api) if local else found, credentials, docs)


def _draft(api: OpenAPI, found: dict[str, Found], credentials: frozenset[str], docs: str | None) -> Draft:
    drafter = ResourceEntries(api, found)
    for name in RESOURCES:
        drafter.resource(name)
    drafter.lookups()
    learnt = drafter.references()
    common, notes = place_api(
        api,
        found,
        records_of_gets=[record for record in drafter.records.values() if record is not None],
        time_formats=drafter.time_formats,
        credentials=credentials,
        docs=docs,
    )
    drafter.lists(common)
    actions = Actions(api, found)
    with using(vocabulary().with_local(learnt)):
        placed = actions.place()
    result = Draft(dict(common), [*drafter.notes, *notes], found)
    order = [*RESOURCES, *LOOKUPS]
    result.entries |= dict(sorted(drafter.entries.items(), key=lambda each: order.index(str(each[0][1]))))
    for name, proposal in placed.items():
        result.entries["actions", name] = proposal
        if proposal.value is None and name not in actions.notes:
            result.notes.append(f"actions.{name}: the document has no call for it.")
        result.notes += [f"actions.{name}: {note}." for note in actions.notes.get(name, ())]
    for name, words in {**drafter.words, **actions.words}.items():
        for unified, listed in words.items():
            result.entries["vocabularies", name, unified] = Proposal(listed, _WORDS)
    _take_out_what_does_not_load(result)
    return result


def merged(drafted: Draft) -> Document:
    """The draft merged into the default; an `id` that was not found is the default's."""
    data = drafted.data()
    for resource in data.get("resources", {}).values():
        if isinstance(resource, dict) and resource.get("id", "") is None:
            del resource["id"]
    return merge(load_document(), Document(data, {}))


def _take_out_what_does_not_load(result: Draft) -> None:
    """Take out, in place, what a document may say and a contract cannot: odd addresses, headers, parents."""
    for _ in range(len(result.entries)):
        data = copy.deepcopy(merged(result).data)
        fill_pagination(data)
        try:
            Contract.model_validate(data)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            place = _entry_at(fault["loc"], result)
            if place is None:
                return
            _take_out(result, place, str(fault["msg"]))
        else:
            return


def _entry_at(loc: tuple[int | str, ...], result: Draft) -> Place | None:
    """The entry that a fault is about; the model knows steps on the way that the file does not have."""

    def is_within(place: Place) -> bool:
        steps = iter(map(str, loc))
        return all(str(part) in steps for part in place if part != "resources")

    return max(filter(is_within, result.entries), key=len, default=None)


def _take_out(result: Draft, place: Place, why: str) -> None:
    where = ".".join(map(str, place))
    value = inline(result.entries[place].value)
    result.notes.append(f"{where}: the document has {value}, which a contract cannot hold: {why}.")
    is_needed = place[0] == "resources" and place[2:] in {("list",), ("id",)}
    for each in [each for each in result.entries if each == place or (is_needed and each[:2] == place[:2])]:
        del result.entries[each]
    if is_needed:
        result.resources.pop(str(place[1]), None)
