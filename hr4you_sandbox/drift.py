"""Life in the tenant while its lists are being read: what the fault ``drift`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from hr4you_sandbox.faults import Fault
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.store import Store


def drift(store: Store, kind: str, fault: Fault, chance: random.Random) -> None:
    """Change, add and remove as many objects of a kind as the fault says; nothing else is touched."""
    table = store.tables[kind]
    for _ in range(min(fault.updates, len(table.ids))):
        object_id = chance.choice(table.ids)
        item = table.get(object_id)
        if item is not None:
            store.patch(kind, object_id, _changed(item, chance))
    for _ in range(fault.inserts if table.ids else 0):
        item = table.get(chance.choice(table.ids)) or {}
        for key in (table.kind.id_key, "createdAt", "updatedAt"):
            item.pop(key, None)
        store.create(kind, item)
    for _ in range(min(fault.deletes, len(table.ids))):
        store.delete(kind, chance.choice(table.ids))


def _changed(item: WireObject, chance: random.Random) -> WireObject:
    """A change that shows in the object itself, not only in its time."""
    for key in ("lastname", "jobTitle", "name"):
        if key in item:
            return {key: f"{str(item[key]).split(' #', maxsplit=1)[0]} #{chance.randrange(100_000)}"}
    return {"status": chance.choice(("neu", "in_bearbeitung", "abgelehnt"))}
