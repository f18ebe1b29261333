"""One step of an action, so that it takes effect exactly once.

Before the first send, what exists already is written down with the intent. After an answer that tells nothing, and
after a crash, only something that was not there before can be what the step has made.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hr4you.contract import Expression
from hr4you.errors import HR4YouError
from hr4you.http import FilePart
from hr4you.ledger.executing import adopt, note_intent, note_outcome
from hr4you.ledger.reading import made_for
from hr4you.ledger.rows import CONTENT_CHANGED, CREATED, REUSED, SERVICE_UNAVAILABLE, Problem, StepStatus, now_seconds
from hr4you.ledger.rows import Step as StepRow
from hr4you.text import to_text
from target_hr4you.attachments import AttachmentError, AttachmentUnavailableError, open_attachment
from target_hr4you.identity import content_hash
from target_hr4you.lookups import NOT_OFFERED
from target_hr4you.rendering import match_text, merge
from target_hr4you.sending import CONFLICT, Sent, send

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from hr4you.contract import Step
    from hr4you.ledger.rows import Row
    from target_hr4you.attachments import Attachment
    from target_hr4you.rendering import Scope
    from target_hr4you.run import Run

KINDS = {"applicant": "candidate"}
"""What a step makes, by its name; of other steps it is the name."""

PERSON = "candidate"
OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
_WIRE_NAME = re.compile(r"[\w.\[\]-]{1,60}")
MOST_SENDS = 3
"""In one run, for a step whose answers never tell; the next run goes on."""


class StepFailedError(Exception):
    """The step has not taken effect, and will not by itself."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class ParkedError(StepFailedError):
    """Nobody but a person can tell whether the step has taken effect."""


class DeferredError(Exception):
    """The step may have taken effect; it is too early to look.

    Attributes:
        until: seconds since 1970.
    """

    def __init__(self, until: float) -> None:
        super().__init__("too early")
        self.until = until


