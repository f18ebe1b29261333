"""A host that answers each path as a test says, and notes what it was asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.hr4you.http.tenants import TOKEN, Asked, Reply, Tenant, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOGIN = "<!DOCTYPE html><form><input name='user'><input type='password' name='pw'></form>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(text: str) -> Reply:
    return Reply(body=text.encode(), headers=HTML)


def redirect(to: str) -> Reply:
    return Reply(302, body=b"", headers={"Location": to})


@contextmanager
def host(replies: Mapping[str, Any], *, secured: bool = False) -> Iterator[Tenant]:
    """Answer each path with text, JSON or a reply; all others with 404. Secured: with 401 without the token."""

    def answer(asked: Asked) -> Reply:
        if secured and asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Reply(401, data={})
        reply = replies.get(asked.path, Reply(404, body=b"<html>Not found</html>", headers=HTML))
        if isinstance(reply, str):
            return page(reply)
        return reply if isinstance(reply, Reply) else Reply(data=reply)

    with serving(answer) as tenant:
        yield tenant


def paths_asked(tenant: Tenant) -> list[str]:
    return [asked.path for asked in tenant.asked]
