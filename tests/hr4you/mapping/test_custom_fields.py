from __future__ import annotations

from typing import Any

import pytest

from hr4you.errors import ConfigError
from hr4you.mapping import check_field_settings
from tests.hr4you.mapping.objects import APPLICATION, CANDIDATE, mapped, mapper

FIVE = [
    {"key": "cf_1", "label": "Gehaltswunsch", "type": "number", "value": 52000},
    {"key": "cf_2", "label": "Führerschein", "type": "boolean", "value": False},
    {"key": "cf_3", "label": "Eintritt", "type": "date", "value": "2026-04-01"},
    {"key": "cf_4", "label": "Sprachen", "type": "multi_select", "value": ["de", "ö"]},
    {"key": "cf_5", "label": "Notiz", "type": "text", "value": " frei "},
]


def entry(key: str, **changes: Any) -> dict[str, Any]:
    usual = {"label": None, "type": "CUSTOM", "value_type": None, "value": None}
    return {"id": f"candidate:{key}", "key": key, **usual, **changes}


# --- integration_fields ------------------------------------------------------------------------------------------


def test_every_tenant_defined_field_is_shown_with_its_value_as_text() -> None:
    subject = mapper("candidates")
    assert subject({**CANDIDATE, "customFields": FIVE})["integration_fields"] == [
        entry("cf_1", label="Gehaltswunsch", value_type="NUMBER", value="52000"),
        entry("cf_2", label="Führerschein", value_type="BOOLEAN", value="false"),
        entry("cf_3", label="Eintritt", value_type="DATE", value="2026-04-01"),
        entry("cf_4", label="Sprachen", value_type="MULTI_SELECT", value='["de","ö"]'),
        entry("cf_5", label="Notiz", value_type="TEXT", value="frei"),
    ]
    assert not subject.unmapped
    assert not subject.notices


VALUES = {
    "object": ({"a": [1, None]}, '{"a":[1,null]}'),
    "empty-list": ([], "[]"),
    "true": (True, "true"),
    "zero": (0, "0"),
    "float": (1.5, "1.5"),
    "empty": ("", None),
    "null": (None, None),
}


@pytest.mark.parametrize(("value", "text"), VALUES.values(), ids=VALUES)
def test_a_value_of_any_kind_is_text(value: Any, text: str | None) -> None:
    record = mapped("candidates", customFields=[{"key": "cf_1", "value": value}])
    assert record["integration_fields"] == [entry("cf_1", value=text)]


@pytest.mark.parametrize(
    ("word", "value_type"),
    [
        ("text", "TEXT"),
        ("Textarea", "TEXT"),
        ("NUMBER", "NUMBER"),
        ("Zahl", "NUMBER"),
        ("checkbox", "BOOLEAN"),
        ("Datum", "DATE"),
        ("select", "SELECT"),
        ("Auswahl", "SELECT"),
        ("multi-select", "MULTI_SELECT"),
        ("Mehrfachauswahl", "MULTI_SELECT"),
        ("", None),
        (None, None),
    ],
)
def test_the_kind_of_a_field_is_read_in_german_and_english(word: str | None, value_type: str | None) -> None:
    subject = mapper("candidates")
    record = subject({**CANDIDATE, "customFields": [{"key": "cf_1", "value": 1, "type": word}]})
    assert record["integration_fields"][0]["value_type"] == value_type
    assert not subject.unmapped


def test_the_contract_s_words_for_kinds_go_before_the_usual_ones() -> None:
    override = "vocabularies: {value_type: {SELECT: [Sternzeichen], MULTI_SELECT: [Auswahl]}}"
    fields = [{"key": word, "type": word} for word in ("Sternzeichen", "Auswahl", "Datum")]
    record = mapped("candidates", override=override, customFields=fields)
    assert [field["value_type"] for field in record["integration_fields"]] == ["SELECT", "MULTI_SELECT", "DATE"]


def test_an_unknown_kind_is_null_and_counted() -> None:
    subject = mapper("candidates")
    fields = [{"key": key, "value": 1, "type": " Sternzeichen "} for key in ("cf_1", "cf_2")]
    record = subject({**CANDIDATE, "customFields": fields})
    assert record["integration_fields"][0]["value_type"] is None
    assert subject.unmapped == {("value_type", "Sternzeichen"): 2}


