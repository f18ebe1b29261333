"""Runs the tap for a command line."""

from __future__ import annotations

import gc

from hr4you.running import run_command
from tap_hr4you.tap import TapHR4YOU

COLLECT_AFTER = 100_000
"""Allocations between two garbage collections: a page of records holds no cycles, and looking for them in every page
costs 5 to 15 % of the run."""


def run(arguments: list[str]) -> int:
    """Run the command.

    Returns:
        The exit status: 0 done, 1 a stream was forbidden or the tenant's answers made no sense, 2 setup, 75 tenant
        unavailable, 130, 141, 143 ended from outside.
    """
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    return run_command(TapHR4YOU.cli, TapHR4YOU.name, arguments, TapHR4YOU.logger)
