"""kill -9 at random moments: what was sent is in the tenant once, and nothing is missing in the end."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.actions import Actions, make_all_kinds
from tests.faults.processes import Target, kill_in_the_middle, struck_by_faults, unfinished, wait_until, writes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e


def kill_now_and_then(target: Target, actions: Actions, given: Path, *, kills: int, resumes: bool) -> int:
    """Start the target and kill it in the middle of its requests; return how many records STATE covers."""
    chance = random.Random(kills)
    covered = 0
    for _ in range(kills):
        actions.write(given, after=covered)
        process = target.start(given)
        kill_in_the_middle(process, target.sandbox, chance, most=70)
        if resumes:
            covered = max(covered, process.covered)
    return covered


@pytest.mark.parametrize(
    ("number", "kills", "resumes"),
    [
        pytest.param(500, 20, False, id="the whole input each time"),
        pytest.param(250, 10, True, id="what the last STATE leaves"),
    ],
)
def test_after_many_kills_and_one_run_to_the_end_the_tenant_holds_everything_once(
    sandbox: Control, tmp_path: Path, number: int, kills: int, *, resumes: bool
) -> None:
    actions = make_all_kinds(sandbox, "kill", number)
    target, given = Target(tmp_path, sandbox, lease=2.5 if resumes else 4), tmp_path / "input.jsonl"
    covered = kill_now_and_then(target, actions, given, kills=kills, resumes=resumes)
    actions.write(given, after=covered)
    last = target.run(given)

    assert last.wait() == 0, last.log
    assert unfinished(target.ledger_url) == []
    check = actions.check()
    assert check.is_exactly_once, check

    before = writes(sandbox)
    again = target.run(actions.write(given))
    assert again.wait() == 0, again.log
    assert writes(sandbox) == before
    assert again.states[-1] == {"records": number}
    assert actions.check().is_exactly_once


def test_a_run_that_follows_at_once_does_what_a_killed_one_has_left(sandbox: Control, tmp_path: Path) -> None:
    actions = make_all_kinds(sandbox, "left", 20)
    target, given = Target(tmp_path, sandbox, lease=8), actions.write(tmp_path / "input.jsonl")
    sandbox.faults({"match": "POST *", "nth": 5, "times": 1_000, "fault": "timeout", "when": "after_commit"})
    killed = target.start(given)
    assert wait_until(killed, lambda: sum(struck_by_faults(sandbox)) >= 3), killed.log
    assert killed.kill() == -9
    sandbox.faults()
    assert killed.states[-1] == {"records": 20}, "so a tap has nothing to send any more"
    last = target.run(actions.write(given, after=20))

    assert last.wait() == 0, last.log
    assert unfinished(target.ledger_url) == []
    check = actions.check()
    assert check.is_exactly_once, check


def test_a_person_whom_a_later_action_has_made_since_the_kill_is_not_made_again(
    sandbox: Control, tmp_path: Path
) -> None:
    actions = Actions(sandbox, "overtaken")
    first, second = actions.jobs[:2]
    actions.application("overtaken@example.org", job=first)
    target, given = Target(tmp_path, sandbox), tmp_path / "input.jsonl"
    sandbox.faults({"match": "POST /api2/applicants", "nth": 1, "fault": "timeout"})
    killed = target.start(actions.write(given))
    assert wait_until(killed, lambda: struck_by_faults(sandbox) == [1]), killed.log
    assert killed.kill() == -9
    actions.application("overtaken@example.org", job=second)

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    lines = actions.write(given).read_bytes().splitlines(keepends=True)
    with pipe.open("r+b", buffering=0) as writing:
        last = target.start(pipe)
        writing.write(b"".join(lines[:2]))
        time.sleep(target.lease + 1)  # the killed run's claims are over while the tap is at work
        writing.write(b"".join(lines[2:]))
        assert wait_until(last, lambda: sandbox.requests().get("POST /api2/applications") == 1), last.log

    assert last.wait() == 0, last.log
    check = actions.check()
    assert check.is_exactly_once, check
