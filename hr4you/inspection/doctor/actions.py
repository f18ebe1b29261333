"""What of the six actions the token could do, as far as that can be told without writing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hr4you.contract import compile_expression
from hr4you.contract.actions import FUNCTIONS
from hr4you.contract.base import HOLE
from hr4you.contract.model import ACTIONS, LOOKUPS
from hr4you.errors import ForbiddenError, HR4YouError, NotFoundError, RequestRefusedError
from hr4you.ids import to_remote_id
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, Check
from hr4you.inspection.samples import read_lookup
from hr4you.text import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Action, Find, Step
    from hr4you.contract.document import Place
    from hr4you.inspection.doctor.case import Case

_NOBODY: Final = "hr4you-doctor@example.invalid"
"""An address that nobody can have: names below `invalid` are never given out."""

_ORDER: Final = (NOT_TRIED, WARNING, FAILED)
_PEOPLE: Final = frozenset({"applicant", "candidate"})
_ANY: Final = range(300, 600)
_TRY: Final = "If you need these, let target-hr4you try one with `dry_run`, then one for real"


@dataclass(frozen=True)
class _Finding:
    """What is wrong with one request of an action.

    Attributes:
        result: ``failed`` where the target would do harm, ``not tried`` where nothing is known to be wrong.
    """

    text: str
    to_do: str = _TRY
    result: str = WARNING


def not_tried(reason: str) -> Iterator[Check]:
    """Say why nothing of this was tried."""
    yield Check("look-up", NOT_TRIED, reason)
    yield Check("action", NOT_TRIED, reason)


def check_lookups(case: Case) -> Iterator[Check]:
    """Read the short lists that actions look something up in."""
    for name in LOOKUPS:
        lookup = case.contract.lookups.get(name)
        if lookup is None or case.is_lost:
            reason = "the contract has none" if lookup is None else "the tenant does not answer any more"
            yield Check("look-up", NOT_TRIED, reason, subject=name)
            continue
        error = read_lookup(case.client, case.contract, lookup).error
        if error is None:
            yield Check("look-up", OK, "may be read", subject=name)
            continue
        case.note_error(error)
        to_do = (
            f"Mend {case.key('resources', name)}, ask HR4YOU for the right, or set it to null; only the target needs it"
        )
        yield Check("look-up", WARNING, _told(error), to_do, subject=name)


def check_actions(case: Case) -> Iterator[Check]:
    """Send what reads of each action, and ask which methods its paths take; nothing is written."""
    probe = _Probe(case)
    for name in ACTIONS:
        action = case.contract.actions.get(name)
        if action is None:
            to_do = f"If you need it, describe it under {case.key('actions')}"
            yield Check("action", WARNING, "the contract does not have it", to_do, subject=name)
        elif case.is_lost:
            yield Check("action", NOT_TRIED, "the tenant does not answer any more", subject=name)
        else:
            yield probe.check(name, action)


class _Probe:
    """Tries out requests that read; the same one is sent once, whichever actions have it."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._values = _values(case)
        self._found: dict[tuple[str, str], _Finding | None] = {}
        self._allowed: dict[str, frozenset[str] | None] = {}

    def check(self, name: str, action: Action) -> Check:
        findings: list[_Finding] = []
        is_told = True
        looked = 0
        for position, step in enumerate(action.steps):
            place = ("actions", name, "steps", position)
            if step.find is not None:
                finding = self._look(step, step.find, place)
                looked += finding is None
                findings += [finding] if finding is not None else []
            methods = self._methods(step.request.path)
            is_told &= methods is not None
            if methods is not None and step.request.method not in methods:
                text = f"{_shown(step.request.path)} takes {', '.join(sorted(methods))}, not {step.request.method}"
                key = self._case.key(*place, "request")
                findings.append(_Finding(text, f"Mend {key}, or ask HR4YOU for the right"))
        if findings:
            worst = max(findings, key=lambda each: _ORDER.index(each.result))
            return Check("action", worst.result, worst.text, worst.to_do, subject=name)
        looks = "what it looks up can be read; " if looked else ""
        if is_told:
            return Check("action", OK, f"{looks}its paths take its methods", _TRY, subject=name)
        found = f"{looks}whether it may write cannot be told without writing"
        return Check("action", NOT_TRIED, found, _TRY, subject=name)

    def _look(self, step: Step, find: Find, place: Place) -> _Finding | None:
        path = self._path(find.path)
        params = {key: to_text(expression(self._values)) for key, expression in find.params.items()}
        if path is None or None in params.values():
            return _Finding(f"no record was read to try its look-up with ({_shown(find.path)})", result=NOT_TRIED)
        key = (path, repr(sorted(params.items())))
        if key not in self._found:
            sent = {name: value for name, value in params.items() if value is not None}
            self._found[key] = self._ask(step, find, path, sent, self._case.key(*place, "find"))
        return self._found[key]

    def _ask(self, step: Step, find: Find, path: str, params: dict[str, str], place: str) -> _Finding | None:
        optional = step.fallback.on if step.fallback is not None else ()
        try:
            answer = self._case.note(self._case.client.get(path, params))
        except (ForbiddenError, NotFoundError, RequestRefusedError) as error:
            if error.status in optional:
                text = f"GET {_shown(find.path)} is not offered ({error.status}): its `fallback` would be taken"
                return _Finding(text, result=NOT_TRIED)
            lack = isinstance(error, ForbiddenError)
            to_do = f"Ask HR4YOU for the right to GET {_shown(find.path)}" if lack else f"Mend {place}"
            return _Finding(
                f"GET {_shown(find.path)} is refused ({error.status}): what exists cannot be looked up", to_do
            )
        except HR4YouError as error:
            self._case.note_error(error)
            return _Finding(f"GET {_shown(find.path)}: {_told(error)}", f"Mend {place}, or run again later")
        rows = find.records(answer.data)
        if rows is not None and not isinstance(rows, list):
            return _Finding(f"GET {_shown(find.path)}: `{find.records.text}` is no list", f"Mend `records` of {place}")
        ids = {to_remote_id(find.id(row)) for row in rows or []}
        if None in ids:
            return _Finding(f"GET {_shown(find.path)}: no id at `{find.id.text}`", f"Mend `id` of {place}")
        return self._judge(step, find, ids, place)

    def _judge(self, step: Step, find: Find, ids: set[str | None], place: str) -> _Finding | None:
        """Whether a look-up finds what is there and nothing else."""
        by_email = any("email" in expression.text for expression in find.params.values())
        names = ", ".join(find.params)
        if by_email and ids:
            text = f"GET {_shown(find.path)}: `{names}` is ignored: who is there would not be found, and be made twice"
            return _Finding(text, f"Mend {place}: ask HR4YOU for the parameter", result=FAILED)
        mine = self._values["steps"].get(step.name, {}).get("id")
        if step.name == "application" and find.params and mine not in ids:
            text = f"GET {_shown(find.path)}: `{names}` does not find an application that is there"
            return _Finding(text, f"Mend {place}: it would be made twice", result=FAILED)
        return None

    def _methods(self, template: str) -> frozenset[str] | None:
        """Return what the tenant's ``Allow`` says of a path, None where it does not say."""
        path = self._path(template)
        if path is None or self._case.is_lost:
            return None
        if path not in self._allowed:
            allow = ""
            try:
                answer = self._case.client.request("OPTIONS", path, is_read=True, is_json=False, returned=_ANY)
                allow = self._case.note(answer).headers.get("Allow", "")
            except HR4YouError as error:
                self._case.note_error(error)
            methods = {word.strip().upper() for word in allow.split(",")}
            self._allowed[path] = frozenset(word for word in methods if word.isalpha() and word.isascii()) or None
        return self._allowed[path]

    def _path(self, template: str) -> str | None:
        filled = {}
        for hole in HOLE.findall(template):
            value = to_text(compile_expression(hole, functions=FUNCTIONS)(self._values))
            if value is None:
                return None
            filled[hole] = quote(value, safe="")
        return HOLE.sub(lambda hole: filled[hole[1]], template)


