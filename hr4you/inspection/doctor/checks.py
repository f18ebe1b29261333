"""What a check found, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

OK: Final = "ok"
WARNING: Final = "warning"
FAILED: Final = "failed"
NOT_TRIED: Final = "not tried"

DONE: Final = 0
FAILURE: Final = 1
WRONG_SETUP: Final = 2
UNAVAILABLE: Final = 75


@dataclass(frozen=True)
class Check:
    """One line of the doctor's. No text holds a person's data or a secret.

    Attributes:
        what: was looked at; several lines may share it.
        subject: whose, such as a resource or an action; None where there is only one.
        result: ``ok``, ``warning``, ``failed`` or ``not tried``.
        found: a sentence without its full stop.
        to_do: what the reader does about it, None where nothing.
        exit_status: of the command, if the check failed.
    """

    what: str
    result: str
    found: str
    to_do: str | None = None
    subject: str | None = None
    exit_status: int = FAILURE

    def as_dict(self) -> dict[str, Any]:
        """As programs read it."""
        keys = ("what", "subject", "result", "found", "to_do")
        return {key: getattr(self, key) for key in keys}


def exit_status_of(checks: list[Check]) -> int:
    """Return 2 where settings or the contract are wrong, 75 where the tenant lets nobody in, 1 for other failures."""
    failed = {check.exit_status for check in checks if check.result == FAILED}
    return next((status for status in (WRONG_SETUP, UNAVAILABLE, FAILURE) if status in failed), DONE)


def first_to_do(checks: list[Check]) -> str | None:
    """Return what to do first: about what failed before warnings; None where there is nothing."""
    for result in (FAILED, WARNING):
        for check in checks:
            if check.result == result and check.to_do is not None:
                return check.to_do
    return None


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 record``, ``2 records``."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
