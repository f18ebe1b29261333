"""The command, the file that keeps the data, and the end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests
from click.testing import CliRunner

from hr4you_sandbox import serve_in_thread
from hr4you_sandbox.cli import sandbox as command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)], ids=str)
def test_it_ends_quietly_although_requests_hang(tmp_path: Path, number: int, status: int) -> None:
    plan = tmp_path / "plan.yml"
    plan.write_text("faults: [{match: 'GET /api2/jobs', fault: timeout}]")
    code = "from hr4you_sandbox.cli import sandbox; sandbox()"
    arguments = [sys.executable, "-c", code, "--port", "0", "--candidates", "5", "--faults", str(plan)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:  # our own
        assert process.stderr is not None
        line = process.stderr.readline()
        address = line.split()[3]
        assert requests.get(f"{address}sandbox/stats", timeout=10).status_code == 200
        with socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2]))) as waiting:
            waiting.sendall(b"GET /api2/jobs HTTP/1.1\r\nHost: x\r\n\r\n")
            while "GET /api2/jobs" not in requests.get(f"{address}sandbox/stats", timeout=10).json()["requests"]:
                pass
            process.send_signal(number)
            rest = process.stderr.read()
        assert (process.wait(10), rest) == (status, "")
    assert "5 candidates" in line
    assert "token: sandbox" in line


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(command, ["--port", str(port), "--candidates", "1"])
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: port {port} cannot be used")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"), [("faults: [{match: x, fault: fire}]", "fire"), ("- [", "YAML")], ids=["unknown", "no yaml"]
)
def test_a_plan_that_makes_no_sense_is_a_usage_error(tmp_path: Path, text: str, said: str) -> None:
    plan = tmp_path / "plan.yml"
    plan.write_text(text)
    result = CliRunner().invoke(command, ["--faults", str(plan)])
    assert result.exit_code == 2
    assert said in result.output


def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database, but long enough to be looked at as one" * 20)
    result = CliRunner().invoke(command, ["--port", "0", "--candidates", "1", "--db", str(file)])
    assert result.exit_code == 1
    assert "notes.txt cannot be used as a database" in result.output


def test_the_data_are_kept_between_starts(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with serve_in_thread(candidates=20, db=file) as first:
        first.patch("applicants", 1003, lastname="Geändert")
        first.delete("jobs", 201)
        newest = first.create("applicants", lastname="Neu")["applicantId"]
        first.delete("applicants", newest)
        before = {kind: first.objects(kind) for kind in ("applicants", "jobs", "applications")}
    with serve_in_thread(candidates=99, seed=2, db=file) as second:
        assert {kind: second.objects(kind) for kind in before} == before
        assert second.create("applicants")["applicantId"] == newest + 1
        second.reset()
    with serve_in_thread(db=file) as third:
        assert third.stats()["objects"]["applicants"] == 99


def test_two_sandboxes_run_side_by_side() -> None:
    with serve_in_thread(candidates=2) as one, serve_in_thread(candidates=3) as other:
        assert one.port != other.port
        assert [len(each.objects("applicants")) for each in (one, other)] == [2, 3]


def test_faults_and_latency_hold_from_the_start() -> None:
    plan = [{"match": "GET /api2/*", "fault": "status", "status": 418}]
    with serve_in_thread(candidates=1, faults=plan, latency_ms=1) as sandbox:
        assert requests.get(f"{sandbox.base_url}/api2/jobs", timeout=10).status_code == 418
