"""Which of the records that were read have changed, and the bookmark that follows from them.

Reads overlap (look-back, pages that move, second looks), so that nothing is lost; this is where what was read twice
is kept from being emitted twice. Pure: it sees records and returns decisions, it asks nobody.
"""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hr4you.idset import IdSet, digest
from hr4you.timestamps import to_text

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


class Changes:
    """Decides for one stream in one run.

    Args:
        stream: for messages.
        state: what the runs before know; it is not changed.
        started: the tenant's clock when the crawl started; later changes are for the next run.
        timed: whether the tenant says when a record changed. Otherwise its content decides.
        lookback: how far behind the bookmark the next run reads again.
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
        volatile: frozenset[str] = frozenset(),
        not_before: str | None = None,
        everything: bool = False,
    ) -> None:
        self.started = to_text(started)
        self._stream = stream
        self._state = state
        self._started_at = started
        self._timed = timed
        self._lookback = lookback
        self._volatile = volatile
        self._not_before = not_before
        self._everything = everything
        self._newest: str | None = None
        self._floor: str | None = self._look_back_from(state.bookmark)
        self._read_from = None if everything else self._floor
        self._window: dict[int, str] = {}
        self._read = IdSet()
        self._hashes: dict[str, int] = dict(state.hashes or {})
        self._any_emitted = False

    def changed_at(
        self, remote_id: str, wire: Mapping[str, Any], wire_time: str | None, *, is_new: bool = False
    ) -> str | None:
        """Return when this record last changed (UTC text), or None where it is not to be emitted.

        Args:
            remote_id: the wire id as text.
            wire: the object as it came.
            wire_time: the tenant's own time of change as UTC text, None where it gives none.
            is_new: no run before has read it, or it was marked as deleted since: it is emitted whatever its age.
        """
        if not self._timed:
            return self._by_content(remote_id, wire)
        again = remote_id in self._read
        self._read.add(remote_id)
        is_new = is_new and not again
        if wire_time is None:
            return self._by_window(wire, self.started, kept_until=_ALWAYS, is_new=is_new)
        if self._newest is None or wire_time > self._newest:
            self._newest = wire_time
        if again and wire_time < self.started:
            return None
        if not is_new and wire_time < max(self._not_before or "", self._read_from or ""):
            return None
        if self._floor is not None and wire_time < self._floor and (self._read_from is None or is_new):
            return wire_time  # nobody will read it again: a digest would be for nothing
        return self._by_window(wire, wire_time, kept_until=wire_time, is_new=is_new)

    def end_page(self) -> None:
        """Move the look-back's floor up, so that digests are only taken where the next run will read again."""
        floor = self._look_back_from(self._bookmark())
        if floor is not None and (self._floor is None or floor > self._floor):
            self._floor = floor
        if len(self._window) > 2 * MAX_SEEN:
            self._window = self._kept_window()

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
        self.end_page()
        return dataclasses.replace(self._state, bookmark=self._bookmark(), seen=self._next_seen(), hashes=hashes)

    def _next_seen(self) -> frozenset[int]:
        """The digests of the look-back; where the bookmark stayed, also those that this list may have missed."""
        seen = self._kept_window().keys()
        if self._state.bookmark == self._bookmark() and len(seen | self._state.seen) <= MAX_SEEN:
            return frozenset(seen | self._state.seen)
        return frozenset(seen)

    def _by_content(self, remote_id: str, wire: Mapping[str, Any]) -> str | None:
        found = digest(wire, self._volatile)
        if self._hashes.get(remote_id) == found and (not self._everything or remote_id in self._read):
            return None
        self._hashes[remote_id] = found
        self._read.add(remote_id)
        self._any_emitted = True
        return self.started

    def _by_window(self, wire: Mapping[str, Any], changed_at: str, *, kept_until: str, is_new: bool) -> str | None:
        found = digest(wire, self._volatile)
        repeated = found in self._window or (not self._everything and found in self._state.seen)
        self._window[found] = kept_until
        return None if repeated and not is_new else changed_at

    def _bookmark(self) -> str | None:
        """max(previous, min(newest seen, start of the crawl)): it never goes back, and never passes what was read."""
        newest = self._newest if self._timed else (self.started if self._any_emitted else None)
        bounds = [self._state.bookmark] if self._state.bookmark else []
        if newest is not None:
            bounds.append(min(newest, self.started))
        return max(bounds, default=None)

    def _look_back_from(self, bookmark: str | None) -> str | None:
        return None if bookmark is None else to_text(datetime.fromisoformat(bookmark) - self._lookback)

    def _kept_window(self) -> dict[int, str]:
        kept = {key: time for key, time in self._window.items() if self._floor is None or time >= self._floor}
        if len(kept) > MAX_SEEN:
            kept = dict(sorted(kept.items(), key=lambda item: item[1], reverse=True)[:MAX_SEEN])
        return kept
