"""What is in the tenant at the start; nobody in it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.base import Wire

_PEOPLE = [
    ("Anke", "Böttcher", "w"), ("Björn", "Çelik", "m"), ("Carla", "Dörfler", "w"), ("Deniz", "Ebert", "d"),
    ("Elke", "Freytag", "w"), ("Falk", "Größer", "m"), ("Gesa", "Hübner", "w"), ("Holger", "Iwersen", "m"),
    ("Inga", "Jäger", "w"), ("Jannis", "Köhler", "m"), ("Käthe", "Lüdtke", "w"), ("Lennart", "Möller", "m"),
    ("Mara", "Nowak", "w"), ("Nils", "Öhlschläger", "m"), ("Oda", "Petersen", "w"), ("Paul", "Quandt", "m"),
    ("Ronja", "Rößler", "w"), ("Sönke", "Süß", "m"), ("Thea", "Thomä", "w"), ("Uwe", "Ullrich", "m"),
    ("Vera", "Voß", "w"), ("Wim", "Weiß", "m"), ("Xenia", "Yıldız", "w"), ("Yannick", "Zöllner", "m"),
    ("Zoë", "von der Aue", None),
]  # fmt: skip
_TOWNS = [("24103", "Kiel"), ("23552", "Lübeck"), ("20095", "Hamburg"), ("50667", "Köln"), ("6020", "Innsbruck")]
_STATUS = ("neu", "in_bearbeitung", "zurueckgestellt", "zusage", "absage", "zurueckgezogen")
_SOURCES = [("Karriereseite", 0), ("Jobbörse", 350.0), ("Messe", 1200.0), ("Empfehlung", 500.0)]


def _address(first: str, last: str) -> str:
    plain = f"{first}.{last}".lower()
    for letter, instead in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), (" ", "-")):
        plain = plain.replace(letter, instead)
    return f"{plain.encode('ascii', 'ignore').decode()}@example.org"


def _own(key: str, label: str, kind: str, value: Any) -> Wire:
    return {"zf_schluessel": key, "zf_bez": label, "zf_typ": kind, "zf_wert": value}


def _applicant(number: int) -> Wire:
    first, last, gender = _PEOPLE[number]
    postcode, town = _TOWNS[number % 5]
    salary = _own("zf_12", "Gehaltswunsch", "zahl", str(42000 + 500 * number))
    start = _own("zf_15", "Frühester Eintritt", "datum", "2024-10-01")
    return {
        "bew_id": 1000 + number,
        "bew_anrede": {"w": "Frau", "m": "Herr"}.get(gender or "", ""),
        "bew_geschlecht": gender,
        "bew_titel": "Dr." if number % 11 == 3 else None,
        "bew_vname": first,
        "bew_nname": last,
        "bew_geb_dat": None if number % 4 else f"19{70 + number}-05-0{1 + number % 9}",
        "bew_mail": _address(first, last),
        "bew_tel_privat": "" if number % 3 else f"0431 55501{number:02}",
        "bew_tel_mobil": f"0151 555020{number:02}" if number % 2 else None,
        "bew_str": f"Hafenstraße {number + 1}",
        "bew_plz": postcode,
        "bew_ort": town,
        "bew_land": "AT" if town == "Innsbruck" else "DE",
        "bew_xing": f"https://xing.example.org/profile/{number}" if number % 5 == 0 else None,
        "bew_linkedin": f"https://linkedin.example.org/in/{number}" if number % 4 == 0 else "",
        "bew_quelle_id": 1 + number % 4,
        "bew_quelle": _SOURCES[number % 4][0],
        "bew_dsgvo_einw": number % 6 != 0,
        "bew_dsgvo_loesch_dat": "2025-01-31",
        "bew_pool": int(number % 7 == 0),
        "bew_zul_aufruf": "2024-06-28 09:12:00",
        "bew_zusatz": [[salary, start], [salary], []][number % 3],
        "bew_angelegt": f"2024-05-{1 + number:02} 10:00:00",
    }


def _application(number: int) -> Wire:
    status = _STATUS[number % 6]
    return {
        "bwg_id": 5000 + number,
        "bwg_bew_id": 1000 + number % 25,
        "bwg_stl_id": 100 + (number + number // 25) % 5,
        "bwg_phs_id": 11 + number % 5,
        "bwg_status": status,
        "bwg_eingang": f"2024-06-{1 + number % 28:02} 18:{number:02}:30",
        "bwg_absage_grd": "Stelle besetzt" if status == "absage" else None,
        "bwg_bewertung": 1 + number % 5,
        "bwg_zusatz": [_own("zf_30", "Führerschein", "ja_nein", "ja")] if number % 2 else [],
        "bwg_angelegt": f"2024-06-{1 + number % 28:02} 18:{number:02}:31",
    }


def _job(number: int, title: str, **more: Any) -> Wire:
    postcode, town = _TOWNS[number % 3]
    return {
        "stl_id": 100 + number,
        "stl_kennziffer": f"2024-{number + 17}",
        "stl_titel": title,
        "stl_text_kurz": f"{title} in {town} gesucht",
        "stl_text": f"<h2>{title}</h2><p>Wir freuen uns auf Sie in {town}.</p>",
        "stl_besch_art": "Vollzeit",
        "stl_befristet": 0,
        "stl_status": "ausgeschrieben",
        "stl_sichtbar": "oeffentlich",
        "stl_kat": "Handwerk",
        "stl_abt_id": 1 + number % 3,
        "stl_str": f"Werftallee {number + 4}",
        "stl_plz": postcode,
        "stl_ort": town,
        "stl_bundesland": ("Schleswig-Holstein", "Schleswig-Holstein", "Hamburg")[number % 3],
        "stl_land": "Deutschland",
        "stl_gehalt_von": 0,
        "stl_gehalt_bis": 0,
        "stl_url": f"https://kranich.example.org/stellen/{100 + number}",
        "stl_url_formular": f"https://kranich.example.org/bewerben/{100 + number}",
        "stl_eintritt": "nächstmöglich",
        "stl_veroeff_von": "2024-05-01",
        "stl_veroeff_bis": "2999-12-31" if number % 2 else "2024-09-30",
        "stl_ansprech_id": 1 + number % 3,
        "stl_fv_id": 1 + (number + 1) % 3,
        "stl_zusatz": [_own("zf_40", "Kostenträger", "text", f"KT {number}")] if number < 3 else [],
        "stl_angelegt": "2024-04-20 08:00:00",
        **more,
    }


_USERS = [("Frau", "Heike", "Brandt", "recruiter"), ("Herr", "Timo", "Küster", "recruiter"),
          ("Frau", "Sabine", "Maaß", "fachbereich")]  # fmt: skip

ROWS: dict[str, list[Wire]] = {
    "abteilungen": [
        {"abt_id": 1 + number, "abt_bez": name, "abt_kst": f"4{number}00", "abt_leitung_id": 3}
        for number, name in enumerate(("Werft", "Verwaltung", "Logistik"))
    ],
    "benutzer": [
        {"ben_id": 1 + number, "ben_login": last.lower(), "ben_anrede": title, "ben_vname": first, "ben_nname": last,
         "ben_mail": _address(first, last), "ben_tel": f"0431 555-{number}", "ben_abt_id": 2, "ben_rolle": role,
         "ben_aktiv": 1, "ben_letzte_anm": "2024-06-30 08:01:00", "ben_angelegt": "2021-03-01 09:00:00"}
        for number, (title, first, last, role) in enumerate(_USERS)
    ],
    "bewerber": [_applicant(number) for number in range(25)],
    "bewerbungen": [_application(number) for number in range(30)],
    "mailvorlagen": [
        {"mvl_id": 1, "mvl_bez": "Eingangsbestätigung", "mvl_betreff": "Ihre Bewerbung", "mvl_text": "<p>Danke</p>"},
        {"mvl_id": 2, "mvl_bez": "Absage", "mvl_betreff": "Ihre Bewerbung", "mvl_text": "<p>Leider</p>"},
    ],
    "phasen": [
        {"phs_id": 11 + number, "phs_bez": name, "phs_reihe": 10 * (number + 1), "phs_farbe": "#3a7bd5"}
        for number, name in enumerate(("Eingang", "Vorauswahl", "Gespräch", "Angebot", "Abschluss"))
    ],
    "quellen": [
        {"que_id": 1 + number, "que_bez": name, "que_kosten": cost} for number, (name, cost) in enumerate(_SOURCES)
    ],
    "schlagworte": [{"swt_id": 1, "swt_bez": "Schweißen"}, {"swt_id": 2, "swt_bez": "SAP"}],
    "stellen": [
        _job(0, "Konstruktionsmechaniker (m/w/d)"),
        _job(1, "Sachbearbeitung Einkauf", stl_besch_art="Vollzeit/Teilzeit", stl_kat="Kaufmännisch"),
        _job(2, "Ausbildung Fachkraft für Lagerlogistik", stl_besch_art="Ausbildung", stl_kat="Lager"),
        _job(3, "Aushilfe Kantine", stl_besch_art="Saisonkraft", stl_status="entwurf", stl_sichtbar="intern"),
        _job(4, "Sicherheitsberatung", stl_besch_art="Honorarkraft", stl_status="besetzt", stl_sichtbar="nur_link"),
    ],
    "termine": [
        {"trm_id": 1, "trm_betreff": "Gespräch", "trm_bwg_id": 5002, "trm_ben_id": 1, "trm_ort": "Raum 2",
         "trm_beginn": "2024-07-09 10:00:00", "trm_ende": "2024-07-09 11:00:00"},
    ],
    "webhooks": [],
    "dokumente": [],
    "notizen": [],
}  # fmt: skip
