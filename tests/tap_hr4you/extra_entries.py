"""What the tests of `extra_streams` share: entries, and a run whose records fit their schemas."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft7Validator, FormatChecker

from tests.tap_hr4you.runs import TapRun, run_tap

Config = dict[str, Any]
SOURCES: Config = {"name": "sources", "path": "sources", "primary_keys": ["sourceId"]}
PEOPLE: Config = {
    "name": "people",
    "path": "applicants",
    "primary_keys": ["applicantId"],
    "replication_key": "updatedAt",
    "changed_since": {"param": "updatedSince", "format": "iso8601"},
}
UNPAGED: Config = {"pagination": {"type": "none"}}


def sync(config: Config, *entries: Config, state: dict[str, Any] | None = None, **settings: Any) -> TapRun:
    """Run the tap with these entries to a good end; what comes has to fit its schema."""
    run = run_tap({**config, "extra_streams": list(entries), **settings}, state=state)
    assert run.status == 0, run.log
    for entry in entries:
        validator = Draft7Validator(schema_of(run, entry["name"])["schema"], format_checker=FormatChecker())
        assert not [error for each in run.records(entry["name"]) for error in validator.iter_errors(each)]
    return run


def schema_of(run: TapRun, stream: str) -> dict[str, Any]:
    [found] = [each for each in run.messages if each["type"] == "SCHEMA" and each["stream"] == stream]
    return dict(found)