FORMS = {
    "object-of-values": {"cf_1": 5, "cf_2": "x"},
    "object-of-elements": {"cf_1": {"value": 5}, "cf_2": {"value": "x"}},
    "php-list-with-gaps": {"cf_1": {"key": "ignored", "value": 5}, "cf_2": {"value": "x"}},
}


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_an_object_in_place_of_the_list_names_the_fields_by_its_keys(value: Any) -> None:
    record = mapped("candidates", customFields=value)
    assert record["integration_fields"] == [entry("cf_1", value="5"), entry("cf_2", value="x")]


def test_a_field_without_a_key_goes_by_its_label_and_one_without_both_is_told() -> None:
    subject = mapper("candidates")
    fields = [{"label": "Eintritt", "value": 1}, {"value": 2}, {"key": 12, "value": 3}]
    record = subject({**CANDIDATE, "customFields": fields})
    assert record["integration_fields"] == [entry("Eintritt", label="Eintritt", value="1"), entry("12", value="3")]
    assert list(subject.notices.values()) == [1]


def test_named_native_keys_are_shown_behind_the_tenant_s_own() -> None:
    record = mapped(
        "candidates",
        settings={"integration_fields_include": {"candidate": ["consent", "source.name", "lastLogin"]}},
    )
    shown = record["integration_fields"][1:]
    assert shown == [
        entry("consent", type="DEFAULT", value="true"),
        entry("source.name", type="DEFAULT", value="LinkedIn"),
        entry("lastLogin", type="DEFAULT"),
    ]


def test_native_keys_are_shown_where_the_tenant_has_no_fields_of_its_own() -> None:
    override = "resources: {candidates: {custom_fields: null}}"
    settings = {"integration_fields_include": {"candidates": ["consent"]}}
    record = mapped("candidates", override=override, settings=settings)
    assert record["integration_fields"] == [entry("consent", type="DEFAULT", value="true")]


def test_the_fields_of_other_models_are_not_shown() -> None:
    record = mapped("applications", settings={"integration_fields_include": {"candidate": ["status"]}})
    assert record["integration_fields"] == []


def test_the_id_of_a_field_names_its_model() -> None:
    ids = [
        mapped(stream, customFields=[{"key": "cf_1", "value": 1}])["integration_fields"][0]["id"]
        for stream in ("jobs", "candidates", "applications")
    ]
    assert ids == ["job:cf_1", "candidate:cf_1", "application:cf_1"]


# --- custom_fields -----------------------------------------------------------------------------------------------


def custom(mapping: Any, **changes: Any) -> Any:
    settings = {"custom_field_mappings": {"candidate": mapping}}
    return mapped("candidates", settings=settings, **{"customFields": FIVE, **changes})["custom_fields"]


def test_custom_fields_are_empty_without_a_mapping() -> None:
    assert mapped("candidates", customFields=FIVE)["custom_fields"] == {}


def test_mapped_values_keep_their_kind() -> None:
    names = {"salary": "cf_1", "license": "cf_2", "start": "cf_3", "languages": "cf_4", "note": "cf_5"}
    assert custom(names) == {
        "salary": 52000,
        "license": False,
        "start": "2026-04-01",
        "languages": ["de", "ö"],
        "note": "frei",
    }


def test_a_mapped_name_is_always_present() -> None:
    assert custom({"salary": "cf_99"}) == {"salary": None}
    assert custom({"salary": "cf_1"}, customFields=None) == {"salary": None}


