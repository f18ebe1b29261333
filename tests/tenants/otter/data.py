"""What is in the tenant at the start; nobody in it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.base import Wire

_PEOPLE = [
    ("Alma", "Brückner"), ("Bela", "Cordes"), ("Clara", "Drews"), ("David", "Eßer"), ("Emma", "Fichte"),
    ("Finn", "Gärtner"), ("Greta", "Hölzl"), ("Hannes", "Imhof"), ("Ida", "Jürgens"), ("Jonas", "Kröger"),
    ("Klara", "Lorenz"), ("Levin", "Mühlbauer"), ("Mila", "Noack"), ("Noah", "Oster"), ("Olga", "Pröll"),
    ("Piet", "Querfurt"), ("Rosa", "Reiß"), ("Silas", "Schäfer"), ("Tilda", "Tönnies"), ("Ulf", "Uhl"),
    ("Vroni", "Vogt"), ("Willi", "Wünsche"), ("Xaver", "Yalçın"), ("Yara", "Zeh"), ("Zita", "Ähnlich"),
]  # fmt: skip
_TOWNS = [("10115", "Berlin"), ("80331", "München"), ("04109", "Leipzig"), ("8001", "Zürich")]
_STEPS = [("Inbox", "inbox"), ("Screening", "screening"), ("Interview", "interview"), ("Offer", "offer"),
          ("Closed", "closed")]  # fmt: skip
_STATES = ("active", "on_hold", "hired", "rejected", "withdrawn", "active")
_DEPARTMENTS = [("dep_1", "Engineering"), ("dep_2", "Sales"), ("dep_3", "Operations")]
_MEMBERS = [("Petra", "Lang", "recruiter"), ("Jens", "Groth", "hiring_manager"), ("Suse", "Abel", "admin")]
_TITLES = ["Backend developer", "Key account manager", "Apprentice, logistics", "Working student, data", "Site manager"]


def _own(key: str, label: str, kind: str, value: Any) -> Wire:
    return {"field": {"key": key, "label": label, "type": kind}, "value": value}


def _ref(key: str, label: str) -> Wire:
    return {"id": key, "label": label}


def _address(number: int) -> Wire:
    postcode, town = _TOWNS[number % 4]
    country = "CH" if town == "Zürich" else "DE"
    street = f"Uferweg {number + 1}"
    return {"line1": street, "line2": None, "postalCode": postcode, "city": town, "region": None, "country": country}


def _person(number: int) -> Wire:
    given, family = _PEOPLE[number]
    emails = [{"address": f"person{number}@example.org", "kind": "private", "primary": True}]
    if number % 6 == 0:
        emails.append({"address": f"person{number}.work@example.org", "kind": "work", "primary": False})
    phones = [{"number": f"+49 30 55501{number:02}", "kind": "mobile"}] if number % 3 else []
    profiles = [{"network": "linkedin", "url": f"https://linkedin.example.org/in/{number}", "handle": None}]
    salary, notice = _own("cf_salary", "Expected salary", "number", 48000 + number), ["remote", "part time"]
    own = [salary, _own("cf_wishes", "Wishes", "multi_choice", notice)]
    origin = {"channel": "inbound", "label": ("Career site", "Job fair", "Referral")[number % 3], "campaign": None}
    return {
        "id": f"prs_{number + 1:04}",
        "name": {"prefix": None, "given": given, "family": family},
        "gender": (None, "female", "male", "diverse")[number % 4],
        "birthday": None,
        "contact": {"emails": emails, "phones": phones, "profiles": profiles if number % 4 == 0 else []},
        "address": _address(number),
        "origin": origin if number % 5 else None,
        "consent": {"given": number % 7 != 0, "at": None, "until": "2025-06-30"},
        "photo": None,
        "tags": ["remote"] if number % 8 == 0 else [],
        "customFields": own[: number % 3],
    }


def _application(number: int) -> Wire:
    person, position = number % 25, (number + number // 25) % 5
    state = _STATES[number % 6]
    return {
        "id": f"app_{number + 1:04}",
        "person": _ref(f"prs_{person + 1:04}", " ".join(_PEOPLE[person])),
        "position": _ref(f"pos_{position + 1}", _TITLES[position]),
        "step": _ref(f"stp_{number % 5 + 1}", _STEPS[number % 5][0]),
        "state": state,
        "rejection": {"reason": "position filled", "at": "2024-06-20T12:00:00+02:00"} if state == "rejected" else None,
        "rating": None if number % 2 else 1 + number % 5,
        "submittedAt": f"2024-06-{1 + number % 28:02}T18:30:00+02:00",
        "customFields": [_own("cf_start", "Earliest start", "date", "2024-10-01")] if number % 3 == 0 else [],
    }


def _position(number: int, employment: str, state: str = "live", audience: str = "public") -> Wire:
    title, head = _TITLES[number], _MEMBERS[1]
    recruiter, department = _MEMBERS[number % 2 * 2], _DEPARTMENTS[number % 3]
    return {
        "id": f"pos_{number + 1}",
        "reference": f"R-{number + 31}",
        "content": {"title": title, "teaser": None, "html": f"<h1>{title}</h1><p>Join us.</p>"},
        "terms": {"employment": employment, "hoursPerWeek": 40 - 5 * number, "salary": None},
        "state": state,
        "audience": audience,
        "category": {"id": f"cat_{number % 2}", "label": ("Technology", "Commerce")[number % 2]} if number else None,
        "department": _ref(*department),
        "workplace": {"remote": "partly", "address": _address(number)},
        "publication": {
            "url": f"https://otter.example.org/careers/pos_{number + 1}",
            "applyUrl": f"https://otter.example.org/careers/pos_{number + 1}/apply",
            "from": "2024-05-01",
            "until": None if number % 2 else "2024-09-30",
        },
        "hiringTeam": {
            "recruiter": _ref(f"mem_{number % 2 * 2 + 1}", " ".join(recruiter[:2])),
            "manager": _ref("mem_2", " ".join(head[:2])),
        },
        "customFields": [_own("cf_site", "Building", "single_choice", "North")] if number % 2 else [],
    }


ROWS: dict[str, list[Wire]] = {
    "members": [
        {"id": f"mem_{number + 1}", "name": {"prefix": None, "given": given, "family": family},
         "email": f"{given}.{family}@example.org".lower(), "role": role, "active": True,
         "department": _ref(*_DEPARTMENTS[number])}
        for number, (given, family, role) in enumerate(_MEMBERS)
    ],
    "positions": [
        _position(0, "full_time"),
        _position(1, "freelance", "filled"),
        _position(2, "apprenticeship", "live", "link_only"),
        _position(3, "working_student", "draft", "internal"),
        _position(4, "seasonal", "archived"),
    ],
    "people": [_person(number) for number in range(25)],
    "steps": [
        {"id": f"stp_{number + 1}", "label": label, "order": number, "kind": kind}
        for number, (label, kind) in enumerate(_STEPS)
    ],
    "applications": [_application(number) for number in range(30)],
    "departments": [
        {"id": key, "name": name, "costCenter": f"10{number}", "head": _ref("mem_2", "Jens Groth")}
        for number, (key, name) in enumerate(_DEPARTMENTS)
    ],
    "custom-fields": [
        {"key": "cf_salary", "label": "Expected salary", "entity": "person", "type": "number", "choices": None},
        {"key": "cf_wishes", "label": "Wishes", "entity": "person", "type": "multi_choice",
         "choices": ["remote", "part time", "car"]},
        {"key": "cf_site", "label": "Building", "entity": "position", "type": "single_choice",
         "choices": ["North", "South"]},
        {"key": "cf_start", "label": "Earliest start", "entity": "application", "type": "date", "choices": None},
        {"key": "cf_score", "label": "Assessment Score", "entity": "application", "type": "number", "choices": None},
    ],
    "email-templates": [{"id": "tpl_1", "name": "Receipt", "subject": "Your application", "body": "<p>Thank you</p>"}],
    "tags": [{"name": "remote", "people": 4}],
    "webhooks": [],
    "attachments": [],
    "notes": [],
}  # fmt: skip
