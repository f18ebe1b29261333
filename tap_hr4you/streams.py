"""What streams have in common: a state to go on from; for the unified model mapping, `Changes`, deletions, the end."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hr4you.errors import ForbiddenError
from hr4you.ids import MODEL_OF_STREAM, make_id
from tap_hr4you.schemas import DELETED_AT, NAMED_STREAMS, stream_schema
from tap_hr4you.sdk import RecordStream
from tap_hr4you.settings import LOOKBACK, NAIVE_LOOKBACK
from tap_hr4you.state import StreamState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context

    from hr4you.contract import Contract
    from hr4you.crawl import Item
    from hr4you.idset import IdSet
    from hr4you.mapping import RecordMapper
    from tap_hr4you.changes import Changes
    from tap_hr4you.schemas import Schema
    from tap_hr4you.tap import TapHR4YOU

Record = dict[str, Any]


class TenantStream(RecordStream):
    """What all streams of the tenant have in common: what the runs before know, a full read, a refusal."""

    source = "api"
    shaped_by = "contract or mapping"
    """What the fingerprint is taken of, for messages."""

    def __init__(self, tap: TapHR4YOU, name: str, schema: Schema) -> None:
        super().__init__(tap, name, schema)
        self.tap = tap

    @property
    def contract(self) -> Contract:
        """The contract that this stream is read by."""
        return self.tap.contract

    @property
    def fingerprint(self) -> str:
        """16 hex digits over what decides how this stream's records look."""
        raise NotImplementedError

    @property
    def lookback(self) -> timedelta:
        """How far behind the bookmark a run reads again."""
        default = NAIVE_LOOKBACK if self.contract.uses_naive_times else LOOKBACK
        return self.tap.settings.lookback if self.tap.settings.lookback is not None else default

    def get_records(self, context: Context | None) -> Iterator[Record]:  # noqa: ARG002  # no contexts here
        """Yield what changed, then what was deleted; then set this stream's bookmark."""
        state = self.tap.states.get(self.name, StreamState())
        if state.source not in {None, self.source}:
            self.logger.info("%s: now read from %s: what is known starts anew.", self.name, self.source)
            state = StreamState()
        everything = self._is_to_be_read_in_full(state)
        try:
            yield from self.read(dataclasses.replace(state, source=self.source), everything=everything)
        except ForbiddenError as error:
            if self.is_tried_only():
                raise
            self.tap.note_forbidden(self.name, error)

    def read(self, state: StreamState, *, everything: bool) -> Iterator[Record]:
        """Yield the records of this run and set the bookmark behind the last one."""
        raise NotImplementedError

    def _is_to_be_read_in_full(self, state: StreamState) -> bool:
        if self.replication_method == "FULL_TABLE" or (state.bookmark is None and state.fingerprint is None):
            return True
        if state.fingerprint in {None, self.fingerprint}:
            return False
        if self.tap.settings.resync:
            self.logger.warning(
                "%s: %s changed since the last run: this stream is read in full once.", self.name, self.shaped_by
            )
            return True
        self.logger.warning(
            "%s: %s changed since the last run: records that don't change keep their old form, as "
            "`on_mapping_change` is `warn`.",
            self.name,
            self.shaped_by,
        )
        return False


