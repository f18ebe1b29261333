"""The default contract: whole, in step with the streams, and its fingerprints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hr4you.contract import EachSpec, load_contract
from hr4you.contract.actions import FUNCTIONS
from hr4you.contract.fields import FIELDS, RESOURCES
from hr4you.contract.model import ACTIONS
from hr4you.timestamps import format_since, parse_time
from tap_hr4you.schemas import STREAMS, stream_schema

ELSEWHERE = {"id", "remote_id", "changed_at", "remote_deleted_at", "custom_fields", "integration_fields", "remote_data"}


def test_the_fields_of_the_contract_are_those_of_the_streams() -> None:
    assert STREAMS == RESOURCES
    for stream in STREAMS:
        properties: dict[str, Any] = stream_schema(stream)["properties"]
        assert set(FIELDS[stream]) == set(properties) - ELSEWHERE
        for name, (shape, keys) in FIELDS[stream].items():
            inner = properties[name].get("items", properties[name]).get("properties", {})
            assert set(inner) == set(keys)
            assert ("items" in properties[name]) == (shape == "each")


def test_the_default_places_every_field_and_says_how_sure_it_is() -> None:
    contract = load_contract()
    for name, resource in contract.resources.items():
        assert set(resource.fields) == set(FIELDS[name])
        assert resource.name == name
        assert resource.provenance == "assumed"
        assert resource.select is not None
        assert resource.get is not None
        assert resource.changed_since is not None
        assert resource.only_ids is not None
    assert contract.sources is not None
    assert contract.custom_field_definitions is not None
    assert contract.custom_field_definitions.list.params == {"model": "application"}
    assert tuple(contract.actions) == ACTIONS
    assert all(action.provenance == "assumed" for action in contract.actions.values())
    assert not contract.uses_naive_times


def test_the_default_reads_an_applicant() -> None:
    fields = load_contract().resources["candidates"].fields
    wire = {
        "firstname": "Jörg",
        "source": {"id": 1, "name": "LinkedIn"},
        "emails": [{"type": "privat", "address": "j@example.org"}],
        "zipcode": "20095",
    }
    emails, source, location = fields["email_addresses"], fields["source"], fields["location"]
    assert isinstance(emails, EachSpec)
    assert emails.each(wire) == wire["emails"]
    assert {name: place(wire["emails"][0]) for name, place in emails.fields.items()} == {  # type: ignore[index]  # a list
        "email_address": "j@example.org",
        "type": "privat",
    }
    assert callable(source)
    assert source(wire) == "LinkedIn"
    assert source({"source": "Messe"}) == "Messe"
    assert isinstance(location, dict)
    assert location["zip_code"](wire) == "20095"


def test_the_words_are_those_that_are_written_down() -> None:
    contract = load_contract()
    assert contract.outcome_sources == ("status", "stage_name")
    assert "sources" not in contract.vocabularies["outcome"]
    assert contract.vocabularies["outcome"]["DECLINED"][0] == "abgelehnt"
    assert contract.vocabularies["gender"] == {"MALE": ("m",), "FEMALE": ("f",), "OTHER": ("d",)}
    assert contract.vocabularies["visibility"]["UNLISTED"][0] == "nichtgelistet"
    assert contract.vocabularies["employment_type"]["PART_TIME"][-1] == "STUDENT_EMPLOYEE"


def test_the_default_filter_reads_back_as_the_moment_it_stands_for() -> None:
    contract = load_contract()
    since = contract.resources["jobs"].changed_since
    assert since is not None
    moment = parse_time("2026-01-31T12:00:00Z", contract.api.zone)
    assert moment is not None
    assert format_since(moment, since.format, contract.api.zone) == "2026-01-31T12:00:00Z"


def test_every_function_of_the_actions_is_used_by_the_default() -> None:
    text = (Path(__file__).parents[3] / "hr4you" / "contract" / "api2.yml").read_text(encoding="utf-8")
    assert all(f"{function}(" in text for function in FUNCTIONS)


def test_the_actions_send_what_the_wire_expects() -> None:
    actions = load_contract().actions
    steps = {name: [step.name for step in action.steps] for name, action in actions.items()}
    assert steps == {
        "create_candidate": ["applicant", "application", "attachment"],
        "create_application": ["applicant", "application", "attachment"],
        "add_attachment_to_application": ["attachment"],
        "add_result_link_to_application": ["custom_fields", "note"],
        "add_note_to_application": ["note"],
        "add_attachment_to_candidate": ["attachment"],
    }
    assert [step.reuse for step in actions["create_candidate"].steps] == [False, False, False]
    assert [step.reuse for step in actions["create_application"].steps] == [True, True, False]
    attachment = actions["add_attachment_to_application"].steps[0]
    assert attachment.fallback is not None
    assert attachment.fallback.on == (404, 405, 501)
    assert attachment.request.multipart is not None
    assert set(attachment.request.multipart) == {"file", "category"}
    applicant = actions["create_candidate"].steps[0].request
    assert set(applicant.body) == {
        *("firstname", "lastname", "email", "phone", "gender", "city", "country", "source", "consent"),
    }
    assert applicant.body["source"]["id"].text == "source_id(source)"


def override(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tenant.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        pytest.param("# nothing", set(), id="comment"),
        pytest.param("resources: {jobs: {provenance: verified}}", set(), id="provenance"),
        pytest.param("resources: {jobs: {fields: {name: titel}}}", {"jobs"}, id="field"),
        pytest.param("resources: {jobs: {fields: {name: ' jobTitle'}}}", set(), id="the same field"),
        pytest.param("vocabularies: {status: {OPEN: [laufend]}}", {"jobs"}, id="words of jobs"),
        pytest.param("vocabularies: {outcome: {HIRED: [ja]}}", {"applications"}, id="words of applications"),
        pytest.param("vocabularies: {outcome: {sources: [stage_name]}}", {"applications"}, id="order of sources"),
        pytest.param("vocabularies: {source: {XING: [Xing]}}", set(), id="words that are only written"),
        pytest.param("vocabularies: {value_type: {DATE: [Tag]}}", {"jobs", "candidates", "applications"}, id="types"),
        pytest.param("api: {timezone: Europe/Vienna}", set(STREAMS), id="zone"),
        pytest.param("api: {pagination: {max_size: 50}}", set(), id="size of pages"),
        pytest.param("api: {auth: {type: raw}}", set(), id="authentication"),
        pytest.param(
            "resources: {application_stages: {fields: {name: titel}}}",
            {"application_stages", "applications"},
            id="name of stages, where outcomes look at it",
        ),
        pytest.param(
            "resources: {applications: {list: {nested_in: candidates, path: apps}}}", {"applications"}, id="nested"
        ),
    ],
)
def test_a_fingerprint_changes_with_what_decides_how_records_look(tmp_path: Path, text: str, touched: set[str]) -> None:
    before, after = load_contract(), load_contract([override(tmp_path, text)])
    assert {stream for stream in STREAMS if before.fingerprint(stream) != after.fingerprint(stream)} == touched
    assert all(len(after.fingerprint(stream)) == len("0123456789abcdef") for stream in STREAMS)


def test_the_fingerprint_of_what_is_nested_changes_with_its_parents_id(tmp_path: Path) -> None:
    nested = "resources: {applications: {list: {nested_in: candidates, path: apps}}%s}"
    before = load_contract([override(tmp_path, nested % "")])
    after = load_contract([override(tmp_path, nested % ", candidates: {id: uuid}")])
    assert before.fingerprint("applications") != after.fingerprint("applications")


@pytest.mark.parametrize(
    ("text", "naive"),
    [
        ("api: {naive_times: true}", True),
        ("resources: {jobs: {changed_since: {format: '%Y-%m-%d %H:%M:%S'}}}", True),
        ("resources: {jobs: {changed_since: {format: '%Y-%m-%dT%H:%M:%S%z'}}}", False),
        ("resources: {jobs: {changed_since: {format: epoch_ms}}}", False),
    ],
)
def test_local_times_without_an_offset_are_noticed(tmp_path: Path, text: str, *, naive: bool) -> None:
    assert load_contract([override(tmp_path, text)]).uses_naive_times is naive
