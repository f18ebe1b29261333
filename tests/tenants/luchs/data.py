"""Invented data of the tenant `luchs`, as on the wire. All mail addresses are of a reserved domain."""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]
Tables = dict[str, dict[str, Wire]]


def _at(number: int) -> str:
    """A winter's time of change that tells objects apart."""
    return f"2025-01-{1 + number % 28:02}T{8 + number % 9:02}:{number * 7 % 60:02}:00+01:00"


_DEPARTMENTS = [(1, "Pflegedirektion", "4100"), (2, "IT und Medizintechnik", "7300"), (3, "Küche", None)]
_SOURCES = [(1, "Karriereseite"), (2, "StepStone"), (3, "LinkedIn"), (4, "Empfehlung"), (5, "Jobmesse")]
_STAGES = [
    (1, "Eingang", 10),
    (2, "Sichtung Fachbereich", 20),
    (3, "Vorstellungsgespräch", 30),
    (4, "Hospitation", 40),
    (5, "Vertragsangebot", 50),
]
_USERS = [
    (7, "JMA", "Jürgen", "Maierhofer", "Recruiter"),
    (8, "UGR", "Ute", "Großmann", "Admin"),
    (9, "SBY", "Selin", "Bayraktar", "Fachbereich"),
]
_JOBS = [
    ("Pflegefachkraft (m/w/d) Intensivstation", "Vollzeit", "veröffentlicht", "öffentlich", "Pflege", 1),
    ("Pflegehelfer (m/w/d)", "Teilzeit", "veröffentlicht", "öffentlich", "Pflege", 1),
    ("Ausbildung Medizinische Fachangestellte", "Ausbildung", "besetzt", "öffentlich", "Ausbildung", 1),
    ("IT-Systemadministrator (m/w/d)", "Vollzeit", "veröffentlicht", "hausintern", "IT", 2),
    ("Werkstudent Medizintechnik", "Werkstudent", "entwurf", "nicht gelistet", "IT", 2),
    ("Küchenhilfe", "Minijob", "archiviert", "öffentlich", None, 3),
]
_PEOPLE = [
    ("Frau", "Änne", "von der Heyde", "Dresden", "01097", "Deutschland"),
    ("Herr", "Bert", "Öztürk", "Köln", "50667", "Deutschland"),
    ("Herr", "Cem", "Großkopf", "Wien", "1010", "Österreich"),
    ("Frau", "Dora", "Maßmann", "Genf", "1201", "Schweiz"),
    ("Divers", "Eike", "Thomsen", "Husum", "25813", "Deutschland"),
    ("Frau", "Fatma", "Yıldız", "Berlin", "12043", "Deutschland"),
    ("Herr", "Gregor", "Lindemann", "Halle (Saale)", "06108", "Deutschland"),
    ("Frau", "Heike", "Brühl", "Mainz", "55116", "Deutschland"),
    ("Herr", "Ingo", "Petersen", "Kiel", "24103", "Deutschland"),
    ("Frau", "Jana", "Nowak", "Görlitz", "02826", "Deutschland"),
    ("Herr", "Kai-Uwe", "Schröder", "Rostock", "18055", "Deutschland"),
    ("Frau", "Lena", "Böhm", "Nürnberg", "90402", "Deutschland"),
    ("Herr", "Mats", "Hölzer", "Ulm", "89073", "Deutschland"),
    (None, "Noa", "Weiß", None, None, None),
    ("Herr", "Olaf", "Jürgens", "Bremen", "28195", "Deutschland"),
    ("Frau", "Pia", "Kästner", "Erfurt", "99084", "Deutschland"),
    ("Herr", "Quirin", "Huber", "München", "80331", "Deutschland"),
    ("Frau", "Rosa", "Falk", "Trier", "54290", "Deutschland"),
    ("Herr", "Sven", "Ohlsen", "Lübeck", "23552", "Deutschland"),
    ("Frau", "Tülay", "Aksoy", "Essen", "45127", "Deutschland"),
    ("Herr", "Uwe", "Zöllner", "Leipzig", "04109", "Deutschland"),
    ("Frau", "Vera", "Immel", "Jena", "07743", "Deutschland"),
    ("Herr", "Wim", "de Boer", "Kleve", "47533", "Deutschland"),
    ("Frau", "Xenia", "Rau", "Bonn", "53111", "Deutschland"),
    ("Herr", "Yannick", "Stößel", "Hamburg", "20095", "Deutschland"),
]
_STATUS = ("neu", "in Prüfung", "Angebot", "eingestellt", "abgesagt", "zurückgezogen")

