"""One request until it ends: with an answer, or with an error after all that patience allows."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import requests
from urllib3.exceptions import HTTPError

from hr4you.errors import OutcomeUnknownError, TenantUnavailableError, TokenRefusedError
from hr4you.http.answers import Answer, BodyError, read_body
from hr4you.http.failures import raise_broken_answer, raise_for_status, raise_network_failure, read_request_id
from hr4you.http.forms import FilePart, make_form
from hr4you.http.retry import Again, Gate, Patience, make_waits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hr4you.contract import ErrorShape
    from hr4you.http.auth import Authenticator, Credentials
    from hr4you.http.sessions import Sessions
    from hr4you.settings import Connection

_log = logging.getLogger(__name__)

JSON: Final = "application/json"

# No time-out of 0, which would mean not to wait at all, where a deadline is just over.
_SHORTEST = 0.01

# A wait of this many seconds is worth a warning: somebody may wonder why nothing happens.
_LONG_WAIT = 10.0


@dataclass(frozen=True)
class Request:
    """What is to be sent, without credentials.

    Attributes:
        url: whole, of the tenant's origin.
        path: for messages; without the query.
        is_read: changes nothing, may be repeated whatever became of it.
        parts: of a form, sent in place of `json`.
        is_json: whether the answer is to be JSON.
        accept: the media types that are asked for.
        returned: statuses whose answer is returned instead of raised as an error.
        before_send: called before every attempt; what it raises ends the request, which was not sent then.
        is_page: whether JSON that looks whole is left undecoded, for the thread that uses it: many decoded pages
            that wait for their turn cost more, in memory and in garbage collection, than as many bytes.
    """

    method: str
    url: str
    path: str
    params: Mapping[str, str | int] | None = None
    json: Any = None
    parts: Mapping[str, str | FilePart] | None = None
    is_read: bool = True
    is_json: bool = True
    is_page: bool = False
    accept: str = JSON
    returned: Collection[int] = ()
    before_send: Callable[[], None] | None = None

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


class Transport:
    """Sends requests; shared by all threads of a client.

    Args:
        connection: time-outs and limits.
        errors: the shape of the tenant's errors.
        sessions: of the threads.
        patience: how long to keep trying.
    """

    def __init__(self, connection: Connection, errors: ErrorShape, sessions: Sessions, patience: Patience) -> None:
        self.closed = threading.Event()
        self._connection = connection
        self._errors = errors
        self._sessions = sessions
        self._patience = patience
        limit = connection.max_requests_per_second
        self._gate = Gate(1 / limit if limit else 0.0, patience, self.closed)
        self._is_proven = False  # whether the host has ever given a sensible answer

    def send(self, request: Request, authentication: Callable[[], Authenticator] | None) -> Answer:
        """Send a request until there is an answer.

        Args:
            request: to send.
            authentication: gives what holds the credentials; None: sent without any.

        Raises:
            HR4YouError: as `Client.request`.
        """
        authenticator = authentication() if authentication is not None else None
        tries = _Tries(request, self._patience, self._gate.successes)
        is_renewed = False
        while True:
            sent_at = self._gate.enter()
            if self.closed.is_set():
                raise TenantUnavailableError(f"{request.name}: not sent, the client is closed")
            credentials = authenticator.credentials() if authenticator is not None else None
            if request.before_send is not None:
                request.before_send()
            try:
                answer = self._attempt(request, credentials, tries.deadline(self._connection.request_timeout))
            except TokenRefusedError:
                if authenticator is None or credentials is None or is_renewed:
                    raise
                if not authenticator.renew(credentials.generation):
                    raise
                is_renewed = True
            except Again as again:
                is_renewed = False
                self._wait(again, tries, sent_at)
            else:
                self._gate.note_success()
                self._is_proven = True
                return answer

    def _wait(self, again: Again, tries: _Tries, sent_at: float) -> None:
        """Wait before a repetition, or raise the request's error where patience is over."""
        allowed = self._connection.max_retries
        if allowed and again.is_busy and not again.executed and tries.has_progress(self._gate.successes):
            tries.count -= 1  # the others' requests are served meanwhile, so this one's turn comes too
        seconds = tries.next_wait(again, allowed, is_proven=self._is_proven)
        level = logging.WARNING if seconds >= _LONG_WAIT else logging.INFO
        _log.log(level, "%s Repetition %d of %d in %.1f s.", _sentence(again), tries.count, allowed, seconds)
        if again.is_busy:
            self._gate.pause(seconds, sent_at=sent_at, is_throttled=not again.executed)
        else:
            self._gate.wait(seconds)

    def _attempt(self, request: Request, credentials: Credentials | None, deadline: float) -> Answer:
        """Send a request once.

        Raises:
            Again: it failed in a way that may pass.
            HR4YouError: it failed for good.
        """
        headers = {"Accept": request.accept}
        if credentials is not None:
            headers.update(credentials.headers)
        form = None
        if request.parts is not None:
            form = make_form(request.parts)
            headers["Content-Type"] = form.content_type
        seconds = max(deadline - self._patience.clock(), _SHORTEST)
        problem: BodyError | None = None
        body = b""
        try:
            response = self._sessions.own().request(
                request.method,
                request.url,
                params=request.params,
                json=request.json,
                data=form,
                headers=headers,
                timeout=(min(self._patience.connect_timeout, seconds), seconds),
                stream=True,
                allow_redirects=False,
            )
            with contextlib.closing(response):
                try:
                    body = read_body(response.raw, deadline=deadline, clock=self._patience.clock)
                except BodyError as error:
                    problem = error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise_network_failure(error, request.name, self._connection.origin)
        answer = Answer(response.status_code, response.headers, body, response.url or request.url)
        if answer.status in request.returned and problem is None:
            return answer
        raise_for_status(response, body, request.name, self._connection.origin, self._errors)
        if problem is None and request.is_json and not (request.is_page and answer.looks_whole):
            try:
                _ = answer.data
            except BodyError as error:
                problem = error
        if problem is not None:
            raise_broken_answer(problem, request.name, answer.status, read_request_id(answer.headers))
        return answer


