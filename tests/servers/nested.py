"""A tenant whose candidates hold their applications: cursor paging, epoch milliseconds, UUIDs, the raw token, English
names. Written from HR4YOU.md ("Assumed"); nested.yml is its contract.

A change of an application does not touch its candidate's own time of change, so that only who reads all candidates
notices it. An application does not say whose it is: it stands inside its candidate.
"""

from __future__ import annotations

import copy
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.servers.base import Refused, Tenant, Wire, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path(__file__).with_name("nested.yml")
BASE = "/v1/"
TOKEN = "raw-token"
CAP = 2
EVENING = datetime(2024, 7, 1, 18, tzinfo=timezone.utc)


def uid(number: int) -> str:
    """A UUID that stays the same from run to run."""
    return str(uuid.UUID(int=0x5EED << 100 | number))


class NestedTenant(Tenant):
    """The data and the wire; applications are changed with `apply`, `move` and `withdraw`."""

    id_key = "id"

    def stamp(self, table: str) -> Wire:
        return {} if table == "steps" else {"modified": self._milliseconds}

    @property
    def _milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)

    def apply(self, person: str, application: Wire) -> None:
        """Put an application into a candidate, changed now."""
        with self.lock:
            rows = self.tables["people"][person].setdefault("applications", [])
            rows.append({**application, "modified": self._milliseconds})

    def move(self, person: str, application: str, **changes: Any) -> None:
        """Change an application; its candidate keeps its time of change."""
        with self.lock:
            for row in self.tables["people"][person]["applications"]:
                if row["id"] == application:
                    row.update({**changes, "modified": self._milliseconds})

    def withdraw(self, person: str, application: str) -> None:
        """Take an application out of its candidate."""
        with self.lock:
            rows = self.tables["people"][person]["applications"]
            rows[:] = [row for row in rows if row["id"] != application]

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if headers.get("authorization") != TOKEN:
            raise Refused(401)
        name, _, key = path.removeprefix(BASE).partition("/")
        if not path.startswith(BASE) or name not in self.tables or (method, body) != ("GET", None):
            raise Refused(404)
        if key:
            if key not in self.tables[name]:
                raise Refused(404)
            return self.tables[name][key]
        if name == "steps":  # a plain list, in no page
            if query:
                raise Refused(400)
            return list(self.tables[name].values())
        return self._page(sorted(self.tables[name].values(), key=lambda row: str(row["id"])), query)

    def _page(self, rows: list[Wire], query: dict[str, str]) -> Wire:
        if set(query) - {"after", "per_page", "modified_from"}:
            raise Refused(400)
        since = int(query.get("modified_from", 0))
        if 0 < since < 10**12:  # seconds where milliseconds are meant would read everything, for ever
            raise Refused(400)
        after = query.get("after", "").removeprefix("c:")
        rows = [row for row in rows if row["modified"] >= since and row["id"] > after]
        size = min(int(query["per_page"]), CAP)
        page = rows[:size]
        more = len(rows) > size
        return {"results": page, "paging": {"after": f"c:{page[-1]['id']}"} if more else {}}


@contextmanager
def serve(now: datetime = EVENING) -> Iterator[NestedTenant]:
    """Serve a small tenant: 1 user, 2 jobs, 5 candidates of whom 3 hold 4 applications, 2 stages."""
    tenant = NestedTenant(now)
    for table, rows in _ROWS.items():
        for row in rows:
            tenant.add(table, copy.deepcopy(row))
    for person, application in _APPLICATIONS:
        tenant.apply(person, application)
    with serving(tenant):
        yield tenant


USER, JOB, OTHER_JOB, NEW, OFFER = (uid(number) for number in range(1, 6))
ANN, BOB, CAT, DAN, EVE = (uid(number) for number in range(100, 105))
FIRST, SECOND, THIRD, FOURTH = (uid(number) for number in range(1000, 1004))

_ROWS: dict[str, list[Wire]] = {
    "team": [{"id": USER, "name": {"given": "Uwe", "family": "Stein"}, "mail": "uwe@example.org"}],
    "positions": [
        {"id": JOB, "title": "Developer", "type": "FULL_TIME", "state": "live", "owner": USER, "starts": 1704067200000},
        {"id": OTHER_JOB, "title": "Tester", "type": "MINI_JOB", "state": "live", "owner": None, "starts": None},
    ],
    "people": [
        {
            "id": ANN,
            "name": {"given": "Ann", "family": "Lee"},
            "mails": ["ann@example.org", "nope"],
            "applications": [],
        },
        {"id": BOB, "name": {"given": "Bob", "family": None}, "mails": [], "applications": []},
        {"id": CAT, "name": {"given": "Cat", "family": "Kim"}, "mails": ["cat@example.org"], "applications": []},
        {"id": DAN, "name": None, "mails": None},  # anonymous, and the key is missing
        {"id": EVE, "name": {"given": "Eve", "family": "Fox"}, "mails": ["eve@example.org"], "applications": None},
    ],
    "steps": [{"id": NEW, "label": "New", "order": 1}, {"id": OFFER, "label": "Offer", "order": 2}],
}
_APPLICATIONS: list[tuple[str, Wire]] = [
    (ANN, {"id": FIRST, "position": JOB, "step": NEW, "state": "open"}),
    (ANN, {"id": SECOND, "position": OTHER_JOB, "step": OFFER, "state": "hired"}),
    (BOB, {"id": THIRD, "position": JOB, "step": NEW, "state": "rejected"}),
    (CAT, {"id": FOURTH, "position": JOB, "step": OFFER, "state": "on_hold"}),
]
