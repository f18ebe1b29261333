"""``hr4you fields``: what a tenant's objects hold beside what the contract maps, and how to take it along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hr4you.cli.progress import progress
from hr4you.cli.sampling import sample_option
from hr4you.cli.tenant import Tenant, open_tenant, tenant_options
from hr4you.errors import ForbiddenError, SetupError, TenantUnavailableError
from hr4you.ids import MODEL_OF_STREAM, MODELS, STREAM_OF_MODEL
from hr4you.inspection.explore import FoundField, explore
from hr4you.inspection.naming import mappings, mappings_yaml, named
from hr4you.inspection.samples import read_lookup, take_sample
from hr4you.inspection.shapes import MOST_DISTINCT, printable
from hr4you.text import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hr4you.inspection.samples import Note

_WIDTH: Final = 160
"""Characters per line where the output is no terminal."""

Definitions = dict[str, "tuple[str, str | None]"]


@click.command()
@click.option(
    "--model", "models", multiple=True, type=click.Choice(MODELS), help="Only this; may be given several times."
)
@sample_option(500)
@click.option(
    "--yaml", "as_yaml", is_flag=True, help="As the setting `custom_field_mappings`, to paste in meltano.yml."
)
@click.option("--setting", "as_setting", is_flag=True, help="The same as JSON, to paste in a config file.")
@click.option("--json", "as_json", is_flag=True, help="As JSON lines, for programs.")
@tenant_options
@click.pass_context
def fields(
    context: click.Context,
    *,
    models: tuple[str, ...],
    limit: int | None,
    as_yaml: bool,
    as_setting: bool,
    as_json: bool,
    config: tuple[str, ...],
    contract: tuple[str, ...],
) -> None:
    """Show the fields that the contract does not map: the tenant's own, and keys that nothing reads.

    Of each: how many records have it filled, how many different values there are and what these look like. The values
    themselves are never shown.
    """
    if as_yaml + as_setting + as_json > 1:
        raise click.UsageError("--yaml, --setting and --json exclude each other.")
    with open_tenant(config, contract) as tenant, progress() as note:
        definitions = _definitions(tenant)
        found, complete = _read(tenant, models or MODELS, limit, definitions, note)
    if as_json:
        for field, name in named(found):
            click.echo(json.dumps({**field.as_dict(), "name": name}, ensure_ascii=False, separators=(",", ":")))
    elif as_setting:
        click.echo(f'"custom_field_mappings": {json.dumps(mappings(found), ensure_ascii=False)}')
    elif as_yaml:
        click.echo(mappings_yaml(found), nl=False)
    else:
        _show(found)
        if complete and not models:
            _show_unused(found, definitions)
    if not complete:
        context.exit(1)


def _read(
    tenant: Tenant, models: Iterable[str], limit: int | None, definitions: Definitions, note: Callable[[str], Note]
) -> tuple[list[FoundField], bool]:
    """Return the fields, and whether all models could be read; what could not is told."""
    found: list[FoundField] = []
    complete = True
    for name in (STREAM_OF_MODEL[model] for model in dict.fromkeys(models)):
        sample = take_sample(tenant.client, tenant.contract, name, limit=limit, note=note(name))
        if isinstance(sample.error, TenantUnavailableError | SetupError):
            raise sample.error
        if sample.error is not None:
            complete = False
            why = "may not be read" if isinstance(sample.error, ForbiddenError) else "could not be read"
            click.echo(f"{MODEL_OF_STREAM[name]}: {why}: {printable(str(sample.error), 300)}", err=True)
        elif not sample.items:
            click.echo(f"{MODEL_OF_STREAM[name]}: there are no records to look at.", err=True)
        found += explore(tenant.contract, sample, definitions) if sample.items else []
    return found, complete


def _definitions(tenant: Tenant) -> Definitions:
    """Key -> label and type of the tenant's own fields; empty where the tenant does not list them."""
    lookup = tenant.contract.custom_field_definitions
    if lookup is None:
        return {}
    rows, error = read_lookup(tenant.client, tenant.contract, lookup)
    if isinstance(error, TenantUnavailableError | SetupError):
        raise error
    if error is not None:
        click.echo(f"Without the list of definitions: {printable(str(error), 300)}", err=True)
    found: Definitions = {}
    for row in rows:
        key, label = to_text(lookup.key(row)), to_text(lookup.label(row))
        if key is not None:
            found[key] = (label or key, None if lookup.type is None else to_text(lookup.type(row)))
    return found


def _show(found: list[FoundField]) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    for model in dict.fromkeys(field.model for field in found):
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), title=model, title_justify="left")
        for heading in ("key", "label", "type", "filled", "values", "shape"):
            table.add_column(heading, overflow="fold", justify="right" if heading in {"filled", "values"} else "left")
        for field in (field for field in found if field.model == model):
            key = "(keys differ from record to record)" if field.key is None else printable(field.key)
            label = field.label or ("" if field.kind == "tenant" else "(native)")
            share = f"{field.filled} of {field.of}"
            values = f"{field.distinct}{'+' if field.distinct >= MOST_DISTINCT else ''}"
            table.add_row(*map(Text, (key, label, field.type or "", share, values, field.shape)))
        console.print(table)
    if any(field.key is None for field in found):
        click.echo("Where keys differ from record to record, `custom_fields.key` in the contract may be the value.")
    click.echo("To take them along, `hr4you fields --yaml` (for meltano.yml) or `--setting` (for a config file) prints")
    click.echo("the setting `custom_field_mappings`.")


def _show_unused(found: list[FoundField], definitions: Definitions) -> None:
    """Tell what is defined and stands in no record."""
    used = {field.key for field in found if field.kind == "tenant"}
    unused = [(key, label) for key, (label, _) in definitions.items() if key not in used]
    if unused:
        click.echo("Defined, and in no record that was looked at:")
    for key, label in unused:
        click.echo(f"  {printable(key)}  {printable(label)}")
