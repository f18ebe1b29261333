"""How a step can end beside being done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hr4you.ledger.rows import Problem


class StepFailedError(Exception):
    """The step has not taken effect, and will not by itself."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class ParkedError(StepFailedError):
    """Nobody but a person can tell whether the step has taken effect."""


class DeferredError(Exception):
    """The step may have taken effect; it is too early to look.

    Attributes:
        until: seconds since 1970.
    """

    def __init__(self, until: float) -> None:
        super().__init__("too early")
        self.until = until
