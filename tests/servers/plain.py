"""A tenant that speaks the default wire (CONTRACT.md) and does as a test tells it: refuses paths, answers something
else, tells its total as rarely as tenants do, and changes while a list is read.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests.servers.base import Refused, Tenant, Wire, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = {
    "users": "userId",
    "jobs": "jobId",
    "applicants": "applicantId",
    "stages": "stageId",
    "applications": "applicationId",
}
MORNING = datetime(2024, 7, 1, 8, tzinfo=timezone.utc)


class PlainTenant(Tenant):
    """The data and the wire; lists come in the order of the numbers.

    Attributes:
        refused: path below /api2/ -> the status it is refused with.
        instead: path below /api2/ -> the JSON that is answered instead.
        totals: on which pages the total is told: all, the first, none.
        meanwhile: called with the path, before a page of a list is made.
        queries: path below /api2/ and query of all requests.
    """

    def __init__(self, now: datetime = MORNING) -> None:
        super().__init__(now)
        self.tables = {table: {} for table in KEYS}
        self.refused: dict[str, int] = {}
        self.instead: dict[str, Any] = {}
        self.totals = "all"
        self.meanwhile: Callable[[str], None] | None = None
        self.queries: list[tuple[str, dict[str, str]]] = []

    def put(self, table: str, *numbers: int, **values: Any) -> None:
        """Put objects with these numbers into a table; changed now unless `updatedAt` says otherwise."""
        with self.lock:
            for number in numbers:
                self.tables[table][str(number)] = {KEYS[table]: number, **self.stamp(table), **values}

    def stamp(self, table: str) -> Wire:  # noqa: ARG002  # all tables alike
        return {"updatedAt": f"{self.now:%Y-%m-%dT%H:%M:%SZ}"}

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:  # noqa: ARG002
        path = path.removeprefix("/api2/")
        self.queries.append((path, query))
        if path in self.refused:
            raise Refused(self.refused[path])
        if path in self.instead:
            return self.instead[path]
        table, _, rest = path.partition("/")
        if not rest:
            if self.meanwhile is not None:
                self.meanwhile(path)
            return self._page(KEYS[table], list(self.tables[table].values()), query)
        key, _, below = rest.partition("/")
        if key not in self.tables[table]:
            raise Refused(404)
        if below:
            rows = [row for row in self.tables[below].values() if str(row[KEYS[table]]) == key]
            return self._page(KEYS[below], rows, query)
        return {"data": self.tables[table][key]}

    def _page(self, key: str, rows: list[Wire], query: dict[str, str]) -> Wire:
        since = query.get("updatedSince", "")
        rows = sorted((row for row in rows if (row.get("updatedAt") or "9") >= since), key=lambda row: int(row[key]))
        number, size = int(query["page"]), int(query["limit"])
        page = rows[(number - 1) * size : number * size]
        if "fields" in query:
            fields = query["fields"].split(",")
            page = [{name: row[name] for name in fields if name in row} for row in page]
        meta: Wire = {}
        if self.totals == "all" or (self.totals == "first" and number == 1):
            meta = {"total": len(rows), "lastPage": -(-len(rows) // size) or 1}
        return {"data": page, "meta": meta}


@contextmanager
def serve() -> Iterator[PlainTenant]:
    """Serve a tenant without any data."""
    with serving(PlainTenant()) as tenant:
        yield tenant


def config_of(tenant: PlainTenant, **settings: Any) -> dict[str, Any]:
    """What a tap needs to read this tenant; deletions are looked for in every run."""
    return {
        "base_url": tenant.base_url,
        "tenant": "acme",
        "api_token": "plain-server",
        "deletion_check_interval_hours": 0,
        **settings,
    }
