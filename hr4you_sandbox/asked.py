"""A request as the handlers see it: read whole, its query already split."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.answers import RefusalError
from hr4you_sandbox.store import decode

if TYPE_CHECKING:
    from starlette.datastructures import Headers, QueryParams

    from hr4you_sandbox.faults import Fault


@dataclass
class Request:
    """One request. The token, if any, is in the headers."""

    method: str
    path: str
    """Decoded, without the query."""
    query: QueryParams
    headers: Headers
    body: bytes
    client: str
    """The client's address."""
    faults: list[Fault] = field(default_factory=list)
    """The faults of the plan that strike this request."""

    def json(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            RefusalError: 400, it is none.
        """
        try:
            content = decode(self.body)
        except ValueError:  # msgspec's DecodeError is one
            content = None
        if not isinstance(content, dict):
            raise RefusalError(400, "Der Inhalt ist kein JSON-Objekt.")
        return content

    def integer(self, name: str) -> int | None:
        """A whole number from the query, None if it is not there.

        Raises:
            RefusalError: 422, it is something else.
        """
        text = self.query.get(name)
        if text is None:
            return None
        try:
            return int(text)
        except ValueError:
            raise RefusalError(422, "Ungültige Anfrage.", {name: ["muss eine ganze Zahl sein"]}) from None
