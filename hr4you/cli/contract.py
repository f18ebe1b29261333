"""``hr4you contract``: see what the client takes a tenant's API to look like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from hr4you.contract.loader import compile_document, load_document
from hr4you.errors import ConfigError
from hr4you.settings import CONNECTION_PROPERTIES, read_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hr4you.contract.document import Document, Mark, Place

_SETTING = {"contract": CONNECTION_PROPERTIES["contract"]}
_PREFIXES = ("HR4YOU_", "TAP_HR4YOU_", "TARGET_HR4YOU_")
_MISSING = object()


@click.group()
def contract() -> None:
    """What the tenant's API looks like, as data."""


@contract.command()
@click.option("--diff", is_flag=True, help="Show only what the overrides change, and where they say so.")
@click.option("--contract", "paths", multiple=True, metavar="PATH", help="An override; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--config", metavar="FILE", help="A config file like a Singer plugin's: its setting `contract`.")
def show(*, diff: bool, paths: tuple[str, ...], as_json: bool, config: str | None) -> None:
    """Show the contract: the default with your overrides merged into it, as YAML.

    The overrides are those of --contract, else of HR4YOU_CONTRACT, else of the config file.
    """
    given = list(paths) or _configured(config)
    merged = load_document(given)
    compile_document(merged)
    default = load_document()
    if diff and as_json:
        _echo_json([change.as_dict() for change in _changes(default, merged)])
    elif diff:
        lines = [line for change in _changes(default, merged) for line in change.lines()]
        click.echo("\n".join(lines or ["No difference from the default contract."]))
    elif as_json:
        _echo_json(_with_removed(default.data, merged.data))
    else:
        click.echo(to_yaml(merged.data), nl=False)


def _configured(config: str | None) -> list[str]:
    """The paths in the environment or the config file."""
    given = {**(_read_config(Path(config)) if config else {}), **read_environment(_SETTING, _PREFIXES)}.get("contract")
    if given is None or given == "":
        return []
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and all(isinstance(path, str) for path in given):
        return given
    raise ConfigError("`contract` is neither a path nor a list of paths: give it as in `contract: tenant.yml`")


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}. `--config` names it.") from None
    except ValueError:
        raise ConfigError(f"{path}: is no JSON. Expected a config file as Singer plugins take it.") from None
    if not isinstance(config, dict):
        raise ConfigError(f"{path}: expected a JSON object with settings.")
    return config


class _Dumper(yaml.SafeDumper):
    """Without anchors, which people who read the output would have to look up."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML's signature
        return True


def to_yaml(data: Mapping[str, Any]) -> str:
    """A contract's data as YAML, without what the null of an override took away."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


def _echo_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _with_removed(before: Any, after: Any) -> Any:
    """The data with null for what an override took away: loaded as an override, they make the same contract again."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    kept = {key: _with_removed(before.get(key), value) for key, value in after.items()}
    return kept | {key: None for key in before if key not in after}


@dataclass(frozen=True)
class _Change:
    """A value that is not the default's; `_MISSING` on the side that has none."""

    path: str
    default: Any
    value: Any
    mark: str

    def lines(self) -> Iterator[str]:
        """As people read it: with - and +, and the place that says so."""
        if self.default is not _MISSING:
            taken = f"    # taken away: {self.mark}" if self.value is _MISSING else ""
            yield f"- {self.path}: {_inline(self.default)}{taken}"
        if self.value is not _MISSING:
            yield f"+ {self.path}: {_inline(self.value)}    # {self.mark}"

    def as_dict(self) -> dict[str, Any]:
        """As programs read it."""
        sides = {"default": self.default, "value": self.value}
        return {"path": self.path, **{k: v for k, v in sides.items() if v is not _MISSING}, "by": self.mark}


def _changes(before: Document, after: Document) -> Iterator[_Change]:
    """Every value that is not the default's, each with the place that says so."""
    old, new = dict(_leaves(before.data, ())), dict(_leaves(after.data, ()))
    changed = sorted(
        {place for place in (*old, *new) if old.get(place, _MISSING) != new.get(place, _MISSING)},
        key=lambda place: [str(part) for part in place],
    )
    for place in changed:
        path = ".".join(str(part) for part in place)
        yield _Change(path, old.get(place, _MISSING), new.get(place, _MISSING), _mark_of(place, after.marks))


def _mark_of(place: Place, marks: Mapping[Place, Mark]) -> str:
    while place not in marks:
        place = place[:-1]
    return str(marks[place])


def _leaves(data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _leaves(value, (*place, key))
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        for position, value in enumerate(data):
            yield from _leaves(value, (*place, position))
    else:
        yield place, data


def _inline(value: Any) -> str:
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, width=10_000, default_flow_style=True)
    return text.removesuffix("\n").removesuffix("\n...")
