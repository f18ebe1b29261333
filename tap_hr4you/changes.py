"""Which of the records that were read have changed, and the bookmark that follows from them.

Reads overlap (look-back, pages that move, second looks), so that nothing is lost; this is where what was read twice
is kept from being emitted twice. Pure: it sees records and returns decisions, it asks nobody.
"""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from hr4you.idset import IdSet, digest, digest_of, name_of
from hr4you.timestamps import EPOCH, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_hr4you.state import StreamState

logger = logging.getLogger(__name__)

MAX_SEEN = 20_000
"""Digests of the look-back that a state keeps (NAMES.md); records beyond are emitted again."""

MAX_HASHES = 50_000
"""Records of a stream without a wire time that a state keeps digests of (NAMES.md)."""

_ALWAYS = "9"
"""Sorts behind every time: a record that has none of its own may come with every read."""


CLOCK_CHANGE = timedelta(minutes=90)
"""So far to look back where the hour that a clock change repeats may hide changes (RELIABILITY.md: 60 minutes lose
none)."""


def look_back(bookmark: str, lookback: timedelta, zone: tzinfo = timezone.utc) -> datetime:
    """Return the time from which a run reads; not before 1970, as some tenants write year 1 for no time at all.

    Args:
        bookmark: UTC text.
        lookback: how far to go behind it.
        zone: the tenant's. Where its clocks go back near the bookmark, the look-back is at least `CLOCK_CHANGE`, since
            a tenant may write local times without an offset although its contract does not say so.
    """
    moment = datetime.fromisoformat(bookmark)
    try:
        shifts = (-CLOCK_CHANGE, CLOCK_CHANGE)
        before, after = ((moment + shift).astimezone(zone).replace(tzinfo=None) for shift in shifts)
        if after - before < 2 * CLOCK_CHANGE:
            lookback = max(lookback, CLOCK_CHANGE)
        return max(moment - lookback, EPOCH)
    except OverflowError:
        return EPOCH


