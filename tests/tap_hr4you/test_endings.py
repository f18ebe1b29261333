"""How a run ends when it is interrupted: whole lines, valid state, the right exit status, no person in the log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hr4you_sandbox import serve_in_thread
from tests.control import Control
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def slow_sandbox() -> Iterator[Control]:
    """Each answer takes 50 ms, so that a run in pages of 5 is still under way when it is interrupted."""
    with serve_in_thread(candidates=2_000, latency_ms=50) as server:
        yield Control(server.base_url)


def start(sandbox: Control, folder: Path) -> subprocess.Popen[bytes]:
    config = folder / "config.json"
    config.write_text(json.dumps({**sandbox.config, "page_size": 5, "concurrency": 1}))
    return subprocess.Popen(
        [sys.executable, "-m", "tap_hr4you", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


@pytest.mark.e2e
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_with_whole_lines_and_valid_state(
    slow_sandbox: Control, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    process = start(slow_sandbox, tmp_path)
    assert process.stdout is not None
    first = process.stdout.readline() + process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)

    assert process.returncode == status, err.decode()
    messages = [json.loads(line) for line in (first + out).splitlines()]
    assert messages[-1]["type"] == "STATE"
    assert b"Traceback" not in err
    second = run_tap({**slow_sandbox.config}, state=messages[-1]["value"])
    assert second.status == 0
    emitted = {message["record"]["id"] for message in messages if message["type"] == "RECORD"}
    everything = {record["id"] for record in run_tap(slow_sandbox.config).records()}
    assert emitted | {record["id"] for record in second.records()} == everything


@pytest.mark.e2e
def test_a_closed_pipe_ends_the_run_quietly(slow_sandbox: Control, tmp_path: Path) -> None:
    process = start(slow_sandbox, tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    with process.stderr:
        err = process.stderr.read()

    assert process.wait(timeout=20) == 141, err.decode()
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


def test_nothing_of_a_person_and_no_token_reaches_the_log(sandbox: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAP_HR4YOU_LOGLEVEL", "DEBUG")
    marked = {"firstname": "Kanarienvogel", "lastname": "Kanarienvogel", "city": "Kanarienvogel"}
    for wire in sandbox.all("applicants")[:40]:
        sandbox.change("applicants", wire["applicantId"], **marked)
    sandbox.create("applicants", firstname="Kanarienvogel", emails="Kanarienvogel", phones={"a": "Kanarienvogel"})

    run = run_tap({**sandbox.config, "page_size": 30})
    again = run_tap(sandbox.config, state=run.state)

    assert b"Kanarienvogel" in run.stdout
    assert "DEBUG" in run.log
    for text in (run.log, again.log, json.dumps(again.state)):
        assert "Kanarienvogel" not in text
        assert "sandbox" not in text.replace("hr4you_sandbox", "")
