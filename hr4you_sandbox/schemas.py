"""What the API's own description says of bodies and answers, as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hr4you_sandbox.kinds import (
    APPLICATION_STATUSES,
    ATTACHMENT_CATEGORIES,
    CUSTOM_FIELDS,
    GENDERS,
    JOB_STATUSES,
    JOB_VISIBILITIES,
)
from hr4you_sandbox.legacy import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you_sandbox.legacy import Key
    from hr4you_sandbox.tenant import Tenant

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
TIME: Schema = {"type": "string", "format": "date-time"}
LOCAL_TIME: Schema = {
    "type": "string",
    "description": "Ortszeit (Europe/Berlin) als YYYY-MM-DD HH:MM:SS",
    "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
    "example": "2026-01-31 13:00:00",
}
MODELS = tuple(dict.fromkeys(field["model"] for field in CUSTOM_FIELDS))
_TRUTH: Schema = {"type": "boolean"}
_DATE: Schema = {"type": "string", "format": "date"}


def of_object(required: Iterable[str] = (), **properties: Schema) -> Schema:
    """An object; of the names given first no one may be missing."""
    named = list(required)
    return {"type": "object", **({"required": named} if named else {}), "properties": properties}


def of_list(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def one_of(values: Iterable[str]) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def ref(name: str) -> Schema:
    """A reference to what `schemas` has by this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **values}


_SOME_TEXT = _or_null(TEXT)
_ANY_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
_CUSTOM = of_list(of_object(("key",), key=TEXT, label=TEXT, type=TEXT, value=_ANY_VALUE))
_TIMES = {"createdAt": TIME, "updatedAt": TIME}


def _texts(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), _SOME_TEXT)


# No key of these is required: `fields` leaves out whatever it does not name.
_OBJECTS: dict[str, Schema] = {
    "users": of_object(userId=NUMBER, **_texts("firstname lastname email"), active=_TRUTH, updatedAt=TIME),
    "jobs": of_object(
        jobId=NUMBER,
        jobTitle=TEXT,
        jobFulltext={**_SOME_TEXT, "description": "HTML"},
        **_texts("jobEmploymentType jobCategory"),
        jobStatus=one_of(JOB_STATUSES),
        jobVisibility=one_of(JOB_VISIBILITIES),
        **_texts("jobWorkplace jobWorkplaceZipcode jobStreet jobRegion jobCountry"),
        jobOffer={**_SOME_TEXT, "format": "uri", "description": "Address of the public posting"},
        jobPublishingDateFrom=_or_null(_DATE),
        jobPublishingDateUntil=_or_null(_DATE),
        contactId={**_or_null(NUMBER), "description": "A user"},
        customFields=_CUSTOM,
        **_TIMES,
    ),
    "applicants": of_object(
        applicantId=NUMBER,
        **_texts("firstname lastname"),
        emails=of_list(of_object(type=_SOME_TEXT, address=_SOME_TEXT)),
        phones=of_list(of_object(type=_SOME_TEXT, number=_SOME_TEXT)),
        **_texts("street zipcode city region country"),
        source=_or_null(of_object(("id", "name"), id=NUMBER, name=TEXT)),
        socialMedia=of_list(of_object(type=_SOME_TEXT, url=_SOME_TEXT, username=_SOME_TEXT)),
        consent={**_TRUTH, "description": "Whether the data may be kept for other jobs"},
        customFields=_CUSTOM,
        **_TIMES,
    ),
    "stages": of_object(stageId=NUMBER, name=TEXT, position=NUMBER, updatedAt=TIME),
    "applications": of_object(
        applicationId=NUMBER,
        applicantId=NUMBER,
        jobId=NUMBER,
        stageId=_or_null(NUMBER),
        status=_or_null(one_of(APPLICATION_STATUSES)),
        customFields=_CUSTOM,
        **_TIMES,
    ),
}
_OTHERS: dict[str, Schema] = {
    "sources": of_object(("sourceId", "name"), sourceId=NUMBER, name=TEXT),
    "customfields": of_object(("key", "label", "type", "model"), key=TEXT, label=TEXT, type=TEXT, model=one_of(MODELS)),
    "notes": of_object(("noteId", "text", "createdAt"), noteId=NUMBER, text=TEXT, createdAt=TIME),
    "attachments": of_object(
        ("attachmentId", "name", "size", "contentType", "category", "createdAt"),
        attachmentId=NUMBER,
        name=TEXT,
        size={**NUMBER, "description": "In bytes"},
        contentType=TEXT,
        category=one_of(ATTACHMENT_CATEGORIES),
        createdAt=TIME,
    ),
}
_NAMED_SOURCE = of_object(id=NUMBER, name=TEXT)

