"""Singer messages to standard output, many per write.

Flushing each message costs four times the run on a pipe (measured: 9.3 s against 2.3 s for 50,000 records). So
records wait here until a page or stream ends, another kind of message comes, or the process ends; whatever is
written are whole lines.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib import Message, RecordMessage
from singer_sdk.singerlib.encoding.base import GenericSingerWriter

from hr4you.running import OutputClosedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FLUSH_BYTES = 256 * 1024


def _as_text(value: Any) -> str:
    """Write what JSON has no form for; stream maps may make such values."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


class BufferedWriter(GenericSingerWriter[bytes, Message]):
    """Writes messages as JSON lines.

    Attributes:
        writing: True while lines are on their way out; what interrupts then would cut a line in two.
        after_write: what a signal that came meanwhile left to be done.
    """

    def __init__(self) -> None:
        self._encoder = msgspec.json.Encoder(enc_hook=_as_text, decimal_format="number")
        self._lines: list[bytes] = []
        self._size = 0
        self.writing = False
        self.after_write: Callable[[], None] | None = None

    def serialize_message(self, message: Message) -> bytes:
        """Return the message as one line of JSON, without its end."""
        return self._encoder.encode(message.to_dict())

    def write_message(self, message: Message) -> None:
        """Take one message; anything but a record is written out at once, with all that waits."""
        self._take(self.serialize_message(message))
        if not isinstance(message, RecordMessage):
            self.flush()

    def write_record(self, head: bytes, record: Mapping[str, Any], tail: bytes) -> None:
        """Take one RECORD line: `head` and `tail` are the message around the record's JSON."""
        self._take(head + self._encoder.encode(record) + tail)

    def _take(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size >= FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write out all that waits.

        Raises:
            OutputClosedError: nobody reads any more.
        """
        if not self._lines:
            return
        self.writing = True  # before the lines are touched: a signal in between would leave half of them
        try:
            data = b"\n".join([*self._lines, b""])
            self._lines, self._size = [], 0
            _write_out(data)
        finally:
            self.writing = False
        after_write, self.after_write = self.after_write, None
        if after_write is not None:
            after_write()


def _write_out(data: bytes) -> None:
    binary = getattr(sys.stdout, "buffer", None)
    try:
        if binary is None:  # a text buffer in the place of standard output, as the SDK's test runner puts there
            sys.stdout.write(data.decode())
        else:
            binary.write(data)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error