DEFINITIONS: list[Wire] = [
    {"feldKey": "zf_schicht", "label": "Schichtdienst möglich", "datenTyp": "Schalter", "objekt": "kandidat"},
    {"feldKey": "zf_sprachen", "label": "Sprachen", "datenTyp": "Mehrfachauswahl", "objekt": "kandidat"},
    {"feldKey": "zf_tarif", "label": "Tarifgruppe", "datenTyp": "Auswahl", "objekt": "stelle"},
    {"feldKey": "zf_video", "label": "Video-Interview", "datenTyp": "Text", "objekt": "bewerbung"},
    {"feldKey": "zf_punkte", "label": "Punkte im Test", "datenTyp": "Zahl", "objekt": "bewerbung"},
]


def field(key: str, value: Any) -> Wire:
    """A custom field with its value, as objects hold it."""
    known = next(definition for definition in DEFINITIONS if definition["feldKey"] == key)
    return {"feldKey": key, "label": known["label"], "datenTyp": known["datenTyp"], "wert": value}


def _mail(first: str, last: str) -> str:
    plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", " ": "-"})
    return f"{first}.{last}@example.org".lower().translate(plain)


def _user(number: int, short: str, first: str, last: str, role: str) -> Wire:
    return {
        "mitarbeiterId": number,
        "kürzel": short,
        "anrede": None,
        "vorname": first,
        "nachname": last,
        "eMail": _mail(first, last),
        "durchwahl": f"-{number}00",
        "abteilungsId": 1,
        "rolle": role,
        "aktiv": True,
        "letzterLogin": None,
        "geändertAm": _at(number),
    }


def _job(number: int, job: tuple[str, str, str, str, str | None, int]) -> Wire:
    title, kind, status, visible, category, department = job
    identity, name, centre = _DEPARTMENTS[department - 1]
    is_public = status == "veröffentlicht"
    return {
        "objekt": "stelle",
        "stellenId": 310 + number,
        "kennziffer": f"LUX-2025-{number:02}",
        "stellenTitel": title,
        "kurzbeschreibung": None,
        "stellenText": f"<p>Wir suchen: {title}.</p>",
        "anstellungsArt": kind,
        "wochenStunden": 38.5 if kind == "Vollzeit" else None,
        "berufsfeld": category,
        "abteilung": {"abteilungsId": identity, "name": name, "kostenstelle": centre},
        "status": status,
        "sichtbarkeit": visible,
        "arbeitsort": {"straße": "Am Klinikum 3", "plz": "01307", "ort": "Dresden", "bundesland": "Sachsen",
                       "land": "Deutschland"},
        "anzeigenUrl": f"https://karriere.luchs.example.org/stelle/{310 + number}" if is_public else None,
        "bewerbungsFormularUrl": f"https://karriere.luchs.example.org/bewerben/{310 + number}" if is_public else None,
        "veröffentlichtAb": None if status == "entwurf" else f"2024-11-{1 + number:02}",
        "veröffentlichtBis": "2999-12-31" if is_public else None,
        "eintrittsTermin": "2025-04-01",
        "ansprechpartnerId": 7 + number % 2,
        "angelegtVonId": 8,
        "anzahlBewerbungen": 6,
        "zusatzFelder": [field("zf_tarif", f"P{7 + number}")],
        "erstelltAm": "2024-10-01T10:00:00+02:00",
        "aktualisiertAm": _at(number),
    }  # fmt: skip


