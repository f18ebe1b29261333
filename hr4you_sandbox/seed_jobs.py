"""Jobs that look like real ones: four states, HTML texts in parts, open ends in the year 2999."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.clock import utc_text
from hr4you_sandbox.kinds import KINDS
from hr4you_sandbox.pools import BENEFITS, EMPLOYMENT_TYPES, JOB_SUFFIXES, JOB_TITLES, PLACES, REQUIREMENTS, TASKS
from hr4you_sandbox.seed_people import custom_fields

if TYPE_CHECKING:
    import random

SECTIONS = ("Ihre Aufgaben", "Ihr Profil", "Wir bieten")
"""Headings (h2) of the parts of jobFulltext, in this order; before the first one stands the summary."""

_DAY = 86_400


def make_job(rng: random.Random, job_id: int, users: int, newest: int) -> dict[str, Any]:
    """A job as on the wire; ``users`` is the number of seeded users, one of them is the contact."""
    title, category = rng.choice(JOB_TITLES)
    title = f"{title} {rng.choice(JOB_SUFFIXES)}"
    place = rng.choice(PLACES)
    status = rng.choices(("offen", "geschlossen", "entwurf", "archiviert"), (50, 25, 10, 15))[0]
    visibility = rng.choices(("oeffentlich", "intern", "nichtgelistet", "vertraulich"), (70, 15, 10, 5))[0]
    created = newest - int(rng.random() ** 1.3 * 700 * _DAY) - 2 * _DAY
    start = utc_text(created + _DAY)[:10]
    until = utc_text(created + (30 + int(rng.random() * 300)) * _DAY)[:10]
    if status == "offen":
        until = "2999-09-23" if rng.random() < 0.8 else "2031-12-31"  # noqa: PLR2004
    contact = KINDS["users"].first_id + int(rng.random() * users)
    return {
        "jobId": job_id,
        "jobTitle": title,
        "jobFulltext": _fulltext(rng, title, place.city),
        "jobEmploymentType": rng.choice(EMPLOYMENT_TYPES),
        "jobCategory": category,
        "jobStatus": status,
        "jobVisibility": visibility,
        "jobWorkplace": place.city,
        "jobWorkplaceZipcode": place.zipcode,
        "jobStreet": f"Werkstraße {job_id % 60 + 1}" if rng.random() < 0.7 else "",  # noqa: PLR2004
        "jobRegion": place.region,
        "jobCountry": place.country,
        "jobOffer": f"https://sandbox.example.org/job/view/{job_id}/{_slug(title)}" if status != "entwurf" else None,
        "jobPublishingDateFrom": start if status != "entwurf" else None,
        "jobPublishingDateUntil": until if status != "entwurf" else None,
        "contactId": contact if rng.random() < 0.95 else None,  # noqa: PLR2004
        "customFields": custom_fields(rng, "job"),
        "createdAt": utc_text(created),
        "updatedAt": utc_text(created + int(rng.random() * (newest - created))),
    }


def _fulltext(rng: random.Random, title: str, city: str) -> str:
    summary = f"<p>Für unseren Standort <strong>{city}</strong> suchen wir: {escape(title)}</p>"
    lists = (rng.sample(TASKS, 3), rng.sample(REQUIREMENTS, 3), rng.sample(BENEFITS, 2))
    return summary + "".join(
        f"<h2>{heading}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for heading, lines in zip(SECTIONS, lists, strict=True)
    )


def _slug(title: str) -> str:
    return "-".join("".join(sign if sign.isalnum() and sign.isascii() else " " for sign in title.lower()).split())
