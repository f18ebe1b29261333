"""A tenant that differs in everything: German names, offset paging, an envelope of its own, naive local times and a
login whose token expires. Written from HR4YOU.md ("Assumed"); german.yml is its contract.

Its habits are those of a PHP application over MySQL: times are compared as text in local time, so that the hour which
the clock change repeats comes twice, and pages are capped without a word.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.servers.base import Refused, Tenant, Wire, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path(__file__).with_name("german.yml")
BASE = "/schnittstelle/v3/"
BERLIN = ZoneInfo("Europe/Berlin")
CAP = 3
"""More than this many objects never stand on a page, whatever is asked for."""

NOON = datetime(2024, 7, 1, 10, tzinfo=timezone.utc)
"""Noon in Berlin, before any machine's own clock."""

USERNAME, PASSWORD = "dienst", "geheim"


class GermanTenant(Tenant):
    """The data and the wire.

    Attributes:
        logins: how often a token was given out.
        first_token_lasts: for so many requests; a login gives one that lasts. None: for ever.
    """

    id_key = "nummer"

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.logins = 0
        self.first_token_lasts: int | None = None
        self._token = ""

    def stamp(self, table: str) -> Wire:
        if table == "phasen":  # carry no time of change
            return {}
        return {"geaendert": f"{self.now.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"}

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if not path.startswith(BASE):
            raise Refused(404)
        name, _, key = path.removeprefix(BASE).partition("/")
        if (method, name) == ("POST", "anmelden"):
            return self._log_in(body)
        if not self._token or headers.get("x-sitzung") != self._token or self._has_expired():
            raise Refused(401)
        if name not in self.tables or method != "GET":
            raise Refused(404)
        if key:
            if key not in self.tables[name]:
                raise Refused(404)
            return {"antwort": {"datensatz": self.tables[name][key]}}
        return self._page(list(self.tables[name].values()), query)

    def _has_expired(self) -> bool:
        if self.logins == 1 and self.first_token_lasts is not None:
            self.first_token_lasts -= 1
            return self.first_token_lasts < 0
        return False

    def _log_in(self, body: Any) -> Wire:
        if body != {"name": USERNAME, "geheim": PASSWORD}:
            raise Refused(401)
        self.logins += 1
        self._token = f"sitzung-{self.logins}"
        return {"sitzung": {"schluessel": self._token, "sekunden": 900}}

    def _page(self, rows: list[Wire], query: dict[str, str]) -> Wire:
        if set(query) - {"ab", "anzahl", "geaendert_ab"}:
            raise Refused(400)
        if "geaendert_ab" in query:
            since = query["geaendert_ab"]
            datetime.strptime(since, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BERLIN)  # another form is a 400
            rows = [row for row in rows if row.get("geaendert", "9") >= since]
        start, size = int(query["ab"]), min(int(query["anzahl"]), CAP)
        return {"antwort": {"treffer": rows[start : start + size], "gesamt": len(rows)}}


@contextmanager
def serve(now: datetime = NOON) -> Iterator[GermanTenant]:
    """Serve a small tenant: 2 users, 2 jobs, 4 candidates, 2 stages, 3 applications."""
    tenant = GermanTenant(now)
    for table, rows in _ROWS.items():
        for row in rows:
            tenant.add(table, row)
    with serving(tenant):
        yield tenant


_ROWS: dict[str, list[Wire]] = {
    "mitarbeiter": [
        {"nummer": 1, "vorname": "Jürgen", "nachname": "Maier", "mail": "juergen.maier@example.org"},
        {"nummer": 2, "vorname": "Ute", "nachname": "Groß", "mail": "keine-adresse"},
    ],
    "stellen": [
        {"nummer": 10, "titel": "Pflegefachkraft (m/w/d)", "text": "<p>Köln</p>", "art": "Teilzeit", "stand": "laufend",
         "sicht": "intranet", "bereich": "Pflege", "ort": {"stadt": "Köln", "plz": "50667", "land": "Deutschland"},
         "von": "2024-06-01", "bis": "2024-12-31", "betreuer": 1},
        {"nummer": 11, "titel": "Ausbildung Koch", "text": None, "art": "Ausbildungsplatz", "stand": "beendet",
         "sicht": "öffentlich", "bereich": "Küche", "ort": None, "von": "2024-01-01", "bis": "2999-09-23",
         "betreuer": None},
    ],
    "kandidaten": [
        {"nummer": 100, "vorname": "Änne", "nachname": "von der Heyde", "mail_privat": "aenne@example.org",
         "handy": "0170 1234567", "wohnort": "Dresden", "land": "Deutschland", "herkunft": "Empfehlung",
         "zusatz": [{"feld": "gehalt", "name": "Gehaltswunsch", "inhalt": 52000}]},
        {"nummer": 101, "vorname": "Bert", "nachname": "Öztürk", "mail_privat": None, "handy": "", "wohnort": "Genf",
         "land": "Schweiz", "herkunft": None, "zusatz": []},
        {"nummer": 102, "vorname": "Cem", "nachname": "Groß", "mail_privat": "cem@example.org", "handy": None,
         "wohnort": "Köln", "land": "Deutschland", "herkunft": "Messe", "zusatz": []},
        {"nummer": 103, "vorname": "Dora", "nachname": "Maß", "mail_privat": "dora@example.org", "handy": None,
         "wohnort": "Wien", "land": "Österreich", "herkunft": "Messe", "zusatz": []},
    ],
    "phasen": [
        {"nummer": 20, "bezeichnung": "Eingang", "reihe": 10},
        {"nummer": 21, "bezeichnung": "Zusage", "reihe": 20},
    ],
    "bewerbungen": [
        {"nummer": 1000, "kandidat": 100, "stelle": 10, "phase": 20, "ergebnis": "läuft"},
        {"nummer": 1001, "kandidat": 101, "stelle": 10, "phase": 21, "ergebnis": "Vertrag geschlossen"},
        {"nummer": 1002, "kandidat": 102, "stelle": 11, "phase": 20, "ergebnis": "abgelehnt"},
    ],
}  # fmt: skip
