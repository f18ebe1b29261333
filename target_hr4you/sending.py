"""One request that writes: sent once, and what is known of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hr4you.errors import OutcomeUnknownError, UnexpectedAnswerError
from hr4you.http import FilePart
from hr4you.http.answers import BodyError
from hr4you.http.failures import read_request_id
from hr4you.ids import to_remote_id
from hr4you.text import to_text
from target_hr4you.rendering import merge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hr4you.contract import ErrorShape, Step
    from hr4you.http import Answer, Client
    from target_hr4you.attachments import Attachment
    from target_hr4you.rendering import Scope

CONFLICT: Final = 409

# Answers that say that nothing was done. 401 and 429 are the client's; 408 and 5xx say nothing.
REFUSALS: Final = frozenset(range(400, 500)) - {401, 408, 429}

FILE: Final = "item.file"
"""The expression of a form's file."""

_STRUCTURED: Final = frozenset({b"<", b"{", b"["})
_LONGEST_TEXT: Final = 2_000


@dataclass(frozen=True)
class Sent:
    """What is known of a request after it was sent.

    Attributes:
        remote_id: of what it made; None where it made nothing with an id.
        existing_id: of what is there already, where a refusal names it.
        refusal: the status of an answer that says that nothing was done, None where it took effect.
        is_unknown: nothing tells whether it took effect.
        fields: the wire's names of the inputs that were refused.
        text: the tenant's words; may hold personal data.
    """

    status: int | None = None
    request_id: str | None = None
    remote_id: str | None = None
    existing_id: str | None = None
    refusal: int | None = None
    is_unknown: bool = False
    fields: tuple[str, ...] = ()
    text: str | None = None

    @property
    def seen(self) -> dict[str, Any]:
        """The columns of a step that tell of the answer."""
        return {"http_status": self.status, "request_id": self.request_id}


class Message(NamedTuple):
    """What a step's request holds: a query, and a JSON body or a form."""

    params: Mapping[str, str] | None = None
    body: Any = None
    parts: Mapping[str, str | FilePart] | None = None


def compose(step: Step, scope: Scope, file: Attachment | None) -> Message:
    """Return what a step sends; a user's own fields (`remote_fields.hr4you`) are merged into the body.

    Args:
        step: of the contract.
        scope: of the action.
        file: for `item.file` in a form; None where there is none, or where it does not matter.
    """
    request = step.request
    body = None if request.body is None else scope.render(request.body)
    own = scope.value("remote_fields", "hr4you", step.name)
    parts: dict[str, str | FilePart] | None = None
    for name, expression in (request.multipart or {}).items():
        part: str | FilePart | None = to_text(scope.find(expression))
        if expression.text == FILE and file is not None:
            part = FilePart(file.name, file.file, file.content_type)
        if part is not None:
            parts = {**(parts or {}), name: part}
    return Message(scope.params(request.params) or None, merge(body, own) if own else body, parts)


def send(
    client: Client,
    step: Step,
    path: str,
    message: Message,
    *,
    errors: ErrorShape,
    before_send: Callable[[], None] | None = None,
) -> Sent:
    """Send a step's request, once as far as the tenant may have seen it.

    Args:
        client: of the tenant.
        step: of the contract.
        path: rendered.
        message: what it holds.
        errors: the shape of the tenant's errors.
        before_send: called before every attempt; may raise.

    Raises:
        TenantUnavailableError: it was surely not executed, and the tenant is away beyond the client's patience.
        TokenRefusedError: likewise, for the token.
    """
    fallback = step.fallback
    refusals = REFUSALS if fallback is None else REFUSALS | set(fallback.on)
    try:
        answer = client.request(
            step.request.method,
            path,
            params=message.params,
            json=message.body,
            parts=message.parts,
            is_read=False,
            is_json=step.created_id is not None,
            returned=refusals,
            before_send=before_send,
        )
    except (OutcomeUnknownError, UnexpectedAnswerError) as error:
        return Sent(error.status, error.request_id, is_unknown=True)
    request_id = read_request_id(answer.headers)
    if answer.status in refusals:
        return _read_refusal(answer, step, errors, request_id)
    if step.created_id is None:
        return Sent(answer.status, request_id, is_unknown=_is_broken(answer))
    remote_id = to_remote_id(step.created_id(answer.data))
    return Sent(answer.status, request_id, remote_id, is_unknown=remote_id is None)


def _is_broken(answer: Answer) -> bool:
    """Whether a body is a web page (of a proxy, an outage) or JSON that breaks off; none, or a word, will do."""
    start = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        return start in _STRUCTURED and answer.data is None
    except BodyError:
        return True


def _read_refusal(answer: Answer, step: Step, errors: ErrorShape, request_id: str | None) -> Sent:
    try:
        data = answer.data
    except BodyError:
        data = None
    fields = errors.fields(data) if errors.fields is not None else None
    text = to_text(errors.message(data)) if errors.message is not None else None
    return Sent(
        answer.status,
        request_id,
        existing_id=None if step.existing_id is None else to_remote_id(step.existing_id(data)),
        refusal=answer.status,
        fields=tuple(name for name in fields if isinstance(name, str)) if isinstance(fields, dict) else (),
        text=None if text is None else text[:_LONGEST_TEXT],
    )
