from __future__ import annotations

import pytest

from tests.hr4you.mapping.objects import JOB, OBJECTS, USER, contract, mapped, mapper


def test_only_selected_fields_are_in_the_record_in_the_schema_s_order() -> None:
    record = mapped("jobs", settings={"properties": {"status", "name", "remote_data"}})
    assert list(record) == ["id", "changed_at", "name", "status", "remote_data"]
    assert record["id"] == "acme:job:12"


def test_fields_that_the_stream_does_not_have_are_not_the_mapper_s_to_fill() -> None:
    assert list(mapped("users", settings={"properties": {"_sdc_deleted_at"}})) == ["id", "changed_at"]


def test_what_is_deselected_is_not_looked_at() -> None:
    subject = mapper("users", properties={"first_name"})
    subject({**USER, "email": "no address"})
    assert not subject.notices


WIRE_KEYS = {
    "keys-only": ("jobs", {"id"}, {"jobId", "updatedAt"}),
    "text": ("jobs", {"name", "remote_id", "remote_deleted_at"}, {"jobId", "updatedAt", "jobTitle"}),
    "alternatives": ("candidates", {"source"}, {"applicantId", "updatedAt", "source"}),
    "list": ("candidates", {"phone_numbers"}, {"applicantId", "updatedAt", "phones"}),
    "address": (
        "candidates",
        {"location"},
        {"applicantId", "updatedAt", "city", "zipcode", "street", "region", "country"},
    ),
    "custom-fields": ("candidates", {"integration_fields"}, {"applicantId", "updatedAt", "customFields"}),
    "no-mapped-fields": ("candidates", {"custom_fields"}, {"applicantId", "updatedAt"}),
    "outcome": ("applications", {"outcome"}, {"applicationId", "updatedAt", "status", "stageId"}),
    "reference": ("applications", {"job_id"}, {"applicationId", "updatedAt", "jobId"}),
}


@pytest.mark.parametrize(("stream", "properties", "keys"), WIRE_KEYS.values(), ids=WIRE_KEYS)
def test_the_wire_is_asked_for_what_the_fields_need(stream: str, properties: set[str], keys: set[str]) -> None:
    subject = mapper(stream, stage_name=lambda _: None)
    assert subject.wire_keys(properties) == frozenset(keys)
    wire = {key: value for key, value in OBJECTS[stream].items() if key in keys}
    whole = mapper(stream, properties=properties)(OBJECTS[stream])
    assert mapper(stream, properties=properties)(wire) == whole


def test_the_wire_is_asked_for_everything_where_remote_data_is_wanted() -> None:
    assert mapper("jobs").wire_keys({"remote_data", "name"}) is None


def test_the_wire_is_asked_for_everything_where_an_expression_reads_the_whole_object() -> None:
    subject = mapper("jobs", "resources: {jobs: {fields: {name: 'values(@)[0]'}}}")
    assert subject.wire_keys({"name"}) is None
    assert subject.wire_keys({"status"}) == frozenset({"jobId", "updatedAt", "jobStatus"})


def test_settings_that_read_native_keys_ask_for_them() -> None:
    subject = mapper(
        "candidates",
        custom_field_mappings={"candidate": {"birthday": ["cf_9", "person.birthday"]}},
        integration_fields_include={"candidate": ["consent", "Gehalt (brutto)"]},
    )
    keys = {"applicantId", "updatedAt", "customFields"}
    assert subject.wire_keys({"custom_fields"}) == frozenset(keys | {"cf_9", "person"})
    assert subject.wire_keys({"integration_fields"}) == frozenset(keys | {"consent", "Gehalt (brutto)"})


def test_a_status_alone_needs_no_stage() -> None:
    subject = mapper("applications", "vocabularies: {outcome: {sources: [status]}}", stage_name=lambda _: None)
    assert subject.wire_keys({"outcome"}) == frozenset({"applicationId", "updatedAt", "status"})


def test_one_contract_serves_mappers_that_count_for_themselves() -> None:
    one, other = mapper("jobs"), mapper("jobs")
    one({**JOB, "jobStatus": "unklar"})
    assert one.unmapped == {("status", "unklar"): 1}
    assert not other.unmapped
    assert contract() is contract()
