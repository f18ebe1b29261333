"""What the tenant `luchs` makes of queries and forms."""

from __future__ import annotations

import json
from datetime import datetime
from email import message_from_bytes
from typing import Any

from tests.servers.base import Raw, Refused, Wire

_MILLISECONDS_FROM = 10**11


class AnsweredError(Exception):
    """Answer with this status and content; nothing else is done."""

    def __init__(self, status: int, content: Wire) -> None:
        super().__init__(status)
        self.status = status
        self.content = content


def as_json(content: Any) -> Raw:
    """The content as it is sent."""
    return Raw(json.dumps(content).encode(), "application/json; charset=utf-8")


def is_wanted(row: Wire, query: dict[str, str]) -> bool:
    """Whether the query's filters leave an object in the list. Raises `Refused` for a time in milliseconds."""
    since = int(query.get("geaendertSeit", "0"))
    if since < 0 or since >= _MILLISECONDS_FROM:
        raise Refused(400)
    changed = row.get("aktualisiertAm") or row.get("geändertAm") or "1970-01-01T00:00:00+00:00"
    mails = [each["adresse"].casefold() for each in row.get("mailAdressen", ())]
    department = str((row.get("abteilung") or {}).get("abteilungsId"))
    return (
        datetime.fromisoformat(changed).timestamp() >= since
        and query.get("eMail", "").casefold() in {"", *mails}
        and ("schlagwort" not in query or query["schlagwort"] in row["schlagworte"])
        and query.get("status") in {None, row.get("status")}
        and query.get("abteilungsId") in {None, department}
        and (query.get("nurAktive", "false") != "true" or row["aktiv"])
    )


def only(rows: list[Wire], query: dict[str, str]) -> list[Wire]:
    """The objects with the fields that are asked for. Raises `Refused` for a field that none of them has."""
    if "felder" not in query or not rows:
        return rows
    names = query["felder"].split(",")
    if set(names).difference(*rows):
        raise Refused(400)
    return [{name: row[name] for name in names if name in row} for row in rows]


def form_of(kind: str, body: bytes) -> Wire:
    """The parts of a form; of a file its name and size."""
    parts: Wire = {}
    for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            parts[name] = content.decode() if file is None else {"dateiName": file, "größe": len(content)}
    return parts
