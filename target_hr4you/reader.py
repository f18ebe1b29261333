"""Reads Singer messages from standard input so that a signal, or a tenant that is down, ends the waiting for more."""

from __future__ import annotations

import json
import os
import select
import sys
from collections import Counter
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec
from singer_sdk.singerlib.encoding.base import GenericSingerReader

from hr4you.errors import HR4YouError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_POLL_SECONDS: Final = 0.25
_CHUNK: Final = 1 << 16

_decode = msgspec.json.Decoder().decode


class InputError(HR4YouError):
    """A line of the input is no Singer message; what it holds is not repeated."""


class MessageReader(GenericSingerReader[bytes]):
    """Reads until the input ends or nothing more is wanted.

    Attributes:
        is_stopped: whether nothing more is wanted; asked several times a second.
    """

    is_stopped: Callable[[], bool] = staticmethod(lambda: False)

    @property
    def default_input(self) -> IO[bytes]:
        """Standard input."""
        return sys.stdin.buffer

    def deserialize_json(self, line: bytes | bytearray) -> dict[str, Any]:
        """Return a message. Raises ValueError."""
        try:
            message = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            message = json.loads(line)  # takes NaN, halves of surrogate pairs and the like, which some taps write
        if not isinstance(message, dict):
            raise ValueError("no object")  # noqa: TRY004  # as what json raises
        return message

    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        """Hand each message to its callback; return how many of each type there were.

        Raises:
            InputError: a line is no Singer message.
        """
        counts: Counter[str] = Counter()
        source = file_input if file_input is not None else self.default_input
        number = 0
        for line in _lines(source, self.is_stopped):
            number += 1
            if not line or line.isspace():
                continue
            try:
                message = self.deserialize_json(line)
            except (ValueError, RecursionError):
                raise InputError(
                    f"Line {number} of the input is no JSON object: the tap wrote something else"
                ) from None
            del line  # it may be as long as an attachment
            kind = message.get("type")
            if kind not in callbacks:
                raise InputError(
                    f"Line {number} of the input is no Singer message: its `type` is none of {', '.join(callbacks)}"
                )
            _check(number, str(kind), message)
            callbacks[kind](message)
            counts[kind] += 1
            del message  # as the line
        return counts


_REQUIRED: Final[dict[str, dict[str, type]]] = {
    "SCHEMA": {"stream": str, "schema": dict},
    "RECORD": {"stream": str, "record": dict},
    "STATE": {"value": object},
}


def _check(number: int, kind: str, message: dict[str, Any]) -> None:
    for name, wanted in _REQUIRED.get(kind, {}).items():
        if name not in message or not isinstance(message[name], wanted):
            raise InputError(f"Line {number} of the input: a {kind} message without a proper `{name}`")


def _lines(source: IO[Any] | Iterable[Any], is_stopped: Callable[[], bool]) -> Iterator[bytes | bytearray]:
    """Yield lines; where the input is a file of the system, also stop while it keeps us waiting."""
    descriptor = _descriptor(source)
    if descriptor is None:
        for line in source:
            if is_stopped():
                return
            yield line.encode() if isinstance(line, str) else line
        return
    # A line may be as long as an attachment: it grows in place, and nothing here keeps it when it is handed over.
    rest, whole = bytearray(), []
    while not is_stopped():
        if not select.select([descriptor], [], [], _POLL_SECONDS)[0]:
            continue
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            yield rest
            return
        first, *more = chunk.split(b"\n")
        rest += first
        for following in more:
            whole.append(rest)
            rest = bytearray(following)
            yield whole.pop()
            if is_stopped():
                return


def _descriptor(source: Any) -> int | None:
    """Return what can be waited for, None where there is no such thing (text in memory; pipes on Windows)."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = int(source.fileno())
        select.select([descriptor], [], [], 0)
    except (AttributeError, OSError, ValueError):
        return None
    return descriptor
