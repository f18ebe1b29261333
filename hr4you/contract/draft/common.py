"""What all requests have in common: ``api`` of the contract."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.access import place_auth
from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.matching import likely
from hr4you.contract.draft.paging import asking_slots, most_common, paging_of
from hr4you.contract.draft.properties import expression_of, properties_of
from hr4you.contract.draft.times import ISO, is_naive
from hr4you.contract.loader import load_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hr4you.contract.document import Place
    from hr4you.contract.draft.openapi import OpenAPI
    from hr4you.contract.draft.resources import Found
    from hr4you.contract.draft.schema import Schema

_BASE: Final = 0.95
_RECORDS: Final = 0.93
_SEEN: Final = 0.9
_ASSUMED: Final = 0.6
_MOST_ERRORS: Final = 30
_CLIENT_ERRORS: Final = range(400, 500)
_LOCAL: Final = re.compile(
    r"\b(?:berlin|lokal\w*|local|ortszeit|mez|mesz|cet|cest|deutsche\w* zeit|german time)\b", re.IGNORECASE
)
_UTC: Final = re.compile(r"\b(?:utc|gmt|weltzeit)\b", re.IGNORECASE)


def place_api(
    api: OpenAPI,
    resources: Mapping[str, Found],
    *,
    records_of_gets: Iterable[str],
    time_formats: Iterable[str],
    credentials: frozenset[str],
    docs: str | None,
) -> tuple[dict[Place, Proposal], list[str]]:
    """Return the entries of ``api`` and what a person has to know.

    Args:
        api: the document.
        resources: where they are listed.
        records_of_gets: where the object is in each answer for one.
        time_formats: how the times of change are written.
        credentials: names of the settings that are given.
        docs: where the reference is shown; None where that is elsewhere.
    """
    auth, notes = place_auth(api, credentials)
    entries: dict[Place, Proposal] = {("api", "base_path"): Proposal(api.base_path, _BASE)}
    if docs is not None:
        entries["api", "docs"] = Proposal(docs, 1.0)
    entries |= _times(api, list(time_formats))
    entries["api", "auth"] = auth
    calls = [found.call for found in resources.values() if found.call is not None and not found.call.hole]
    paging = most_common(paging_of(call.operation, call.operation.answer) for call in calls)
    if paging is not None:
        entries["api", "pagination"] = Proposal(_alone(paging.pagination), paging.confidence)
    lists = Counter(expression_of(call.records) for call in calls if call.records is not None)
    if lists:
        entries["api", "records"] = Proposal(lists.most_common(1)[0][0], _RECORDS)
    else:
        notes.append("Where the list is in an answer is not told: `api.records`.")
    gets = Counter(records_of_gets)
    if gets:
        entries["api", "record"] = Proposal(gets.most_common(1)[0][0], _RECORDS)
    entries["api", "errors"] = _errors(api)
    return entries, notes


def _alone(pagination: dict[str, Any]) -> dict[str, Any]:
    """With null for what the default's pagination of the same type has beside, which would be merged into it."""
    default = load_document().data["api"]["pagination"]
    beside = default if default["type"] == pagination["type"] else {}
    return {**pagination, **{key: None for key in beside if key not in pagination and key != "max_size"}}


def _times(api: OpenAPI, formats: list[str]) -> dict[Place, Proposal]:
    naive = [said for said in formats if is_naive(said)]
    entries: dict[Place, Proposal] = {}
    text = api.description
    if naive:
        is_utc = bool(_UTC.search(text)) and not _LOCAL.search(text)
        zone = "UTC" if is_utc else "Europe/Berlin"
        note = "" if is_utc or _LOCAL.search(text) else "assumed: times have no offset and the document names no zone"
        entries["api", "timezone"] = Proposal(zone, _SEEN if not note else _ASSUMED, note=note)
    is_told = naive or ISO in formats
    entries["api", "naive_times"] = Proposal(bool(naive), _SEEN if is_told else _ASSUMED)
    return entries


def _errors(api: OpenAPI) -> Proposal:
    """Where refusals say what is wrong, in the answers that most operations have."""
    schemas = [
        reply.schema
        for operation in api.operations
        for status, reply in operation.replies.items()
        if (status in _CLIENT_ERRORS or status == 0) and reply.schema is not None
    ]
    counts = Counter(id(schema.raw) for schema in schemas)  # most refer to the same one
    different = {id(schema.raw): schema for schema in schemas}
    found: Counter[tuple[str | None, str | None]] = Counter()
    for key, count in counts.most_common(_MOST_ERRORS):
        if different[key].is_object:
            found[_error_places(different[key])] += count
    if not found:
        return Proposal(None)
    message_text, fields_text = found.most_common(1)[0][0]
    value: dict[str, Any] = {"message": message_text, "fields": fields_text}
    return Proposal(value, _ASSUMED + 0.2) if message_text or fields_text else Proposal(None)


def _error_places(schema: Schema) -> tuple[str | None, str | None]:
    """Where the message and the refused fields are."""
    slots = asking_slots()
    inside = [each for each in properties_of(schema) if 0 not in each.path]
    message = likely([each for each in inside if each.is_scalar], slots["error_message"])
    holder = message.value.path[:-1] if message is not None else ("",)
    fields = likely([each for each in inside if not each.is_scalar and each.path != holder], slots["error_fields"])
    return message.value.text if message else None, fields.value.text if fields else None