NEW_APPLICANT = of_object(
    ("firstname", "lastname", "email"),
    **dict.fromkeys(("firstname", "lastname"), TEXT),
    email={**TEXT, "format": "email"},
    **dict.fromkeys(("phone", "city", "country"), TEXT),
    gender=one_of(GENDERS),
    source=_NAMED_SOURCE,
    consent=_TRUTH,
)
NEW_APPLICATION = of_object(
    ("applicantId", "jobId"), applicantId=NUMBER, jobId=NUMBER, stageId=NUMBER, source=_NAMED_SOURCE
)
NEW_VALUES = of_object(("customFields",), customFields=of_list(of_object(("key", "value"), key=TEXT, value=_ANY_VALUE)))
NEW_NOTE = of_object(("text",), text=TEXT)
NEW_ATTACHMENT = of_object(
    ("file",), file={"type": "string", "format": "binary"}, category=one_of(ATTACHMENT_CATEGORIES)
)
LOGIN = of_object(("benutzer", "kennwort"), benutzer=TEXT, kennwort={**TEXT, "format": "password"})
SESSION = of_object(
    ("token", "gueltig_sekunden"),
    token={**TEXT, "description": "Im Kopf X-Auth-Token zu senden"},
    gueltig_sekunden={**NUMBER, "description": "So lange gilt der Token"},
)


def schemas(tenant: Tenant) -> dict[str, Schema]:
    """What the dialect's objects and errors look like, by path."""
    wrong = {"type": "object", "additionalProperties": of_list(TEXT), "description": "What is wrong, by field"}
    if tenant.dialect.name != "legacy":
        return {**_OBJECTS, **_OTHERS, "error": of_object(("message",), message=TEXT, errors=wrong)}
    objects = {tenant.dialect.paths[kind]: _translated(kind, shape) for kind, shape in SHAPES.items()}
    return {**objects, "fehler": of_object(("meldung",), meldung=TEXT, felder=wrong)}


def page_of(tenant: Tenant, item: Schema) -> Schema:
    """What one page of a list is wrapped in."""
    if tenant.dialect.name == "legacy":
        total = {**NUMBER, "description": "Anzahl aller Treffer"}
        return of_object(("ergebnis", "gesamt"), ergebnis=of_list(item), gesamt=total)
    meta = of_object(
        ("page", "lastPage", "total"),
        page=NUMBER,
        lastPage=NUMBER,
        total={**NUMBER, "description": "Objects in all pages"},
    )
    return of_object(("data", "meta"), data=of_list(item), meta=meta)


def wrapped(tenant: Tenant, content: Schema) -> Schema:
    """What anything else is wrapped in."""
    key = "ergebnis" if tenant.dialect.name == "legacy" else "data"
    return of_object((key,), **{key: content})


def _translated(kind: str, shape: Iterable[Key]) -> Schema:
    """A kind's object in the names of the legacy dialect."""
    root = of_object()
    for key in shape:
        target = root["properties"]
        *parents, last = key.path.split(".")
        for parent in parents:
            target = target.setdefault(parent, of_object())["properties"]
        target[last] = _translated_key(key, _OBJECTS[kind]["properties"][key.wire])
    return root


def _translated_key(key: Key, known: Schema) -> Schema:
    if key.items is not None:
        parts = known["items"]["properties"]
        return of_list(of_object(**{name: parts[wire] for name, wire in key.items.items()}))
    if key.codes is not None:
        return {**known, "enum": [None if code is None else key.codes[code] for code in known["enum"]]}
    return LOCAL_TIME if key.time else {name: value for name, value in known.items() if name != "description"}
