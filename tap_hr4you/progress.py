"""A line every few seconds on a long read: how far, how fast, how long still."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

INTERVAL_SECONDS = 10


class Progress:
    """Counts one stream's records and logs at most once per interval; a read that is shorter logs nothing.

    Args:
        logger: where the lines go.
        stream: its name.
        clock: seconds, monotonic.
    """

    def __init__(self, logger: logging.Logger, stream: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._stream = stream
        self._clock = clock
        self._started = self._told = clock()
        self._read = 0

    def page(self, count: int, total: int | None) -> None:
        """Add a page of `count` records; `total` is how many the tenant lists, None where it does not say."""
        self._read += count
        now = self._clock()
        if now - self._told < INTERVAL_SECONDS or not self._read:
            return
        self._told = now
        rate = self._read / (now - self._started)
        if total is None or total < self._read:
            self._logger.info("%s: %s read, %s/s", self._stream, f"{self._read:,}", f"{rate:,.0f}")
            return
        self._logger.info(
            "%s: %s of %s read, %s/s, about %s left",
            self._stream,
            f"{self._read:,}",
            f"{total:,}",
            f"{rate:,.0f}",
            _in_words((total - self._read) / rate),
        )


def _in_words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
