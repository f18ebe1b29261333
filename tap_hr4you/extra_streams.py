"""`extra_streams`: any other list of the tenant as a stream, as its user declares it.

Each is a further resource of the contract without unified fields, so that paging, filters and lists that move while
they are read are as in the other streams. Deletions are not looked for.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hr4you.crawl import Crawl, Pass
from hr4you.errors import AnswerError, ForbiddenError
from hr4you.ids import to_remote_id
from hr4you.idset import IdSet, digest
from hr4you.resources import Reader
from hr4you.text import to_json_text
from hr4you.timestamps import utc_text
from tap_hr4you.changes import Changes, look_back
from tap_hr4you.extra_settings import REMOTE_DATA, SETTING, column_of, is_text
from tap_hr4you.progress import Progress
from tap_hr4you.state import StreamState
from tap_hr4you.streams import TenantStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from hr4you.contract import Contract
    from hr4you.crawl import Item
    from tap_hr4you.extra_settings import Declaration
    from tap_hr4you.streams import Record
    from tap_hr4you.tap import TapHR4YOU

_NO_KEY: Final = "left out, as a part of the key is missing"
_NO_TIME: Final = "without a time at the replication key; they come whatever the bookmark, once for each content"


class ExtraRecords(TenantStream):
    """The stream of one entry.

    Args:
        tap: whose settings and client it uses.
        declared: the entry.
        place: of the entry, for messages.
    """

    shaped_by = "contract or declaration"

    def __init__(self, tap: TapHR4YOU, declared: Declaration, place: str) -> None:
        super().__init__(tap, declared.name, declared.stream_schema())
        self.primary_keys = declared.key_columns
        self.replication_key = declared.time_column
        self._declared = declared
        self._place = place
        self._notices: Counter[str] = Counter()
        self._contract: Contract | None = None

    @property
    def contract(self) -> Contract:
        """The tenant's contract with this stream's resource in it."""
        if self._contract is None:
            self._contract = self._declared.in_contract(self.tap.contract)
        return self._contract

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the declaration: what is read, and which columns are made of it."""
        parts = [self.contract.fingerprint(self.name), self._declared.stream_schema()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        """Read what changed, where the entry has a replication key, else everything."""
        try:
            yield from self._read(state, everything=everything)
        except ForbiddenError:
            raise
        except AnswerError as error:
            raise type(error)(
                f"{error}. This is the stream {self.name}: `{self._place}` says its `path`, `params`, `records` and "
                "`pagination` (`type: none` where one answer is the whole list)",
                status=error.status,
                request_id=error.request_id,
            ) from None

    def _read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        if not self._declared.primary_keys:
            self.logger.info("%s: no `primary_keys`: a target can only append what comes.", self.name)
        page_size, is_eager = self.tap.settings.page_size, not self.is_tried_only()
        reader = Reader(self.tap.client, self.contract, self.name, page_size=page_size, eager=is_eager)
        since = self._since(state, everything=everything) if reader.can_filter else None
        crawl, look = Crawl(reader, since=since), Pass()
        # without keys nothing tells a row that moved to another page from a row like it, so there is one look only
        pages = iter(crawl) if self._declared.primary_keys else reader.read(look, since=since)
        make = self._maker()
        changes: Changes | None = None
        progress = Progress(self.logger, self.name)
        for items in pages:
            if changes is None:
                changes = self._changes(state, look.started or crawl.started, everything=everything)
            for item in items:
                changed_at = self._changed_at(changes, item)
                if changed_at is None:
                    continue
                is_late = self.replication_key is not None and changed_at >= changes.started
                crawl.late_changes |= is_late
                crawl.missed += not is_late
                yield make(item.wire)
            changes.end_page()
            progress.page(len(items), look.total if look.pages else crawl.total)
            self.end_page()
        if changes is None:
            raise RuntimeError("a crawl has at least one page")
        self._finish(state, changes, is_whole=crawl.settled or not self._declared.primary_keys)

    def _since(self, state: StreamState, *, everything: bool) -> datetime | None:
        if state.bookmark is None or everything:
            return None
        return look_back(state.bookmark, self.lookback, self.contract.api.zone)

    def _changes(self, state: StreamState, started: datetime, *, everything: bool) -> Changes:
        if self._declared.replication_key is None:  # everything, and nothing twice
            return Changes(
                self.name, StreamState(), started=started, timed=False, lookback=timedelta(0), everything=True
            )
        return Changes(
            self.name,
            state,
            started=started,
            timed=True,
            lookback=self.lookback,
            zone=self.contract.api.zone,
            everything=everything,
        )

    def _changed_at(self, changes: Changes, item: Item) -> str | None:
        """Return when this object changed, the start of the run where nothing tells; None: it is not to be emitted."""
        _, wire, _ = item
        remote_id = item.remote_id
        keys, time_key = self._declared.primary_keys, self._declared.replication_key
        if not keys:
            if time_key is None:
                return changes.started
            remote_id = str(digest(wire, frozenset(), None))
        elif remote_id is None or any(to_remote_id(key(wire)) is None for key in keys):
            self._notices[_NO_KEY] += 1
            return None
        time = None
        if time_key is not None:
            time = utc_text(time_key(wire), self.contract.api.zone)
            if time is None:
                self._notices[_NO_TIME] += 1
        return changes.changed_at(remote_id, wire, time)

    def _finish(self, state: StreamState, changes: Changes, *, is_whole: bool) -> None:
        for text, count in self._notices.items():
            self.logger.warning("%s: %s (records: %d)", self.name, text, count)
        if self._declared.replication_key is None:
            state = StreamState(source=self.source, fingerprint=self.fingerprint)
        else:
            if not is_whole:
                self.logger.warning("%s: the bookmark stays where it was, so that nothing is missed.", self.name)
                changes.hold_bookmark()
            fingerprint = self.fingerprint if is_whole else state.fingerprint
            state = dataclasses.replace(changes.next_state(gone=IdSet()), fingerprint=fingerprint)
        self.tap.set_stream_state(self.name, state, key=self._declared.time_column)

    def _maker(self) -> Callable[[dict[str, Any]], Record]:
        """Return what makes a record of an object: the selected columns."""
        getters = {column: self._getter(column) for column in self.selected_fields}
        return lambda wire: {column: get(wire) for column, get in getters.items()}

    def _getter(self, column: str) -> Callable[[dict[str, Any]], Any]:
        schema, zone = self.schema["properties"][column], self.contract.api.zone
        keys = {column_of(path): path for path in self._declared.primary_keys}
        time_key = self._declared.replication_key
        if time_key is not None and column == self._declared.time_column:
            return lambda wire: utc_text(time_key(wire), zone)
        if column in keys:
            path = keys[column]
            return (lambda wire: to_remote_id(path(wire))) if is_text(schema) else path
        if column == REMOTE_DATA:
            return lambda wire: wire
        if is_text(schema) and schema.get("format") == "date-time":
            return lambda wire: utc_text(wire.get(column), zone)
        return (lambda wire: _as_text(wire.get(column))) if is_text(schema) else (lambda wire: wire.get(column))


def make_extra_streams(tap: TapHR4YOU) -> list[ExtraRecords]:
    """Return the streams of the setting."""
    declared = tap.settings.extra_streams
    return [ExtraRecords(tap, each, f"{SETTING}[{position}]") for position, each in enumerate(declared)]


def _as_text(value: Any) -> str | None:
    return value if isinstance(value, str) else to_json_text(value)
