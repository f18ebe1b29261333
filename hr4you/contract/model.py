"""The contract as a whole: what a tenant's API looks like, checked and compiled."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

from pydantic import Field, field_validator, model_validator

from hr4you.contract.actions import Action
from hr4you.contract.api import Api, Pagination
from hr4you.contract.base import Model, Texts, fault, nearest, one_of
from hr4you.contract.expressions import Expression
from hr4you.contract.fields import OUTCOME_SOURCES, READ_WORDS, RESOURCES, WORDS
from hr4you.contract.resource import CustomFieldDefinitions, Listing, Lookup, Resource, Sources
from hr4you.text import fold

ACTIONS: Final = (
    "create_candidate",
    "create_application",
    "add_attachment_to_application",
    "add_result_link_to_application",
    "add_note_to_application",
    "add_attachment_to_candidate",
)
LOOKUPS: Final = ("sources", "custom_field_definitions")


class Contract(Model):
    """What a tenant's API looks like.

    Attributes:
        resources: the five, by the names of their streams.
        sources: None where the tenant lists none.
        custom_field_definitions: None where the tenant lists none.
        vocabularies: vocabulary, unified word, the tenant's words for it, the first of which is written.
        outcome_sources: where an application's outcome is looked for, in this order.
    """

    hidden: ClassVar[frozenset[str]] = frozenset((*LOOKUPS, "outcome_sources"))

    version: Literal[1]
    api: Api
    resources: dict[str, Resource]
    sources: Sources | None = None
    custom_field_definitions: CustomFieldDefinitions | None = None
    actions: dict[str, Action] = Field(default_factory=dict)
    vocabularies: dict[str, dict[str, Texts]] = Field(default_factory=dict)
    outcome_sources: Texts = ("status", "stage_name")

    @model_validator(mode="before")
    @classmethod
    def _from_file(cls, data: Any) -> Any:
        """Lift out of `resources` and `vocabularies` what is of another kind than their other keys."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(data.get("resources"), dict):
            resources = {
                key: {**value, "name": key} if isinstance(value, dict) else value
                for key, value in data["resources"].items()
            }
            for key in LOOKUPS:
                lookup = resources.pop(key, None)
                if isinstance(lookup, dict):
                    lookup.pop("name")
                data[key] = lookup
            data["resources"] = resources
        vocabularies = data.get("vocabularies")
        if isinstance(vocabularies, dict) and isinstance(vocabularies.get("outcome"), dict):
            outcome = dict(vocabularies["outcome"])
            data["outcome_sources"] = outcome.pop("sources", ["status", "stage_name"])
            data["vocabularies"] = {**vocabularies, "outcome": outcome}
        return data

    @field_validator("version", mode="before")
    @classmethod
    def _check_version(cls, version: Any) -> Any:
        if version != 1:
            raise ValueError("expected 1, the only version of this format")
        return version

    @field_validator("resources", mode="before")
    @classmethod
    def _check_resources(cls, resources: Any) -> Any:
        if not isinstance(resources, dict):
            raise ValueError(f"expected a mapping with {one_of(RESOURCES)}")  # noqa: TRY004  # pydantic wants ValueError
        for name in resources:
            if name not in RESOURCES:
                known = (*RESOURCES, *LOOKUPS)
                raise fault(f"unknown resource `{name}`{nearest(name, known)}; expected {one_of(known)}", name)
        for name in RESOURCES:
            if name not in resources:
                raise fault(f"the resource `{name}` is missing; to leave a stream out, deselect it", name)
        return resources

    @model_validator(mode="after")
    def _check(self) -> "Contract":
        for name, resource in self.resources.items():
            parent = resource.list.parent
            if parent is not None and (parent == name or self.resources[parent].list.parent is not None):
                key = "nested_in" if resource.list.nested_in else "per"
                raise fault("expected a resource with a list of its own", "resources", name, "list", key)
        for name in self.actions:
            if name not in ACTIONS:
                raise fault(
                    f"unknown action `{name}`{nearest(name, ACTIONS)}; expected {one_of(ACTIONS)}", "actions", name
                )
        for source in self.outcome_sources:
            if source not in OUTCOME_SOURCES:
                raise fault(f"unknown source `{source}`; expected some of {one_of(OUTCOME_SOURCES)}", "outcome_sources")
        self._check_words()
        return self

    def _check_words(self) -> None:
        for name, words in self.vocabularies.items():
            if name not in WORDS:
                raise fault(
                    f"unknown vocabulary `{name}`{nearest(name, WORDS)}; expected {one_of(WORDS)}", "vocabularies", name
                )
            for word in words:
                known = WORDS[name]
                if known and word not in known:
                    raise fault(
                        f"unknown word `{word}`{nearest(word, known)}; expected {one_of(known)}, each with the "
                        "tenant's words for it",
                        "vocabularies",
                        name,
                        word,
                    )
            _refuse_doubles(name, words)

    @property
    def lookups(self) -> dict[str, Lookup]:
        """The short lists to look something up in that the tenant has, by their names."""
        given = {"sources": self.sources, "custom_field_definitions": self.custom_field_definitions}
        return {name: lookup for name, lookup in given.items() if lookup is not None}

    @property
    def listings(self) -> list[Listing]:
        """Where all lists are, those to look something up in too."""
        return [each.list for each in self.resources.values()] + [each.list for each in self.lookups.values()]

    def pagination_of(self, listing: Listing) -> Pagination:
        """How a list is paged: its own way, or the API's."""
        return listing.pagination or self.api.pagination

    def records_of(self, listing: Listing) -> Expression:
        """Where the list is in an answer."""
        return listing.records or self.api.records

    def record_of(self, resource: Resource) -> Expression:
        """Where the object is in the answer to the resource's ``get``."""
        return resource.record or self.api.record

    @property
    def uses_naive_times(self) -> bool:
        """Whether some times lack an offset, so that one hour of the year comes twice."""
        filters = (resource.changed_since for resource in self.resources.values())
        return self.api.naive_times or any(since is not None and since.is_naive for since in filters)

    def fingerprint(self, stream: str) -> str:
        """16 hex digits over what decides how a stream's records look and which there are.

        The words that are only written, comments, provenance and the order of keys don't count. Keys at their default
        don't count either, so that a release that adds a key does not make every tenant be read anew.
        """
        resource = self.resources[stream]
        parts: dict[str, Any] = {
            "resource": _dump(resource),
            "timezone": self.api.timezone,
            "vocabularies": {name: self.vocabularies.get(name, {}) for name in READ_WORDS.get(stream, ())},
        }
        if resource.list.parent is not None:
            parent = _dump(self.resources[resource.list.parent])
            parts["parent"] = {key: parent.get(key) for key in ("list", "id")}
        if stream == "applications":
            parts["outcome_sources"] = self.outcome_sources
            if "stage_name" in self.outcome_sources:
                stages = _dump(self.resources["application_stages"])
                parts["stages"] = {key: stages.get(key) for key in ("list", "id", "fields")}
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _dump(resource: Resource) -> dict[str, Any]:
    return resource.model_dump(mode="json", exclude={"provenance"}, exclude_defaults=True)


def _refuse_doubles(vocabulary: str, words: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a tenant's word that stands for two unified words: which of them is meant?"""
    meanings: dict[str, str] = {}
    for word, spellings in words.items():
        for spelling in spellings:
            if meanings.setdefault(fold(spelling), word) != word:
                first = meanings[fold(spelling)]
                raise fault(f"`{spelling}` stands under `{first}` already", "vocabularies", vocabulary, word)
