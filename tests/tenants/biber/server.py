"""Serves what openapi.yml of this folder says, with its documentation page; see data.py for the data."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import datetime, timezone
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import yaml

from tests.servers.base import Raw, Refused, Tenant, Wire, serving
from tests.tenants.biber import data

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
DOCUMENT = HERE / "openapi.yml"
CONTRACT = HERE / "expected.yml"
BASE = "/rest/v1/"
DOCS = "/swagger-ui/index.html"
DOCUMENT_PATH = "/v3/api-docs.yaml"
TOKEN = "biber-9f3a77"
CREDENTIALS = {"api_token": TOKEN}
COUNTS = {"users": 3, "jobs": 12, "candidates": 25, "application_stages": 5, "applications": 30}
NOON = datetime(2025, 4, 1, 10, tzinfo=timezone.utc)

_MAX_SIZE = 10
_MILLISECONDS_FROM = 10**11
_KINDS = {"LEBENSLAUF", "ANSCHREIBEN", "ZEUGNIS", "SONST"}
_PAGE = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <title>Swagger UI</title>
    <link rel="stylesheet" type="text/css" href="./swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="./swagger-ui-bundle.js" charset="UTF-8"></script>
    <script>
    window.onload = function () {
      window.ui = SwaggerUIBundle({
        url: "",
        spec: %s,
        dom_id: "#swagger-ui",
        deepLinking: true
      });
    };
    </script>
  </body>
</html>
"""
_PAGED = {
    "user": set[str](),
    "stelle": {"aktiv"},
    "bewerber": {"mail", "nn"},
    "bewerbung": {"bew_id", "st_id"},
}
_WHOLE = {
    "stufe": set[str](),
    "abt": set[str](),
    "quelle": set[str](),
    "mailvorlage": set[str](),
    "hook": set[str](),
    "termin": {"von", "bis"},
}


