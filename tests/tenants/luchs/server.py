"""Serves what openapi.yml of this folder says, with its documentation page; see data.py for the data."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.servers.base import Raw, Refused, Tenant, Wire, serving
from tests.tenants.luchs import data
from tests.tenants.luchs.wire import AnsweredError, as_json, form_of, is_wanted, only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
DOCUMENT = HERE / "openapi.yml"
CONTRACT = HERE / "expected.yml"
BASE = "/rest/v4/"
DOCS = "/rest/v4/doku"
DOCUMENT_PATH = "/rest/v4/doku/openapi.yml"
CREDENTIALS = {"username": "api.export", "password": "luchs-geheim"}
COUNTS = {"users": 3, "jobs": 6, "candidates": 25, "application_stages": 5, "applications": 30}
MORNING = datetime(2025, 2, 3, 8, tzinfo=timezone.utc)

_BERLIN = ZoneInfo("Europe/Berlin")
_MAX_SIZE = 10
_DOCUMENT_TYPES = {"Lebenslauf", "Anschreiben", "Zeugnis", "Sonstiges"}
_PAGE = """<!doctype html>
<html lang="de">
  <head><title>Recruiting-Schnittstelle</title><meta charset="utf-8" /></head>
  <body>
    <script id="api-reference" data-url="/rest/v4/doku/openapi.yml" data-configuration='{"theme": "saturn"}'></script>
    <script src="/rest/v4/doku/scalar.standalone.js"></script>
  </body>
