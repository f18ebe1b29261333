"""Runs `hr4you request`, and a server that keeps what it was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from click.testing import CliRunner

import hr4you.cli
from hr4you.errors import HR4YouError
from tests.servers import plain
from tests.servers.base import Raw, Tenant

if TYPE_CHECKING:
    from datetime import datetime

SANDBOX = "sandbox"
"""The token that a sandbox takes."""


class Asked(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def ask(base_url: str, *arguments: str, stdin: str | None = None, token: str = SANDBOX, **env: str) -> Asked:
    """Run the command in this process."""
    settings = {"HR4YOU_BASE_URL": base_url, "HR4YOU_API_TOKEN": token, **env}
    result = CliRunner().invoke(hr4you.cli.hr4you, ["request", *arguments], env=settings, input=stdin)
    if isinstance(result.exception, HR4YouError):
        return Asked(result.exception.exit_status, result.stdout, f"{result.stderr}{result.exception}")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Asked(result.exit_code, result.stdout, result.stderr)


class Echo(Tenant):
    """Answers all with an empty object, and keeps what was asked for, as a server's log would."""

    def __init__(self) -> None:
        super().__init__(plain.MORNING)
        self.targets: list[str] = []

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        self.targets.append(target)
        return super().answer(method, target, headers, body)

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:  # noqa: ARG002  # the base's
        return {}
