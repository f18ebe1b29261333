"""One thread writes the ledger, and commits what several others want written in one transaction.

A durable commit costs milliseconds whatever it holds, so intents and outcomes of requests that are in flight at the
same time share one; none is ever skipped: a future is done only after its commit.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from hr4you.errors import HR4YouError, LedgerUnavailableError
from hr4you.ledger.tables import meta

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")

WRITES: Final = "hr4you_writes"
"""Execution option of connections that write: on SQLite they begin with the lock, not on the way to it."""

_LARGEST_GROUP: Final = 200
_WAITING: Final = 1_000
_WAITS: Final = (0.5, 1.0, 2.0)
"""Seconds before a transaction is tried again."""

_Job = tuple["Callable[[Connection], Any]", "Future[Any]"]


class GroupWriter:
    """Runs functions against the database, in the order in which they were given, grouped into transactions.

    A function must do nothing but read and write the database: where a transaction fails (another run holds the
    lock, a deadlock, a lost connection) it is called again.

    Args:
        engine: of the ledger.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(**{WRITES: True})
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, function: Callable[[Connection], T]) -> Future[T]:
        """Have a function run in the next transaction; waits only where very many are waiting already.

        The future ends after the commit, on the writer's thread; what hangs on it must be short.

        Raises:
            LedgerUnavailableError: in the future: nothing of the function was written. At once: the ledger is closed.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise LedgerUnavailableError("The ledger is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)
                self._thread.start()
        self._jobs.put((function, future))
        return future

    def close(self) -> None:
        """Write what waits, and end."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    def _work(self) -> None:
        ended = False
        while not ended:
            first = self._jobs.get()
            group: list[_Job] = []
            if first is None:
                break
            group.append(first)
            with contextlib.suppress(queue.Empty):
                while len(group) < _LARGEST_GROUP:
                    following = self._jobs.get_nowait()
                    if following is None:
                        ended = True
                        break
                    group.append(following)
            self._write(group)

    def _write(self, group: list[_Job]) -> None:
        try:
            results = self._commit(group)
        except Exception as error:  # noqa: BLE001  # goes into the futures
            if len(group) > 1 and not isinstance(error, LedgerUnavailableError):
                for job in group:  # one of them is at fault: the others are not to suffer
                    self._write([job])
                return
            for _, future in group:
                future.set_exception(_refused(error) if isinstance(error, (SQLAlchemyError, UnicodeError)) else error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if isinstance(result, HR4YouError):
                future.set_exception(result)
            else:
                future.set_result(result)

    def _commit(self, group: list[_Job]) -> list[Any]:
        """Run the functions in one transaction and return their results, or their own errors.

        Raises:
            LedgerUnavailableError: the database does not take it, also not after some waiting.
        """
        for wait in (*_WAITS, None):
            try:
                return self._attempt(group)
            except (DataError, IntegrityError, UnicodeError):
                raise  # what is wrong with one of them no waiting mends
            except SQLAlchemyError as error:
                if wait is None or not isinstance(error, DBAPIError):
                    raise _unavailable(error) from None
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, group: list[_Job]) -> list[Any]:
        with self._engine.begin() as connection:
            connection.execute(select(meta.c.id).with_for_update())  # writers of all runs: one at a time
            return [_try(function, connection) for function, _ in group]


def _try(function: Callable[[Connection], Any], connection: Connection) -> Any:
    try:
        return function(connection)
    except HR4YouError as error:  # by agreement raised before anything is written
        return error


def _refused(error: Exception) -> LedgerUnavailableError:
    kind = type(error).__name__
    return LedgerUnavailableError(f"The ledger does not take a value ({kind}). Nothing is lost; please report it")


def _unavailable(error: SQLAlchemyError) -> LedgerUnavailableError:
    """Return what to tell: not the error's text, which holds the statement's values."""
    kind = type(error.orig if isinstance(error, DBAPIError) and error.orig is not None else error).__name__
    words = {"OperationalError": "locked, full, or not to be reached"}.get(kind, kind)
    return LedgerUnavailableError(
        f"The ledger cannot be written ({words}). Nothing is lost: free it (disk space, rights, another program that "
        "holds it), then run again"
    )
