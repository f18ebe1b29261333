"""Which action is executed when: lanes in which they go one after the other, and what has to wait for its time."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

ROOM: Final = 1_000
"""Actions that are ready or behind one that is executed; more are not read ahead, as nothing would be gained."""


@dataclass
class Ticket:
    """An action that is to be executed; its content stays in the ledger.

    Attributes:
        seq: its number in the ledger.
        lane: actions of the same lane are executed in the order in which they came; None: in no order.
        subject: remote id of the candidate or application that it is about.
        sends: how often this run has sent each of its steps.
        failures: how often it could not be executed in this run because the tenant was away.
        is_resumed: whether it was begun in this run.
    """

    seq: int
    lane: str | None
    subject: str | None = None
    sends: Counter[str] = field(default_factory=Counter)
    failures: int = 0
    is_resumed: bool = False


class Schedule:
    """Hands out tickets to worker threads.

    A ticket is in exactly one place: ready, behind another of its lane, with a worker, or waiting for its time. Those
    that wait for an action which has not come yet are in the ledger alone, so that no queue can fill up with them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ready: deque[Ticket] = deque()
        self._lanes: dict[str, deque[Ticket]] = {}
        self._later: list[tuple[float, int, Ticket]] = []
        self._numbers = itertools.count()
        self._known: set[int] = set()
        self._active = 0
        self._behind = 0
        self._is_stopped = False

    def add(self, ticket: Ticket) -> None:
        """Take a ticket, unless the action has one already."""
        with self._changed:
            if ticket.seq in self._known:
                return
            self._known.add(ticket.seq)
            if ticket.lane is None:
                self._ready.append(ticket)
            elif ticket.lane in self._lanes:
                self._lanes[ticket.lane].append(ticket)
                self._behind += 1
            else:
                self._lanes[ticket.lane] = deque()
                self._ready.append(ticket)
            self._changed.notify()

    def take(self) -> Ticket | None:
        """Wait for a ticket that is to be executed now; None when the schedule is stopped."""
        with self._changed:
            while not self._is_stopped:
                wait = self._bring_due()
                if self._ready:
                    self._active += 1
                    return self._ready.popleft()
                self._changed.wait(wait)
        return None

    def _bring_due(self) -> float | None:
        """Make ready what has waited for its time; return how long the next has to, in seconds."""
        now = time.time()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        return self._later[0][0] - now if self._later else None

    def defer(self, ticket: Ticket, until: float) -> None:
        """Give a ticket back until a time (seconds since 1970); its lane waits with it."""
        with self._changed:
            ticket.is_resumed = True
            self._active -= 1
            heapq.heappush(self._later, (until, next(self._numbers), ticket))
            self._changed.notify_all()

    def done(self, ticket: Ticket) -> None:
        """Give a ticket back for good: the next of its lane is ready."""
        with self._changed:
            self._active -= 1
            self._known.discard(ticket.seq)
            if ticket.lane is not None:
                lane = self._lanes[ticket.lane]
                if lane:
                    self._ready.append(lane.popleft())
                    self._behind -= 1
                else:
                    del self._lanes[ticket.lane]
            self._changed.notify_all()

    def wait_for_room(self, seconds: float) -> bool:
        """Wait until more may be read, at most so long; whether it may."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) + self._behind + self._active < ROOM, seconds)

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until there is nothing left to do, at most so long; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._known or self._is_stopped, seconds)

    @property
    def waiting(self) -> int:
        """How many tickets wait for their time."""
        with self._changed:
            return len(self._later)

    def stop(self) -> None:
        """Hand out no more tickets."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
