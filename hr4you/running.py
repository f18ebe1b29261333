"""Runs a command of click's: one line and the right exit status for whatever ends it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from hr4you.errors import HR4YouError

if TYPE_CHECKING:
    import logging

INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141


class OutputClosedError(Exception):
    """Nobody reads our output any more. Not an OSError, which click would end the process for with status 1."""


def run_command(command: click.Command, name: str, arguments: list[str], logger: logging.Logger) -> int:
    """Run a command.

    Returns:
        The exit status: 0 done, that of a `HR4YouError`, 2 usage, 130 interrupt, 141 closed pipe.
    """
    try:
        status = command.main(arguments, prog_name=name, standalone_mode=False)
    except HR4YouError as error:
        logger.error("%s", error)  # noqa: TRY400  # a traceback is for our mistakes, not for the user's
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