class _Tries:
    """The repetitions of one request.

    Args:
        request: is told whether it may be repeated.
        patience: how long in all.
        successes: of all threads so far.

    Attributes:
        count: of the repetitions.
    """

    def __init__(self, request: Request, patience: Patience, successes: int) -> None:
        self.count = 0
        self._dubious = 0
        self._successes = successes
        self._is_read = request.is_read
        self._patience = patience
        self._next_wait = make_waits(patience)
        self._end: float | None = None

    def deadline(self, timeout: float) -> float:
        """Return when the attempt that begins now has to be over; the first one starts the total deadline."""
        now = self._patience.clock()
        if self._end is None:
            self._end = now + self._patience.total
        return min(self._end, now + timeout)

    def has_progress(self, successes: int) -> bool:
        """Whether there were successes since this was asked last."""
        before, self._successes = self._successes, successes
        return successes != before

    def next_wait(self, again: Again, allowed: int, *, is_proven: bool) -> float:
        """Return how long to wait before the next repetition.

        Args:
            again: what the last attempt ended with.
            allowed: repetitions in all.
            is_proven: whether the host has ever given a sensible answer.

        Raises:
            HR4YouError: there is no next one; that of `again`.
        """
        self.count += 1
        self._dubious += again.is_dubious and not is_proven
        is_hopeless = self.count > allowed or self._dubious > self._patience.first_retries
        if again.executed and not self._is_read:
            raise OutcomeUnknownError(str(again.error), status=again.status, request_id=again.request_id) from None
        if is_hopeless:
            raise again.error from None
        seconds = self._next_wait() if again.after is None else again.after
        left = (self._end or 0.0) - self._patience.clock()
        if seconds >= left:
            if again.after is not None:
                _raise_long_wait(again.error, again.after)
            raise again.error from None
        return seconds


def _raise_long_wait(error: Exception, after: float) -> NoReturn:
    if isinstance(error, TenantUnavailableError):
        raise TenantUnavailableError(f"{error} (the tenant asks to wait {after:.0f} s, which is too long)") from None
    raise error from None


def _sentence(again: Again) -> str:
    """Return the first sentence of what went wrong, for the log."""
    return f"{str(again).split('. ')[0]}."
