"""Why a step fails, in the words of the action's inputs: the tenant refuses it, or its file cannot be had."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract import Expression
from hr4you.ledger.rows import SERVICE_UNAVAILABLE, Problem
from hr4you.text import to_text
from target_hr4you.attachments import AttachmentError, AttachmentUnavailableError, open_attachment
from target_hr4you.endings import StepFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import Step
    from target_hr4you.attachments import Attachment, AttachmentRules
    from target_hr4you.lookups import Lookups
    from target_hr4you.rendering import Scope
    from target_hr4you.sending import Sent

_FORBIDDEN: Final = 403
_NOT_THERE: Final = frozenset({404, 405, 410, 501})
_CODES: Final = {_FORBIDDEN: "REMOTE.PERMISSION_MISSING", **dict.fromkeys(_NOT_THERE, "REMOTE.NOT_FOUND")}
_INVALID: Final = "REMOTE.INPUT_INVALID"

_WIRE_NAME: Final = re.compile(r"[\w.\[\]-]{1,60}")


def why_refused(sent: Sent, step: Step, scope: Scope, lookups: Lookups, *, kind: str, subject: str | None) -> Problem:
    """Return why a step was refused, in the words of the action's inputs.

    Args:
        sent: the refusal.
        step: of the contract.
        scope: of the action.
        lookups: are asked whether the job is open, where an application is refused.
        kind: what the step makes.
        subject: the input that says what the action is about, None where there is none.
    """
    field = next((path for path in (_input_of(step, name) for name in sent.fields) if path is not None), None)
    code = _CODES.get(sent.refusal or 0, _INVALID)
    problem = Problem(code, field, step.name, sent.status, sent.request_id, sent.text)
    if code == _CODES[404] and field is None:
        return replace(problem, field=subject)
    job = to_text(scope.value("application", "job_id"))
    if code == _INVALID and kind == "application" and job and lookups.is_closed_job(job):
        return replace(problem, code="ATS.JOB_CLOSED", field="application.job_id")
    return problem


def open_item(item: Mapping[str, Any], rules: AttachmentRules, *, field: str, step: str) -> Attachment:
    """Return an attachment's file, to be closed.

    Raises:
        StepFailedError: it cannot be had, now or at all; `field` is the attachment's place in the input.
    """
    source = f"{field}.data_url" if "data_url" in item else f"{field}.data"
    try:
        return open_attachment(item, rules)
    except AttachmentUnavailableError as error:
        problem = Problem(SERVICE_UNAVAILABLE, source, step, reason=str(error))
    except AttachmentError as error:
        problem = Problem(error.code, source, step, reason=str(error))
    raise StepFailedError(problem)


def _input_of(step: Step, wire_name: str) -> str | None:
    """Return the input that goes into one of the body's keys; the key itself where no single input does."""
    tree = step.request.body or step.request.multipart or {}
    found = tree.get(wire_name.partition(".")[0]) if isinstance(tree, dict) else None
    if isinstance(found, Expression) and found.path:
        return found.text if found.path[0] != "steps" else None  # what an earlier step has made is no input
    return wire_name if _WIRE_NAME.fullmatch(wire_name) else None
