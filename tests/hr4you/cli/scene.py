"""A sandbox, a ledger that the target has written, and the commands ``target-hr4you`` and ``hr4you actions``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from sqlalchemy import create_engine, text

import hr4you.cli
from tests.target_hr4you.runs import TargetRun, record, run_target, schema

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.control import Control

CREATE, NOTE = "create_candidate", "add_note_to_application"
PATH = "POST /api2/applications/*/notes"
MARK = "Geheimnis-4711"


@dataclass
class Scene:
    """A sandbox, a ledger, and both commands."""

    sandbox: Control
    config: dict[str, Any]
    path: Path

    def target(self, *messages: dict[str, Any]) -> TargetRun:
        return run_target(self.config, messages)

    def invoke(self, *arguments: str) -> Result:
        """Run `hr4you actions`; what the environment holds does not count."""
        clean: dict[str, str | None] = {name: None for name in os.environ if "HR4YOU" in name}
        arguments = ("actions", arguments[0], "--config", str(self.path), *arguments[1:])
        return CliRunner().invoke(hr4you.cli.hr4you, arguments, env=clean)

    def listed(self, *arguments: str) -> list[dict[str, Any]]:
        result = self.invoke("list", "--json", *arguments)
        assert (result.exit_code, result.stderr) == (0, "")
        return [json.loads(line) for line in result.stdout.splitlines()]

    def retry(self, *arguments: str) -> Result:
        result = self.invoke("retry", *arguments)
        assert MARK not in result.output
        return result

    def status(self, action_id: str) -> str:
        found = self.listed(
            *(f"--status={status}" for status in ("pending", "failed", "partial", "parked", "succeeded"))
        )
        return str(next(each["status"] for each in found if each["action_id"] == action_id))

    def change(self, statement: str) -> None:
        engine = create_engine(self.config["ledger_url"])
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def notes(self) -> list[str]:
        return [note["text"] for note in self.sandbox.all("notes")]

    def candidates(self) -> int:
        return sum(found["lastname"] == MARK for found in self.sandbox.all("applicants"))


def candidate(action_id: str, **more: Any) -> dict[str, Any]:
    person = {"first_name": "Jana", "last_name": MARK, "email_address": f"{action_id}@{MARK}.example.org".lower()}
    return record(CREATE, action_id=action_id, candidate={**person, **more})


def note(scene: Scene, action_id: str, content: str = MARK) -> dict[str, Any]:
    application = scene.sandbox.all("applications")[0]["applicationId"]
    return record(NOTE, action_id=action_id, application_id=str(application), content=content)


def fail(scene: Scene, *action_ids: str) -> None:
    """Have actions refused; the next try would be taken."""
    scene.sandbox.faults({"match": "POST /api2/applicants", "fault": "status", "status": 403})
    scene.target(schema(CREATE), *map(candidate, action_ids))
    scene.sandbox.faults()


def park(scene: Scene, *action_ids: str, when: str = "after_commit") -> None:
    """Have notes be sent without an answer where nobody may look what is there."""
    scene.sandbox.faults(
        {"match": PATH, "fault": "reset", "when": when},
        {"match": PATH.replace("POST", "GET"), "fault": "status", "status": 403},
    )
    scene.target(schema(NOTE), *(note(scene, action_id) for action_id in action_ids))
    scene.sandbox.faults()