</html>
"""
_PAGED = {
    "mitarbeiter": {"geaendertSeit", "nurAktive"},
    "stellen": {"geaendertSeit", "felder", "status", "abteilungsId"},
    "kandidaten": {"geaendertSeit", "felder", "eMail", "schlagwort"},
    "kommunikation/termine": set[str](),
}
_WHOLE = {"prozessphasen", "integration/webhooks", "kommunikation/mail-vorlagen"} | {
    f"stammdaten/{name}" for name in ("quellen", "abteilungen", "schlagworte")
}
_SINGLE = {"mitarbeiter", "stellen", "kandidaten", "prozessphasen"}


class LuchsTenant(Tenant):
    """The data and the wire."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.tables = data.tables()
        self._logins = 0

    @property
    def _time(self) -> str:
        return self.now.astimezone(_BERLIN).isoformat(timespec="seconds")

    def stamp(self, table: str) -> Wire:
        if table == "mitarbeiter":
            return {"geändertAm": self._time}
        return {"aktualisiertAm": self._time} if table in {"stellen", "kandidaten"} else {}

    def application(self, key: str) -> Wire:
        """The application, inside its candidate. Raises `Refused` where there is none."""
        for person in self.tables["kandidaten"].values():
            rows: list[Wire] = person["bewerbungen"]
            for row in rows:
                if str(row["bewerbungsNr"]) == key:
                    return row
        raise Refused(404)

    def move(self, key: str, **changes: Any) -> None:
        """Change an application; its candidate keeps its time of change."""
        with self.lock:
            self.application(key).update({**changes, "aktualisiertAm": self._time})

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        kind = headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            body = json.dumps(form_of(kind, body)).encode()
        try:
            status, content, now = super().answer(method, target, headers, body)
        except AnsweredError as answered:
            return answered.status, as_json(answered.content), self.now
        if status != 200:
            content = as_json({"fehler": {"code": f"E_{status}", "meldung": "Das geht nicht.", "felder": {}}})
        elif method == "POST" and not target.endswith(("/auth/login", "/zusatzfelder")):
            status = 201
        return status, content, now

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if (method, path) == ("GET", DOCS):
            return Raw(_PAGE.encode())
        if (method, path) == ("GET", DOCUMENT_PATH):
            return Raw(DOCUMENT.read_bytes(), "application/yaml")
        if not path.startswith(BASE):
            raise Refused(404)
        name = path.removeprefix(BASE)
        if (method, name) == ("POST", "auth/login"):
            return self._log_in(body)
        if not self._logins or headers.get("x-sitzungs-token") != f"sitzung-{self._logins}":
            raise Refused(401)
        found = self._list(name, query) if method == "GET" else None
        if found is None:
            if query and name != "auswertungen/bewerbungseingang":
                raise Refused(400)
            found = self._other(method, name, query, body)
        return found

    def _log_in(self, body: Any) -> Wire:
        if body != {"benutzername": CREDENTIALS["username"], "passwort": CREDENTIALS["password"]}:
            raise Refused(401)
        self._logins += 1
        return {"sessionToken": f"sitzung-{self._logins}", "gültigSekunden": 1800, "rollen": ["Export"]}

    def _list(self, name: str, query: dict[str, str]) -> Wire | None:
        if name == "stammdaten/zusatzfelder":
            if set(query) != {"objekt"} or query["objekt"] not in {"kandidat", "stelle", "bewerbung"}:
                raise Refused(400)
            more = {"pflichtfeld": False, "optionen": None}
            return {"data": [row | more for row in data.DEFINITIONS if row["objekt"] == query["objekt"]]}
        if name in _WHOLE and not query:
            return {"data": list(self.tables[name].values())}
        if name not in _PAGED:
            return None
        if set(query) - _PAGED[name] - {"seite", "proSeite"}:
            raise Refused(400)
        rows = [row for row in self.tables[name].values() if is_wanted(row, query)]
        page, size = int(query.get("seite", "1")), int(query.get("proSeite", "5"))
        if page < 1 or not 1 <= size <= _MAX_SIZE:
            raise Refused(400)
        meta = {"seite": page, "proSeite": size, "letzteSeite": max(1, -(-len(rows) // size)), "gesamt": len(rows)}
        return {"data": only(rows[(page - 1) * size : page * size], query), "meta": meta}

    def _other(self, method: str, name: str, query: dict[str, str], body: Any) -> Any:
        for verb, pattern, act in _ROUTES:
            found = re.fullmatch(pattern, name)
            if found and verb == method:
                return act(self, {**found.groupdict(), **query}, body)
        table, _, key = name.partition("/")
        if method != "GET" or table not in _SINGLE or key not in self.tables[table]:
            raise Refused(404)
        return {"data": self.tables[table][key]}

    def _person(self, keys: dict[str, str]) -> Wire:
        if keys["person"] not in self.tables["kandidaten"]:
            raise Refused(404)
        return self.tables["kandidaten"][keys["person"]]

    def make_person(self, _: dict[str, str], body: Wire) -> Wire:
        """POST /kandidaten."""
        phone = body.get("telefon")
        row = {
            **{key: body.get(key) for key in ("anrede", "titel", "vorname", "einwilligung", "herkunft", "anschrift")},
            "nachname": body["nachname"],
            "objekt": "kandidat",
            "kandidatenNr": 50001 + len(self.tables["kandidaten"]),
            "mailAdressen": [{"art": "privat", "adresse": body["eMail"], "bestätigt": False}],
            "telefonNummern": [{"art": "privat", "nummer": phone}] if phone else [],
            **{key: [] for key in ("webProfile", "schlagworte", "bewerbungen", "zusatzFelder")},
            "erstelltAm": self._time,
            **self.stamp("kandidaten"),
        }
        self.tables["kandidaten"][str(row["kandidatenNr"])] = row
        return {"data": {"kandidatenNr": row["kandidatenNr"]}}

    def make_application(self, keys: dict[str, str], body: Wire) -> Wire:
        """POST /kandidaten/{kandidatenNr}/bewerbungen."""
        person = self._person(keys)
        job = self.tables["stellen"][str(body["stellenId"])]
        stage = self.tables["prozessphasen"][str(body.get("phasenId", 1))]
        for row in person["bewerbungen"]:
            if row["stellenId"] == job["stellenId"]:
                raise AnsweredError(409, {"data": {"bewerbungsNr": row["bewerbungsNr"]}})
        everybody = self.tables["kandidaten"].values()
        row = {
            "objekt": "bewerbung",
            "bewerbungsNr": 880001 + sum(len(each["bewerbungen"]) for each in everybody),
            "stellenId": job["stellenId"],
            "stellenTitel": job["stellenTitel"],
            "phase": {key: stage[key] for key in ("phasenId", "bezeichnung")},
            "status": "neu",
            "bewerbungsEingang": self._time,
            "zusatzFelder": [],
            "aktualisiertAm": self._time,
        }
        person["bewerbungen"].append(row)
        return {"data": {"bewerbungsNr": row["bewerbungsNr"]}}

    def keep(self, table: str, id_key: str, owner: str, row: Wire) -> Wire:
        """Put what belongs to a candidate or an application into a table; answers its new id."""
        number = len(self.tables[table]) + 1
        self.tables[table][str(number)] = {id_key: number, **row, "an": owner}
        return {"data": {id_key: number}}

    def kept(self, table: str, owner: str) -> Wire:
        """What belongs to a candidate or an application."""
        rows = [row for row in self.tables[table].values() if row["an"] == owner]
        return {"data": [{key: value for key, value in row.items() if key != "an"} for row in rows]}

    def upload(self, keys: dict[str, str], body: Wire) -> Wire:
        """POST .../unterlagen."""
        self._exists(keys)
        if body["dokumentTyp"] not in _DOCUMENT_TYPES:
            raise Refused(400)
        row = {**body["datei"], "dokumentTyp": body["dokumentTyp"], "hochgeladenAm": self._time}
        return self.keep("unterlagen", "unterlagenId", keys["owner"], row)

    def uploads(self, keys: dict[str, str], _: Any) -> Wire:
        """GET .../unterlagen."""
        self._exists(keys)
        return self.kept("unterlagen", keys["owner"])

    def note(self, keys: dict[str, str], body: Wire) -> Wire:
        """POST /bewerbungen/{bewerbungsNr}/notizen."""
        self._exists(keys)
        row = {"inhalt": body["inhalt"], "sichtbarFür": body.get("sichtbarFür", "alle"), "erstelltAm": self._time}
        return self.keep("notizen", "notizId", keys["owner"], row)

    def notes(self, keys: dict[str, str], _: Any) -> Wire:
        """GET /bewerbungen/{bewerbungsNr}/notizen."""
        self._exists(keys)
        return self.kept("notizen", keys["owner"])

    def set_fields(self, keys: dict[str, str], body: Wire) -> Wire:
        """POST /bewerbungen/{bewerbungsNr}/zusatzfelder."""
        application = self.application(keys["application"])
        given = {row["feldKey"]: row["wert"] for row in body["zusatzFelder"]}
        others = [row for row in application["zusatzFelder"] if row["feldKey"] not in given]
        fields = [*others, *(data.field(key, value) for key, value in given.items())]
        application.update({"zusatzFelder": fields, "aktualisiertAm": self._time})
        return {}

    def make_webhook(self, _: dict[str, str], body: Wire) -> Wire:
        """POST /integration/webhooks."""
        self.tables["integration/webhooks"][body["url"]] = {key: body[key] for key in body if key != "geheimnis"}
        return {}

    def history(self, keys: dict[str, str], _: Any) -> Wire:
        """GET /kandidaten/{kandidatenNr}/verlauf."""
        created = self._person(keys)["erstelltAm"]
        return {"data": [{"zeitpunkt": created, "ereignis": "angelegt", "mitarbeiterId": None, "text": ""}]}

    def statistics(self, keys: dict[str, str], _: Any) -> Wire:
        """GET /auswertungen/bewerbungseingang."""
        int(keys["jahr"])
        return {"data": [{"monat": month, "anzahl": 30 if month == 1 else 0} for month in range(1, 13)]}

    def _exists(self, keys: dict[str, str]) -> None:
        kind, _, key = keys["owner"].partition("/")
        if kind == "bewerbungen":
            self.application(key)
        else:
            self._person({"person": key})


_OWNER = r"(?P<owner>(?:kandidaten|bewerbungen)/\d+)"
_APPLICATION = r"(?P<owner>bewerbungen/(?P<application>\d+))"
_PERSON = r"kandidaten/(?P<person>\d+)"
_ROUTES: list[tuple[str, str, Callable[[LuchsTenant, dict[str, str], Any], Wire]]] = [
    ("POST", "kandidaten", LuchsTenant.make_person),
    ("POST", f"{_PERSON}/bewerbungen", LuchsTenant.make_application),
    ("GET", f"{_PERSON}/verlauf", LuchsTenant.history),
    ("POST", f"{_OWNER}/unterlagen", LuchsTenant.upload),
    ("GET", f"{_OWNER}/unterlagen", LuchsTenant.uploads),
    ("POST", f"{_APPLICATION}/notizen", LuchsTenant.note),
    ("GET", f"{_APPLICATION}/notizen", LuchsTenant.notes),
    ("POST", f"{_APPLICATION}/zusatzfelder", LuchsTenant.set_fields),
    ("POST", "integration/webhooks", LuchsTenant.make_webhook),
    ("GET", "auswertungen/bewerbungseingang", LuchsTenant.statistics),
]


@contextmanager
def serve(now: datetime = MORNING) -> Iterator[LuchsTenant]:
    """Serve the tenant."""
    with serving(LuchsTenant(now)) as tenant:
        yield tenant
