"""``hr4you actions retry``: what was refused is tried again, and nothing is made twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hr4you.ledger import Ledger
from hr4you.ledger.executing import claim
from hr4you.ledger.runs import stay_alive
from tests.hr4you.cli.scene import CREATE, candidate, fail, park
from tests.hr4you.cli.test_contract import run
from tests.target_hr4you.runs import schema

if TYPE_CHECKING:
    from tests.hr4you.cli.scene import Scene

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["1", "create_candidate/1", "acme:action:create_candidate/1"])
def test_what_was_refused_is_sent_by_the_next_run_even_without_input(scene: Scene, name: str) -> None:
    fail(scene, "1", "2")
    result = scene.retry(name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Re-opened: create_candidate/1" in result.stdout
    assert "target-hr4you" in result.stdout
    (pending,) = scene.listed("--status", "pending")
    assert (pending["action_id"], pending["error_code"], pending["http_status"]) == ("1", None, None)
    assert scene.candidates() == 0, "nothing is sent by the command itself"
    assert scene.target().status == 0
    assert (scene.status("1"), scene.status("2"), scene.candidates()) == ("succeeded", "failed", 1)


@pytest.mark.parametrize(
    "choice", [("--all",), ("--status", "failed"), ("--code", "REMOTE.PERMISSION_MISSING"), ("--action", CREATE)]
)
def test_all_of_a_kind_are_retried(scene: Scene, choice: tuple[str, ...]) -> None:
    fail(scene, "1", "2")
    assert scene.retry(*choice).exit_code == 0
    assert scene.target().status == 0
    assert scene.candidates() == 2
    assert scene.retry(*choice).exit_code == 1, "nothing is left"


def test_of_a_partial_action_only_what_failed_is_repeated(scene: Scene) -> None:
    open_job = next(job for job in scene.sandbox.all("jobs") if job["jobStatus"] == "offen")
    scene.sandbox.faults({"match": "POST /api2/applications", "fault": "status", "status": 403})
    message = candidate("1")
    message["record"]["job_id"] = str(open_job["jobId"])
    assert scene.target(schema(CREATE), message).status == 1
    assert scene.status("1") == "partial"
    scene.sandbox.faults()
    assert scene.retry("--status", "partial").exit_code == 0
    assert scene.target().status == 0
    assert (scene.status("1"), scene.candidates()) == ("succeeded", 1)


def test_what_has_succeeded_is_not_sent_twice(scene: Scene) -> None:
    scene.target(schema(CREATE), candidate("1"))
    result = scene.retry("1")
    assert result.exit_code == 1
    assert "sending it again would make it twice" in result.stderr
    assert scene.status("1") == "succeeded"


def test_an_action_that_is_open_or_unknown_is_left_alone(scene: Scene) -> None:
    fail(scene, "1")
    assert scene.retry("1").exit_code == 0
    result = scene.retry("1", "nonsense", "jana@example.org")
    assert result.exit_code == 1
    assert "create_candidate/1: it is open already" in result.stderr
    assert "nonsense: the tenant `acme` has no such action" in result.stderr
    assert "jana@" not in result.stderr


def test_an_id_of_several_actions_has_to_be_told_apart(scene: Scene) -> None:
    fail(scene, "1")
    park(scene, "1")
    result = scene.retry("1")
    assert result.exit_code == 1
    assert "create_candidate/1, add_note_to_application/1" in result.stderr
    assert scene.retry("create_candidate/1").exit_code == 0


def test_a_record_that_is_not_valid_has_to_be_mended(scene: Scene) -> None:
    scene.target(schema(CREATE), candidate("1", email_address="none"))
    result = scene.retry("--all")
    assert result.exit_code == 1
    assert "not valid (INPUT_INVALID): mend it and run again" in result.stderr


def test_what_is_kept_no_longer_has_to_be_sent_again(scene: Scene) -> None:
    fail(scene, "1")
    scene.change("UPDATE hr4you_actions SET payload_until = 1")
    scene.target()
    result = scene.retry("1")
    assert result.exit_code == 1
    assert "send its record again" in result.stderr
    scene.target(schema(CREATE), candidate("1"))
    assert scene.status("1") == "failed"
    assert scene.retry("1").exit_code == 0
    assert scene.target().status == 0


def test_what_a_living_run_is_at_is_left_to_it(scene: Scene) -> None:
    fail(scene, "1")
    scene.retry("1")
    with Ledger(scene.config["ledger_url"]) as ledger:
        ledger.write(stay_alive, "other")
        assert ledger.write(claim, "other", 1) is not None
    result = scene.retry("1")
    assert result.exit_code == 1
    assert "a run is executing it just now" in result.stderr
    scene.change("UPDATE hr4you_runs SET alive_until = 1")
    assert "the next run executes it" in scene.retry("1").stderr


def test_json_tells_each_action(scene: Scene) -> None:
    fail(scene, "1")
    lines = [json.loads(line) for line in scene.retry("1", "2", "--json").stdout.splitlines()]
    assert [(each["id"], each["status"], each["is_reopened"]) for each in lines] == [
        ("acme:action:create_candidate/1", "pending", True),
        (None, None, False),
    ]
    assert lines[0]["reason"] is None
    assert "no such action" in lines[1]["reason"]


def test_very_many_that_cannot_be_retried_are_counted(scene: Scene) -> None:
    scene.target(schema(CREATE), *(candidate(str(number), email_address="none") for number in range(30)))
    result = scene.retry("--all")
    assert result.stderr.count("Not re-opened") == 20
    assert ".. and 10 more" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["1", "--all"],
        ["1", "--not-there", "--took-effect"],
        ["1", "--remote-id", "5"],
        ["1", "2", "--took-effect", "--remote-id", "5"],
        ["1", "--step", "note"],
        ["1", "--took-effect", "--remote-id", "a@b"],
        ["--status", "succeeded"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2(arguments: list[str]) -> None:
    status, out, err = run("actions", "retry", *arguments)
    assert (status, out) == (2, "")
    assert "--help" in err
