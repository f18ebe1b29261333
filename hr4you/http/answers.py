"""Answers: their bodies read against a deadline, unpacked, decoded."""

from __future__ import annotations

import contextlib
import json
import zlib
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3.response import BaseHTTPResponse

_CHUNK: Final = 1 << 18
_LARGEST_BODY: Final = 1 << 28
_NO_CONTENT: Final = 204
_decoder: Final = msgspec.json.Decoder()


class BodyError(Exception):
    """A body that broke off or is not what its headers say; the message is a noun phrase for an error's sentence."""


class WebPageError(BodyError):
    """A web page where JSON was expected: an outage's notice, a login page, or another host than was meant."""

    def __init__(self) -> None:
        super().__init__("a web page instead of JSON")


class Answer:
    """A whole answer.

    Attributes:
        status: the HTTP status, 2xx.
        headers: their names compare without regard to case.
        body: unpacked.
        url: of the request; may hold personal data in its query, so never to be shown.
    """

    __slots__ = ("_data", "_is_decoded", "body", "headers", "status", "url")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, url: str = "") -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self._data: Any = None
        self._is_decoded = False

    @property
    def data(self) -> Any:
        """The decoded JSON, None without a body.

        Raises:
            BodyError: it is no JSON. Not for an answer of `Client.request`, which was decoded when it came.
        """
        if not self._is_decoded:
            if self.status != _NO_CONTENT:
                self._data = decode_json(self.body, self.headers.get("Content-Type", ""))
            self._is_decoded = True
        return self._data

    @property
    def looks_whole(self) -> bool:
        """Whether the body begins and ends as a JSON list or object does."""
        return (self.body[:16].lstrip()[:1], self.body[-16:].rstrip()[-1:]) in {(b"{", b"}"), (b"[", b"]")}

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.body)} bytes>"

    @property
    def date(self) -> datetime | None:
        """The tenant's clock in UTC, of its ``Date`` header; None where it sends none."""
        return read_date(self.headers)


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """Return the ``Date`` header as UTC, None where there is none or it is no date."""
    try:
        date = parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return date.astimezone(timezone.utc) if date.tzinfo else date.replace(tzinfo=timezone.utc)


def read_body(raw: BaseHTTPResponse, *, deadline: float, clock: Callable[[], float]) -> bytes:
    """Read and unpack a body.

    A time-out of the socket begins anew with each byte, so a tenant that drips would never end. Here every read gets
    only what is left of the request's time.

    Args:
        raw: the answer, whose body has not been read.
        deadline: when to give up, by the clock.
        clock: in seconds.

    Raises:
        TimeoutError: the time is over.
        BodyError: what came cannot be unpacked.
        HTTPError: of urllib3: the connection broke.
    """
    connection = getattr(raw, "connection", None)
    sock = getattr(connection, "sock", None)
    unpack = _Unpacker(raw.headers.get("Content-Encoding", ""))
    parts: list[bytes] = []
    size = 0
    while True:
        left = deadline - clock()
        if left <= 0:
            raise TimeoutError
        if sock is not None:
            with contextlib.suppress(OSError):  # closed by the other side: the read will tell
                sock.settimeout(left)
        part = raw.read1(_CHUNK, decode_content=False)
        if not part:
            break
        part = unpack(part, _LARGEST_BODY - size)
        size += len(part)
        parts.append(part)
    if not unpack.is_whole:
        raise BodyError("an answer whose compressed body breaks off")
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Unpacker:
    """Unpacks gzip and deflate; urllib3's own decoder takes a body that is cut for a whole one.

    Args:
        encoding: the ``Content-Encoding``.
    """

    def __init__(self, encoding: str) -> None:
        names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in {"", "identity"}]
        if any(name not in {"gzip", "x-gzip", "deflate"} for name in names) or len(names) > 1:
            raise BodyError("an answer with a `Content-Encoding` that was not asked for")
        self._is_gzip = bool(names) and names[0] != "deflate"
        self._is_packed = bool(names)
        self._stream: Any = None
        self._begun = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing at the end."""
        return not self._begun or self._stream is None

    def __call__(self, part: bytes, limit: int) -> bytes:
        """Return what this part of the body unpacks to. Raises `BodyError`."""
        if not self._is_packed:
            if len(part) > limit:
                raise BodyError(f"an answer of more than {_LARGEST_BODY >> 20} MB")
            return part
        found = b""
        while part:
            if self._stream is None:
                if self._begun and not self._is_gzip:
                    break  # only gzip may have several members
                self._stream = zlib.decompressobj(31 if self._is_gzip else _deflate_bits(part))
                self._begun = True
            try:
                found += self._stream.decompress(part, limit + 1 - len(found))
            except zlib.error:
                raise BodyError("an answer whose compressed body is damaged") from None
            if len(found) > limit:
                raise BodyError(f"an answer of more than {_LARGEST_BODY >> 20} MB")
            part = self._stream.unused_data
            if self._stream.eof:
                self._stream = None
                part = part.lstrip(b"\0")  # padding after a member is allowed
        return found


def _deflate_bits(start: bytes) -> int:
    """Return zlib's window bits for a deflate body: with zlib's header as the standard has it, or without."""
    is_zlib = start[0] & 0x0F == zlib.DEFLATED and (len(start) == 1 or (start[0] << 8 | start[1]) % 31 == 0)
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def decode_json(body: bytes, content_type: str = "") -> Any:
    """Decode JSON; also with a byte order mark, in another character set, and with halves of surrogate pairs.

    Raises:
        BodyError: it is a web page, cut or something else.
    """
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise BodyError("an empty answer")
    try:
        return _mend(json.loads(body.decode(_charset(content_type)), parse_constant=lambda _: None))
    except (ValueError, LookupError, RecursionError):
        pass
    if start.startswith(b"<"):
        raise WebPageError
    raise BodyError("JSON that breaks off" if start[:1] in b"[{" else "something that is no JSON")


def _charset(content_type: str) -> str:
    _, _, charset = content_type.lower().partition("charset=")
    charset = charset.split(";")[0].strip(" \"'") or "utf-8"
    return "utf-8-sig" if charset in {"utf-8", "utf8"} else charset


def _mend(value: Any) -> Any:
    """Replace halves of surrogate pairs, which encoders leave that cut a text, as nothing could write them."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(item) for key, item in value.items()}
    return value
