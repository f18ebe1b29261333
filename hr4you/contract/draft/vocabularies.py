"""What the values of an enum stand for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hr4you.contract.document import read_document
from hr4you.contract.loader import load_contract
from hr4you.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLE: Final = Path(__file__).with_name("vocabulary.yml")

FIELD_OF: Final = {
    "status": ("jobs", "status"),
    "visibility": ("jobs", "visibility"),
    "employment_type": ("jobs", "employment_type"),
    "outcome": ("applications", "outcome"),
}
"""The vocabularies of fields that are read."""


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    """Vocabulary -> folded word -> unified word."""
    given = read_document(_TABLE, _TABLE.name).data
    return {
        name: {fold(str(word)): unified for unified, listed in words.items() for word in listed}
        for name, words in given.items()
    }


def sort_words(vocabulary: str, values: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the words that the default contract does not have, by what they stand for, and those nobody knows.

    Args:
        vocabulary: its name in the contract.
        values: as on the wire.
    """
    default = load_contract().vocabularies.get(vocabulary, {})
    known = {fold(word) for unified, words in default.items() for word in (unified, *words)}
    new: dict[str, list[str]] = {}
    unknown = []
    for value in dict.fromkeys(values):
        folded = fold(value)
        if folded in known:
            continue
        unified = _table()[vocabulary].get(folded)
        if unified is None:
            unknown.append(value)
        else:
            new.setdefault(unified, []).append(value)
    return new, unknown


def written_words(vocabulary: str, values: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the word to send for each unified word, and the unified words for which the enum has none."""
    default = load_contract().vocabularies[vocabulary]
    table = _table()[vocabulary] | {
        fold(word): unified for unified, words in default.items() for word in (unified, *words)
    }
    found: dict[str, list[str]] = {}
    for value in dict.fromkeys(values):
        unified = table.get(fold(value))
        if unified is not None and unified not in found:
            found[unified] = [value]
    return found, [unified for unified in default if unified not in found]
