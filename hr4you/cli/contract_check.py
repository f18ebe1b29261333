"""``hr4you contract check``: the contract against what the tenant answers, and against its document."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import click

from hr4you.cli.contract import configured_paths
from hr4you.cli.progress import progress
from hr4you.cli.sampling import sample_option
from hr4you.cli.tenant import open_tenant, read_settings, tenant_options
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.loader import compile_document, load_document
from hr4you.inspection.check import check_contract
from hr4you.inspection.check_document import check_document
from hr4you.inspection.documents import read_document
from hr4you.inspection.lines import FAILED, OK, WARNING, Line, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hr4you.contract import Contract
    from hr4you.contract.document import Document
    from hr4you.inspection.documents import Found

_WIDEST: Final = 32
"""Columns are as wide as what stands in them, up to so many characters."""


@click.command()
@click.option("--docs", metavar="URL_OR_FILE", help="The tenant's OpenAPI document, or the page that shows it.")
@sample_option(200)
@click.option("--json", "as_json", is_flag=True, help="As JSON lines, for programs.")
@tenant_options
@click.pass_context
def check(
    context: click.Context,
    *,
    docs: str | None,
    limit: int | None,
    as_json: bool,
    config: tuple[str, ...],
    contract: tuple[str, ...],
) -> None:
    """Hold the contract against what the tenant answers. Nothing is written, and nobody's data is shown.

    A line for each entry: in how many records it finds something, of which type and shape. Exit status 1 if something
    fails that the connection cannot do without. With --docs it is held against the tenant's document too; where no
    credentials are configured, against the document only.
    """
    document = load_document(configured_paths(config, contract))
    lines: list[Line] = []
    if docs is not None and not _has_credentials(read_settings(config)):
        lines += _against(read_document(docs, None), compile_document(document))
    else:
        with open_tenant(config, contract) as tenant, progress() as note:
            if docs is not None:
                lines += _against(read_document(docs, tenant.client), tenant.contract)
            name = tenant.connection.tenant
            lines += check_contract(tenant.client, tenant.contract, name, limit=limit, note=note)
    if as_json:
        for line in lines:
            click.echo(json.dumps(line.as_dict(document), ensure_ascii=False, separators=(",", ":")))
    else:
        _show(lines, document)
    if any(line.result == FAILED for line in lines):
        context.exit(1)


def _against(found: Found, contract: Contract) -> Iterator[Line]:
    """Hold the contract against the document; references that lead nowhere come first, as they explain the rest."""
    for problem in found.problems:
        yield Line("document", "reference", WARNING, problem)
    yield from check_document(contract, OpenAPI(found.data))


def _has_credentials(config: Mapping[str, Any]) -> bool:
    return any(config.get(name) for name in ("api_token", "api_token_file", "username"))


def _show(lines: Iterable[Line], document: Document) -> None:
    cells = [(line, _cells(line)) for line in lines]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(*(row for _, row in cells), strict=True)]
    section = ""
    for line, row in cells:
        if line.section != section:
            section = line.section
            click.echo(f"\n{section}" if cells[0][0] is not line else section)
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {text.rstrip()}")
        if line.result != OK and line.place is not None:
            click.echo(f"  {'':{widths[0]}}  -> {where(document, line.place)}")
    _sum_up(Counter(line.result for line, _ in cells))


def _cells(line: Line) -> tuple[str, ...]:
    """Result, entry, expression, and what was seen."""
    seen = line.text
    if line.row is not None and line.row.found:
        kinds = ", ".join(f"{kind} {count}" for kind, count in line.row.types.most_common())
        words = ", ".join(f"{word} {count}" for word, count in line.words.items())
        seen += f" | {kinds if len(line.row.types) > 1 else next(iter(line.row.types))} | {words or line.row.shape}"
    return (line.result, line.entry, "" if line.row is None else line.row.expression, seen)


def _sum_up(counts: Counter[Any]) -> None:
    click.echo(f"\n{counts[OK]} ok, {counts[WARNING]} warnings, {counts[FAILED]} failed.")
    if counts[FAILED]:
        click.echo("Change the lines that the failed ones name, then run this again.")
    elif counts[WARNING]:
        click.echo("Nothing fails that is needed. Warnings may be as it should be: the tenant has no such thing.")