def test_a_native_path_is_as_good_as_a_key() -> None:
    assert custom({"channel": "source.name", "consent": "consent"}) == {"channel": "LinkedIn", "consent": True}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"cf_1": 1, "cf_2": 2}, 1),
        ({"cf_2": 2}, 2),
        ({"cf_1": None, "cf_2": 2}, 2),
        ({"cf_1": " ", "cf_2": 2}, 2),
        ({"cf_1": [], "cf_2": 2}, 2),
        ({"cf_1": 0, "cf_2": 2}, 0),
        ({"cf_1": False, "cf_2": 2}, False),
        ({}, "LinkedIn"),
    ],
    ids=repr,
)
def test_the_first_place_that_holds_something_counts(given: dict[str, Any], expected: Any) -> None:
    found = custom({"x": ["cf_1", "cf_2", "source.name"]}, customFields=given)["x"]
    assert found == expected
    assert type(found) is type(expected)


def test_a_key_that_no_path_can_spell_is_found_all_the_same() -> None:
    fields = [{"key": "Gehalt (brutto)", "value": 1}]
    assert custom({"salary": "Gehalt (brutto)"}, customFields=fields) == {"salary": 1}
    assert custom({"salary": "Gehalt (brutto)"}, **{"Gehalt (brutto)": 2}) == {"salary": 2}


def test_of_two_fields_with_one_key_the_first_counts() -> None:
    fields = [{"key": "cf_1", "value": 1}, {"key": "cf_1", "value": 2}]
    assert custom({"x": "cf_1"}, customFields=fields) == {"x": 1}


def test_names_that_meltano_has_joined_are_read_as_they_were_written() -> None:
    joined = {
        "candidate.salary": "cf_1",
        "candidate.licence": ["cf_2", "consent"],
        "job.grade": "cf_9",
        "application": None,
    }
    written = {"candidate": {"salary": "cf_1", "licence": ["cf_2", "consent"]}, "job": {"grade": "cf_9"}}
    records = [
        mapped("candidates", settings={"custom_field_mappings": setting}, customFields=FIVE)["custom_fields"]
        for setting in (joined, written)
    ]
    assert records[0] == records[1] == {"salary": 52000, "licence": False}


def test_models_may_be_named_as_their_streams() -> None:
    mappings = {"applications": {"state": "status"}, "application": {"job": "jobId"}, "jobs": {"x": "y"}}
    assert mapper("applications", custom_field_mappings=mappings)(APPLICATION)["custom_fields"] == {
        "state": "in_bearbeitung",
        "job": 12,
    }


# --- the settings' shapes ----------------------------------------------------------------------------------------

WRONG_MAPPINGS = {
    "no-object": ["cf_1"],
    "unknown-model": {"bewerber": {"a": "b"}},
    "model-without-fields": {"users": {"a": "b"}},
    "model-is-a-list": {"candidate": ["cf_1"]},
    "key-is-a-number": {"candidate": {"a": 3}},
    "key-is-empty": {"candidate": {"a": ""}},
    "no-keys": {"candidate": {"a": []}},
    "key-in-a-list-is-null": {"candidate": {"a": ["cf_1", None]}},
    "wrong-for-another-stream": {"job": {"a": {}}},
}


@pytest.mark.parametrize("setting", WRONG_MAPPINGS.values(), ids=WRONG_MAPPINGS)
def test_a_mapping_of_another_shape_is_refused_in_one_line_that_names_the_setting(setting: Any) -> None:
    with pytest.raises(ConfigError, match="`custom_field_mappings`") as caught:
        check_field_settings(setting, {})
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError):
        mapper("candidates", custom_field_mappings=setting)


WRONG_INCLUDES = {
    "no-object": ["consent"],
    "unknown-model": {"stage": ["a"]},
    "object-of-keys": {"candidate": {"a": "b"}},
    "number": {"candidate": [3]},
    "empty": {"candidate": [" "]},
}


@pytest.mark.parametrize("setting", WRONG_INCLUDES.values(), ids=WRONG_INCLUDES)
def test_an_include_of_another_shape_is_refused_in_one_line_that_names_the_setting(setting: Any) -> None:
    with pytest.raises(ConfigError, match="`integration_fields_include`") as caught:
        check_field_settings({}, setting)
    assert "\n" not in str(caught.value)


def test_good_settings_are_accepted() -> None:
    check_field_settings({}, {})
    check_field_settings({"job": {"a": "b"}, "candidates": {"a": ["b", "c.d"]}}, {"application": ["a", "b.c"]})
