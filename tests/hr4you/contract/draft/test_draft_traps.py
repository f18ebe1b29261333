"""Documents made to mislead: what is drafted with more than 0.8 is right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hr4you.contract.draft.drafting import draft
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.source import parse_openapi
from tests.hr4you.contract.draft.test_draft_odd_documents import document, list_of

SURE = 0.8
NUMBER = {"type": "integer"}
TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


PERSON = {"id": NUMBER, "first_name": TEXT, "last_name": TEXT, "email": TEXT}


def of(resource: str, *parameters: Any, **properties: Any) -> dict[str, Any]:
    return document({f"/{resource}": list_of(an_object(**properties), *parameters)})


def in_query(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def drafted(data: dict[str, Any]) -> dict[str, tuple[Any, float]]:
    found = draft(OpenAPI(parse_openapi(json.dumps(data).encode(), "a.json"))).entries
    return {".".join(map(str, place)): (each.value, each.confidence) for place, each in found.items()}


TRAPS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "born there": (of("candidates", **PERSON, birth_city=TEXT), "candidates.fields.location.city", None),
    "city beside a birth city": (
        of("candidates", **PERSON, birth_city=TEXT, city=TEXT),
        "candidates.fields.location.city",
        "city",
    ),
    "created is not changed": (of("candidates", **PERSON, created_at=MOMENT), "candidates.changed_at", None),
    "changed elsewhere": (
        of("applications", id=NUMBER, job=an_object(id=NUMBER, updated_at=MOMENT)),
        "applications.changed_at",
        None,
    ),
    "a company's name": (of("jobs", id=NUMBER, company_name=TEXT), "jobs.fields.name", None),
    "a job's name": (of("jobs", id=NUMBER, company_name=TEXT, title=TEXT), "jobs.fields.name", "title"),
    "a source's id": (
        of("candidates", **PERSON, source=an_object(id=NUMBER, type=TEXT)),
        "candidates.fields.source",
        None,
    ),
    "the first day of work": (of("jobs", id=NUMBER, title=TEXT, start_date=MOMENT), "jobs.fields.opened_at", None),
    "created after": (
        of("candidates", in_query("after", MOMENT, "created after"), **PERSON, updated_at=MOMENT),
        "candidates.changed_since",
        None,
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_passed_or_met_with_doubt(name: str) -> None:
    data, place, right = TRAPS[name]
    value, confidence = drafted(data)[f"resources.{place}"]
    assert value == right or confidence <= SURE, (value, confidence)


def test_a_companys_mail_address_is_not_the_candidates() -> None:
    company = an_object(name=TEXT, email={"type": "string", "format": "email"}, phone=TEXT)
    found = drafted(of("candidates", id=NUMBER, first_name=TEXT, last_name=TEXT, company=company))
    assert found["resources.candidates.fields.email_addresses"][0] is None
    assert found["resources.candidates.fields.phone_numbers"][0] is None


def test_of_several_lists_of_the_same_none_is_sure() -> None:
    found = drafted(
        document({f"/{name}": list_of(an_object(**PERSON)) for name in ("candidates", "talents", "applicants")})
    )
    assert found["resources.candidates.list"][1] <= SURE


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ({"count": NUMBER, "total_count": NUMBER}, "total_count"),
        ({"count": {"type": "integer", "description": "records on this page"}}, None),
        ({"gesamt": {"type": "integer", "description": "Treffer auf allen Seiten"}}, "gesamt"),
    ],
    ids=["both", "of the page", "of all pages"],
)
def test_the_count_of_a_page_is_not_the_total(told: dict[str, Any], total: str | None) -> None:
    data = of("candidates", in_query("page", NUMBER), in_query("limit", NUMBER), **PERSON)
    data["paths"]["/candidates"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"] |= (
        told
    )
    assert drafted(data)["api.pagination"][0].get("total") == total


def test_an_offset_called_page_is_an_offset_by_its_description() -> None:
    data = of("candidates", in_query("page", NUMBER, "Offset: records to skip"), in_query("limit", NUMBER), **PERSON)
    value, confidence = drafted(data)["api.pagination"]
    assert (value["type"], value["offset"]) == ("offset", "page")
    assert confidence <= SURE


def test_a_moment_is_no_cursor() -> None:
    data = of("candidates", in_query("after", MOMENT), in_query("limit", NUMBER), **PERSON)
    data["paths"]["/candidates"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"][
        "next"
    ] = TEXT
    assert drafted(data)["api.pagination"][0]["type"] != "cursor"


def test_what_may_take_the_place_of_other_things_is_not_sure() -> None:
    def sent(**properties: Any) -> dict[str, Any]:
        body = {"content": {"application/json": {"schema": an_object(**properties)}}}
        return {"put": {"requestBody": body, "responses": {"200": {"description": ""}}}}

    fields = {"type": "array", "items": an_object(key=TEXT, value=TEXT)}
    paths = {
        "/applications": list_of(an_object(id=NUMBER, candidate_id=NUMBER, job_id=NUMBER)),
        "/applications/{id}/note": sent(note=TEXT),
        "/applications/{id}/custom-fields": sent(custom_fields=fields),
    }
    found = drafted(document(paths))
    assert found["actions.add_note_to_application"][1] <= SURE
    assert found["actions.add_result_link_to_application"][1] <= SURE


def test_a_note_on_a_candidate_is_none_on_an_application() -> None:
    body = {"content": {"application/json": {"schema": an_object(text=TEXT)}}}
    paths = {"/candidates": list_of(an_object(**PERSON)), "/candidates/{id}/notes": {"post": {"requestBody": body}}}
    assert drafted(document(paths))["actions.add_note_to_application"][0] is None
