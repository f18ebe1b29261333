"""The same action with other content: what took effect keeps its own, what did not takes the new one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.target_hr4you.runs import record, run_target, schema

if TYPE_CHECKING:
    from tests.control import Control
    from tests.target_hr4you.runs import TargetRun

APPLY = "create_application"
FILE = {"name": "a.txt", "content_type": "text/plain", "data": "Z3V0", "type": "CV"}


def run(config: dict[str, Any], **fields: Any) -> TargetRun:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": "ada@example.org"}
    return run_target(config, [schema(APPLY), record(APPLY, **{"action_id": "1", "candidate": person, **fields})])


def last(config: dict[str, Any]) -> dict[str, Any]:
    with open(config["results_path"], encoding="utf-8") as file:  # noqa: PTH123  # a setting's text
        return dict(json.loads(file.read().splitlines()[-1]))


def named(sandbox: Control, kind: str, **values: Any) -> list[dict[str, Any]]:
    return [each for each in sandbox.all(kind) if all(each.get(name) == value for name, value in values.items())]


def test_a_finished_action_is_told_and_not_sent(sandbox: Control, config: dict[str, Any], job: str) -> None:
    assert run(config, job_id=job).status == 0
    before = sandbox.requests()
    other = {"first_name": "Ida", "last_name": "Klein", "email_address": "ada@example.org"}
    again = run(config, job_id=job, candidate=other)

    assert again.status == 0
    assert "CONTENT_CHANGED" in again.log
    assert "Ida" not in again.log
    assert sandbox.requests() == before


def test_a_mended_job_makes_the_application_and_no_second_person(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    assert run(config, job_id="999999").status == 1
    assert (last(config)["status"], last(config)["error_code"]) == ("partial", "REMOTE.INPUT_INVALID")
    assert run(config, job_id=job).status == 0

    assert last(config)["status"] == "succeeded"
    assert last(config)["warnings"] == []
    [person] = named(sandbox, "applicants", firstname="Ada")
    assert len(named(sandbox, "applications", applicantId=person["applicantId"])) == 1


def test_what_is_done_keeps_its_content_and_the_result_says_so(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    assert run(config, job_id="999999").status == 1
    other = {"first_name": "Ida", "last_name": "Klein", "email_address": "ada@example.org"}
    assert run(config, job_id=job, candidate=other).status == 0

    assert last(config)["warnings"] == [{"code": "CONTENT_CHANGED", "field": None}]
    assert len(named(sandbox, "applicants", firstname="Ada")) == 1
    assert named(sandbox, "applicants", firstname="Ida") == []


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param([FILE, {**FILE, "name": "b.txt"}], id="in its place"),
        pytest.param([{**FILE, "name": "b.txt"}], id="alone"),
        pytest.param([{**FILE, "name": "b.txt"}, FILE], id="the other way round"),
    ],
)
def test_of_several_files_only_the_mended_one_is_sent(
    sandbox: Control, config: dict[str, Any], job: str, mended: list[dict[str, Any]]
) -> None:
    broken = {"name": "b.txt", "content_type": "text/plain", "data": "abc"}  # no base64: 3 characters
    assert run(config, job_id=job, attachments=[FILE, broken]).status == 1
    assert last(config)["status"] == "partial"
    assert (last(config)["error_code"], last(config)["error_field"]) == ("ATTACHMENT_REFUSED", "attachments[1].data")
    assert [each["name"] for each in sandbox.all("attachments")] == ["a.txt"]

    assert run(config, job_id=job, attachments=mended).status == 0
    assert sorted(each["name"] for each in sandbox.all("attachments")) == ["a.txt", "b.txt"]


def test_an_unchanged_failure_is_not_sent_again_and_still_fails_the_run(
    sandbox: Control, config: dict[str, Any]
) -> None:
    assert run(config, job_id="999999").status == 1
    before = sandbox.requests()

    assert run(config, job_id="999999").status == 1
    assert run({**config, "fail_on_errors": False}, job_id="999999").status == 0
    assert sandbox.requests() == before


def test_a_record_twice_in_one_input_is_one_action_and_the_later_content_is_told_or_taken(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": "ada@example.org"}
    wrong = record(APPLY, action_id="1", candidate=person, job_id="999999")
    right = record(APPLY, action_id="1", candidate=person, job_id=job)
    ended = run_target(config, [schema(APPLY), wrong, wrong, right])

    assert ended.status == 0, ended.log
    [person] = named(sandbox, "applicants", firstname="Ada")
    assert len(named(sandbox, "applications", applicantId=person["applicantId"])) == 1