class ModelStream(TenantStream):
    """What the streams of the unified model have in common, wherever their records come from."""

    only: IdSet | None = None
    """The ids that this stream is limited to; None where it is not."""

    def __init__(self, tap: TapHR4YOU, name: str) -> None:
        super().__init__(tap, name, stream_schema(name, sdc_deleted_at=tap.settings.sdc_deleted_at))
        self._names: dict[str, str] = {}

    def emit(self, mapper: RecordMapper, changes: Changes, item: Item, *, is_new: bool = False) -> Record | None:
        """Return the finished record, None where nothing changed.

        Args:
            mapper: makes the record.
            changes: decides.
            item: what was read; it has an id.
            is_new: no run before has read it: emit it whatever its age.
        """
        remote_id, wire, parent_id = item
        assert remote_id is not None  # noqa: S101  # the caller's loop has left those out
        record = mapper(wire)
        wire_time = record["changed_at"]
        if wire_time is None and mapper.is_timed:
            mapper.notices["without a time of change; it is taken to be the start of the run that saw it"] += 1
        changed_at = changes.changed_at(remote_id, wire, wire_time, parent_id=parent_id, is_new=is_new)
        if changed_at is None:
            return None
        record["changed_at"] = changed_at
        if parent_id is not None and record.get("candidate_id", "") is None:
            record["candidate_id"] = make_id(self.tap.connection.tenant, "candidate", parent_id)
        if self.name in NAMED_STREAMS and record.get("name"):
            self._names[remote_id] = record["name"]
        if self.tap.settings.sdc_deleted_at:
            record[DELETED_AT] = None
        return record

    def deletions(self, gone: Iterable[str], deleted_at: str, names: dict[str, str]) -> Iterator[Record]:
        """Yield the deletion records: keys, both times and the name of a job or stage; everything else is null."""
        blank = dict.fromkeys(self.selected_fields)
        for remote_id in gone:
            record = {
                **blank,
                "id": make_id(self.tap.connection.tenant, MODEL_OF_STREAM[self.name], remote_id),
                "remote_id": remote_id,
                "changed_at": deleted_at,
                "remote_deleted_at": deleted_at,
            }
            if "name" in blank:
                record["name"] = names.get(remote_id)
            if DELETED_AT in blank:
                record[DELETED_AT] = deleted_at
            yield {name: value for name, value in record.items() if name in blank}

    def finish(
        self,
        changes: Changes,
        state: StreamState,
        *,
        ids: IdSet | None,
        gone: IdSet,
        checked: bool,
        is_whole: bool = True,
    ) -> None:
        """Set this stream's bookmark: the last record has been handed over.

        Args:
            changes: of this run.
            state: of the runs before.
            ids: all that were read and not found gone before; None where they are not to be relied on.
            gone: those that were marked as deleted in this run.
            checked: whether a check for deletions was made, as far as it could be.
            is_whole: whether everything was read; otherwise the next run reads it again, a resync too.
        """
        if not is_whole:
            self.logger.warning("%s: the bookmark stays where it was, so that nothing is missed.", self.name)
            changes.hold_bookmark()
        next_state = changes.next_state(gone=gone)
        is_checked = self.tap.settings.deletion_interval is not None
        is_counted = is_checked or self.only is not None or next_state.hashes is not None
        next_state = dataclasses.replace(
            next_state,
            fingerprint=self.fingerprint if is_whole else state.fingerprint,
            ids=ids - gone if is_counted and ids is not None else None,
            gone=None if self.only is None or ids is None else self.only - (ids - gone),
            names={key: name for key, name in (state.names | self._names).items() if key not in gone},
        )
        if checked:
            next_state.deletion_checked_at = changes.started
        self.tap.set_stream_state(self.name, next_state)

    @property
    def fingerprint(self) -> str:
        """16 hex digits over contract and mapping settings: what decides how this stream's records look."""
        settings = self.tap.settings
        model = MODEL_OF_STREAM[self.name]
        parts = [
            self.tap.contract.fingerprint(self.name),
            *(mapping.get(key) for mapping in (settings.custom_field_mappings, settings.integration_fields_include)
              for key in (model, self.name)),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def is_check_due(self, state: StreamState, started: datetime) -> bool:
        """Whether deletions are to be looked for now."""
        interval = self.tap.settings.deletion_interval
        if interval is None or self.is_tried_only():
            return False
        if state.ids is None or state.deletion_checked_at is None:
            return True
        return started - datetime.fromisoformat(state.deletion_checked_at) >= interval
