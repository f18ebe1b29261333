"""When a request is sent again, and when not: waits, deadlines, the tenant's wishes, the pace of all threads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you.errors import HR4YouError


@dataclass(frozen=True)
class Patience:
    """How long a client keeps trying; times in seconds.

    Attributes:
        total: for one request with all its repetitions and waits.
        connect_timeout: to set up one connection.
        first_retries: repetitions while the host has never given a sensible answer: the address may be wrong, and
            whoever mistyped it should hear that soon.
        first_wait: before the first repetition; it doubles with each, half of it by chance.
        longest_wait: what it grows to.
        clock: rises steadily; a test's own passes without anybody waiting.
        sleep: waits this long; None: until the time is over or the client is closed.
    """

    total: float = 300.0
    connect_timeout: float = 10.0
    first_retries: int = 2
    first_wait: float = 1.0
    longest_wait: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None


class Again(Exception):  # noqa: N818  # no error: asks for a repetition
    """A request failed in a way that may pass.

    Args:
        error: to raise when patience is over.
        executed: False where the tenant surely has not acted on the request, so that even a write may be repeated.
        after: how long the tenant asks to wait, in seconds; None where it does not say.
        is_busy: the tenant has too much to do: all threads are to wait, not just this one.
        is_dubious: the host may be another than was meant: it cannot be reached, or shows web pages.
        status: of the answer, None where there is none.
        request_id: of the answer.
    """

    def __init__(
        self,
        error: HR4YouError,
        *,
        executed: bool = True,
        after: float | None = None,
        is_busy: bool = False,
        is_dubious: bool = False,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.executed = executed
        self.after = after
        self.is_busy = is_busy
        self.is_dubious = is_dubious
        self.status = status
        self.request_id = request_id


def read_retry_after(text: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds of a ``Retry-After`` header: a number or an HTTP date; None where it is neither.

    Args:
        text: the header.
        now: the tenant's clock as its ``Date`` header tells it, as ours may be wrong; None: ours.
    """
    if text is None:
        return None
    try:
        return max(0.0, float(text)) if float(text) < float("inf") else None
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - (now or datetime.now(timezone.utc))).total_seconds())


class Gate:
    """What every request of every thread passes: the rate limit, and the waits that the tenant asks for.

    After a 429 the requests are also spaced, more with each further one and less with each success: otherwise all
    threads would come back at the same moment, and all but one would be refused again.

    Args:
        interval: between two requests, in seconds; 0: no limit.
        patience: clock and sleep.
        closed: set when the client is closed.

    Attributes:
        successes: of all threads; tells whether the tenant serves any.
    """

    _FIRST_SPACE = 0.25
    _LARGEST_SPACE = 5.0  # longer waits are the tenant's to ask for; from here it takes minutes to be fast again
    _SMALLEST_SPACE = 0.01
    _SHRINK = 0.95

    def __init__(self, interval: float, patience: Patience, closed: threading.Event) -> None:
        self.successes = 0
        self._interval = interval
        self._clock = patience.clock
        self._sleep: Callable[[float], object] = patience.sleep or closed.wait
        self._closed = closed
        self._lock = threading.Lock()
        self._space = 0.0
        self._next = 0.0
        self._paused_at = 0.0
        self._paused_until = 0.0

    def enter(self) -> float:
        """Wait for one's turn and return the time."""
        if not self._interval and not self._space and not self._paused_until:
            return self._clock()
        while True:
            with self._lock:
                now = self._clock()
                turn = max(self._next, self._paused_until)
                if turn <= now or self._closed.is_set():
                    self._next = now + max(self._interval, self._space)
                    if self._paused_until <= now:
                        self._paused_until = 0.0
                    return now
            self._sleep(turn - now)

    def wait(self, seconds: float) -> None:
        """Let this thread alone wait."""
        self._sleep(seconds)

    def pause(self, seconds: float, *, sent_at: float, is_throttled: bool) -> None:
        """Let all threads wait, because of the answer to a request sent then."""
        with self._lock:
            now = self._clock()
            if is_throttled and sent_at >= self._paused_at:  # not the tail of a volley already counted
                self._space = min(max(self._FIRST_SPACE, self._space * 2), self._LARGEST_SPACE)
                self._paused_at = now
            self._paused_until = max(self._paused_until, now + seconds)

    def note_success(self) -> None:
        """Let requests come a little closer together again."""
        self.successes += 1  # not exact between threads, and need not be
        if self._space:
            with self._lock:
                self._space *= self._SHRINK
                if self._space < self._SMALLEST_SPACE:
                    self._space = 0.0


def make_waits(patience: Patience) -> Callable[[], float]:
    """Return what gives the wait before each repetition of one request: growing, and partly by chance."""
    waits = backoff.expo(factor=patience.first_wait, max_value=patience.longest_wait)
    next(waits)  # backoff's generators begin with a value of no meaning

    def wait() -> float:
        full = next(waits)
        return full / 2 + backoff.full_jitter(full / 2)

    return wait
