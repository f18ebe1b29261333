"""Crawls without a tenant: records go through `Changes` as the streams hand them over."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hr4you.idset import IdSet
from hr4you.timestamps import to_text
from tap_hr4you.changes import Changes

if TYPE_CHECKING:
    from tap_hr4you.state import StreamState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
Wire = dict[str, Any]


def at(minutes: float) -> str:
    return to_text(NOW + timedelta(minutes=minutes))


def crawl(
    state: StreamState, wires: list[Wire], *, started: float = 0, **options: Any
) -> tuple[list[str], StreamState]:
    """One run over objects {"id", "t" (minutes from NOW or None), ...}: what is emitted, and the state after it."""
    options = {"timed": True, "lookback": timedelta(minutes=5), **options}
    changes = Changes("jobs", state, started=NOW + timedelta(minutes=started), **options)
    emitted = []
    for wire in wires:
        time = None if wire.get("t") is None else at(wire["t"])
        if changes.changed_at(wire["id"], wire, time) is not None:
            emitted.append(wire["id"])
        changes.end_page()
    after = changes.next_state(gone=IdSet())
    after.ids = IdSet(wire["id"] for wire in wires)
    return emitted, after
