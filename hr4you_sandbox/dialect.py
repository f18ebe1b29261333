"""How a tenant writes things: the default wire of CONTRACT.md, and the base that the legacy dialect differs from."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, ClassVar

from hr4you_sandbox.answers import Answer, RefusalError, json_answer
from hr4you_sandbox.clock import parse_time
from hr4you_sandbox.kinds import KINDS, WireObject
from hr4you_sandbox.store import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.store import Table

TOKEN = "sandbox"  # noqa: S105  # the sandbox's token is public
MAX_SIZE = 200
_USUAL_SIZE = 50


class Dialect:
    """The default wire. One instance per tenant, as a dialect may hold sessions and caches."""

    name = "default"
    writes = True
    """Whether the API takes writes in this dialect."""
    since_param = "updatedSince"
    paths: ClassVar[dict[str, str]] = {kind.name: kind.name for kind in KINDS.values() if kind.listed}
    """Kind -> its path below ``/api2/``."""

    def paging(self, request: Request) -> tuple[int, int]:
        """(offset, size) that a list is asked for; a size beyond 200 is cut to 200, as servers do.

        Raises:
            RefusalError: 422, a page or a size below 1.
        """
        page, size = request.integer("page"), request.integer("limit")
        page, size = 1 if page is None else page, _USUAL_SIZE if size is None else size
        wrong = {name: ["muss mindestens 1 sein"] for name, value in (("page", page), ("limit", size)) if value < 1}
        if wrong:
            raise RefusalError(422, "Ungültige Anfrage.", wrong)
        size = min(size, MAX_SIZE)
        return (page - 1) * size, size

    def since(self, request: Request) -> float | None:
        """The filter on the time of change, in epoch seconds (at or after it).

        Raises:
            RefusalError: 422, the time cannot be read.
        """
        text = request.query.get(self.since_param)
        if text is None:
            return None
        try:
            return parse_time(text)
        except ValueError:
            raise RefusalError(422, "Ungültige Anfrage.", {self.since_param: ["ist keine Zeit"]}) from None

    def rows(self, table: Table, ids: Sequence[int], request: Request) -> Iterable[bytes]:
        """The objects of a page as JSON, cut to ``fields`` if the request says so."""
        fields = request.query.get("fields")
        if not fields:
            return map(table.rows.__getitem__, ids)
        names = [name.strip() for name in fields.split(",")]
        if names == [table.kind.id_key]:
            start = b'{"' + names[0].encode() + b'":'
            return [start + str(object_id).encode() + b"}" for object_id in ids]
        return [_cut(table.rows[object_id], names) for object_id in ids]

    def page(self, rows: Iterable[bytes], offset: int, size: int, total: int) -> bytes:
        """A list's body: ``{"data": [..], "meta": {"page": 1, "lastPage": 3, "total": 500}}``."""
        last_page = max(1, -(-total // size))
        tail = b'],"meta":{"page":%d,"lastPage":%d,"total":%d}}' % (offset // size + 1, last_page, total)
        return b'{"data":[' + b",".join(rows) + tail

    def one(self, table: Table, object_id: int) -> bytes:
        """The body of a single object's answer; the object is there."""
        return b'{"data":' + self.row(table, object_id) + b"}"

    def row(self, table: Table, object_id: int) -> bytes:
        """One object as on this dialect's wire."""
        return table.rows[object_id]

    def read(self, kind: str, item: WireObject) -> WireObject:  # noqa: ARG002  # for other dialects
        """An object, or some of its keys, in the names of the default wire, in which the store keeps it."""
        return item

    def error(self, refusal: RefusalError) -> Answer:
        """``{"message": .., "errors": {..}}``."""
        body: dict[str, Any] = {"message": refusal.message}
        if refusal.fields:
            body["errors"] = refusal.fields
        if refusal.data:
            body["data"] = refusal.data
        return json_answer(refusal.status, body)

    def authorize(self, request: Request, now: float) -> None:  # noqa: ARG002  # sessions of other dialects end
        """Let the request pass.

        Raises:
            RefusalError: 401.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not hmac.compare_digest(token.strip().encode(), TOKEN.encode()):
            raise RefusalError(401, "Nicht angemeldet: Token fehlt oder ist ungültig.")

    def login(self, request: Request, now: float) -> Answer | None:  # noqa: ARG002  # this wire has no login
        """The answer to a request for a token, None if the request is something else."""
        return None

    def expire(self, request: Request) -> bool:  # noqa: ARG002  # this wire's token holds for all requests
        """Make the request's token invalid. Whether this one request is to be refused instead, the token staying."""
        return True

    def reset(self) -> None:
        """Forget sessions and caches."""


def _cut(row: bytes, names: list[str]) -> bytes:
    item = decode(row)
    return encode({name: item[name] for name in names if name in item})
