"""What the values of an enum stand for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hr4you.contract.document import read_document
from hr4you.contract.loader import load_contract
from hr4you.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TABLE: Final = Path(__file__).with_name("vocabulary.yml")

_PART: Final = 5
_BEGINNING: Final = 3

FIELD_OF: Final = {
    "status": ("jobs", "status"),
    "visibility": ("jobs", "visibility"),
    "employment_type": ("jobs", "employment_type"),
    "outcome": ("applications", "outcome"),
}
"""The vocabularies of fields that are read."""


def read_vocabulary() -> dict[str, dict[str, list[str]]]:
    """What vocabulary.yml holds."""
    return read_document(TABLE, TABLE.name).data


@lru_cache(maxsize=1)
def known_words() -> dict[str, dict[str, str]]:
    """Vocabulary -> folded word -> unified word."""
    return {
        name: {fold(str(word)): unified for unified, listed in words.items() for word in listed}
        for name, words in read_vocabulary().items()
    }


def sort_words(name: str, values: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the words that the default contract does not have, by what they stand for, and those nobody knows.

    Args:
        name: of the vocabulary.
        values: as on the wire.
    """
    known, table = _default(name), _all(name)
    new: dict[str, list[str]] = {}
    unknown = []
    for value in dict.fromkeys(values):
        if fold(value) in known or "/" in value:  # "Vollzeit/Teilzeit" passes through as it is
            continue
        hit = _find(table, fold(value))
        if hit is None:
            unknown.append(value)
        else:
            new.setdefault(table[hit], []).append(value)
    return new, unknown


def written_words(name: str, values: Iterable[str]) -> dict[str, list[str]]:
    """Return the word to send for each unified word: of several in the enum the most usual one."""
    table = _all(name)
    rank = {known: position for position, known in enumerate(table)}
    hits = [(hit, value) for value in dict.fromkeys(values) if (hit := _find(table, fold(value))) is not None]
    found: dict[str, list[str]] = {}
    for hit, value in sorted(hits, key=lambda each: rank[each[0]]):
        found.setdefault(table[hit], [value])
    return found


def _default(name: str) -> dict[str, str]:
    words = load_contract().vocabularies.get(name, {})
    return {fold(word): unified for unified, listed in words.items() for word in (unified, *listed)}


def _all(name: str) -> dict[str, str]:
    return known_words()[name] | _default(name)


def _find(table: Mapping[str, str], word: str) -> str | None:
    """The known word that a folded one is: as a whole, as a compound with it, or as its beginning."""
    if word in table:
        return word
    for fits in (
        lambda known: len(known) >= _PART and (word.startswith(known) or word.endswith(known)),
        lambda known: len(word) >= _BEGINNING and known.startswith(word),
    ):
        hits = [known for known in table if fits(known)]
        if len({table[known] for known in hits}) == 1:
            return hits[0]
    return None
