"""What speaks for a proposal, added up to a confidence between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

LEAST: Final = 0.5
"""Below this nothing is proposed, only mentioned."""

CLOSE: Final = 0.08
"""Two candidates that are nearer to each other than this are told and none is chosen."""

MENTIONED: Final = 0.3
"""Below this a candidate is not even mentioned."""


def together(strengths: Iterable[float]) -> float:
    """The confidence of pieces of evidence that do not depend on each other: 1 - (1 - a)(1 - b)..."""
    doubt = 1.0
    for strength in strengths:
        doubt *= 1 - min(max(strength, 0.0), 0.99)
    return 1 - doubt


@dataclass(frozen=True)
class Scored(Generic[T]):
    """A candidate with the confidence in it."""

    value: T
    confidence: float


@dataclass(frozen=True)
class Choice(Generic[T]):
    """What came of several candidates.

    Attributes:
        best: None where no candidate is good enough, or two are close.
        others: what else there was, the best first.
        is_close: whether none was chosen for that.
    """

    best: Scored[T] | None
    others: tuple[Scored[T], ...] = ()
    is_close: bool = False


def choose(candidates: Iterable[Scored[T]]) -> Choice[T]:
    """Choose among candidates for one place."""
    ranked = sorted(candidates, key=lambda each: -each.confidence)  # stable: the document's order decides among equals
    told = tuple(each for each in ranked if each.confidence >= MENTIONED)
    if not told or told[0].confidence < LEAST:
        return Choice(None, told)
    if len(told) > 1 and told[0].confidence - told[1].confidence < CLOSE:
        return Choice(None, told, is_close=True)
    return Choice(told[0], told[1:])


@dataclass
class Proposal:
    """One entry of the drafted contract.

    Attributes:
        value: as it stands in the file; None is written as null: there is none, or nobody can tell.
        others: alternatives as they would stand there.
        note: for whoever reads the file; empty where nothing is to be said.
    """

    value: Any
    confidence: float = 1.0
    others: list[Scored[Any]] = field(default_factory=list)
    is_close: bool = False
    note: str = ""
