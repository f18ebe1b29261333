"""Gets documents: from the tenant with its credentials, from any other host without, and from files beside a file."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from hr4you.contract.draft.source import LARGEST, too_large
from hr4you.errors import (
    ConfigError,
    ContractError,
    ForbiddenError,
    NotFoundError,
    TenantUnavailableError,
    TokenRefusedError,
    UnexpectedAnswerError,
)
from hr4you.http.answers import BodyError, read_body
from hr4you.http.redact import scrub
from hr4you.settings import is_loopback, origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from hr4you.http import Client

_CONNECT: Final = 10.0
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Told at once: the client would wait and ask again for some of them, and a guessed address may well break a server.
_FINAL: Final = _REDIRECTS | {400, 403, 404, 405, 406, 410, 500, 501, 502, 504}
_BUSY: Final = frozenset({429, 503})
# A page first: where the same address gives both, the page is what people were told of, and it names the document.
_ACCEPT: Final = "text/html, application/json, application/yaml;q=0.9, */*;q=0.8"
_LONGEST_NAME: Final = 200
BY_BROWSER: Final = "Log in with your browser, save the OpenAPI document or the docs page from there, and give the file"


@dataclass(frozen=True)
class Fetched:
    """What is at an address; `url` is where it was found in the end, after redirects."""

    url: str
    body: bytes

    @property
    def text(self) -> str:
        """A page's or a script's text."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.body.decode("latin-1")


