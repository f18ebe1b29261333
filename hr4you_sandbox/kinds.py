"""The kinds of objects that the sandbox keeps, named as on the default wire (CONTRACT.md)."""

from __future__ import annotations

from typing import Any, NamedTuple

WireObject = dict[str, Any]


class Kind(NamedTuple):
    """One kind of object."""

    name: str
    """As in the path ``/api2/{name}`` and in the control API."""
    id_key: str
    first_id: int
    keys: tuple[str, ...]
    """All other keys of its objects, in their order."""
    listed: bool = True
    """False: only reachable under its parent (``/api2/applications/1/notes``)."""


def _keys(names: str) -> tuple[str, ...]:
    return tuple(names.split())


LISTS = frozenset({"emails", "phones", "socialMedia", "customFields"})
"""Keys whose empty value is a list."""

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("users", "userId", 11, _keys("firstname lastname email active updatedAt")),
        Kind(
            "jobs",
            "jobId",
            201,
            _keys(
                "jobTitle jobFulltext jobEmploymentType jobCategory jobStatus jobVisibility jobWorkplace"
                " jobWorkplaceZipcode jobStreet jobRegion jobCountry jobOffer jobPublishingDateFrom"
                " jobPublishingDateUntil contactId customFields createdAt updatedAt"
            ),
        ),
        Kind(
            "applicants",
            "applicantId",
            1001,
            _keys(
                "firstname lastname emails phones street zipcode city region country source socialMedia consent"
                " customFields createdAt updatedAt"
            ),
        ),
        Kind("stages", "stageId", 1, _keys("name position updatedAt")),
        Kind(
            "applications",
            "applicationId",
            8001,
            _keys("applicantId jobId stageId status customFields createdAt updatedAt"),
        ),
        Kind("notes", "noteId", 1, _keys("text createdAt"), listed=False),
        Kind("attachments", "attachmentId", 1, _keys("name size contentType category createdAt"), listed=False),
    )
}
"""In the order of the control API's statistics."""

JOB_STATUSES = ("offen", "geschlossen", "entwurf", "archiviert")
JOB_VISIBILITIES = ("oeffentlich", "intern", "nichtgelistet", "vertraulich")
APPLICATION_STATUSES = ("neu", "in_bearbeitung", "eingestellt", "abgelehnt", "zurueckgezogen")
ATTACHMENT_CATEGORIES = ("cv", "coverletter", "other")
GENDERS = ("m", "f", "d")

SOURCES: dict[int, str] = {
    1: "Karriereseite",
    2: "Stepstone",
    3: "Indeed",
    4: "LinkedIn",
    5: "XING",
    6: "Bundesagentur für Arbeit",
    7: "Mitarbeiterempfehlung",
    8: "Initiativbewerbung",
}
"""sourceId -> name."""

CUSTOM_FIELDS: tuple[dict[str, Any], ...] = (
    {"key": "cf_12", "label": "Gehaltswunsch", "type": "number", "model": "applicant"},
    {"key": "cf_13", "label": "Führerschein vorhanden", "type": "boolean", "model": "applicant"},
    {"key": "cf_14", "label": "Frühester Eintritt", "type": "date", "model": "applicant"},
    {"key": "cf_15", "label": "Deutschkenntnisse", "type": "select", "model": "applicant"},
    {"key": "cf_16", "label": "Kündigungsfrist", "type": "text", "model": "applicant"},
    {"key": "cf_31", "label": "Kostenstelle", "type": "text", "model": "job"},
    {"key": "cf_32", "label": "Anzahl Stellen", "type": "number", "model": "job"},
    {"key": "cf_33", "label": "Tarifgruppe", "type": "select", "model": "job"},
    {"key": "cf_51", "label": "Eignungstest Ergebnis", "type": "number", "model": "application"},
    {"key": "cf_52", "label": "Eignungstest URL", "type": "text", "model": "application"},
    {"key": "cf_53", "label": "Betriebsrat informiert", "type": "boolean", "model": "application"},
    {"key": "cf_54", "label": "Gespräch am", "type": "date", "model": "application"},
    {"key": "cf_55", "label": "Bewertung", "type": "select", "model": "application"},
)
"""As ``GET /api2/customfields`` lists them."""

SELECT_OPTIONS: dict[str, tuple[str, ...]] = {
    "cf_15": ("Muttersprache", "C1", "B2", "B1", "keine"),
    "cf_33": ("E9b", "E11", "E13", "AT"),
    "cf_55": ("A", "B", "C"),
}
