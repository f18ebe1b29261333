"""What objects hold beside what the contract maps."""

from __future__ import annotations

from typing import Any

import pytest

from hr4you.contract import compile_expression
from hr4you.crawl import Item
from hr4you.inspection.explore import FoundField, explore
from hr4you.inspection.naming import named, snake_case
from hr4you.inspection.samples import Sample
from tests.hr4you.inspection.test_coverage import contract_of


def explored(
    name: str, *wires: dict[str, Any], contract: str = "", definitions: dict[str, tuple[str, str | None]] | None = None
) -> dict[str | None, FoundField]:
    items = [Item(str(number), wire, None) for number, wire in enumerate(wires)]
    return {field.key: field for field in explore(contract_of(contract), Sample(name, items), definitions or {})}


def test_keys_that_the_contract_reads_are_left_out_and_all_others_told() -> None:
    found = explored("users", {"userId": 1, "email": "a@b.de", "active": True}, {"userId": 2, "active": False})
    assert list(found) == ["active"]
    field = found["active"]
    assert (field.model, field.kind, field.filled, field.of, field.distinct) == ("user", "native", 2, 2, 2)
    assert (field.type, field.shape) == ("true/false", "true/false")


def test_nested_keys_are_told_with_their_path() -> None:
    wire = {"address": {"geo": {"lat": 1.5}}, "education": [{"school": "TU"}, {"school": "FH"}], "tags": ["a", "b"]}
    found = explored("candidates", wire)
    assert set(found) == {"address.geo.lat", "education[].school", "tags"}
    assert found["education[].school"].filled == 1


@pytest.mark.parametrize(
    "wire",
    [{"emails": [{"address": "a@b.de"}]}, {"emails": []}, {"emails": None}, {}, {"source": {"id": 1, "name": "x"}}],
    ids=str,
)
def test_what_is_read_from_inside_is_no_field_of_its_own_however_empty(wire: dict[str, Any]) -> None:
    assert explored("candidates", wire) == {}


def test_beside_what_is_read_of_an_element_the_rest_is_told() -> None:
    assert set(explored("candidates", {"emails": [{"address": "a@b.de", "verified": True}]})) == {"emails[].verified"}


@pytest.mark.parametrize(
    ("spec", "read"),
    [
        ("{each: '[{a: mail, t: `x`}]', email_address: a, type: t}", {"mail"}),
        ("{each: '[mail]', email_address: '@', type: null}", {"mail"}),
        ("{each: 'people[?kind==`own`].mails[]', email_address: '@', type: null}", {"people[].kind", "people[].mails"}),
        ("{each: 'mails || post', email_address: mail, type: null}", {"post[].mail"}),
        ("{each: 'not_null(mail)', email_address: '@', type: null}", {"mail"}),
        ("{each: people, email_address: 'mails[0]', type: kind}", {"people[].kind", "people[].mails"}),
    ],
    ids=["object", "list", "filter", "or", "function", "index"],
)
def test_what_an_expression_reads_is_known(spec: str, read: set[str]) -> None:
    wire = {
        "mail": "a@b.de",
        "post": [{"mail": "a@b.de"}],
        "people": [{"kind": "own", "mails": ["a@b.de"], "other": 1}],
        "unread": 1,
    }
    contract = f"resources: {{candidates: {{fields: {{email_addresses: {spec}}}}}}}"
    everything = {"mail", "post[].mail", "people[].kind", "people[].mails", "people[].other", "unread"}
    assert set(explored("candidates", wire, contract=contract)) == everything - read


def test_lists_that_are_another_stream_are_no_field() -> None:
    contract = "resources: {applications: {list: {nested_in: candidates, path: applications}}}"
    assert explored("candidates", {"applications": [{"state": "x"}]}, contract=contract) == {}


@pytest.mark.parametrize(
    "key", ["createdAt", "Straße", "e-mail", "key with a space", "a.b", "2fa", 'quo"te', "Gehalt (brutto)"]
)
def test_a_key_can_be_used_as_an_expression(key: str) -> None:
    wire = {key: "top", "outer": {"x": 1}}
    assert (
        compile_expression(next(found for found in explored("users", wire) if found != "outer.x") or "")(wire) == "top"
    )


