"""Executes actions on several threads, from the ledger, until nothing is left to do or the tenant is away."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import HR4YouError, LedgerUnavailableError
from hr4you.ledger.accepting import Accepted, Incoming, accept
from hr4you.ledger.executing import LEASE_SECONDS, ClaimLostError, claim, finish, put_back
from hr4you.ledger.rows import (
    REFERENCE_FAILED,
    REFERENCE_UNKNOWN,
    Problem,
    Row,
    Status,
    now_seconds,
)
from hr4you.ledger.runs import give_up, leftovers, open_actions, others_at_work
from hr4you.ledger.subjects import Subject, subject_of
from target_hr4you.attempt import attempt
from target_hr4you.endings import DeferredError
from target_hr4you.execution import ActionWork
from target_hr4you.run import StoppedError, logger
from target_hr4you.schedule import Schedule, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sqlalchemy import Connection

    from target_hr4you.results import Results
    from target_hr4you.run import Run

_POLL_SECONDS: Final = 0.5
_MOST_UNWRITTEN: Final = 500
_LARGE: Final = 1 << 20
"""Characters of a content that is not read ahead of."""


class Executor:
    """One run's threads.

    Args:
        run: what they share.
        results: is told of every action that has ended.

    Attributes:
        error: why the run stops early, None where it does not.
    """

    def __init__(self, run: Run, results: Results) -> None:
        self.error: BaseException | None = None
        self._run = run
        self._results = results
        self._schedule = Schedule()
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        self._accepting = threading.Semaphore(_MOST_UNWRITTEN)
        self._last: Future[Any] | None = None
        self._seen: list[tuple[int, str]] = []
        self._others: dict[str, float] = {}
        self._is_told = False

    def start(self) -> None:
        """Begin with what earlier runs have left. Raises `LedgerUnavailableError`."""
        run = self._run
        run.stay_alive()
        self._others = run.ledger.read(others_at_work, run.run_id, run.tenant)
        left = run.ledger.write(leftovers, run.run_id, run.tenant)
        if left:
            logger.info("%d action(s) of earlier runs are not done yet: they go first.", len(left))
        for seq in left:
            self._admit(seq)
        workers = [(f"worker-{number}", self._work) for number in range(run.client.concurrency)]
        for name, target in [("alive", self._stay_alive), *workers]:
            thread = threading.Thread(target=target, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def accept(self, incoming: Incoming) -> None:
        """Take an action over: it is in the ledger before anything that is passed on later."""
        self._accepting.acquire()
        future = self._run.ledger.submit(_accept, self._run.run_id, self._run.tenant, incoming)
        self._last = future
        future.add_done_callback(partial(self._note_accepted, incoming.reason))
        if len(incoming.payload or "") > _LARGE:
            future.exception()  # one after the other, or several would be in memory

    def _note_accepted(self, reason: str | None, future: Future[tuple[Accepted, Subject | None]]) -> None:
        self._accepting.release()
        error = future.exception()
        if error is not None:
            self.stop(error)
            return
        accepted, subject = future.result()
        try:
            self._results.note_accepted(accepted, reason)
        except HR4YouError as error:
            self.stop(error)
        if accepted.is_open:
            self._place(accepted.row, subject)

    def pass_on(self, write: Callable[[], None]) -> None:
        """Call this when everything that was accepted before is in the ledger; never, if it does not get there."""

        def then(future: Future[None]) -> None:
            if future.exception() is None and self.error is None:
                try:
                    write()
                except BaseException as error:  # noqa: BLE001  # a closed pipe above all: ends the run
                    self.stop(error)

        self._run.ledger.submit(lambda _: None).add_done_callback(then)

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is to be read."""
        return self._run.is_stopping

    def wait_for_room(self) -> None:
        """Wait until it is worth to read on, or the run is stopped."""
        while not self.is_stopped and not self._schedule.wait_for_room(_POLL_SECONDS):
            pass

    def stop(self, error: BaseException | None = None) -> None:
        """Let no step begin any more; those in flight end. The first error is the run's."""
        self.error = self.error or error
        self._run.stop()
        self._schedule.stop()

    def finish(self) -> None:
        """Wait until all is done that can be done, with quarantines and what another run is at."""
        if self._last is not None:
            self._last.exception()
        told = False
        while not self.is_stopped:
            if self._schedule.waiting and not told:
                told = True
                logger.info(
                    "Waiting to look up what became of %d request(s) without an answer.", self._schedule.waiting
                )
            if not self._schedule.wait_until_idle(_POLL_SECONDS):
                continue
            if not self._look_for_more() and not self._is_another_dying():
                break

    def close(self) -> None:
        """End the threads and let go of what was claimed. Raises `LedgerUnavailableError`."""
        self._run.stop()
        self._schedule.stop()
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _is_another_dying(self) -> bool:
        """Whether a run that was at work when this one began may be dead: then what it has left is for this one.

        A run that lives prolongs its claims every few seconds; one that was killed holds them a while longer.
        """
        run = self._run
        now = run.ledger.read(others_at_work, run.run_id, run.tenant)
        silent = {run_id for run_id, until in self._others.items() if now.get(run_id) == until}
        if silent:
            if not self._is_told:
                self._is_told = True
                logger.info("Another run has left something and is silent: waiting up to %d s for it.", LEASE_SECONDS)
            time.sleep(_POLL_SECONDS)
            return True
        left = run.ledger.write(leftovers, run.run_id, run.tenant) if self._others.keys() - now.keys() else []
        self._others = {}
        return bool(left)

    # --- what is to be executed ------------------------------------------------------------------------------------

    def _admit(self, seq: int) -> None:
        """Schedule an action, as far as what it is about is known."""
        self._place(*self._run.ledger.read(_find, seq))

    def _place(self, row: Row, subject: Subject | None) -> None:
        if subject is not None and subject.remote_id is None:
            return  # waits in the ledger until the other action has ended
        self._schedule.add(Ticket(row.seq, _lane(row, subject), _remote_id(subject)))

    def _look_for_more(self) -> bool:
        """Go through what is still open at the end of the input; whether some of it may still change."""
        run = self._run
        rows = run.ledger.read(open_actions, run.run_id)
        goes_on = False
        for row in rows:
            subject = run.ledger.read(subject_of, row)
            self._place(row, subject)
            if subject is None or subject.remote_id is not None:
                goes_on = True  # scheduled; another run may have it
            elif subject.status in Status.OPEN and not subject.is_ambiguous:
                referred = (row.subject or "").partition("/")[2]
                goes_on = goes_on or any(other.action_id == referred and other.email_hmac for other in rows)
            else:
                code = REFERENCE_FAILED if subject.status else REFERENCE_UNKNOWN
                problem = Problem(code, f"{row.subject_kind}_id")
                until = now_seconds() + run.settings.retention
                values = {"status": Status.FAILED, "payload_until": until, **problem.columns()}
                ended = run.write(give_up, row.seq, **values)
                if ended is not None:
                    self._results.note_ended(ended, {})
        seen = [(row.seq, row.changed_at) for row in rows]
        if goes_on and seen == self._seen:  # another run is at it
            time.sleep(_POLL_SECONDS)
        self._seen = seen
        return goes_on

    # --- threads ---------------------------------------------------------------------------------------------------

    def _stay_alive(self) -> None:
        while not self._ended.wait(LEASE_SECONDS / 4):
            try:
                self._run.stay_alive()
            except LedgerUnavailableError as error:  # noqa: PERF203  # one round takes seconds
                self.stop(error)

    def _work(self) -> None:
        while (ticket := self._schedule.take()) is not None:
            try:
                self._execute(ticket)
            except ClaimLostError:  # noqa: PERF203  # one round takes a request at least
                self._schedule.done(ticket)
            except StoppedError:
                return
            except Exception as error:  # noqa: BLE001  # ends the run, with its status
                self.stop(error)
                return

    def _execute(self, ticket: Ticket) -> None:
        run = self._run
        quarantine = run.settings.quarantine
        claimed = run.write(claim, ticket.seq, is_resumed=ticket.is_resumed, quarantine=quarantine)
        if claimed is None:  # done, or another run is at it
            self._schedule.done(ticket)
            return
        if (_lane(claimed.row, claimed.subject), _remote_id(claimed.subject)) != (ticket.lane, ticket.subject):
            row = run.write(put_back, claimed.row)  # other content came: it is about somebody else
            self._schedule.done(ticket)
            self._place(row, claimed.subject)
            return
        work, claimed = ActionWork(run, claimed, ticket.subject, ticket.sends), None
        try:
            values = attempt(run, work, ticket)
        except DeferredError as deferred:
            self._schedule.defer(ticket, deferred.until)
            return
        row, woken = run.write(finish, work.claim.row, **values)
        self._results.note_ended(row, work.states, work.reason)
        for seq in woken:
            if seq != ticket.seq:
                self._admit(seq)
        self._schedule.done(ticket)  # not earlier, or the run might take itself for idle
        if ticket.seq in woken:
            self._admit(ticket.seq)


def _lane(row: Row, subject: Subject | None) -> str | None:
    """Return what an action is about, as actions on the same go one after the other; None: in no order."""
    if subject is not None:
        return f"{row.subject_kind}:{subject.remote_id}"
    return f"person:{row.email_hmac}" if row.email_hmac else None


def _remote_id(subject: Subject | None) -> str | None:
    return None if subject is None else subject.remote_id


def _find(connection: Connection, seq: int) -> tuple[Row, Subject | None]:
    row = Row.get(connection, seq)
    return row, subject_of(connection, row)


def _accept(connection: Connection, run_id: str, tenant: str, incoming: Incoming) -> tuple[Accepted, Subject | None]:
    accepted = accept(connection, tenant, run_id, incoming)
    row = replace(accepted.row, payload=None)  # it stays in the ledger until the action's turn comes
    return replace(accepted, row=row), subject_of(connection, row)
