from __future__ import annotations

import json
from typing import Any

import pytest

from hr4you.contract.model import ACTIONS
from target_hr4you.actions import ACTION_NAMES, known_inputs, read_action
from target_hr4you.incoming import INPUTS
from target_hr4you.models import MODELS
from tests.target_hr4you.contents import (
    APPLICATION,
    CONTENTS,
    FILE,
    MARK,
    flatten,
    input_leaves,
    leaves,
    refused,
    with_value,
)


def test_the_actions_are_those_of_the_contract_and_passthrough() -> None:
    assert list(ACTION_NAMES) == [*ACTIONS, "passthrough"]
    assert set(MODELS) == set(ACTION_NAMES) == set(CONTENTS)


def test_what_is_read_from_records_is_what_the_models_know() -> None:
    known = {leaf for model in MODELS.values() for leaf in leaves(model)}
    assert input_leaves(INPUTS) == known | {"action_id", "job_id", "stage_id"}


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_a_content_with_all_inputs_stays_as_it_is(action: str) -> None:
    assert read_action(action, CONTENTS[action]) == CONTENTS[action]


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_surplus_keys_nulls_and_the_action_id_are_no_part_of_the_content(action: str) -> None:
    def with_surplus(value: Any, name: str = "") -> Any:
        if isinstance(value, list):
            return [with_surplus(part) for part in value]
        if not isinstance(value, dict) or name in {"remote_fields", "body", "params"}:
            return value
        return {"surplus": 1, "foo__bar": {}, **{key: with_surplus(part, key) for key, part in value.items()}}

    record = {**with_surplus(CONTENTS[action]), "action_id": "1", "_sdc_x": 1, "candidate_x": MARK}
    assert read_action(action, record) == CONTENTS[action]


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_flat_upper_case_columns_of_json_text_give_the_same_content(action: str) -> None:
    flat = flatten({key: part for key, part in CONTENTS[action].items() if key != "remote_fields"}, "__")
    record = {key.upper(): json.dumps(value) if isinstance(value, dict) else value for key, value in flat.items()}
    if "remote_fields" in CONTENTS[action]:
        record["REMOTE_FIELDS"] = json.dumps(CONTENTS[action]["remote_fields"])
    assert read_action(action, record) == CONTENTS[action]


REQUIRED = {
    "create_candidate": ["candidate.first_name", "candidate.last_name", "candidate.email_address"],
    "create_application": [
        *("candidate.first_name", "candidate.last_name", "candidate.email_address"),
        "application.job_id",
    ],
    "add_attachment_to_application": ["application_id", "attachment"],
    "add_result_link_to_application": ["application_id", "label", "url"],
    "add_note_to_application": ["application_id", "content"],
    "add_attachment_to_candidate": ["candidate_id", "attachment"],
    "passthrough": ["method", "path"],
}


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_an_empty_record_names_the_first_of_the_required_inputs(action: str) -> None:
    error = refused(action, {})
    assert error.field == REQUIRED[action][0]
    assert error.code == "INPUT_INVALID"
    assert f"(and {len(REQUIRED[action]) - 1} more: `" in str(error)


@pytest.mark.parametrize(("action", "path"), [(action, path) for action, paths in REQUIRED.items() for path in paths])
@pytest.mark.parametrize("nothing", [None, "", " "])
def test_each_required_input_is_asked_for(action: str, path: str, nothing: Any) -> None:
    error = refused(action, with_value(action, path, nothing))
    assert error.field == path
    assert "found nothing" in str(error) or "neither" in str(error)
    assert " more: " not in str(error)


@pytest.mark.parametrize("action", ACTION_NAMES)
def test_only_the_required_inputs_are_required(action: str) -> None:
    record: dict[str, Any] = {}
    for path in REQUIRED[action]:
        *parents, last = path.split(".")
        source, target = CONTENTS[action], record
        for part in parents:
            source, target = source[part], target.setdefault(part, {})
        target[last] = source[last]
    assert read_action(action, record) == record


