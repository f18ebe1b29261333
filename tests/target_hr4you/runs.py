"""Runs the target as its users do, with messages in, and reads what came out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from target_hr4you.command import run
from tests.tap_hr4you.runs import restored_logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.control import Control

Message = dict[str, Any]


@dataclass(frozen=True)
class TargetRun:
    """What one run has left behind."""

    status: int
    stdout: str
    log: str

    @property
    def states(self) -> list[Any]:
        """The values of STATE that were passed on."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def last_line(self) -> str:
        return self.log.strip().splitlines()[-1]


def schema(stream: str, keys: Sequence[str] = ("action_id",), **properties: Any) -> Message:
    """A SCHEMA message; without properties, one that takes every record."""
    known = properties or {"action_id": {}}
    return {"type": "SCHEMA", "stream": stream, "key_properties": list(keys), "schema": {"properties": known}}


def record(stream: str, **fields: Any) -> Message:
    return {"type": "RECORD", "stream": stream, "record": fields}


def state(value: Any) -> Message:
    return {"type": "STATE", "value": value}


def target_config(sandbox: Control, folder: Path, **settings: Any) -> dict[str, Any]:
    """Settings to write into a sandbox, with a ledger in the folder and next to no waiting."""
    return {
        "base_url": sandbox.base_url,
        "api_token": "sandbox",
        "tenant": "acme",
        "ledger_url": f"sqlite:///{folder / 'ledger.db'}",
        "unknown_quarantine_seconds": 0.2,
        **settings,
    }


def run_target(config: Mapping[str, Any], messages: Iterable[Message], *arguments: str) -> TargetRun:
    """Run `target-hr4you` in this process; what it says is caught."""
    text = "".join(f"{json.dumps(message)}\n" for message in messages)
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, restored_logging():
        file = Path(folder, "config.json")
        file.write_text(json.dumps(config), encoding="utf-8")
        given, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = run(["--config", str(file), *arguments])
                out.flush()
        finally:
            sys.stdin = given
    assert isinstance(out.buffer, io.BytesIO)
    return TargetRun(status, out.buffer.getvalue().decode(), err.getvalue())
