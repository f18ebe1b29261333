"""``hr4you fields``: what a tenant has beside the contract, and the setting that takes it along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.hr4you.cli.tenants import NAMES, At, Done, at, run, served
from tests.servers import plain
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control


@pytest.fixture
def acme(sandbox: Control, tmp_path: Path) -> At:
    config = {key: sandbox.config[key] for key in ("base_url", "api_token", "tenant")}
    return at(config, tmp_path, sandbox.all("applicants"))


def keys(done: Done, model: str) -> set[str]:
    return {line["key"] for line in done.lines if line["model"] == model}


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_shown(name: str, tmp_path: Path) -> None:
    with served(name, tmp_path) as tenant:
        for option in ((), ("--json",), ("--yaml",), ("--setting",)):
            done = tenant.run("fields", *option)
            assert done.status == 0
            assert tenant.shown(done.out + done.err) == set()


def test_a_tenant_whose_people_are_mapped_nowhere_is_not_shown_either(tmp_path: Path) -> None:
    with served("german", tmp_path) as tenant:
        path = tmp_path / "less.yml"
        less = {"fields": {"first_name": None, "last_name": None, "email": None}, "custom_fields": None}
        resources: dict[str, Any] = {"users": less, "candidates": {"fields": dict.fromkeys(FIELDS)}}
        path.write_text(yaml.safe_dump({"resources": resources}), encoding="utf-8")
        both = ("--contract", tenant.config["contract"], "--contract", str(path))
        done, table = tenant.run("fields", "--json", *both), tenant.run("fields", *both)
        assert {"vorname", "nachname", "handy", "wohnort"} <= keys(done, "candidate")
        assert tenant.shown(done.out + table.out) == set()


FIELDS = ("first_name", "last_name", "source", "email_addresses", "phone_numbers", "location")


def test_own_and_unmapped_fields_are_told_with_share_values_and_shape(acme: At, sandbox: Control) -> None:
    done = acme.run("fields", "--json", "--sample", "all")
    assert keys(done, "candidate") == {"cf_12", "cf_13", "cf_14", "cf_15", "cf_16", "consent", "createdAt"}
    assert keys(done, "user") == {"active"}
    line = next(line for line in done.lines if line["key"] == "cf_12")
    held = [
        field["value"]
        for each in sandbox.all("applicants")
        for field in each["customFields"]
        if field["key"] == "cf_12"
    ]
    held = [value for value in held if value is not None]
    assert (line["filled"], line["of"], line["distinct"]) == (len(held), 120, len(set(held)))
    assert (line["kind"], line["label"], line["type"], line["name"]) == (
        *("tenant", "Gehaltswunsch", "number"),
        "gehaltswunsch",
    )
    assert line["shape"] == "whole number of 5 digits"


def test_only_the_models_that_were_asked_for_are_read(acme: At, sandbox: Control) -> None:
    done = acme.run("fields", "--model", "job", "--model", "user", "--json")
    assert {line["model"] for line in done.lines} == {"job", "user"}
    read = {request for request in sandbox.requests() if request.startswith("GET /api2/")}
    assert read == {"GET /api2/jobs", "GET /api2/users", "GET /api2/customfields"}


def test_no_more_records_are_read_than_were_asked_for(acme: At) -> None:
    done = acme.run("fields", "--sample", "10", "--json", "--model", "candidate")
    assert {line["of"] for line in done.lines} == {10}


def test_what_is_printed_as_yaml_fills_the_tap_s_custom_fields_as_it_is(acme: At) -> None:
    done = acme.run("fields", "--yaml")
    assert (done.status, done.err) == (0, "")
    setting = yaml.safe_load(done.out)
    assert setting["custom_field_mappings"]["candidate"]["fuehrerschein_vorhanden"] == "cf_13"

    tap = run_tap({**acme.config, **setting})
    assert tap.status == 0
    for stream, model in (("jobs", "job"), ("candidates", "candidate"), ("applications", "application")):
        names = list(setting["custom_field_mappings"][model])
        records = tap.records(stream)
        assert {tuple(record["custom_fields"]) for record in records} == {tuple(names)}
        for name in names:
            assert any(record["custom_fields"][name] is not None for record in records), name


def test_what_is_commented_out_works_too_once_it_is_not(acme: At) -> None:
    text = acme.run("fields", "--yaml", "--model", "candidate").out
    setting = yaml.safe_load(text.replace("    # created_at", "    created_at"))
    records = run_tap({**acme.config, **setting}).records("candidates")
    assert all(record["custom_fields"]["created_at"] for record in records)


def test_where_there_is_nothing_to_map_the_setting_is_empty_and_accepted(tmp_path: Path) -> None:
    with served("nested", tmp_path) as tenant:
        setting = yaml.safe_load(tenant.run("fields", "--yaml").out)
        assert setting == {"custom_field_mappings": {}}
        assert run_tap({**tenant.config, **setting}).status == 0


def test_for_a_config_file_the_same_is_printed_as_json(acme: At) -> None:
    as_yaml, as_json = acme.run("fields", "--yaml"), acme.run("fields", "--setting")
    assert json.loads(f"{{{as_json.out}}}") == yaml.safe_load(as_yaml.out)


def test_odd_keys_and_labels_stay_usable_and_safe_on_the_screen(tmp_path: Path) -> None:
    odd = {
        "no": "Ja?",
        "007": "[bold]Agent[/bold]",
        "a: b # c": "x\x1b[31m\nred",
        "Größe (cm)": "Größe",
        "x": "Groesse",
    }
    fields = [{"key": key, "label": label, "type": "text", "value": f"v{key}"} for key, label in odd.items()]
    with plain.serve() as tenant:
        tenant.put("applicants", 1, 2, customFields=fields)
        acme = at({"base_url": tenant.base_url, "tenant": "acme", "api_token": "plain-server"}, tmp_path)
        setting, table = yaml.safe_load(acme.run("fields", "--yaml").out), acme.run("fields").out
        records = run_tap({**acme.config, **setting}).records("candidates")
    assert set(setting["custom_field_mappings"]["candidate"].values()) == set(odd)
    assert sorted(records[0]["custom_fields"].values()) == sorted(f"v{key}" for key in odd)
    assert "[bold]Agent[/bold]" in table
    assert "\x1b" not in table


def test_what_is_defined_and_never_used_is_named(acme: At, sandbox: Control) -> None:
    for each in sandbox.all("applications"):
        sandbox.change("applications", each["applicationId"], customFields=[])
    done = acme.run("fields")
    assert "Defined, and in no record that was looked at:" in done.out
    assert "cf_51" in done.out


def test_a_forbidden_model_is_told_and_the_others_go_on(acme: At, sandbox: Control) -> None:
    sandbox.faults({"match": "GET /api2/jobs", "fault": "status", "status": 403})
    done = acme.run("fields", "--json")
    assert done.status == 1
    assert done.err.startswith("job: may not be read: ")
    assert {line["model"] for line in done.lines} == {"user", "candidate", "application"}


def test_a_refused_token_ends_in_one_line_with_75(acme: At) -> None:
    acme.path.write_text(json.dumps({**acme.config, "api_token": "wrong-token"}), encoding="utf-8")
    done = acme.run("fields")
    assert (done.status, done.out, done.err.count("\n")) == (75, "", 1)


@pytest.mark.parametrize(
    "arguments", [("--yaml", "--json"), ("--yaml", "--setting"), ("--sample", "x"), ("--model", "person")], ids=" ".join
)
def test_a_wrong_call_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert run("fields", *arguments).status == 2
