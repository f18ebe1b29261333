"""One stream's bookmark: what stands in ``bookmarks.{stream}`` of a Singer state (NAMES.md), read and written.

A state is input: it may be cut, edited by hand or another tenant's. What cannot be read is refused with the way
out, before any request is sent; a state that holds only ``replication_key_value`` (set by hand) is fine.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hr4you.errors import StateError
from hr4you.idset import IdSet, decode_digests, encode_digests, pack, unpack
from hr4you.timestamps import parse_time, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLICATION_KEY = "changed_at"

_FUTURE_TOLERANCE = timedelta(days=1)
"""How far a bookmark may lie ahead of this machine's clock, which may itself be slow."""


@dataclasses.dataclass
class StreamState:
    """What one stream knows from the runs before.

    Attributes:
        bookmark: UTC text as `to_text` writes it, None before the first run.
        source: where the records come from: ``api``, ``api:created_only``, ``feed``, ``feed:`` and the set's name where
            it is not the usual one, or ``ledger:`` and what tells this ledger from others; None before the first run.
        fingerprint: of contract and mapping when it was written; None where it is not known.
        ids: every remote id that was read and not found gone; None where nobody counted (no run yet, checks off).
        gone: under `created_only` the ids of the ledger that the tenant does not have, or has no more: they are not
            asked for again; None otherwise.
        deletion_checked_at: UTC text; None where no check has been made.
        names: remote id -> name, of jobs and stages, for their deletion records.
        seen: digests of the records inside the look-back.
        hashes: remote id -> digest, of streams without a wire time; None for others, and beyond the bound.
    """

    bookmark: str | None = None
    source: str | None = None
    fingerprint: str | None = None
    ids: IdSet | None = None
    gone: IdSet | None = None
    deletion_checked_at: str | None = None
    names: dict[str, str] = dataclasses.field(default_factory=dict)
    seen: frozenset[int] = frozenset()
    hashes: dict[str, int] | None = None

    def encode(self, tenant: str, replication_key: str = REPLICATION_KEY) -> dict[str, Any]:
        """Return the bookmark as JSON; keys without a value are left out."""
        bookmark: dict[str, Any] = {}
        if self.bookmark is not None:
            bookmark["replication_key"] = replication_key
            bookmark["replication_key_value"] = self.bookmark
        bookmark["tenant"] = tenant
        for key in ("source", "fingerprint", "deletion_checked_at"):
            if (value := getattr(self, key)) is not None:
                bookmark[key] = value
        if self.ids is not None:
            bookmark["ids"] = self.ids.encode()
            if self.hashes is not None:
                bookmark["hashes"] = encode_digests(self.hashes.get(remote_id, 0) for remote_id in self.ids)
        if self.gone:
            bookmark["gone"] = self.gone.encode()
        if self.names:
            bookmark["names"] = pack(json.dumps(self.names, ensure_ascii=False, sort_keys=True).encode())
        if self.seen:
            bookmark["seen"] = encode_digests(sorted(self.seen))
        return bookmark

    @classmethod
    def decode(cls, bookmark: Mapping[str, Any], *, stream: str, tenant: str) -> StreamState:
        """Read what `encode` wrote.

        Raises:
            StateError: it is damaged, lies in the future, or is another tenant's.
        """
        _check_tenant(bookmark.get("tenant"), stream=stream, tenant=tenant)
        try:
            state = cls(
                bookmark=_read_time(bookmark.get("replication_key_value"), "replication_key_value"),
                source=_read_text(bookmark.get("source"), "source"),
                fingerprint=_read_text(bookmark.get("fingerprint"), "fingerprint"),
                ids=_read("ids", IdSet.decode, bookmark.get("ids")),
                gone=_read("gone", IdSet.decode, bookmark.get("gone")),
                deletion_checked_at=_read_time(bookmark.get("deletion_checked_at"), "deletion_checked_at"),
                names=_read("names", _decode_names, bookmark.get("names")) or {},
                seen=frozenset(_read("seen", decode_digests, bookmark.get("seen")) or ()),
            )
            state.hashes = _read("hashes", decode_digests, bookmark.get("hashes"), state.ids)
        except ValueError as error:
            raise StateError(
                f"the state of stream {stream} cannot be read ({error}). Restore an earlier state, or remove this "
                f"stream from it: then {stream} is read in full, and nothing is lost"
            ) from error
        return state


def _check_tenant(found: object, *, stream: str, tenant: str) -> None:
    if found is not None and found != tenant:
        raise StateError(
            f"this state belongs to another tenant (stream {stream}: {str(found)[:80]!r}, this run: {tenant!r}). Give "
            "each tenant a state of its own (meltano run --state-id-suffix=...), or set `tenant` back if it was renamed"
        )


def _read(key: str, decode: Any, value: object, ids: IdSet | None = None) -> Any:
    """Decode one key; None stays None. `ids` given: digests that stand in the order of these ids."""
    if value is None:
        return None
    try:
        decoded = decode(value)
        if key == "hashes":
            return dict(zip(ids if ids is not None else (), decoded, strict=True))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"key `{key}`: {error}") from error
    return decoded


def _read_text(value: object, key: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"key `{key}`: not text")


def _read_time(value: object, key: str) -> str | None:
    """Return the time as `to_text` writes it, as bookmarks are compared as text; without an offset it is UTC."""
    if value is None:
        return None
    time = parse_time(value, timezone.utc) if isinstance(value, str) else None
    if time is None:
        raise ValueError(f"key `{key}`: not a time")
    if time > datetime.now(timezone.utc) + _FUTURE_TOLERANCE:
        raise ValueError(f"key `{key}` lies in the future, or this machine's clock is slow")
    return to_text(time)


def _decode_names(value: object) -> dict[str, str]:
    names = json.loads(unpack(value))
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise ValueError("not a mapping of ids to names")
    return names


def read_states(state: object, *, tenant: str) -> dict[str, StreamState]:
    """Check a whole Singer state and return what it holds per stream.

    Raises:
        StateError: not a Singer state, or a stream's bookmark cannot be used.
    """
    bookmarks = state.get("bookmarks", {}) if isinstance(state, dict) else None
    if not isinstance(bookmarks, dict) or not all(isinstance(value, dict) for value in bookmarks.values()):
        raise StateError('the state is no Singer state: expected {"bookmarks": {"<stream>": {...}}}')
    return {name: StreamState.decode(value, stream=name, tenant=tenant) for name, value in bookmarks.items()}
