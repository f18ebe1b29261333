"""What ``hr4you request`` is asked for: its PATH, parameters and body, checked before anything is sent.

No message repeats what was given: it may be a person's data.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

import click

from hr4you.contract import Expression, compile_expression
from hr4you.settings import origin_of

if TYPE_CHECKING:
    from hr4you.cli.tenant import Tenant

_UNREADABLE: Final = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Call:
    """What was asked for.

    Attributes:
        path: as the contract has paths, or a whole URL; without its query.
        query: names and values in their order; a name may stand there twice.
        body: a JSON object or list, None without one.
    """

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any

    @property
    def path_and_query(self) -> str:
        """What `Client.request` takes for its path."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def read_path(text: str, params: tuple[str, ...]) -> tuple[str, list[tuple[str, str]]]:
    """Return the path and the query, which may stand in both. No value is repeated in messages."""
    path, _, query = text.partition("?")
    if "#" in text or _UNREADABLE.search(text) or "\\" in path or not path:
        raise click.UsageError("PATH: expected one like applicants/1001, without spaces, `#` and backslashes.")
    if "{" in path or "}" in path:
        raise click.UsageError("PATH: put an id in the place of what stands in braces.")
    if path.startswith("//"):
        raise click.UsageError("PATH: expected one slash at its start, or a whole address with its scheme.")
    pairs = parse_qsl(query, keep_blank_values=True)
    for param in params:
        name, equals, value = param.partition("=")
        if not name or not equals:
            raise click.UsageError("--param: expected NAME=VALUE.")
        pairs.append((name, value))
    return path, pairs


def read_body(given: str | None) -> Any:
    """Return the JSON of --data, None without one. Raises `click.UsageError`, which does not repeat it."""
    if given is None:
        return None
    try:
        if given == "@-":
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        elif given.startswith("@"):
            text = Path(given[1:]).read_text(encoding="utf-8-sig")
        else:
            text = given
    except OSError as error:
        raise click.UsageError(f"--data: the file cannot be read: {error.strerror}.") from None
    except ValueError:
        raise click.UsageError("--data: the file is no text in UTF-8.") from None
    try:
        body = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        hint = "" if given.startswith("@") else " Mind the shell's quotes, or give a file: --data @body.json"
        place = f"line {error.lineno}, column {error.colno}"
        raise click.UsageError(f"--data is no JSON: {error.msg} ({place}).{hint}") from None
    except (ValueError, RecursionError):
        raise click.UsageError("--data is no JSON: a number or a nesting that JSON does not have.") from None
    if not isinstance(body, dict | list):
        raise click.UsageError("--data: expected a JSON object or list.")
    return body


def _refuse_constant(_: str) -> None:
    raise ValueError


def read_expression(text: str | None) -> Expression | None:
    """Return the compiled --records, None without it. Raises `click.UsageError`."""
    try:
        return None if text is None else compile_expression(text)
    except ValueError as error:
        raise click.UsageError(f"--records: {error}.") from None


def url_of(path: str, tenant: Tenant) -> str:
    """Return the whole URL of a path. Raises `click.UsageError` for another host's."""
    base_url = tenant.connection.base_url
    if "://" not in path:
        return f"{base_url}{path}" if path.startswith("/") else f"{base_url}{tenant.contract.api.base_path}{path}"
    try:
        origin = origin_of(path)
    except ValueError:
        origin = ""
    if origin != tenant.connection.origin:
        raise click.UsageError(
            f"PATH: it is not at the tenant's address, {tenant.connection.origin}. The credentials go nowhere else."
        )
    return path
