"""Parts of requests and answers."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.base import Wire


class Answer(Exception):  # noqa: N818  # an answer, not an error of the test
    """Another answer than a 200, with a body."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status = status
        self.content = content


def fits(row: Wire, query: dict[str, str]) -> bool:
    """Whether the filters of a list let an object through. Raises `ValueError` for a time without an offset."""
    for name in ("modifiedSince", "createdSince"):
        if name in query:
            since = datetime.fromisoformat(query[name].replace("Z", "+00:00"))
            if since.tzinfo is None:
                raise ValueError(name)
            if datetime.fromisoformat(row[name.replace("Since", "At")]) < since:
                return False
    emails = {each["address"].casefold() for each in row["contact"]["emails"]} if "email" in query else {""}
    return (
        query.get("email", "").casefold() in emails
        and ("tag" not in query or query["tag"] in row["tags"])
        and ("state" not in query or query["state"] == row["state"])
        and ("departmentId" not in query or query["departmentId"] == row["department"]["id"])
    )


def shown(row: Wire) -> Wire:
    """What the wire shows of a row."""
    return {name: value for name, value in row.items() if name != "_owner"}


def problem(code: str, message: str, **more: Any) -> Wire:
    """The body of an answer with an error."""
    return {"error": {"code": code, "message": message, **more}}


def read_form(content_type: str, body: bytes) -> Wire:
    """The fields of a form; of a file its name, type and size in bytes."""
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: Wire = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = {"name": part.get_filename(), "type": part.get_content_type(), "size": len(content)}
            fields[name] = content.decode() if part.get_filename() is None else file
    return fields
