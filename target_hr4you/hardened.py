"""A session for URLs that others wrote: only public addresses, over before a deadline, without credentials or traces.

`requests_hardened` asks the name service once and connects to the address that was checked. It lets some addresses
through that lead inwards, so what it has chosen is checked once more here.
"""

from __future__ import annotations

import contextlib
import contextvars
import ipaddress
import logging
import socket
import threading
import time
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, TypeVar

import requests
from requests.structures import CaseInsensitiveDict
from requests_hardened.ip_filter import InvalidIPAddress  # type: ignore[import-untyped]
from requests_hardened.ip_filter_adapter import IPFilterAdapter  # type: ignore[import-untyped]
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from hr4you.http.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typing_extensions import Self

__all__ = ["Deadline", "HardenedSession", "InvalidIPAddress"]

_T = TypeVar("_T")

_SHORTEST: Final = 0.01  # seconds; a time-out of 0 would mean not to wait at all

# All public IPv6 addresses are in the first. The others lead from there to an IPv4 address or to no host at all;
# Python's `is_global` knows them too, but not in every version.
_PUBLIC_V6: Final = ipaddress.IPv6Network("2000::/3")
_REFUSED: Final = [
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]

# Those that write URLs or hosts, at whatever level.
_LOGGERS: Final = (
    "requests_hardened.ip_filter",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


class Deadline:
    """The end of everything that is done inside ``with`` on this thread.

    A time-out of a socket begins anew with each byte, so a server that drips would never end, not even its headers.
    Here the connections are cut when the time is over, and reading from them ends like a connection that was closed.

    Args:
        seconds: from now on.

    Attributes:
        is_over: set before anything is cut: what ended may have been cut.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _current.reset(self._token)
        with self._lock:
            for sock in self._sockets:
                sock.close()
            self._sockets.clear()

    @property
    def left(self) -> float:
        """In seconds, above 0. Raises `TimeoutError` where it is over."""
        left = self._end - time.monotonic()
        if self.is_over or left <= 0:
            raise TimeoutError
        return max(left, _SHORTEST)

    def watch(self, sock: socket.socket) -> None:
        """Cut this connection in the end, also when TLS has taken it over."""
        with self._lock:
            self._sockets.append(sock.dup())
        if self.is_over:
            self._cut()

    def run(self, function: Callable[[], _T]) -> _T:
        """Run what cannot be interrupted on a thread of its own, and leave it behind when the time is over.

        Raises:
            TimeoutError: it is over.
        """
        pool = Pool(1)
        future = pool.submit(partial(contextvars.copy_context().run, function))
        try:
            return future.result(self.left)
        except FutureTimeoutError:  # another class than `TimeoutError` in Python 3.10
            raise TimeoutError from None
        finally:
            pool.close(patience=0.0)

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):  # closed by the other side
                    sock.shutdown(socket.SHUT_RDWR)


_current: Final[contextvars.ContextVar[Deadline | None]] = contextvars.ContextVar("deadline", default=None)


class HardenedSession(requests.Session):
    """A session that has nothing to give away and follows no redirect.

    Args:
        deadline: of all requests, which are made inside it.
        allow_loopback: this machine may be asked too, also without TLS.
        ca_bundle: the certificates to trust, a PEM file; None: those that `requests` brings.
    """

    def __init__(self, deadline: Deadline, *, allow_loopback: bool, ca_bundle: Path | None) -> None:
        super().__init__()
        self._deadline = deadline
        self.trust_env = False  # no .netrc, and no proxy, which would ask the name service itself
        self.verify = True if ca_bundle is None else str(ca_bundle)
        self.headers = CaseInsensitiveDict(
            {"User-Agent": "tap-hr4you", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        )
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.adapters.clear()
        for scheme in ("http", "https"):
            self.mount(f"{scheme}://", _Adapter(deadline, is_https=scheme == "https", allow_loopback=allow_loopback))

    def fetch(self, request: requests.PreparedRequest) -> requests.Response:
        """Send the request; the answer's body is not read yet.

        Raises:
            InvalidIPAddress: the host's address is not public.
            TimeoutError: the deadline is over.
            requests.RequestException: as requests does.
        """
        return self.send(request, stream=True, timeout=self._deadline.left, allow_redirects=False, proxies={})

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None: nowhere. Even where it follows none, requests would read the body, however long it is."""


class _Adapter(IPFilterAdapter):  # type: ignore[misc]  # it has no types
    """Connects to the one address that was checked; https with the host's name in the certificate."""

    def __init__(self, deadline: Deadline, *, is_https: bool, allow_loopback: bool) -> None:
        self._deadline = deadline
        super().__init__(is_https_proto=is_https, allow_loopback=allow_loopback)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have connections that the deadline cuts."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Have the host's name replaced by its address, and check what stands there then.

        Raises:
            InvalidIPAddress: it is not public.
            TimeoutError: the name service did not answer in time.
        """
        choose = partial(super().build_connection_pool_key_attributes, *args, **kwargs)
        host, pool = self._deadline.run(choose)
        if not _is_allowed(host["host"], is_https=self._is_https_proto, allow_loopback=self._allow_loopback):
            raise InvalidIPAddress
        return host, pool


def _is_allowed(host: str, *, is_https: bool, allow_loopback: bool) -> bool:
    """Whether a host that is about to be connected to is an address, and one that may be."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:  # still a name: it would be looked up once more, with another result
        return False
    if address.is_loopback:
        return allow_loopback
    if address.version == 6 and address not in _PUBLIC_V6:  # noqa: PLR2004  # the protocol's name
        return False
    is_public = address.is_global and not address.is_multicast and not any(address in net for net in _REFUSED)
    return is_https and is_public


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _TLSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


def _watched(sock: socket.socket) -> socket.socket:
    deadline = _current.get()
    if deadline is not None:
        deadline.watch(sock)
    return sock


class _Quiet(logging.Filter):
    """Drops what is logged while a deadline runs here; by value, each URL would have to be kept for ever."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002  # whatever it says
        return _current.get() is None


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_Quiet())
