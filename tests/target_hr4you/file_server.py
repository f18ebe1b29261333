"""A server of files over a real socket, whose answers a test writes byte by byte, and what asks it."""

from __future__ import annotations

import contextlib
import io
import socket
import socketserver
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from target_hr4you.downloads import AttachmentError, AttachmentRules, AttachmentUnavailableError, Download, download

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nsome pages\n%%EOF\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HERE = AttachmentRules(timeout=5.0, allow_loopback=True)


def reply(
    body: bytes = PDF, *, status: int = 200, length: int | None = -1, content_type: str | None = None, **headers: str
) -> bytes:
    """A whole answer; `length` is the body's own if it is -1, and not sent if it is None."""
    lines = [f"HTTP/1.1 {status} Whatever"]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(target: str, status: int = 302) -> bytes:
    return reply(b"", status=status, Location=target)


class FileServer:
    """Answers by path; a path that is not there gets a 404.

    Attributes:
        answers: by path: bytes, or a function that writes to the connection, which is closed afterwards.
        asked: the requests' heads.
        names: that TLS clients asked for.
        stopped: set when the test is over.
    """

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self.asked: list[str] = []
        self.names: list[str | None] = []
        self.stopped = threading.Event()
        self.port = 0

    def url(self, path: str = "/cv.pdf") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def give(self, answer: bytes | Callable[[socket.socket], None], path: str = "/cv.pdf") -> str:
        """Serve this; returns its URL."""
        self.answers[path.partition("?")[0]] = answer
        return self.url(path)

    def drip(self, start: bytes, rest: bytes = b"x" * 10_000) -> Callable[[socket.socket], None]:
        """Send the start, and then one byte every 20 ms for as long as somebody takes them."""

        def answer(connection: socket.socket) -> None:
            connection.sendall(start)
            for position in range(len(rest)):
                if self.stopped.wait(0.02):
                    return
                connection.sendall(rest[position : position + 1])

        return answer

    def handle(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                return
            head += part
        self.asked.append(head.decode("latin-1"))
        path = head.split(b" ")[1].decode("latin-1").split("?")[0]
        answer = self.answers.get(path, reply(b"no", status=404))
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)


def cut_off(start: bytes) -> Callable[[socket.socket], None]:
    """Send this and reset the connection."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return answer


@contextmanager
def serving_files(tls: ssl.SSLContext | None = None) -> Iterator[FileServer]:
    """Serve on a free port of 127.0.0.1."""
    files = FileServer()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):  # a client that goes away is what some tests are about
                connection = self.request if tls is None else tls.wrap_socket(self.request, server_side=True)
                with contextlib.closing(connection):
                    files.handle(connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

    if tls is not None:

        def note(_: Any, name: str | None, __: Any) -> None:
            files.names.append(name)

        tls.sni_callback = note
    with Server(("127.0.0.1", 0), Handler) as server:
        files.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        try:
            yield files
        finally:
            files.stopped.set()
            server.shutdown()
            thread.join()


def get(url: str, rules: AttachmentRules = HERE) -> tuple[bytes, Download]:
    kept = io.BytesIO()
    found = download(url, rules, kept.write)
    return kept.getvalue(), found


def refusal(url: str, rules: AttachmentRules = HERE, code: str = "ATTACHMENT_REFUSED") -> str:
    """The message; that it is one line, without the URL, holds for all."""
    with pytest.raises(AttachmentError) as caught:
        get(url, rules)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert "/cv.pdf" not in str(caught.value)
    return str(caught.value)


def failure(url: str, rules: AttachmentRules = HERE) -> str:
    with pytest.raises(AttachmentUnavailableError) as caught:
        get(url, rules)
    return str(caught.value)


def resolve(monkeypatch: pytest.MonkeyPatch, hosts: dict[str, list[str]]) -> list[str]:
    """Let these hosts have these addresses, one at each look-up, the last for ever; returns what is looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        addresses = hosts.get(host)
        if addresses is None:
            return real(host, port, *args, **kwargs)
        return real(addresses.pop(0) if len(addresses) > 1 else addresses[0], port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
