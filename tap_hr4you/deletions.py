"""Deletion detection: which records that runs before have read does the tenant no longer list.

The rules are RELIABILITY.md's. A list that is empty, too short or does not agree with itself deletes nothing; what is
missing is asked for by id before it is marked; what is listed and not known is fetched, whatever else happens.
"""

from __future__ import annotations

import dataclasses
import logging
import random
from typing import TYPE_CHECKING

from hr4you.idset import IdSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hr4you.crawl import IdList

logger = logging.getLogger(__name__)

SAMPLE_SIZE = 200
"""Up to so many missing records are each asked for by id; of more, a random sample of this size."""

SMALL_STREAM = 20
"""Up to so many known records `max_deletion_ratio` does not apply (NAMES.md)."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """The settings that guard against a mass deletion by mistake.

    Attributes:
        max_ratio: the share of a stream that may vanish at once, 0 to 1.
        allow_mass: switch that guard off.
    """

    max_ratio: float
    allow_mass: bool


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes:
        gone: ids to mark as deleted.
        added: ids that are listed, but that no run has read.
        trusted: whether the check counts as made; otherwise the next run makes it again.
    """

    gone: IdSet
    added: IdSet
    trusted: bool


def judge(
    stream: str,
    known: IdSet,
    listed: IdList,
    *,
    limits: Limits,
    still_there: Callable[[Iterable[str]], set[str]] | None,
    among: IdSet | None = None,
) -> Verdict:
    """Compare what is known with what is listed.

    Args:
        stream: for messages.
        known: ids of the runs before this one and of this one.
        listed: the tenant's list.
        limits: the guards.
        still_there: asks for ids one by one and returns those that exist; None where the tenant has no such request.
        among: where the stream is limited to some ids, these; that the list holds others shows that it is not empty.
    """
    ids = listed.ids if among is None else common(listed.ids, among)
    added = ids - known
    missing = known - ids
    if not missing:
        return Verdict(IdSet(), added, trusted=listed.agreed)
    if reason := _distrust(known, listed, missing, limits):
        logger.warning("%s: no deletion is marked: %s", stream, reason)
        return Verdict(IdSet(), added, trusted=False)
    if still_there is None:
        return Verdict(missing, added, trusted=True)
    asked = IdSet(missing if len(missing) <= SAMPLE_SIZE else random.sample(list(missing), SAMPLE_SIZE))
    alive = IdSet(still_there(asked))
    if not len(alive):
        return Verdict(missing, added, trusted=True)
    logger.warning(
        "%s: of %d records that are not listed any more, %d of the %d asked for by id still exist: only those that "
        "were asked for and are gone are marked as deleted.",
        stream,
        len(missing),
        len(alive),
        len(asked),
    )
    return Verdict(asked - alive, added, trusted=len(asked) == len(missing))


def common(some: IdSet, others: IdSet) -> IdSet:
    """Return the ids that are in both sets."""
    return some - (some - others)


def _distrust(known: IdSet, listed: IdList, missing: IdSet, limits: Limits) -> str | None:
    """Say why this list must not delete anything, None where it may."""
    if not listed.agreed:
        return (
            "the list of ids did not agree with its own count in several tries, as the tenant is changing or the list "
            "is incomplete. The next run looks again"
        )
    if limits.allow_mass:
        return None
    if not len(listed.ids):
        return (
            f"the list is empty, {len(known)} records are known. If they were really deleted, set "
            "`allow_mass_deletion` for one run"
        )
    if len(known) > SMALL_STREAM and len(missing) > limits.max_ratio * len(known):
        return (
            f"{len(missing)} of {len(known)} records are missing, more than `max_deletion_ratio` "
            f"({limits.max_ratio:g}) allows. If they were really deleted, set `allow_mass_deletion` for one run"
        )
    return None
