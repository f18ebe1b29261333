"""The control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hr4you_sandbox import Sandbox, serve_in_thread
from hr4you_sandbox.control import is_loopback

if TYPE_CHECKING:
    from tests.hr4you_sandbox.conftest import Caller

KINDS = ["users", "jobs", "applicants", "stages", "applications", "notes", "attachments"]


def test_stats_count_objects_and_requests(call: Caller, sandbox: Sandbox) -> None:
    call("GET", "/api2/jobs?page=2")
    call("GET", "/api2/jobs")
    call("GET", "/api2/applicants/1001")
    call("GET", "/api2/applicants/7")
    stats = sandbox.stats()
    assert list(stats["objects"]) == KINDS
    assert stats["objects"]["applicants"] == 60
    assert stats["requests"] == {"GET /api2/applicants/{id}": 2, "GET /api2/jobs": 2}


@pytest.mark.parametrize("kind", KINDS)
def test_all_objects_of_a_kind_are_shown_at_once(strangers: Caller, sandbox: Sandbox, kind: str) -> None:
    answer = strangers.get(f"/sandbox/objects/{kind}")
    assert len(answer["data"]) == answer["meta"]["total"] == sandbox.stats()["objects"][kind]


def test_a_created_object_has_all_keys_and_the_next_id(call: Caller, sandbox: Sandbox) -> None:
    made = sandbox.create("applicants", firstname="Änne")
    assert made == call.get(f"/api2/applicants/{made['applicantId']}")["data"]
    assert (made["applicantId"], made["firstname"], made["lastname"], made["emails"]) == (1061, "Änne", None, [])
    assert list(made) == list(sandbox.objects("applicants")[0])
    assert sandbox.create("stages", stageId=77, name="x")["stageId"] == 77
    assert sandbox.create("stages", name="y")["stageId"] == 78


def test_an_id_is_given_once(strangers: Caller, sandbox: Sandbox) -> None:
    assert strangers("POST", "/sandbox/objects/jobs", json={"jobId": 201}).status_code == 409
    made = sandbox.create("jobs", jobTitle="Koch")
    sandbox.delete("jobs", made["jobId"])
    assert sandbox.create("jobs", jobTitle="Koch")["jobId"] == made["jobId"] + 1


def test_a_patch_sets_the_time_of_change_to_the_servers_second() -> None:
    now = 1_800_000_000.9
    with serve_in_thread(candidates=3, clock=lambda: now) as sandbox:
        before = sandbox.objects("applicants")[1]
        after = sandbox.patch("applicants", 1002, **{**before, "lastname": "Neu"})
        assert after == {**before, "lastname": "Neu", "updatedAt": "2027-01-15T08:00:00Z"}
        given = sandbox.patch("applicants", 1002, updatedAt="2020-01-01T00:00:00Z")
        assert given["updatedAt"] == "2020-01-01T00:00:00Z"
        assert sandbox.patch("applicants", 1002, applicantId=9)["applicantId"] == 1002


def test_a_time_that_is_none_is_refused_and_changes_nothing(strangers: Caller, sandbox: Sandbox) -> None:
    before = sandbox.objects("jobs")
    assert strangers("PATCH", "/sandbox/objects/jobs/201", json={"updatedAt": "gestern"}).status_code == 422
    assert strangers("POST", "/sandbox/objects/jobs", json={"updatedAt": 5}).status_code == 422
    assert sandbox.objects("jobs") == before


def test_a_delete_removes_this_object_and_no_other(call: Caller, sandbox: Sandbox) -> None:
    before = sandbox.stats()["objects"]
    sandbox.delete("applicants", 1002)
    assert call("GET", "/api2/applicants/1002").status_code == 404
    assert sandbox.stats()["objects"] == {**before, "applicants": before["applicants"] - 1}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "objects/people", 404),
        ("PATCH", "objects/jobs/1", 404),
        ("DELETE", "objects/jobs/1", 404),
        ("POST", "stats", 405),
        ("GET", "nothing", 404),
    ],
)
def test_what_the_control_api_does_not_have_is_said(strangers: Caller, method: str, path: str, status: int) -> None:
    assert strangers(method, f"/sandbox/{path}", json={}).status_code == status


def test_a_reset_brings_back_the_data_and_clears_faults_and_counters(call: Caller, sandbox: Sandbox) -> None:
    before = {kind: sandbox.objects(kind) for kind in KINDS}
    sandbox.patch("jobs", 201, jobTitle="x")
    sandbox.delete("users", 11)
    sandbox.faults({"match": "*", "fault": "status", "status": 500})
    assert call("GET", "/api2/jobs").status_code == 500
    sandbox.reset()
    assert sandbox.stats()["requests"] == {}
    assert call("GET", "/api2/jobs").status_code == 200
    assert {kind: sandbox.objects(kind) for kind in KINDS} == before


@pytest.mark.parametrize(
    "body",
    [
        b"faults:\n  - {match: 'GET /api2/jobs', fault: status, status: 418}\n",
        b'{"faults": [{"match": "GET /api2/jobs", "fault": "status", "status": 418}]}',
        b'[{"match": "GET /api2/j*", "fault": "status", "status": 418}]',
    ],
    ids=["yaml", "json", "bare list"],
)
def test_a_fault_plan_is_taken_as_yaml_and_as_json(call: Caller, body: bytes) -> None:
    assert call("POST", "/sandbox/faults", data=body).status_code == 200
    assert call("GET", "/api2/jobs").status_code == 418
    assert call.get("/sandbox/faults")["data"][0]["struck"] == 1


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ([{"match": "*", "fault": "fire"}], "$.faults[0].fault"),
        ([{"match": "*", "fault": "reset", "nht": 2}], "nht"),
        ([{"fault": "reset"}], "match"),
        ([{"match": "*", "fault": "status", "when": "late_commit"}], "seconds"),
        ([{"match": "*", "fault": "reset", "nth": 0}], "nth"),
        ([{"match": "*", "fault": "loop", "period": 0}], "period"),
        ("faults: [", "YAML"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_the_old_one_stays(call: Caller, plan: Any, said: str) -> None:
    call("POST", "/sandbox/faults", json=[{"match": "*", "fault": "status", "status": 418}])
    body = {"data": plan} if isinstance(plan, str) else {"json": {"faults": plan}}
    answer = call("POST", "/sandbox/faults", **body)
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert call("GET", "/api2/jobs").status_code == 418


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("192.168.0.5", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_only_this_machine_is_let_in(address: str, *, local: bool) -> None:
    assert is_loopback(address) is local
