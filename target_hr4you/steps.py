"""One step of an action, so that it takes effect exactly once.

Before the first send, what exists already is written down with the intent. After an answer that tells nothing, and
after a crash, only something that was not there before can be what the step has made.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import HR4YouError
from hr4you.ledger.executing import adopt, note_intent, note_outcome
from hr4you.ledger.rows import CONTENT_CHANGED, CREATED, REUSED, SERVICE_UNAVAILABLE, Problem, StepStatus, now_seconds
from hr4you.ledger.rows import Step as StepRow
from target_hr4you.endings import DeferredError, ParkedError, StepFailedError
from target_hr4you.existing import PERSON, Place, Surroundings
from target_hr4you.identity import content_hash
from target_hr4you.refusals import open_item, why_refused
from target_hr4you.sending import CONFLICT, Message, Sent, compose, send

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from hr4you.contract import Step
    from hr4you.ledger.rows import Row
    from target_hr4you.attachments import Attachment
    from target_hr4you.rendering import Scope
    from target_hr4you.run import Run

MOST_SENDS: Final = 3
"""In one run, for a step whose answers never tell; the next run goes on."""

_NOT_EXECUTED: Final = frozenset({StepStatus.PENDING, StepStatus.REFUSED})
_OUT_OF_SERVICE: Final = 503
_REUSED: Final = {PERSON: "CANDIDATE_REUSED", "application": "APPLICATION_REUSED"}


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
        file: Attachment | None = None
        with contextlib.ExitStack() as stack:
            if self.step.request.multipart is not None and self.item is not None:
                file = stack.enter_context(self._open())
                told = {"name": file.name, "size": file.size, "content_type": file.content_type}
                self.scope = self.scope.having(item={**self.item, **told})
            for place in self._places():
                done = self._send_to(place, file)
                if done is not None:
                    return done
        problem = Problem("REMOTE.NOT_FOUND", self._subject, self.step.name, self.state.http_status)
        raise StepFailedError(replace(problem, request_id=self.state.request_id))

    def check_unchanged(self) -> None:
        """Warn where a step that is done has other content now: it keeps its own, and nothing is sent."""
        is_known = self.state.content_hash is not None and self.state.contract == self.run.fingerprint(self.row.action)
        if is_known and self._content_hash(self._message(None)) != self.state.content_hash:
            self.warn(CONTENT_CHANGED)

    def warn(self, code: str | None, field: str | None = None) -> None:
        """Add a warning to the action's, once."""
        warning = {"code": code, "field": field}
        if code is not None and warning not in self.warnings:
            self.warnings.append(warning)

    # --- sending ---------------------------------------------------------------------------------------------------

    def _open(self) -> Attachment:
        position = self.state.step.removeprefix(self.step.name)
        field = "attachment" if self.row.action.startswith("add_") else f"attachments{position}"
        try:
            return open_item(self.item or {}, self.run.settings.attachments, field=field, step=self.step.name)
        except StepFailedError as error:
            if error.problem.code != SERVICE_UNAVAILABLE:
                self._save(status=StepStatus.REFUSED)
            raise

    def _places(self) -> Iterator[Place]:
        """Yield where to send to, one place after the other as far as the tenant does not offer them.

        What was sent without an answer is sent again to the same place only.
        """
        around = self._around
        if self.state.is_unsettled:
            place = around.place_of(self.state.path)
            if place is not None:
                yield place
            return
        first = around.first_place
        if first is not None:
            yield first
        second = around.second_place
        if second is not None:
            if first is not None:
                self.warn("ATTACHED_TO_CANDIDATE")
            yield second

    def _send_to(self, place: Place, file: Attachment | None) -> StepRow | None:
        """Send to one place; None where the tenant does not offer it."""
        is_resent = self.state.is_unsettled
        known = self.state.known_ids if is_resent else self._around.ids(place)
        # also where it is sent again: another action may have made the same person meanwhile
        reused = self._reuse(self._around.ids(place) if is_resent else known) if self.step.reuse else None
        if reused is not None:
            return reused
        message = self._message(file)
        self._intend(place, known, message)
        sent = self._request(place, message)
        self.sends[self.state.step] += 1
        if sent.is_unknown:
            self._save(status=StepStatus.UNKNOWN, sent_at=now_seconds(), **sent.seen)  # until now it may be under way
            self.run.note_answer(is_usable=False)
            if self.sends[self.state.step] >= MOST_SENDS:
                if sent.status == _OUT_OF_SERVICE:
                    raise self.run.down(f"{self.step.request.method} {place.template}")
                problem = Problem(SERVICE_UNAVAILABLE, None, self.step.name, sent.status, sent.request_id)
                raise StepFailedError(problem)
            raise DeferredError(self._due)
        self.run.note_answer(is_usable=True)
        if sent.refusal is None:
            return self._done(CREATED, sent.remote_id, sent)
        fallback = self.step.fallback
        if fallback is not None and sent.refusal in fallback.on and place.template != fallback.path:
            self._save(status=StepStatus.PENDING, **sent.seen)
            return None
        return self._read_refusal(sent, place, is_resent=is_resent)

    def _message(self, file: Attachment | None) -> Message:
        return compose(self.step, self.scope, file)

    def _request(self, place: Place, message: Message) -> Sent:
        """Send, and put the intent back where it surely was not executed."""
        errors = self.run.contract.api.errors
        try:
            alive = self.run.check_alive
            return send(self.run.client, self.step, place.path, message, errors=errors, before_send=alive)
        except HR4YouError:
            self._save(status=StepStatus.PENDING)
            raise

    def _read_refusal(self, sent: Sent, place: Place, *, is_resent: bool) -> StepRow:
        """Take a refusal for what it is: the thing exists already, or there is none.

        Raises:
            StepFailedError: there is none.
        """
        if sent.refusal == CONFLICT:
            existing = sent.existing_id
            if existing is None and self.state.kind in _REUSED:
                found = self._around.ids(place) or []
                existing = found[0] if len(found) == 1 else None
            if existing is not None:
                return self._take_existing(existing, sent, may_be_own=is_resent)
        self._save(status=StepStatus.REFUSED, **sent.seen)
        kind, subject = self.state.kind, self._subject
        raise StepFailedError(why_refused(sent, self.step, self.scope, self.run.lookups, kind=kind, subject=subject))

    def _take_existing(self, remote_id: str, sent: Sent, *, may_be_own: bool) -> StepRow:
        """Take what a 409 has named: what this step has made without an answer, or what was there."""
        if may_be_own and remote_id not in (self.state.known_ids or []):
            own: StepRow | None = self.run.write(adopt, replace(self.state, **sent.seen), [remote_id])
            if own is not None:
                self.state = own
                return own
        self.warn(_REUSED.get(self.state.kind))
        return self._done(REUSED, remote_id, sent)

    def _reuse(self, known: list[str] | None) -> StepRow | None:
        """Take what exists, as far as the settings allow; None where it is to be made.

        Raises:
            StepFailedError: it is not to be made, or nobody may look whether the person exists.
        """
        is_person, mode = self.state.kind == PERSON, self.run.settings.on_existing_candidate
        if is_person:
            if mode == "create":
                return None
            field = "candidate.email_address"
            if known is None:
                raise StepFailedError(Problem("REMOTE.PERMISSION_MISSING", field, self.step.name))
            known = known or self._around.made_before()
            if known and mode == "fail":
                raise StepFailedError(Problem("ATS.CANDIDATE_ALREADY_EXISTS", field, self.step.name))
        if not known:
            return None
        self.warn("SEVERAL_CANDIDATES" if is_person and len(known) > 1 else None)
        self.warn(_REUSED.get(self.state.kind))
        return self._save(status=StepStatus.DONE, effect=REUSED, remote_id=known[0], known_ids=known)

    # --- after no answer -------------------------------------------------------------------------------------------

    @property
    def _due(self) -> float:
        """When to look what became of the last send, in seconds since 1970."""
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
        new = self._around.appeared(self.state)
        if new is None and not self.run.settings.resend_unknown:
            raise self._park()
        adopted: StepRow | None = self.run.write(adopt, self.state, new) if new else None
        if adopted is not None and adopted.status != StepStatus.DONE:
            raise self._park()
        self.state = adopted or self.state
        return adopted

    def _park(self) -> ParkedError:
        self._save(status=StepStatus.UNKNOWN)
        return ParkedError(
            Problem("OUTCOME_UNKNOWN", None, self.step.name, self.state.http_status, self.state.request_id)
        )

    # --- the ledger ------------------------------------------------------------------------------------------------

    def _intend(self, place: Place, known: list[str] | None, message: Message) -> None:
        self.state = self.run.write(
            note_intent,
            replace(
                self.state,
                status=StepStatus.SENT,
                method=self.step.request.method,
                path=place.template,
                contract=self.run.fingerprint(self.row.action),
                content_hash=self._content_hash(message),
                match_hmac=self._around.wanted(),
                known_ids=known,
                sent_at=now_seconds(),
            ),
        )

    def _content_hash(self, message: Message) -> str:
        return content_hash({"body": message.body, "item": self.item})

    def _done(self, effect: str, remote_id: str | None, sent: Sent) -> StepRow:
        return self._save(status=StepStatus.DONE, effect=effect, remote_id=remote_id, **sent.seen)

    def _save(self, **values: Any) -> StepRow:
        if values["status"] in _NOT_EXECUTED:
            values["kept_payload"] = None  # nothing of it took effect: what came since is what counts
        self.state = self.run.write(note_outcome, replace(self.state, **values))
        return self.state

    @property
    def _around(self) -> Surroundings:
        return Surroundings(self.run, self.row, self.step, self.scope, self.state.kind)

    @property
    def _subject(self) -> str | None:  # the input that says what the action is about
        return f"{self.row.subject_kind}_id" if self.row.subject_kind else None