@dataclass
class StepWork:
    """One step to be done, or one element's share of it.

    Attributes:
        run: of which it is a part.
        row: the action.
        step: of the contract.
        state: as the ledger has it.
        scope: of the action, with the element as `item`.
        item: the element, None where the step is done once.
        warnings: of the action; are added to.
        sends: how often this run has sent each step of the action.
    """

    run: Run
    row: Row
    step: Step
    state: StepRow
    scope: Scope
    item: dict[str, Any] | None
    warnings: list[dict[str, Any]]
    sends: Counter[str]
    _file: Attachment | None = None

    def do(self) -> StepRow:
        """Do the step, or find out that it is done.

        Returns:
            Its state, which is done.

        Raises:
            StepFailedError: it is refused.
            ParkedError: it is for a person to tell.
            DeferredError: it may be done; to be called again later.
            HR4YouError: the tenant or the ledger is not there; nothing is lost.
        """
        if self.state.is_unsettled:
            settled = self._settle()
            if settled is not None:
                return settled
        with contextlib.ExitStack() as stack:
            if self._sends_file:
                self._file = stack.enter_context(self._open())
                self.scope = self.scope.having(item={**(self.item or {}), **_told(self._file)})
            for path, template in self._places():
                done = self._send_to(path, template)
                if done is not None:
                    return done
        problem = Problem("REMOTE.NOT_FOUND", self._subject, self.step.name, self.state.http_status)
        raise StepFailedError(replace(problem, request_id=self.state.request_id))

    def check_unchanged(self) -> None:
        """Warn where a step that is done has other content now: it keeps its own, and nothing is sent."""
        if self.state.content_hash is None or self.state.contract != self._fingerprint:
            return
        if content_hash({"body": self._body(), "item": self.item}) != self.state.content_hash:
            self.warn(CONTENT_CHANGED)

    # --- before it is sent -----------------------------------------------------------------------------------------

    @property
    def _sends_file(self) -> bool:
        return self.step.request.multipart is not None and self.item is not None

    def _open(self) -> Attachment:
        position = f"[{self.state.step.partition('[')[2]}" if self.step.each and "[" in self.state.step else ""
        field = "attachment" if self.row.action.startswith("add_") else f"attachments{position}"
        try:
            return open_attachment(self.item or {}, self.run.settings.attachments)
        except AttachmentUnavailableError:
            raise StepFailedError(Problem(SERVICE_UNAVAILABLE, f"{field}.data_url", self.step.name)) from None
        except AttachmentError as error:
            self._save(status=StepStatus.REFUSED)
            source = "data_url" if "data_url" in (self.item or {}) else "data"
            raise StepFailedError(Problem(error.code, f"{field}.{source}", self.step.name)) from None

    def _places(self) -> Iterator[tuple[str, str]]:
        """Yield the paths to send to, one after the other as far as the tenant does not offer them.

        What was sent without an answer is sent again to the same place only.
        """
        template = self.step.request.path
        path = self.scope.path(template)
        fallback = self.step.fallback
        is_resent = self.state.is_unsettled
        if path is not None and not (is_resent and fallback is not None and self.state.path == fallback.path):
            yield path, template
            if is_resent:
                return
        if fallback is None:
            return
        second = self._fallback_path()
        if second is None:
            return
        if path is not None:
            self.warn("ATTACHED_TO_CANDIDATE")
        yield second, fallback.path

    def _fallback_path(self) -> str | None:
        fallback = self.step.fallback
        if fallback is None:
            return None
        scope = self.scope
        if fallback.lookup is not None:
            place = scope.path(fallback.lookup.path)
            try:
                found = None if place is None else self.run.client.get(place).data
            except NOT_OFFERED:
                return None
            remote_id = to_text(fallback.lookup.id(found))
            if remote_id is None:
                return None
            scope = scope.having(lookup=remote_id)
        return scope.path(fallback.path)

    @property
    def _subject(self) -> str | None:
        """The input that says what the action is about."""
        return f"{self.row.subject_kind}_id" if self.row.subject_kind else None

    # --- sending ---------------------------------------------------------------------------------------------------

    def _send_to(self, path: str, template: str) -> StepRow | None:
        """Send to one place; None where the tenant does not offer it."""
        is_resent = self.state.is_unsettled
        known = self.state.known_ids if is_resent else self._look(path, template)
        if self.step.reuse and not is_resent:
            reused = self._reuse(known)
            if reused is not None:
                return reused
        body = self._body()
        self._intend(template, known, body)
        sent = self._request(path, body)
        self.sends[self.state.step] += 1
        seen = {"http_status": sent.status, "request_id": sent.request_id}
        if not sent.is_unknown:
            self.run.note_answer(is_usable=True)
        if sent.is_unknown:
            if self.sends[self.state.step] >= MOST_SENDS:
                self._save(status=StepStatus.UNKNOWN, **seen)
                raise StepFailedError(Problem(SERVICE_UNAVAILABLE, None, self.step.name, sent.status, sent.request_id))
            self._save(status=StepStatus.UNKNOWN, **seen)
            self.run.note_answer(is_usable=False)
            raise DeferredError(self._due)
        if sent.refusal is None:
            return self._save(status=StepStatus.DONE, effect=CREATED, remote_id=sent.remote_id, **seen)
        fallback = self.step.fallback
        if fallback is not None and sent.refusal in fallback.on and template != fallback.path:
            self._save(status=StepStatus.PENDING, **seen)
            return None
        return self._read_refusal(sent, path, is_resent=is_resent)

    def _request(self, path: str, body: Any) -> Sent:
        multipart = self.step.request.multipart
        fallback = self.step.fallback
        parts = None
        if multipart is not None:
            parts = {name: part for name, found in multipart.items() if (part := self._part(found)) is not None}
        try:
            if not self.run.is_alive:
                raise DeferredError(now_seconds())
            return send(
                self.run.client,
                self.step,
                path,
                errors=self.run.contract.api.errors,
                params=self._params(),
                body=body,
                parts=parts,
                also_refused=() if fallback is None else fallback.on,
            )
        except HR4YouError:  # surely not executed
            self._save(status=StepStatus.PENDING)
            raise

    def _part(self, expression: Expression) -> str | FilePart | None:
        if expression.text == "item.file" and self._file is not None:
            return FilePart(self._file.name, self._file.file, self._file.content_type)
        return to_text(self.scope.find(expression))

    def _params(self) -> dict[str, str] | None:
        return self.scope.params(self.step.request.params) or None

    def _body(self) -> Any:
        tree = self.step.request.body
        body = None if tree is None else self.scope.render(tree)
        own = self.scope.value("remote_fields", "hr4you", self.step.name)
        return merge(body, own) if own else body

    def _read_refusal(self, sent: Sent, path: str, *, is_resent: bool) -> StepRow:
        """Take a refusal for what it is: the thing exists already, or there is none.

        Raises:
            StepFailedError: there is none.
        """
        seen = {"http_status": sent.status, "request_id": sent.request_id}
        if sent.refusal == CONFLICT:
            existing = sent.existing_id
            if existing is None:
                found = self._look(path, self.state.path or "") or []
                existing = found[0] if len(found) == 1 else None
            if existing is not None:
                is_own = is_resent and existing not in (self.state.known_ids or [])
                if not is_own:
                    self._warn_reused()
                effect = CREATED if is_own else REUSED
                return self._save(status=StepStatus.DONE, effect=effect, remote_id=existing, **seen)
        self._save(status=StepStatus.REFUSED, **seen)
        raise StepFailedError(self._why(sent))

    def _why(self, sent: Sent) -> Problem:
        """Return what a refusal means for the action's inputs."""
        field = next((path for path in map(self._input_of, sent.fields) if path is not None), None)
        problem = sent.problem(self.step.name, field)
        if problem.code == "REMOTE.NOT_FOUND" and field is None:
            problem = replace(problem, field=self._subject)
        job = to_text(self.scope.value("application", "job_id"))
        is_input = problem.code == "REMOTE.INPUT_INVALID"
        if self.state.kind == "application" and job and is_input and self.run.lookups.is_closed_job(job):
            return replace(problem, code="ATS.JOB_CLOSED", field="application.job_id")
        return problem

    def _input_of(self, wire_name: str) -> str | None:
        """Return the input that goes into one of the body's keys; the key where no single input does."""
        tree = self.step.request.body or self.step.request.multipart or {}
        found = tree.get(wire_name.partition(".")[0]) if isinstance(tree, dict) else None
        if isinstance(found, Expression) and found.path:
            return found.text
        return wire_name if _WIRE_NAME.fullmatch(wire_name) else None

    # --- what exists -----------------------------------------------------------------------------------------------

    def _look(self, path: str, template: str) -> list[str] | None:
        """Return the ids that are there; None where nobody may look."""
        found = self._find(path, template)
        return None if found is None else sorted(found, key=_as_number)

    def _find(self, path: str, template: str) -> dict[str, str] | None:
        find = self.step.find
        if find is None:
            return None
        place = path
        if template == self.step.request.path and find.path != template:
            rendered = self.scope.path(find.path)
            if rendered is None:
                return None
            place = rendered
        return self.run.lookups.find(find, self.scope, place, self.state.kind)

    def _reuse(self, known: list[str] | None) -> StepRow | None:
        """Take what exists, as far as the settings allow; None where it is to be made.

        Raises:
            StepFailedError: it is not to be made, or nobody may look whether the person exists.
        """
        if self.state.kind == PERSON:
            mode = self.run.settings.on_existing_candidate
            if mode == "create":
                return None
            if known is None:
                raise StepFailedError(Problem("REMOTE.PERMISSION_MISSING", "candidate.email_address", self.step.name))
            known = known or self._made_before()
            if known and mode == "fail":
                raise StepFailedError(
                    Problem("ATS.CANDIDATE_ALREADY_EXISTS", "candidate.email_address", self.step.name)
                )
        if not known:
            return None
        if len(known) > 1 and self.state.kind == PERSON:
            self.warn("SEVERAL_CANDIDATES")
        self._warn_reused()
        return self._save(
            status=StepStatus.DONE, effect=REUSED, remote_id=known[0], method=None, path=None, known_ids=known
        )

    def _made_before(self) -> list[str]:
        """Return a person whom the tenant's search does not show yet, but an action has made."""
        if self.row.email_hmac is None:
            return []
        made = self.run.ledger.read(made_for, self.run.tenant, self.row.email_hmac)
        return [remote_id for remote_id in made if self.run.lookups.is_there(PERSON, remote_id)][:1]

    # --- after no answer -------------------------------------------------------------------------------------------

    @property
    def _due(self) -> float:
        return (self.state.sent_at or 0.0) + self.run.settings.quarantine

    def _settle(self) -> StepRow | None:
        """Find out what became of a request without an answer; None: nothing, it may be sent again.

        Raises:
            DeferredError: it is too early to look.
            ParkedError: it cannot be told.
        """
        if now_seconds() < self._due:
            raise DeferredError(self._due)
        if self.step.repeatable:
            return None
        found = self._find_again() if self.state.known_ids is not None else None
        if found is None:
            if self.run.settings.resend_unknown:
                return None
            raise self._park()
        known = set(self.state.known_ids or ())
        wanted = self.state.match_hmac
        new = [
            remote_id
            for remote_id, text in found.items()
            if remote_id not in known and (wanted is None or self.run.ledger.hmac(text) == wanted)
        ]
        if not new:
            return None
        adopted: StepRow | None = self.run.write(adopt, self.state, sorted(new, key=_as_number))
        if adopted is None:
            return None
        if adopted.status != StepStatus.DONE:
            raise self._park()
        self.state = adopted
        return adopted

    def _find_again(self) -> dict[str, str] | None:
        """List what is there in the place to which it was sent."""
        fallback = self.step.fallback
        if fallback is not None and self.state.path == fallback.path:
            path = self._fallback_path()
            return None if path is None else self._find(path, fallback.path)
        path = self.scope.path(self.step.request.path)
        return None if path is None else self._find(path, self.step.request.path)

    def _park(self) -> ParkedError:
        self._save(status=StepStatus.UNKNOWN)
        return ParkedError(
            Problem(OUTCOME_UNKNOWN, None, self.step.name, self.state.http_status, self.state.request_id)
        )

    # --- the ledger ------------------------------------------------------------------------------------------------

    def _intend(self, template: str, known: list[str] | None, body: Any) -> None:
        find = self.step.find
        match = None
        if find is not None and find.match:
            values = {name: self.scope.find(expression) for name, expression in find.match.items()}
            match = self.run.ledger.hmac(match_text(values))
        self.state = self.run.write(
            note_intent,
            replace(
                self.state,
                status=StepStatus.SENT,
                method=self.step.request.method,
                path=template,
                contract=self._fingerprint,
                content_hash=content_hash({"body": body, "item": self.item}),
                match_hmac=match,
                known_ids=known,
                sent_at=now_seconds(),
            ),
        )

    @property
    def _fingerprint(self) -> str | None:
        action = self.run.contract.actions.get(self.row.action)
        return None if action is None else action.fingerprint

    def _save(self, **values: Any) -> StepRow:
        self.state = self.run.write(note_outcome, replace(self.state, **values))
        return self.state

    def warn(self, code: str, field: str | None = None) -> None:
        """Add a warning to the action's, once."""
        warning = {"code": code, "field": field}
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _warn_reused(self) -> None:
        code = {PERSON: "CANDIDATE_REUSED", "application": "APPLICATION_REUSED"}.get(self.state.kind)
        if code is not None:
            self.warn(code)


def _told(file: Attachment) -> dict[str, Any]:
    """Return what is known of a file only when it is open."""
    return {"name": file.name, "size": file.size, "content_type": file.content_type}


def _as_number(remote_id: str) -> tuple[int, str]:
    """Return what sorts ids that are numbers as such, and others behind them."""
    return (int(remote_id), "") if remote_id.isascii() and remote_id.isdigit() else (1 << 62, remote_id)


class PassthroughWork(StepWork):
    """A request that the record spells out; nothing tells how to look whether it took effect."""

    def _places(self) -> Iterator[tuple[str, str]]:
        yield str(self.scope.value("path")), self.step.request.path

    def _params(self) -> dict[str, str] | None:
        given: dict[str, Any] | None = self.scope.value("params")
        return given

    def _body(self) -> Any:
        return self.scope.value("body")
