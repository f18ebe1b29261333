"""`make demo`, as a newcomer meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
DEMO = [sys.executable, str(ROOT / "demo" / "demo.py")]


def test_the_demo_reads_a_tenant_and_writes_to_it_nothing_twice(tmp_path: Path) -> None:
    for _ in range(2):
        ended = subprocess.run(
            DEMO, env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, text=True, check=False
        )

        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert ended.stderr == ""
        counts = [line.split()[1] for line in ended.stdout.splitlines() if line.strip().startswith("candidates ")]
        assert counts[:2] == ["500", "0"]
        assert "4 records in all" in ended.stdout
        assert "Jördis Müller-Lüdenscheidt" in ended.stdout
        assert "deleted, found" in ended.stdout
        assert "postings, open and public" in ended.stdout
        sent = [line.partition("HR4YOU was sent: ")[2] for line in ended.stdout.splitlines() if "was sent:" in line]
        assert sent == [
            "5 x POST /api2/applicants, 5 x POST /api2/applications",
            "nothing",
            "1 x POST /api2/applications",
        ]
        assert "partial: REMOTE.INPUT_INVALID (application.job_id), status 422" in ended.stdout
        assert "5 candidates" in ended.stdout
        assert "5 applications" in ended.stdout
        assert ended.stdout.count("succeeded  sandbox:candidate:") == 5


def test_an_interrupt_leaves_nothing_running(tmp_path: Path) -> None:
    marker = f"DEMO_MARK={tmp_path.name}"
    process = subprocess.Popen(
        DEMO,
        env={**os.environ, "DEMO_MARK": tmp_path.name},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            if "meltano run" in line:
                break
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        rest = process.stdout.read()

    assert process.wait(timeout=30) == 130
    assert "nothing is left running" in rest
    assert not [
        environ.parent.name
        for environ in Path("/proc").glob("[0-9]*/environ")
        if marker.encode() in _read(environ) and environ.parent.name != str(os.getpid())
    ]


def _read(environ: Path) -> bytes:
    try:
        return environ.read_bytes()
    except OSError:  # it has ended, or it is not ours
        return b""
