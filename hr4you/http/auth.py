"""How requests prove who they are: five ways of sending credentials, and how they are renewed."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import AnswerError, ConfigError, HR4YouError, TokenRefusedError, UnexpectedAnswerError
from hr4you.http.redact import hide
from hr4you.settings import read_token_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you.contract import Auth
    from hr4you.http.answers import Answer
    from hr4you.settings import Connection

UNAUTHORIZED: Final = 401
_REFUSED: Final = {400, UNAUTHORIZED, 403, 422}  # how a login call says that it does not know these credentials

# A token is renewed this long before it runs out: seconds, but at most a share of its life.
_MARGIN: Final = 30.0
_MARGIN_SHARE: Final = 0.1


@dataclass(frozen=True)
class Credentials:
    """What one request is sent with.

    Attributes:
        generation: rises with each renewal: tells whether a refused request was sent with what still holds.
        headers: to send.
    """

    generation: int
    headers: dict[str, str]


class Authenticator:
    """Holds the credentials of one tenant for all threads.

    Renewal is a single flight: of many threads that are refused at the same time one renews, and the others wait for
    what becomes of that. A login that was refused is never tried again, as tenants lock accounts for that.

    Args:
        connection: has the credentials.
        auth: the contract's way to send them.
        log_in: sends a login call (method, path, JSON body) and returns its answer, without credentials.
        clock: in seconds, rises steadily.

    Raises:
        ConfigError: the credentials are not of the kind that the contract needs.
    """

    def __init__(
        self,
        connection: Connection,
        auth: Auth,
        log_in: Callable[[str, str, dict[str, Any]], Answer],
        clock: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._auth = auth
        self._log_in = log_in
        self._clock = clock
        self._lock = threading.Lock()
        self._flight: Future[None] | None = None
        self._refused: HR4YouError | None = None
        self._current: Credentials | None = None
        self._renew_at = float("inf")
        _check_kind(connection, auth)
        hide(connection.api_token, connection.password)
        if connection.username and "@" in connection.username:  # a person's data
            hide(connection.username)

    def credentials(self) -> Credentials:
        """Return what to send, fetched if there is none yet or if it is about to run out.

        Raises:
            HR4YouError: the login failed.
        """
        current = self._current
        if current is not None and self._clock() < self._renew_at:
            return current
        self._renew(current.generation if current is not None else 0)
        if self._current is None:
            raise RuntimeError("a renewal ends with credentials or an error")
        return self._current

    def renew(self, generation: int) -> bool:
        """Renew what a request of this generation was refused with; whether it is worth to repeat the request.

        Raises:
            HR4YouError: the login failed.
        """
        if self._auth.type == "basic":  # the same password again would count towards a lock
            return False
        self._renew(generation)
        return True

    def _renew(self, generation: int) -> None:
        with self._lock:
            if self._refused is not None:
                raise self._refused.with_traceback(None)  # or each raise would make it longer
            if self._current is not None and self._current.generation != generation:
                return  # somebody else did meanwhile
            flight = self._flight
            if flight is None:
                mine: Future[None] = Future()
                self._flight = mine
        if flight is not None:
            flight.result()
            return
        try:
            headers, renew_at = self._fetch()
        except BaseException as error:
            with self._lock:
                self._flight = None
                if isinstance(error, TokenRefusedError):
                    self._refused = error
            mine.set_exception(
                error if isinstance(error, HR4YouError) else TokenRefusedError("The login was broken off")
            )
            raise
        with self._lock:
            self._current = Credentials(generation + 1, headers)
            self._renew_at = renew_at
            self._flight = None
        mine.set_result(None)

    def _fetch(self) -> tuple[dict[str, str], float]:
        """Return the headers to send, and when to renew them."""
        auth, connection = self._auth, self._connection
        if auth.type == "login":
            token, seconds = self._fetch_token()
            renew_at = float("inf")
            if seconds is not None:
                renew_at = self._clock() + seconds - min(_MARGIN, seconds * _MARGIN_SHARE)
            return _token_headers(auth.then, token), renew_at
        if auth.type == "basic":
            pair = f"{connection.username}:{connection.password}".encode()
            encoded = base64.b64encode(pair).decode()
            hide(encoded)
            return {"Authorization": f"Basic {encoded}"}, float("inf")
        token = connection.api_token or self._read_file()
        return _token_headers(auth, token), float("inf")

    def _read_file(self) -> str:
        if self._connection.api_token_file is None:
            raise RuntimeError("checked when the client was made")
        token = read_token_file(self._connection.api_token_file)
        hide(token)
        return token

    def _fetch_token(self) -> tuple[str, float | None]:
        """Log in and return the token and its seconds to live.

        Raises:
            TokenRefusedError: the tenant does not know these credentials.
            UnexpectedAnswerError: there is no token where the contract says it is.
        """
        auth = self._auth
        given = _given(self._connection)
        body = {key: expression(given) for key, expression in (auth.body or {}).items()}
        try:
            answer = self._log_in(auth.method, auth.path or "", body)
        except (AnswerError, TokenRefusedError) as error:
            status = error.status if isinstance(error, AnswerError) else UNAUTHORIZED
            if status not in _REFUSED:
                raise
            raise TokenRefusedError(
                f"The login at {self._connection.origin} was refused ({status}). "
                "Check username, password and `api.auth.body` in the contract, then run again"
            ) from None
        token = auth.token(answer.data) if auth.token is not None else None
        if isinstance(token, int) and not isinstance(token, bool):
            token = str(token)
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise UnexpectedAnswerError(
                "The login's answer holds no token where the contract says it is. Check `api.auth.token`",
                status=answer.status,
            )
        hide(token)
        seconds = auth.expires_in(answer.data) if auth.expires_in is not None else None
        try:
            lifetime = float(seconds) if seconds is not None and not isinstance(seconds, bool) else None
        except (TypeError, ValueError):
            lifetime = None
        return token, lifetime if lifetime is None or lifetime > 0 else None


def _token_headers(auth: Auth | None, token: str) -> dict[str, str]:
    if auth is None or auth.type == "bearer":
        return {"Authorization": f"Bearer {token}"}
    if auth.type == "header":
        return {auth.name or "": token}
    return {"Authorization": token}


def _given(connection: Connection) -> dict[str, str]:
    """Return the credentials at hand by name; a token in a file is read."""
    token = connection.api_token
    if token is None and connection.api_token_file is not None:
        token = read_token_file(connection.api_token_file)
        hide(token)
    named = {"username": connection.username, "password": connection.password, "api_token": token}
    return {name: value for name, value in named.items() if value is not None}


def _check_kind(connection: Connection, auth: Auth) -> None:
    """Raise `ConfigError` unless the credentials are of the kind that the contract needs."""
    has_token = connection.api_token is not None or connection.api_token_file is not None
    if auth.type == "login":
        needed = {root for expression in (auth.body or {}).values() for root in expression.roots or ()}
    else:
        needed = {"username", "password"} if auth.type == "basic" else {"api_token"}
    missing = [
        name
        for name in ("username", "password", "api_token")
        if name in needed and not (has_token if name == "api_token" else getattr(connection, name))
    ]
    if missing:
        wanted = " and ".join(f"`{name}`" for name in missing)
        raise ConfigError(
            f"Credentials: authentication of type {auth.type}, which the contract asks for, needs {wanted}. "
            "Set that, or mend `api.auth` in the contract"
        )
