"""Stream maps as users write them: what they leave out stays out, and what is wrong with one is told in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.tap_hr4you.runs import STREAMS, assert_one_clear_line, run_tap

if TYPE_CHECKING:
    from tests.control import Control

PERSON = "Kanarienvogel"

FAILING: dict[str, dict[str, Any]] = {
    "a value that is no number": {"first_name": "int(first_name)"},
    "a method that texts have not": {"first_name": "first_name.nothing()"},
    "a name that nobody knows": {"first_name": "first_name + nothing"},
    "a null": {"first_name": "location['city'].upper()"},
    "a filter": {"__filter__": "int(first_name) > 1"},
    "no expression": {"first_name": "import os"},
}


@pytest.mark.parametrize("mapped", FAILING.values(), ids=FAILING)
def test_an_expression_that_fails_for_a_record_is_told_without_the_record(
    sandbox: Control, mapped: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAP_HR4YOU_LOGLEVEL", "DEBUG")
    first = sandbox.all("applicants")[0]["applicantId"]
    sandbox.change("applicants", first, firstname=PERSON, lastname=PERSON, city=None)

    run = run_tap({**sandbox.config, "stream_maps": {"candidates": mapped}})

    assert_one_clear_line(run, 1, "candidates: ", "`stream_maps`", "null")
    assert PERSON not in run.log
    assert "applications" in run.state["bookmarks"], "what was read before is not read again"


WRONG: dict[str, tuple[Any, tuple[str, ...]]] = {
    "a stream that is not there": ({"candidate": {"first_name": None}}, ("`candidate`", ", ".join(sorted(STREAMS)))),
    "a glob of no stream": ({"person*": None}, ("`person*`", "candidates")),
    "a source that is not there": ({"people": {"__source__": "persons"}}, ("`persons`", "candidates")),
    "half an expression": ({"candidates": {"x": "1 +"}}, ("MapExpressionError", "1 +")),
    "half an expression on two lines": ({"candidates": {"x": "1 +\n(\n"}}, ("MapExpressionError", "1 +")),
    "a key that is not there": ({"candidates": {"__key_properties__": ["nothing"]}}, ("nothing",)),
    "a list": (["candidates"], ("`stream_maps`: expected object or null",)),
    "a number for a stream": ({"candidates": 5}, ("`stream_maps.candidates`: expected __NULL__ or null or object",)),
    "a number for a name": ({"jobs": {"__alias__": 5}}, ("`stream_maps.jobs.__alias__`: expected string or null",)),
    "others that are mapped": ({"__else__": {"id": "id"}}, ("`stream_maps.__else__`: expected null or __NULL__",)),
    "other fields that are mapped": ({"jobs": {"__else__": "id"}}, ("`stream_maps.jobs.__else__`: expected null",)),
}


@pytest.mark.parametrize(("maps", "words"), WRONG.values(), ids=WRONG)
def test_a_map_that_makes_no_sense_is_refused_before_any_request(
    sandbox: Control, maps: Any, words: tuple[str, ...]
) -> None:
    run = run_tap({**sandbox.config, "stream_maps": maps})

    assert_one_clear_line(run, 2, *words)
    assert (run.stdout, sandbox.requests()) == (b"", {})


def schemas(maps: Any, sandbox: Control) -> dict[str, list[str]]:
    """The properties of each stream that leaves with these maps."""
    run = run_tap({**sandbox.config, "stream_maps": maps})
    assert run.status == 0, run.log
    found = {
        message["stream"]: list(message["schema"]["properties"]) for message in run.messages if "schema" in message
    }
    for message in run.messages:
        if message["type"] == "RECORD":
            assert set(message["record"]) <= set(found[message["stream"]])
    return found


@pytest.mark.parametrize("nothing", [None, "__NULL__"])
def test_other_streams_and_other_fields_can_be_left_out(sandbox: Control, nothing: str | None) -> None:
    found = schemas({"jobs": {"name": "name", "id": "id", "__else__": nothing}, "__else__": nothing}, sandbox)

    assert {name: sorted(properties) for name, properties in found.items()} == {"jobs": ["id", "name"]}


def test_a_glob_masks_all_streams_that_it_matches(sandbox: Control) -> None:
    found = schemas({"*": {"remote_data": None}, "application_*": None}, sandbox)

    assert set(found) == {*STREAMS} - {"application_stages"}
    assert not any("remote_data" in properties for properties in found.values())


def test_a_stream_can_be_made_of_another(sandbox: Control) -> None:
    found = schemas({"towns": {"__source__": "candidates", "city": "location['city']", "id": "id"}}, sandbox)

    assert set(found) == {*STREAMS, "towns"}
    assert "city" in found["towns"]


def test_a_map_of_every_record_is_written_as_the_sdk_writes_it(sandbox: Control) -> None:
    run = run_tap({**sandbox.config, "stream_maps": {"candidates": {"remote_id": "md5(remote_id)"}}})

    hashes = [record["remote_id"] for record in run.records("candidates")]
    assert len(hashes) == 120
    assert all(len(value) == 32 for value in hashes)
