"""Records that a run reads twice, and runs that read everything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hr4you.idset import IdSet
from tap_hr4you import changes as changes_module
from tap_hr4you.changes import Changes
from tap_hr4you.state import StreamState
from tests.tap_hr4you.crawls import NOW, Wire, at, crawl


def test_records_read_twice_in_a_run_are_told_again_only_if_they_changed_since_it_began() -> None:
    changes = Changes("jobs", StreamState(), started=NOW, timed=True, lookback=timedelta(minutes=5), everything=True)
    asked = [("1", -60, "a"), ("1", -60, "a"), ("1", -30, "b"), ("1", 0, "c"), ("1", 0, "c"), ("1", 1, "d")]

    told = [changes.changed_at(remote_id, {"name": name}, at(time)) for remote_id, time, name in asked]

    assert told == [at(-60), None, None, at(0), None, at(1)]


def test_untimed_records_read_twice_in_a_run_are_told_once_also_where_everything_is_read() -> None:
    wires = [{"id": "1", "name": name} for name in ("a", "a", "b")]
    first, state = crawl(StreamState(), wires, everything=True, timed=False)
    full, _ = crawl(state, [wires[2], wires[2]], everything=True, timed=False)

    assert (first, full) == (["1", "1"], ["1"])


def test_while_everything_is_read_only_the_look_back_is_kept() -> None:
    wires = [{"id": str(number), "t": number} for number in range(-60, 1)]

    _, state = crawl(StreamState(), wires, everything=True)

    assert len(state.seen) == 6


@pytest.mark.parametrize("time", [-60, 1, None], ids=["old", "later than the start", "without a time"])
def test_a_new_record_that_is_read_twice_is_told_once(time: float | None) -> None:
    _, state = crawl(StreamState(), [{"id": "2", "t": -1}], everything=True)
    changes = Changes("jobs", state, started=NOW, timed=True, lookback=timedelta(minutes=5))
    wire_time = None if time is None else at(time)

    times = [changes.changed_at("1", {}, wire_time, is_new=True) for _ in range(2)]

    assert times == [wire_time or at(0), None]


def test_a_record_that_came_back_is_told_though_its_content_was_told_before() -> None:
    wire = {"id": "1", "t": -1}
    _, state = crawl(StreamState(), [wire], everything=True)
    changes = Changes("jobs", state, started=NOW, timed=True, lookback=timedelta(minutes=5))

    assert changes.changed_at("1", wire, at(-1), is_new=True) == at(-1)


@pytest.mark.parametrize("timed", [True, False])
def test_a_full_read_tells_everything_whatever_was_told_before(timed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    wires: list[Wire] = [{"id": str(number), "t": -number} for number in range(30)]
    first, state = crawl(StreamState(), wires, everything=True, timed=timed)
    full, state = crawl(state, wires, started=1, everything=True, timed=timed)
    backwards, state = crawl(state, wires[::-1], started=2, everything=True, timed=timed)
    idle, _ = crawl(state, wires, started=3, timed=timed)

    assert first == full == backwards[::-1] == [wire["id"] for wire in wires]
    assert idle == []


def test_the_digests_of_runs_before_count_towards_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "MAX_SEEN", 3)
    wires: list[Wire] = [{"id": str(number), "t": 0} for number in range(6)]
    _, state = crawl(StreamState(), wires[:3], everything=True)
    _, state = crawl(state, wires[3:], started=1)

    assert len(state.seen) == 3


def test_a_run_that_reads_more_than_it_may_keep_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "MAX_SEEN", 3)
    options: dict[str, Any] = {"timed": True, "lookback": timedelta(minutes=5)}
    wires: list[Wire] = [{"id": str(number), "t": -60 + number} for number in range(20)]
    changes = Changes("jobs", StreamState(bookmark=at(-60)), started=NOW, **options)
    for wire in wires:
        changes.changed_at(wire["id"], wire, at(wire["t"]))
        changes.end_page()
    changes.hold_bookmark()
    state = changes.next_state(gone=IdSet())

    emitted, _ = crawl(state, wires, started=1)

    assert len(state.seen) == 3
    assert emitted == [str(number) for number in range(17)]