def _person(number: int, person: tuple[str | None, str, str, str | None, str | None, str | None]) -> Wire:
    salutation, first, last, city, postcode, country = person
    address = {"straße": f"Lindenweg {number}", "plz": postcode, "ort": city, "bundesland": None, "land": country}
    mails: list[Wire] = [{"art": "privat", "adresse": _mail(first, last), "bestätigt": True}]
    phones: list[Wire] = [{"art": "mobil", "nummer": f"+49 170 55500{number:02}"}]
    if number % 3 == 0:
        mails.append({"art": "dienstlich", "adresse": f"buero{number}@example.org", "bestätigt": False})
        phones.append({"art": "privat", "nummer": f"0351 49600{number:02}"})
    profile = {"netzwerk": "XING", "link": f"https://xing.example.org/p/{number}", "nutzername": f"p{number}"}
    source = _SOURCES[number % 5]
    return {
        "objekt": "kandidat",
        "kandidatenNr": 50001 + number,
        "anrede": salutation,
        "titel": "Dr." if number == 7 else None,
        "vorname": first,
        "nachname": last,
        "geburtsname": None,
        "geburtsdatum": f"19{70 + number}-05-1{number % 10}",
        "telefonNummern": phones,
        "mailAdressen": mails,
        "webProfile": [profile] if number % 4 == 0 else [],
        "anschrift": address if city else None,
        "herkunft": None if number == 13 else {"quellenId": source[0], "bezeichnung": source[1]},
        "einwilligung": {"talentPool": number % 2 == 0, "erteiltAm": None, "löschdatum": "2025-12-31"},
        "schlagworte": ["Talent"] if number % 5 == 0 else [],
        "betreuerId": 7,
        "zuletztAngesehenAm": None,
        "bewerbungen": [],
        "zusatzFelder": [field("zf_schicht", number % 2 == 0), field("zf_sprachen", ["Deutsch", "Englisch"])],
        "erstelltAm": "2024-12-01T12:00:00+01:00",
        "aktualisiertAm": _at(number),
    }


def _application(number: int) -> Wire:
    stage = _STAGES[number % 5]
    job = number % 6
    return {
        "objekt": "bewerbung",
        "bewerbungsNr": 880001 + number,
        "stellenId": 310 + job,
        "stellenTitel": _JOBS[job][0],
        "phase": {"phasenId": stage[0], "bezeichnung": stage[1]},
        "status": _STATUS[number // 2 % 6],
        "bewerbungsEingang": _at(number + 3),
        "gehaltsWunsch": 38000 + 500 * number if number % 2 else None,
        "frühesterEintritt": None,
        "bewertung": 1 + number % 5 if number % 3 else None,
        "zusatzFelder": [field("zf_punkte", 40 + number)] if number % 2 else [],
        "aktualisiertAm": _at(number + 5),
    }


def tables() -> Tables:
    """New tables: 3 users, 6 jobs, 25 candidates who hold 30 applications, 5 stages, and what else is listed."""
    people = [_person(number, person) for number, person in enumerate(_PEOPLE)]
    for number in range(30):
        people[number * 4 % 24]["bewerbungen"].append(_application(number))
    rows: dict[str, tuple[str, list[Wire]]] = {
        "mitarbeiter": ("mitarbeiterId", [_user(*user) for user in _USERS]),
        "stellen": ("stellenId", [_job(number, job) for number, job in enumerate(_JOBS)]),
        "kandidaten": ("kandidatenNr", people),
        "prozessphasen": ("phasenId", [
            {"phasenId": key, "bezeichnung": name, "reihenfolge": order, "farbe": None, "istEndphase": key == 5}
            for key, name, order in _STAGES
        ]),
        "stammdaten/quellen": ("quellenId", [{"quellenId": key, "bezeichnung": name} for key, name in _SOURCES]),
        "stammdaten/abteilungen": ("abteilungsId", [
            {"abteilungsId": key, "name": name, "kostenstelle": centre} for key, name, centre in _DEPARTMENTS
        ]),
        "stammdaten/schlagworte": ("tagId", [{"tagId": 1, "name": "Talent", "farbe": "#00aa00"}]),
        "kommunikation/termine": ("terminId", [
            {"terminId": number, "titel": "Gespräch", "beginn": _at(number), "ende": _at(number), "ort": "Raum 2",
             "bewerbungsNr": 880001 + number, "teilnehmer": [7, 9]}
            for number in range(1, 8)
        ]),
        "kommunikation/mail-vorlagen": ("vorlagenId", [
            {"vorlagenId": 1, "name": "Eingang", "betreff": "Ihre Bewerbung", "textHtml": "<p>Danke</p>",
             "sprache": "de"},
        ]),
        "integration/webhooks": ("url", []),
        "unterlagen": ("unterlagenId", []),
        "notizen": ("notizId", []),
    }  # fmt: skip
    return {name: {str(row[key]): row for row in found} for name, (key, found) in rows.items()}
