"""Worker threads that never hold up the end of the process.

`concurrent.futures.ThreadPoolExecutor` joins its threads when the interpreter ends, so Ctrl-C would wait for every
request in flight, up to the request's time-out. These threads are daemons: nobody waits for them.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_Task = tuple["Future[Any]", "Callable[[], Any]"]

_here = threading.local()


def is_worker() -> bool:
    """Whether this thread belongs to a pool: it must not wait for other tasks of one."""
    return getattr(_here, "is_worker", False)


class Pool:
    """Runs functions on at most `size` daemon threads, which are started when they are needed.

    Args:
        size: of threads.
        at_thread_end: called on each thread when it ends.
    """

    def __init__(self, size: int, at_thread_end: Callable[[], None] = lambda: None) -> None:
        self._size = size
        self._at_thread_end = at_thread_end
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._is_closed = False
        self._lock = threading.Lock()

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Run the function on a thread.

        Raises:
            RuntimeError: the pool is closed.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the client is closed")
            self._tasks.put((future, function))
            if self._idle > 0:
                self._idle -= 1
            elif len(self._threads) < self._size:
                thread = threading.Thread(target=self._work, name=f"hr4you-{len(self._threads)}", daemon=True)
                thread.start()
                self._threads.append(thread)  # behind its start: a signal may come in between, and `close` joins them
        return future

    def close(self, *, patience: float = 0.5) -> None:
        """Cancel what has not begun and wait for the threads, but no longer than `patience` seconds each."""
        with self._lock:
            self._is_closed = True
            threads = list(self._threads)
        while True:
            try:
                task = self._tasks.get_nowait()
            except Empty:
                break
            if task is not None:
                task[0].cancel()
        for _ in threads:
            self._tasks.put(None)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(patience)
                patience = patience if not thread.is_alive() else 0.0

    def _work(self) -> None:
        _here.is_worker = True
        try:
            while True:
                task = self._tasks.get()
                if task is None:
                    return
                _run(*task)
                del task  # an idle thread must not keep the last answer alive
                with self._lock:
                    self._idle += 1
        finally:
            self._at_thread_end()


def _run(future: Future[Any], function: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001  # belongs to whoever asks for the result
        future.set_exception(error)
    else:
        future.set_result(result)
