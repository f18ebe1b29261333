"""``hr4you actions``: see what the target has not done, and let it try again."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hr4you.config import read_config_files
from hr4you.connection_schema import CONNECTION_PROPERTIES, LEDGER_URL
from hr4you.environment import read_environment
from hr4you.errors import ConfigError
from hr4you.ids import to_remote_id
from hr4you.ledger import Ledger, default_url
from hr4you.ledger.retrying import (
    NOT_DONE,
    Choice,
    Listed,
    Retried,
    Verdict,
    known_tenants,
    list_actions,
    retry_chosen,
    retry_named,
)
from hr4you.ledger.rows import Status
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ADDRESS: Final = ("subdomain", "base_url")
_SETTINGS: Final = {
    "ledger_url": LEDGER_URL,
    **{name: CONNECTION_PROPERTIES[name] for name in (*_ADDRESS, "tenant")},
}
_PREFIXES: Final = ("HR4YOU_", "TARGET_HR4YOU_")
_STATUSES: Final = (*NOT_DONE, Status.SUCCEEDED, Status.ERASED)
_MOST_TOLD: Final = 20
_NEXT: Final = (
    "The next run sends them, also without input: `meltano run TAP target-hr4you`, or "
    "`target-hr4you --config FILE < /dev/null`."
)


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every sub-command has."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="As JSON lines, for programs."),
        click.option("--tenant", metavar="NAME", help="Whose actions, where the ledger holds several tenants'."),
        click.option("--config", metavar="FILE", multiple=True, help="A config file like that of target-hr4you."),
    ):
        command = option(command)
    return command


@click.group()
def actions() -> None:
    """What the target has sent, what is not done, and what to do about it."""


@actions.command("list")
@click.option("--status", "statuses", multiple=True, type=click.Choice(_STATUSES), help="May be given several times.")
@click.option("--action", metavar="NAME", help="Only these, as create_candidate.")
@click.option("--code", metavar="CODE", help="Only with this error, as REMOTE.INPUT_INVALID.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many; the newest are last.")
@_common
def list_(
    *,
    statuses: tuple[str, ...],
    action: str | None,
    code: str | None,
    limit: int,
    config: tuple[str, ...],
    tenant: str | None,
    as_json: bool,
) -> None:
    """List actions with what became of them; without --status all that have not succeeded."""
    choice = Choice(statuses or NOT_DONE, action, code)
    with _open(config, tenant) as (ledger, name):
        found, total = ([], 0) if name is None else ledger.read(list_actions, name, choice, limit)
    if as_json:
        for row, steps in found:
            _echo_json(row.result(steps))
    elif found:
        _show(found, total)
    else:
        click.echo("There are no such actions." if statuses or action or code else "There is nothing left to do.")


@actions.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--status", "statuses", multiple=True, type=click.Choice(Status.STUCK), help="All with this status.")
@click.option("--action", metavar="NAME", help="All of this name.")
@click.option("--code", metavar="CODE", help="All with this error.")
@click.option("--all", "is_all", is_flag=True, help="All that are failed, partial or parked.")
@click.option("--not-there", is_flag=True, help="Of parked actions: I looked, it did not take effect. Send it again.")
@click.option("--took-effect", is_flag=True, help="Of parked actions: I looked, it did take effect. Go on behind it.")
@click.option("--remote-id", metavar="ID", help="With --took-effect: the id in HR4YOU of what it made.")
@click.option("--step", metavar="STEP", help="Where several requests have no answer: the one that is meant.")
@_common
@click.pass_context
def retry(  # an argument for each option
    context: click.Context,
    *,
    ids: tuple[str, ...],
    statuses: tuple[str, ...],
    action: str | None,
    code: str | None,
    is_all: bool,
    not_there: bool,
    took_effect: bool,
    remote_id: str | None,
    step: str | None,
    config: tuple[str, ...],
    tenant: str | None,
    as_json: bool,
) -> None:
    """Let the next run of target-hr4you try actions again that are failed, partial or parked.

    An ID is an action_id, {action}/{action_id} or the whole id of a result. Nothing is sent by this command. Steps
    that took effect are not repeated. Of a parked action, nobody could tell whether it took effect: look in HR4YOU,
    then say --not-there or --took-effect.
    """
    is_chosen = bool(statuses or action or code or is_all)
    if bool(ids) == is_chosen:
        raise click.UsageError("Give either IDs, or what to choose by: --status, --code, --action or --all.")
    if (remote_id or step) and len(ids) != 1:
        raise click.UsageError("--remote-id and --step are of one action: give its ID alone.")
    verdict = _read_verdict(not_there=not_there, took_effect=took_effect, remote_id=remote_id, step=step)
    with _open(config, tenant) as (ledger, name):
        if name is None:
            retried: list[Retried] = []
        elif ids:
            retried = ledger.write(retry_named, name, ids, verdict)
        else:
            retried = ledger.write(retry_chosen, name, Choice(statuses or Status.STUCK, action, code), verdict)
    if as_json:
        for each in retried:
            _echo_json(_as_dict(each))
    else:
        _tell(retried)
    if not retried or any(each.reason is not None for each in retried):
        context.exit(1)


def _read_verdict(*, not_there: bool, took_effect: bool, remote_id: str | None, step: str | None) -> Verdict | None:
    if not_there and took_effect:
        raise click.UsageError("--not-there and --took-effect exclude each other.")
    if remote_id is not None and not took_effect:
        raise click.UsageError("--remote-id needs --took-effect.")
    if step is not None and not (not_there or took_effect):
        raise click.UsageError("--step needs --not-there or --took-effect.")
    made = to_remote_id(remote_id)
    if remote_id is not None and (made is None or not made.isprintable() or set(made) & set(" @/:")):
        raise click.UsageError("--remote-id: expected an id of HR4YOU, as 4711.")
    return Verdict(took_effect, made, step) if not_there or took_effect else None


# --- whose actions -----------------------------------------------------------------------------------------------


@contextmanager
def _open(files: tuple[str, ...], tenant: str | None) -> Iterator[tuple[Ledger, str | None]]:
    """Open the ledger and yield it with the tenant; None where it holds nothing yet.

    Raises:
        ConfigError: there is no ledger, or it cannot be told whose actions are meant.
    """
    config = {**read_config_files(files), **read_environment(_SETTINGS, _PREFIXES)}
    url = config.get("ledger_url") or default_url()
    if not isinstance(url, str):
        raise ConfigError("`ledger_url`: expected text")
    wanted = tenant or _configured_tenant(config)
    with Ledger(url, create=False) as ledger:
        yield ledger, _find_tenant(ledger.read(known_tenants), wanted)


def _configured_tenant(config: dict[str, Any]) -> str | None:
    if any(config.get(name) is not None for name in _ADDRESS):
        given = {name: config.get(name) for name in (*_ADDRESS, "tenant")}
        return Connection.from_config(given, credentials=False).tenant
    named = config.get("tenant")
    return named.strip() or None if isinstance(named, str) else None


def _find_tenant(known: list[str], wanted: str | None) -> str | None:
    """Return the tenant that is meant, None where the ledger knows none. Raises `ConfigError`."""
    if not known or wanted in known:
        return wanted if known else None
    if wanted is not None:
        raise ConfigError(f"The ledger holds nothing of the tenant `{wanted}`, but of {', '.join(known)}")
    if len(known) > 1:
        raise ConfigError(f"The ledger holds actions of several tenants, say which: --tenant {' | '.join(known)}")
    return known[0]


# --- what is shown -----------------------------------------------------------------------------------------------


def _show(found: list[Listed], total: int) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("status")
    table.add_column("action", overflow="fold")
    table.add_column("error", overflow="fold", min_width=28)
    table.add_column("tries", justify="right")
    table.add_column("changed\n(UTC)", no_wrap=True, min_width=10)
    for row, _ in found:
        error = [row.error_code or ""]
        error += [f"({row.error_field})"] if row.error_field else []
        error += [f"step {row.error_step}"] if row.error_step else []
        error += [f"HTTP {row.http_status}"] if row.http_status else []
        error += [f"request {row.request_id}"] if row.request_id else []
        changed = row.changed_at[:16].replace("T", "\n")
        cells = (row.status, row.key.text, "\n".join(error), str(row.attempts), changed)
        table.add_row(*map(Text, cells))  # as texts: ids may look like rich's markup
    Console().print(table)
    if total > len(found):
        click.echo(f"{total - len(found)} more, changed before these: --limit {total} shows them.")
    if any(row.status in Status.STUCK for row, _ in found):
        click.echo("To do: mend the cause, then `hr4you actions retry ID` or a mended record in the next run.")
    if any(row.status == Status.PARKED for row, _ in found):
        click.echo("Of parked ones, look in HR4YOU first: `hr4you actions retry ID` says for what.")


def _tell(retried: list[Retried]) -> None:
    if not retried:
        click.echo("There is nothing to retry.", err=True)
        return
    refused = [each for each in retried if each.reason is not None]
    opened = [each for each in retried if each.reason is None and not each.left]
    _echo_some([f"Re-opened: {each.name}" for each in opened], err=False)
    for each in retried:
        if each.left:
            click.echo(f"Noted, still parked: {each.name}: now say the same of --step {' and '.join(each.left)}")
    _echo_some([f"Not re-opened: {_shown(each.name)}: {each.reason}" for each in refused], err=True)
    if opened:
        click.echo(_NEXT)


def _echo_some(lines: list[str], *, err: bool) -> None:
    for line in lines[:_MOST_TOLD]:
        click.echo(line, err=err)
    if len(lines) > _MOST_TOLD:
        click.echo(f".. and {len(lines) - _MOST_TOLD} more (--json has them all)", err=err)


def _shown(name: str) -> str:
    return name if "@" not in name else "(an id with an @, which stands in the ledger as a digest)"


def _as_dict(each: Retried) -> dict[str, Any]:
    row = each.row
    return {
        "id": None if row is None else f"{row.tenant}:action:{row.key.text}",
        "asked": _shown(each.name),
        "status": None if row is None else row.status,
        "is_reopened": each.reason is None and not each.left,
        "reason": each.reason,
        "steps_left": list(each.left),
    }


def _echo_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
