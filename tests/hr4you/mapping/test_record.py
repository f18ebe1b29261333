from __future__ import annotations

import copy
from typing import Any

import pytest

from hr4you.mapping.layout import FIELDS
from tap_hr4you.schemas import STREAMS, stream_schema
from tests.hr4you.mapping.objects import APPLICATION, CANDIDATE, JOB, OBJECTS, STAGE, USER, mapped, mapper

KEYS = {
    "changed_at": "2026-01-31T12:00:00.000000+00:00",
    "remote_deleted_at": None,
}


def test_a_user_is_mapped_whole() -> None:
    assert mapped("users") == {
        "id": "acme:user:7",
        "remote_id": "7",
        **KEYS,
        "first_name": "Jörg",
        "last_name": "Müller-Lüdenscheidt",
        "email": "joerg@acme.example",
        "remote_data": USER,
    }


def test_a_job_is_mapped_whole() -> None:
    assert mapped("jobs") == {
        "id": "acme:job:12",
        "remote_id": "12",
        **KEYS,
        "name": "Köch:in (m/w/d)",
        "description": "<p>Kochen &amp; mehr</p>",
        "employment_type": "FULL_TIME",
        "status": "OPEN",
        "visibility": "PUBLIC",
        "category": "Gastronomie",
        "post_url": "https://acme.example/job/view/12/koechin",
        "location": {
            "city": "Köln",
            "country": "DE",
            "raw": None,
            "state": "Nordrhein-Westfalen",
            "street_1": "Domplatz 1",
            "street_2": None,
            "zip_code": "50667",
        },
        "custom_fields": {},
        "integration_fields": [],
        "opened_at": "2026-01-30T23:00:00.000000+00:00",
        "closed_at": "2026-07-31T21:59:59.999999+00:00",
        "contact_id": "acme:user:7",
        "remote_data": JOB,
    }


def test_a_candidate_is_mapped_whole() -> None:
    assert mapped("candidates") == {
        "id": "acme:candidate:1001",
        "remote_id": "1001",
        **KEYS,
        "first_name": "Änne",
        "last_name": "Groß",
        "source": "LinkedIn",
        "phone_numbers": [{"phone_number": "+49 (0)170 / 123 45-67", "type": "mobil"}],
        "email_addresses": [{"email_address": "aenne@example.de", "type": "privat"}],
        "social_media": [{"link": "https://xing.example/aenne", "type": "xing", "username": "aenne"}],
        "location": {
            "city": "Dresden",
            "country": "DE",
            "raw": None,
            "state": "Sachsen",
            "street_1": "Hauptstr. 1",
            "street_2": None,
            "zip_code": "01067",
        },
        "custom_fields": {},
        "integration_fields": [
            {
                "id": "candidate:cf_12",
                "key": "cf_12",
                "label": "Gehaltswunsch",
                "type": "CUSTOM",
                "value_type": "NUMBER",
                "value": "52000",
            }
        ],
        "remote_data": CANDIDATE,
    }


def test_a_stage_is_mapped_whole() -> None:
    assert mapped("application_stages") == {
        "id": "acme:application_stage:3",
        "remote_id": "3",
        **KEYS,
        "name": "Telefoninterview",
        "global_index": 20,
        "remote_data": STAGE,
    }


def test_an_application_is_mapped_whole_and_joins_the_other_streams() -> None:
    record = mapped("applications")
    assert record == {
        "id": "acme:application:9001",
        "remote_id": "9001",
        **KEYS,
        "outcome": "PENDING",
        "current_stage_id": "acme:application_stage:3",
        "job_id": "acme:job:12",
        "candidate_id": "acme:candidate:1001",
        "custom_fields": {},
        "integration_fields": [],
        "remote_data": APPLICATION,
    }
    joined = {record["current_stage_id"], record["job_id"], record["candidate_id"]}
    assert joined == {mapped(stream)["id"] for stream in ("application_stages", "jobs", "candidates")}


@pytest.mark.parametrize("stream", STREAMS)
def test_a_record_has_the_fields_of_the_schema_in_its_order(stream: str) -> None:
    schema = stream_schema(stream)["properties"]
    assert list(mapped(stream)) == list(schema)
    assert set(FIELDS) == set(STREAMS)


@pytest.mark.parametrize("stream", STREAMS)
def test_entries_and_parts_have_the_fields_of_the_schema_in_its_order(stream: str) -> None:
    record = mapped(stream, customFields=[{"key": "cf_1", "value": 1}])
    for name, schema in stream_schema(stream)["properties"].items():
        if "properties" in schema:
            assert list(record[name]) == list(schema["properties"])
        if "items" in schema:
            assert list(record[name][0]) == list(schema["items"]["properties"])


