"""A tenant over a real socket whose answers a test writes down, and a clock on which nobody waits."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from hr4you.contract import Api
from hr4you.http import Client, Patience
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "token-of-the-test"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer; `cut` keeps so many bytes of the body and closes, `reset` sends nothing and resets."""

    status: int = 200
    data: Any = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    reset: bool = False
    drip: bool = False


@dataclass
class Tenant:
    """A running tenant: its address, and what it was asked so far."""

    base_url: str
    asked: list[Asked]
    stopped: threading.Event


def _handler(
    answer: Callable[[Asked], Reply] | list[Reply], asked: list[Asked], stopped: threading.Event
) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 10

        def log_message(self, *_: Any) -> None:
            pass

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body)
            with lock:
                asked.append(request)
                position = len(asked) - 1
            reply = answer(request) if callable(answer) else answer[min(position, len(answer) - 1)]
            self.send(reply)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815  # http.server's names

        def send(self, reply: Reply) -> None:
            if reply.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            body = json.dumps(reply.data).encode() if reply.body is None else reply.body
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if reply.drip:
                self.drip(body)
            self.wfile.write(body[: reply.cut])
            self.close_connection |= reply.cut is not None

        def drip(self, body: bytes) -> None:
            for position in range(len(body)):
                if stopped.wait(0.02):
                    return
                self.wfile.write(body[position : position + 1])

    return Handler


@contextmanager
def serving(answer: Callable[[Asked], Reply] | list[Reply]) -> Iterator[Tenant]:
    """Serve on 127.0.0.1: a function's answers, or these in turn, the last for ever."""
    asked: list[Asked] = []
    stopped = threading.Event()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: Any) -> None:  # a client that went away is what some tests are about
            pass

    server = Server(("127.0.0.1", 0), _handler(answer, asked, stopped))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True)
    thread.start()
    try:
        yield Tenant(f"http://127.0.0.1:{server.server_port}", asked, stopped)
    finally:
        stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


class FastTime:
    """A clock that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def api(**keys: Any) -> Api:
    """The default wire's API with these keys instead."""
    pagination = {"type": "page", "page": "page", "size": "limit", "last_page": "meta.lastPage", "total": "meta.total"}
    errors = {"message": "message", "fields": "errors"}
    return Api.model_validate({"pagination": pagination, "records": "data", "errors": errors, **keys})


def client_of(
    tenant: Tenant, *, time: FastTime | None = None, patience: Patience | None = None, auth: Any = None, **config: Any
) -> Client:
    """A client of the tenant that never really waits."""
    time = time or FastTime()
    if not {"username", "api_token_file"} & set(config):
        config.setdefault("api_token", TOKEN)
    connection = Connection.from_config({"base_url": tenant.base_url, **config})
    shape = api(auth=auth) if auth else api()
    return Client(connection, shape, patience=patience or Patience(clock=time.clock, sleep=time.sleep))
