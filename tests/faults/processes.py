"""Runs the target as a process of its own, so that it can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.control import Control

LEASE_SECONDS = 4.0
"""Of the runs of tests: those that are killed leave claims behind, which the next ones wait for."""

_BEGIN = """
import hr4you.ledger.executing as executing
assert executing.LEASE_SECONDS > {lease}
executing.LEASE_SECONDS = {lease}
"""
_END = """
from target_hr4you.__main__ import main
main()
"""
PATIENCE_SECONDS = 120


@dataclass
class Process:
    """One run of the target.

    Attributes:
        out: its STATE messages.
        err: its log.
    """

    popen: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    @property
    def log(self) -> str:
        return self.err.read_text(encoding="utf-8")

    @property
    def states(self) -> list[Any]:
        """The values of the STATE messages; what a killed process has not written whole does not count."""
        lines = self.out.read_bytes().split(b"\n")[:-1]
        return [json.loads(line) for line in lines]

    @property
    def covered(self) -> int:
        """How many records the last STATE covers."""
        return max((state["records"] for state in self.states), default=0)

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        self.popen.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        return self.popen.wait(PATIENCE_SECONDS)


@dataclass
class Target:
    """The target with its settings and its ledger.

    Attributes:
        folder: for all files.
        config: settings beside those of the sandbox.
        mutation: Python code that is run before the target's own.
        lease: seconds after which a run that shows no life has lost its claims.
    """

    folder: Path
    sandbox: Control
    config: Mapping[str, Any] = field(default_factory=dict)
    mutation: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    lease: float = LEASE_SECONDS
    _runs: int = 0

    @property
    def ledger_url(self) -> str:
        return str(self.config.get("ledger_url") or f"sqlite:///{self.folder / 'ledger.db'}")

    def start(self, given: Path, *, out: Path | None = None) -> Process:
        """Start a run with this input; `out`: where STATE goes."""
        self._runs += 1
        config = {
            "base_url": self.sandbox.base_url,
            "api_token": "sandbox",
            "tenant": "acme",
            "unknown_quarantine_seconds": 1,
            "ledger_url": self.ledger_url,
            **self.config,
        }
        path = self.folder / "config.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        out, err = out or self.folder / f"{self._runs}.out", self.folder / f"{self._runs}.err"
        command = [
            sys.executable,
            "-c",
            f"{_BEGIN.format(lease=self.lease)}{self.mutation}{_END}",
            "--config",
            str(path),
        ]
        with given.open("rb") as stdin, out.open("wb") as stdout, err.open("wb") as stderr:
            popen = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env={**os.environ, "NO_COLOR": "1", **self.environment},
            )
        return Process(popen, out, err)

    def run(self, given: Path) -> Process:
        """Run to the end."""
        process = self.start(given)
        process.wait()
        return process


def unfinished(ledger_url: str) -> list[str]:
    """What a ledger knows of and is not done."""
    return _ask(
        ledger_url, "select action, action_id, status, error_code from hr4you_actions where status <> 'succeeded'"
    )


def unsettled(ledger_url: str) -> list[str]:
    """The steps that are written down as sent, and nothing tells what became of them."""
    return _ask(ledger_url, "select seq, step, status from hr4you_steps where status in ('sent', 'unknown')")


def _ask(ledger_url: str, query: str) -> list[str]:
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            return [" ".join(map(str, row)) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def struck_by_faults(sandbox: Control) -> list[int]:
    """How often each fault of the plan has struck."""
    return [each["struck"] for each in sandbox._send("GET", "faults")["data"]]


def requests(sandbox: Control) -> int:
    """How many requests the tenant has got."""
    return sum(sandbox.requests().values())


def writes(sandbox: Control) -> dict[str, int]:
    """How many of each kind of write it has got."""
    return {name: count for name, count in sandbox.requests().items() if not name.startswith(("GET ", "HEAD "))}


def wait_for_requests(process: Process, sandbox: Control, number: int) -> bool:
    """Wait until the tenant has got so many more requests; False where the process has ended before."""
    wanted = requests(sandbox) + number
    return wait_until(process, lambda: requests(sandbox) >= wanted)


def kill_in_the_middle(process: Process, sandbox: Control, chance: random.Random, *, most: int) -> None:
    """Send SIGKILL a moment after the tenant has got some more requests, at most so many."""
    assert wait_for_requests(process, sandbox, chance.randint(1, most)), process.log
    time.sleep(chance.uniform(0, 0.05))
    assert process.kill() == -signal.SIGKILL, "it was done before it was killed"


def wait_until(process: Process, condition: Callable[[], bool]) -> bool:
    """Wait until something is so while a process runs; False where it has ended before."""
    end = time.monotonic() + PATIENCE_SECONDS
    while process.is_running:
        with contextlib.suppress(ConnectionError):
            if condition():
                return process.is_running
        assert time.monotonic() < end, process.log
        time.sleep(0.02)
    return False
