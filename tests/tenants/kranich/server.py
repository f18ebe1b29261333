"""Serves what openapi.yml says, and the documentation that loads it."""

from __future__ import annotations

import base64
import copy
import json
from contextlib import contextmanager
from datetime import datetime, timezone
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.servers.base import Raw, Refused, Tenant, Wire, serving
from tests.tenants.kranich.data import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
DOCUMENT = HERE / "openapi.yml"
CREDENTIALS = {"username": "schnittstelle", "password": "kranich-geheim"}
BASE = "/api2/"
DOCS = "/api2/docs/"
COUNTS = {"users": 3, "jobs": 5, "candidates": 25, "application_stages": 5, "applications": 30}
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2024, 7, 1, 10, tzinfo=timezone.utc)
"""Noon in Berlin, before any machine's own clock."""
LARGEST_PAGE = 10
_FORM = "%Y-%m-%d %H:%M:%S"


class _List(NamedTuple):
    """A list of the document.

    Attributes:
        prefix: of its keys.
        filters: parameter -> key that must be the same.
        is_main: changes are noted and can be asked for, and single objects too.
        is_paged: whether it takes `start` and `anzahl`.
    """

    prefix: str
    filters: dict[str, str] = {}  # noqa: RUF012  # nobody changes it
    is_main: bool = False
    is_paged: bool = True


LISTS = {
    "abteilungen": _List("abt"),
    "benutzer": _List("ben", {"aktiv": "ben_aktiv"}, is_main=True),
    "bewerber": _List("bew", {"mail": "bew_mail", "quelle_id": "bew_quelle_id"}, is_main=True),
    "bewerbungen": _List(
        "bwg", {"bew_id": "bwg_bew_id", "stl_id": "bwg_stl_id", "status": "bwg_status"}, is_main=True
    ),
    "mailvorlagen": _List("mvl"),
    "phasen": _List("phs"),
    "quellen": _List("que"),
    "schlagworte": _List("swt"),
    "stellen": _List("stl", {"status": "stl_status", "abt_id": "stl_abt_id"}, is_main=True),
    "termine": _List("trm", {"ben_id": "trm_ben_id"}),
    "webhooks": _List("whk", is_paged=False),
    "dokumente": _List("dok", is_paged=False),
    "notizen": _List("ntz", is_paged=False),
}  # fmt: skip
_NEEDED = {
    "bewerber": {"bew_nname", "bew_mail"},
    "bewerbungen": {"bwg_bew_id", "bwg_stl_id"},
    "notizen": {"ntz_text"},
    "webhooks": {"whk_url", "whk_ereignis"},
    "dokumente": {"datei"},
}
_ALLOWED = {
    "bewerber": {"anrede", "geschlecht", "titel", "vname", "nname", "geb_dat", "mail", "tel_privat", "tel_mobil", "str",
                 "plz", "ort", "land", "quelle_id", "dsgvo_einw"},
    "bewerbungen": {"bew_id", "stl_id", "phs_id", "eingang"},
    "notizen": {"text", "intern"},
    "webhooks": {"url", "ereignis"},
}  # fmt: skip
_PAGES = {
    "": ("text/html; charset=utf-8", "docs.html"),
    "index.html": ("text/html; charset=utf-8", "docs.html"),
    "swagger-initializer.js": ("application/javascript", "swagger-initializer.js"),
    "kranich-schnittstelle.yaml": ("application/yaml", "openapi.yml"),
}


