"""Overrides: merged as people expect it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import Contract, load_contract
from hr4you.contract.loader import load_document

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def write_and_load(*texts: str) -> Contract:
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.yml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return load_contract(paths)

    return write_and_load


def test_what_an_override_does_not_name_stays(load: Any) -> None:
    contract = load("resources: {users: {fields: {email: mail}}}")
    users = contract.resources["users"]
    assert users.fields["email"].text == "mail"
    assert users.fields["first_name"].text == "firstname"
    assert users.provenance == "yours"
    assert contract.resources["jobs"] == load_contract().resources["jobs"]


def test_a_later_file_wins(load: Any) -> None:
    contract = load("api: {base_path: /a/, timezone: UTC}", "api: {base_path: /b/}")
    assert (contract.api.base_path, contract.api.timezone) == ("/b/", "UTC")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null", "\ufeffversion: 1"])
def test_a_file_that_says_nothing_changes_nothing(load: Any, text: str) -> None:
    assert load(text) == load_contract()


def test_null_takes_a_key_away(load: Any) -> None:
    jobs = load("resources: {jobs: {changed_since: null, fields: {category: null, location: {state: ~}}}}").resources[
        "jobs"
    ]
    assert jobs.changed_since is None
    assert "category" not in jobs.fields
    assert set(jobs.fields["location"]) == {"city", "zip_code", "street_1", "country"}


def test_a_tenant_without_sources_says_so_with_null(load: Any) -> None:
    contract = load("resources: {sources: null, custom_field_definitions: null}\nactions: {create_candidate: null}")
    assert contract.sources is None
    assert contract.custom_field_definitions is None
    assert "create_candidate" not in contract.actions


def test_a_list_given_as_a_new_place_takes_the_place_of_the_old_one(load: Any) -> None:
    definitions = load("resources: {custom_field_definitions: {list: felder}}").custom_field_definitions
    assert (definitions.list.path, definitions.list.params, definitions.list.pagination) == ("felder", {}, None)


def test_a_list_that_only_gets_parameters_keeps_its_place(load: Any) -> None:
    jobs = load("resources: {jobs: {list: {params: {active: true, limit_to: 7}}}}").resources["jobs"]
    assert jobs.list.path == "jobs"
    assert jobs.list.params == {"active": "true", "limit_to": "7"}
    assert jobs.get == "jobs/{id}"


def test_a_new_place_of_a_list_takes_away_where_single_objects_were(load: Any) -> None:
    assert load("resources: {jobs: {list: stellen}}").resources["jobs"].get is None
    assert load("resources: {jobs: {list: jobs}}").resources["jobs"].get == "jobs/{id}"
    assert load("resources: {jobs: {list: stellen, get: 'stelle/{id}'}}").resources["jobs"].get == "stelle/{id}"


@pytest.mark.parametrize(
    "where", ["nested_in: candidates, path: apps", "per: candidates, path: 'applicants/{id}/apps'"]
)
def test_a_list_at_its_parent_takes_away_what_the_list_of_its_own_could_be_asked(load: Any, where: str) -> None:
    applications = load(f"resources: {{applications: {{list: {{{where}}}}}}}").resources["applications"]
    assert applications.list.parent == "candidates"
    assert (applications.select, applications.changed_since, applications.only_ids, applications.get) == (None,) * 4


def test_a_new_id_takes_away_the_listing_of_the_old_one(load: Any) -> None:
    assert load("resources: {jobs: {id: nummer}}").resources["jobs"].only_ids is None
    assert load("resources: {jobs: {select: {param: felder}}}").resources["jobs"].only_ids is None
    assert load("resources: {jobs: {id: jobId}}").resources["jobs"].only_ids is not None
    given = load("resources: {jobs: {id: nummer, only_ids: {params: {nur: nummer}}}}").resources["jobs"].only_ids
    assert given.params == {"nur": "nummer"}


def test_another_type_takes_the_place_of_the_old_one(load: Any) -> None:
    api = load("api: {pagination: {type: offset, offset: start, size: anzahl}}").api
    assert (api.pagination.page, api.pagination.last_page, api.pagination.total) == (None, None, None)
    assert api.pagination.max_size == 200


def test_the_same_type_is_merged(load: Any) -> None:
    pagination = load(
        "api: {pagination: {type: page, size: anzahl}}", "api: {pagination: {first_page: 0}}"
    ).api.pagination
    assert (pagination.page, pagination.size, pagination.first_page) == ("page", "anzahl", 0)


def test_a_change_of_authentication_leaves_nothing_of_the_old_one(load: Any) -> None:
    then = "then: {type: header, name: X}"
    login = f"api: {{auth: {{type: login, path: an, body: {{u: username, p: password}}, token: t, {then}}}}}"
    assert load(login).api.auth.then.name == "X"
    assert load(login, "api: {auth: {then: {type: raw}}}").api.auth.then.name is None
    assert load(login, "api: {auth: {type: basic}}").api.auth.path is None


def test_a_login_sends_its_token_as_bearer_unless_told(load: Any) -> None:
    auth = load("api: {auth: {type: login, path: an, body: {t: api_token}, token: t}}").api.auth
    assert auth.then.type == "bearer"
    assert auth.method == "POST"


def test_a_lists_own_pagination_is_completed_from_the_apis(load: Any) -> None:
    contract = load("resources: {jobs: {list: {pagination: {max_size: 50}}}}")
    assert contract.resources["jobs"].list.pagination.max_size == 50
    assert contract.resources["jobs"].list.pagination.last_page.text == "meta.lastPage"
    assert contract.pagination_of(contract.resources["users"].list) == contract.api.pagination


def test_one_object_is_where_the_list_is_unless_told(load: Any) -> None:
    contract = load("api: {records: ergebnis}")
    assert contract.api.record.text == "ergebnis"
    assert contract.records_of(contract.resources["jobs"].list).text == "ergebnis"
    contract = load("api: {records: ergebnis, record: '@'}\nresources: {jobs: {record: stelle, list: {records: alle}}}")
    assert contract.record_of(contract.resources["users"]).text == "@"
    assert contract.record_of(contract.resources["jobs"]).text == "stelle"
    assert contract.records_of(contract.resources["jobs"].list).text == "alle"


def test_new_words_come_before_the_ones_that_were_there(load: Any) -> None:
    gender = load("vocabularies: {gender: {MALE: maennlich}}").vocabularies["gender"]
    assert gender["MALE"] == ("maennlich", "m")


def test_a_word_that_moves_is_taken_away_where_it_was(load: Any) -> None:
    words = load("vocabularies: {employment_type: {CONTRACT: [WERKSTUDENT]}}").vocabularies["employment_type"]
    assert words["CONTRACT"][0] == "WERKSTUDENT"
    assert "Werkstudent" not in words["PART_TIME"]


def test_null_empties_a_word_so_that_another_file_can_begin_anew(load: Any) -> None:
    words = load("vocabularies: {status: {OPEN: null}}", "vocabularies: {status: {OPEN: [1]}}").vocabularies["status"]
    assert words["OPEN"] == ("1",)


def test_the_sources_of_outcomes_are_replaced(load: Any) -> None:
    contract = load("vocabularies: {outcome: {sources: flags}}\nresources: {applications: {flags: {HIRED: isHired}}}")
    assert contract.outcome_sources == ("flags",)
    assert contract.resources["applications"].flags["HIRED"].text == "isHired"


def test_an_object_gives_way_to_a_list_and_a_list_is_merged(load: Any) -> None:
    fields = (
        load("resources: {candidates: {fields: {email_addresses: {each: '[mail]', email_address: '@', type: null}}}}")
        .resources["candidates"]
        .fields
    )
    assert set(fields["email_addresses"].fields) == {"email_address"}
    fields = (
        load("resources: {candidates: {fields: {phone_numbers: {phone_number: nr}}}}").resources["candidates"].fields
    )
    assert fields["phone_numbers"].each.text == "phones"
    assert fields["phone_numbers"].fields["type"].text == "type"


def test_a_step_is_changed_by_its_name(load: Any) -> None:
    steps = (
        load(
            "actions: {create_candidate: {steps: {attachment: null, applicant: {request: {body: {email: null, mail: "
            "candidate.email_address}}}, note: {request: {method: POST, path: notes}}}}}"
        )
        .actions["create_candidate"]
        .steps
    )
    assert [step.name for step in steps] == ["applicant", "application", "note"]
    assert "email" not in steps[0].request.body
    assert steps[0].request.body["mail"].text == "candidate.email_address"


def test_steps_given_as_a_list_take_the_place_of_the_old_ones(load: Any) -> None:
    action = "actions: {add_note_to_application: {steps: [{name: memo, request: {method: PUT, path: 'memo/{id}'}}]}}"
    assert [step.name for step in load(action).actions["add_note_to_application"].steps] == ["memo"]


def test_words_that_yaml_takes_for_booleans_and_dates_are_words(load: Any) -> None:
    contract = load(
        "vocabularies: {status: {OPEN: [on, yes], CLOSED: [no], DRAFT: [2026-01-31], ARCHIVED: [12:30, 007]}}"
    )
    status = contract.vocabularies["status"]
    assert status["OPEN"][:2] == ("on", "yes")
    assert status["CLOSED"][0] == "no"
    assert status["DRAFT"][0] == "2026-01-31"
    assert status["ARCHIVED"][:2] == ("12:30", "007")


def test_anchors_and_merge_keys_can_be_used(load: Any) -> None:
    contract = load(
        "resources:\n"
        "  users: &common\n"
        "    changed_since: &since {param: ab, format: epoch_s}\n"
        "    changed_at: zeit\n"
        "  jobs: {<<: *common, changed_at: stand}\n"
        "  candidates: *common\n"
        "  applications: {changed_since: {<<: *since, format: epoch_ms}}\n"
    )
    assert contract.resources["users"].changed_at.text == "zeit"
    assert contract.resources["jobs"].changed_at.text == "stand"
    assert contract.resources["candidates"].changed_since.param == "ab"
    assert contract.resources["applications"].changed_since.format == "epoch_ms"


def test_the_default_is_not_changed_by_what_is_merged_into_it(load: Any) -> None:
    before = load_document().data
    load("vocabularies: {gender: {MALE: [x]}}\nactions: {create_candidate: {steps: {applicant: {reuse: true}}}}")
    assert load_document().data == before
