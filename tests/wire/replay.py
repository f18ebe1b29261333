"""A server that answers exactly the requests of a conversation, each once, and remembers every other one."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wire.conversations import Pair

DATE = "Tue, 03 Feb 2026 10:00:00 GMT"
NOT_WRITTEN_DOWN = 418
"""The answer to a request of no pair: a 4xx, which no client sends again."""


class Replay:
    """The pairs still to be asked for, and what was asked beside them.

    Attributes:
        surprises: one line per request that no pair is about, with the nearest reason.
    """

    def __init__(self, pairs: list[Pair]) -> None:
        self._open = list(pairs)
        self._lock = threading.Lock()
        self.surprises: list[str] = []
        self.base_url = ""

    def answer(self, request: dict[str, Any]) -> Pair | None:
        """The first open pair whose request this is; it is closed by that. None: a surprise."""
        with self._lock:
            reasons = []
            for pair in self._open:
                reason = difference(pair, request)
                if reason is None:
                    if not pair.terms.get("repeats"):
                        self._open.remove(pair)
                    return pair
                reasons.append(reason)
            self.surprises.append(f"{request['method']} {request['target']}: {'; '.join(reasons) or 'nothing is open'}")
            return None

    def check(self) -> None:
        """Fail with a list of what was asked wrongly and what was never asked."""
        missing = [
            f"never asked: {pair.method} {pair.path} {pair.query}"
            for pair in self._open
            if not pair.optional and not pair.terms.get("repeats")
        ]
        assert not self.surprises + missing, "\n".join(["the wire was not held:", *self.surprises, *missing])


def difference(pair: Pair, request: dict[str, Any]) -> str | None:
    """Say in what a request differs from a pair's, None if in nothing."""
    target = urlsplit(request["target"])
    # strict: "a=1&&b" or a lone "+" for an offset must not pass as what was meant
    query = sorted(parse_qsl(target.query, keep_blank_values=True, strict_parsing=True)) if target.query else []
    if (request["method"], unquote(target.path)) != (pair.method, pair.path):
        return f"not {pair.method} {pair.path}"
    if query != sorted(pair.query.items()):
        return f"query {query} is not {sorted(pair.query.items())}"
    for name, value in pair.headers.items():
        if request["headers"].get(name) != value:
            return f"header {name} is {request['headers'].get(name)!r}, not {value!r}"
    return _body_difference(pair, request)


def _body_difference(pair: Pair, request: dict[str, Any]) -> str | None:
    if pair.multipart is not None:
        found = _read_form(request)
        return None if found == pair.multipart else f"the form is {found}, not {pair.multipart}"
    if pair.json is None:
        return "it has a body" if request["body"] else None
    kind = (request["headers"].get("content-type") or "").partition(";")[0]
    if kind != "application/json":
        return f"Content-Type is {kind!r}, not application/json"
    try:
        body = json.loads(request["body"])
    except ValueError:
        return "the body is no JSON"
    return None if body == pair.json else f"the body is {body}, not {pair.json}"


def _read_form(request: dict[str, Any]) -> dict[str, Any]:
    """The parts of a form: texts, and of a file its name, type and text."""
    kind = request["headers"].get("content-type") or ""
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + request["body"]
    )
    parts: dict[str, Any] = {}
    assert isinstance(message, EmailMessage)
    for part in message.iter_parts():
        text = bytes(part.get_payload(decode=True)).decode()
        name = str(part["Content-Disposition"].params["name"])
        file = part.get_filename()
        parts[name] = text if file is None else {"name": file, "type": part.get_content_type(), "text": text}
    return parts


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: otherwise each answer waits 40 ms for an acknowledgement
    replay: Replay

    def _serve(self) -> None:
        request = {
            "method": self.command,
            "target": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        }
        pair = self.replay.answer(request)
        if pair is None:
            self._send(
                NOT_WRITTEN_DOWN, {"Content-Type": "application/json"}, b'{"message": "no pair has this request"}'
            )
        elif pair.text is not None:
            self._send(pair.status, pair.answer_headers, pair.text.encode())
        else:
            body = json.dumps(pair.answer_json, ensure_ascii=False).encode()
            self._send(pair.status, {"Content-Type": "application/json", **pair.answer_headers}, body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # the names that http.server looks for

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {"Date": DATE, "X-Request-Id": "replay-1", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """Say nothing: `Replay.check` tells what matters."""


@contextmanager
def replaying(pairs: list[Pair]) -> Iterator[Replay]:
    """Serve pairs on 127.0.0.1; at a clean end everything must have been asked and nothing else."""
    replay = Replay(pairs)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"replay": replay}))
    server.daemon_threads = True
    replay.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    replay.check()
