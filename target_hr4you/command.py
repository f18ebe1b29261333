"""Runs the target for a command line."""

from __future__ import annotations

from hr4you.running import run_command
from target_hr4you.target import TargetHR4YOU


def run(arguments: list[str]) -> int:
    """Run the command.

    Returns:
        The exit status: 0 done, 1 an action of the input is failed, partial or parked, 2 setup, 75 the token is
        refused or the tenant unavailable, 130, 141, 143 ended from outside.
    """
    return run_command(TargetHR4YOU.cli, TargetHR4YOU.name, arguments, TargetHR4YOU.logger)
