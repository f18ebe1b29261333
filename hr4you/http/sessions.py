"""One `requests` session per thread, as sessions are not safe to share, and all of them closed in the end."""

from __future__ import annotations

import os
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from hr4you.http.redact import hide

if TYPE_CHECKING:
    from hr4you.settings import Connection


class Sessions:
    """Makes and closes the sessions of one client.

    What the environment says of proxies and certificates is looked up once and not per request; what ``.netrc`` says
    is not looked up at all: requests would send that instead of our own credentials.

    Args:
        connection: base URL, certificates and user agent.
    """

    def __init__(self, connection: Connection) -> None:
        self._own = threading.local()
        self._all: list[requests.Session] = []
        self._lock = threading.Lock()
        self._origin = connection.origin
        self._proxies: dict[str, str] = get_environ_proxies(connection.base_url)
        for proxy in self._proxies.values():
            _hide_password(proxy)
        bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        self._verify = str(connection.ca_bundle) if connection.ca_bundle else bundle or True
        self._user_agent = connection.user_agent or f"tap-hr4you/{_version()}"

    def own(self) -> requests.Session:
        """Return this thread's session."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = self._make()
            with self._lock:
                self._all.append(session)
        return session

    def close_own(self) -> None:
        """Close this thread's session; called when the thread ends."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is not None:
            self._own.session = None
            session.close()
            with self._lock:
                self._all.remove(session)

    def close(self) -> None:
        """Close all sessions; a request in flight on another thread ends by itself."""
        with self._lock:
            sessions = list(self._all)
        for session in sessions:
            session.close()

    def _make(self) -> requests.Session:
        session = _Session()
        session.trust_env = False
        session.proxies = dict(self._proxies)
        session.verify = self._verify
        # the encodings that `read_body` unpacks: requests would add others if their libraries are installed
        session.headers.update({"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"})
        # The one adapter takes URLs of the tenant's origin only, as requests itself reads them: whatever a link or a
        # redirect says, no request can leave for another host.
        session.adapters.clear()
        session.mount(f"{self._origin}/", HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0))
        return session


class _Session(requests.Session):
    """A session that looks at no redirect.

    Even where it follows none, requests reads the body without our deadline and takes the address apart, which fails
    for one that is none.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None: nowhere."""


def _hide_password(proxy: str) -> None:
    try:
        password = urlsplit(proxy).password
    except ValueError:
        hide(proxy)  # no URL: the first request says so, and must not repeat it
        return
    hide(password, unquote(password) if password else None)


def _version() -> str:
    try:
        return version("tap-hr4you")
    except PackageNotFoundError:  # run from a source tree
        return "0"
