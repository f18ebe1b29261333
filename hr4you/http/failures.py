"""What a failed request means: the error to raise, and whether the same request may be sent again.

Messages name method and path, never the query, a body or a header's value: those may hold personal data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import exceptions as low

from hr4you.errors import (
    AnswerError,
    ForbiddenError,
    NotFoundError,
    RequestRefusedError,
    TenantUnavailableError,
    TokenRefusedError,
    UnexpectedAnswerError,
)
from hr4you.http.answers import BodyError, WebPageError, decode_json, read_date
from hr4you.http.auth import UNAUTHORIZED
from hr4you.http.redact import scrub
from hr4you.http.retry import Again, read_retry_after
from hr4you.settings import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import ErrorShape

_PARTIAL: Final = 206
_BUSY: Final = {429, 503}
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TIMEOUT: Final = 408
_THROTTLED: Final = 429
_SERVER_ERRORS: Final = range(500, 600)
_REDIRECTS: Final = range(300, 400)

_REQUEST_ID: Final = re.compile(r"[\w.:/+=-]{1,100}")
_FIELD: Final = re.compile(r"[\w.\[\]-]{1,60}")
_LATER: Final = "Nothing is lost: run again later"
_CHECK_ADDRESS: Final = "Check `subdomain` or `base_url`, and the network and its proxy; nothing is lost, run again"


def raise_network_failure(error: Exception, what: str, origin: str) -> NoReturn:
    """Raise what an exception of requests or urllib3 means.

    Args:
        error: the exception; it is not chained, as its text holds the query.
        what: method and path.
        origin: the tenant's.

    Raises:
        Again: it may pass.
        TenantUnavailableError: it will not.
        UnexpectedAnswerError: the request would have gone to another host; it was not sent.
    """
    if isinstance(error, requests.exceptions.InvalidSchema):
        raise UnexpectedAnswerError(f"{what}: refused, as it would go to another host than {origin}") from None
    causes = list(_causes(error))

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_any(requests.exceptions.InvalidURL, low.LocationParseError, requests.exceptions.InvalidHeader):
        raise TenantUnavailableError(
            f"{what}: {origin} cannot be asked for that: not a valid address or header"
        ) from None
    if any("CERTIFICATE_VERIFY_FAILED" in str(cause) for cause in causes):
        raise TenantUnavailableError(
            f"{origin}: its certificate is not trusted. If that is as it should be, set `ca_bundle`; "
            "if the host is another than you meant, mend `subdomain` or `base_url`"
        ) from None
    if is_any(low.NameResolutionError):
        host = urlsplit(origin).hostname
        message = f"{origin} cannot be reached: there is no host {host}, or the name service is down. {_CHECK_ADDRESS}"
        raise Again(TenantUnavailableError(message), executed=False, is_dubious=True) from None
    is_proxy = is_any(low.ProxyError, requests.exceptions.ProxyError)
    never_left = is_any(low.NewConnectionError, low.ConnectTimeoutError) or any(map(_is_refused_tunnel, causes))
    if is_proxy and never_left:  # else the connection broke after the request: urllib3 blames the proxy for that too
        reason = "the proxy does not let through"
    elif is_any(low.NewConnectionError):  # in urllib3 a kind of ConnectTimeoutError
        reason = "it refuses connections" if is_any(ConnectionRefusedError) else "no connection comes about"
    elif is_any(requests.exceptions.ConnectTimeout, low.ConnectTimeoutError):
        reason = "it does not answer in time"
    else:
        is_slow = is_any(low.ReadTimeoutError, TimeoutError)
        reason = "the answer did not come within `request_timeout`" if is_slow else "the connection broke off"
        raise Again(TenantUnavailableError(f"{what}: {reason} ({origin}). {_LATER}")) from None
    message = f"{origin} cannot be reached: {reason}. {_CHECK_ADDRESS}"
    raise Again(TenantUnavailableError(message), executed=False, is_dubious=True) from None


def raise_broken_answer(problem: BodyError, what: str, status: int, request_id: str | None) -> NoReturn:
    """Raise `Again` for an answer with a good status that is not what was asked for."""
    error = UnexpectedAnswerError(
        f"{what}: {problem} (status {status}{_mention(request_id)}). "
        "Check `base_url` and the contract's path; if they are right, run again later",
        status=status,
        request_id=request_id,
    )
    is_dubious = isinstance(problem, WebPageError)
    raise Again(error, is_dubious=is_dubious, status=status, request_id=request_id) from None


def raise_for_status(response: requests.Response, body: bytes, what: str, origin: str, shape: ErrorShape) -> None:
    """Do nothing for 2xx but 206; raise what any other status means.

    Raises:
        Again: 206, 408, 429 and 5xx.
        AnswerError: all others but 401.
        TokenRefusedError: 401.
    """
    status, headers = response.status_code, response.headers
    if status in range(200, 300) and status != _PARTIAL:
        return
    request_id = read_request_id(headers)

    def told(reason: str) -> str:
        return f"{what}: {reason} ({status}{_mention(request_id)})"

    known: dict[str, Any] = {"status": status, "request_id": request_id}
    if status == _PARTIAL:
        raise_broken_answer(BodyError("only a part of the answer"), what, status, request_id)
    if status in _REDIRECTS:
        raise _redirect_error(response, what, origin, known)
    if status in _BUSY or status == _TIMEOUT or status in _SERVER_ERRORS:
        after = read_retry_after(headers.get("Retry-After"), now=read_date(headers))
        problem = "the tenant asks for fewer requests" if status == _THROTTLED else "the tenant is out of service"
        hint = " Set `max_requests_per_second` or a lower `concurrency`." if status == _THROTTLED else ""
        raise Again(
            TenantUnavailableError(f"{told(problem)} at {origin}.{hint} {_LATER}"),
            executed=status != _THROTTLED,
            after=after,
            is_busy=status in _BUSY,
            status=status,
            request_id=request_id,
        )
    if status == UNAUTHORIZED:
        raise TokenRefusedError(
            f"{told('the credentials are refused')} at {origin}. Give another token or password, then run again; "
            "the way they are sent is `api.auth` in the contract"
        )
    if status == _FORBIDDEN:
        raise ForbiddenError(f"{told('the credentials lack the right to this')}. Ask for it at the tenant", **known)
    if status == _NOT_FOUND:
        raise NotFoundError(
            f"{told('not found')}. If it should be there, mend `subdomain` or `base_url`, or the path in the contract",
            **known,
        )
    fields = _refused_fields(body, headers.get("Content-Type", ""), shape)
    named = f"; fields: {', '.join(fields)}" if fields else ""
    raise RequestRefusedError(
        f"{told('the tenant refuses the request')}{named}. Check path and parameters in the contract", **known
    )


def read_request_id(headers: Mapping[str, str]) -> str | None:
    """Return the ``X-Request-Id`` header, None where there is none or it is no plain word."""
    found = headers.get("X-Request-Id", "")
    return found if _REQUEST_ID.fullmatch(found) else None


def _mention(request_id: str | None) -> str:
    return f", request id {scrub(request_id)}" if request_id else ""


def _redirect_error(response: requests.Response, what: str, origin: str, known: dict[str, Any]) -> AnswerError:
    target = ""
    try:
        target = urljoin(response.url or origin, response.headers.get("Location", ""))
        other = origin_of(target)
    except ValueError:
        other = "an address that is none"
    if other != origin:
        return UnexpectedAnswerError(
            f"{what}: {origin} sends elsewhere, to {scrub(other)} ({response.status_code}). The credentials do not go "
            "to another host. If the tenant has moved there, set `base_url`",
            **known,
        )
    path = scrub(urlsplit(target).path)[:200]
    return UnexpectedAnswerError(
        f"{what}: the tenant sends on to {path} ({response.status_code}), which is not followed. Check the path, and "
        "`api.base_path`, in the contract; a login page means that the credentials are sent in another way",
        **known,
    )


def _refused_fields(body: bytes, content_type: str, shape: ErrorShape) -> list[str]:
    """Return the names of the refused fields, at most ten; the texts beside them may repeat a person's data."""
    if shape.fields is None:
        return []
    try:
        found = shape.fields(decode_json(body, content_type))
    except Exception:  # noqa: BLE001  # only adds detail to an error that is told in any case
        return []
    names = found if isinstance(found, dict) else ()
    return [name for name in names if isinstance(name, str) and _FIELD.fullmatch(name)][:10]


def _is_refused_tunnel(cause: BaseException) -> bool:
    return isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed")


def _causes(error: BaseException) -> list[BaseException]:
    """Return an exception with all that it wraps: urllib3 and requests put the cause into arguments."""
    found: list[BaseException] = []
    pending: list[Any] = [error]
    while pending:
        cause = pending.pop()
        if not isinstance(cause, BaseException) or any(cause is known for known in found):
            continue
        found.append(cause)
        pending += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
    return found
