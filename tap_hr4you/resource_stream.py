"""A stream read from the tenant's API: the crawl, and the deletions after it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from hr4you.crawl import Crawl, IdList, list_ids
from hr4you.errors import UnexpectedAnswerError
from hr4you.idset import IdSet
from tap_hr4you.changes import Changes, look_back
from tap_hr4you.deletions import judge
from tap_hr4you.progress import Progress
from tap_hr4you.streams import ModelStream

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hr4you.mapping import RecordMapper
    from hr4you.resources import Reader
    from tap_hr4you.state import StreamState
    from tap_hr4you.streams import Record

NO_ID = "left out, as it has no id"
"""What is told of an object that cannot be a record."""

STARTED_LIMITS = frozenset({"candidates", "applications"})
"""Streams that `start_date` limits; the others are always whole, so that joins hold."""


class Reading(NamedTuple):
    """What one run's read of a stream goes through."""

    reader: Reader
    crawl: Crawl
    changes: Changes
    mapper: RecordMapper


class ResourceStream(ModelStream):
    """A stream read from the tenant's API."""

    def read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        """Crawl from the bookmark minus the look-back, then look for deletions where that is due."""
        tap = self.tap
        mapper = tap.record_mapper(self.name, self.selected_fields)
        times = tap.record_mapper(self.name, ["changed_at"])
        keys = mapper.wire_keys(self.selected_fields)
        reader = tap.reader(self.name, eager=not self.is_tried_only(), keys=keys)
        crawl = Crawl(reader, since=self._since(state, everything=everything) if reader.can_filter else None)
        changes: Changes | None = None
        progress = Progress(self.logger, self.name)
        for items in crawl:
            if changes is None:
                changes = self._changes(state, crawl.started, timed=mapper.is_timed, everything=everything)
            for item in items:
                if item.remote_id is None:
                    mapper.notices[NO_ID] += 1
                    continue
                if self.only is not None and item.remote_id not in self.only:
                    crawl.late_changes |= changes.pass_over(times(item.wire)["changed_at"])
                    continue
                is_new = state.ids is not None and item.remote_id not in state.ids
                if record := self.emit(mapper, changes, item, is_new=is_new):
                    is_late = mapper.is_timed and record["changed_at"] >= changes.started
                    crawl.late_changes |= is_late
                    crawl.missed += not is_late
                    yield record
            changes.end_page()
            progress.page(len(items), crawl.total)
            self.end_page()
            if self.only is not None and self.is_tried_only():  # whoever is looked for may be on the last page
                return
        if changes is None:
            raise RuntimeError("a crawl has at least one page")
        without_id = mapper.notices[NO_ID]
        if without_id and crawl.is_full and not crawl.ids:
            place = f"resources.{self.name}.id"
            raise UnexpectedAnswerError(
                f"{self.name}: none of its {without_id} objects has an id where the contract says. Check `{place}` in "
                "the contract; `hr4you contract check` names the line"
            )
        yield from self.complete(state, Reading(reader, crawl, changes, mapper))
        tap.note_findings(self.name, mapper)

    def complete(self, state: StreamState, reading: Reading) -> Iterator[Record]:
        """Look for deletions where that is due, and set the bookmark."""
        reader, crawl, changes, _ = reading
        known = crawl.ids if state.ids is None else state.ids | crawl.ids
        ids: IdSet | None = known
        gone, checked = IdSet(), False
        if self.is_check_due(state, crawl.started):
            if state.ids is None:  # the first list only seeds the set; ids left out of it would seem new
                seed = IdList(crawl.ids, agreed=True) if crawl.is_full else list_ids(reader)
                ids, checked = known | seed.ids if seed.agreed else None, seed.agreed
            else:
                gone, checked = yield from self.check(state, known, reading)
        self.finish(changes, state, ids=ids, gone=gone, checked=checked, is_whole=crawl.settled)

    def check(self, state: StreamState, known: IdSet, reading: Reading) -> Generator[Record, None, tuple[IdSet, bool]]:
        """Compare what is known with what is listed; yield what is new, which is added to `known`, and what is gone.

        Returns:
            The ids that were marked as deleted, and whether the check counts as made.
        """
        reader, crawl = reading.reader, reading.crawl
        still_there = reader.still_there if reader.can_get else None
        listed = self._list(reader, crawl)
        limits = self.tap.settings.limits
        verdict = judge(self.name, known, listed, limits=limits, still_there=still_there, among=self.only)
        yield from self.fetch(verdict.added, known, reading)
        yield from self.deletions(verdict.gone, reading.changes.started, state.names)
        return verdict.gone, verdict.trusted

    def fetch(self, wanted: IdSet, known: IdSet, reading: Reading, *, is_new: bool = True) -> Iterator[Record]:
        """Yield what is asked for by id; the ids of what there is are added to `known`.

        Args:
            wanted: the ids.
            known: ids of the runs before and of this one.
            reading: of this run.
            is_new: emit it whatever its age.
        """
        for items in reading.reader.fetch(wanted):
            for item in items:
                if item.remote_id is None:
                    continue
                record = self.emit(reading.mapper, reading.changes, item, is_new=is_new)
                known.add(item.remote_id)
                if record:
                    yield record

    def _since(self, state: StreamState, *, everything: bool) -> datetime | None:
        bounds = []
        if state.bookmark is not None and not everything:
            bounds.append(look_back(state.bookmark, self.lookback, self.tap.contract.api.zone))
        if self._not_before is not None:
            bounds.append(datetime.fromisoformat(self._not_before))
        return max(bounds, default=None)

    def _changes(self, state: StreamState, started: datetime, *, timed: bool, everything: bool) -> Changes:
        return Changes(
            self.name,
            state,
            started=started,
            timed=timed,
            lookback=self.lookback,
            zone=self.tap.contract.api.zone,
            volatile=frozenset(self.tap.contract.resources[self.name].volatile),
            not_before=self._not_before,
            everything=everything,
        )

    def _list(self, reader: Reader, crawl: Crawl) -> IdList:
        if crawl.is_full and (listed := crawl.as_id_list()).agreed:
            return listed
        return list_ids(reader)

    @property
    def _not_before(self) -> str | None:
        return self.tap.settings.start_date if self.name in STARTED_LIMITS else None
