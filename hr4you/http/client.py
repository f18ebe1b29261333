"""The client: one tenant's HTTP, for many threads."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, final
from urllib.parse import quote, urlsplit, urlunsplit

from hr4you.errors import ForbiddenError, NotFoundError, TokenRefusedError, UnexpectedAnswerError
from hr4you.http.auth import UNAUTHORIZED, Authenticator
from hr4you.http.exchange import JSON, Request, Transport
from hr4you.http.pool import Pool, is_worker
from hr4you.http.retry import Patience
from hr4you.http.sessions import Sessions
from hr4you.settings import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Mapping
    from concurrent.futures import Future

    from hr4you.contract import Api
    from hr4you.http.answers import Answer
    from hr4you.http.forms import FilePart
    from hr4you.settings import Connection

T = TypeVar("T")
R = TypeVar("R")


@final
class Client:
    """Sends requests to one tenant and to nobody else; safe to use from many threads.

    Credentials, retries, the rate limit and what the tenant asks for in between are the client's business: a call
    ends with a whole answer, or with an error whose message says what to do.

    Args:
        connection: where the tenant is, and the credentials.
        api: of the contract: base path, authentication, shape of errors.
        patience: how long to keep trying, for tests; None: the usual.

    Raises:
        ConfigError: the credentials are not of the kind that the contract needs. Where there are none at all, which is
            enough for the public feed, the first request that needs some raises it.
    """

    def __init__(self, connection: Connection, api: Api, *, patience: Patience | None = None) -> None:
        self._connection = connection
        self._api = api
        self._patience = patience or Patience()
        self._auth_lock = threading.Lock()
        self._authenticator: Authenticator | None = None
        if connection.api_token or connection.api_token_file or connection.username:
            self._authentication()
        sessions = Sessions(connection)
        self._transport = Transport(connection, api.errors, sessions, self._patience)
        self._pool = Pool(connection.concurrency, at_thread_end=sessions.close_own)
        # also at the end of the process and for a client that is dropped; must hold no reference to the client
        self._release = weakref.finalize(self, _release, self._transport.closed, self._pool, sessions)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def concurrency(self) -> int:
        """Requests that may be in flight at the same time."""
        return self._connection.concurrency

    @property
    def origin(self) -> str:
        """Scheme, host and port of the tenant."""
        return self._connection.origin

    def close(self) -> None:
        """End the worker threads and close all connections; what is in flight is hardly waited for."""
        self._release()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """Send a GET and return its answer, with `Answer.data` decoded; see `request`."""
        return self.request("GET", path, params=params)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        parts: Mapping[str, str | FilePart] | None = None,
        is_read: bool | None = None,
        is_json: bool = True,
        is_page: bool = False,
        accept: str = JSON,
        returned: Collection[int] = (),
        before_send: Callable[[], None] | None = None,
    ) -> Answer:
        """Send a request and return its answer.

        Args:
            method: in capitals.
            path: below the contract's base path; below `base_url` if it starts with a slash; or a whole URL of the
                tenant's own origin.
            params: the query.
            json: the body.
            parts: a form instead of `json`.
            is_read: whether the request changes nothing, so that it may be repeated whatever became of it; None: a GET
                is such. Another is repeated only where the tenant surely has not acted on it.
            is_json: whether the answer has to be JSON.
            is_page: whether `Answer.data` may be decoded when it is used, and fail then; for pages read ahead.
            accept: the media types that are asked for.
            returned: statuses beside 2xx whose answer is returned, whatever its body, instead of the error below.
            before_send: called before every attempt, repetitions too; what it raises ends the request unsent.

        Raises:
            TenantUnavailableError: beyond the client's patience; a write was surely not executed.
            TokenRefusedError: 401, also after one renewal.
            ForbiddenError: 403.
            NotFoundError: 404.
            RequestRefusedError: another 4xx.
            UnexpectedAnswerError: no JSON, a redirect, or a URL of another origin.
            OutcomeUnknownError: a write was sent, and may have been executed or not.
            ConfigError: there are no credentials.
        """
        reads = method == "GET" if is_read is None else is_read
        request = Request(
            method,
            *self._place(path),
            params,
            json,
            parts,
            is_read=reads,
            is_json=is_json,
            is_page=is_page,
            accept=accept,
            returned=returned,
            before_send=before_send,
        )
        return self._transport.send(request, self._authentication)

    def get_feed(self, set_name: str) -> Answer:
        """Return the answer with the public job feed of this set, XML in its body; sent without credentials.

        Raises:
            HR4YouError: as `request`.
        """
        path = f"/api/jobs/xml/set/{quote(set_name, safe='')}"
        url = f"{self._connection.base_url}{path}"
        try:
            return self._transport.send(Request("GET", url, path, is_json=False, accept="application/xml"), None)
        except (NotFoundError, ForbiddenError, TokenRefusedError) as error:
            status = getattr(error, "status", None) or UNAUTHORIZED
            raise NotFoundError(
                f"GET {path}: {self.origin} has no public job feed of this set ({status}). Check `job_feed_set`, and "
                "`subdomain` or `base_url`",
                status=status,
                request_id=getattr(error, "request_id", None),
            ) from None

    def map_ordered(
        self, function: Callable[[T], R], items: Iterable[T], *, window: int | None = None
    ) -> Generator[R, None, None]:
        """Yield function(item) for each item in the items' order, several at the same time on worker threads.

        Items are taken from their iterable only as results are taken from this one. Called on a worker thread itself,
        it works one after the other: workers that wait for workers might wait for ever.

        Args:
            function: called on a worker thread.
            items: taken on the caller's thread.
            window: how many run or wait beside the one that is being used; None: `concurrency`.
        """
        if is_worker():
            yield from map(function, items)
            return
        size = window or self.concurrency
        pending: deque[Future[R]] = deque()
        try:
            for item in items:
                pending.append(self.submit(partial(function, item)))
                if len(pending) > size:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    def submit(self, function: Callable[[], R]) -> Future[R]:
        """Run a function on a worker thread; its result must not be waited for on a worker thread."""
        return self._pool.submit(function)

    def _place(self, path: str) -> tuple[str, str]:
        """Return URL and path of a path or URL. Raises `UnexpectedAnswerError` for a URL of another origin."""
        base_url = self._connection.base_url
        if path.startswith("/"):
            url = f"{base_url}{path}"
        elif "://" not in path:
            url = f"{base_url}{self._api.base_path}{path}"
        elif _host(path) == self.origin:  # in the one form that sessions take: without the scheme's own port
            scheme, netloc, *_ = urlsplit(self.origin)
            url = urlunsplit(urlsplit(path)._replace(scheme=scheme, netloc=netloc))
        else:
            raise UnexpectedAnswerError(f"A request to {_host(path)} was refused: the tenant is {self.origin}")
        return url, urlsplit(url).path

    def _authentication(self) -> Authenticator:
        """Return what holds the credentials. Raises `ConfigError` where they are not of the kind needed."""
        if self._authenticator is None:
            with self._auth_lock:
                if self._authenticator is None:
                    self._authenticator = Authenticator(
                        self._connection, self._api.auth, self._log_in, self._patience.clock
                    )
        return self._authenticator

    def _log_in(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Send a login call, which changes nothing that a repetition would spoil."""
        params, json = (body, None) if method == "GET" else (None, body)
        return self._transport.send(Request(method, *self._place(path), params, json), None)


def _release(closed: threading.Event, pool: Pool, sessions: Sessions) -> None:
    closed.set()
    pool.close()
    sessions.close()


def _host(url: str) -> str:
    """Return a URL's origin, or words that are none."""
    try:
        return origin_of(url)
    except ValueError:
        return "an address that is none"
