"""What tests of the target share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.target_hr4you.file_server import FileServer, serving_files
from tests.target_hr4you.runs import target_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control


@pytest.fixture
def files() -> Iterator[FileServer]:
    """A server of files on loopback."""
    with serving_files() as server:
        yield server


@pytest.fixture
def config(sandbox: Control, tmp_path: Path) -> dict[str, Any]:
    """Settings to write into the sandbox, with a results file."""
    return target_config(sandbox, tmp_path, results_path=str(tmp_path / "results.jsonl"))


@pytest.fixture
def job(sandbox: Control) -> str:
    """The id of a job that takes applications."""
    return str(next(job["jobId"] for job in sandbox.all("jobs") if job["jobStatus"] == "offen"))
