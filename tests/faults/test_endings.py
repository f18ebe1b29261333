"""Signals, a tenant or a ledger that is away: the run ends in one line, and the next one goes on where it stopped."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.actions import make_all_kinds
from tests.faults.inside import hurry
from tests.faults.processes import Target, unfinished, unsettled, wait_for_requests, writes
from tests.target_hr4you.runs import TargetRun, run_target, target_config

if TYPE_CHECKING:
    from tests.control import Control
    from tests.faults.actions import Actions

pytestmark = pytest.mark.e2e


FULL_DEVICE = Path("/dev/full")


def assert_one_clear_line(run: TargetRun, *words: str) -> None:
    assert "Traceback" not in run.log
    errors = [line for line in run.log.splitlines() if "ERROR" in line or "CRITICAL" in line]
    assert len(errors) == 1, run.log
    for word in words:
        assert word in errors[0]


def finish(sandbox: Control, folder: Path, actions: Actions, *, covered: int) -> None:
    """A run with what a tap would send next does the rest, and all is there once."""
    config = target_config(sandbox, folder)
    last = run_target(config, actions.messages(after=covered))
    assert last.status == 0, last.log
    assert unfinished(config["ledger_url"]) == []
    check = actions.check()
    assert check.is_exactly_once, check


def covered_by(run: TargetRun) -> int:
    return max((state["records"] for state in run.states), default=0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_when_what_is_in_flight_has_its_answer(
    sandbox: Control, tmp_path: Path, number: signal.Signals
) -> None:
    actions = make_all_kinds(sandbox, "signal", 120)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox)
    process = target.start(given)
    assert wait_for_requests(process, sandbox, 40), process.log

    assert process.kill(number) == 128 + number, process.log
    assert "Traceback" not in process.log
    assert unsettled(target.ledger_url) == []
    assert unfinished(target.ledger_url)
    finish(sandbox, tmp_path, actions, covered=process.covered)


def test_a_tenant_that_refuses_everybody_gets_nothing_until_it_is_back(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    actions = make_all_kinds(sandbox, "down", 30)
    sandbox.faults({"match": "*", "fault": "status", "status": 503})
    run = run_target(target_config(sandbox, tmp_path, max_retries=1), actions.messages())
    sandbox.faults()

    assert run.status == 75
    assert_one_clear_line(run, "503")
    finish(sandbox, tmp_path, actions, covered=covered_by(run))


@pytest.mark.parametrize("fault", ["status", "timeout", "reset"])
def test_a_tenant_that_goes_away_in_the_middle_and_comes_back(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    hurry(monkeypatch)
    actions = make_all_kinds(sandbox, "away", 60)
    sandbox.faults({"match": "*", "nth": 40, "times": 10_000, "fault": fault, "when": "after_commit"})
    run = run_target(target_config(sandbox, tmp_path, max_retries=1, request_timeout=1), actions.messages())
    sandbox.faults()

    assert run.status == 75, run.log
    assert_one_clear_line(run)
    finish(sandbox, tmp_path, actions, covered=covered_by(run))


def test_a_refused_token_ends_the_run_with_nothing_written(sandbox: Control, tmp_path: Path) -> None:
    actions = make_all_kinds(sandbox, "token", 30)
    run = run_target(target_config(sandbox, tmp_path, api_token="another-token"), actions.messages())

    assert run.status == 75
    assert_one_clear_line(run, "token")
    assert len(actions.check().lost) > 30
    finish(sandbox, tmp_path, actions, covered=covered_by(run))


def test_a_ledger_that_is_locked_for_a_while_is_waited_for(sandbox: Control, tmp_path: Path) -> None:
    actions = make_all_kinds(sandbox, "locked", 30)
    config = target_config(sandbox, tmp_path)
    assert run_target(config, actions.messages()[:3]).status == 0
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    timer = threading.Timer(3, other.rollback)
    timer.start()
    run = run_target(config, actions.messages())
    timer.join()
    other.close()

    assert run.status == 0, run.log
    assert actions.check().is_exactly_once


IMPATIENT = """
import hr4you.ledger.opening
assert hr4you.ledger.opening._BUSY_SECONDS > 1
hr4you.ledger.opening._BUSY_SECONDS = 0.1
"""


@pytest.mark.parametrize("requested", [0, 30], ids=["from the beginning", "in the middle"])
def test_a_ledger_that_stays_locked_ends_the_run(sandbox: Control, tmp_path: Path, requested: int) -> None:
    actions = make_all_kinds(sandbox, "locked", 60)
    given = actions.write(tmp_path / "input.jsonl")
    assert run_target(target_config(sandbox, tmp_path), []).status == 0
    target = Target(tmp_path, sandbox, mutation=IMPATIENT)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("PRAGMA busy_timeout = 10000")
    if not requested:
        other.execute("BEGIN IMMEDIATE")
    # from some person on every answer takes its time, so that the run cannot be over before the ledger is locked
    late = {"match": "POST /api2/applicants", "nth": 5, "times": 1_000, "fault": "slow_drip", "seconds": 3}
    sandbox.faults(late)
    process = target.start(given)
    if requested:
        assert wait_for_requests(process, sandbox, requested), process.log
        other.execute("BEGIN IMMEDIATE")
    status = process.wait()
    other.rollback()
    other.close()
    sandbox.faults()

    assert status == 75, process.log
    assert "Traceback" not in process.log
    assert "edger" in process.log.splitlines()[-1]
    finish(sandbox, tmp_path, actions, covered=process.covered)


FULL = """
import resource
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, most))
"""


def test_a_full_disk_ends_the_run_and_loses_nothing(sandbox: Control, tmp_path: Path) -> None:
    actions = make_all_kinds(sandbox, "full", 200)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox, mutation=FULL)
    process = target.run(given)

    assert process.wait() == 75, process.log
    assert "Traceback" not in process.log
    assert sum(writes(sandbox).values()) > 0
    finish(sandbox, tmp_path, actions, covered=process.covered)


@pytest.mark.skipif(not FULL_DEVICE.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("what", ["results", "state"])
def test_a_full_disk_under_the_output_ends_the_run_and_loses_nothing(
    sandbox: Control, tmp_path: Path, what: str
) -> None:
    actions = make_all_kinds(sandbox, "output", 30)
    given = actions.write(tmp_path / "input.jsonl")
    config = {"results_path": str(FULL_DEVICE)} if what == "results" else {}
    target = Target(tmp_path, sandbox, config)
    process = target.start(given, out=FULL_DEVICE if what == "state" else None)

    assert process.wait() not in {0, -9}, process.log
    assert "Traceback" not in process.log
    finish(sandbox, tmp_path, actions, covered=0)


def test_nobody_reading_the_state_ends_the_run_and_loses_nothing(sandbox: Control, tmp_path: Path) -> None:
    actions = make_all_kinds(sandbox, "pipe", 30)
    given = actions.write(tmp_path / "input.jsonl")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    process = Target(tmp_path, sandbox).start(given, out=pipe)
    os.close(reading)

    assert process.wait() == 141, process.log
    assert "Traceback" not in process.log
    finish(sandbox, tmp_path, actions, covered=0)