@pytest.mark.parametrize(
    "data",
    [
        {"anna@example.org": 1},
        {"2024-01-31": 1},
        {"Anna Schmidt": 1},
        {f"k{number}": 1 for number in range(80)},
    ],
    ids=["addresses", "dates", "names", "many"],
)
def test_keys_that_are_data_are_not_shown(data: dict[str, int]) -> None:
    found = explored("users", {"ratings": data})
    assert list(found) == ["ratings"]
    assert "differ" in found["ratings"].shape


def test_keys_that_differ_from_record_to_record_are_not_shown() -> None:
    wires: list[dict[str, Any]] = [{"by": {name: 1}} for name in ("Anna", "Bert", "Cem", "Dora", "Emil")]
    assert list(explored("users", *wires)) == ["by"]


def custom(key: str, label: str | None, value: Any, kind: str | None = None) -> dict[str, Any]:
    return {"key": key, "label": label, "type": kind, "value": value}


def test_a_tenant_s_own_fields_come_with_label_type_and_share() -> None:
    wires: list[dict[str, Any]] = [
        {"customFields": [custom("cf_1", "Gehalt", 50_000, "number"), custom("cf_2", "Auto", None, "boolean")]},
        {"customFields": [custom("cf_1", "Gehalt", 60_000, "number")]},
        {"customFields": []},
    ]
    found = explored("candidates", *wires)
    assert list(found) == ["cf_1", "cf_2"]
    first = found["cf_1"]
    assert (first.kind, first.label, first.type, first.filled, first.of, first.distinct) == (
        *("tenant", "Gehalt", "number"),
        *(2, 3, 2),
    )
    assert (found["cf_2"].filled, found["cf_2"].shape) == (0, "")


def test_the_list_of_definitions_says_what_the_records_do_not() -> None:
    wires = {"customFields": {"cf_1": 7}}
    found = explored("jobs", wires, definitions={"cf_1": ("Stellen", "number")})
    assert (found["cf_1"].label, found["cf_1"].type) == ("Stellen", "number")


@pytest.mark.parametrize(
    "place",
    [
        "{each: customFields, key: value, label: value, value: value}",
        "{each: customFields, key: key, label: value, type: value, value: value}",
    ],
    ids=["key", "label"],
)
def test_a_contract_that_takes_values_for_keys_or_labels_shows_none_of_them(place: str) -> None:
    people = ["Anna Schmidt", "Bert Maier", "Cem Groß", "Dora Maß", "Emil Fuchs"]
    wires = [{"customFields": [custom("cf_1", "Name", person)]} for person in people]
    found = explored("candidates", *wires, contract=f"resources: {{candidates: {{custom_fields: {place}}}}}")
    assert len(found) == 1
    assert not [person for person in people if person in repr(found)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gehaltswunsch", "gehaltswunsch"),
        ("Führerschein (Klasse)", "fuehrerschein_klasse"),
        ("Maßnahme Größe Übung", "massnahme_groesse_uebung"),
        ("U\u0308bung", "uebung"),
        ("createdAt", "created_at"),
        ("HTMLText2Go", "html_text2_go"),
        ("3 Jahre", "field_3_jahre"),
        ("école", "ecole"),
        ("???", ""),
        ("x" * 100, "x" * 60),
    ],
    ids=str,
)
def test_labels_become_names_of_columns(text: str, name: str) -> None:
    assert snake_case(text) == name


def test_names_are_unique_within_a_model() -> None:
    def field(model: str, key: str, label: str | None) -> FoundField:
        return FoundField(model, "tenant", key, label, None, 1, 1, 1, "")

    given = [field("job", "a", "Ort"), field("job", "b", "ORT"), field("candidate", "c", "Ort"), field("job", "!", "?")]
    assert [name for _, name in named(given)] == ["ort", "ort_2", "ort", "field"]
