"""``action_results``: what became of the actions of target-hr4you, from its ledger; no request is made for it."""

from __future__ import annotations

import copy
import dataclasses
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from hr4you.idset import IdSet
from hr4you.timestamps import to_text
from tap_hr4you.changes import Changes, look_back
from tap_hr4you.schemas import ACTION_RESULTS
from tap_hr4you.sdk import RecordStream
from tap_hr4you.settings import LOOKBACK
from tap_hr4you.state import StreamState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from singer_sdk.helpers.types import Context

    from tap_hr4you.ledger import TenantLedger
    from tap_hr4you.tap import TapHR4YOU


class ActionResults(RecordStream):
    """The results of this tenant's actions, incremental by when the ledger changed them.

    A row's time is that of the clock of the machine whose run wrote it, a moment before its commit: the look-back finds
    what came in behind the bookmark, and digests keep the rest from coming again, as in the other streams.
    """

    needs_ledger = True

    def __init__(self, tap: TapHR4YOU) -> None:
        super().__init__(tap, "action_results", copy.deepcopy(ACTION_RESULTS))
        self.tap = tap

    def get_records(self, context: Context | None) -> Iterator[dict[str, Any]]:  # noqa: ARG002  # no contexts here
        """Yield what changed, then set this stream's bookmark."""
        with self.tap.open_ledger() as ledger:
            yield from self._read(ledger)

    def _read(self, ledger: TenantLedger) -> Iterator[dict[str, Any]]:
        state = self._state(f"ledger:{ledger.mark}")
        lookback = LOOKBACK if self.tap.settings.lookback is None else self.tap.settings.lookback
        everything = self.replication_method == "FULL_TABLE" or state.bookmark is None
        started = datetime.now(timezone.utc)
        changes = Changes(self.name, state, started=started, timed=True, lookback=lookback, everything=everything)
        since = None
        if state.bookmark is not None and not everything:
            since = to_text(look_back(state.bookmark, lookback))
        names = self.selected_fields
        for page in ledger.results(since):
            for result in page:
                if changes.changed_at(result["id"], result, result["changed_at"]) is not None:
                    yield {name: result[name] for name in names}
            changes.end_page()
            self.end_page()
        self.tap.set_stream_state(self.name, changes.next_state(gone=IdSet()))

    def _state(self, source: str) -> StreamState:
        """Return what the runs before know of this ledger: another's times say nothing about what this one holds."""
        state = self.tap.states.get(self.name, StreamState())
        if state.source not in {None, source}:
            self.logger.info("%s: now read from another ledger: what is known starts anew.", self.name)
            state = StreamState()
        return dataclasses.replace(state, source=source)
