"""What stands in the state: small, complete, and checked like any other input."""

from __future__ import annotations

import base64
import json
import random
import uuid
import zlib
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.errors import StateError
from hr4you.idset import IdSet, pack
from hr4you.timestamps import to_text
from tap_hr4you.state import StreamState, read_states
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from tests.control import Control

NAMES_OF_KEYS = {
    *("replication_key", "replication_key_value", "tenant", "source", "fingerprint", "ids"),
    *("deletion_checked_at", "names", "seen", "hashes"),
}
IDS = st.lists(st.one_of(st.integers(0, 2**64 - 1).map(str), st.uuids().map(str), st.sampled_from(["007", "a", "-1"])))


def as_read_again(state: StreamState) -> StreamState:
    bookmark = json.loads(json.dumps(state.encode("acme")))
    return read_states({"bookmarks": {"jobs": bookmark}}, tenant="acme")["jobs"]


@given(
    ids=IDS, names=st.dictionaries(st.text(), st.text()), seen=st.frozensets(st.integers(0, 2**64 - 1)), data=st.data()
)
def test_what_is_written_is_read_again(ids: list[str], names: dict[str, str], seen: frozenset[int], data: Any) -> None:
    hashes = {remote_id: data.draw(st.integers(0, 2**64 - 1)) for remote_id in ids}
    state = StreamState(
        bookmark="2026-01-31T12:00:00.000000+00:00",
        source="api",
        fingerprint="0123456789abcdef",
        ids=IdSet(ids),
        deletion_checked_at="2026-01-31T12:00:00.000000+00:00",
        names=names,
        seen=seen,
        hashes=hashes,
    )

    assert as_read_again(state) == state


def test_a_hundred_thousand_candidates_stay_under_a_hundred_kilobytes() -> None:
    chance = random.Random(1)
    ids = IdSet(str(number) for number in chance.sample(range(1_000_000, 1_200_000), 100_000))
    seen = frozenset(chance.getrandbits(64) for _ in range(3_999))
    state = StreamState(bookmark="2026-01-31T12:00:00.000000+00:00", ids=ids, seen=seen)

    assert len(json.dumps(state.encode("acme"))) < 100_000


def test_the_keys_are_those_of_the_documentation(sandbox: Control) -> None:
    state = run_tap(sandbox.config).state

    for stream, bookmark in state["bookmarks"].items():
        assert set(bookmark) <= NAMES_OF_KEYS
        assert bookmark["replication_key"] == "changed_at"
        assert bookmark["tenant"] == "acme"
        assert bookmark["source"] == "api"
        assert ("names" in bookmark) == (stream in {"jobs", "application_stages"})
    assert set(state) == {"bookmarks"}


@pytest.mark.parametrize(
    "bookmark",
    [
        {"ids": "x"},
        {"ids": {"n": "!!"}},
        {"ids": {"n": "AAAA"}},
        {"ids": {"x": "AAAA"}},
        {"seen": "abc"},
        {"seen": 7},
        {"hashes": "AAAAAAAAAAA="},
        {"names": "eJwDAAAAAAE="},
        {"names": pack(b'["a"]')},
        {"names": pack(b'{"a": 7}')},
        {"tenant": 7},
        {"tenant": "umbrella"},
        {"source": []},
        {"replication_key_value": 7},
        {"deletion_checked_at": "2999-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_damaged_bookmark_is_refused_and_not_repeated(bookmark: dict[str, Any]) -> None:
    with pytest.raises(StateError) as caught:
        read_states({"bookmarks": {"jobs": bookmark}}, tenant="acme")

    assert "jobs" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("state", [[], "x", {"bookmarks": []}, {"bookmarks": {"jobs": 7}}], ids=str)
def test_what_is_no_state_is_refused(state: object) -> None:
    with pytest.raises(StateError, match="no Singer state"):
        read_states(state, tenant="acme")


@pytest.mark.parametrize("key", ["replication_key_value", "deletion_checked_at"])
def test_a_bookmark_may_lie_ahead_of_a_slow_clock_but_not_by_days(key: str) -> None:
    soon, later = (to_text(datetime.now(timezone.utc) + timedelta(hours=hours)) for hours in (23, 25))

    read_states({"bookmarks": {"jobs": {key: soon}}}, tenant="acme")
    with pytest.raises(StateError, match="lies in the future"):
        read_states({"bookmarks": {"jobs": {key: later}}}, tenant="acme")


def test_a_state_that_unpacks_to_a_bomb_is_refused() -> None:

    bomb = base64.b64encode(zlib.compress(b"\0" * 200_000_000, 9)).decode()

    with pytest.raises(StateError, match="too large"):
        read_states({"bookmarks": {"jobs": {"ids": {"n": bomb}}}}, tenant="acme")


def test_ids_that_are_no_numbers_are_kept_whole() -> None:
    ids = IdSet(str(uuid.UUID(int=number)) for number in range(50))

    assert as_read_again(StreamState(ids=ids)).ids == ids
