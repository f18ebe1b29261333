"""What all actions of one run share."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import HR4YouError, TenantUnavailableError
from hr4you.ledger.executing import LEASE_SECONDS, ClaimLostError
from hr4you.ledger.runs import stay_alive
from target_hr4you.lookups import Lookups

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you.contract import Contract
    from hr4you.http import Client
    from hr4you.ledger import Ledger
    from target_hr4you.settings import TargetSettings

logger = logging.getLogger("target-hr4you")

_MOST_UNUSABLE: Final = 5
"""Writes without a usable answer in a row: the tenant is down, and going on would only make more to look up."""


class TenantDownError(TenantUnavailableError):
    """The tenant is away beyond what this run waits for: no action fails for its sake."""


class StoppedError(HR4YouError):
    """The run ends: what is not begun is left to the next."""


@dataclass
class Run:
    """One run of the target against one tenant.

    Attributes:
        run_id: names it in the ledger: what it has claimed, and what came in its input.
    """

    settings: TargetSettings
    tenant: str
    contract: Contract
    client: Client
    ledger: Ledger
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    _alive_at: float = field(default=0.0, init=False)
    _alive_at_wall: float = field(default=0.0, init=False)
    _unusable: int = field(default=0, init=False)
    _has_answers: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.lookups = Lookups(self.client, self.contract)
        self._stopping = threading.Event()

    def stay_alive(self) -> None:
        """Prolong what this run has claimed. Raises `LedgerUnavailableError`."""
        began, wall = time.monotonic(), time.time()
        self.ledger.write(stay_alive, self.run_id)
        self._alive_at, self._alive_at_wall = began, wall

    def check_alive(self) -> None:
        """Raise `ClaimLostError` where its claims may not hold: who slept for a while must not send on."""
        # A suspended machine's steady clock stands still, its wall clock does not.
        silent = max(time.monotonic() - self._alive_at, time.time() - self._alive_at_wall)
        if silent >= LEASE_SECONDS:
            raise ClaimLostError("This run has not shown for too long: another may have taken over")

    def write(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Write to the ledger in this run's name. Raises `LedgerUnavailableError`, `ClaimLostError`."""
        return self.ledger.write(function, self.run_id, *args, **kwargs)

    def fingerprint(self, action: str) -> str | None:
        """Return what tells whether the contract of an action is still the same, None where it has none."""
        known = self.contract.actions.get(action)
        return None if known is None else known.fingerprint

    def stop(self) -> None:
        """Let no further step begin, and nobody wait for the tenant any longer."""
        self._stopping.set()
        self.client.close()

    @property
    def is_stopping(self) -> bool:
        """Whether no further step is to begin."""
        return self._stopping.is_set()

    def check_stopping(self) -> None:
        """Raise `StoppedError` where no further step is to begin."""
        if self.is_stopping:
            raise StoppedError("The run is ending")

    def note_answer(self, *, is_usable: bool) -> None:
        """Count what comes in a row without a usable answer; not exact between threads, and need not be.

        Raises:
            TenantDownError: the tenant seems to be down.
        """
        self._unusable = 0 if is_usable else self._unusable + 1
        self._has_answers = self._has_answers or is_usable
        if self._unusable >= _MOST_UNUSABLE:
            raise self.down(f"{_MOST_UNUSABLE} requests in a row without a usable answer")

    def down(self, what: str) -> TenantDownError:
        """Return the error of a tenant that is down; `what` has told so."""
        return TenantDownError(f"{self.client.origin} seems to be down: {what}. Nothing is lost: run again later")

    @property
    def has_answers(self) -> bool:
        """Whether the tenant has answered anything usable in this run."""
        return self._has_answers
