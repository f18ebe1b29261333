"""Which of a tenant's words may be shown as they are: those of status fields, and never what may be a person's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hr4you.contract import EachSpec
from hr4you.inspection.shapes import is_filled, printable, shape_of
from hr4you.mapping.lists import elements
from hr4you.text import fold, to_text

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from hr4you.contract import Contract
    from hr4you.inspection.samples import Sample

VOCABULARIES: Final = ("employment_type", "status", "visibility", "outcome", "value_type")
"""Fields whose values are words of a vocabulary in the unified model; of no other field values are shown."""

_MOST_WORDS: Final = 40
"""A field with more different values holds no words, whatever the contract says of it."""

_FEW: Final = 12
"""So few different values need not repeat to be taken for words."""

_LONGEST: Final = 60
_NAME: Final = re.compile(r"[^\W\d_]{3,}")
_NO_NAMES: Final = frozenset({"von", "vom", "van", "der", "den", "dem", "die", "zur", "zum", "und"})
_OF_PEOPLE: Final = ("first_name", "last_name", "email", "email_addresses", "phone_numbers", "social_media", "location")


class Told(NamedTuple):
    """The words of a field that may be shown.

    Attributes:
        words: word -> how often, most frequent first.
        hidden: how many other values there are, which may say something of a person.
    """

    words: dict[str, int]
    hidden: int


class Words:
    """Decides what may be shown.

    A contract may say by mistake that the status is where a name is. So words are shown only if the field's values look
    like a vocabulary, and none that is, or holds, what the sample has as a name or an address of somebody.

    Args:
        contract: says where names and addresses are.
        samples: of users and candidates.
    """

    def __init__(self, contract: Contract, samples: Iterable[Sample]) -> None:
        self._texts: set[str] = set()
        self._names: set[str] = set()
        for sample in samples:
            fields = contract.resources[sample.name].fields
            for name in _OF_PEOPLE:
                for text in (text for item in sample.items for text in _texts(fields.get(name), item.wire)):
                    self._texts.add(fold(text))
                    if name in {"first_name", "last_name"}:
                        self._names.update(map(fold, _NAME.findall(text)))
        self._names -= _NO_NAMES

    def told(self, counts: Counter[str]) -> Told:
        """Sort a field's values into those to show and those to hide."""
        total, distinct = counts.total(), len(counts)
        if distinct > _MOST_WORDS or (distinct > _FEW and total < 2 * distinct):
            return Told({}, distinct)
        shown = {word: count for word, count in counts.most_common() if self._is_harmless(word)}
        if 2 * len(shown) < distinct:
            return Told({}, distinct)
        return Told({printable(word): count for word, count in shown.items()}, distinct - len(shown))

    def _is_harmless(self, word: str) -> bool:
        kind, _ = shape_of(word)
        if kind not in {"text", "digits", "true/false"} or len(word) > _LONGEST:
            return False
        return fold(word) not in self._texts and not any(fold(part) in self._names for part in _NAME.findall(word))


def _texts(spec: Any, wire: Any) -> Iterator[str]:
    """The texts that a field of the contract finds in an object."""
    if isinstance(spec, EachSpec):
        found = spec.each(wire)
        for element in elements(found) if is_filled(found) else ():
            yield from _texts({key: part for key, part in spec.fields.items() if key != "type"}, element)
    elif isinstance(spec, dict):
        for part in spec.values():
            yield from _texts(part, wire)
    elif spec is not None:
        text = to_text(spec(wire))
        if text is not None:
            yield text
