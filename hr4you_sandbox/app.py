"""What a path means: the tenant's API, its feed, its documents and the control API, as answers to requests."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, NamedTuple

from hr4you_sandbox.answers import Answer, RefusalError
from hr4you_sandbox.control import CONTROL
from hr4you_sandbox.documents import api_document, docs_page
from hr4you_sandbox.feed import feed
from hr4you_sandbox.lists import get_object, list_objects
from hr4you_sandbox.lookups import field_definitions, sources
from hr4you_sandbox.page import page
from hr4you_sandbox.writes import WRITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.tenant import Tenant

    Handler = Callable[[Tenant, Request, re.Match[str]], Answer]


class Route(NamedTuple):
    """A pattern for ``METHOD /path`` and what answers it."""

    method: str
    path: re.Pattern[str]
    handler: Handler


def _route(method: str, template: str, handler: Handler) -> Route:
    pattern = re.sub(r"\{(\w+)\}", lambda name: f"(?P<{name[1]}>{_PARTS.get(name[1], '[^/]+')})", template)
    return Route(method, re.compile(pattern), handler)


_PARTS = {"id": r"\d+", "kind": r"\w+", "owner": "applications|applicants"}
_NUMBER = re.compile(r"/\d+(?=/|$)")


class App:
    """The routes of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.routes = [*self._reads(), *_public()]
        if tenant.dialect.writes:
            self.routes += [_route(method, f"/api2/{path}", handler) for method, path, handler in WRITES]
        self.control = [_route(method, f"/sandbox/{path}", handler) for method, path, handler in CONTROL]

    def find(self, method: str, path: str) -> tuple[Route, re.Match[str]]:
        """The route of a request.

        Raises:
            RefusalError: 404 or 405.
        """
        allowed = []
        for route in self.control if path.startswith("/sandbox/") else self.routes:
            match = route.path.fullmatch(path)
            if match is None:
                continue
            if route.method == method or (method == "HEAD" and route.method == "GET"):
                return route, match
            allowed.append(route.method)
        if allowed:
            raise RefusalError(405, "Methode nicht erlaubt.")
        raise RefusalError(404, "Nicht gefunden.")

    def counted_as(self, request: Request) -> str:
        """``GET /api2/applicants/{id}``: the request in the statistics."""
        return f"{request.method} {_NUMBER.sub('/{id}', request.path)}"

    def answer(self, request: Request) -> Answer:
        """Execute a request: refusals are answers too."""
        tenant, dialect = self.tenant, self.tenant.dialect
        try:
            logged_in = dialect.login(request, tenant.clock())
            if logged_in is not None:
                return logged_in
            if request.path.startswith("/api2/") and not _is_public(request.path):
                dialect.authorize(request, tenant.clock())
            route, match = self.find(request.method, request.path)
            return route.handler(tenant, request, match)
        except RefusalError as refusal:
            return dialect.error(refusal)
        except Exception:  # noqa: BLE001  # a server outlives what it did not foresee, and shows it to whoever runs it
            traceback.print_exc()
            return dialect.error(RefusalError(500, "Unerwarteter Fehler."))

    def _reads(self) -> list[Route]:
        routes = []
        for kind, path in self.tenant.dialect.paths.items():
            routes.append(_route("GET", f"/api2/{path}", _lister(kind)))
            routes.append(_route("GET", f"/api2/{path}/{{id}}", _getter(kind)))
        if self.tenant.dialect.writes:
            routes.append(_route("GET", "/api2/sources", sources))
            routes.append(_route("GET", "/api2/customfields", field_definitions))
        return routes


def _public() -> list[Route]:
    return [
        _route("GET", "/", page),
        _route("GET", "/api2/openapi.json", api_document),
        _route("GET", "/api2/docs", docs_page),
        _route("GET", "/api/jobs/xml/set/{set}", feed),
    ]


def _is_public(path: str) -> bool:
    return path in {"/api2/openapi.json", "/api2/docs"}


def _lister(kind: str) -> Handler:
    return lambda tenant, request, _: list_objects(tenant, request, kind)


def _getter(kind: str) -> Handler:
    return lambda tenant, _, match: get_object(tenant, kind, int(match["id"]))
