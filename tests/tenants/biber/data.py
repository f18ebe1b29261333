"""Invented data of the tenant `biber`, as on the wire. All mail addresses are of a reserved domain."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

Wire = dict[str, Any]
Tables = dict[str, dict[str, Wire]]

DAY = 86_400_000
SPRING = round(datetime(2025, 3, 1, 7, 30, tzinfo=timezone.utc).timestamp() * 1000)
"""Nothing has changed after the 20 days that begin here."""


def _at(number: int) -> int:
    return SPRING + number % 20 * DAY + number * 61_003


_SOURCES = [(1, "Website"), (2, "Indeed"), (3, "LinkedIn"), (4, "Mitarbeiter werben"), (5, "Agentur für Arbeit")]
_STAGES = [(11, "Neu eingegangen"), (12, "Vorauswahl"), (13, "Telefonat"), (14, "Probearbeiten"), (15, "Angebot")]
_USERS = [(81, "pvogt", "Petra Vogt"), (82, "rhahn", "Rüdiger Hahn"), (83, "mkowalski", "Marek Kowalski")]
_JOBS = [
    ("Zimmerer (m/w/d)", "VZ", "AKTIV", "EXTERN", "Holzbau"),
    ("Bauleiter Holzbau (m/w/d)", "VZ", "AKTIV", "EXTERN", "Holzbau"),
    ("Bürokraft (m/w/d)", "TZ", "ENDE", "INTERN", "Verwaltung"),
    ("Ausbildung Zimmerer", "AZUBI", "AKTIV", "EXTERN", "Ausbildung"),
    ("Praktikum Statik", "PRAK", "ENTW", "LINK", "Planung"),
    ("Lagerhilfe", "MJ", "ARCHIV", "EXTERN", "Lager"),
    ("Statiker", "FREI", "AKTIV", "LINK", "Planung"),
    ("Dachdecker (m/w/d)", "VZ", "ENDE", "EXTERN", "Holzbau"),
    ("Kaufmännische Leitung", "VZ", "ENTW", "INTERN", "Verwaltung"),
    ("Kranführer (m/w/d)", "VZ", "AKTIV", "EXTERN", "Lager"),
    ("Fahrer Klasse CE", "TZ", "AKTIV", "EXTERN", "Lager"),
    ("Technischer Zeichner", "TZ", "AKTIV", "EXTERN", "Planung"),
]
_PEOPLE = [
    ("H", "Anton", "Ziegler", "Zimmermann", "Passau", "DE"),
    ("F", "Bärbel", "Kröger", "Sekretärin", "Oldenburg", "DE"),
    ("H", "Christoph", "Mayr", "Bauingenieur", "Linz", "AT"),
    ("F", "Dilek", "Şahin", "Architektin", "Mannheim", "DE"),
    ("H", "Emil", "Sauer", None, "Suhl", "DE"),
    ("F", "Franziska", "Graf", "Bauzeichnerin", "Zürich", "CH"),
    ("H", "Gerd", "Harms", "Lagerist", "Emden", "DE"),
    ("F", "Hannelore", "Schmitz", "Buchhalterin", "Aachen", "DE"),
    ("H", "Igor", "Wagner", "Kranführer", "Cottbus", "DE"),
    ("F", "Jutta", "Eckert", "Dachdeckerin", "Fulda", "DE"),
    ("D", "Kim", "Berger", None, "Kassel", "DE"),
    ("H", "Ludwig", "Prinz", "Polier", "Rosenheim", "DE"),
    ("F", "Mareike", "Janßen", "Studentin", "Münster", "DE"),
    ("H", "Norbert", "Vogel", "Fahrer", "Gera", "DE"),
    ("F", "Olga", "Brandt", "Statikerin", "Potsdam", "DE"),
    ("H", "Paul", "Reuter", "Schüler", "Bielefeld", "DE"),
    (None, "Ruth", "Engel", None, None, None),
    ("H", "Sascha", "Lorenz", "Zimmerer", "Celle", "DE"),
    ("F", "Theresa", "Kuhn", "Bürokauffrau", "Bamberg", "DE"),
    ("H", "Ulrich", "Haas", "Bauleiter", "Konstanz", "DE"),
    ("F", "Valentina", "Conti", "Zeichnerin", "Bregenz", "AT"),
    ("H", "Werner", "Dietz", "Fahrer", "Worms", "DE"),
    ("F", "Yvonne", "Thiel", "Kauffrau", "Wismar", "DE"),
    ("H", "Zoran", "Horvat", "Dachdecker", "Graz", "AT"),
    ("F", "Åsa", "Lindqvist", "Architektin", "Flensburg", "DE"),
]


def _user(number: int, login: str, name: str) -> Wire:
    mail = f"{login}@example.org"
    return {"nr": number, "login": login, "name": name, "mail": mail, "rolle": "REC", "aktiv": True,
            "aend": _at(number)}  # fmt: skip


def _job(number: int, job: tuple[str, str, str, str, str]) -> Wire:
    title, kind, state, visible, category = job
    return {
        "nr": 401 + number,
        "kz": f"B{number:03}",
        "bez": title,
        "text": f"<h2>{title}</h2><p>Wir bauen mit Holz.</p>",
        "typ": kind,
        "kat": category,
        "abt_id": 1 + number % 3,
        "zust": state,
        "sichtb": visible,
        "position": 10 * number,
        "str": "Sägewerk 1",
        "plz": "94469",
        "ort": "Deggendorf",
        "land": "DE",
        "url": f"https://jobs.biber.example.org/{401 + number}" if state == "AKTIV" else None,
        "von": SPRING - 30 * DAY if state != "ENTW" else None,
        "bis": SPRING + 60 * DAY if state == "AKTIV" else None,
        "ap_id": 81 + number % 3,
        "erst_id": 82,
        "anl": SPRING - 40 * DAY,
        "aend": _at(number + 2),
    }


def _person(number: int, person: tuple[str | None, str, str, str | None, str | None, str | None]) -> Wire:
    salutation, first, last, work, city, country = person
    source = _SOURCES[number % 5]
    fields = [
        {"feld": "zf01", "bez": "Führerschein", "art": "TXT", "wert": "CE"},
        {"feld": "zf02", "bez": "Gehaltswunsch", "art": "ZAHL", "wert": str(40000 + 100 * number)},
        {"feld": "zf03", "bez": "Reisebereit", "art": "JN", "wert": "J"},
    ]
    return {
        "nr": 7001 + number,
        "anr": salutation,
        "titel": None,
        "vn": first,
        "nn": last,
        "geb": None if number % 3 else 300_000_000_000 + number * DAY,
        "position": work,
        "firma": "Bau Muster GmbH" if work else None,
        "mail": f"person{number}@example.org",
        "mail2": f"zweite{number}@example.org" if number % 4 == 0 else None,
        "tel": None if number % 2 else f"0991 30{number:02}0",
        "mobil": f"0151 2222{number:02}",
        "str": f"Waldweg {number}",
        "plz": "94032" if city else None,
        "ort": city,
        "land": country,
        "xing": f"https://xing.example.org/{last.lower()}" if number % 5 == 0 else None,
        "linkedin": f"https://linkedin.example.org/in/{number}" if number % 3 == 0 else None,
        "quelle": {"nr": source[0], "bez": source[1]} if number != 16 else None,
        "dsgvo": True,
        "sperre": False,
        "betr_id": 81,
        "zf": fields[: number % 4],
        "anl": SPRING - 10 * DAY,
        "aend": _at(number),
    }


def _application(number: int) -> Wire:
    return {
        "nr": 90001 + number,
        "bew_id": 7001 + number * 6 % 25,
        "st_id": 401 + number % 12,
        "stufe": 11 + number % 5,
        "erg": ("OFFEN", "OFFEN", "ABSAGE", "ZUSAGE", "RUECKZUG")[number // 6],
        "eing": _at(number),
        "gehalt": 45000 if number % 3 == 0 else None,
        "bem": None,
        "aend": _at(number + 4),
    }


def tables() -> Tables:
    """New tables: 3 users, 12 jobs, 25 candidates, 5 stages, 30 applications, and what else is listed."""
    rows: dict[str, list[Wire]] = {
        "user": [_user(*user) for user in _USERS],
        "stelle": [_job(number, job) for number, job in enumerate(_JOBS)],
        "bewerber": [_person(number, person) for number, person in enumerate(_PEOPLE)],
        "stufe": [{"nr": key, "bez": name, "position": order} for order, (key, name) in enumerate(_STAGES, 1)],
        "bewerbung": [_application(number) for number in range(30)],
        "quelle": [{"nr": key, "bez": name, "aktiv": True} for key, name in _SOURCES],
        "abt": [
            {"nr": key, "bez": name, "kst": str(100 * key)}
            for key, name in enumerate(("Werk", "Büro", "Planung"), 1)
        ],
        "termin": [
            {"nr": key, "bez": "Gespräch", "von": _at(key), "bis": _at(key) + 3_600_000, "bew_id": 90000 + key,
             "raum": "1.02"}
            for key in range(1, 5)
        ],
        "mailvorlage": [{"nr": 1, "name": "Absage", "betreff": "Ihre Bewerbung", "text": "Leider ..."}],
        "hook": [],
        "datei": [],
        "notiz": [],
    }  # fmt: skip
    return {name: {str(row["nr"]): row for row in found} for name, found in rows.items()}
