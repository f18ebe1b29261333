"""Tells on stderr how far a long read is: a line that is renewed on a terminal, elsewhere one every ten seconds."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hr4you.inspection.samples import Note

_EVERY: Final = 10.0
"""Seconds between two lines where stderr is no terminal."""


@contextmanager
def progress() -> Iterator[Callable[[str], Note]]:
    """Yield what gives, for the name of a resource, the function that is told of its pages."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _in_lines()
        return
    with console.status("") as status:

        def noting(name: str) -> Note:
            return lambda count, total: status.update(_told(name, count, total))

        yield noting


def _in_lines() -> Callable[[str], Note]:
    told_at = time.monotonic()

    def noting(name: str) -> Note:
        def note(count: int, total: int | None) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= _EVERY:
                told_at = time.monotonic()
                click.echo(_told(name, count, total), err=True)

        return note

    return noting


def _told(name: str, count: int, total: int | None) -> str:
    return f"Reading {name}: {count:,}" + (f" of {total:,}" if total is not None else "")