class BiberTenant(Tenant):
    """The data and the wire."""

    id_key = "nr"

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.tables = data.tables()

    @property
    def _milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def stamp(self, table: str) -> Wire:
        return {"aend": self._milliseconds} if table in _PAGED else {}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        kind = headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            body = json.dumps(_form(kind, body)).encode()
        status, content, now = super().answer(method, target, headers, body)
        if status in {400, 404}:
            error = {"status": status, "msg": "No", "ts": self._milliseconds}
            content = Raw(json.dumps(error).encode(), "application/json")
        return status, content, now

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if (method, path) == ("GET", DOCS):
            document = yaml.safe_load(DOCUMENT.read_bytes())
            return Raw((_PAGE % json.dumps(document)).encode())
        if (method, path) == ("GET", DOCUMENT_PATH):
            return Raw(DOCUMENT.read_bytes(), "application/vnd.oai.openapi")
        if headers.get("authorization") != TOKEN:
            raise Refused(401)
        if not path.startswith(BASE):
            raise Refused(404)
        name, _, rest = path.removeprefix(BASE).partition("/")
        if method == "GET" and not rest and name in {**_PAGED, **_WHOLE}:
            return self._list(name, query)
        if query:
            raise Refused(400)
        if method == "POST":
            return self._post(name, rest, body)
        return self._get(name, rest)

    def _list(self, name: str, query: dict[str, str]) -> Any:
        if name in _WHOLE:
            if set(query) - _WHOLE[name]:
                raise Refused(400)
            first, last = int(query.get("von", "0")), int(query.get("bis", str(10**14)))
            return [_shown(row) for row in self.tables[name].values() if first <= row.get("von", first) <= last]
        filters = _PAGED[name] & set(query)
        if set(query) - {"anz", "ab", "seit", *filters}:
            raise Refused(400)
        size, since = int(query.get("anz", _MAX_SIZE)), int(query.get("seit", "0"))
        if not 1 <= size <= _MAX_SIZE or 0 < since < _MILLISECONDS_FROM:
            raise Refused(400)
        after = int(query.get("ab", "N0").removeprefix("N"))
        rows = [
            row
            for row in self.tables[name].values()
            if row["aend"] >= since and row["nr"] > after and all(_has(row, key, query[key]) for key in filters)
        ]
        page = [_shown(row) for row in rows[:size]]
        links = {}
        if len(rows) > size:
            more = urlencode({**query, "ab": f"N{page[-1]['nr']}"})
            links = {"Link": f'<{self.base_url}{BASE}{name}?{more}>; rel="next"'}
        return Raw(json.dumps(page).encode(), "application/json", links)

    def _get(self, name: str, rest: str) -> Any:
        key, _, part = rest.partition("/")
        if (name, part) in {("bewerber", "datei"), ("bewerbung", "notiz")}:
            rows = [row for row in self.tables[part].values() if row["an"] == self._there(name, key)["nr"]]
            return [_shown(row) for row in rows]
        if (name, part) == ("bewerber", "tags"):
            return ["Holz"] if self._there(name, key)["nr"] % 2 else []
        if (name, rest) == ("stat", "eingang"):
            return {"2025-02": 0, "2025-03": len(self.tables["bewerbung"])}
        if name not in _PAGED or part:
            raise Refused(404)
        return _shown(self._there(name, key))

    def _there(self, name: str, key: str) -> Wire:
        if key not in self.tables[name]:
            raise Refused(404)
        return self.tables[name][key]

    def _post(self, name: str, rest: str, body: Wire) -> Wire:
        if re.fullmatch(r"bewerber/\d+/datei", f"{name}/{rest}"):
            return self._upload(self._there(name, rest.partition("/")[0]), body)
        if re.fullmatch(r"bewerbung/\d+/notiz", f"{name}/{rest}"):
            owner = self._there(name, rest.partition("/")[0])
            return self._keep("notiz", {"an": owner["nr"], "txt": body["txt"], "user_id": 81})
        if rest or name not in {"bewerber", "bewerbung", "hook"}:
            raise Refused(404)
        if name == "hook":
            self._keep("hook", {key: body[key] for key in ("url", "typ")})
            return {}
        return self._keep(name, self._new_person(body) if name == "bewerber" else self._new_application(body))

    def _upload(self, owner: Wire, form: Wire) -> Wire:
        if form["art"] not in _KINDS:
            raise Refused(400)
        return self._keep("datei", {"an": owner["nr"], **form["file"], "art": form["art"]})

    def _new_person(self, body: Wire) -> Wire:
        keys = ("anr", "titel", "vn", "mail", "tel", "mobil", "str", "plz", "ort", "land", "dsgvo")
        source = self.tables["quelle"][str(body["quelle_id"])] if "quelle_id" in body else None
        short = {key: source[key] for key in ("nr", "bez")} if source else None
        return {**{key: body.get(key) for key in keys}, "nn": body["nn"], "quelle": short, "zf": []}

    def _new_application(self, body: Wire) -> Wire:
        person, job = self.tables["bewerber"][str(body["bew_id"])], self.tables["stelle"][str(body["st_id"])]
        stage = self.tables["stufe"][str(body.get("stufe", 11))]
        row = {"bew_id": person["nr"], "st_id": job["nr"], "stufe": stage["nr"], "erg": "OFFEN"}
        return {**row, "eing": self._milliseconds, "gehalt": None, "bem": body.get("bem")}

    def _keep(self, table: str, row: Wire) -> Wire:
        """Put an object into a table under a number of its own, which is what the answer tells."""
        number = max((each["nr"] for each in self.tables[table].values()), default=0) + 1
        self.tables[table][str(number)] = {"nr": number, **row, "anl": self._milliseconds, **self.stamp(table)}
        return {"nr": number}


def _shown(row: Wire) -> Wire:
    """The object without what it does not have, and without what it belongs to."""
    return {key: value for key, value in row.items() if value is not None and key != "an"}


def _has(row: Wire, key: str, wanted: str) -> bool:
    if key == "aktiv":
        return bool(row["zust"] == "AKTIV") == (wanted == "true")
    return str(row.get(key)).casefold() == wanted.casefold()


def _form(kind: str, body: bytes) -> Wire:
    """The parts of a form; of a file its name and size."""
    parts: Wire = {}
    for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            parts[name] = content.decode() if file is None else {"name": file, "bytes": len(content)}
    return parts


@contextmanager
def serve(now: datetime = NOON) -> Iterator[BiberTenant]:
    """Serve the tenant."""
    with serving(BiberTenant(now)) as tenant:
        yield tenant
