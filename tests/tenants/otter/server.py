"""Serves what openapi.json says, and the documentation that loads it."""

from __future__ import annotations

import base64
import copy
import json
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.servers.base import Raw, Refused, Tenant, Wire, serving
from tests.tenants.otter.data import ROWS
from tests.tenants.otter.wire import Answer, fits, problem, read_form, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
DOCUMENT = HERE / "openapi.json"
KEY = "otter-key-1"
CREDENTIALS = {"api_token": KEY}
BASE = "/hiring/v1/"
DOCS = "/hiring/docs"
COUNTS = {"users": 3, "jobs": 5, "candidates": 25, "application_stages": 5, "applications": 30}
NOON = datetime(2024, 7, 1, 10, tzinfo=timezone.utc)
"""Noon in Berlin, before any machine's own clock."""
LARGEST_PAGE = 10
_BERLIN = ZoneInfo("Europe/Berlin")

_PAGED = {
    "members": {"modifiedSince"},
    "positions": {"modifiedSince", "fields", "state", "departmentId"},
    "people": {"modifiedSince", "createdSince", "fields", "email", "tag"},
    "steps": set(),
    "departments": set(),
}
"""The lists that are cut into pages, and their parameters beside `pageSize` and `cursor`."""
_WHOLE = {"custom-fields": {"entity"}, "email-templates": set(), "tags": set(), "webhooks": set()}
_DATED = {"members", "positions", "people", "steps", "applications"}
_SINGLE = {"members", "positions", "people", "steps", "applications"}
_NEEDED = {"people": {"name", "contact"}, "applications": {"positionId"}, "notes": {"body"}, "attachments": {"file"},
           "webhooks": {"url", "events"}}  # fmt: skip
_ALLOWED = {
    "people": {"name", "gender", "birthday", "contact", "address", "origin", "consent"},
    "applications": {"positionId", "stepId", "submittedAt"},
    "notes": {"body", "visibility"},
    "attachments": {"file", "kind"},
    "webhooks": {"url", "events"},
}
_PREFIX = {"people": "prs", "applications": "app", "notes": "not", "attachments": "att", "webhooks": "whk"}


