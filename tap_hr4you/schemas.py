"""JSON schemas of the streams: exactly the fields of the unified model, in forms that real targets load.

Free-form objects carry no ``properties`` key: several targets drop or crash on an empty one. Every property but the
keys may be null, as a deletion record holds little more than them.
"""

from __future__ import annotations

import copy
from typing import Any

Schema = dict[str, Any]

ID: Schema = {"type": "string"}
TEXT: Schema = {"type": ["string", "null"]}
INTEGER: Schema = {"type": ["integer", "null"]}
TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
FREE_OBJECT: Schema = {"type": ["object", "null"]}


def _object(*names: str) -> Schema:
    return {"type": ["object", "null"], "properties": dict.fromkeys(names, TEXT)}


def _list_of(*names: str) -> Schema:
    return {
        "type": ["array", "null"],
        "items": {"type": "object", "properties": dict.fromkeys(names, TEXT)},
    }


LOCATION = _object("city", "country", "raw", "state", "street_1", "street_2", "zip_code")
INTEGRATION_FIELDS = _list_of("id", "key", "label", "type", "value_type", "value")

_KEYS: dict[str, Schema] = {
    "id": ID,
    "remote_id": ID,
    "changed_at": {"type": "string", "format": "date-time"},
    "remote_deleted_at": TIME,
}

_FIELDS: dict[str, dict[str, Schema]] = {
    "users": {"first_name": TEXT, "last_name": TEXT, "email": TEXT},
    "jobs": {
        **dict.fromkeys(("name", "description", "employment_type", "status", "visibility", "category"), TEXT),
        "post_url": TEXT,
        "location": LOCATION,
        "custom_fields": FREE_OBJECT,
        "integration_fields": INTEGRATION_FIELDS,
        "opened_at": TIME,
        "closed_at": TIME,
        "contact_id": TEXT,
    },
    "candidates": {
        "first_name": TEXT,
        "last_name": TEXT,
        "source": TEXT,
        "phone_numbers": _list_of("phone_number", "type"),
        "email_addresses": _list_of("email_address", "type"),
        "social_media": _list_of("link", "type", "username"),
        "location": LOCATION,
        "custom_fields": FREE_OBJECT,
        "integration_fields": INTEGRATION_FIELDS,
    },
    "application_stages": {"name": TEXT, "global_index": INTEGER},
    "applications": {
        **dict.fromkeys(("outcome", "current_stage_id", "job_id", "candidate_id"), TEXT),
        "custom_fields": FREE_OBJECT,
        "integration_fields": INTEGRATION_FIELDS,
    },
}

STREAMS = tuple(_FIELDS)
"""The streams' names, in the order of the documentation."""

NAMED_STREAMS = frozenset({"jobs", "application_stages"})
"""Streams whose deletion records keep the name: no person's, and what reports on old applications need."""

DELETED_AT = "_sdc_deleted_at"

ACTION_RESULTS: Schema = {
    "type": "object",
    "properties": {
        "id": ID,
        **dict.fromkeys(("tenant", "action", "action_id", "status", "effect", "candidate_id", "application_id"), TEXT),
        "remote_ids": FREE_OBJECT,
        **dict.fromkeys(("error_code", "error_field", "error_step"), TEXT),
        "http_status": INTEGER,
        "request_id": TEXT,
        "warnings": _list_of("code", "field"),
        "attempts": INTEGER,
        "created_at": TIME,
        "changed_at": _KEYS["changed_at"],
    },
}
"""Of the stream `action_results`; the columns are those of `hr4you.ledger.rows.Row.result`."""


def stream_schema(stream: str, *, sdc_deleted_at: bool = False) -> Schema:
    """Return the schema of one stream, a new object each time.

    Args:
        stream: one of `STREAMS`.
        sdc_deleted_at: add ``_sdc_deleted_at`` for targets with ``hard_delete``.
    """
    properties = {**_KEYS, **_FIELDS[stream], "remote_data": FREE_OBJECT}
    if sdc_deleted_at:
        properties[DELETED_AT] = TIME
    return {"type": "object", "properties": copy.deepcopy(properties)}