@pytest.mark.parametrize(
    ("action", "path", "value", "read"),
    [
        ("create_candidate", "candidate.first_name", " Jörg ", "Jörg"),
        ("create_candidate", "candidate.first_name", "x" * 500, "x" * 500),
        ("create_candidate", "candidate.email_address", " Joerg@Example.de\n", "Joerg@Example.de"),
        ("create_candidate", "candidate.phone_number", 4922112345, "4922112345"),
        ("create_candidate", "candidate.phone_number", 4922112345.0, "4922112345"),
        ("create_candidate", "candidate.gender", " other", "OTHER"),
        ("create_candidate", "candidate.location.country", "at", "AT"),
        ("create_candidate", "candidate.location.country", "xk", "XK"),
        ("create_candidate", "application.job_id", 12, "12"),
        ("create_candidate", "application.job_id", 12.0, "12"),
        ("create_candidate", "application.job_id", " acme:job:7 ", "acme:job:7"),
        ("create_candidate", "application.stage_id", 0, "0"),
        ("create_candidate", "source.id", 3, "3"),
        ("create_candidate", "attachments.0.type", "cover_letter", "COVER_LETTER"),
        ("create_candidate", "attachments.0.content_type", "Text/HTML; charset=UTF-8", "text/html"),
        (
            "create_candidate",
            "attachments.0.content_type",
            "application/vnd.ms-word.x+xml;",
            "application/vnd.ms-word.x+xml",
        ),
        ("create_candidate", "attachments.0.data", " JVBE\nRi0= ", " JVBE\nRi0= "),
        (
            "create_candidate",
            "attachments.1.data_url",
            " HTTPS://files.example:8443/ü ",
            "HTTPS://files.example:8443/ü",
        ),
        ("create_candidate", "attachments.1.data_url", "http://127.0.0.1:8040/x", "http://127.0.0.1:8040/x"),
        ("create_candidate", "attachments.1.data_url", "http://localhost/x", "http://localhost/x"),
        ("create_candidate", "attachments.1.data_url", "http://[::1]:80/x", "http://[::1]:80/x"),
        ("add_note_to_application", "content", "\n x <b> \n", "\n x <b> \n"),
        ("add_note_to_application", "content_type", "plain_text", "PLAIN_TEXT"),
        ("add_result_link_to_application", "url", " http://tests.example ", "http://tests.example"),
        ("add_result_link_to_application", "details.attributes.0.value", 0, 0),
        ("add_result_link_to_application", "details.attributes.0.value", " x ", "x"),
        ("passthrough", "method", "delete", "DELETE"),
        ("passthrough", "path", "/applicants/1..2/a:b?x=..", "/applicants/1..2/a:b?x=.."),
        ("passthrough", "path", "a?b=/../c", "a?b=/../c"),
        ("passthrough", "body", [], []),
        ("passthrough", "body", {}, {}),
        ("passthrough", "body", "Text", "Text"),
        ("passthrough", "body", False, False),
        ("passthrough", "body", '[{"a": null}]', [{"a": None}]),
    ],
)
def test_inputs_are_brought_into_one_form(action: str, path: str, value: Any, read: Any) -> None:
    result = read_action(action, with_value(action, path, value))
    assert result == with_value(action, path, read)
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(
    ("value", "given_consent"),
    [
        *((value, True) for value in (True, 1, 1.0, "true", "TRUE", "1", " yes ", "Ja", "wahr")),
        *((value, False) for value in (False, 0, 0.0, "false", "False", "0", "no", "nein", "falsch")),
    ],
)
def test_consent_may_be_written_in_many_ways(value: Any, *, given_consent: bool) -> None:
    content = read_action("create_candidate", with_value("create_candidate", "gdpr_consent.given", value))
    assert content["gdpr_consent"] == {"given": given_consent}
    assert type(content["gdpr_consent"]["given"]) is bool


