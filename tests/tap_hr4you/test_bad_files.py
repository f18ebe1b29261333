"""Config, state and catalog files that are none: one clear line, exit status 2, and nothing of what stands in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.tap_hr4you.runs import TOKEN, assert_one_clear_line, discover, run_tap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

ACME = {"subdomain": "acme", "api_token": TOKEN}

CONTENTS: dict[str, tuple[bytes, str]] = {
    "broken JSON": (f'{{"api_token": "{TOKEN}" "x"}}'.encode(), "line 1, column"),
    "a cut object": (b"{", "line 1, column"),
    "no JSON": (TOKEN.encode(), "line 1, column"),
    "a list": (b"[]", "no JSON object"),
    "a text": (f'"{TOKEN}"'.encode(), "no JSON object"),
    "null": (b"null", "no JSON object"),
    "another character set": (f'{{"api_token": "{TOKEN}\xe4"}}'.encode("latin-1"), "not UTF-8"),
    "endless brackets": (b"[" * 100_000, "no JSON object"),
}


@pytest.mark.parametrize("option", ["config", "state", "catalog"])
@pytest.mark.parametrize(("content", "told"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_holds_no_object_is_named(option: str, content: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_bytes(content)

    assert_one_clear_line(run_tap(ACME, f"--{option}", str(file)), 2, f"--{option}", "given.json", told)


@pytest.mark.parametrize("option", ["config", "state", "catalog"])
@pytest.mark.parametrize("name", [".", "missing.json"], ids=["a directory", "a file that is not there"])
def test_what_is_no_file_is_named(option: str, name: str, tmp_path: Path) -> None:
    run = run_tap(ACME, f"--{option}", str(tmp_path / name))

    assert run.status == 2
    assert f"--{option}" in run.last_line
    assert str(tmp_path) in run.last_line
    assert "Traceback" not in run.log


CATALOGS: dict[str, Any] = {
    "no streams": {},
    "streams that are no list": {"streams": {}},
    "a stream that is a name": {"streams": ["jobs"]},
    "no name": {"streams": [{"schema": {}}]},
    "a name that is a number": {"streams": [{"tap_stream_id": 7, "schema": {}}]},
    "no schema": {"streams": [{"tap_stream_id": "jobs"}]},
    "a schema that is null": {"streams": [{"tap_stream_id": "jobs", "schema": None}]},
    "properties that are a list": {"streams": [{"tap_stream_id": "jobs", "schema": {"properties": ["id"]}}]},
    "metadata that are null": {"streams": [{"tap_stream_id": "jobs", "schema": {}, "metadata": None}]},
    "metadata that are text": {"streams": [{"tap_stream_id": "jobs", "schema": {}, "metadata": "selected"}]},
    "metadata without a place": {"streams": [{"tap_stream_id": "jobs", "schema": {}, "metadata": [{}]}]},
    "metadata that are a number": {
        "streams": [{"tap_stream_id": "jobs", "schema": {}, "metadata": [{"breadcrumb": [], "metadata": 7}]}]
    },
}


@pytest.mark.parametrize("catalog", CATALOGS.values(), ids=CATALOGS)
def test_a_catalog_that_is_none_is_told_before_any_request(sandbox: Control, catalog: Any) -> None:
    run = run_tap(sandbox.config, catalog=catalog)

    assert_one_clear_line(run, 2, "catalog", "--discover")
    assert (run.stdout, sandbox.requests()) == (b"", {})


def test_an_empty_state_and_a_byte_of_blank_space_are_a_first_run(sandbox: Control) -> None:
    assert run_tap(sandbox.config, state=" ").counts == run_tap(sandbox.config, state={}).counts


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("api_tokn", "api_token"), ("custom_field_mapings", "custom_field_mappings")]
)
def test_a_misspelt_setting_ends_the_run_as_what_it_was_to_say_would_be_without_effect(
    sandbox: Control, misspelt: str, meant: str
) -> None:
    run = run_tap({**sandbox.config, misspelt: TOKEN})
    assert_one_clear_line(run, 2, f"`{misspelt}`", f"did you mean `{meant}`?")
    assert TOKEN not in run.log


def test_a_setting_that_is_like_no_other_is_told_and_the_run_goes_on(sandbox: Control) -> None:
    run = run_tap({**sandbox.config, "zzz": TOKEN})
    assert (run.status, run.counts["candidates"]) == (0, 120)
    assert "There is no setting `zzz`." in run.log
    assert TOKEN not in run.log


def test_a_discovered_catalog_is_taken_as_it_is(sandbox: Control) -> None:
    run = run_tap(sandbox.config, catalog=json.loads(json.dumps(discover(sandbox.config))))

    assert (run.status, run.counts["candidates"]) == (0, 120)


def test_values_without_a_mapping_are_told_in_one_warning_for_all_streams(sandbox: Control) -> None:
    job, application = sandbox.all("jobs")[0]["jobId"], sandbox.all("applications")[0]["applicationId"]
    sandbox.change("jobs", job, jobStatus="verschollen", jobEmploymentType="Nebenberuf")
    sandbox.change("applications", application, status="vergessen")

    run = run_tap(sandbox.config)

    [warning] = [line for line in run.log.splitlines() if "without a mapping" in line]
    for value in ("jobs.status 'verschollen' (1)", "jobs.employment_type 'Nebenberuf' (1)", "'vergessen' (1)"):
        assert value in warning
    assert "WARNING" in warning
    assert "`vocabularies`" in warning


def test_more_values_without_a_mapping_than_anybody_reads_are_counted(sandbox: Control) -> None:
    for number in range(40):
        sandbox.create("jobs", jobStatus=f"verschollen {number}")

    run = run_tap(sandbox.config)

    [warning] = [line for line in run.log.splitlines() if "without a mapping" in line]
    told = warning.count("(")
    assert told == 30
    assert ", and 1" in warning
    assert " more. Add them" in warning
