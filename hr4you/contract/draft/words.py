"""Names as APIs write them, taken apart into meanings: ``bewerberNr`` is a person and an id.

The words are in words.yml. A name's case, separators, umlauts, plural endings and compounds do not count.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hr4you.contract.document import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Meanings = frozenset[str]
"""What one part of a name may mean; empty for a part that nobody knows."""

TABLE: Final = Path(__file__).with_name("words.yml")
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "é": "e", "è": "e", "à": "a"}
)
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDINGS: Final = ("en", "es", "er", "n", "s", "e")
_LINKS: Final = ("", "s", "n", "en", "es", "e", "er")
_SHORTEST: Final = 3  # a shorter word counts inside a compound only at its end
_LONGEST: Final = 100  # letters of a name that are read
_MOST_MEANINGS: Final = 6  # of an abbreviation; one that may mean more says nothing
_SHORT_ENDS: Final = frozenset({"id", "nr", "am", "ab", "at", "bez", "no", "ms"})


def fold(text: str) -> str:
    """Small letters, with umlauts as ae, oe, ue."""
    return text.lower().translate(_UMLAUTS)


def stem(word: str) -> str:
    """A folded word without its ending, so that plural and singular are the same."""
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        word = word[:-3] + "y"
    for _ in range(2):  # of a plural in English, an ending in German may be left
        for ending in _ENDINGS:
            if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= _SHORTEST:
                word = word[: -len(ending)]
                break
    return word


class Words:
    """The vocabulary; `meanings` is a table as words.yml holds it."""

    def __init__(self, meanings: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        for meaning, words in meanings.items():
            for word in words:
                self._exact.setdefault(fold(str(word)), set()).add(meaning)
                self._stems.setdefault(stem(fold(str(word))), set()).add(meaning)
        self._known: dict[str, tuple[tuple[str, Meanings], ...]] = {}

    def with_local(self, local: Mapping[str, str]) -> Words:
        """The same vocabulary, where these words have one meaning each."""
        other = Words({})
        other._exact = {**self._exact, **{word: {meaning} for word, meaning in local.items()}}
        other._stems = self._stems
        return other

    def parts(self, name: str) -> tuple[tuple[str, Meanings], ...]:
        """The parts of a name, each as it is written and what it may mean; abbreviations have a dot."""
        if name not in self._known:
            found: list[tuple[str, Meanings]] = []
            folded = name[:_LONGEST].translate(_UMLAUTS)
            for match in _PARTS.finditer(folded):
                found += self._split(fold(match.group()))
            self._known[name] = tuple(found)
        return self._known[name]

    def meanings(self, name: str) -> Meanings:
        """What any part of a name may mean."""
        return meanings_of(self.parts(name))

    def lookup(self, word: str) -> Meanings:
        """What a folded word may mean, empty where nobody knows it."""
        return frozenset(self._exact.get(word) or self._stems.get(stem(word)) or ())

    def _split(self, word: str) -> list[tuple[str, Meanings]]:
        """A word, or the words it is put together from, the longest first one before others."""
        found = self.lookup(word)
        if found:
            return [(word, found)]
        parts = self._compound(word)
        if parts is not None:
            return parts
        short = self._abbreviated(word)
        return [(f"{word}.", short) if short else (word, frozenset())]

    def _abbreviated(self, word: str) -> Meanings:
        """What a word may mean that is the beginning of others: ``zust`` of ``zustand``."""
        if len(word) < _SHORTEST:
            return frozenset()
        whole = [known for each, known in self._exact.items() if each.startswith(word) and len(each) > len(word) + 1]
        found = frozenset(meaning for known in whole for meaning in known)
        return found if len(found) <= _MOST_MEANINGS else frozenset()

    def _compound(self, word: str) -> list[tuple[str, Meanings]] | None:
        for end in range(len(word) - 2, _SHORTEST - 1, -1):
            head, tail = word[:end], word[end:]
            found = self._head(head)
            if not found or (len(tail) < _SHORTEST and tail not in _SHORT_ENDS):
                continue
            known = self.lookup(tail)
            rest = [(tail, known)] if known else self._compound(tail)
            if rest is not None:
                return [(head, found), *rest]
        return None

    def _head(self, head: str) -> Meanings:
        """The first part of a compound, which may end in a letter that links it to the next."""
        for link in _LINKS:
            bare = head.removesuffix(link)
            if head.endswith(link) and len(bare) >= _SHORTEST and bare in self._exact:
                return frozenset(self._exact[bare])
        return frozenset()


def meanings_of(parts: Iterable[tuple[str, Meanings]]) -> Meanings:
    """What any of these parts may mean."""
    return frozenset(meaning for _, known in parts for meaning in known)


def read_table(path: Path) -> dict[str, list[str]]:
    """A table of words."""
    return {str(key): [str(word) for word in words] for key, words in read_document(path, path.name).data.items()}


@lru_cache(maxsize=1)
def _default() -> Words:
    return Words(read_table(TABLE))


_in_force: ContextVar[Words | None] = ContextVar("words", default=None)


def vocabulary() -> Words:
    """The words in force: those of words.yml, unless `using` says otherwise."""
    return _in_force.get() or _default()


@contextmanager
def using(words: Words) -> Iterator[None]:
    """Read names with other words: with those that only one document has, or without some."""
    token = _in_force.set(words)
    try:
        yield
    finally:
        _in_force.reset(token)
