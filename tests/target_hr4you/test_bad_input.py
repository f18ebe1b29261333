"""What a user can do wrong ends in one clear line; one bad record ends nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.target_hr4you.runs import record, run_target, schema, state, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control
    from tests.target_hr4you.runs import TargetRun

MARK = "Geheimnis-4711"


def note(action_id: str, **fields: Any) -> dict[str, Any]:
    return record("add_note_to_application", action_id=action_id, application_id="1", content=MARK, **fields)


def assert_one_clear_line(run: TargetRun, status: int, *words: str) -> None:
    errors = [line for line in run.log.splitlines() if "ERROR" in line]
    assert run.status == status, run.log
    assert len(errors) == 1, run.log
    assert run.last_line == errors[0]
    assert "Traceback" not in run.log
    assert MARK not in run.log
    for word in words:
        assert word in errors[0]


def writes(sandbox: Control) -> dict[str, int]:
    return {name: count for name, count in sandbox.requests().items() if not name.startswith("GET")}


@pytest.mark.parametrize(
    ("messages", "status", "words"),
    [
        pytest.param(
            [schema("applicants", ["id"]), record("applicants", id=1, name=MARK)],
            2,
            ["applicants", "create_candidate", "passthrough", "`stream_actions`"],
            id="a stream that is no action",
        ),
        pytest.param(
            [schema("create_candidate", [], name={}), record("create_candidate", name=MARK)],
            2,
            ["create_candidate", "action_id", "allow_content_ids"],
            id="a stream without any identity",
        ),
        pytest.param(
            [
                schema("create_candidate"),
                {"type": "BATCH", "stream": "create_candidate", "manifest": ["file:///etc/passwd"]},
            ],
            2,
            ["BATCH", "batch_config"],
            id="a BATCH message",
        ),
        pytest.param([note("1")], 1, ["before its SCHEMA"], id="a record before its schema"),
        pytest.param([{"type": "SONG", "text": MARK}], 1, ["Line 1", "type"], id="a message of another type"),
        pytest.param([{"stream": MARK}], 1, ["Line 1", "type"], id="an object that is no message"),
        pytest.param([[MARK]], 1, ["Line 1", "JSON object"], id="a list"),
        pytest.param([{"type": "RECORD", "stream": "x"}], 1, ["Line 1", "RECORD", "record"], id="half a message"),
        pytest.param(
            [
                {
                    "type": "SCHEMA",
                    "stream": "create_candidate",
                    "schema": {"type": MARK, "properties": {"action_id": {}}},
                }
            ],
            2,
            ["create_candidate", "no JSON schema"],
            id="a schema that is none",
        ),
    ],
)
def test_what_is_no_input_for_a_target_ends_the_run(
    sandbox: Control, tmp_path: Path, messages: list[Any], status: int, words: list[str]
) -> None:
    run = run_target(target_config(sandbox, tmp_path), messages)

    assert_one_clear_line(run, status, *words)
    assert writes(sandbox) == {}


def test_what_was_taken_before_a_broken_line_is_kept_and_done_by_the_next_run(sandbox: Control, tmp_path: Path) -> None:
    [application, *_] = sandbox.all("applications")
    good = record("add_note_to_application", action_id="1", application_id=application["applicationId"], content="gut")
    config = target_config(sandbox, tmp_path)

    broken = run_target(config, [schema("add_note_to_application"), good, state({"n": 1}), {"type": "SONG"}])
    assert broken.status == 1
    assert run_target(config, []).status == 0
    assert [each["text"] for each in sandbox.all("notes")] == ["gut"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ledger_url": f"sqlite:////proc/{MARK}/l.db"}, ["ledger_url"]),
        ({"ledger_url": MARK}, ["ledger_url", "SQLAlchemy"]),
        ({"ledger_url": "sqlite://"}, ["ledger_url", "memory"]),
        ({"ledger_url": f"nonsense://u:{MARK}@h/d"}, ["ledger_url"]),
        ({"results_path": "/proc/none/results.jsonl"}, ["results_path"]),
        ({"stream_actions": {"a": MARK}}, ["stream_actions.a", "create_candidate"]),
        ({"on_existing_candidate": MARK}, ["on_existing_candidate", "reuse"]),
        ({"unknown_quarantine_seconds": -1}, ["unknown_quarantine_seconds"]),
        ({"attachment_allowed_hosts": MARK}, ["attachment_allowed_hosts"]),
        ({"stream_maps": {"create_candidate": {"a": "b +"}}}, ["stream_maps"]),
        ({"api_token": ""}, ["api_token"]),
        ({"dryrun": True}, ["`dryrun`", "did you mean `dry_run`"]),
    ],
)
def test_a_wrong_setting_is_told_before_any_request(
    sandbox: Control, tmp_path: Path, settings: dict[str, Any], words: list[str]
) -> None:
    run = run_target(target_config(sandbox, tmp_path, **settings), [schema("create_candidate"), state(1)])

    assert run.status == 2, run.log
    assert "Traceback" not in run.log
    assert MARK not in run.log.replace(f"/proc/{MARK}", "")
    for word in words:
        assert word in run.last_line
    assert sandbox.requests() == {}


def test_a_bad_record_is_kept_as_failed_and_the_others_go_on(sandbox: Control, tmp_path: Path) -> None:
    [application, *_] = sandbox.all("applications")
    results = tmp_path / "results.jsonl"
    messages = [
        schema("add_note_to_application"),
        record("add_note_to_application", action_id="bad", application_id=MARK + " " + MARK, content=MARK),
        record("add_note_to_application", application_id="1", content=MARK),
        record("add_note_to_application", action_id="good", application_id=application["applicationId"], content="gut"),
        state({"n": 3}),
    ]
    run = run_target(target_config(sandbox, tmp_path, results_path=str(results)), messages)

    assert run.status == 1
    assert run.states == [{"n": 3}]
    assert MARK not in run.log + results.read_text("utf-8")
    assert "add_note_to_application/bad failed: INPUT_INVALID (application_id)" in run.log
    told = {line["action_id"]: line for line in map(json.loads, results.read_text("utf-8").splitlines())}
    assert told["good"]["status"] == "succeeded"
    assert (told["bad"]["status"], told["bad"]["error_code"]) == ("failed", "INPUT_INVALID")
    [keyless] = [line for line in told.values() if line["action_id"].startswith("content:")]
    assert (keyless["status"], keyless["error_field"]) == ("failed", "action_id")
    assert [each["text"] for each in sandbox.all("notes")] == ["gut"]


def test_a_bad_record_that_is_mended_is_sent_and_an_unchanged_one_is_told_again(
    sandbox: Control, tmp_path: Path
) -> None:
    [application, *_] = sandbox.all("applications")
    config = target_config(sandbox, tmp_path)
    fields = {"action_id": "1", "application_id": application["applicationId"]}
    bad = [
        schema("add_note_to_application"),
        record("add_note_to_application", **fields, content_type="HTML", content="a"),
    ]
    good = [schema("add_note_to_application"), record("add_note_to_application", **fields, content="a")]

    assert run_target(config, bad).status == 1
    again = run_target(config, bad)
    assert again.status == 1
    assert "1 failed in an earlier run" in again.log
    assert run_target({**config, "fail_on_errors": False}, bad).status == 0
    assert run_target(config, good).status == 0
    assert run_target(config, bad).status == 0  # finished: other content is told, not sent
    assert [each["text"] for each in sandbox.all("notes")] == ["a"]


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("candidate_first_name", "candidate__first_name"),
        ("attachment", "attachments"),
        ("Candidate.EmailAddress", "candidate__email_address"),
        ("gdpr_consent_given", "gdpr_consent__given"),
        ("jobid", "job_id"),
    ],
)
def test_a_column_that_is_nearly_an_input_is_told(sandbox: Control, tmp_path: Path, column: str, meant: str) -> None:
    names = ["action_id", "foo", "_sdc_batched_at", "candidate__last_name", column]
    columns: dict[str, Any] = {name: {} for name in names}
    own = schema("create_candidate", ["action_id"], **columns)
    lenient = run_target(target_config(sandbox, tmp_path), [own])
    strict = run_target(target_config(sandbox, tmp_path, strict_inputs=True), [own])

    told = [line for line in lenient.log.splitlines() if "did you mean" in line]
    assert len(told) == 1
    assert f"`{column}`" in told[0]
    assert told[0].endswith(f"did you mean `{meant}`?")
    assert (lenient.status, strict.status) == (0, 2)


def test_the_stream_of_meltanos_test_is_swallowed(sandbox: Control, tmp_path: Path) -> None:
    messages = [schema("meltano_test_stream", ["id"], id={}), record("meltano_test_stream", id="x"), state({})]
    run = run_target(target_config(sandbox, tmp_path), messages)

    assert run.status == 0
    assert sandbox.requests() == {}


def test_meltanos_test_does_not_set_off_what_earlier_runs_have_left(sandbox: Control, tmp_path: Path) -> None:
    [application, *_] = sandbox.all("applications")
    own = record("add_note_to_application", action_id="1", application_id=application["applicationId"], content="a")
    sandbox.faults({"match": "GET *", "fault": "status", "status": 503})
    config = target_config(sandbox, tmp_path, max_retries=0)
    assert run_target(config, [schema("add_note_to_application"), own]).status == 75
    sandbox.faults()

    test = [schema("meltano_test_stream", ["id"], id={}), record("meltano_test_stream", id="x")]
    assert run_target(config, test).status == 0
    assert sandbox.all("notes") == []
    assert run_target(config, []).status == 0
    assert len(sandbox.all("notes")) == 1


def test_a_record_that_a_stream_map_cannot_take_is_kept_as_failed(sandbox: Control, tmp_path: Path) -> None:
    maps = {"rows": {"content": "text + 1", "application_id": "'1'"}}
    config = target_config(sandbox, tmp_path, stream_maps=maps, stream_actions={"rows": "add_note_to_application"})
    run = run_target(config, [schema("rows", ["id"], id={}, text={}), record("rows", id=7, text=MARK), state(1)])

    assert run.status == 1
    assert run.states == [1]
    assert MARK not in run.log
    assert "rows:[7] failed: INPUT_INVALID (stream_maps)" in run.log


def test_a_record_that_its_schema_does_not_allow_is_kept_as_failed_unless_it_is_not_to_be_validated(
    sandbox: Control, tmp_path: Path
) -> None:
    [application, *_] = sandbox.all("applications")
    own = schema("add_note_to_application", action_id={"type": "string"}, content={"type": "string", "maxLength": 2})
    long = record(
        "add_note_to_application", action_id="1", application_id=application["applicationId"], content=f"{MARK}"
    )
    config = target_config(sandbox, tmp_path)

    run = run_target(config, [own, long])
    assert run.status == 1
    assert "INPUT_INVALID (content)" in run.log
    assert MARK not in run.log
    assert run_target({**config, "validate_records": False}, [own, long]).status == 0
