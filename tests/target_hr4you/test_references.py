"""References: to ids, to what another action makes, whenever and whether that comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.target_hr4you.runs import record, run_target, schema, state

if TYPE_CHECKING:
    from tests.control import Control
    from tests.target_hr4you.runs import TargetRun

NOTE, MAKE, APPLY = "add_note_to_application", "create_candidate", "create_application"
SCHEMAS = [schema(name) for name in (NOTE, MAKE, APPLY, "add_attachment_to_candidate")]


def note(action_id: str, application_id: object, text: str = "Notiz") -> dict[str, Any]:
    return record(NOTE, action_id=action_id, application_id=application_id, content=text)


def apply(action_id: str, job_id: str, *, stream: str = APPLY, email: str | None = None) -> dict[str, Any]:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": email or f"{action_id}@example.org"}
    return record(stream, action_id=action_id, candidate=person, job_id=job_id)


def results(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    with open(config["results_path"], encoding="utf-8") as file:  # noqa: PTH123  # a setting's text
        return {line["action_id"]: line for line in map(json.loads, file)}


def run(config: dict[str, Any], *messages: dict[str, Any]) -> TargetRun:
    return run_target(config, [*SCHEMAS, *messages])


@pytest.mark.parametrize("form", ["{id}", "remote:{id}", "acme:application:{id}"])
def test_an_id_is_taken_in_every_form(sandbox: Control, config: dict[str, Any], form: str) -> None:
    [application, *_] = sandbox.all("applications")

    assert run(config, note("1", form.format(id=application["applicationId"]))).status == 0
    assert results(config)["1"]["application_id"] == f"acme:application:{application['applicationId']}"


def test_what_an_action_makes_is_referred_to_before_and_after_it_comes(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    before = [note("n1", "action:a1", "eins"), note("n2", "action:create_application/a1", "zwei")]
    after = [note("n3", "action:a1", "drei"), record("add_attachment_to_candidate", **ATTACH)]
    ended = run(config, *before, state({"n": 1}), apply("a1", job), *after, state({"n": 2}))

    assert ended.status == 0, ended.log
    assert ended.states == [{"n": 1}, {"n": 2}]
    assert [each["text"] for each in sandbox.all("notes")] == ["eins", "zwei", "drei"]
    made = results(config)["a1"]
    assert {results(config)[name]["application_id"] for name in ("n1", "n2", "n3")} == {made["application_id"]}
    assert results(config)["f1"]["candidate_id"] == made["candidate_id"]


ATTACH = {
    "action_id": "f1",
    "candidate_id": "action:a1",
    "attachment": {"name": "a.txt", "content_type": "text/plain", "data": "Z3V0"},
}


def test_an_action_of_an_earlier_run_is_referred_to(sandbox: Control, config: dict[str, Any], job: str) -> None:
    assert run(config, apply("a1", job)).status == 0
    assert run(config, note("n1", "action:a1")).status == 0
    assert len(sandbox.all("notes")) == 1


def test_what_never_comes_fails_at_the_end_and_goes_on_when_it_comes_after_all(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    ended = run(config, note("n1", "action:a1"), state(1))
    assert (ended.status, ended.states) == (1, [1])
    assert "add_note_to_application/n1 failed: REFERENCE_UNKNOWN (application_id)" in ended.log
    assert sandbox.requests() == {}

    later = run(config, apply("a1", job))
    assert later.status == 0, later.log
    assert results(config)["n1"]["status"] == "succeeded"
    assert len(sandbox.all("notes")) == 1


def test_what_refers_to_a_failed_action_fails_and_goes_on_when_that_is_mended(
    sandbox: Control, config: dict[str, Any], job: str
) -> None:
    ended = run(config, note("n1", "action:a1"), apply("a1", "999999"))
    assert ended.status == 1
    assert "n1 failed: REFERENCE_FAILED (application_id)" in ended.log
    assert "a1 partial: REMOTE.INPUT_INVALID (application.job_id)" in ended.log

    assert run(config, apply("a1", job)).status == 0
    assert [results(config)[name]["status"] for name in ("a1", "n1")] == ["succeeded", "succeeded"]
    assert len([each for each in sandbox.all("applicants") if each["firstname"] == "Ada"]) == 1


def test_a_candidate_without_application_is_none_to_write_a_note_to(config: dict[str, Any]) -> None:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": "ada@example.org"}
    ended = run(config, note("n1", "action:a1"), record(MAKE, action_id="a1", candidate=person))

    assert ended.status == 1
    assert "n1 failed: REFERENCE_FAILED (application_id)" in ended.log


def test_an_id_of_two_actions_needs_the_actions_name(sandbox: Control, config: dict[str, Any], job: str) -> None:
    both = [apply("a1", job), apply("a1", job, stream=MAKE, email="b@example.org")]
    ended = run(config, *both, note("n1", "action:a1"), note("n2", "action:create_candidate/a1"))

    assert ended.status == 1
    assert "n1 failed: REFERENCE_UNKNOWN" in ended.log
    assert results(config)["n2"]["status"] == "succeeded"
    assert len(sandbox.all("notes")) == 1


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("globex:application:1", "TENANT_MISMATCH"),
        ("acme:candidate:1", "INPUT_INVALID"),
        ("a:b", "INPUT_INVALID"),
    ],
)
def test_another_tenants_or_kinds_id_is_refused(config: dict[str, Any], reference: str, code: str) -> None:
    ended = run(config, note("n1", reference))

    assert ended.status == 1
    assert f"n1 failed: {code} (application_id)" in ended.log
    assert reference not in ended.log


def test_an_id_that_does_not_exist_is_told_by_its_input(config: dict[str, Any]) -> None:
    ended = run(config, note("n1", "123456"), record("add_attachment_to_candidate", **{**ATTACH, "candidate_id": "9"}))

    assert ended.status == 1
    assert "n1 failed: REMOTE.NOT_FOUND (application_id), status 404" in ended.log
    assert "f1 failed: REMOTE.NOT_FOUND (candidate_id), status 404" in ended.log


def test_notes_to_one_application_arrive_in_their_order(sandbox: Control, config: dict[str, Any]) -> None:
    first, second, *_ = (each["applicationId"] for each in sandbox.all("applications"))
    notes = [note(f"n{number}", second if number % 3 else first, str(number)) for number in range(30)]

    assert run(config, *notes).status == 0
    texts = [int(each["text"]) for each in sandbox.all("notes")]
    assert [number for number in texts if number % 3] == [number for number in range(30) if number % 3]
    assert [number for number in texts if not number % 3] == list(range(0, 30, 3))


def test_many_that_wait_fill_no_queue(
    sandbox: Control, config: dict[str, Any], job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("target_hr4you.schedule.ROOM", 5)
    waiting = [note(f"n{number}", "action:last", str(number)) for number in range(60)]

    ended = run(config, *waiting, apply("last", job), state("end"))
    assert ended.status == 0, ended.log[-2000:]
    assert len(sandbox.all("notes")) == 60