def _values(case: Case) -> dict[str, Any]:
    """Return an action's content that reads what exists: ids of records seen, and nobody's e-mail address."""
    applications = case.contract.resources["applications"]
    values: dict[str, Any] = {"candidate": {"email_address": _NOBODY}, "steps": {}, "application": {}}
    seen = case.seen["applications"].items
    item = next((item for item in seen if item.remote_id is not None), None)
    candidate = next(iter(case.seen["candidates"].ids), None)
    if item is not None:
        own = {key: _reference(applications.fields.get(key), item.wire) for key in ("candidate_id", "job_id")}
        candidate = own["candidate_id"] or item.parent_id or candidate
        values["application_id"] = item.remote_id
        values["application"] = values["application"] | {"job_id": own["job_id"]}
        values["job_id"] = own["job_id"]
        values["steps"]["application"] = {"id": item.remote_id}
    values["candidate_id"] = candidate
    values["steps"] |= {name: {"id": candidate} for name in _PEOPLE}
    return values


def _reference(spec: Any, wire: dict[str, Any]) -> str | None:
    return to_remote_id(spec(wire)) if callable(spec) else None


def _shown(template: str) -> str:
    """Return a path that is the same for all actions that have it."""
    return HOLE.sub("{id}", template)


def _told(error: HR4YouError) -> str:
    return str(error).split(". ")[0].rstrip(".")
