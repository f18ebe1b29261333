"""Applicants that look like real ones: umlauts, double names, empty fields, odd phone numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.clock import utc_text
from hr4you_sandbox.kinds import CUSTOM_FIELDS, SELECT_OPTIONS, SOURCES
from hr4you_sandbox.pools import EXOTIC_NAMES, MAIL_HOSTS, PARTICLES, PLACES, faker_pools

if TYPE_CHECKING:
    import random

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "'": "", "’": ""})
_FIELDS = {
    model: tuple(field for field in CUSTOM_FIELDS if field["model"] == model)
    for model in ("applicant", "job", "application")
}
_COUNTRIES = ("Deutschland", "Deutschland", "Deutschland", "DE", "Germany", "deutschland ", "", None)
_NOTICE = ("3 Monate zum Quartalsende", "4 Wochen", "sofort", "k. A.", "")


@lru_cache(maxsize=4_096)
def mail_name(name: str) -> str:
    """A name as it stands in an e-mail address: ``Weiß-Öztürk`` is ``weiss-oeztuerk``."""
    folded = name.casefold().translate(_FOLDED)
    return "".join(sign for sign in folded if sign.isascii() and (sign.isalnum() or sign == "-")) or "post"


def make_applicant(rng: random.Random, applicant_id: int, created: int, changed: int) -> dict[str, Any]:
    """An applicant as on the wire; times in epoch seconds."""
    chance = rng.random
    first, last = _name(rng)
    place = PLACES[int(chance() * len(PLACES))]
    source = 1 + int(chance() * len(SOURCES))
    return {
        "applicantId": applicant_id,
        "firstname": first,
        "lastname": last,
        "emails": _emails(rng, first, last, applicant_id),
        "phones": _phones(rng),
        "street": _street(rng),
        "zipcode": place.zipcode if chance() < 0.9 else "",  # noqa: PLR2004
        "city": place.city if chance() < 0.95 else None,  # noqa: PLR2004
        "region": place.region if chance() < 0.5 else None,  # noqa: PLR2004
        "country": place.country if place.country != "Deutschland" else _COUNTRIES[int(chance() * len(_COUNTRIES))],
        "source": {"id": source, "name": SOURCES[source]} if chance() < 0.9 else None,  # noqa: PLR2004
        "socialMedia": _social(rng, first, last),
        "consent": chance() < 0.9,  # noqa: PLR2004
        "customFields": custom_fields(rng, "applicant"),
        "createdAt": utc_text(created),
        "updatedAt": utc_text(changed),
    }


def custom_fields(rng: random.Random, model: str) -> list[dict[str, Any]]:
    """About half of the tenant's fields for a model, in the tenant's order, some of them null."""
    fields = []
    for field in _FIELDS[model]:
        if rng.random() < 0.5:  # noqa: PLR2004
            value = None if rng.random() < 0.1 else _value(rng, field)  # noqa: PLR2004
            fields.append({"key": field["key"], "label": field["label"], "type": field["type"], "value": value})
    return fields


def _value(rng: random.Random, field: dict[str, Any]) -> Any:
    kind, chance = field["type"], rng.random()
    if kind == "number":
        return int(chance * 100) if field["label"] != "Gehaltswunsch" else 28_000 + 500 * int(chance * 140)
    if kind == "boolean":
        return chance < 0.5  # noqa: PLR2004
    if kind == "date":
        return f"20{24 + int(chance * 3)}-{1 + int(chance * 997) % 12:02d}-{1 + int(chance * 9973) % 28:02d}"
    if kind == "select":
        options = SELECT_OPTIONS[field["key"]]
        return options[int(chance * len(options))]
    if field["label"] == "Eignungstest URL":
        return f"https://test.example.com/ergebnis/{int(chance * 1e6)}?sprache=de&art=kurz"
    return _NOTICE[int(chance * len(_NOTICE))] if field["label"] == "Kündigungsfrist" else f"4{int(chance * 1e4):04d}"


def _name(rng: random.Random) -> tuple[str, str]:
    pools = faker_pools()
    first = pools.first_names[int(rng.random() * len(pools.first_names))]
    last = pools.last_names[int(rng.random() * len(pools.last_names))]
    odd = rng.random()
    if odd < 0.06:  # noqa: PLR2004
        last = f"{last}-{rng.choice(pools.last_names)}"
    elif odd < 0.10:  # noqa: PLR2004
        first = f"{first}-{rng.choice(pools.first_names)}"
    elif odd < 0.12:  # noqa: PLR2004
        last = rng.choice(PARTICLES) + last
    elif odd < 0.13:  # noqa: PLR2004
        return rng.choice(EXOTIC_NAMES)
    elif odd < 0.135:  # noqa: PLR2004
        return "", last.upper()
    elif odd < 0.15:  # noqa: PLR2004
        first = f" {first} "
    return first, last


def _emails(rng: random.Random, first: str, last: str, applicant_id: int) -> list[dict[str, Any]]:
    odd = rng.random()
    if odd < 0.03:  # noqa: PLR2004
        return []
    private = f"{mail_name(first)}.{mail_name(last)}{applicant_id % 97}@{rng.choice(MAIL_HOSTS[:4])}"
    if odd < 0.04:  # noqa: PLR2004
        private = private.replace("@", " at ")
    elif odd < 0.05:  # noqa: PLR2004
        private = f"{mail_name(last)}@{MAIL_HOSTS[4]}"
    elif odd < 0.08:  # noqa: PLR2004
        private = private.title()
    emails = [{"type": "privat", "address": private}]
    if odd > 0.9:  # noqa: PLR2004
        emails.append({"type": "geschäftlich", "address": f"{mail_name(last)}@firma.example.com"})
    return emails


def _phones(rng: random.Random) -> list[dict[str, Any]]:
    digits = f"{int(rng.random() * 1e8):08d}"
    shape = int(rng.random() * 12)
    mobile = f"01{5 + int(rng.random() * 3)}{int(rng.random() * 10)}"
    if shape == 0:
        return []
    forms = {
        1: f"+49 (0) {mobile[1:]} / {digits[:3]} {digits[3:]}",
        2: f"0049{mobile[1:]}{digits}",
        3: f"{mobile}-{digits}",
        4: f"{digits[:3]} {digits[3:5]} {digits[5:]} (ab 18 Uhr)",
        5: f"+43 664 {digits}",
        6: "",
    }
    phones = [{"type": "mobil", "number": forms.get(shape, f"{mobile} {digits}")}]
    if shape == 11:  # noqa: PLR2004
        phones.append({"type": "festnetz", "number": f"0{digits[:4]}/{digits[4:]}-0"})
    return phones


def _street(rng: random.Random) -> str | None:
    if rng.random() < 0.08:  # noqa: PLR2004
        return None
    streets = faker_pools().streets
    number = 1 + int(rng.random() ** 2 * 180)
    letter = "" if number % 9 else "abc"[number % 3]
    return f"{streets[int(rng.random() * len(streets))]} {number}{letter}"


def _social(rng: random.Random, first: str, last: str) -> list[dict[str, Any]]:
    odd = rng.random()
    if odd > 0.2:  # noqa: PLR2004
        return []
    name = f"{mail_name(first)}-{mail_name(last)}"
    if odd < 0.12:  # noqa: PLR2004
        return [{"type": "linkedin", "url": f"https://www.linkedin.com/in/{name}", "username": name}]
    return [{"type": "xing", "url": f"https://www.xing.com/profile/{name.replace('-', '_')}", "username": None}]
