"""How far the contract's entries find something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hr4you.contract.document import parse_document
from hr4you.contract.loader import compile_document, load_document
from hr4you.contract.merge import merge
from hr4you.crawl import Item
from hr4you.inspection.coverage import Covered, cover

if TYPE_CHECKING:
    from hr4you.contract import Contract


def contract_of(text: str = "") -> Contract:
    return compile_document(merge(load_document(), parse_document(text, "my.yml")))


def covered(name: str, *wires: dict[str, Any], contract: str = "") -> dict[str, Covered]:
    items = [Item(str(number), wire, None) for number, wire in enumerate(wires)]
    return {row.entry: row for row in cover(contract_of(contract), name, items)}


def test_each_entry_says_in_how_many_objects_it_finds_something() -> None:
    found = covered("users", {"userId": 1, "firstname": "Anna"}, {"userId": 2, "firstname": ""}, {"userId": 3})
    assert {entry: (row.found, row.of) for entry, row in found.items()} == {
        "id": (3, 3),
        "changed_at": (0, 3),
        "first_name": (1, 3),
        "last_name": (0, 3),
        "email": (0, 3),
    }
    assert found["first_name"].types == {"text": 1}
    assert found["first_name"].place == ("resources", "users", "fields", "first_name")


def test_keys_of_objects_are_entries_of_their_own() -> None:
    found = covered("candidates", {"city": "Köln"}, {"city": None, "zipcode": "50667"})
    assert (found["location.city"].found, found["location.zip_code"].shape) == (1, "5 digits")


def test_keys_of_lists_are_counted_by_their_elements() -> None:
    wire = {"emails": [{"address": "a@example.org", "type": "privat"}, {"address": "b@example.org"}]}
    found = covered("candidates", wire, {"emails": []})
    assert (found["email_addresses.each"].found, found["email_addresses.each"].of) == (1, 2)
    assert (found["email_addresses.email_address"].found, found["email_addresses.email_address"].of) == (2, 2)
    assert (found["email_addresses.type"].found, found["email_addresses.type"].of) == (1, 2)


def test_custom_fields_count_as_a_list_and_as_a_mapping() -> None:
    listed = covered("jobs", {"customFields": [{"key": "cf_1", "value": 7}, {"key": "cf_2", "value": None}]})
    mapped = covered("jobs", {"customFields": {"cf_1": 7, "cf_2": None}})
    for found in (listed, mapped):
        assert (found["custom_fields.key"].found, found["custom_fields.key"].of) == (2, 2)
        assert (found["custom_fields.value"].found, found["custom_fields.value"].of) == (1, 2)


def test_flags_are_entries_too() -> None:
    found = covered(
        "applications", {"isHired": True}, {}, contract="resources: {applications: {flags: {HIRED: isHired}}}"
    )
    assert (found["flags.HIRED"].found, found["flags.HIRED"].types) == (1, {"true/false": 1})


def test_without_objects_every_entry_is_there_and_finds_nothing() -> None:
    assert {(row.found, row.of, row.shape) for row in covered("candidates").values()} == {(0, 0, "")}
