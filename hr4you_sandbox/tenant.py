"""Everything that one running sandbox holds."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Literal, NamedTuple

from hr4you_sandbox.dialect import Dialect
from hr4you_sandbox.faults import Fault, FaultPlan
from hr4you_sandbox.legacy import Legacy
from hr4you_sandbox.seed import fill
from hr4you_sandbox.storage import Storage, StorageError
from hr4you_sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["DialectName", "Order", "StorageError", "Tenant", "Written"]

DialectName = Literal["default", "legacy"]
Order = Literal["id", "updated_asc", "updated_desc"]


class Written(NamedTuple):
    """Something that came in through the API (not through the control API)."""

    at: str
    what: str
    """``POST applications/8001/notes``."""
    kind: str
    object_id: int


class Tenant:
    """The data, the dialect, the fault plan and what has been asked so far."""

    def __init__(
        self,
        *,
        candidates: int = 500,
        seed: int = 1,
        dialect: DialectName = "default",
        order: Order = "id",
        faults: Sequence[Fault] = (),
        db: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.candidates = candidates
        self.seed = seed
        self.order = order
        self.clock = clock
        self.dialect: Dialect = Legacy() if dialect == "legacy" else Dialect()
        self.storage = Storage(db) if db is not None else None
        self.store = Store(clock)
        self.plan = FaultPlan(list(faults), seed)
        self.requests: Counter[str] = Counter()
        self.written: deque[Written] = deque(maxlen=200)
        """The latest writes, the newest last."""
        if self.storage is None or not self.storage.load(self.store):
            fill(self.store, candidates, seed)
            self._keep()
        self._listen()

    def reset(self) -> None:
        """The data of the seed again, no faults, nothing asked or written yet."""
        self.store = Store(self.clock)
        fill(self.store, self.candidates, self.seed)
        self._keep()
        self._listen()
        self.plan = FaultPlan(seed=self.seed)
        self.requests.clear()
        self.written.clear()
        self.dialect.reset()

    def note_write(self, what: str, kind: str, object_id: int) -> None:
        """Remember a write for the page on which a person sees what the pipeline wrote."""
        self.written.append(Written(self.store.now(), what, kind, object_id))

    def close(self) -> None:
        """Let go of the database file."""
        if self.storage is not None:
            self.storage.close()

    def _keep(self) -> None:
        if self.storage is not None:
            self.storage.replace_all(self.store)

    def _listen(self) -> None:
        if self.storage is not None:
            self.store.on_write = self.storage.write