class Changes:
    """Decides for one stream in one run.

    Args:
        stream: for messages.
        state: what the runs before know; it is not changed.
        started: the tenant's clock when the crawl started; later changes are for the next run.
        timed: whether the tenant says when a record changed. Otherwise its content decides.
        lookback: how far behind the bookmark the next run reads again.
        zone: the tenant's, as of `look_back`.
        volatile: wire keys that are no change.
        not_before: UTC text; records that changed before are left out. None: no limit.
        everything: emit all that is read, changed or not (first run, resync, FULL_TABLE).
    """

    def __init__(
        self,
        stream: str,
        state: StreamState,
        *,
        started: datetime,
        timed: bool,
        lookback: timedelta,
        zone: tzinfo = timezone.utc,
        volatile: frozenset[str] = frozenset(),
        not_before: str | None = None,
        everything: bool = False,
    ) -> None:
        self.started = to_text(started)
        self._stream = stream
        self._state = state
        self._timed = timed
        self._lookback = lookback
        self._zone = zone
        self._volatile = volatile
        self._everything = everything
        self._newest: str | None = None
        self._floor: str | None = self._look_back_from(state.bookmark)
        self._oldest = max(not_before or "", "" if everything else self._floor or "")
        self._window: dict[str, tuple[int, str]] = {}  # remote id -> digest, and the time up to which it is kept
        self._read = IdSet()
        self._hashes: dict[str, int] = dict(state.hashes or {})
        self._any_emitted = False

    def changed_at(
        self,
        remote_id: str,
        wire: Mapping[str, Any],
        wire_time: str | None,
        *,
        parent_id: str | None = None,
        is_new: bool = False,
    ) -> str | None:
        """Return when this record last changed (UTC text), or None where it is not to be emitted.

        Args:
            remote_id: the wire id as text.
            wire: the object as it came.
            wire_time: the tenant's own time of change as UTC text, None where it gives none.
            parent_id: of the object that holds this one, None where nothing does.
            is_new: no run before has read it, or it was marked as deleted since: it is emitted whatever its age.
        """
        if not self._timed:
            return self._by_content(remote_id, digest(wire, self._volatile, parent_id))
        again = remote_id in self._read
        self._read.add(remote_id)
        is_new = is_new and not again
        if wire_time is not None:
            self.pass_over(wire_time)
            if (again and wire_time < self.started) or (wire_time < self._oldest and not is_new):
                return None
            if self._everything and self._floor is not None and wire_time < self._floor:
                return wire_time  # nobody will read it again: a digest would be for nothing
        found = digest_of(remote_id, digest(wire, self._volatile, parent_id))
        repeated = self._is_known(remote_id, found) and not is_new
        self._window[remote_id] = found, wire_time or _ALWAYS
        return None if repeated else wire_time or self.started

    def pass_over(self, wire_time: str | None) -> bool:
        """Take into account that a record was read, for the bookmark; return whether it changed after the start.

        Args:
            wire_time: the tenant's own time of change as UTC text, None where it gives none.
        """
        if wire_time is None:
            return False
        if self._newest is None or wire_time > self._newest:
            self._newest = wire_time
        return wire_time >= self.started

    def end_page(self) -> None:
        """Keep what waits for the next run within bounds.

        While everything is read, digests are only needed where the next run will read again. An incremental run keeps
        those of all it reads, as its bookmark may be held where it was.
        """
        if self._everything:
            self._floor = max(filter(None, (self._floor, self._look_back_from(self._bookmark()))), default=None)
        if len(self._window) > 2 * MAX_SEEN:
            self._window = self._newest_of_window(self._floor)

    def hold_bookmark(self) -> None:
        """Leave the bookmark where it was: something may have been missed, and the next run is to read it again."""
        self._newest = None
        self._any_emitted = False

    def next_state(self, *, gone: IdSet) -> StreamState:
        """Return the state after the last record.

        Args:
            gone: ids that were marked as deleted in this run. They don't move the bookmark.
        """
        hashes: dict[str, int] | None = None
        if not self._timed:
            hashes = {key: value for key, value in self._hashes.items() if key not in gone}
            if len(hashes) > MAX_HASHES:
                logger.warning(
                    "%s: more than %d records and no time of change: from now on it is read FULL_TABLE, every record "
                    "in every run. Name a time of change in the contract (`changed_at`) to end this.",
                    self._stream,
                    MAX_HASHES,
                )
                hashes = None
        return dataclasses.replace(self._state, bookmark=self._bookmark(), seen=self._next_seen(), hashes=hashes)

    def _is_known(self, remote_id: str, found: int) -> bool:
        if remote_id in self._window:
            return self._window[remote_id][0] == found
        return not self._everything and found in self._state.seen

    def _by_content(self, remote_id: str, found: int) -> str | None:
        if self._hashes.get(remote_id) == found and (not self._everything or remote_id in self._read):
            return None
        self._hashes[remote_id] = found
        self._read.add(remote_id)
        self._any_emitted = True
        return self.started

    def _next_seen(self) -> frozenset[int]:
        """The digests of the look-back.

        Where the bookmark stayed, also those of records that this run did not read: its list may have missed them.
        """
        bookmark = self._bookmark()
        seen = {found for found, _ in self._newest_of_window(self._look_back_from(bookmark)).values()}
        if bookmark == self._state.bookmark:
            read = {name_of(remote_id) for remote_id in self._window}
            seen |= {found for found in self._state.seen if found >> 32 not in read}
        return frozenset(seen) if len(seen) <= MAX_SEEN else frozenset(sorted(seen)[:MAX_SEEN])

    def _bookmark(self) -> str | None:
        """max(previous, min(newest seen, start of the crawl)): it never goes back, and never passes what was read."""
        newest = self._newest if self._timed else (self.started if self._any_emitted else None)
        bounds = [self._state.bookmark] if self._state.bookmark else []
        if newest is not None:
            bounds.append(min(newest, self.started))
        return max(bounds, default=None)

    def _look_back_from(self, bookmark: str | None) -> str | None:
        return None if bookmark is None else to_text(look_back(bookmark, self._lookback, self._zone))

    def _newest_of_window(self, floor: str | None) -> dict[str, tuple[int, str]]:
        kept = {key: entry for key, entry in self._window.items() if floor is None or entry[1] >= floor}
        if len(kept) > MAX_SEEN:
            kept = dict(sorted(kept.items(), key=lambda item: item[1][1], reverse=True)[:MAX_SEEN])
        return kept
