"""The SQLite file that keeps a sandbox's data between starts (``--db``)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from hr4you_sandbox.store import decode

if TYPE_CHECKING:
    from pathlib import Path

    from hr4you_sandbox.store import Store


class StorageError(Exception):
    """The file is no database, or cannot be written."""


class Storage:
    """One table with every object; written through at each change, read once at the start."""

    def __init__(self, path: Path) -> None:
        # the thread that serves is not the one that made this; only one of them uses it at a time
        try:
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"{path} cannot be used as a database: {error}") from None
        try:
            self._file.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as error:
            self._file.close()
            raise StorageError(f"{path} cannot be used as a database: {error}") from None
        self._file.execute("PRAGMA synchronous = OFF")  # data to play with: speed goes before a power cut
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS objects"
            " (kind TEXT, id INTEGER, body BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        self._file.execute("CREATE TABLE IF NOT EXISTS next_ids (kind TEXT PRIMARY KEY, id INTEGER)")

    def load(self, store: Store) -> bool:
        """Fill an empty store; False if the file holds nothing yet."""
        rows = self._file.execute("SELECT kind, body FROM objects ORDER BY kind, id").fetchall()
        for kind, body in rows:
            store.put(kind, decode(body))
        for kind, next_id in self._file.execute("SELECT kind, id FROM next_ids"):
            store.tables[kind].next_id = max(next_id, store.tables[kind].next_id)
        return bool(rows)

    def write(self, kind: str, object_id: int, body: bytes | None) -> None:
        """Keep one change; None: the object was removed. Ids are remembered, so that none is given twice."""
        if body is None:
            self._file.execute("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, object_id))
            return
        self._file.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", (kind, object_id, body))
        self._file.execute(
            "INSERT INTO next_ids VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET id = max(id, excluded.id)",
            (kind, object_id + 1),
        )

    def replace_all(self, store: Store) -> None:
        """Keep a whole store in place of what was there."""
        self._file.execute("BEGIN")
        self._file.execute("DELETE FROM objects")
        self._file.execute("DELETE FROM next_ids")
        for kind, table in store.tables.items():
            rows = ((kind, object_id, body) for object_id, body in table.rows.items())
            self._file.executemany("INSERT INTO objects VALUES (?, ?, ?)", rows)
            self._file.execute("INSERT INTO next_ids VALUES (?, ?)", (kind, table.next_id))
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