class Otter(Tenant):
    """The data and the wire; `attachments` and `notes` also hold `_owner`, which is not shown."""

    def stamp(self, table: str) -> Wire:
        return {"modifiedAt": self._moment} if table in _DATED else {}

    @property
    def _moment(self) -> str:
        return self.now.astimezone(_BERLIN).isoformat(timespec="seconds")

    def add(self, table: str, wire: Wire) -> str:
        with self.lock:
            key = str(wire.get("id") or wire.get("key") or wire["name"])
            created = {"createdAt": self._moment} if table in _DATED else {}
            self.tables.setdefault(table, {})[key] = {**copy.deepcopy(wire), **created, **self.stamp(table)}
        return key

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        kind = headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            body = json.dumps(read_form(kind, body)).encode()
        try:
            return super().answer(method, target, headers, body)
        except Answer as answer:
            content = b"" if answer.content is None else json.dumps(answer.content).encode()
            return answer.status, Raw(content, "application/json; charset=utf-8"), self.now

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if (method, path) == ("GET", DOCS):
            return Raw((HERE / "docs.html").read_bytes())
        if (method, path) == ("GET", f"{BASE}openapi.json"):
            return Raw(DOCUMENT.read_bytes(), "application/json")
        if not path.startswith(BASE):
            raise Refused(404)
        if headers.get("x-otter-key") != KEY:
            raise Answer(401, problem("unauthorized", "The key is missing or was revoked"))
        parts = path.removeprefix(BASE).split("/")
        match method, parts:
            case "POST", _:
                self._post(parts, body)
            case "PATCH", ["applications", key]:
                return self._patch(self._row("applications", key), body)
            case "DELETE", ["webhooks", key] if self._row("webhooks", key):
                self.delete("webhooks", key)
                raise Answer(204, None)
            case "GET", _ if body is None:
                return self._get(parts, query)
        raise Refused(404)

    def _get(self, parts: list[str], query: dict[str, str]) -> Any:
        match parts:
            case [table] if table in _PAGED:
                return self._page(table, query)
            case [table] if table in _WHOLE and not set(query) - _WHOLE[table]:
                rows = list(self.tables[table].values())
                return {"items": [row for row in rows if query.get("entity") in {None, row.get("entity")}]}
            case ["people", key, "applications"] if not set(query) - {"positionId"}:
                self._row("people", key)
                rows = [row for row in self.tables["applications"].values() if row["person"]["id"] == key]
                return {"items": [row for row in rows if query.get("positionId") in {None, row["position"]["id"]}]}
            case [("applications"), key, ("attachments" | "notes") as table] if not query:
                self._row("applications", key)
                return {"items": [shown(row) for row in self.tables[table].values() if row["_owner"] == key]}
        found = None if set(query) - {"from", "until", "positionId", "pageSize", "cursor"} else self._other(parts)
        if found is not None:
            return found
        if query:
            raise Answer(400, problem("bad_request", "There is no such parameter"))
        if len(parts) == 2 and parts[0] in _SINGLE:
            return self._row(*parts)
        raise Answer(404, problem("not_found", "There is no such record"))

    def _other(self, parts: list[str]) -> Any:
        """What has nothing to do with the five lists."""
        found: Any = None
        match parts:
            case ["me"]:
                found = {"integration": "Data warehouse", "scopes": ["people:read", "people:write", "positions:read"]}
            case ["calendars", key, "events"] if key in self.tables["members"]:
                times = {"starts": "2024-07-09T10:00:00+02:00", "ends": "2024-07-09T11:00:00+02:00"}
                application = {"id": "app_0003", "label": "Clara Drews"}
                found = {"items": [{"id": "evt_1", "subject": "Interview", "application": application, **times}]}
            case ["people", key, "timeline"]:
                person, by = self._row("people", key), {"id": "mem_1", "label": "Petra Lang"}
                items = [{"at": person["createdAt"], "event": "created", "by": by}]
                found = {"paging": {"pageSize": LARGEST_PAGE, "nextCursor": None}, "items": items}
            case ["positions", key, "team"]:
                team = self._row("positions", key)["hiringTeam"].values()
                found = {"items": [self.tables["members"][member["id"]] for member in team]}
            case ["reports", "funnel"]:
                steps = [{"stepId": key, "applications": 6, "medianDays": 4.5} for key in self.tables["steps"]]
                found = {"generatedAt": self._moment, "steps": steps}
            case ["files", "fil_1"]:
                found = Raw(b"text", "application/octet-stream")
        return found

    def _row(self, table: str, key: str) -> Wire:
        if key not in self.tables[table]:
            raise Answer(404, problem("not_found", "There is no such record"))
        return self.tables[table][key]

    def _page(self, table: str, query: dict[str, str]) -> Wire:
        limit = int(query.get("pageSize", LARGEST_PAGE))
        if set(query) - {"pageSize", "cursor", *_PAGED[table]} or not 1 <= limit <= LARGEST_PAGE:
            raise Answer(400, problem("bad_request", "A parameter is unknown or out of its range"))
        after = base64.urlsafe_b64decode(query.get("cursor", "")).decode()
        rows = [row for key, row in sorted(self.tables[table].items()) if key > after and fits(row, query)]
        page, more = rows[:limit], len(rows) > limit
        following = base64.urlsafe_b64encode(page[-1]["id"].encode()).decode() if more else None
        if "fields" in query:
            names = {"id", *query["fields"].split(",")}
            if names - set(rows[0] if rows else names):
                raise Answer(400, problem("bad_request", "There is no such property", fields={"fields": ["unknown"]}))
            page = [{name: value for name, value in row.items() if name in names} for row in page]
        return {"paging": {"pageSize": limit, "nextCursor": following}, "items": page}

    def _post(self, parts: list[str], body: Any) -> None:
        owner: Wire = {}
        match parts:
            case [("people" | "webhooks") as table]:
                pass
            case ["people", key, "applications" as table] if self._row("people", key):
                pass
            case ["applications", key, ("attachments" | "notes") as table] if self._row("applications", key):
                owner = {"_owner": key}
            case _:
                raise Refused(404)
        wrong = (_NEEDED[table] - set(body)) | (set(body) - _ALLOWED[table])
        if wrong:
            raise Answer(400, problem("invalid", "Not complete", fields={name: ["check"] for name in sorted(wrong)}))
        number = max((int(key[4:]) for key in self.tables[table]), default=0) + 1
        new = {"id": f"{_PREFIX[table]}_{number:04}", **owner}
        if table == "applications":
            new |= self._application(self.tables["people"][parts[1]], body)
        elif table == "attachments":
            file = body["file"]
            new |= {"fileName": file["name"], "contentType": file["type"], "size": file["size"]}
            new |= {"kind": body.get("kind", "other"), "uploadedAt": self._moment}
        elif table == "notes":
            new |= {"visibility": "team", "author": None, "createdAt": self._moment, **body}
        elif table == "people":
            empty: Wire = {**dict.fromkeys(ROWS["people"][0]), "tags": [], "customFields": []}
            contact = {"emails": [], "phones": [], "profiles": [], **body["contact"]}
            new = {**empty, **body, **new, "contact": contact}
        else:
            new |= body
        key = self.add(table, new)
        raise Answer(201, copy.deepcopy(shown(self.tables[table][key])))

    def _application(self, person: Wire, body: Wire) -> Wire:
        position, step = self._row("positions", body["positionId"]), self._row("steps", body.get("stepId", "stp_1"))
        for row in self.tables["applications"].values():
            if (row["person"]["id"], row["position"]["id"]) == (person["id"], position["id"]):
                raise Answer(409, problem("conflict", "The person has applied before", existingId=row["id"]))
        name = f"{person['name'].get('given')} {person['name'].get('family')}"
        return {
            "person": {"id": person["id"], "label": name},
            "position": {"id": position["id"], "label": position["content"]["title"]},
            "step": {"id": step["id"], "label": step["label"]},
            "state": "active",
            "rejection": None,
            "rating": None,
            "submittedAt": body.get("submittedAt", self._moment),
            "customFields": [],
        }

    def _patch(self, row: Wire, body: Wire) -> Wire:
        if set(body) - {"stepId", "rating", "customFields"}:
            raise Answer(400, problem("invalid", "There is no such property"))
        if "stepId" in body:
            step = self._row("steps", body["stepId"])
            row["step"] = {"id": step["id"], "label": step["label"]}
        row["rating"] = body.get("rating", row["rating"])
        own = {each["field"]["key"]: each for each in row["customFields"]}
        for each in body.get("customFields", []):
            field = self.tables["custom-fields"][each["key"]]  # one that is not there is a 400
            shown = {name: field[name] for name in ("key", "label", "type")}
            own[each["key"]] = {"field": shown, "value": each["value"]}
        row |= {"customFields": list(own.values()), **self.stamp("applications")}
        return row


@contextmanager
def serve(now: datetime = NOON) -> Iterator[Otter]:
    """Serve the tenant with what is in data.py, each object changed an hour after the one before, the last at `now`."""
    with serving(Otter(now).fill_hourly(ROWS)) as tenant:
        yield tenant
