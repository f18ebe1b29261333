"""The sandbox on a port of this machine: in a thread for tests, in the foreground for the command."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hr4you_sandbox.dialect import TOKEN
from hr4you_sandbox.faults import Fault, read_plan
from hr4you_sandbox.front import Front
from hr4you_sandbox.tenant import DialectName, Order, Tenant

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

HOST = "127.0.0.1"
_START_SECONDS = 30


class _Protocol(HttpToolsProtocol):
    """Hands the transport to the application, which has to be able to reset it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**scope.get("extensions", {}), "sandbox.transport": transport}
            await app({**scope, "extensions": extensions}, receive, send)

        self.app = with_transport


class Server(uvicorn.Server):
    """uvicorn with an event at its start, and an end that waits for no hanging request."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.ready = threading.Event()
        super().__init__(
            uvicorn.Config(
                front,
                http=_Protocol,
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=75,  # as web servers in front of tenants do; 5 would be a fault of its own
                timeout_graceful_shutdown=1,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what hangs, then the rest."""
        self.front.stopping.set()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback address; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    # the protocol is named, as asyncio switches Nagle off only then: else the body of each answer is 40 ms late
    plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        plug.bind((HOST, port))
        plug.listen(256)
    except OSError:
        plug.close()
        raise
    return plug


class Sandbox:
    """A running sandbox, with short ways to its control API."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base_url = f"http://{HOST}:{port}"
        self.token = TOKEN

    def stats(self) -> dict[str, Any]:
        """``{"objects": {kind: n}, "requests": {"GET /api2/jobs": n}}``."""
        return self._control("GET", "stats")

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind, sorted by id."""
        found: list[dict[str, Any]] = self._control("GET", f"objects/{kind}")["data"]
        return found

    def create(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Make an object; it as it is now."""
        return self._data("POST", f"objects/{kind}", fields)

    def patch(self, kind: str, object_id: int, **changes: Any) -> dict[str, Any]:
        """Change an object and its updatedAt; it as it is now."""
        return self._data("PATCH", f"objects/{kind}/{object_id}", changes)

    def delete(self, kind: str, object_id: int) -> None:
        """Remove an object, and nothing else."""
        self._control("DELETE", f"objects/{kind}/{object_id}")

    def faults(self, *faults: dict[str, Any]) -> None:
        """Put another fault plan in place; without arguments none."""
        self._control("POST", "faults", {"faults": faults})

    def reset(self) -> None:
        """The data of the seed, no faults, counters at zero."""
        self._control("POST", "reset")

    def _data(self, method: str, path: str, body: Any) -> dict[str, Any]:
        item: dict[str, Any] = self._control(method, path, body)["data"]
        return item

    def _control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/sandbox/{path}", data=data, method=method)  # noqa: S310  # http
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            content = answer.read()
        return json.loads(content) if content else {}


@contextlib.contextmanager
def serve_in_thread(
    *,
    candidates: int = 500,
    seed: int = 1,
    dialect: DialectName = "default",
    order: Order = "id",
    latency_ms: int = 0,
    faults: str | Sequence[dict[str, Any]] | None = None,
    db: Path | None = None,
    port: int = 0,
    clock: Callable[[], float] = time.time,
) -> Iterator[Sandbox]:
    """A sandbox on a free port while the block runs.

    Args:
        candidates: Number of applicants; the other objects follow from it.
        seed: The same seed gives the same data.
        dialect: ``default`` or ``legacy``.
        order: How lists are sorted.
        latency_ms: Waited before each answer.
        faults: A fault plan: YAML text or its entries.
        db: SQLite file that keeps the data between starts.
        port: 0 takes a free one.
        clock: The server's time in epoch seconds (Date header, updatedAt, ends of sessions).
    """
    plan = _plan(faults)
    tenant = Tenant(candidates=candidates, seed=seed, dialect=dialect, order=order, faults=plan, db=db, clock=clock)
    plug = listen(port)
    server = Server(Front(tenant, latency=latency_ms / 1_000))
    thread = threading.Thread(target=server.run, args=([plug],), name="hr4you-sandbox", daemon=True)
    thread.start()
    if not server.ready.wait(_START_SECONDS):
        raise RuntimeError("the sandbox did not start")
    try:
        yield Sandbox(plug.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        plug.close()
        tenant.close()


def _plan(faults: str | Sequence[dict[str, Any]] | None) -> list[Fault]:
    if faults is None:
        return []
    return read_plan(faults if isinstance(faults, str) else json.dumps({"faults": list(faults)}))
