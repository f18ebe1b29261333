"""``hr4you ... | head -1``: whoever reads has seen enough."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hr4you_sandbox import serve_in_thread
from tests.control import Control

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e  # slow: whole programs, or a whole tenant each time

COMMAND = (sys.executable, "-c", "from hr4you.cli import main; main()")
COMMANDS = {
    "its own help": ("--help",),
    "a command's help": ("doctor", "--help"),
    "its version": ("--version",),
    "contract show": ("contract", "show"),
    "contract check": ("contract", "check"),
    "doctor": ("doctor",),
    "fields": ("fields",),
    "request": ("request", "GET", "applicants", "--paginate"),
}


def environment(sandbox: Control) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if "HR4YOU" not in name}
    tenant = {"HR4YOU_BASE_URL": sandbox.base_url, "HR4YOU_API_TOKEN": "sandbox", "HR4YOU_TENANT": "acme"}
    return {**clean, **tenant, "PYTHONUTF8": "1"}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_nobody_reads_ends_quietly_with_141(sandbox: Control, arguments: tuple[str, ...]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment(sandbox), stdout=theirs, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_reader_that_stops_after_a_line_has_got_it_whole() -> None:
    command = [*COMMAND, "request", "GET", "applicants", "--paginate"]
    with serve_in_thread(candidates=400) as big:  # more than a pipe holds
        env = environment(Control(big.base_url))
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            first = process.stdout.readline()
            process.stdout.close()
            told = process.stderr.read()
    assert json.loads(first)["applicantId"] == 1001
    assert (process.returncode, told) == (141, b"")


def test_an_error_that_nobody_reads_ends_quietly_too(tmp_path: Path, sandbox: Control) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [*COMMAND, "contract", "show", "--contract", str(tmp_path / "none.yml")]
    done = subprocess.run(command, env=environment(sandbox), stdout=theirs, stderr=theirs, check=False)
    os.close(theirs)
    assert done.returncode == 141