class _Answer(Exception):  # noqa: N818  # an answer, not an error of the test
    """Another answer than a 200, with a body."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status = status
        self.content = content


class Kranich(Tenant):
    """The data and the wire; `dokumente` and `notizen` also hold `_owner`, which is not shown."""

    def stamp(self, table: str) -> Wire:
        listing = LISTS[table]
        return {f"{listing.prefix}_geaendert": self._local} if listing.is_main else {}

    @property
    def _local(self) -> str:
        return self.now.astimezone(BERLIN).strftime(_FORM)

    def add(self, table: str, wire: Wire) -> str:
        with self.lock:
            key = str(wire[f"{LISTS[table].prefix}_id"])
            self.tables.setdefault(table, {})[key] = {**copy.deepcopy(wire), **self.stamp(table)}
        return key

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        kind = headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            body = json.dumps(_read_form(kind, body)).encode()
        try:
            return super().answer(method, target, headers, body)
        except _Answer as answer:
            content = json.dumps(answer.content).encode()
            return answer.status, Raw(content, "application/json; charset=utf-8"), self.now

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if path.startswith(DOCS) and method == "GET" and (page := _PAGES.get(path.removeprefix(DOCS))):
            return Raw((HERE / page[1]).read_bytes(), page[0])
        if not path.startswith(BASE):
            raise Refused(404)
        if path == f"{BASE}version":
            return {"version": "2.14.3", "stand": "2024-06-01"}
        pair = f"{CREDENTIALS['username']}:{CREDENTIALS['password']}".encode()
        if headers.get("authorization") != f"Basic {base64.b64encode(pair).decode()}":
            raise _Answer(401, _fault("ANMELDUNG", "Benutzername oder Kennwort falsch"))
        parts = path.removeprefix(BASE).split("/")
        if method == "POST":
            self._post(parts, body)
        if method != "GET" or body is not None:
            raise Refused(404)
        return self._get(parts, query)

    def _get(self, parts: list[str], query: dict[str, str]) -> Any:
        match parts:
            case [table] if table in LISTS and table not in {"dokumente", "notizen"}:
                return self._page(LISTS[table], list(self.tables[table].values()), query)
            case ["statistik", "bewerbungseingang"] if not set(query) - {"von", "bis"}:
                return {"daten": [{"monat": "2024-06", "bewerbungen": 30, "einstellungen": 5}]}
            case _ if query:
                raise _Answer(400, _fault("PARAMETER", "Unbekannter Parameter"))
            case [table, key] if table in LISTS and LISTS[table].is_main:
                return {"datensatz": self._row(table, key)}
            case [owners, key, part] if owners in {"bewerber", "bewerbungen"}:
                return self._part(owners, self._row(owners, key), part)
        raise Refused(404)

    def _part(self, owners: str, owner: Wire, part: str) -> Wire:
        """A list that belongs to one applicant or one application."""
        key = str(owner[f"{LISTS[owners].prefix}_id"])
        match owners, part:
            case ("bewerber", "dokumente") | ("bewerbungen", "notizen"):
                rows = [row for row in self.tables[part].values() if row["_owner"] == key]
                shown = [{name: value for name, value in row.items() if name != "_owner"} for row in rows]
                return {"gesamt": len(shown), "daten": shown}
            case "bewerber", "schlagworte":
                return {"daten": list(self.tables["schlagworte"].values())[: int(key) % 3]}
            case "bewerbungen", "verlauf":
                at = owner["bwg_eingang"]
                return {"daten": [{"vrl_phs_id": owner["bwg_phs_id"], "vrl_ben_id": 1, "vrl_zeitpunkt": at}]}
        raise Refused(404)

    def _row(self, table: str, key: str) -> Wire:
        if key not in self.tables[table]:
            raise _Answer(404, _fault("UNBEKANNT", "Diesen Datensatz gibt es nicht"))
        return self.tables[table][key]

    def _page(self, listing: _List, rows: list[Wire], query: dict[str, str]) -> Wire:
        if not listing.is_paged:
            if query:
                raise _Answer(400, _fault("PARAMETER", "Unbekannter Parameter"))
            return {"daten": rows}
        dates = {"geaendert_seit"} if listing.is_main else set()
        dates |= {"angelegt_seit"} if listing.prefix == "bew" else set()
        if set(query) - {"start", "anzahl", *dates, *listing.filters}:
            raise _Answer(400, _fault("PARAMETER", "Unbekannter Parameter"))
        for name in dates & set(query):
            datetime.strptime(query[name], _FORM).replace(tzinfo=BERLIN)  # another form is a 400
            key = f"{listing.prefix}_{name.removesuffix('_seit')}"
            rows = [row for row in rows if row[key] >= query[name]]
        for name in set(listing.filters) & set(query):
            rows = [row for row in rows if str(row[listing.filters[name]]).casefold() == query[name].casefold()]
        start, size = int(query.get("start", 0)), int(query.get("anzahl", LARGEST_PAGE))
        if start < 0 or not 1 <= size <= LARGEST_PAGE:
            raise _Answer(400, _fault("PARAMETER", f"anzahl: 1 bis {LARGEST_PAGE}"))
        page = rows[start : start + size]
        return {"start": start, "anzahl": len(page), "gesamt": len(rows), "daten": page}

    def _post(self, parts: list[str], body: Any) -> None:
        match parts:
            case [("bewerber" | "bewerbungen" | "webhooks") as table]:
                owner: Wire = {}
            case ["bewerber", key, "dokumente" as table] if self._row("bewerber", key):
                owner = {"_owner": key}
            case ["bewerbungen", key, "notizen" as table] if self._row("bewerbungen", key):
                owner = {"_owner": key}
            case _:
                raise Refused(404)
        prefix = LISTS[table].prefix
        allowed = {f"{prefix}_{name}" for name in _ALLOWED.get(table, ())} or {"datei", "dok_art", "dok_bemerkung"}
        wrong = (_NEEDED[table] - set(body)) | (set(body) - allowed)
        if wrong:
            raise _Answer(
                400, _fault("EINGABE", "Eingabe unvollständig", felder=dict.fromkeys(sorted(wrong), "prüfen"))
            )
        new = {**body, **owner}
        if table == "bewerbungen":
            new = self._application(body)
        elif table == "dokumente":
            file = new.pop("datei")
            new |= {"dok_name": file["name"], "dok_groesse": file["size"]}
        key = str(max(map(int, self.tables[table]), default=0) + 1)
        empty = dict.fromkeys(ROWS[table][0]) if ROWS[table] else {}
        self.add(table, {**empty, **new, f"{prefix}_id": int(key), f"{prefix}_angelegt": self._local})
        raise _Answer(201, {"ergebnis": "ok", "id": int(key)})

    def _application(self, body: Wire) -> Wire:
        self._row("bewerber", str(body["bwg_bew_id"]))
        self._row("stellen", str(body["bwg_stl_id"]))
        for row in self.tables["bewerbungen"].values():
            if all(str(row[key]) == str(body[key]) for key in ("bwg_bew_id", "bwg_stl_id")):
                raise _Answer(409, _fault("DOPPELT", "Die Bewerbung gibt es schon", vorhandene_id=row["bwg_id"]))
        return {"bwg_phs_id": 11, "bwg_status": "neu", "bwg_eingang": self._local, "bwg_zusatz": [], **body}


def _fault(code: str, message: str, **more: Any) -> Wire:
    return {"fehler": {"code": code, "meldung": message, **more}}


def _read_form(content_type: str, body: bytes) -> Wire:
    """The fields of a form; of a file its name and its size in bytes."""
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: Wire = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        file = part.get_filename()
        fields[name] = content.decode() if file is None else {"name": file, "size": len(content)}
    return fields


@contextmanager
def serve(now: datetime = NOON) -> Iterator[Kranich]:
    """Serve the tenant with what is in data.py, each object changed an hour after the one before, the last at `now`."""
    with serving(Kranich(now).fill_hourly(ROWS)) as tenant:
        yield tenant
