"""An answer before it goes on the wire, so that a fault can still change it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

from hr4you_sandbox.store import encode

JSON = "application/json"
_GZIP = 31
_WORTH_GZIP = 512


@dataclass
class Answer:
    """Status, headers (names in any case, without Content-Length) and the whole body."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    def gzipped(self) -> Answer:
        """The same, compressed if that pays."""
        if len(self.body) < _WORTH_GZIP or "Content-Encoding" in self.headers:
            return self
        packer = zlib.compressobj(level=1, wbits=_GZIP)
        body = packer.compress(self.body) + packer.flush()
        headers = {**self.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Answer(self.status, body, self.content_type, headers)


def json_answer(status: int, content: Any, **headers: str) -> Answer:
    """An answer with a JSON body; header names are given with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, encode(content), headers=named)


class RefusalError(Exception):
    """A request that is answered with an error; raised by the handlers, rendered by the dialect."""

    def __init__(
        self, status: int, message: str, fields: dict[str, list[str]] | None = None, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields
        """Field -> what is wrong with it (422)."""
        self.data = data
        """What the error names, such as the application that exists (409)."""
