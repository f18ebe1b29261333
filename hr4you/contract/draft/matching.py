"""How well a value of an object fits what is looked for: name, description, type, format and enum as evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.document import read_document
from hr4you.contract.draft.evidence import LEAST, Scored, together
from hr4you.contract.draft.words import meanings_of, vocabulary
from hr4you.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hr4you.contract.draft.properties import Part, Property
    from hr4you.contract.draft.schema import Schema

_TABLE: Final = Path(__file__).with_name("fields.yml")

# How much each kind of evidence says, and what lessens it.
_NAME: Final = 0.88
_DESCRIPTION: Final = 0.4
_FORMAT: Final = 0.6
_ENUM: Final = 0.75
_TYPE: Final = 0.15
_HOME: Final = 0.35
_WRONG_TYPE: Final = 0.1
_UNKNOWN_PART: Final = 0.75
_OTHER_PART: Final = 0.5
_UNLIKE_PART: Final = 0.2
_UNKNOWN_AROUND: Final = 0.92
_OTHER_AROUND: Final = 0.7
_IN_A_LIST: Final = 0.8
_AMBIGUOUS: Final = 0.985  # for each other meaning that a word has: decides between words that fit alike
_ABBREVIATED: Final = 0.8
_NEAR_BUT_OTHER: Final = 0.85  # a word that may also stand for another kind of thing
_THINGS: Final = frozenset({"user", "job", "person", "stage", "application"})
_NEUTRAL: Final = frozenset({"of", "filler"})
_HOLDERS: Final = frozenset({"record", "records"})  # objects that only hold others
_DESCRIPTION_PARTS: Final = 8
_LEAST_BASE: Final = 0.3
TIME_FORMATS: Final = frozenset({"date", "date-time"})
"""They say which of all times it is as little as the type does."""


@dataclass(frozen=True)
class Slot:
    """What is looked for; the attributes are explained in fields.yml."""

    names: tuple[tuple[tuple[str, ...], float], ...]
    types: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    unlike: frozenset[str] = frozenset()

    @classmethod
    def from_table(cls, raw: Mapping[str, Any], near: Iterable[str] = (), words: Iterable[str] = ()) -> Slot:
        """Read an entry of fields.yml; `near` holds for all of its resource, `words` are those of its vocabulary."""
        return cls(
            names=tuple((tuple(phrase.split()), float(weight)) for phrase, weight in raw["names"].items()),
            types=frozenset(raw.get("types", ())),
            formats=frozenset(raw.get("formats", ())),
            words=frozenset(map(fold, words)),
            near=frozenset((*raw.get("near", ()), *near)),
            home=frozenset(raw.get("home", ())),
            unlike=frozenset(raw.get("unlike", ())),
        )

    def among(self, *meanings: str) -> Slot:
        """The same, in surroundings with these meanings."""
        return replace(self, near=self.near | set(meanings))


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """What fields.yml says."""
    return read_document(_TABLE, _TABLE.name).data


def score(found: Property, slot: Slot) -> float:
    """The confidence that this value is what is looked for; 0 where hardly anything speaks for it."""
    name = name_score(found.own, found.around, slot)
    described = description_score(found.schema.description, slot)
    form = found.schema.text("format")
    fits_form = form in slot.formats
    if name < _LEAST_BASE and meanings_of((*found.own, *found.around)) & slot.unlike - slot.near - slot.home:
        fits_form = False  # a company's e-mail address
    strengths = [
        _NAME * name,
        described * (_DESCRIPTION if name else _DESCRIPTION / 2),
        _FORMAT * (name if form in TIME_FORMATS else 1) if fits_form else 0.0,
        _ENUM * _share_known(found.schema.enum, slot),
    ]
    base = together(strengths)
    if base < _LEAST_BASE:
        return 0.0
    if slot.home and (meanings_of(found.around) & slot.home):
        strengths.append(_HOME)
    fits = fits_type(found.schema, slot)
    if fits:
        strengths.append(_TYPE)
    confidence = together(strengths)
    if fits is False:
        confidence *= _WRONG_TYPE
    return confidence * (_IN_A_LIST if 0 in found.path else 1)


def fits_type(schema: Schema, slot: Slot) -> bool | None:
    """Whether the type is one that the value can have; None where nobody says."""
    if not slot.types or not schema.types:
        return None
    return bool(schema.types & slot.types)


def name_score(own: tuple[Part, ...], around: tuple[Part, ...], slot: Slot) -> float:
    """How much a name says, between 0 and 1: of all phrases, the one that fits best."""
    known = meanings_of(own)
    fit = [weight * _fit(phrase, own, around, slot) for phrase, weight in slot.names if not known.isdisjoint(phrase)]
    return max(fit, default=0.0)


def _fit(phrase: tuple[str, ...], own: tuple[Part, ...], around: tuple[Part, ...], slot: Slot) -> float:
    left_own, left_around = list(own), list(around)
    used_own = False
    clear = 1.0
    for meaning in phrase:
        for parts in (left_own, left_around):
            # a word with one meaning is taken before one that could mean something else in this phrase
            hit = min((part for part in parts if meaning in part[1]), key=_clearness, default=None)
            if hit is not None:
                parts.remove(hit)
                used_own |= parts is left_own
                clear *= _AMBIGUOUS ** (len(hit[1]) - 1) * (_ABBREVIATED if hit[0].endswith(".") else 1)
                break
        else:
            return 0.0
    if not used_own:
        return 0.0
    clear *= _left(left_own, slot, _UNKNOWN_PART, _OTHER_PART)
    return clear * _left(left_around, slot, _UNKNOWN_AROUND, _OTHER_AROUND, _HOLDERS)


def _clearness(part: Part) -> tuple[bool, int]:
    """The less, the clearer: whether it is an abbreviation, and how much it may mean."""
    return part[0].endswith("."), len(part[1])


def _left(
    parts: Iterable[Part], slot: Slot, unknown: float, other: float, holders: frozenset[str] = frozenset()
) -> float:
    """What is left of a name lessens what it says."""
    factor = 1.0
    for word, known in parts:
        is_neutral = known & (_NEUTRAL | holders) or (word.isdecimal() and not known)
        if is_neutral or known & slot.near or known & slot.home:
            factor *= _NEAR_BUT_OTHER if len(known & _THINGS) > 1 else 1
            continue
        if known & slot.unlike:
            factor *= _UNLIKE_PART
        else:
            factor *= other if known else unknown
    return factor


def description_score(text: str, slot: Slot) -> float:
    """How much the beginning of a description says, between 0 and 1."""
    parts = vocabulary().parts(text[:200])[:_DESCRIPTION_PARTS] if text else ()
    known = meanings_of(parts)
    best = max((weight for phrase, weight in slot.names if known.issuperset(phrase)), default=0.0)
    return best * (0.5 if known & slot.unlike else 1.0)


def _share_known(enum: tuple[str, ...], slot: Slot) -> float:
    if not enum or not slot.words:
        return 0.0
    return sum(fold(value) in slot.words for value in enum) / len(enum)


def best_of(found: Iterable[Property], slot: Slot) -> list[Scored[Property]]:
    """All values that may be it, with their confidence, the best first."""
    scored = [Scored(each, score(each, slot)) for each in found]
    return sorted((each for each in scored if each.confidence > 0), key=lambda each: -each.confidence)


def likely(found: Iterable[Property], slot: Slot) -> Scored[Property] | None:
    """The best value for a slot; None where none is likely enough to be proposed."""
    best = next(iter(best_of(found, slot)), None)
    return best if best is not None and best.confidence >= LEAST else None
