"""Runs the tap for a command line: one line and the right exit status for whatever ends it."""

from __future__ import annotations

import gc
import os
import sys

import click

from hr4you.errors import HR4YouError
from tap_hr4you.tap import TapHR4YOU
from tap_hr4you.writer import OutputClosedError

INTERRUPTED = 130
CLOSED_PIPE = 141

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
    command = TapHR4YOU.cli
    try:
        status = command.main(arguments, prog_name=TapHR4YOU.name, standalone_mode=False)
    except HR4YouError as error:
        TapHR4YOU.logger.error("%s", error)  # a traceback is for our mistakes, not for the user's
        return error.exit_status
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OutputClosedError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the interpreter's last flush is quiet
        return CLOSED_PIPE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return status if isinstance(status, int) else 0