@pytest.mark.parametrize("stream", STREAMS)
def test_remote_data_is_the_object_itself_untouched(stream: str) -> None:
    wire = copy.deepcopy(OBJECTS[stream])
    assert mapper(stream)(wire)["remote_data"] is wire
    assert wire == OBJECTS[stream]


@pytest.mark.parametrize("stream", STREAMS)
def test_an_object_with_nothing_but_an_id_gives_a_record_of_nulls(stream: str) -> None:
    id_key = next(iter(OBJECTS[stream]))
    subject = mapper(stream)
    wire = {id_key: " 5 "}
    record = subject(wire)
    filled = {name: value for name, value in record.items() if value not in (None, [], {})}
    assert filled == {"id": record["id"], "remote_id": "5", "remote_data": wire}
    assert record["id"].endswith(":5")
    assert not subject.notices
    assert not subject.unmapped


JUNK: list[Any] = [
    None,
    "",
    "  ",
    0,
    1,
    -1.5,
    True,
    False,
    [],
    {},
    [None],
    ["x"],
    [[]],
    [{}],
    {"a": 1},
    {"a": {}},
    "x",
    "0",
    10**30,
]


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_no_value_of_any_kind_ends_a_run(stream: str, junk: Any) -> None:
    id_key, *keys = OBJECTS[stream]
    record = mapper(stream, stage_name=lambda _: None)({id_key: 5} | dict.fromkeys(keys, junk))
    for name, schema in stream_schema(stream)["properties"].items():
        if schema["type"] == ["string", "null"]:
            assert record[name] is None or isinstance(record[name], str)


def test_what_the_tenant_does_not_have_is_null() -> None:
    override = """
resources:
  candidates:
    changed_at: null
    changed_since: null
    custom_fields: null
    fields: {source: null, phone_numbers: null, location: null}
"""
    subject = mapper("candidates", override)
    record = subject(CANDIDATE)
    nulls = {name for name, value in record.items() if value is None}
    assert nulls == {"changed_at", "remote_deleted_at", "source", "phone_numbers", "location", "integration_fields"}
    assert record["custom_fields"] == {}
    assert not subject.is_timed
    assert mapper("candidates").is_timed


def test_german_names_need_a_contract_and_no_code() -> None:
    override = """
resources:
  candidates:
    id: bewerber.nummer
    changed_at: geändert
    fields:
      first_name: Vorname
      email_addresses: {each: '[e-mail]', email_address: '@', type: null}
      location: {city: anschrift.ort, zip_code: anschrift.plz, street_1: anschrift.straße}
"""
    # "[e-mail]" is JMESPath, which wants quotes around a hyphen.
    override = override.replace("'[e-mail]'", "'[\"e-mail\"]'")
    wire = {
        "bewerber": {"nummer": "B-17"},
        "geändert": "31.01.2026 13:00",
        "Vorname": "Änne",
        "e-mail": "aenne@example.de",
        "anschrift": {"ort": "Zürich", "plz": 8001, "straße": "Weg 2"},
    }
    record = mapper("candidates", override)(wire)
    assert record["id"] == "acme:candidate:B-17"
    assert record["changed_at"] == "2026-01-31T12:00:00.000000+00:00"
    assert record["first_name"] == "Änne"
    assert record["email_addresses"] == [{"email_address": "aenne@example.de", "type": None}]
    assert record["location"]["city"] == "Zürich"
    assert record["location"]["zip_code"] == "8001"
    assert record["location"]["street_1"] == "Weg 2"


@pytest.mark.parametrize(
    ("wire_id", "remote_id"),
    [
        (5, "5"),
        ("5", "5"),
        (" A-5 ", "A-5"),
        ("a:b", "a:b"),
        (5.0, "5"),
        (0, "0"),
        (None, None),
        ("", None),
        ([], None),
    ],
    ids=repr,
)
def test_the_remote_id_is_the_wire_id_as_text(wire_id: Any, remote_id: str | None) -> None:
    subject = mapper("jobs")
    wire = {**JOB, "jobId": wire_id}
    assert subject.remote_id(wire) == remote_id
    record = subject(wire)
    assert record["remote_id"] == remote_id
    assert record["id"] == (None if remote_id is None else f"acme:job:{remote_id}")
