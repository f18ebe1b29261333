"""The seams of the Singer SDK that this tap leans on beyond its documented hooks, all in this file.

Each is pinned by a test in tests/tap_hr4you/test_sdk_seams.py that fails when singer-sdk moves it. What they are for:

- ``_write_record_message``: the SDK prunes, conforms and copies every record; ours are built to the schema, so a
  record without stream map, flattening or deselected inner field goes straight to the writer (six times as fast).
- ``_write_starting_replication_value``, ``_increment_stream_state``: the SDK derives a bookmark from what is emitted;
  ours follows what was read (changes.py) and is set once, after the last record of a stream.
- ``log``: the SDK tells each failure of a stream in a line of its own; ours ends in exactly one.
- ``_env_var_config`` (tap.py): the SDK reads the environment only with ``--config=ENV``; ours always.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import AbortedSyncExceptionBase, RequestedAbortException
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.mapper import SameRecordTransform
from singer_sdk.streams import Stream

from hr4you.errors import ConfigError, HR4YouError
from hr4you.running import OutputClosedError
from tap_hr4you.state import REPLICATION_KEY
from tap_hr4you.writer import BufferedWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from singer_sdk import Tap
    from singer_sdk.helpers.types import Context, Record


_ENDS = (HR4YouError, OutputClosedError, RequestedAbortException, AbortedSyncExceptionBase)
"""What ends a stream without being a mistake of ours; the last two are how --test stops after a record."""


class RecordStream(Stream):
    """A stream that yields finished records and keeps its own bookmark."""

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    needs_ledger = False
    """Whether nothing can be read without the target's ledger."""

    def __init__(self, tap: Tap, name: str, schema: dict[str, Any]) -> None:
        super().__init__(tap, schema=schema, name=name)
        self.primary_keys = ["id"]
        self.replication_key = REPLICATION_KEY
        self._head: bytes | None = None
        self._tail = b""

    def is_tried_only(self) -> bool:
        """Whether this is ``--test``, which stops after one record: nothing may run ahead or behind it."""
        return self.ABORT_AT_RECORD_COUNT is not None

    def is_selected_field(self, name: str) -> bool:
        """Whether a top-level property is selected; keys always are."""
        return bool(self.mask[("properties", name)])

    @property
    def selected_fields(self) -> list[str]:
        """The top-level properties that are selected, in the schema's order; keys always are."""
        return [name for name in self.schema["properties"] if self.is_selected_field(name)]

    def end_page(self) -> None:
        """Write out what was read so far, so that the target works while the next page is on its way."""
        if isinstance(self._tap.message_writer, BufferedWriter):
            self._tap.message_writer.flush()
        self._tail = _record_tail()

    def generate_child_contexts(self, record: Record, context: Context | None) -> Iterable[Context | None]:  # noqa: ARG002  # the SDK's signature
        """Return nothing: these streams have no child streams, and the SDK's default copies a context per record."""
        return ()

    def get_batch_config(self, config: Mapping[str, Any]) -> None:
        """Return None: BATCH is not offered, as in the SDK it bypasses stream maps and so leaks masked fields.

        Raises:
            ConfigError: it is asked for all the same.
        """
        if config.get("batch_config"):
            raise ConfigError("`batch_config` is set, but this tap offers no BATCH messages: remove the setting")

    def get_replication_key_signpost(self, context: Context | None = None) -> None:  # the SDK's signature
        """Return None: the bookmark is bounded by the tenant's clock, not by this machine's."""

    def log(self, message: str, *args: Any, level: int = logging.INFO, **kwargs: Any) -> None:
        """Log, but for the SDK's extra line about an error that the command tells in its one line, or not at all."""
        if level >= logging.ERROR and isinstance(sys.exc_info()[1], _ENDS):
            return
        super().log(message, *args, level=level, **kwargs)

    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Leave the state alone."""

    def _increment_stream_state(self, latest_record: Record, *, context: Context | None = None) -> None:
        """Leave the state alone."""

    def _write_record_message(self, record: Record) -> None:
        writer = self._tap.message_writer
        if self._head is None:
            self._head = self._record_head() if isinstance(writer, BufferedWriter) and self._is_plain() else b""
            self._tail = _record_tail()
        if self._head and isinstance(writer, BufferedWriter):
            writer.write_record(self._head, record, self._tail)
            self.state_manager.is_flushed = False
            return
        try:
            super()._write_record_message(record)
        except OutputClosedError:
            raise
        except Exception as error:  # noqa: BLE001  # users' expressions raise anything, with a person's data in it
            raise HR4YouError(
                f"{self.name}: an expression in `stream_maps` fails with {type(error).__name__} on one of the records. "
                "Mind that every field may be null"
            ) from None

    def _is_plain(self) -> bool:
        """Whether a record leaves exactly as it is built: no stream map, no flattening, no inner field deselected."""
        maps = self.stream_maps
        if len(maps) != 1 or type(maps[0]) is not SameRecordTransform or maps[0].flattening_enabled:
            return False
        return not any(
            len(path) > len(("properties", "name")) and not selected and self.is_selected_field(path[1])
            for path, selected in self.mask.items()
        )

    def _record_head(self) -> bytes:
        version = f',"version":{self._stream_version}' if self._stream_version is not None else ""
        return f'{{"type":"RECORD","stream":{json.dumps(self.stream_maps[0].stream_alias)}{version},"record":'.encode()


def _record_tail() -> bytes:
    return f',"time_extracted":"{datetime.now(timezone.utc).isoformat()}"}}'.encode()
