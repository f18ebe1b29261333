"""One action: its steps in the contract's order, each where it stopped, and what the action has come to."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hr4you.contract import Request, Step
from hr4you.ids import make_id
from hr4you.ledger.rows import CREATED, SERVICE_UNAVAILABLE, Problem, Status, StepStatus, now_seconds
from hr4you.ledger.rows import Step as StepRow
from target_hr4you.endings import ParkedError, StepFailedError
from target_hr4you.existing import KINDS, Place
from target_hr4you.identity import APPLICATION_REFERENCES, content_hash, parse_reference
from target_hr4you.rendering import Scope
from target_hr4you.sending import Message
from target_hr4you.steps import StepWork
from target_hr4you.wording import Wording, to_wire_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.ledger.executing import Claim
    from target_hr4you.attachments import Attachment
    from target_hr4you.run import Run

PASSTHROUGH = "passthrough"

_MAIN = {"create_candidate": "candidate", "create_application": "application"}
"""What an action is for: its step's effect is the action's."""


@dataclass
class ActionWork:
    """One action, claimed by this run.

    Attributes:
        subject: remote id of the candidate or application that it is about, None where it makes its own.
        sends: how often this run has sent each of its steps.
        states: its steps by their keys, as the ledger has them.
        reason: why it has failed, in words; None where there is nothing to add to the code.
    """

    run: Run
    claim: Claim
    subject: str | None
    sends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        row = self.claim.row
        self.claim = replace(self.claim, row=replace(row, payload=None))  # it may be as long as an attachment
        self.states = dict(self.claim.steps)
        self._warnings = list(row.warnings)
        self._wording = Wording(self.run.contract, self.run.lookups, self._warnings)
        self._content = json.loads(row.payload or "{}")
        self._problems: list[tuple[Problem, bool]] = []
        self.reason: str | None = None

    def do(self) -> dict[str, Any]:
        """Do what is left to do.

        Returns:
            Columns of the ledger: what the action has come to.

        Raises:
            DeferredError: a step may have taken effect, and it is too early to look.
            HR4YouError: the tenant or the ledger is not there; nothing is lost.
        """
        scope = self.scope_of(self._content)
        for position, step in enumerate(self._contract_steps()):
            if step.when is not None and not scope.find(step.when):
                continue
            ended = [self._do_one(step, position, key, item, scope) for key, item in self._items(step, scope)]
            if step.each is None and not all(ended):
                break  # what follows hangs on it
        return self._outcome()

    def scope_of(self, content: dict[str, Any]) -> Scope:
        """Return what expressions look at: the content, with references and source as on the wire."""
        values = dict(content)
        application = dict(values.get("application") or {})
        for name, model in APPLICATION_REFERENCES.items():
            if name in application:
                reference = parse_reference(application[name], tenant=self.run.tenant, model=model)
                application[name] = to_wire_id(reference.remote_id)
        values["application"] = application
        row = self.claim.row
        if row.subject_kind is not None:
            values[f"{row.subject_kind}_id"] = to_wire_id(self.subject)
        if not values.get("source") and self.run.settings.default_source:
            values["source"] = {"name": self.run.settings.default_source}
        return Scope(values, self._wording)

    def _contract_steps(self) -> tuple[Step, ...]:
        if self.claim.row.action == PASSTHROUGH:
            request = Request(method=self._content["method"], path=PASSTHROUGH)
            return (Step(name="request", request=request),)
        return self.run.contract.actions[self.claim.row.action].steps

    def _items(self, step: Step, scope: Scope) -> list[tuple[str, dict[str, Any] | None]]:
        """Return the step's key in the ledger with its element; several for `each`."""
        if step.each is None:
            return [(step.name, None)]
        items = [item for item in scope.find(step.each) or [] if isinstance(item, dict)]
        own = {key: state for key, state in self.states.items() if state.name == step.name}
        return list(zip(self._pair(step.name, items, own), items, strict=True))

    def _pair(self, name: str, items: list[dict[str, Any]], states: dict[str, StepRow]) -> list[str]:
        """Find out which element is which step of an earlier execution, as mended content may differ.

        The same file name tells it, then the place among those that are left and not done; others are new.
        """
        left = dict(states)
        keys: list[str | None] = []
        for item in items:
            wanted = self._item_name(item)
            key = next((key for key, state in left.items() if state.item_name == wanted), None)
            keys.append(key)
            left.pop(key or "", None)
        spare = [key for key, state in left.items() if state.status != StepStatus.DONE and not state.is_unsettled]
        fresh = (key for number in range(len(items) + len(states)) if (key := f"{name}[{number}]") not in states)
        return [key or (spare.pop(0) if spare else next(fresh)) for key in keys]

    def _item_name(self, item: dict[str, Any]) -> str:
        told = item.get("name") or content_hash({"data": item.get("data"), "data_url": item.get("data_url")})
        return self.run.ledger.hmac(str(told))

    def _do_one(self, step: Step, position: int, key: str, item: dict[str, Any] | None, scope: Scope) -> bool:
        """Do a step, or one element's share of it; whether it is done."""
        kind = KINDS.get(step.name, step.name)
        name = None if item is None else self._item_name(item)
        tenant, seq = self.run.tenant, self.claim.row.seq
        state = self.states.get(key) or StepRow(seq, key, position, kind, StepStatus.PENDING, tenant)
        state = replace(state, position=position, kind=kind, item_name=name)
        work = self._work(step, state, item, scope)
        if state.status != StepStatus.DONE:
            self.run.check_stopping()
        try:
            done = state if state.status == StepStatus.DONE else work.do()
        except StepFailedError as error:
            self.states[key] = work.state
            self._problems.append((error.problem, isinstance(error, ParkedError)))
            return False
        if done is state:
            work.check_unchanged()
        self.states[key] = done
        if step.each is None:
            scope.note_step(step.name, done.remote_id)
        return True

    def _work(self, step: Step, state: StepRow, item: dict[str, Any] | None, scope: Scope) -> StepWork:
        if state.kept_payload is not None and state.is_unsettled:  # it may have taken effect with what came earlier
            scope = self._kept_scope(state.kept_payload)
            kept = dict(self._items(step, scope))
            item = kept.get(state.step, item)
        scope = scope if item is None else scope.having(item=item)
        kind = PassthroughWork if self.claim.row.action == PASSTHROUGH else StepWork
        return kind(self.run, self.claim.row, step, state, scope, item, self._warnings, self.sends)

    def _kept_scope(self, payload: str) -> Scope:
        scope = self.scope_of(json.loads(payload))
        for key, state in self.states.items():
            if state.status == StepStatus.DONE and "[" not in key:
                scope.note_step(state.name, state.remote_id)
        return scope

    @property
    def has_effect(self) -> bool:
        """Whether one of its steps has made something, in this run or an earlier one."""
        return any(state.effect == CREATED for state in self.states.values())

    def interrupted(self, code: str) -> dict[str, Any]:
        """Return the columns of an action that could not be executed to its end, and will be by a later run."""
        self._problems.append((Problem(code), False))
        return self._outcome()

    def _outcome(self) -> dict[str, Any]:
        row, states = self.claim.row, self.states.values()
        status, problem, until = Status.SUCCEEDED, Problem.NONE, None
        if self._problems:
            found = [problem for problem, _ in self._problems]
            problem = next((each for each in found if each.code == SERVICE_UNAVAILABLE), found[0])
            status = Status.PARTIAL if self.has_effect else Status.FAILED
            is_transient = problem.code == SERVICE_UNAVAILABLE  # the next run needs its content
            until = None if is_transient else now_seconds() + self.run.settings.retention
            if any(is_parked for _, is_parked in self._problems):
                status = Status.PARKED
                problem = next(problem for problem, is_parked in self._problems if is_parked)
        self.reason = problem.reason
        main = _MAIN.get(row.action)
        effects = [state.effect for state in states if main in {None, state.kind} and state.effect is not None]
        made = {state.kind: state.model_id for state in states if state.status == StepStatus.DONE}
        ids = {kind: made.get(kind) for kind in ("candidate", "application")}
        if row.subject_kind is not None and self.subject is not None:
            ids[row.subject_kind] = make_id(self.run.tenant, row.subject_kind, self.subject)
        return {
            "status": status,
            "effect": effects[0] if effects else None,
            "candidate_id": ids["candidate"],
            "application_id": ids["application"],
            "warnings": json.dumps(self._warnings),
            "payload_until": until,
            **problem.columns(),
        }


class PassthroughWork(StepWork):
    """A request that the record spells out; nothing tells how to look whether it took effect."""

    def _places(self) -> Iterator[Place]:
        yield Place(str(self.scope.value("path")), self.step.request.path)

    def _message(self, file: Attachment | None) -> Message:  # noqa: ARG002  # it has none
        return Message(self.scope.value("params"), self.scope.value("body"))
