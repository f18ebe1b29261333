"""Test tenants with a config file each, the command `hr4you` run on them, and what of them nobody may be shown."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from click.testing import CliRunner

import hr4you.cli
import hr4you_sandbox
from hr4you.errors import HR4YouError
from hr4you_sandbox import serve_in_thread
from tests.control import Control
from tests.servers import german, nested

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES: Final = ("default", "legacy", "german", "nested")

_OF_PEOPLE: Final = re.compile(
    r"firstname|lastname|vorname|nachname|^name$|given|family|e?mails?|mail_privat|adresse|phones?|telefone?|nummer|number|"
    r"handy|street|strasse|username|^url$|^link$|text|note",
    re.IGNORECASE,
)
_SHORTEST: Final = 3


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Of --json."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: str) -> Done:
    """Run `hr4you`; what the environment holds does not count."""
    clean: dict[str, str | None] = {name: None for name in os.environ if "HR4YOU" in name}
    result = CliRunner().invoke(hr4you.cli.hr4you, arguments, env=clean)
    error = result.exception
    if isinstance(error, HR4YouError):  # as `hr4you.cli.main` does
        return Done(error.exit_status, result.stdout, f"{result.stderr}hr4you: {error}\n")
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Done(result.exit_code, result.stdout, result.stderr)


@dataclass
class At:
    """A tenant that is served, and what a user has for it.

    Attributes:
        path: of the config file.
        people: the texts of its objects that are about somebody: names, addresses, numbers, notes.
    """

    config: dict[str, Any]
    path: Path
    people: frozenset[str]

    def run(self, *arguments: str) -> Done:
        """Run a command of `hr4you` with the config file."""
        return run(*arguments, "--config", str(self.path))

    def shown(self, text: str) -> set[str]:
        """Which of the texts about people stand in an output."""
        words = set(re.findall(r"\w+", text))
        return {each for each in self.people if (each in words if each.isalnum() else each in text)}


def at(config: dict[str, Any], folder: Path, *objects: Any) -> At:
    """Write the config file, and gather what is about people."""
    path = folder / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    people = {text.strip() for text in _texts(list(objects), is_about=False)}
    parts = people | {part for text in people for part in re.split(r"[\s@]+", text) if part.istitle()}
    return At(config, path, frozenset(each for each in parts if len(each) >= _SHORTEST))


@contextmanager
def served(name: str, folder: Path) -> Iterator[At]:
    """Serve one of `NAMES`."""
    if name in {"default", "legacy"}:
        more: dict[str, Any] = {"api_token": "sandbox"}
        if name == "legacy":
            contract = Path(hr4you_sandbox.__file__).with_name("legacy.yml")
            more = {"username": "sandbox", "password": "sandbox", "contract": str(contract)}
        with serve_in_thread(candidates=60, dialect="legacy" if name == "legacy" else "default") as server:
            control = Control(server.base_url)
            objects = [control.all(kind) for kind in ("users", "applicants", "notes")]
            yield at({"base_url": server.base_url, "tenant": "acme", **more}, folder, objects)
    elif name == "german":
        with german.serve() as tenant:
            login = {"username": german.USERNAME, "password": german.PASSWORD, "contract": str(german.CONTRACT)}
            people = [tenant.tables["mitarbeiter"], tenant.tables["kandidaten"]]
            yield at({"base_url": tenant.base_url, "tenant": "acme", **login}, folder, people)
    else:
        with nested.serve() as other:
            token = {"api_token": nested.TOKEN, "contract": str(nested.CONTRACT)}
            people = [other.tables["team"], other.tables["people"]]
            yield at({"base_url": other.base_url, "tenant": "acme", **token}, folder, people)


def _texts(value: Any, *, is_about: bool) -> Iterator[str]:
    """The texts below keys that are about people; applications, sources and custom fields are not."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key in {"source", "herkunft", "customFields", "zusatzfelder", "zusatz", "applications", "type", "art"}:
                continue
            yield from _texts(below, is_about=is_about or bool(_OF_PEOPLE.search(key)))
    elif isinstance(value, list):
        for element in value:
            yield from _texts(element, is_about=is_about)
    elif isinstance(value, str) and is_about:
        yield value
