"""The connection of one request: sends an answer whole, in pieces, broken off or not at all."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.clock import http_date

if TYPE_CHECKING:
    from starlette.types import Receive, Send

    from hr4you_sandbox.answers import Answer

_request_numbers = itertools.count(1)


class Link:
    """What the faults need beyond ASGI: the transport, to reset it, and the end of the server, to stop hanging."""

    def __init__(
        self, receive: Receive, send: Send, transport: asyncio.Transport, stopping: asyncio.Event, *, head: bool
    ) -> None:
        self._receive = receive
        self._send = send
        self._transport = transport
        self._stopping = stopping
        self._head = head

    async def answer(self, answer: Answer, now: float) -> None:
        """Send the whole answer."""
        await self._start(answer, now, len(answer.body))
        body = b"" if self._head else answer.body
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def break_off(self, answer: Answer, now: float) -> None:
        """Promise the whole answer, send half of it and reset the connection."""
        await self._start(answer, now, len(answer.body))
        await self._send(
            {"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True}
        )
        await self.reset()

    async def drip(self, answer: Answer, now: float, seconds: float) -> None:
        """Send the whole answer in 20 pieces, spread over some seconds."""
        await self._start(answer, now, len(answer.body))
        step = max(1, -(-len(answer.body) // 20))
        for start in range(0, len(answer.body), step):
            piece = answer.body[start : start + step]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            if await self._stopped(seconds / 20):
                await self.reset()
                return
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def hang(self, seconds: float | None) -> None:
        """Answer nothing until the client gives up, the time is over or the server ends."""
        gone = asyncio.ensure_future(self._gone())
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({gone, stopped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if gone.done():
            return
        gone.cancel()
        await asyncio.wait({gone})
        await self.reset()

    async def reset(self) -> None:
        """Close the connection with a TCP reset: the client sees "connection reset by peer"."""
        plug = self._transport.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        await self._gone()

    async def _start(self, answer: Answer, now: float, length: int) -> None:
        headers = {
            "Date": http_date(int(now)),
            "X-Request-Id": f"req-{next(_request_numbers)}",
            **answer.headers,
        }
        if answer.status != 204:  # noqa: PLR2004
            headers = {"Content-Type": answer.content_type, "Content-Length": str(length), **headers}
        raw: list[tuple[bytes, bytes]] = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
        ]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": raw})

    async def _gone(self) -> None:
        message: Any = None
        while message is None or message["type"] != "http.disconnect":
            message = await self._receive()

    async def _stopped(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        return True
