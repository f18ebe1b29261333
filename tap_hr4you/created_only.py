"""``created_only``: candidates and applications limited to those that actions of target-hr4you created."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hr4you.ids import MODEL_OF_STREAM
from hr4you.idset import IdSet
from tap_hr4you.deletions import common
from tap_hr4you.resource_stream import ResourceStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_hr4you.resource_stream import Reading
    from tap_hr4you.state import StreamState
    from tap_hr4you.streams import Record

LIMITED = frozenset({"candidates", "applications"})
"""Streams that `created_only` limits; the others are always whole, so that joins hold."""


class CreatedStream(ResourceStream):
    """What the ledger says was created: what changed comes from the list, what is new is asked for by its id.

    New is what the ledger has and neither the state's `ids` nor its `gone` hold: it comes whatever its time of change,
    which may lie before the look-back. What the tenant does not have goes into `gone`, or each run would ask for every
    record that was ever deleted; where it comes back, a list shows it.
    """

    source = "api:created_only"
    needs_ledger = True

    def read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        """Read what the ledger knows by now; without a request where that is nothing."""
        with self.tap.open_ledger() as ledger:
            self.only = ledger.created_ids(MODEL_OF_STREAM[self.name])
        state = self._cut(state, self.only)
        if len(self.only):
            yield from super().read(state, everything=everything)
            return
        self.logger.info("%s: nothing was created yet, as far as the ledger knows.", self.name)
        state = dataclasses.replace(state, fingerprint=self.fingerprint, ids=IdSet())
        self.tap.set_stream_state(self.name, state)

    def complete(self, state: StreamState, reading: Reading) -> Iterator[Record]:
        """Ask for what is new by its id, look for deletions where that is due, and set the bookmark."""
        crawl = reading.crawl
        only, is_first = self.only or IdSet(), state.ids is None
        known = common(crawl.ids, only) | (state.ids or IdSet())
        new = only - known - (state.gone or IdSet())
        yield from self.fetch(new, known, reading, is_new=not is_first)
        gone, checked = IdSet(), False
        if self.is_check_due(state, crawl.started):
            checked = True
            if not is_first:  # otherwise each id has just been read or asked for
                gone, checked = yield from self.check(state, known, reading)
        self.finish(reading.changes, state, ids=known, gone=gone, checked=checked, is_whole=crawl.settled)

    def _cut(self, state: StreamState, created: IdSet) -> StreamState:
        """Leave out of what the runs before know what the ledger does not (any more): nothing can be said of it."""
        if state.ids is None:
            return state
        if lost := len(state.ids - created):
            self.logger.warning(
                "%s: %d records of earlier runs are not in the ledger any more: they are not followed, and not marked "
                "as deleted. Is this the ledger that the target writes?",
                self.name,
                lost,
            )
        return dataclasses.replace(state, ids=common(state.ids, created))
