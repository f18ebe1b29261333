"""Objects as the default wire of CONTRACT.md has them, and mappers for them."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

from hr4you.contract import Contract, load_contract
from hr4you.mapping import RecordMapper

USER = {
    "userId": 7,
    "firstname": "Jörg",
    "lastname": "Müller-Lüdenscheidt",
    "email": "joerg@acme.example",
    "active": True,
    "updatedAt": "2026-01-31T12:00:00Z",
}
JOB = {
    "jobId": 12,
    "jobTitle": "Köch:in (m/w/d)",
    "jobFulltext": "<p>Kochen &amp; mehr</p>",
    "jobEmploymentType": "Vollzeit",
    "jobCategory": "Gastronomie",
    "jobStatus": "offen",
    "jobVisibility": "oeffentlich",
    "jobWorkplace": "Köln",
    "jobWorkplaceZipcode": "50667",
    "jobStreet": "Domplatz 1",
    "jobRegion": "Nordrhein-Westfalen",
    "jobCountry": "Deutschland",
    "jobOffer": "https://acme.example/job/view/12/koechin",
    "jobPublishingDateFrom": "2026-01-31",
    "jobPublishingDateUntil": "2026-07-31",
    "contactId": 7,
    "customFields": [],
    "createdAt": "2026-01-01T08:00:00Z",
    "updatedAt": "2026-01-31T12:00:00Z",
}
CANDIDATE = {
    "applicantId": 1001,
    "firstname": "Änne",
    "lastname": "Groß",
    "emails": [{"type": "privat", "address": "aenne@example.de"}],
    "phones": [{"type": "mobil", "number": "+49 (0)170 / 123 45-67"}],
    "street": "Hauptstr. 1",
    "zipcode": "01067",
    "city": "Dresden",
    "region": "Sachsen",
    "country": "Deutschland",
    "source": {"id": 3, "name": "LinkedIn"},
    "socialMedia": [{"type": "xing", "url": "https://xing.example/aenne", "username": "aenne"}],
    "consent": True,
    "customFields": [{"key": "cf_12", "label": "Gehaltswunsch", "type": "number", "value": 52000}],
    "createdAt": "2026-01-01T08:00:00Z",
    "updatedAt": "2026-01-31T12:00:00Z",
}
STAGE = {"stageId": 3, "name": "Telefoninterview", "position": 20, "updatedAt": "2026-01-31T12:00:00Z"}
APPLICATION = {
    "applicationId": 9001,
    "applicantId": 1001,
    "jobId": 12,
    "stageId": 3,
    "status": "in_bearbeitung",
    "customFields": [],
    "createdAt": "2026-01-01T08:00:00Z",
    "updatedAt": "2026-01-31T12:00:00Z",
}
OBJECTS: dict[str, dict[str, Any]] = {
    "users": USER,
    "jobs": JOB,
    "candidates": CANDIDATE,
    "application_stages": STAGE,
    "applications": APPLICATION,
}


@functools.cache
def contract(override: str = "") -> Contract:
    """The default contract, with an override in YAML."""
    if not override:
        return load_contract()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "override.yml"
        path.write_text(override, encoding="utf-8")
        return load_contract([path])


def mapper(stream: str, override: str = "", **settings: Any) -> RecordMapper:
    """A mapper for the tenant acme."""
    return RecordMapper(contract(override), stream, "acme", **settings)


def mapped(
    stream: str, *, override: str = "", settings: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The record of the stream's usual object after some changes of its keys."""
    return mapper(stream, override, **settings or {})({**OBJECTS[stream], **changes})
