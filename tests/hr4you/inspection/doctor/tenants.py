"""A tenant that `hr4you doctor` finds nothing wrong with, and knobs that break it one at a time."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

import hr4you.cli
from tests.servers.base import Raw, Refused
from tests.servers.plain import PlainTenant

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "token-of-the-doctor-4711"
NAME, EMAIL = "Mustermann-Geheim", "erika.geheim@example.org"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class HonestTenant(PlainTenant):
    """Speaks the default wire as the contract says; changes lie an hour apart, the newest an hour ago.

    Attributes:
        token: what `Authorization` has to hold.
        headers: of every answer.
        allow: path below /api2/ -> the `Allow` of an OPTIONS.
        ignored: parameters that are not heeded.
        methods: of all requests.
    """

    def __init__(self) -> None:
        super().__init__(datetime.now(timezone.utc).replace(microsecond=0))
        self.token = f"Bearer {TOKEN}"
        self.headers: dict[str, str] = {}
        self.allow: dict[str, str] = {}
        self.ignored: set[str] = set()
        self.methods: set[str] = set()
        self.instead = {"sources": {"data": []}, "customfields": {"data": []}}
        self.restamp(0)

    def restamp(self, ahead: float, *, naive: bool = False) -> None:
        """Write all objects anew, their times so many hours off."""
        for number in range(1, 7):
            changed = self.now + timedelta(hours=ahead - 7 + number)
            stamp = {"updatedAt": f"{changed:%Y-%m-%d %H:%M:%S}" if naive else f"{changed:%Y-%m-%dT%H:%M:%SZ}"}
            person = {"firstname": "Erika", "lastname": NAME, "email": EMAIL}
            self.put("users", number, **person, **stamp)
            self.put("jobs", number, jobTitle="Koch", jobFulltext="Text", jobStatus="offen", **stamp)
            emails = [{"address": EMAIL, "type": "privat"}]
            self.put("applicants", number, **person, emails=emails, **stamp)
            self.put("stages", number, name="Eingang", position=number, **stamp)
            refers = {"applicantId": number, "jobId": 1, "stageId": 1}
            self.put("applications", number, **refers, status="neu", **stamp)

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        self.methods.add(method)
        if headers.get("authorization") != self.token:
            raise Refused(401)
        query = {name: value for name, value in query.items() if name not in self.ignored}
        below = path.removeprefix("/api2/")
        if method == "OPTIONS":
            return Raw(b"", headers={"Allow": self.allow[below]} if below in self.allow else {})
        if below in self.refused:
            raise Refused(self.refused[below])
        if below == "applicants" and "email" in query:
            return {"data": []}
        if below == "applications" and "applicantId" in query:
            rows = self.tables[below].values()
            return {"data": [row for row in rows if str(row["applicantId"]) == query["applicantId"]]}
        if below.endswith(("/attachments", "/notes")):
            return {"data": []}
        if self.ignored:
            query = {"page": "1", "limit": "200"} | query
        return super().handle(method, path, query, headers, body)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        status, content, now = super().answer(method, target, headers, body)
        return status, content._replace(headers={**content.headers, **self.headers}), now


@dataclass
class Report:
    """What ``hr4you doctor --json`` said."""

    status: int
    text: str

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.text))

    def find(self, what: str, subject: str | None = None) -> dict[str, Any]:
        """The one check that is meant."""
        (found,) = [
            check for check in self.data["checks"] if check["what"] == what and subject in {None, check["subject"]}
        ]
        return dict(found)

    def result(self, what: str, subject: str | None = None) -> str:
        return str(self.find(what, subject)["result"])

    @property
    def bad(self) -> list[tuple[str, str | None, str]]:
        """What failed or is warned of."""
        wrong = [check for check in self.data["checks"] if check["result"] in {"failed", "warning"}]
        return [(check["what"], check["subject"], check["result"]) for check in wrong]


def invoke(*arguments: str, **settings: str) -> tuple[int, str]:
    """Run ``hr4you doctor`` with these settings in the environment and no others."""
    clean: dict[str, str | None] = {name: None for name in os.environ if "HR4YOU" in name}
    clean |= dict.fromkeys(PROXIES) | {f"HR4YOU_{name}".upper(): value for name, value in settings.items()}
    result = CliRunner().invoke(hr4you.cli.hr4you, ["doctor", *arguments], env=clean)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def examine(base_url: str, *arguments: str, **settings: str) -> Report:
    return Report(*invoke("--json", *arguments, **{"base_url": base_url, "api_token": TOKEN, **settings}))


def contract(folder: Path, text: str) -> str:
    """Write an override; returns its path."""
    path = folder / "tenant.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)
