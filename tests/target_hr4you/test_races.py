"""What comes in an unlucky moment: other content, a stop, a tenant that answers oddly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from target_hr4you.executor import Executor
from tests.target_hr4you.runs import record, run_target, schema, state, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control
    from tests.target_hr4you.runs import TargetRun

NOTE, APPLY, MAKE = "add_note_to_application", "create_application", "create_candidate"
MARK = "geheimnis-4711@example.org"


@pytest.fixture
def config(sandbox: Control, tmp_path: Path) -> dict[str, Any]:
    return target_config(sandbox, tmp_path)


@pytest.fixture
def applications(sandbox: Control) -> list[int]:
    return [each["applicationId"] for each in sandbox.all("applications")]


def note(action_id: str, application_id: object, text: str) -> dict[str, Any]:
    return record(NOTE, action_id=action_id, application_id=application_id, content=text)


def apply(sandbox: Control, action_id: str, email: str) -> dict[str, Any]:
    job = next(job["jobId"] for job in sandbox.all("jobs") if job["jobStatus"] == "offen")
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": email}
    return record(APPLY, action_id=action_id, candidate=person, job_id=job)


def run(config: dict[str, Any], *messages: dict[str, Any]) -> TargetRun:
    return run_target(config, [schema(NOTE), schema(APPLY), schema(MAKE), *messages])


def texts(sandbox: Control) -> dict[str, int]:
    return {each["text"]: each["applicationId"] for each in sandbox.all("notes")}


def test_other_content_for_an_action_that_waits_its_turn_goes_to_whom_it_is_about(
    sandbox: Control, config: dict[str, Any], applications: list[int]
) -> None:
    first, second, *_ = applications
    strike = {"match": "POST /api2/applications/*/notes", "nth": 1, "fault": "reset", "when": "after_commit"}
    sandbox.faults(strike)  # what follows has to wait until it is known what became of this one
    config["unknown_quarantine_seconds"] = 1
    ended = run(config, note("0", first, "null"), note("1", first, "eins"), note("1", second, "zwei"))

    assert ended.status == 0, ended.log
    assert texts(sandbox) == {"null": first, "zwei": second}


def test_what_was_woken_when_the_run_was_stopped_is_done_by_the_next(
    sandbox: Control, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(config, note("n", "action:a", "später")).status == 1
    admit = Executor._admit

    def stop_there(executor: Executor, seq: int) -> None:
        executor.stop()  # only what was woken is admitted in this run
        admit(executor, seq)

    with monkeypatch.context() as patched:
        patched.setattr(Executor, "_admit", stop_there)
        assert run(config, apply(sandbox, "a", "ada@example.org"), state(1)).status == 0
    assert texts(sandbox) == {}
    assert run(config).status == 0
    assert list(texts(sandbox)) == ["später"]


@pytest.mark.parametrize(
    "references",
    [
        pytest.param({"n": f"action:{NOTE}/n"}, id="to itself"),
        pytest.param({"n": f"action:{NOTE}/m", "m": f"action:{NOTE}/n"}, id="to each other"),
        pytest.param({"n": "action:n"}, id="to its own id"),
    ],
)
def test_references_in_a_circle_end(config: dict[str, Any], references: dict[str, str]) -> None:
    ended = run(config, *(note(name, reference, "a") for name, reference in references.items()))

    assert ended.status == 1
    assert f"{NOTE}/n failed: " in ended.log


def test_a_conflict_is_not_taken_for_a_note_that_is_there_already(
    sandbox: Control, config: dict[str, Any], applications: list[int]
) -> None:
    assert run(config, note("0", applications[0], "alt")).status == 0
    sandbox.faults({"match": "POST /api2/applications/*/notes", "fault": "status", "status": 409})
    ended = run(config, note("1", applications[0], "neu"))

    assert ended.status == 1
    assert f"{NOTE}/1 failed: REMOTE.INPUT_INVALID" in ended.log


def test_what_the_next_run_tries_again_is_kept_whatever_the_retention(
    sandbox: Control, config: dict[str, Any], applications: list[int]
) -> None:
    config |= {"payload_retention_days": 0, "unknown_quarantine_seconds": 0.05}
    sandbox.faults({"match": "POST /api2/applications/*/notes", "fault": "status", "status": 500})
    assert run(config, note("0", applications[0], "a")).status == 1
    sandbox.faults()

    assert run(config).status == 0
    assert list(texts(sandbox)) == ["a"]


def test_a_key_of_a_records_own_is_not_told(sandbox: Control, config: dict[str, Any]) -> None:
    strict = {"type": "SCHEMA", "stream": NOTE, "key_properties": ["action_id"]}
    numbers = {"properties": {"action_id": {}}, "additionalProperties": {"type": "integer"}}
    ended = run_target(config, [{**strict, "schema": numbers}, record(NOTE, action_id="1", **{MARK: "x"})])

    assert ended.status == 1
    assert MARK not in ended.log
    assert sandbox.requests() == {}


def test_a_mistake_of_ours_in_one_action_holds_up_no_other(
    sandbox: Control, config: dict[str, Any], applications: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from target_hr4you.steps import StepWork  # noqa: PLC0415  # patched below

    do = StepWork.do

    def fail(work: StepWork) -> Any:
        if work.row.action_id == "1":
            raise KeyError(MARK)
        return do(work)

    with monkeypatch.context() as patched:
        patched.setattr(StepWork, "do", fail)
        ended = run(config, note("1", applications[0], "eins"), note("2", applications[1], "zwei"))
    assert ended.status == 1
    assert list(texts(sandbox)) == ["zwei"]
    assert "a mistake of ours (KeyError at test_races.py:" in ended.log
    assert MARK not in ended.log
    assert run(config).status == 0
    assert set(texts(sandbox)) == {"eins", "zwei"}


def test_two_files_of_one_name_are_two_files_also_after_no_answer(
    sandbox: Control, config: dict[str, Any], applications: list[int]
) -> None:
    sandbox.faults(
        {"match": "POST /api2/applications/*/attachments", "fault": "reset", "when": "after_commit", "nth": 1}
    )
    files = [{"name": "a.txt", "content_type": "text/plain", "data": data} for data in ("Z3V0", "YmVzc2Vy")]
    person = apply(sandbox, "a", "ada@example.org")
    person["record"]["attachments"] = files

    assert run(config, person).status == 0
    assert sorted(each["size"] for each in sandbox.all("attachments")) == [3, 6]
    assert applications
