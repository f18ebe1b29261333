"""Multipart forms: one file and some texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from hr4you_sandbox.answers import RefusalError

if TYPE_CHECKING:
    from hr4you_sandbox.asked import Request


class UploadedFile(NamedTuple):
    """What is kept of a file: its content is not."""

    name: str
    size: int
    content_type: str


class Form(NamedTuple):
    """A form that was sent."""

    texts: dict[str, str]
    file: UploadedFile | None
    """The part called ``file``."""


class _Part:
    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = bytearray()


def read_form(request: Request) -> Form:
    """The form of a request.

    Raises:
        RefusalError: 400, it is none or was cut.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise RefusalError(400, "Der Inhalt ist kein Formular (multipart/form-data).")
    texts, file = {}, None
    for part in _parts(request.body, boundary):
        _, fields = parse_options_header(part.headers.get("content-disposition", ""))
        name = fields.get(b"name", b"").decode()
        if name == "file" and b"filename" in fields:
            content_type = part.headers.get("content-type", "application/octet-stream")
            file = UploadedFile(fields[b"filename"].decode(errors="replace"), len(part.body), content_type)
        else:
            texts[name] = part.body.decode(errors="replace")
    return Form(texts, file)


def _parts(body: bytes, boundary: bytes) -> list[_Part]:
    parts: list[_Part] = []
    header = [bytearray(), bytearray()]
    ended: list[bool] = []

    def header_end() -> None:
        name, value = (part.decode("latin-1") for part in header)  # file names are UTF-8: they go through as bytes
        parts[-1].headers[name.lower()] = value
        header[0].clear()
        header[1].clear()

    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": lambda: parts.append(_Part()),
            "on_header_field": lambda data, start, end: header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: header[1].extend(data[start:end]),
            "on_header_end": header_end,
            "on_part_data": lambda data, start, end: parts[-1].body.extend(data[start:end]),
            "on_end": lambda: ended.append(True),
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except FormParserError:
        ended.clear()
    if not ended:
        raise RefusalError(400, "Das Formular ist unvollständig.")
    return parts
