"""``hr4you contract draft``: a contract from the tenant's OpenAPI document."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from hr4you.cli.tenant import read_settings
from hr4you.contract import load_contract
from hr4you.contract.draft import drafting
from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.writing import SURE, summary, write
from hr4you.contract.fields import RESOURCES
from hr4you.errors import ConfigError, ContractError
from hr4you.http import Client
from hr4you.inspection.documents import read_document
from hr4you.inspection.looking import draft_with_answers
from hr4you.inspection.shapes import printable
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOME: Final = Proposal("")
_CREDENTIALS: Final = ("api_token", "api_token_file", "username")


@click.command()
@click.option(
    "--docs",
    "source",
    required=True,
    metavar="URL_OR_FILE",
    help="The tenant's docs page, its OpenAPI document, or a file of either.",
)
@click.option("-o", "--output", metavar="FILE", help="Where the contract is written; - for the screen.", required=True)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.option("--no-look", is_flag=True, help="Read the document only, also where the settings have credentials.")
@click.option(
    "--config",
    metavar="FILE",
    multiple=True,
    help="A config file as Singer plugins take it; the environment is read too.",
)
def draft(*, source: str, output: str, force: bool, no_look: bool, config: tuple[str, ...]) -> None:
    """Draft a contract from an OpenAPI document, with how sure each entry is.

    With an address and credentials in the settings, one page of each list is looked at, to settle what the document
    leaves open. Nothing is written at the tenant, and nothing of its data into the file.
    """
    if output != "-":
        _check_output(output, force=force)
    settings = {**read_settings(config), "contract": None}
    connection = _connection(settings)
    found = _read(source, connection)
    api = OpenAPI(found.data)
    title = f": {printable(api.title, 80)}" if api.title else ""
    click.echo(f"Read {found.where}{title} ({_counted(len(api.operations), 'operation')}).", err=True)
    for problem in found.problems:
        click.echo(f"  {problem}", err=True)
    docs = _docs_path(source, connection)
    credentials = frozenset(name for name in _CREDENTIALS if settings.get(name))
    looked = 0
    if connection is not None and credentials and not no_look:
        drafted, looked = _look(api, connection, credentials, docs)
    else:
        drafted = drafting.draft(api, credentials=credentials, docs=docs)
    if not drafted.resources:
        raise ContractError(
            f"{found.where}: none of users, jobs, candidates, application stages and applications is in this document."
        )
    _put(output, write(drafted, found.where))
    options = [option for each in config for option in ("--config", each)]
    if connection is None or not credentials:  # then the document is all that can be checked against
        options += ["--docs", source]
    _tell(drafted, output, looked=looked, options=options)


def _check_output(output: str, *, force: bool) -> None:
    """Tell before the tenant is asked for anything what would go wrong in the end. Raises `ConfigError`."""
    path = Path(output)
    try:
        is_there, is_folder, has_folder = path.exists(), path.is_dir(), path.parent.is_dir()
    except OSError as error:
        raise ConfigError(f"{output}: cannot be written ({error.strerror}).") from None
    if is_folder:
        raise ConfigError(f"{output}: is a folder; give the name of a file to -o.")
    if is_there and not force:
        raise ConfigError(f"{output} is there already; --force writes over it, or give another name to -o.")
    if not has_folder:
        raise ConfigError(f"{output}: there is no folder {path.parent}; make it, or give another name to -o.")
    if not os.access(path if is_there else path.parent, os.W_OK):
        raise ConfigError(f"{output}: may not be written; give another name to -o.")


def _look(
    api: OpenAPI, connection: Connection, credentials: frozenset[str], docs: str | None
) -> tuple[drafting.Draft, int]:
    """Draft with the tenant's answers, or without where the credentials are not of the kind that it asks for."""
    try:
        return draft_with_answers(api, connection, credentials=credentials, docs=docs)
    except ConfigError as error:
        drafted = drafting.draft(api, credentials=credentials, docs=docs)
        drafted.notes.append(f"The tenant was not looked at: {error}")
        click.echo(f"The tenant was not looked at: {error}", err=True)
        return drafted, 0


def _connection(settings: Mapping[str, Any]) -> Connection | None:
    """The tenant that the settings name; None where they name none, as a document alone is enough."""
    if not any(settings.get(name) for name in ("subdomain", "base_url")):
        return None
    return Connection.from_config(settings, credentials=any(settings.get(name) for name in _CREDENTIALS))


def _read(source: str, connection: Connection | None) -> Any:
    """Fetch the document; with the tenant's credentials where it is at the tenant."""
    if connection is None or not (connection.api_token or connection.api_token_file):
        return read_document(source, None)  # how a user name is sent is not known before the document is
    with Client(connection, load_contract().api) as client:
        return read_document(source, client)


def _docs_path(source: str, connection: Connection | None) -> str | None:
    """The docs page's path where it is at the tenant itself."""
    parts = urlsplit(source)
    if connection is None or not source.startswith(f"{connection.origin}/"):
        return None
    return parts.path or None


def _put(output: str, text: str) -> None:
    if output == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{output}: cannot be written ({error.strerror}).") from None


def _tell(drafted: drafting.Draft, output: str, *, looked: int, options: list[str]) -> None:
    """Sum up on stderr what the file holds, and how to check it with these options."""
    if looked:
        click.echo(f"Looked at one page of {_counted(looked, 'list')}.", err=True)
    click.echo(f"{'':20} {f'sure (≥ {SURE})':>12} {'less sure':>10} {'not found':>10}", err=True)
    for section, counts in summary(drafted).items():
        sure, unsure, missing = counts
        click.echo(f"{section:20} {sure:>12} {unsure:>10} {missing:>10}", err=True)
    absent = [name for name in RESOURCES if name not in drafted.resources]
    if absent:
        click.echo(f"Not in the document: {', '.join(absent)}.", err=True)
    needed = [name for name in drafted.resources if drafted.entries.get(("resources", name, "id"), _SOME).value is None]
    if needed:
        click.echo(f"Before it can be used: fill in the `id` of {', '.join(needed)}.", err=True)
    if drafted.notes:
        count = len(set(drafted.notes))
        told = "1 thing to be looked at stands" if count == 1 else f"{count} things to be looked at stand"
        click.echo(f"{told} at the top of the file.", err=True)
    if output != "-":
        command = shlex.join(["hr4you", "contract", "check", *options, "--contract", output])
        click.echo(f"Written: {output}. Next: read it, then {command}", err=True)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
