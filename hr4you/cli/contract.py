"""``hr4you contract``: what the client takes a tenant's API to look like; a module for each command but ``show``."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from hr4you.cli.tenant import read_settings, tenant_options
from hr4you.contract.loader import compile_document, load_document
from hr4you.contract.yaml_text import inline, to_commented_yaml
from hr4you.errors import ConfigError
from hr4you.inspection.differences import changes_between
from hr4you.inspection.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract.document import Document, Place

_OTHERS: Final = ("check", "draft")
"""Each is a module contract_NAME.py beside this one with a command of the same name, imported when it is called."""

_UNCOMMENTED: Final = frozenset({"version", "provenance"})

_ONE_LINE: Final = 80
"""An entry that has one provenance stands on one line up to so many characters."""

_BY_LINE: Final = frozenset({"fields", "steps", "location"})
"""Keys below which every key has a line of its own."""

_SECTION: Final = 2
"""Down to this depth (``resources.jobs``, ``vocabularies.status``) nothing is put on one line."""


class _Group(click.Group):
    """A group whose other commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_OTHERS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _OTHERS:
            found = getattr(import_module(f"hr4you.cli.contract_{cmd_name}"), cmd_name)
            return found if isinstance(found, click.Command) else None
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Group)
def contract() -> None:
    """What the tenant's API looks like, as data."""


@contract.command()
@click.option("--diff", is_flag=True, help="Show only what the overrides change, and where they say so.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@tenant_options
def show(*, diff: bool, as_json: bool, config: tuple[str, ...], contract: tuple[str, ...]) -> None:
    """Show the contract: the default with your overrides merged into it, as YAML.

    Behind each entry stands how sure it is: verified, assumed, drafted (how sure) or yours, with file and line. The
    overrides are those of --contract, else of HR4YOU_CONTRACT, else of the config file.
    """
    given = configured_paths(config, contract)
    merged = load_document(given)
    compile_document(merged)
    default = load_document()
    if diff and as_json:
        _echo_json([change.as_dict() for change in changes_between(default, merged)])
    elif diff:
        lines = [line for change in changes_between(default, merged) for line in change.lines()]
        click.echo("\n".join(lines or ["No difference from the default contract."]))
    elif as_json:
        _echo_json(_with_removed(default.data, merged.data))
    else:
        click.echo(to_yaml(merged, Provenance(merged, given)), nl=False)


def configured_paths(config: tuple[str, ...], contract: tuple[str, ...]) -> list[str]:
    """Return the overrides' paths: of the options, the environment or the config files. Raises `ConfigError`."""
    given = read_settings(config, contract).get("contract")
    if given is None or given == "":
        return []
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and all(isinstance(path, str) for path in given):
        return given
    raise ConfigError("`contract` is neither a path nor a list of paths: give it as in `contract: tenant.yml`")


def to_yaml(document: Document, provenance: Provenance) -> str:
    """A contract as YAML with the provenance of each entry, without what the null of an override took away."""
    data = _in_order(document.data, load_document().data)
    return to_commented_yaml(data, beside=dict(_comments(data, (), provenance)))


def _in_order(data: Any, default: Any) -> Any:
    """The data with its keys in the default's order; keys that the default does not have come last."""
    if not isinstance(data, dict):
        return data
    known = default if isinstance(default, dict) else {}
    order = ["provenance", *known, *data] if "provenance" not in known else [*known, *data]
    keys = dict.fromkeys(key for key in order if key in data)
    return {key: _in_order(data[key], known.get(key)) for key in keys}


def _comments(data: Any, place: Place, provenance: Provenance) -> Iterator[tuple[Place, str]]:
    """The comments; a mapping that gets one is written on one line."""
    entries = enumerate(data) if isinstance(data, list) else data.items()
    for key, value in entries:
        at = (*place, key)
        below = dict(_comments(value, at, provenance)) if _is_tree(value) else {}
        if not below:
            if key not in _UNCOMMENTED:
                yield at, provenance.of(at)
        elif _fits_a_line(at, value) and len({*below.values()}) == 1:
            yield at, next(iter(below.values()))
        else:
            yield from below.items()


def _is_tree(value: Any) -> bool:
    """Whether there are keys below, so that it may take several lines."""
    parts = value if isinstance(value, list) else ()
    return bool(value) and (isinstance(value, dict) or any(isinstance(part, dict) for part in parts))


def _fits_a_line(place: Place, value: Any) -> bool:
    if not isinstance(value, dict) or len(place) < _SECTION + (place[0] != "api"):
        return False
    return place[-1] not in _BY_LINE and not isinstance(place[-1], int) and len(inline(value)) <= _ONE_LINE


def _echo_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _with_removed(before: Any, after: Any) -> Any:
    """The data with null for what an override took away: loaded as an override, they make the same contract again."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    kept = {key: _with_removed(before.get(key), value) for key, value in after.items()}
    return kept | {key: None for key in before if key not in after}
