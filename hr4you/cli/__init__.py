"""The command ``hr4you``: a file per sub-command; other packages add theirs through the entry points `GROUP`.

Sub-commands are imported when they are called: the sandbox needs packages that the others don't.
"""

from __future__ import annotations

import sys
from importlib import import_module, metadata
from typing import Final, NoReturn

import click

from hr4you.errors import ConfigError, HR4YouError

GROUP: Final = "hr4you.commands"
_OWN: Final = ("actions", "contract", "doctor", "fields", "request")
"""Each is a module here with a command of the same name."""
_INTERRUPTED: Final = 130


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
    """Run the command; errors end in one line on stderr and the exit status of their kind."""
    try:
        status = hr4you.main(prog_name="hr4you", standalone_mode=False)
    except HR4YouError as error:
        _end(str(error), error.exit_status)
    except click.UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _end(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


def _end(message: str, status: int) -> NoReturn:
    click.echo(f"hr4you: {message}", err=True)
    sys.exit(status)
