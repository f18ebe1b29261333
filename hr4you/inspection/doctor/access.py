"""Whether there is an API where the contract says, and whether it lets us in."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from hr4you.contract import Auth
from hr4you.errors import AnswerError, HR4YouError, TenantUnavailableError, TokenRefusedError
from hr4you.http import Client
from hr4you.http.answers import BodyError, WebPageError, decode_json
from hr4you.inspection.doctor.case import PATIENCE
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, UNAVAILABLE, WARNING, Check
from hr4you.inspection.samples import page_params

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Resource
    from hr4you.http.answers import Answer
    from hr4you.inspection.doctor.case import Case

_ANY_ERROR: Final = range(400, 600)
_REFUSED, _BUSY, _BAD = 401, 429, 500
_SCHEME: Final = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]{0,20})(?=\s|,|$)")
_OF_SCHEME: Final = {"basic": "basic", "bearer": "bearer"}
_LARGE_SKEW: Final = 60.0  # seconds


def check_access(case: Case) -> Iterator[Check]:
    """Knock once; the caller goes on only if no check failed."""
    resource = next(resource for resource in case.contract.resources.values() if resource.list.parent is None)
    before = datetime.now(timezone.utc)
    try:
        answer = _knock(case.client, case, resource)
    except TokenRefusedError as error:  # of a login call
        yield Check("HTTP", OK, f"{case.connection.origin} answers")
        yield _not_let_in("the login is refused", str(error))
        return
    except TenantUnavailableError as error:
        yield Check("HTTP", FAILED, _one_line(error), "See to what the line says, then run again", exit_status=75)
        yield Check("login", NOT_TRIED, "the tenant does not answer")
        return
    except HR4YouError as error:
        yield _of_error(case, error)
        yield Check("login", NOT_TRIED, "no answer that makes sense")
        return
    case.note(answer)
    if answer.date is not None:
        middle = before + (datetime.now(timezone.utc) - before) / 2
        case.skew = (answer.date - middle).total_seconds()
    yield from _read_knock(case, answer, resource)


def check_clock(case: Case) -> Check:
    """Compare the tenant's clock with this machine's."""
    if case.skew is None:
        return Check("clock", NOT_TRIED, "the tenant's answers have no `Date`")
    if abs(case.skew) <= _LARGE_SKEW:
        return Check("clock", OK, "the tenant's clock and this machine's agree within a minute")
    side = "behind" if case.skew > 0 else "ahead of"
    found = f"this machine's clock is {span(abs(case.skew))} {side} the tenant's"
    to_do = "Let this machine's clock be set by a time server; if it is right, tell HR4YOU"
    return Check("clock", WARNING, found, to_do)


def span(seconds: float) -> str:
    """A length of time for people: ``2 h 5 min``."""
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _knock(client: Client, case: Case, resource: Resource) -> Answer:
    """Ask for the first page of a list, whatever status comes."""
    listing = resource.list
    params = {**listing.params, **page_params(case.contract.pagination_of(listing), 1)}
    is_query = listing.method == "GET"
    return client.request(
        listing.method,
        listing.path or "",
        params=params if is_query else None,
        json=None if is_query else params,
        is_read=True,
        is_json=False,
        returned=_ANY_ERROR,
    )


def _read_knock(case: Case, answer: Answer, resource: Resource) -> Iterator[Check]:
    place = f"{case.connection.base_url}{case.contract.api.base_path}"
    if answer.status == _REFUSED:
        yield Check("HTTP", OK, f"{case.connection.origin} answers")
        yield _refused(case, answer, resource)
        return
    if answer.status == _BUSY or answer.status >= _BAD:
        busy = "Set `max_requests_per_second`, then run again later" if answer.status == _BUSY else "Run again later"
        yield Check("HTTP", FAILED, f"the tenant is out of service ({answer.status})", busy, exit_status=UNAVAILABLE)
        yield Check("login", NOT_TRIED, "the tenant is out of service")
        return
    yield Check("HTTP", OK, f"{case.connection.origin} answers")
    try:
        decode_json(answer.body, answer.headers.get("Content-Type", ""))
    except BodyError as problem:
        if answer.status not in _ANY_ERROR or isinstance(problem, WebPageError):
            yield _no_api(case, f"{place} answers with {problem} ({answer.status})")
            yield Check("login", NOT_TRIED, "there is no API that could be logged in to")
            return
    yield Check("API", OK, f"{place} answers with JSON")
    yield Check("login", OK, f"the credentials are not refused (sent as `{_kind(case.contract.api.auth)}`)")


def _no_api(case: Case, found: str) -> Check:
    to_do = (
        f"Check `base_url` (or `subdomain`) and {case.key('api', 'base_path')}: the tenant's documentation at "
        f"{case.connection.base_url}{case.contract.api.docs or '/api2/docs'} shows the address of the API"
    )
    return Check("API", FAILED, found, to_do)


def _of_error(case: Case, error: HR4YouError) -> Check:
    """A redirect, or a login call that does not work."""
    status = error.status if isinstance(error, AnswerError) else None
    if case.contract.api.auth.type == "login" and (status is None or status not in range(300, 400)):
        return Check("HTTP", FAILED, _one_line(error), f"Mend {case.key('api', 'auth')}")
    return _no_api(case, _one_line(error))


def _refused(case: Case, answer: Answer, resource: Resource) -> Check:
    """A 401: say which kind of authentication is asked for, or is taken."""
    auth = case.contract.api.auth
    asked = [scheme.lower() for scheme in _SCHEME.findall(answer.headers.get("WWW-Authenticate", ""))]
    found = f"the credentials are refused (401, sent as `{_kind(auth)}`)"
    other = _taken_instead(case, resource)
    if other is not None:
        to_do = f"Set {case.key('api', 'auth')} to {{type: {other}}}: so sent, the same token is taken"
        return Check("login", FAILED, found, to_do, exit_status=UNAVAILABLE)
    wanted = next((_OF_SCHEME[scheme] for scheme in asked if scheme in _OF_SCHEME), None)
    if wanted is not None and wanted != _kind(auth):
        needs = ", with `username` and `password` in the settings" if wanted == "basic" else ""
        to_do = f"The tenant asks for `{wanted}`: set {case.key('api', 'auth')} to {{type: {wanted}}}{needs}"
        return Check("login", FAILED, found, to_do, exit_status=UNAVAILABLE)
    if not case.connection.contract:
        return _not_let_in(
            found,
            "How it is sent is a guess as long as there is no contract for this tenant: make one with "
            "`hr4you contract draft`, then run this again with it; if it is refused then, give another",
        )
    return _not_let_in(found, f"Give another token or password; else the way it is sent is {case.key('api', 'auth')}")


def _not_let_in(found: str, told: str) -> Check:
    to_do = f"{told}. Ask HR4YOU which credentials API v2 takes, and how they are to be sent"
    return Check("login", FAILED, found, to_do, exit_status=UNAVAILABLE)


def _taken_instead(case: Case, resource: Resource) -> str | None:
    """Return ``raw`` or ``bearer`` where the token is taken when sent that way; no password is ever tried twice."""
    other = {"bearer": "raw", "raw": "bearer"}.get(case.contract.api.auth.type)
    if other is None:
        return None
    api = case.contract.api.model_copy(update={"auth": Auth.model_validate({"type": other})})
    with Client(case.connection, api, patience=PATIENCE) as client:
        try:
            return other if _knock(client, case, resource).status in range(200, 300) else None
        except HR4YouError:
            return None


def _kind(auth: Auth) -> str:
    return auth.then.type if auth.type == "login" and auth.then is not None else auth.type


def _one_line(error: HR4YouError) -> str:
    return str(error).rstrip(".")
