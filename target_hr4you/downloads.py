"""Files behind URLs of the input: fetched without credentials, from public hosts, within bounds of size and time.

Such a URL is often signed: whoever has it has the file. So it is in no message, no log line and no exception's chain.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SocketTimeoutError

from hr4you.errors import HR4YouError
from hr4you.settings import is_loopback, origin_of
from target_hr4you.hardened import Deadline, HardenedSession, InvalidIPAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_T = TypeVar("_T")

_CHUNK: Final = 1 << 16
_MOST_REDIRECTS: Final = 3
_OK: Final = {200, 203}
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_GONE: Final = {400, 401, 403, 404, 410}  # 400: how some stores call a signature that has expired
_LATER: Final = {202, 206, 408, 425, 429}
_SERVER_ERRORS: Final = range(500, 600)
_PLAIN_HOST: Final = re.compile(r"[a-z0-9._:-]{1,100}")


class AttachmentError(HR4YouError):
    """An attachment that cannot be sent as it is; trying again would not help.

    Attributes:
        code: ``ATTACHMENT_GONE``: the URL has expired or is refused, a new one helps. ``ATTACHMENT_REFUSED``: all else.
    """

    def __init__(self, message: str, *, code: Literal["ATTACHMENT_GONE", "ATTACHMENT_REFUSED"]) -> None:
        super().__init__(message)
        self.code = code


class AttachmentUnavailableError(HR4YouError):
    """An attachment could not be had this time: no connection, a time-out, a 5xx, a broken body, a full disk."""


@dataclass(frozen=True)
class AttachmentRules:
    """What attachments are taken.

    Attributes:
        max_bytes: of the file itself, unpacked.
        timeout: for one URL in all, with name service and redirects, in seconds.
        allowed_hosts: names, ``*.example.com`` for all below one; None: any public host.
        allow_loopback: for tests and the sandbox: this machine is allowed too, also without TLS.
        ca_bundle: the certificates to trust, a PEM file; None: those that `requests` brings.
    """

    max_bytes: int = 26_214_400
    timeout: float = 120.0
    allowed_hosts: frozenset[str] | None = None
    allow_loopback: bool = False
    ca_bundle: Path | None = None


@dataclass(frozen=True)
class Download:
    """What is known of a file beside its content.

    Attributes:
        content_type: the header, None without.
        disposition: the header ``Content-Disposition``, None without.
        paths: of all URLs asked, in order, still percent-encoded.
    """

    content_type: str | None
    disposition: str | None = field(repr=False)
    paths: tuple[str, ...] = field(repr=False)


def refused(message: str) -> AttachmentError:
    """An error of the code ``ATTACHMENT_REFUSED``."""
    return AttachmentError(message, code="ATTACHMENT_REFUSED")


def refuse_size(max_bytes: int) -> AttachmentError:
    """The error of a file that is too large."""
    return refused(f"the attachment is larger than {max_bytes:,} bytes. Make it smaller, or set `attachment_max_bytes`")


def download(url: str, rules: AttachmentRules, write: Callable[[bytes], object]) -> Download:
    """Fetch a file.

    Args:
        url: https; may redirect three times, each of which is checked as the first.
        rules: the bounds.
        write: takes the content, unpacked, in pieces; those written before an error are to be thrown away.

    Raises:
        AttachmentError: the URL is gone, or it or the file is not allowed.
        AttachmentUnavailableError: it may work later.
    """
    with (
        Deadline(rules.timeout) as deadline,
        HardenedSession(deadline, allow_loopback=rules.allow_loopback, ca_bundle=rules.ca_bundle) as session,
    ):
        paths: list[str] = []
        for _ in range(_MOST_REDIRECTS + 1):
            request = _attempt(partial(_prepare, session, url), deadline)
            address = request.url or ""
            host = _check_url(address, rules)
            paths.append(urlsplit(address).path)
            response = _attempt(partial(session.fetch, request), deadline, host)
            with contextlib.closing(response):
                if response.status_code in _REDIRECTS:
                    url = _redirect_target(response, address, host)
                    continue
                _check_answer(response, host, rules)
                _attempt(partial(_read, response, rules, deadline, write), deadline, host, "broke off")
                headers = response.headers
                return Download(headers.get("Content-Type"), headers.get("Content-Disposition"), tuple(paths))
    raise refused(f"the attachment's address redirects more than {_MOST_REDIRECTS} times. Give the last one")


def _prepare(session: requests.Session, url: str) -> requests.PreparedRequest:
    origin_of(url)  # before requests has mended what parsers read differently
    return session.prepare_request(requests.Request("GET", url))


def _attempt(
    function: Callable[[], _T], deadline: Deadline, host: str = "its host", happened: str = "cannot be reached"
) -> _T:
    """Run what asks the network.

    Raises:
        HR4YouError: what its exception means. Not chained, also not as context: all texts of requests hold the URL.
    """
    try:
        return function()
    except (requests.RequestException, HTTPError, OSError, ValueError, zlib.error) as error:
        failure = _failure(error, deadline, host, happened)
    raise failure


def _failure(error: Exception, deadline: Deadline, host: str, happened: str) -> HR4YouError:
    if isinstance(error, InvalidIPAddress):
        return _not_public(host)
    if any(sign in str(error) for sign in ("CERTIFICATE_VERIFY_FAILED", "CertificateError(")):
        return refused(f"the attachment cannot be loaded: the certificate of {host} is not trusted")
    if deadline.is_over or isinstance(error, (TimeoutError, SocketTimeoutError, requests.Timeout)):
        return AttachmentUnavailableError(
            f"the attachment did not come from {host} within `attachment_timeout`. It is tried again later"
        )
    if isinstance(error, ValueError):
        return _no_url()
    what = "the attachment's transfer from" if happened == "broke off" else "the attachment's host"
    return AttachmentUnavailableError(f"{what} {host} {happened}. It is tried again later")


def _no_url() -> AttachmentError:
    return refused("the attachment's address is no valid URL. Give one that begins with https://")


def _not_public(host: str) -> AttachmentError:
    return refused(f"the attachment's host {host} is not public. Give an address that the whole internet can reach")


def _check_url(url: str, rules: AttachmentRules) -> str:
    """Return the host as messages may show it.

    Args:
        url: as requests reads it, which is what will be connected to: its host is in ASCII.
        rules: the hosts.

    Raises:
        AttachmentError: the URL is not allowed.
    """
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    if not host:
        raise _no_url()
    if scheme != "https" and not (scheme == "http" and rules.allow_loopback and is_loopback(host)):
        raise refused("the attachment's address does not begin with https://")
    shown = host if _PLAIN_HOST.fullmatch(host) else "its host"
    if rules.allowed_hosts is not None and not any(_is_host(host, allowed) for allowed in rules.allowed_hosts):
        raise refused(f"the attachment's host {shown} is not in `attachment_allowed_hosts`. If it may be, add it there")
    return shown


def _is_host(host: str, allowed: str) -> bool:
    name = allowed.removeprefix("*.")
    with contextlib.suppress(ValueError):  # umlauts: in the form that requests asks the name service for
        name = urlsplit(requests.Request("GET", f"https://{name}/").prepare().url or "").hostname or ""
    host, name = host.rstrip("."), name.rstrip(".")
    return bool(name) and (host.endswith(f".{name}") if allowed.startswith("*.") else host == name)


def _redirect_target(response: requests.Response, url: str, host: str) -> str:
    target = response.headers.get("Location", "").encode("latin-1", "replace").decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        if target:
            return urljoin(url, target)
    raise refused(f"the attachment's host {host} redirects to nowhere ({response.status_code})")


def _check_answer(response: requests.Response, host: str, rules: AttachmentRules) -> None:
    """Raise what a status other than 200 means, or a length or encoding that cannot be taken."""
    status = response.status_code
    if status in _GONE:
        raise AttachmentError(
            f"the attachment's host {host} answers {status}: the address has expired, is refused or never was one. "
            "Give a new `data_url`",
            code="ATTACHMENT_GONE",
        )
    if status in _LATER or status in _SERVER_ERRORS:
        raise AttachmentUnavailableError(f"the attachment's host {host} answers {status}. It is tried again later")
    if status not in _OK:
        raise refused(f"the attachment's host {host} answers {status}. Give an address that answers 200")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > rules.max_bytes:  # Python reads no number of thousands of figures
        raise refuse_size(rules.max_bytes)
    if _encoding(response) not in {"", "identity", "gzip", "x-gzip"}:
        raise refused(f"the attachment's host {host} sends it in an encoding that was not asked for")


def _encoding(response: requests.Response) -> str:
    return response.headers.get("Content-Encoding", "").strip().lower()


def _read(
    response: requests.Response, rules: AttachmentRules, deadline: Deadline, write: Callable[[bytes], object]
) -> None:
    """Read the body. Raises also what `_attempt` knows: it breaks off, or the time is over."""
    parts = _parts(response, rules, deadline)
    size = 0
    for piece in _unpack(parts) if "gzip" in _encoding(response) else parts:
        size += len(piece)
        if size > rules.max_bytes:
            raise refuse_size(rules.max_bytes)
        write(piece)


def _parts(response: requests.Response, rules: AttachmentRules, deadline: Deadline) -> Iterator[bytes]:
    size = 0
    while part := response.raw.read1(_CHUNK, decode_content=False):
        size += len(part)
        if size > rules.max_bytes:  # packed: many empty members would never unpack to anything
            raise refuse_size(rules.max_bytes)
        yield part
    if deadline.is_over:  # a connection that we cut reads like one that has ended
        raise TimeoutError


def _unpack(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip, in pieces of at most `_CHUNK`, whatever a part would unpack to. Raises `zlib.error`."""
    stream: Any = None
    for part in parts:
        rest = part
        while rest:
            stream = stream or zlib.decompressobj(31)
            yield stream.decompress(rest, _CHUNK)
            rest = stream.unconsumed_tail
            if stream.eof:
                rest, stream = stream.unused_data, None
    if stream is not None:
        raise zlib.error("it breaks off")