class Web:
    """Gets what is at ``http``, ``https`` and ``file`` addresses.

    Args:
        client: the tenant's, None without one: whatever it answers, nothing is sent with credentials.
        folder: whose files may be read, with all below it; None: no files.
        patience: seconds for one answer of a host that is not the tenant's.
    """

    def __init__(self, client: Client | None, folder: Path | None = None, *, patience: float = 30.0) -> None:
        self._client = client
        self._folder = folder.resolve() if folder else None
        self._patience = patience
        self._session: requests.Session | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.close()

    def get(self, url: str) -> Fetched:
        """Return what is at an address, or where its redirects lead.

        Raises:
            ConfigError: it is no address, or http to another machine.
            ContractError: it is too large, or a file that cannot be read.
            TenantUnavailableError: its host is down.
            ForbiddenError: it takes a log-in.
            NotFoundError: there is nothing.
            UnexpectedAnswerError: another status, or redirects without end.
        """
        if url.startswith("file:"):
            return self._read_file(url)
        for _ in range(_MOST_REDIRECTS + 1):
            status, headers, body = self._ask(url)
            if status not in _REDIRECTS or not headers.get("Location"):
                break
            try:
                url = urldefrag(urljoin(url, headers["Location"])).url
            except ValueError:
                raise UnexpectedAnswerError(f"{shown(url)}: sends on to an address that is none ({status}).") from None
        else:
            raise UnexpectedAnswerError(f"{shown(url)}: sends from one address to the next without end.")
        self._raise_for_status(url, status)
        return Fetched(url, body)

    def file_name(self, url: str) -> str:
        """Return a file's name for messages: relative to the folder, or whole."""
        path = _path_of(url)
        if self._folder is not None and path.is_relative_to(self._folder):
            path = path.relative_to(self._folder)
        return printable(str(path))

    def _ask(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        try:
            origin = origin_of(url)
        except ValueError:
            raise ConfigError(f"{shown(url)}: expected an address without user name and password.") from None
        scheme, host = urlsplit(origin).scheme, urlsplit(origin).hostname or ""
        if scheme not in {"http", "https"} or not host:
            raise ConfigError(f"{shown(url)}: expected an address that begins with https://.")
        if scheme == "http" and not is_loopback(host):
            raise ConfigError(f"{shown(url)}: expected https://; http:// is for this machine itself only.")
        if self._client is not None and origin == self._client.origin:
            return _ask_tenant(self._client, url)
        return self._ask_other(url, origin)

    def _ask_other(self, url: str, origin: str) -> tuple[int, Mapping[str, str], bytes]:
        deadline = time.monotonic() + self._patience
        if self._session is None:
            self._session = _AnonymousSession()
        try:
            response = self._session.get(url, stream=True, allow_redirects=False, timeout=(_CONNECT, self._patience))
            with contextlib.closing(response):
                if int(response.headers.get("Content-Length") or 0) > LARGEST:
                    raise too_large(shown(url))
                raw: Any = _Limited(response.raw, shown(url))
                body = read_body(raw, deadline=deadline, clock=time.monotonic)
        except BodyError as error:
            raise UnexpectedAnswerError(
                f"{shown(url)}: {error}. Save it from your browser, and give the file."
            ) from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
            raise ConfigError(f"{shown(url)}: is no address that can be asked for.") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            reason = _reason_of(error)
            raise TenantUnavailableError(
                f"{origin} cannot be reached: {reason}. Check the address and the network, then run again."
            ) from None
        if len(body) > LARGEST:
            raise too_large(shown(url))
        return response.status_code, response.headers, body

    def _raise_for_status(self, url: str, status: int) -> None:
        if status == HTTPStatus.OK:
            return
        name = shown(url)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise needs_log_in(name, status, has_client=self._client is not None)
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise NotFoundError(f"{name}: there is nothing at this address ({status}). Check it.", status=status)
        if status in _BUSY:
            raise TenantUnavailableError(f"{name}: the host is out of service ({status}). Run again later.")
        raise UnexpectedAnswerError(
            f"{name}: answers with status {status}. Check the address; if it is right, save what your browser shows, "
            "and give the file.",
            status=status,
        )

    def _read_file(self, url: str) -> Fetched:
        path = _path_of(url)
        name = self.file_name(url)
        if self._folder is None or not path.is_relative_to(self._folder):
            raise ContractError(f"{name}: is not beside the file that names it, so it is not read.")
        return Fetched(url, read_file(path, name))


def read_file(path: Path, name: str) -> bytes:
    """Return a file's content. Raises `ContractError`."""
    try:
        if path.stat().st_size > LARGEST:
            raise too_large(name)
        return path.read_bytes()
    except FileNotFoundError:
        raise ContractError(f"{name}: there is no such file.") from None
    except IsADirectoryError:
        raise ContractError(f"{name}: is a folder; expected a file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ContractError(f"{name}: cannot be read ({reason}).") from None


def shown(url: str) -> str:
    """Return an address for a message: without query, user name and password, which may be secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    host = parts.netloc.rpartition("@")[2]
    return printable(f"{parts.scheme}://{host}{parts.path}")


def printable(text: str) -> str:
    """Return a name in a form that is safe on a screen, cut to 200 characters."""
    return scrub("".join(character if character.isprintable() else "?" for character in text[:_LONGEST_NAME]))


def needs_log_in(name: str, status: int | None, *, has_client: bool) -> ForbiddenError:
    """Return the error for what only people who are logged in are shown."""
    told = f" ({status})" if status else ""
    config = "" if has_client else ", or give the tenant's settings with `--config`, whose credentials are then sent"
    return ForbiddenError(f"{name}: is shown to people who are logged in{told}. {BY_BROWSER}{config}.", status=status)


def _ask_tenant(client: Client, url: str) -> tuple[int, Mapping[str, str], bytes]:
    try:
        answer = client.request("GET", url, is_json=False, accept=_ACCEPT, returned=_FINAL)
    except TokenRefusedError:
        return HTTPStatus.UNAUTHORIZED, {}, b""
    if len(answer.body) > LARGEST:
        raise too_large(shown(url))
    return answer.status, answer.headers, answer.body


def _path_of(url: str) -> Path:
    return Path(unquote(urlsplit(url).path)).resolve()


class _AnonymousSession(requests.Session):
    """Sends no credentials, also none that ``.netrc`` has for the host, and follows no redirect by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda request: request
        self.headers.update({"Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"})

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None: nowhere."""


class _Limited:
    """An answer's body that ends in an error where it becomes too large."""

    def __init__(self, raw: Any, name: str) -> None:
        self._raw = raw
        self._name = name
        self._left = LARGEST

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def read1(self, size: int, **options: Any) -> bytes:
        """Read on."""
        part: bytes = self._raw.read1(size, **options)
        self._left -= len(part)
        if self._left < 0:
            raise too_large(self._name)
        return part


def _reason_of(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is not trusted"
    if "NameResolutionError" in text or "getaddrinfo" in text:
        return "there is no such host, or the name service is down"
    if isinstance(error, requests.Timeout | TimeoutError) or "timed out" in text:
        return "it does not answer in time"
    if "refused" in text:
        return "it refuses connections"
    return "the connection broke off"
