"""The option that says how many records a command looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def sample_option(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the option ``--sample``, whose value is ``limit``: a number, None for all."""
    return click.option(
        "--sample",
        "limit",
        default=str(default),
        show_default=True,
        metavar="N",
        callback=_read,
        help="How many records of each resource to look at; `all` for all.",
    )


def _read(_context: click.Context, _option: click.Parameter, text: str) -> int | None:
    if text in {"all", "0"}:
        return None
    if not text.isdecimal() or not int(text):
        raise click.BadParameter("expected a number of records, or `all`.")
    return int(text)
