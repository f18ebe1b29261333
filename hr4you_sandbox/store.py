"""The tenant's data: every object as the bytes that the wire carries, so that a list is a join of bytes.

All access is from one thread, that of the server's event loop.
"""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from hr4you_sandbox.clock import parse_time, utc_text
from hr4you_sandbox.kinds import KINDS, LISTS, Kind, WireObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

encode = msgspec.json.Encoder().encode
decode: Callable[[bytes], Any] = msgspec.json.Decoder().decode

_VIEWS_KEPT = 32


class Table:
    """All objects of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.rows: dict[int, bytes] = {}
        self.ids: list[int] = []
        """Ascending."""
        self.changed: dict[int, int] = {}
        """updatedAt (createdAt for notes and attachments) in epoch seconds."""
        self.born: dict[int, float] = {}
        """When an object was made, for those made since the start: what ``search_lag`` looks at."""
        self.version = 0
        self.next_id = kind.first_id
        self._views: dict[tuple[object, ...], list[int]] = {}

    def get(self, object_id: int) -> WireObject | None:
        """The object, decoded anew (change it freely), or None."""
        row = self.rows.get(object_id)
        return None if row is None else decode(row)

    def write(self, item: WireObject) -> int:
        """Keep an object under the id that it carries; its id."""
        object_id: int = item[self.kind.id_key]
        changed = int(parse_time(item.get("updatedAt") or item["createdAt"]))
        if object_id not in self.rows:
            if not self.ids or object_id > self.ids[-1]:
                self.ids.append(object_id)
            else:
                insort(self.ids, object_id)
            self.next_id = max(self.next_id, object_id + 1)
        self.rows[object_id] = encode(item)
        self.changed[object_id] = changed
        self._moved()
        return object_id

    def remove(self, object_id: int) -> None:
        """Forget an object; its id is never given again."""
        del self.rows[object_id], self.changed[object_id]
        self.born.pop(object_id, None)
        del self.ids[bisect_left(self.ids, object_id)]
        self._moved()

    def view(self, order: str, since: float | None) -> list[int]:
        """The ids in a list's order, limited to what changed at or after ``since``; not to be changed.

        Args:
            order: ``id``, ``updated_asc`` or ``updated_desc``; the id decides among equal times.
            since: Epoch seconds, or None for all.
        """
        if order == "id" and since is None:
            return self.ids
        key = (order, since)
        if key not in self._views:
            if len(self._views) >= _VIEWS_KEPT:
                self._views.clear()
            self._views[key] = self._build(order, since)
        return self._views[key]

    def _build(self, order: str, since: float | None) -> list[int]:
        changed = self.changed
        ids = self.ids if since is None else [key for key in self.ids if changed[key] >= since]
        return self.arrange(ids, order)

    def arrange(self, ids: Iterable[int], order: str) -> list[int]:
        """Ids in a list's order: see :meth:`view`."""
        ordered = sorted(ids)
        if order != "id":
            ordered.sort(key=self.changed.__getitem__)  # stable: equal times stay in the order of ids
        return ordered[::-1] if order == "updated_desc" else ordered

    def _moved(self) -> None:
        self.version += 1
        if self._views:
            self._views.clear()


class Store:
    """All tables, and the look-ups that the wire offers."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.tables = {name: Table(kind) for name, kind in KINDS.items()}
        self.emails: defaultdict[str, set[int]] = defaultdict(set)
        """E-mail address, case folded -> applicantIds: addresses need not be unique."""
        self.pairs: dict[tuple[int, int], int] = {}
        """(applicantId, jobId) -> applicationId."""
        self.children: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
        """(notes or attachments, key of the owner's id, the owner's id) -> ids."""
        self.on_write: Callable[[str, int, bytes | None], None] | None = None
        """Called after each change with kind, id and the row (None: removed)."""

    def now(self) -> str:
        """The server's time as the wire writes it."""
        return utc_text(self.clock())

    def put(self, kind: str, item: WireObject) -> WireObject:
        """Keep an object as it is, with the id and the times that it carries."""
        table = self.tables[kind]
        object_id = item[table.kind.id_key]
        if object_id in table.rows:
            self._unindex(kind, object_id)
        table.write(item)
        self._index(kind, item)
        if self.on_write is not None:
            self.on_write(kind, object_id, table.rows[object_id])
        return item

    def create(self, kind: str, fields: WireObject) -> WireObject:
        """Make an object with all keys of its kind; id and times are the next one and now unless given."""
        table = self.tables[kind]
        now = self.now()
        blank: WireObject = {name: [] if name in LISTS else None for name in table.kind.keys}
        blank.update({name: now for name in ("createdAt", "updatedAt") if name in blank})
        item = {table.kind.id_key: table.next_id, **blank, **fields}
        table.born[item[table.kind.id_key]] = self.clock()
        return self.put(kind, item)

    def patch(self, kind: str, object_id: int, changes: WireObject) -> WireObject | None:
        """Change keys of an object; its updatedAt is now unless the changes say when. None: there is no such object."""
        item = self.tables[kind].get(object_id)
        if item is None:
            return None
        if "updatedAt" in item:
            item["updatedAt"] = self.now()
        item.update(changes)
        item[self.tables[kind].kind.id_key] = object_id
        return self.put(kind, item)

    def delete(self, kind: str, object_id: int) -> bool:
        """Remove exactly this object, nothing that points at it; whether there was one."""
        table = self.tables[kind]
        if object_id not in table.rows:
            return False
        self._unindex(kind, object_id)
        table.remove(object_id)
        if self.on_write is not None:
            self.on_write(kind, object_id, None)
        return True

    def by_email(self, address: str) -> set[int]:
        """The applicants with this address, case folded."""
        return self.emails.get(address.strip().casefold(), set())

    def applications_of(self, applicant_id: int | None, job_id: int | None) -> Iterable[int]:
        """The applications of an applicant, for a job, or both."""
        if applicant_id is not None and job_id is not None:
            found = self.pairs.get((applicant_id, job_id))
            return [] if found is None else [found]
        return (
            application
            for (applicant, job), application in self.pairs.items()
            if applicant_id in {None, applicant} and job_id in {None, job}
        )

    def _index(self, kind: str, item: WireObject) -> None:
        if kind == "applicants":
            for address in _addresses(item):
                self.emails[address].add(item["applicantId"])
        elif kind == "applications":
            self.pairs[item.get("applicantId", 0), item.get("jobId", 0)] = item["applicationId"]
        else:
            for place in _owners(kind, item):
                self.children[place].add(item[self.tables[kind].kind.id_key])

    def _unindex(self, kind: str, object_id: int) -> None:
        item = decode(self.tables[kind].rows[object_id])
        if kind == "applicants":
            for address in _addresses(item):
                self.emails[address].discard(object_id)
        elif kind == "applications":
            pair = (item.get("applicantId", 0), item.get("jobId", 0))
            if self.pairs.get(pair) == object_id:
                del self.pairs[pair]
        else:
            for place in _owners(kind, item):
                self.children[place].discard(object_id)


def _owners(kind: str, item: WireObject) -> list[tuple[str, str, int]]:
    if kind not in {"notes", "attachments"}:
        return []
    return [(kind, key, item[key]) for key in ("applicationId", "applicantId") if key in item]


def _addresses(applicant: WireObject) -> list[str]:
    emails = applicant.get("emails")
    if not isinstance(emails, list):
        return []
    return [
        str(email["address"]).strip().casefold() for email in emails if isinstance(email, dict) and email.get("address")
    ]
