"""The ASGI application: reads a request, lets the faults of the plan strike, sends the answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, QueryParams

from hr4you_sandbox.answers import Answer, RefusalError, json_answer
from hr4you_sandbox.app import App
from hr4you_sandbox.asked import Request
from hr4you_sandbox.control import is_loopback
from hr4you_sandbox.faults import LISTS_ONLY, Fault
from hr4you_sandbox.link import Link
from hr4you_sandbox.spoilt import spoil

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hr4you_sandbox.tenant import Tenant

_CONDITIONS = LISTS_ONLY | {"search_lag"}
_DRIP_SECONDS = 5.0


class Front:
    """One tenant on the wire."""

    def __init__(self, tenant: Tenant, *, latency: float = 0.0) -> None:
        self.tenant = tenant
        self.app = App(tenant)
        self.latency = latency
        """Seconds before each answer of the tenant (not of the control API)."""
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        request = await _read(scope, receive)
        transport = scope["extensions"]["sandbox.transport"]
        link = Link(receive, send, transport, self.stopping, head=request.method == "HEAD")
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        if request.path.startswith("/sandbox/"):
            local = is_loopback(request.client)
            answer = self.app.answer(request) if local else json_answer(403, {"message": "Only from this machine."})
            await link.answer(answer.gzipped() if zipped else answer, self.tenant.clock())
            return
        self.tenant.requests[self.app.counted_as(request)] += 1
        request.faults = self.tenant.plan.strike(request.method, request.path, scope["query_string"].decode("latin-1"))
        if self.latency:
            await asyncio.sleep(self.latency)
        striking = next((fault for fault in request.faults if fault.fault not in _CONDITIONS), None)
        if striking is not None:
            await self._strike(striking, request, link, zipped=zipped)
            return
        answer = self.app.answer(request)
        await link.answer(answer.gzipped() if zipped else answer, self.tenant.clock())

    async def _strike(self, fault: Fault, request: Request, link: Link, *, zipped: bool) -> None:
        answer = self._executed(fault, request)
        now = self.tenant.clock()
        if fault.fault == "timeout":
            await link.hang(fault.seconds if fault.when != "late_commit" else None)
        elif fault.fault == "reset":
            await link.reset()
        elif fault.fault == "reset_mid_body":
            await link.break_off(answer, now)
        elif fault.fault == "slow_drip":
            await link.drip(answer, now, _DRIP_SECONDS if fault.seconds is None else fault.seconds)
        else:
            answer = spoil(fault, answer, request, self.tenant.dialect)
            await link.answer(answer.gzipped() if zipped else answer, now)

    def _executed(self, fault: Fault, request: Request) -> Answer:
        """The answer that the fault spoils; the request has taken effect now, will later, or never does."""
        if fault.fault == "expire_token" and self.tenant.dialect.expire(request):
            return self.tenant.dialect.error(RefusalError(401, "Nicht angemeldet: das Token ist abgelaufen."))
        if fault.fault == "expire_token" or fault.commits == "after_commit":
            return self.app.answer(request)
        if fault.commits == "late_commit":
            asyncio.get_running_loop().call_later(fault.seconds or 0.0, self.app.answer, request)
        return json_answer(200, {"data": {}})


async def _read(scope: Scope, receive: Receive) -> Request:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=QueryParams(scope["query_string"]),
        headers=Headers(scope=scope),
        body=body,
        client=scope["client"][0] if scope.get("client") else "",
    )
