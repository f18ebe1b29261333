"""``jobs`` from the public job feed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hr4you.crawl import IdList, Item
from hr4you.idset import IdSet
from tap_hr4you.changes import Changes
from tap_hr4you.deletions import judge
from tap_hr4you.settings import TAP_PROPERTIES
from tap_hr4you.streams import ModelStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_hr4you.state import StreamState
    from tap_hr4you.streams import Record
    from tap_hr4you.tap import TapHR4YOU


class FeedJobs(ModelStream):
    """``jobs`` from the public job feed: always the whole list, and no times of change."""

    def __init__(self, tap: TapHR4YOU) -> None:
        super().__init__(tap, "jobs")
        is_usual = tap.settings.feed_set == TAP_PROPERTIES["job_feed_set"]["default"]
        self.source = "feed" if is_usual else f"feed:{tap.settings.feed_set}"  # what another set lacks is not deleted

    def read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        """Read the feed once; a posting that is gone from it was deleted, unless the feed is filled incrementally."""
        mapper = self.tap.feed_mapper(self.selected_fields)
        started, postings = self.tap.read_feed()
        changes = Changes(self.name, state, started=started, timed=False, lookback=timedelta(0), everything=everything)
        ids = IdSet()
        for wire in postings:
            remote_id = mapper.remote_id(wire)
            if remote_id is None:
                mapper.notices["left out, as it has no id"] += 1
                continue
            if remote_id in ids:  # one of them must win, or both would come in every run
                mapper.notices["left out, as a posting before it has the same id"] += 1
                continue
            ids.add(remote_id)
            if record := self.emit(mapper, changes, Item(remote_id, wire, None)):
                yield record
        known = ids if state.ids is None else state.ids | ids
        gone, checked = IdSet(), False
        settings = self.tap.settings
        if settings.feed_complete and settings.deletion_interval is not None and not self.is_tried_only():
            verdict = judge("jobs", known, IdList(ids, agreed=True), limits=settings.limits, still_there=None)
            gone, checked = verdict.gone, verdict.trusted
            yield from self.deletions(gone, changes.started, state.names)
        self.finish(changes, state, ids=known, gone=gone, checked=checked)
        self.tap.note_findings(self.name, mapper)