@pytest.mark.parametrize(
    ("attachment", "field", "words"),
    [
        ({"name": MARK}, "attachment", "neither data nor data_url"),
        ({**FILE, "data_url": "https://files.example/"}, "attachment", "both data and data_url"),
        ({"data": MARK}, "attachment.content_type", "nothing"),
    ],
)
def test_an_attachment_has_one_of_data_and_data_url(attachment: dict[str, Any], field: str, words: str) -> None:
    error = refused("add_attachment_to_candidate", {"candidate_id": 1, "attachment": attachment})
    assert error.field == field
    assert words in str(error)


@pytest.mark.parametrize("action", ["create_candidate", "create_application"])
@pytest.mark.parametrize("separate", [{}, {"application": {"job_id": "12"}}, {"application__job_id": 12.0}])
def test_references_at_the_root_are_moved_into_the_application(action: str, separate: dict[str, Any]) -> None:
    record = {**APPLICATION, "application": None, **separate, "job_id": 12, "STAGE_ID": "acme:application_stage:7"}
    assert read_action(action, record) == APPLICATION


def test_an_id_at_the_root_that_is_another_than_the_nested_one_is_refused() -> None:
    error = refused("create_candidate", {**APPLICATION, "job_id": MARK})
    assert error.field == "application.job_id"
    assert "another id than in `job_id`" in str(error)


def test_a_wrong_id_at_the_root_is_named_as_it_stands_in_the_record() -> None:
    assert refused("create_application", {**APPLICATION, "application": None, "job_id": [MARK]}).field == "job_id"


def test_a_wrong_application_is_reported_although_the_job_stands_at_the_root() -> None:
    assert refused("create_application", {**APPLICATION, "application": MARK, "job_id": 12}).field == "application"


def test_columns_of_other_actions_contradict_nothing() -> None:
    record = {**CONTENTS["add_note_to_application"], "candidate": "x", "candidate__first_name": "y", "job_id": 1}
    assert read_action("add_note_to_application", record) == CONTENTS["add_note_to_application"]


def test_attributes_without_a_value_are_left_out() -> None:
    attributes = [{"key": "A", "value": ""}, {"key": "B", "value": 1}, {"key": "C"}]
    record = {**CONTENTS["add_result_link_to_application"], "details": {"attributes": attributes}}
    assert read_action("add_result_link_to_application", record)["details"] == {
        "attributes": [{"key": "B", "value": 1}]
    }


def test_details_of_nothing_but_attributes_without_a_value_are_left_out() -> None:
    record = {**CONTENTS["add_result_link_to_application"], "details": {"attributes": [{"key": "A"}]}}
    assert "details" not in read_action("add_result_link_to_application", record)


def test_objects_with_nothing_but_surplus_keys_are_left_out() -> None:
    candidate = {**APPLICATION["candidate"], "location": {"street": "x"}}
    record = {"candidate": candidate, "source": {"x": 1}, "remote_fields": {"other": {"applicant": {"a": 1}}}}
    del candidate["phone_number"]
    assert read_action("create_candidate", record) == {
        "candidate": {key: part for key, part in candidate.items() if key != "location"}
    }


def test_an_invalid_country_among_other_faults_counts_them() -> None:
    record = {**APPLICATION, "candidate": {"location": {"country": MARK}}, "source": {"name": 1}}
    error = refused("create_candidate", record)
    assert error.field == "candidate.first_name"
    assert "(and 4 more: `candidate.last_name`, " in str(error)


def test_known_inputs_are_the_leaves_in_order_without_positions() -> None:
    assert known_inputs(APPLICATION) == [
        *(f"candidate.{name}" for name in ("first_name", "last_name", "email_address", "phone_number", "gender")),
        *("candidate.location.city", "candidate.location.country", "application.job_id", "application.stage_id"),
        *(
            "attachments.name",
            "attachments.content_type",
            "attachments.data",
            "attachments.type",
            "attachments.data_url",
        ),
        *("source.name", "source.unified_key", "source.id", "gdpr_consent.given", "remote_fields"),
    ]
    assert known_inputs(CONTENTS["add_result_link_to_application"]) == [
        *("application_id", "label", "url", "details.custom_field_name_prefix"),
        *("details.attributes.key", "details.attributes.value"),
    ]
    assert known_inputs(CONTENTS["passthrough"]) == ["method", "path", "params", "body"]
