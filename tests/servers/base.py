"""What the test servers share: mutable tables, a clock of their own, and JSON over HTTP on 127.0.0.1."""

from __future__ import annotations

import copy
import json
import sys
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from typing_extensions import Self

Wire = dict[str, Any]
_T = TypeVar("_T", bound="Tenant")


class Refused(Exception):  # noqa: N818  # an answer, not an error of the test
    """Answer with this status instead."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Raw(NamedTuple):
    """A 200 that is no JSON object of ours: a page, a document."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = {}  # noqa: RUF012  # nobody changes it


class Tenant:
    """A tenant's data behind a server; subclasses say what the wire looks like.

    Attributes:
        now: the server's clock, UTC: in the `Date` header and in the times that changes get. Tests move it.
        tables: table -> id -> object, as on the wire.
        requests: "METHOD path" of all requests, without their query.
    """

    id_key: str
    base_url: str = ""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.tables: dict[str, dict[str, Wire]] = {}
        self.requests: list[str] = []
        self.lock = threading.RLock()

    def later(self, **by: float) -> Self:
        """Move the clock on by a timedelta's arguments."""
        with self.lock:
            self.now += timedelta(**by)
        return self

    def fill_hourly(self, rows_of: Mapping[str, list[Wire]]) -> Self:
        """Put objects into tables, each changed an hour after the one before, the last now."""
        self.later(hours=-sum(len(rows) for rows in rows_of.values()))
        for table, rows in rows_of.items():
            self.tables[table] = {}
            for row in rows:
                self.later(hours=1).add(table, row)
        return self

    def add(self, table: str, wire: Wire) -> str:
        """Put an object into a table, changed now; returns its id as text."""
        with self.lock:
            key = str(wire[self.id_key])
            self.tables.setdefault(table, {})[key] = {**wire, **self.stamp(table)}
        return key

    def update(self, table: str, key: str, **changes: Any) -> None:
        """Change keys of an object and its time of change."""
        with self.lock:
            self.tables[table][key].update({**changes, **self.stamp(table)})

    def delete(self, table: str, key: str) -> None:
        """Take an object out."""
        with self.lock:
            del self.tables[table][key]

    def stamp(self, table: str) -> Wire:
        """What the server writes into an object of this table when it changes."""
        raise NotImplementedError

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        """The JSON of a 200, or `Raw`. Raises `Refused` for any other answer."""
        raise NotImplementedError

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, datetime]:
        """Status, content and server time of the answer to one request."""
        parts = urlsplit(target)
        with self.lock:
            self.requests.append(f"{method} {parts.path}")
            try:
                query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
                content = copy.deepcopy(self.handle(method, parts.path, query, headers, json.loads(body or b"null")))
            except Refused as refused:
                return refused.status, _as_json({}), self.now
            except (ValueError, LookupError):  # a parameter is missing or makes no sense: a client may not guess
                return 400, _as_json({}), self.now
            return 200, content if isinstance(content, Raw) else _as_json(content), self.now


def _as_json(content: Any) -> Raw:
    return Raw(json.dumps(content).encode(), "application/json; charset=utf-8")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: otherwise each answer waits 40 ms for an acknowledgement
    tenant: Tenant

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        status, content, now = self.tenant.answer(self.command, self.path, headers, body)
        self.send_response_only(status)
        self.send_header("Date", format_datetime(now, usegmt=True))
        self.send_header("Content-Type", content.content_type)
        self.send_header("Content-Length", str(len(content.body)))
        for name, value in content.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content.body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815  # the names that http.server looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """Say nothing: `Tenant.requests` has it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # who breaks off a handshake is what a test is about
            super().handle_error(request, client_address)


@contextmanager
def serving(tenant: _T, *, encrypted: ssl.SSLContext | None = None) -> Iterator[_T]:
    """Serve a tenant on a free port of 127.0.0.1, also with TLS."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"tenant": tenant}))
    if encrypted is not None:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    tenant.base_url = f"http{'s' if encrypted else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield tenant
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
