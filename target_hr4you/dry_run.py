"""Shows what a run would do, without doing it: no request that writes, no row in the ledger, no STATE."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from hr4you.errors import AnswerError, HR4YouError
from hr4you.ledger.accepting import NEW_URL_MENDS
from hr4you.ledger.executing import Claim
from hr4you.ledger.retrying import Choice, list_actions
from hr4you.ledger.rows import REFERENCE_CODES, SERVICE_UNAVAILABLE, Key, Row, Status, StepStatus
from hr4you.ledger.subjects import MAKERS, follow
from target_hr4you.rehearsal import ActionTold, promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you.ledger.accepting import Incoming
    from hr4you.ledger.rows import Step
    from target_hr4you.run import Run

_MOST_TOLD: Final = 20
_LEFT: Final = (
    Choice(Status.OPEN),
    Choice((Status.FAILED, Status.PARTIAL), code=SERVICE_UNAVAILABLE),
)
"""What a run executes first, whatever comes in."""


class RecordsInvalidError(HR4YouError):
    """Records of the input are not valid."""


class DryRun:
    """Takes the place of the executor: tells what it would do, on stderr.

    Args:
        run: whose ledger is only read.

    Attributes:
        error: that records are not valid, at the end; None where all are, or where `fail_on_errors` is off.
        is_stopped: whether nothing more is to be read.
    """

    def __init__(self, run: Run) -> None:
        self.error: HR4YouError | None = None
        self.is_stopped = False
        self._run = run
        self._counts: dict[str, Counter[str]] = {}
        self._seen: dict[Key, str] = {}
        self._made: dict[Key, dict[str, str]] = {}
        self._earlier: dict[str, str] = {}
        self._waiting: list[tuple[Row, dict[str, Step]]] = []
        self._unanswered: list[str] = []

    def wait_for_room(self) -> None:
        """There is always room."""

    def pass_on(self, write: Callable[[], None]) -> None:
        """Leave STATE where it is: nothing was done."""

    def stop(self, error: BaseException | None = None) -> None:  # noqa: ARG002  # the executor's signature
        """Read nothing more."""
        self.is_stopped = True

    def close(self) -> None:
        """Let go of the connections."""
        self._run.stop()

    def accept(self, incoming: Incoming) -> None:
        """Tell what would become of a record. Raises `HR4YouError` where the tenant or the ledger is not there."""
        key = incoming.key
        if incoming.problem is not None:
            self._end(key, "not valid", f"{incoming.problem.code} ({incoming.problem.field}): {incoming.reason}")
            return
        earlier = self._seen.get(key)
        if earlier is not None:
            content = "the same" if earlier == incoming.exact_hash else "other"
            self._end(key, "came before", f"in this input, with {content} content")
            return
        self._seen[key] = incoming.exact_hash
        ledger, tenant = self._run.ledger, self._run.tenant
        known = ledger.read(Row.find, tenant, key)
        reason = None if known is None else _why_not(known, incoming)
        if reason is not None:
            self._end(key, *reason)
            return
        if known is not None:
            _say(f"{key.text}: {known.status} before, and executed again as its content is new")
        row = _row_of(tenant, incoming, known)
        steps = {} if known is None else ledger.read(known.steps)
        subject = self._subject_of(row)
        if row.subject is not None and subject is None:
            self._waiting.append((row, steps))
        else:
            self._rehearse(row, steps, subject)

    def finish(self) -> None:
        """Tell of what refers to later records, and the counts."""
        for row, steps in self._waiting:
            subject = self._subject_of(row)
            if subject is not None:
                self._rehearse(row, steps, subject)
                continue
            reference = (row.subject or "").replace("action:*/", "action:")
            self._unanswered.append(f"{row.key.text} ({reference})")
            self._end(row.key, "without an answer to its reference", f"{row.subject_kind}_id: {reference}")
        for action, counts in self._counts.items():
            _say(f"{action}: {', '.join(f'{number} {word}' for word, number in counts.items())}")
        if self._unanswered:
            more = ", .." if len(self._unanswered) > _MOST_TOLD else ""
            told = ", ".join(self._unanswered[:_MOST_TOLD])
            _say(f"References that nothing in the input or the ledger answers: {told}{more}")
        left = sum(self._count_left(choice) for choice in _LEFT)
        if left:
            _say(f"The ledger holds {left} action(s) of earlier runs that are not done: a run executes them first.")
        _say("Dry run: nothing was sent, no ledger was written, no state passed on.")
        if any(counts["not valid"] for counts in self._counts.values()) and self._run.settings.fail_on_errors:
            self.error = RecordsInvalidError("Some records are not valid: see above. Nothing was sent")

    def _count_left(self, choice: Choice) -> int:
        return self._run.ledger.read(list_actions, self._run.tenant, choice, 1)[1]

    def _end(self, key: Key, word: str, more: str) -> None:
        self._counts.setdefault(key.action, Counter())[word] += 1
        _say(f"{key.text}: {word}: {more}")

    def _subject_of(self, row: Row) -> str | None:
        """Return the remote id of what an action is about, or words for what is made first; None: not known."""
        form, _, rest = (row.subject or "").partition(":")
        if form == "remote" or row.subject_kind is None:
            return rest or None
        action, _, action_id = rest.partition("/")
        found: list[str | None] = []
        for key in [Key(name, action_id) for name in (MAKERS if action == "*" else (action,))]:
            if key in self._made:
                found.append(self._made[key].get(row.subject_kind))
                continue
            other = self._run.ledger.read(follow, row.tenant, row.subject_kind, key.action, action_id)
            if other.status is not None:
                is_open = other.status in Status.OPEN or other.error_code == SERVICE_UNAVAILABLE
                found.append(other.remote_id or (promise(row.subject_kind, key) if is_open else None))
        return found[0] if len(found) == 1 else None

    def _rehearse(self, row: Row, steps: dict[str, Step], subject: str | None) -> None:
        work = ActionTold(self._run, Claim(row, steps), subject, earlier=self._earlier)
        try:
            ended = work.do()
        except AnswerError as error:
            self._made[row.key] = {}
            self._end(row.key, "not to be told", str(error))
            return
        for line in work.lines:
            _say(f"{row.key.text}: {line}")
        warnings = ", ".join(sorted({warning["code"] for warning in json.loads(ended["warnings"])}))
        if warnings:
            _say(f"{row.key.text}: warnings: {warnings}")
        done = [state for state in work.states.values() if state.status == StepStatus.DONE]
        self._made[row.key] = {state.kind: state.remote_id for state in done if state.remote_id is not None}
        if ended["error_code"] is not None:
            place = f" ({ended['error_field']})" if ended["error_field"] else ""
            self._end(row.key, "would fail", f"{ended['error_code']}{place}")
        else:
            self._counts.setdefault(row.action, Counter())["to be sent" if work.sends else "there already"] += 1


def _say(line: str) -> None:
    click.echo(line, err=True)  # stdout is for STATE


def _why_not(known: Row, incoming: Incoming) -> tuple[str, str] | None:
    """Return why a run would not begin with what came, in the ways of `hr4you.ledger.accepting`; None if it would."""
    is_same = known.exact_hash == incoming.exact_hash
    is_same_but_urls = known.content_hash is not None and known.content_hash == incoming.content_hash
    if known.status in {Status.SUCCEEDED, Status.ERASED}:
        if is_same_but_urls or known.status == Status.ERASED:
            return "done before", "not sent again"
        return "done before, with other content", "CONTENT_CHANGED, not sent"
    is_again = known.is_transient or known.error_code in REFERENCE_CODES
    if known.status == Status.RUNNING or (is_same and (known.status == Status.PENDING or is_again)):
        return "open in the ledger", "a run goes on with it before what is new"
    is_stuck = known.status in Status.STUCK and not is_again
    if is_same or (is_same_but_urls and is_stuck and known.error_code not in NEW_URL_MENDS):
        return f"{known.status} before", f"{known.error_code}, not sent again: mend it, or `hr4you actions retry`"
    return None


def _row_of(tenant: str, incoming: Incoming, known: Row | None) -> Row:
    """Return the row that the ledger would have."""
    about = {name: getattr(incoming, name) for name in ("payload", "subject_kind", "subject", "email_hmac")}
    if known is not None:
        return replace(known, warnings=list(incoming.warnings), **about)
    values = {"action": incoming.key.action, "action_id": incoming.key.action_id, "status": Status.PENDING}
    return Row.new(0, tenant=tenant, warnings=json.dumps(list(incoming.warnings)), **values, **about)
