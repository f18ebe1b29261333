"""A tenant that the target writes to and the tap reads, with the target's ledger in a file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tests.tap_hr4you.runs import TapRun, run_tap
from tests.target_hr4you.runs import TargetRun, record, run_target, schema, target_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.control import Control

OLD = "2024-01-01T00:00:00Z"


@dataclasses.dataclass
class Pipeline:
    """Target and tap of one tenant; the tap goes on from the state of its run before.

    Attributes:
        settings: of the tap.
    """

    sandbox: Control
    folder: Path
    settings: dict[str, Any]
    state: Mapping[str, Any] | None = None

    def write(self, action: str, *records: Mapping[str, Any], status: int = 0, **settings: Any) -> TargetRun:
        """Run the target over these records of one action."""
        config = target_config(self.sandbox, self.folder, **settings)
        run = run_target(config, [schema(action), *(record(action, **fields) for fields in records)])
        assert run.status == status, run.log
        return run

    def create(self, *numbers: int) -> list[str]:
        """Create candidates and return their remote ids."""
        before = set(self.ids("applicants"))
        self.write("create_candidate", *(person(number) for number in numbers))
        return sorted(set(self.ids("applicants")) - before, key=int)

    def ids(self, kind: str) -> list[str]:
        """The remote ids of what the tenant has."""
        key = {"applicants": "applicantId", "applications": "applicationId", "jobs": "jobId"}[kind]
        return [str(wire[key]) for wire in self.sandbox.all(kind)]

    def read(self, *arguments: str, **settings: Any) -> TapRun:
        """Run the tap and keep its state."""
        run = run_tap({**self.settings, **settings}, *arguments, state=self.state)
        assert run.status == 0, run.log
        self.state = run.state
        return run

    def asked(self, *arguments: str, **settings: Any) -> tuple[TapRun, dict[str, int]]:
        """Run the tap; return what it asked the tenant, too."""
        before = self.sandbox.requests()
        run = self.read(*arguments, **settings)
        after = self.sandbox.requests()
        asked = {path: count - before.get(path, 0) for path, count in after.items() if count > before.get(path, 0)}
        return run, asked


def pipeline(sandbox: Control, folder: Path, **settings: Any) -> Pipeline:
    """Return a pipeline whose tap has these settings, and the target's ledger."""
    ledger_url = target_config(sandbox, folder)["ledger_url"]
    return Pipeline(sandbox, folder, {**sandbox.config, "ledger_url": ledger_url, **settings})


def person(number: int, **more: Any) -> dict[str, Any]:
    """The record of a candidate."""
    candidate = {"first_name": "Grit", "last_name": f"Ledger {number}", "email_address": f"grit{number}@example.org"}
    return {"action_id": str(number), "candidate": candidate, **more}


def remote_ids(run: TapRun, stream: str = "candidates", *, deleted: bool = False) -> list[str]:
    """The remote ids of a stream's records, those that are there or those that are gone, in ascending order."""
    found = [each["remote_id"] for each in run.records(stream) if (each["remote_deleted_at"] is not None) == deleted]
    return sorted(found, key=int)
