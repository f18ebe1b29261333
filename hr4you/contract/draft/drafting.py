"""From an OpenAPI document to a contract: what each entry is proposed to be, how sure that is, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hr4you.contract.draft.actions import Actions
from hr4you.contract.draft.common import place_api
from hr4you.contract.draft.entries import ResourceEntries
from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.resources import Found, find_resources, local_words
from hr4you.contract.draft.words import using, vocabulary
from hr4you.contract.fields import RESOURCES

if TYPE_CHECKING:
    from hr4you.contract.document import Place
    from hr4you.contract.draft.openapi import OpenAPI

_PLACED_LEAST = 0.8  # a resource whose fields are named with this confidence on average


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
    with using(vocabulary().with_local(local_words(find_resources(api)))):
        return _draft(api, credentials, docs)


def _draft(api: OpenAPI, credentials: frozenset[str], docs: str | None) -> Draft:
    found = find_resources(api)
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
    order = [*RESOURCES, "sources", "custom_field_definitions"]
    result.entries |= dict(sorted(drafter.entries.items(), key=lambda each: order.index(str(each[0][1]))))
    for name, proposal in placed.items():
        result.entries["actions", name] = proposal
        if proposal.value is None and name not in actions.notes:
            result.notes.append(f"actions.{name}: the document has no call for it.")
        result.notes += [f"actions.{name}: {note}." for note in actions.notes.get(name, ())]
    for name, words in {**drafter.words, **actions.words}.items():
        for unified, listed in words.items():
            result.entries["vocabularies", name, unified] = Proposal(listed, _PLACED_LEAST)
    return result
