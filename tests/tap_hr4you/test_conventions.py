"""Singer's conventions as a target and an orchestrator see them: schemas, keys, STATE, one stream after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from tap_hr4you.schemas import STREAMS, stream_schema
from tests.tap_hr4you.runs import discover, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control import Control


def test_every_record_fits_its_schema_and_has_exactly_its_fields(sandbox: Control) -> None:
    run = run_tap(sandbox.config)

    schemas = {message["stream"]: message["schema"] for message in run.messages if message["type"] == "SCHEMA"}
    for stream in STREAMS:
        validator = Draft7Validator(schemas[stream], format_checker=FormatChecker())
        for record in run.records(stream):
            assert list(record) == list(stream_schema(stream)["properties"])
            assert not list(validator.iter_errors(record))


def test_a_schema_comes_before_its_records_and_the_state_after_them_all(sandbox: Control) -> None:
    messages = run_tap(sandbox.config).messages

    for stream in STREAMS:
        kinds = [message["type"] for message in messages if message.get("stream") == stream]
        assert kinds[0] == "SCHEMA"
        assert set(kinds[1:]) == {"RECORD"}
    seen: set[str] = set()
    for message in messages:
        if message["type"] == "RECORD":
            seen.add(message["stream"])
        if message["type"] == "STATE":
            done = {name for name, bookmark in message["value"]["bookmarks"].items() if "fingerprint" in bookmark}
            assert done <= seen, "a stream's bookmark came before its records"
    assert messages[-1]["type"] == "STATE"


def test_keys_and_replication_are_as_the_design_says() -> None:
    for entry in discover({})["streams"]:
        table = next(item["metadata"] for item in entry["metadata"] if item["breadcrumb"] == [])
        assert entry["key_properties"] == table["table-key-properties"] == ["id"]
        assert entry["replication_key"] == "changed_at"
        assert entry["replication_method"] == "INCREMENTAL"


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for part in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        yield from _objects(part)


@pytest.mark.parametrize("stream", STREAMS)
def test_schemas_have_only_forms_that_real_targets_load(stream: str) -> None:
    for part in _objects(stream_schema(stream, sdc_deleted_at=True)):
        assert part.get("properties") != {}, "free-form objects carry no `properties`"
        types = part["type"] if isinstance(part["type"], list) else [part["type"]]
        assert len(set(types) - {"null"}) == 1, "no union types"
        names = [name.lower() for name in part.get("properties", {})]
        assert len(names) == len(set(names))


def test_a_stream_whose_bookmark_is_lost_is_read_in_full_again(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    state = first.state
    del state["bookmarks"]["jobs"]

    second = run_tap(sandbox.config, state=state)

    assert second.counts == {**dict.fromkeys(STREAMS, 0), "jobs": first.counts["jobs"]}


def test_the_connection_test_asks_once_per_stream_and_lists_nothing_ahead(sandbox: Control) -> None:
    before = sandbox.requests()

    run = run_tap({**sandbox.config, "page_size": 5}, "--test")

    assert run.status == 0
    asked = {path: count - before.get(path, 0) for path, count in sandbox.requests().items()}
    kinds = ("users", "jobs", "applicants", "stages", "applications")
    assert asked == {f"GET /api2/{kind}": 1 for kind in kinds}


def test_a_changed_mapping_reads_what_it_touches_once(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    mapped = {**sandbox.config, "custom_field_mappings": {"candidate": {"town": "city"}}}

    second = run_tap(mapped, state=first.state)

    assert second.counts == {**dict.fromkeys(STREAMS, 0), "candidates": first.counts["candidates"]}
    assert "candidates: contract or mapping changed" in second.log
    assert {tuple(record["custom_fields"]) for record in second.records()} == {("town",)}
    assert run_tap(mapped, state=second.state).records() == []


def test_a_changed_mapping_only_warns_if_that_is_asked_for(sandbox: Control) -> None:
    first = run_tap(sandbox.config)
    mapped = {
        **sandbox.config,
        "custom_field_mappings": {"candidate": {"town": "city"}},
        "on_mapping_change": "warn",
    }

    second = run_tap(mapped, state=first.state)

    assert second.records() == []
    assert "keep their old form" in second.log


def test_settings_come_from_the_environment_too_and_the_nearer_prefix_wins(
    sandbox: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HR4YOU_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("HR4YOU_API_TOKEN", "not this one")
    monkeypatch.setenv("TAP_HR4YOU_API_TOKEN", "sandbox")
    monkeypatch.setenv("TAP_HR4YOU_PAGE_SIZE", "40")

    run = run_tap({"tenant": "acme"})

    assert run.status == 0, run.log
    assert run.counts["candidates"] == 120


def test_numbers_that_come_as_text_are_numbers(sandbox: Control) -> None:
    """Meltano hands them over so (its kind `decimal` is broken)."""
    config = {**sandbox.config, "max_deletion_ratio": "0.25", "deletion_check_interval_hours": "null"}

    assert run_tap(config).status == 0
