"""Each fault at each request of each step, then the same input once more: nothing lost, doubled or left undone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.actions import Actions
from tests.faults.inside import hurry
from tests.faults.processes import struck_by_faults, unfinished, writes
from tests.target_hr4you.runs import run_target, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

FAULTS: dict[str, dict[str, Any]] = {
    "429 with seconds": {"fault": "status", "status": 429, "retry_after": 1},
    "429 with a date": {"fault": "status", "status": 429, "retry_after": "http-date", "seconds": 1},
    "500 before": {"fault": "status", "status": 500},
    "500 after": {"fault": "status", "status": 500, "when": "after_commit"},
    "502 after": {"fault": "status", "status": 502, "when": "after_commit"},
    "503 before": {"fault": "status", "status": 503},
    "504 after": {"fault": "status", "status": 504, "when": "after_commit"},
    "timeout before": {"fault": "timeout"},
    "timeout after": {"fault": "timeout", "when": "after_commit"},
    "timeout, late commit": {"fault": "timeout", "when": "late_commit", "seconds": 1.3},
    "reset before": {"fault": "reset"},
    "reset after": {"fault": "reset", "when": "after_commit"},
    "reset mid-body": {"fault": "reset_mid_body"},
    "truncated JSON": {"fault": "truncated_json"},
    "HTML with 200, before": {"fault": "html_200"},
    "HTML with 200, after": {"fault": "html_200", "when": "after_commit"},
    "empty 201": {"fault": "empty_201"},
    "wrong content type": {"fault": "wrong_content_type"},
    "slow drip": {"fault": "slow_drip", "seconds": 3},
    "token expired": {"fault": "expire_token"},
}
WRITES_ONLY = {name for name, fault in FAULTS.items() if fault.get("when")}
"""A read takes no effect, neither before nor after."""

REQUESTS = [
    "GET /api2/sources",
    "GET /api2/customfields",
    "GET /api2/applicants",
    "GET /api2/applications",
    "GET /api2/applications/*/attachments",
    "GET /api2/applicants/*/attachments",
    "GET /api2/applications/*/notes",
    "POST /api2/applicants",
    "POST /api2/applications",
    "POST /api2/applications/*/attachments",
    "POST /api2/applicants/*/attachments",
    "POST /api2/applications/*/notes",
    "PATCH /api2/applications/*",
]

CASES = [
    (request, name)
    for request in REQUESTS
    for name in FAULTS
    if not (request.startswith("GET ") and name in WRITES_ONLY)
]


def small_input(sandbox: Control) -> Actions:
    """One action of each kind at least, some of them about what a later one makes."""
    made = Actions(sandbox, "matrix")
    first, second = made.jobs[:2]
    one, two, three = (f"matrix.{number}@example.org" for number in "123")
    made.note("action:matrix-2", (one, first))
    maker = made.candidate(one, job=first, files=1)
    made.application(two, job=first)
    made.application(two, job=second)
    made.result(f"action:{maker}", (one, first))
    made.file(f"action:{maker}", (one, first))
    made.file("action:create_candidate/matrix-8", three)
    made.candidate(three)
    return made


def check_fault(sandbox: Control, folder: Path, request: str, fault: dict[str, Any]) -> list[int]:
    """Run with the fault, then twice without; return the exit statuses."""
    actions = small_input(sandbox)
    config = target_config(sandbox, folder, request_timeout=1, unknown_quarantine_seconds=0.7)
    sandbox.faults({"match": request, "nth": 1, **fault})
    struck = run_target(config, actions.messages())
    counted = struck_by_faults(sandbox)
    sandbox.faults()
    replayed = run_target(config, actions.messages())
    before = writes(sandbox)
    again = run_target(config, actions.messages())

    time.sleep(fault.get("seconds", 0) if fault.get("when") == "late_commit" else 0)  # it has happened by now
    assert counted == [1], "the fault has struck nothing"
    check = actions.check()
    assert check.is_exactly_once, f"{check} {struck.log}"
    assert unfinished(config["ledger_url"]) == []
    assert writes(sandbox) == before, "what is done is sent again"
    assert again.states == replayed.states == [{"records": 8}]
    return [struck.status, replayed.status, again.status]


@pytest.mark.parametrize(("request_", "fault"), CASES, ids=[f"{fault} at {request}" for request, fault in CASES])
def test_one_fault_at_one_request_and_a_replay(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_: str, fault: str
) -> None:
    hurry(monkeypatch)
    first, *others = check_fault(sandbox, tmp_path, request_, FAULTS[fault])

    assert first in {0, 75}
    assert others == [0, 0]


FEW = [
    ("GET /api2/applicants", "HTML with 200, before"),
    ("GET /api2/applicants/*/attachments", "truncated JSON"),
    ("GET /api2/applications", "reset before"),
    ("POST /api2/applicants", "500 after"),
    ("POST /api2/applicants", "timeout, late commit"),
    ("POST /api2/applications", "reset mid-body"),
    ("POST /api2/applications/*/attachments", "empty 201"),
    ("POST /api2/applicants/*/attachments", "503 before"),
    ("POST /api2/applications/*/notes", "truncated JSON"),
    ("POST /api2/applications/*/notes", "token expired"),
    ("PATCH /api2/applications/*", "HTML with 200, before"),
    ("PATCH /api2/applications/*", "429 with seconds"),
]


@pytest.mark.parametrize(("request_", "fault"), FEW, ids=[f"{fault} at {request}" for request, fault in FEW])
def test_some_faults_at_some_requests_and_a_replay(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_: str, fault: str
) -> None:
    hurry(monkeypatch)

    assert set(check_fault(sandbox, tmp_path, request_, FAULTS[fault])) == {0}
