"""The slots of each resource, as fields.yml and the default contract's vocabularies give them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from hr4you.contract.draft.matching import Slot, tables
from hr4you.contract.loader import load_contract

MEANING: Final = {
    "users": "user",
    "jobs": "job",
    "candidates": "person",
    "application_stages": "stage",
    "applications": "application",
    "sources": "source",
    "custom_field_definitions": "field",
}
"""What a resource is called, as a meaning of words.yml."""


@lru_cache(maxsize=16)
def text_slots(resource: str) -> dict[str, Slot]:
    """The slots of a resource's single values: ``id``, ``changed_at`` and its fields."""
    table = tables()[resource]
    near = (*table.get("near", ()), MEANING[resource])
    slots = {
        "id": Slot.from_table(tables()["id"], near=(MEANING[resource],)),
        "changed_at": Slot.from_table(tables()["changed_at"], near=near),
    }
    for name, raw in table.get("fields", {}).items():
        slots[name] = _reference(raw, near) if "ref" in raw else Slot.from_table(raw, near, words_of(raw))
    return slots


@lru_cache(maxsize=16)
def location_slots(resource: str) -> dict[str, Slot]:
    """The slots of a resource's location; empty where it has none."""
    table = tables()[resource]
    raw = table.get("location")
    if raw is None:
        return {}
    shared = {key: raw.get(key, ()) for key in ("near", "home", "unlike")}
    near = (*table.get("near", ()), *shared["near"])
    return {
        name: Slot.from_table(
            {**part, "home": shared["home"], "unlike": (*shared["unlike"], *part.get("unlike", ()))},
            (*near, *part.get("near", ())),
        )
        for name, part in raw["parts"].items()
    }


def part_slots(raw: dict[str, Any]) -> dict[str, Slot]:
    """The slots of the elements of a list."""
    return {name: Slot.from_table(part, raw.get("near", ())) for name, part in raw["parts"].items()}


def _reference(raw: dict[str, Any], near: tuple[str, ...]) -> Slot:
    """A reference to another resource: ``jobId``, ``job.id``, ``job``."""
    meaning = MEANING[raw["ref"]]
    names = {f"{meaning} id": 1.0, meaning: 0.8, **raw.get("names", {})}
    return Slot.from_table({**raw, "names": names, "types": ("integer", "string")}, near)


def words_of(raw: dict[str, Any]) -> list[str]:
    """The words that the default contract's vocabulary knows."""
    vocabulary = load_contract().vocabularies.get(raw.get("words", ""), {})
    return [word for unified, words in vocabulary.items() for word in (unified, *words)]
