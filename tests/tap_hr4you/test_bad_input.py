"""What users get wrong: each one clear line that says what to do, the right exit status, and never a traceback."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.tap_hr4you.runs import TOKEN, assert_one_clear_line, discover, run_tap, select

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

ACME = {"subdomain": "acme", "api_token": TOKEN}


SETUPS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nothing at all": ({}, ("subdomain", "base_url")),
    "no token": ({"subdomain": "acme"}, ("api_token",)),
    "an empty token": ({"subdomain": "acme", "api_token": ""}, ("api_token",)),
    "a user name without a password": ({"subdomain": "acme", "username": "x"}, ("password",)),
    "subdomain and base_url": (
        {"subdomain": "acme", "base_url": "https://jobs.example", "api_token": TOKEN},
        ("base_url",),
    ),
    "http": ({"base_url": "http://jobs.example", "api_token": TOKEN}, ("https",)),
    "a whole address as subdomain": ({"subdomain": "https://acme.hr4you.org", "api_token": TOKEN}, ("subdomain",)),
    "a tenant with a colon": ({"subdomain": "acme", "tenant": "a:b", "api_token": TOKEN}, ("tenant",)),
    "a reserved tenant": ({"subdomain": "acme", "tenant": "remote", "api_token": TOKEN}, ("tenant",)),
    "text for a number": ({**ACME, "concurrency": "many"}, ("concurrency", "whole number")),
    "a number below its minimum": ({**ACME, "page_size": 0}, ("page_size",)),
    "an unknown word": ({**ACME, "jobs_source": "xml"}, ("jobs_source", "feed")),
    "a word for a choice": ({**ACME, "on_mapping_change": TOKEN}, ("on_mapping_change", "resync or warn")),
    "a limit of both sides": ({**ACME, "concurrency": 65}, ("concurrency", "at least 1, at most 64")),
    "a limit of one side": ({**ACME, "deletion_check_interval_hours": -1}, ("_hours", "at least 0")),
    "a limit that is not reached": ({**ACME, "request_timeout": 0}, ("request_timeout", "more than 0")),
    "a share above 1": ({**ACME, "max_deletion_ratio": 1.5}, ("max_deletion_ratio", "at most 1")),
    "a share as text above 1": ({**ACME, "max_deletion_ratio": "1.5"}, ("max_deletion_ratio", "at most 1")),
    "a look-back of ages": ({**ACME, "lookback_seconds": 31_536_001}, ("lookback_seconds", "at most 31536000")),
    "a start_date that is none": ({**ACME, "start_date": "soon"}, ("start_date",)),
    "a start_date in another order": ({**ACME, "start_date": "31.01.2026"}, ("start_date", "ISO 8601")),
    "a start_date that no calendar has": ({**ACME, "start_date": "2026-02-30"}, ("start_date", "ISO 8601")),
    "a start_date with something behind": ({**ACME, "start_date": "2026-01-31soon"}, ("start_date", "ISO 8601")),
    "a start_date beyond all time": ({**ACME, "start_date": "9999-12-31T23:59:59-23:00"}, ("start_date",)),
    "a user agent of two lines": ({**ACME, "user_agent": f"a\r\nX-Token: {TOKEN}"}, ("user_agent", "one line")),
    "a user agent with an umlaut": ({**ACME, "user_agent": "Müller"}, ("user_agent", "ASCII")),
    "a ca_bundle that is not there": ({**ACME, "ca_bundle": f"/{TOKEN}"}, ("ca_bundle", "No such file")),
    "a ca_bundle that is a directory": ({**ACME, "ca_bundle": "/"}, ("ca_bundle", "cannot be read")),
    "a ca_bundle that is no path": ({**ACME, "ca_bundle": f"{TOKEN}\0"}, ("ca_bundle", "cannot be read")),
    "a ca_bundle without a certificate": ({**ACME, "ca_bundle": __file__}, ("ca_bundle", "no certificates")),
    "a contract that is not there": ({**ACME, "contract": "/nowhere.yml"}, ("nowhere.yml",)),
    "a token file that is not there": ({"subdomain": "acme", "api_token_file": "/nowhere"}, ("api_token_file",)),
    "a mapping for an unknown model": (
        {**ACME, "custom_field_mappings": {"candidat": {"a": "b"}}},
        ("custom_field_mappings",),
    ),
    "batch messages": (
        {**ACME, "batch_config": {"encoding": {"format": "jsonl"}, "storage": {"root": "."}}},
        ("batch",),
    ),
}


@pytest.mark.parametrize(("config", "words"), SETUPS.values(), ids=SETUPS)
def test_a_wrong_setting_is_named(config: dict[str, Any], words: tuple[str, ...]) -> None:
    assert_one_clear_line(run_tap(config), 2, *words)


def test_a_value_of_the_wrong_type_is_not_repeated() -> None:
    run = run_tap({"subdomain": "acme", "api_token": [TOKEN]})

    assert_one_clear_line(run, 2, "api_token")


def test_a_contract_that_does_not_load_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "acme.yml"
    file.write_text("version: 1\nresources:\n  candidates:\n    id: 'a b ['\n")

    run = run_tap({**ACME, "contract": str(file)})

    assert_one_clear_line(run, 2, "acme.yml", "4")


STATES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "a list": ("[]", ("state",)),
    "cut off": ('{"bookmarks": {"jobs"', ("state",)),
    "bookmarks that are a list": ({"bookmarks": []}, ("state",)),
    "a damaged set of ids": ({"bookmarks": {"jobs": {"ids": {"n": "eJxj"}}}}, ("jobs", "ids")),
    "a time that is none": (
        {"bookmarks": {"jobs": {"replication_key_value": "soon"}}},
        ("jobs", "replication_key_value"),
    ),
    "a bookmark in the future": (
        {"bookmarks": {"jobs": {"replication_key_value": "2999-01-01T00:00:00.000000+00:00"}}},
        ("jobs", "future"),
    ),
    "another tenant's": (
        {"bookmarks": {"jobs": {"tenant": "umbrella"}}},
        ("another tenant", "umbrella", "--state-id-suffix"),
    ),
}


@pytest.mark.parametrize(("state", "words"), STATES.values(), ids=STATES)
def test_a_state_that_cannot_be_used_is_refused_before_any_request(
    sandbox: Control, state: Any, words: tuple[str, ...]
) -> None:
    before = sandbox.requests()

    run = run_tap(sandbox.config, state=state)

    assert_one_clear_line(run, 2, *words)
    assert run.stdout == b""
    assert sandbox.requests() == before


def test_a_wrong_token_ends_with_75_and_says_which_setting(sandbox: Control) -> None:
    run = run_tap({**sandbox.config, "api_token": TOKEN})

    assert_one_clear_line(run, 75, "token")
    assert run.records() == []


def test_a_wrong_subdomain_ends_with_75() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody answers here
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        run = run_tap({"base_url": f"http://127.0.0.1:{port}", "api_token": TOKEN, "max_retries": 0})

    assert_one_clear_line(run, 75, f"127.0.0.1:{port}")


def test_a_forbidden_resource_leaves_the_other_streams_and_ends_with_1(sandbox: Control) -> None:
    sandbox.faults({"match": "GET /api2/users*", "probability": 1.0, "fault": "status", "status": 403})

    run = run_tap(sandbox.config)

    assert_one_clear_line(run, 1, "users", "skip_forbidden_streams")
    assert run.counts["users"] == 0
    assert all(count for stream, count in run.counts.items() if stream != "users")
    assert run_tap({**sandbox.config, "skip_forbidden_streams": True}).status == 0


def test_all_forbidden_ends_with_1(sandbox: Control) -> None:
    sandbox.faults({"match": "GET /api2/*", "probability": 1.0, "fault": "status", "status": 403})

    run = run_tap(sandbox.config)

    assert_one_clear_line(run, 1, "users", "candidates")
    assert run.records() == []


def test_the_connection_test_says_what_is_wrong(sandbox: Control) -> None:
    good = run_tap(sandbox.config, "--test")
    assert good.status == 0
    assert not [line for line in good.log.splitlines() if "ERROR" in line or "WARNING" in line or "Traceback" in line]
    assert_one_clear_line(run_tap({**sandbox.config, "api_token": TOKEN}, "--test"), 75, "token")


def test_discovery_makes_no_request_and_needs_no_settings() -> None:
    catalog = discover({})

    assert len(catalog["streams"]) == 5
    assert json.dumps(catalog)


def test_an_unknown_option_is_a_matter_of_usage() -> None:
    assert run_tap({}, "--nonsense").status == 2


def test_a_catalog_of_other_streams_is_told(sandbox: Control) -> None:
    catalog = select(discover(sandbox.config), ["users"])
    catalog["streams"] = catalog["streams"][-1:]

    assert run_tap(sandbox.config, catalog=catalog).status == 0
