"""The command ``hr4you``: a file per sub-command; other packages add theirs through the entry points `GROUP`.

Sub-commands are imported when they are called: the sandbox needs packages that the others don't.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from hr4you.errors import ConfigError, HR4YouError
from hr4you.running import CLOSED_PIPE, INTERRUPTED, OutputClosedError

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP: Final = "hr4you.commands"
_OWN: Final = ("actions", "contract", "doctor", "fields", "request")
"""Each is a module here with a command of the same name."""


class _LazyGroup(click.Group):
    """A group whose commands are found by name and imported when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_OWN, *_entry_points()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _OWN:
            found = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        elif cmd_name in _entry_points():
            try:
                found = _entry_points()[cmd_name].load()
            except ModuleNotFoundError as error:
                return _missing(cmd_name, error.name or "a package")
        else:
            return super().get_command(ctx, cmd_name)
        return found if isinstance(found, click.Command) else None

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with _closed_output_told():  # --help and --version write here already
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _closed_output_told():
            return super().invoke(ctx)


@contextmanager
def _closed_output_told() -> Iterator[None]:
    """Turn the error of a closed pipe, for which click and rich would end the process with status 1, into our own."""
    try:
        yield
    except BrokenPipeError as error:
        raise OutputClosedError from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # rich's
            raise OutputClosedError from error
        raise


def _entry_points() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=GROUP)}


def _missing(command: str, package: str) -> click.Command:
    """What stands for a command whose packages are not installed."""

    def tell() -> NoReturn:
        raise ConfigError(f"`{command}` needs `{package}`, which is not installed: pip install 'tap-hr4you[{command}]'")

    return click.Command(
        command,
        callback=tell,
        help=f"(needs the extra `{command}`)",
        context_settings={"ignore_unknown_options": True},
        params=[click.Argument(["ignored"], nargs=-1, expose_value=False)],
    )


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tap-hr4you", prog_name="hr4you")
def hr4you() -> None:
    """See, check and try out what connects you with HR4YOU."""


def main() -> NoReturn:
    """Run the command; errors end in one line on stderr and the exit status of their kind, a closed pipe in silence."""
    try:
        status = _run()
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OutputClosedError, BrokenPipeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in filter(None, (sys.stdout, sys.stderr)):  # so that the interpreter's last flush is quiet
            os.dup2(nowhere, stream.fileno())
        status = CLOSED_PIPE
    sys.exit(status)


def _run() -> int:
    """Run the command and tell its error; return the exit status."""
    try:
        status = hr4you.main(prog_name="hr4you", standalone_mode=False)
    except HR4YouError as error:
        click.echo(f"hr4you: {error}", err=True)
        return error.exit_status
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"hr4you: {error.format_message()}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return status if isinstance(status, int) else 0
