"""``hr4you doctor``: what works with a tenant, what does not, and which line to change."""

from __future__ import annotations

import json
import os
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hr4you.cli.tenant import PREFIXES, read_settings, tenant_options
from hr4you.connection_schema import CONNECTION_PROPERTIES
from hr4you.contract.fields import RESOURCES
from hr4you.contract.model import ACTIONS
from hr4you.environment import read_environment
from hr4you.errors import ConfigError
from hr4you.inspection.doctor import Check, examine, exit_status_of, first_to_do
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, WRONG_SETUP, count
from hr4you.inspection.shapes import printable
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STYLES: Final = {OK: "green", WARNING: "yellow", FAILED: "bold red", NOT_TRIED: "dim"}
_OF_THE_TAP: Final = {"created_only": {"type": "boolean"}}
_GROUPS: Final = {frozenset(RESOURCES): "all resources", frozenset(ACTIONS): "all six actions"}
_LONGEST: Final = 400
_WIDEST: Final = 110


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@tenant_options
@click.pass_context
def doctor(context: click.Context, *, config: tuple[str, ...], contract: tuple[str, ...], as_json: bool) -> None:
    """Check settings, network, login, rights, lists, times, actions and ledger; nothing is written.

    Ends with 0 if nothing failed, 1 if a check did, 2 if settings or contract are wrong, 75 if the tenant cannot be
    reached or refuses the token.
    """
    settings: dict[str, Any] = {}
    try:
        settings = read_settings(config, contract) | read_environment(_OF_THE_TAP, PREFIXES)
    except ConfigError as error:
        checks = [Check("settings", FAILED, str(error), "Mend that, then run again", exit_status=WRONG_SETUP)]
    else:
        checks = list(examine(settings, _given_by(config)))
    if as_json:
        click.echo(json.dumps(_as_dict(checks, settings), ensure_ascii=False, indent=2))
    else:
        _show(checks)
    context.exit(exit_status_of(checks))


def _given_by(files: tuple[str, ...]) -> str:
    """The config files, and the names of the environment's variables."""
    names = [f"{prefix}{name}".upper() for prefix in PREFIXES for name in (*CONNECTION_PROPERTIES, "ledger_url")]
    found = [*files, *(name for name in names if os.environ.get(name, "").strip())]
    return ", ".join(found) or "nowhere"


def _as_dict(checks: list[Check], settings: dict[str, Any]) -> dict[str, Any]:
    tenant, origin = None, None
    try:
        connection = Connection.from_config(settings, credentials=False)
        tenant, origin = connection.tenant, connection.origin
    except ConfigError:
        pass  # the checks say so
    found = [{key: _clean(value) for key, value in check.as_dict().items()} for check in checks]
    return {"tenant": tenant, "base_url": origin, "checks": found, "ok": exit_status_of(checks) == 0}


def _clean(text: str | None) -> str | None:
    return None if text is None else printable(text, _LONGEST)


def _show(checks: list[Check]) -> None:
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check, what, subjects in _merged(checks):
        names = _GROUPS.get(frozenset(subjects), ", ".join(subjects))
        text = Text(_clean(f"{names}: {check.found}" if names else check.found) or "")
        if check.to_do is not None:
            text.append(f"\n-> {_clean(check.to_do)}", style="bold" if check.result in {FAILED, WARNING} else "")
        table.add_row(Text(check.result, style=_STYLES[check.result]), Text(what), text)
    console.print(table)
    console.print()
    console.print(Text(_sum_up(checks)), soft_wrap=True)


def _merged(checks: Iterable[Check]) -> Iterator[tuple[Check, str, list[str]]]:
    """Yield checks, what they are about and whose: those that found the same of several are told once."""

    def run(check: Check) -> tuple[str, str | None]:
        is_plain = check.result == NOT_TRIED and check.subject is None
        return ("", check.found) if is_plain else (check.what, None)

    def same(check: Check) -> tuple[str, str, str | None]:
        return check.result, check.found, check.to_do

    for (what, _), kind in groupby(checks, key=run):
        of_kind = list(kind)
        for key in dict.fromkeys(map(same, of_kind)):
            alike = [check for check in of_kind if same(check) == key]
            if not what and len(alike) > 1:
                yield alike[0], "", [check.what for check in alike]
            else:
                yield alike[0], alike[0].what, [check.subject for check in alike if check.subject is not None]


def _sum_up(checks: list[Check]) -> str:
    """What came out, and what to do first, on one line."""
    numbers = {result: sum(check.result == result for check in checks) for result in _STYLES}
    told = f"{numbers[FAILED]} failed, {count(numbers[WARNING], 'warning')}, {numbers[OK]} ok, {numbers[NOT_TRIED]} "
    told += "not tried."
    first = first_to_do(checks)
    return told if first is None else f"{told} First: {_clean(first)}."
