"""``hr4you actions retry`` of parked actions: a person has looked, and says whether they took effect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.hr4you.cli.scene import CREATE, MARK, candidate, fail, park
from tests.target_hr4you.runs import schema

if TYPE_CHECKING:
    from tests.hr4you.cli.scene import Scene

pytestmark = pytest.mark.e2e


def test_of_a_parked_action_a_person_is_told_what_to_look_for(scene: Scene) -> None:
    park(scene, "n1")
    result = scene.retry("n1")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    sent = time.strftime("%Y-%m-%d", time.gmtime())
    for part in ("add_note_to_application/n1", "step note", "POST applications/{application_id}/notes", f"sent {sent}"):
        assert part in result.stderr
    for part in ("--not-there", "--took-effect", "about acme:application:"):
        assert part in result.stderr
    assert scene.status("n1") == "parked"


def test_what_was_not_there_is_sent_again(scene: Scene) -> None:
    park(scene, "n1", when="before_commit")
    assert scene.notes().count(MARK) == 0
    assert scene.retry("n1", "--not-there").exit_code == 0
    assert scene.target().status == 0
    assert (scene.status("n1"), scene.notes().count(MARK)) == ("succeeded", 1)


def test_what_took_effect_is_not_sent_again(scene: Scene) -> None:
    park(scene, "n1")
    assert scene.notes().count(MARK) == 1
    assert scene.retry("n1", "--took-effect", "--remote-id", "77").exit_code == 0
    assert scene.target().status == 0
    (done,) = scene.listed("--status", "succeeded")
    assert (done["effect"], done["remote_ids"]) == ("created", {"note": "77"})
    assert scene.notes().count(MARK) == 1


def test_several_parked_actions_can_be_answered_at_once(scene: Scene) -> None:
    park(scene, "n1", "n2")
    assert scene.retry("--status", "parked", "--took-effect").exit_code == 0
    assert scene.target().status == 0
    assert scene.notes().count(MARK) == 2


def test_what_something_took_effect_means_nothing_for_an_action_that_was_refused(scene: Scene) -> None:
    fail(scene, "1")
    result = scene.retry("1", "--took-effect")
    assert result.exit_code == 1
    assert "leave --took-effect out" in result.stderr
    assert scene.status("1") == "failed"


def lose_candidate(scene: Scene, *, job: int | None = None) -> None:
    """Park a create_candidate whose applicant was made."""
    scene.sandbox.faults(
        {"match": "POST /api2/applicants", "fault": "empty_201"},
        {"match": "GET /api2/applicants*", "fault": "status", "status": 403},
    )
    message = candidate("1")
    if job is not None:
        message["record"]["job_id"] = str(job)
    scene.target(schema(CREATE), message)
    scene.sandbox.faults()
    assert scene.status("1") == "parked"


def test_an_action_goes_on_behind_a_candidate_that_a_person_has_found(scene: Scene) -> None:
    job = next(job["jobId"] for job in scene.sandbox.all("jobs") if job["jobStatus"] == "offen")
    lose_candidate(scene, job=job)
    made = next(found["applicantId"] for found in scene.sandbox.all("applicants") if found["lastname"] == MARK)

    without = scene.retry("1", "--took-effect")
    assert without.exit_code == 1
    assert "say with --remote-id which candidate it made" in without.stderr

    assert scene.retry("1", "--took-effect", "--remote-id", str(made)).exit_code == 0
    assert scene.target().status == 0
    (done,) = scene.listed("--status", "succeeded")
    assert done["candidate_id"] == f"acme:candidate:{made}"
    assert any(found["applicantId"] == made and found["jobId"] == job for found in scene.sandbox.all("applications"))
    assert scene.candidates() == 1


def test_what_another_action_has_made_is_not_this_ones(scene: Scene) -> None:
    scene.target(schema(CREATE), candidate("0"))
    other = scene.listed("--status", "succeeded")[0]["remote_ids"]["applicant"]
    lose_candidate(scene)
    result = scene.retry("1", "--took-effect", "--remote-id", other)
    assert result.exit_code == 1
    assert "was made by create_candidate/0" in result.stderr
    assert scene.status("1") == "parked"


def test_two_requests_without_an_answer_are_answered_one_by_one(scene: Scene) -> None:
    scene.sandbox.faults(
        {"match": "POST /api2/*/attachments", "nth": 1, "fault": "reset", "when": "after_commit"},
        {"match": "POST /api2/*/attachments", "nth": 2, "fault": "reset", "when": "before_commit"},
        {"match": "GET /api2/*/attachments", "fault": "status", "status": 403},
    )
    job = next(job["jobId"] for job in scene.sandbox.all("jobs") if job["jobStatus"] == "offen")
    message = candidate("1")
    files = [{"name": f"{n}.txt", "content_type": "text/plain", "data": "SGFsbG8="} for n in "ab"]
    message["record"] |= {"job_id": str(job), "attachments": files}
    before = len(scene.sandbox.all("attachments"))
    scene.target(schema(CREATE), message)
    scene.sandbox.faults()
    assert scene.status("1") == "parked"

    told = scene.retry("1").stderr
    assert "step attachment[0]" in told
    assert "step attachment[1]" in told
    assert "name it with --step" in scene.retry("1", "--took-effect", "--remote-id", "5").stderr
    assert "no other" in scene.retry("1", "--took-effect", "--step", "note").stderr
    first = scene.retry("1", "--took-effect", "--step", "attachment[0]")
    assert first.exit_code == 0
    assert "--step attachment[1]" in first.stdout
    assert scene.status("1") == "parked"
    assert scene.retry("1", "--not-there", "--step", "attachment[1]").exit_code == 0
    assert scene.target().status == 0
    assert scene.status("1") == "succeeded"
    assert len(scene.sandbox.all("attachments")) == before + 2
