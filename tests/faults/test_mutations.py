"""The suite can fail: without one of the rules the same schedules double or lose something, with them they do not."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.http import Client
from hr4you.ledger.executing import note_intent
from tests.faults.actions import Actions, Check
from tests.faults.inside import hurry
from tests.faults.processes import Target, struck_by_faults, wait_until
from tests.target_hr4you.runs import run_target, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

APPLICATIONS = "POST /api2/applications"
POSTS = [
    "POST /api2/applicants",
    APPLICATIONS,
    "POST /api2/applications/*/attachments",
    "POST /api2/applicants/*/attachments",
    "POST /api2/applications/*/notes",
]
DOUBLED = 4
"""Of these, as the sandbox itself refuses an application that exists."""

NO_INTENTS = """
import target_hr4you.steps
assert callable(target_hr4you.steps.note_intent)
target_hr4you.steps.note_intent = lambda connection, run_id, intended: intended
"""


def one_of_each(sandbox: Control) -> Actions:
    """Actions that send all kinds of requests at the same time, each about something else."""
    made = Actions(sandbox, "mutation")
    first, second, third = [each for each in made.existing() if each[1][1] in made.jobs][:3]
    for number in range(2):  # one of them is struck at the candidate, the other at the application
        made.candidate(f"mutation.{number}@example.org", job=made.jobs[number])
    made.note(*first[:2])
    made.file(*second[:2])
    made.file(third[2], third[1][0])
    return made


def strike(sandbox: Control, **fault: Any) -> None:
    """Let the first request of each kind fail in this way."""
    sandbox.faults(*({"match": match, "nth": 1, **fault} for match in POSTS))


def run_twice(sandbox: Control, folder: Path, actions: Actions, **settings: Any) -> Check:
    """Run with the faults in force, and then without."""
    config = target_config(sandbox, folder, request_timeout=0.6, **settings)
    run_target(config, actions.messages())
    assert struck_by_faults(sandbox) == [1] * len(struck_by_faults(sandbox))
    sandbox.faults()
    run_target(config, actions.messages())
    return actions.check()


@pytest.mark.parametrize("mutation", ["", NO_INTENTS], ids=["as it is", "mutated"])
def test_without_intents_written_before_sending_a_kill_doubles(sandbox: Control, tmp_path: Path, mutation: str) -> None:
    actions = one_of_each(sandbox)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox, mutation=mutation)
    strike(sandbox, fault="timeout", when="after_commit")
    process = target.start(given)
    assert wait_until(process, lambda: struck_by_faults(sandbox) == [1] * len(POSTS)), process.log
    assert process.kill() == -9
    sandbox.faults()
    last = target.run(given)

    assert last.wait() == 0, last.log
    check = actions.check()
    assert (check.lost, check.misplaced) == ([], [])
    assert len(check.duplicated) == (DOUBLED if mutation else 0)


@pytest.mark.parametrize("is_mutated", [False, True], ids=["as it is", "mutated"])
def test_with_requests_repeated_blindly_a_lost_answer_doubles(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_mutated: bool
) -> None:
    send = Client.request
    if is_mutated:
        monkeypatch.setattr(Client, "request", lambda *args, **kwargs: send(*args, **{**kwargs, "is_read": True}))
    hurry(monkeypatch)
    actions = one_of_each(sandbox)
    strike(sandbox, fault="reset", when="after_commit")
    check = run_twice(sandbox, tmp_path, actions)

    assert check.lost == []
    assert len(check.duplicated) == (DOUBLED if is_mutated else 0)


@pytest.mark.parametrize("quarantine", [3, 0], ids=["as it is", "mutated"])
def test_without_a_quarantine_what_takes_effect_late_is_doubled(
    sandbox: Control, tmp_path: Path, quarantine: float
) -> None:
    actions = one_of_each(sandbox)
    strike(sandbox, fault="timeout", when="late_commit", seconds=2)
    check = run_twice(sandbox, tmp_path, actions, unknown_quarantine_seconds=quarantine)
    if not quarantine:
        assert check.is_exactly_once, "not late enough"
        time.sleep(2)  # what was sent first takes effect now
        check = actions.check()

    assert check.lost == []
    assert len(check.duplicated) == (0 if quarantine else DOUBLED)


@pytest.mark.parametrize("is_mutated", [False, True], ids=["as it is", "mutated"])
def test_without_what_was_there_before_somebody_elses_is_taken_for_ours(
    sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_mutated: bool
) -> None:
    if is_mutated:
        monkeypatch.setattr(
            "target_hr4you.steps.note_intent",
            lambda connection, run_id, intended: note_intent(connection, run_id, replace(intended, known_ids=[])),
        )
    earlier, config = one_of_each(sandbox), target_config(sandbox, tmp_path)
    other = {**config, "ledger_url": f"sqlite:///{tmp_path / 'other.db'}"}
    assert run_target(other, earlier.messages()).status == 0
    actions = one_of_each(sandbox)
    actions.pairs.clear()
    actions.records = [(kind, {**each, "application": None}) for kind, each in actions.records]
    sandbox.faults(*({"match": match, "nth": 1, "fault": "reset"} for match in POSTS if match != APPLICATIONS))
    check = run_twice(sandbox, tmp_path, actions)

    assert check.duplicated == []
    assert len(check.lost) == (DOUBLED if is_mutated else 0)


def test_with_the_ledger_lost_everything_comes_twice(sandbox: Control, tmp_path: Path) -> None:
    actions = one_of_each(sandbox)
    config = target_config(sandbox, tmp_path)
    first = run_target(config, actions.messages())
    assert actions.check().is_exactly_once
    (tmp_path / "ledger.db").unlink()
    second = run_target(config, actions.messages())

    assert (first.status, second.status) == (0, 0)
    assert "is new" in second.log
    assert len(actions.check().duplicated) == len(actions.people) + len(actions.pairs) + 3
