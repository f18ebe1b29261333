"""What became of the actions: a line each in a file as it happens, and a table at the end."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from typing import IO, TYPE_CHECKING, Final

from hr4you.errors import ConfigError, HR4YouError
from hr4you.ledger.reading import count_outcomes, count_stuck
from hr4you.ledger.rows import CONTENT_CHANGED, Row, Status, Step
from target_hr4you.run import logger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from hr4you.ledger.accepting import Accepted
    from hr4you.ledger.reading import Count
    from target_hr4you.run import Run

_MOST_TOLD: Final = 5
"""So many actions of the same trouble are told by themselves; the table counts the others."""

_WHAT_TO_DO: Final = {
    "OUTCOME_UNKNOWN": "look in HR4YOU whether it took effect, then `hr4you actions retry ID` with --took-effect or "
    "--not-there",
    "ATTACHMENT_GONE": "give a new URL",
    "REFERENCE_UNKNOWN": "send the action that it refers to, it goes on by itself then; where several have this id, "
    "write action:{action}/{action_id}",
    "REFERENCE_FAILED": "the action that it refers to has made no such thing: mend that, it goes on by itself then",
    "REMOTE.SERVICE_UNAVAILABLE": "the next run tries again",
    **dict.fromkeys(("INPUT_INVALID", "UNSUPPORTED_FIELD", "TENANT_MISMATCH"), "mend the record and run again"),
    "REMOTE.PERMISSION_MISSING": "ask for this right at the tenant, then `hr4you actions retry ID`",
}
_MEND: Final = "mend the record and run again, or `hr4you actions retry ID`"

_WARNINGS: Final = {
    CONTENT_CHANGED: "what took effect keeps its content, the other is not sent",
    "CANDIDATE_REUSED": "the person was there already",
    "APPLICATION_REUSED": "the application was there already",
    "SEVERAL_CANDIDATES": "several people have this e-mail address, the lowest id was taken",
    "ATTACHED_TO_CANDIDATE": "the tenant has no attachments on applications",
    "RESULT_LINK_AS_NOTE": "attributes without a custom field stand in the note",
}

_Notes = dict[tuple[str, str], tuple[int, tuple[str, ...]]]
"""(action, code) -> how many, and the first few ids."""


class OutputError(HR4YouError):
    """A file, or standard output, takes no more."""

    exit_status = 75


class Results:
    """Tells of one run's actions; for all of its threads.

    Args:
        path: of the file, None without one.

    Raises:
        ConfigError: the file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._failed: _Notes = {}
        self._warned: _Notes = {}
        self._file: IO[str] | None = None
        if path is not None:
            try:
                descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            except OSError as error:
                raise ConfigError(f"`results_path`: the file cannot be written ({error.strerror})") from None
            self._file = os.fdopen(descriptor, "a", encoding="utf-8")

    def note_accepted(self, accepted: Accepted, reason: str | None) -> None:
        """Tell of an action that ended when it came: its record is not valid, or it is finished with other content.

        Args:
            accepted: what became of it.
            reason: why the record is not valid, in words; None where it is.
        """
        row = accepted.row
        if accepted.is_changed:
            with self._lock:
                self._note(self._warned, row, CONTENT_CHANGED)
        elif not accepted.is_open and not accepted.is_old and row.status in Status.STUCK:
            self.note_ended(row, {}, reason)

    def note_ended(self, row: Row, steps: Mapping[str, Step], reason: str | None = None) -> None:
        """Write the line of an action that has ended; the first failures of each kind are told at once.

        Raises:
            OutputError: the file takes no more.
        """
        with self._lock:
            if self._file is not None:
                _write(self._file, json.dumps(row.result(steps), ensure_ascii=False, separators=(",", ":")))
            for code in {warning["code"] for warning in row.warnings}:
                self._note(self._warned, row, code)
            is_told = row.status in Status.STUCK and self._note(self._failed, row, str(row.error_code)) <= _MOST_TOLD
        if is_told:
            told = _reason(row.error_code, row.error_field) + (f": {reason}" if reason else "")
            told += f", status {row.http_status}" if row.http_status else ""
            told += f", request id {row.request_id}" if row.request_id else ""
            logger.warning("%s %s: %s", row.key.text, row.status, told)

    def _note(self, notes: _Notes, row: Row, code: str) -> int:
        """Count an action under a code, keep its id if it is one of the first, and return the count."""
        count, ids = notes.get((row.action, code), (0, ()))
        is_new = len(ids) < _MOST_TOLD and row.action_id not in ids
        notes[row.action, code] = (count + 1, (*ids, row.action_id) if is_new else ids)
        return count + 1

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # told when it was written
                self._file.close()

    def tell(self, run: Run) -> bool:
        """Log the table of outcomes; return whether an action is failed, partial or parked."""
        counts = run.ledger.read(count_outcomes, run.run_id)
        for action in dict.fromkeys(count.action for count in counts):
            own = [count for count in counts if count.action == action]
            logger.info("%s: %s", action, ", ".join(_totals(own)))
            for count in own:
                if count.status in Status.STUCK:
                    remedy = _WHAT_TO_DO.get(count.error_code or "", _MEND)
                    told = f"{count.status} {count.count}: {_reason(count.error_code, count.error_field)}"
                    logger.warning("%s %s: %s (to do: %s)", action, told, _ids(count.count, count.examples), remedy)
        for (action, code), (number, examples) in sorted(self._warned.items()):
            what = _WARNINGS.get(code)
            told = f"{code}, {what}" if what else code
            logger.warning("%s %d with %s: %s", action, number, told, _ids(number, examples))
        left = run.ledger.read(count_stuck, run.tenant, run.run_id)
        if left:
            logger.warning("%d action(s) of earlier runs are failed, partial or parked: `hr4you actions list`", left)
        return any(count.status in Status.STUCK for count in counts)


def _write(file: IO[str], line: str) -> None:
    try:
        file.write(f"{line}\n")
        file.flush()
    except OSError as error:
        raise OutputError(
            f"`results_path`: the file cannot be written ({error.strerror}). Nothing is lost: the ledger has it, run "
            "again when there is room"
        ) from None


def _totals(counts: list[Count]) -> list[str]:
    totals: Counter[str] = Counter()
    for count in counts:
        word = f"{count.status} ({count.effect})" if count.status == Status.SUCCEEDED and count.effect else count.status
        totals[f"{word} in an earlier run" if count.is_known else word] += count.count
    return [f"{number} {word}" for word, number in totals.items()]


def _ids(count: int, examples: Collection[str]) -> str:
    more = count - len(examples)
    return ", ".join(examples) + (f" and {more} more" if more > 0 else "")


def _reason(code: str | None, field: str | None) -> str:
    return f"{code} ({field})" if field else str(code)
