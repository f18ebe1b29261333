"""Runs the tap as its users do, with files in and lines out, and reads what came out."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tap_hr4you.command import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TOKEN = "tok-4f1c9d-secret"
STREAMS = ("users", "jobs", "candidates", "application_stages", "applications")


@dataclasses.dataclass(frozen=True)
class TapRun:
    """What one run has left behind."""

    status: int
    stdout: bytes
    log: str

    @property
    def messages(self) -> list[dict[str, Any]]:
        assert not self.stdout or self.stdout.endswith(b"\n"), "the last line is cut"
        return [json.loads(line) for line in self.stdout.splitlines()]

    def records(self, stream: str | None = None) -> list[dict[str, Any]]:
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and stream in {None, message["stream"]}
        ]

    @property
    def state(self) -> dict[str, Any]:
        values = [message["value"] for message in self.messages if message["type"] == "STATE"]
        assert values, f"no STATE; the log says: {self.log}"
        return dict(values[-1])

    @property
    def counts(self) -> dict[str, int]:
        return {stream: len(self.records(stream)) for stream in STREAMS}

    @property
    def last_line(self) -> str:
        return self.log.strip().splitlines()[-1]


def run_tap(
    config: Mapping[str, Any],
    *arguments: str,
    state: Mapping[str, Any] | str | None = None,
    catalog: Mapping[str, Any] | None = None,
) -> TapRun:
    """Run `tap-hr4you` in this process; everything it reads comes from files and everything it says is caught."""
    with tempfile.TemporaryDirectory() as folder, restored_logging():
        given = [*arguments]
        for option, content in (("config", config), ("state", state), ("catalog", catalog)):
            if content is not None:
                file = Path(folder, f"{option}.json")
                file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
                given += [f"--{option}", str(file)]
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(given)
            out.flush()
        assert isinstance(out.buffer, io.BytesIO)
        return TapRun(status, out.buffer.getvalue(), err.getvalue())


def assert_one_clear_line(run: TapRun, status: int, *words: str) -> None:
    """The run ended with this status and one error, which holds these words; the token is nowhere."""
    assert run.status == status, run.log
    assert "Traceback" not in run.log
    errors = [line for line in run.log.splitlines() if "ERROR" in line or "CRITICAL" in line]
    assert len(errors) == 1, run.log
    for word in words:
        assert word in errors[0]
    assert run.last_line == errors[0], "the log goes on with a line that has no level"
    assert TOKEN not in run.log


def discover(config: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(run_tap(config, "--discover").stdout))


def select(
    catalog: dict[str, Any], streams: Iterable[str], *, without: Iterable[tuple[str, ...]] = ()
) -> dict[str, Any]:
    """Return the catalog with only these streams selected, without these breadcrumbs (stream, property, ...)."""
    wanted, unwanted = set(streams), {tuple(path) for path in without}
    for entry in catalog["streams"]:
        for metadata in entry["metadata"]:
            path = (entry["tap_stream_id"], *(part for part in metadata["breadcrumb"] if part != "properties"))
            if len(path) == 1:
                metadata["metadata"]["selected"] = path[0] in wanted
            elif path in unwanted:
                metadata["metadata"]["selected"] = False
    return catalog


@contextlib.contextmanager
def restored_logging() -> Iterator[None]:
    """Give the root logger back what a run has changed."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
