"""What counts as a change, run after run, and where the bookmark comes to lie."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hr4you.idset import IdSet, digest, digest_of
from tap_hr4you import changes as changes_module
from tap_hr4you.changes import Changes
from tap_hr4you.state import StreamState
from tests.tap_hr4you.crawls import NOW, Wire, at, crawl


def test_what_the_look_back_reads_again_is_not_emitted_again() -> None:
    wires = [{"id": "1", "t": -60}, {"id": "2", "t": -3}, {"id": "3", "t": -1}]
    first, state = crawl(StreamState(), wires, everything=True)
    second, state = crawl(state, wires, started=10)
    third, _ = crawl(state, [*wires[:2], {"id": "3", "t": -1, "name": "new, within the same second"}], started=20)

    assert (first, second, third) == (["1", "2", "3"], [], ["3"])


def test_a_newer_record_on_a_page_before_does_not_make_the_look_back_forget() -> None:
    old = {"id": "1", "t": -3}
    _, state = crawl(StreamState(), [old], everything=True)

    emitted, _ = crawl(state, [{"id": "2", "t": 9}, old], started=10)

    assert emitted == ["2"]


def test_a_change_that_was_committed_late_is_found_by_the_look_back() -> None:
    _, state = crawl(StreamState(), [{"id": "1", "t": -1}], everything=True)

    emitted, after = crawl(state, [{"id": "1", "t": -1}, {"id": "2", "t": -4}], started=10)

    assert emitted == ["2"]
    assert after.bookmark == state.bookmark


@pytest.mark.parametrize(
    ("newest", "bookmark"),
    [(-30, -20), (-10, -10), (7, 0)],
    ids=["older than before", "newer", "later than the crawl began"],
)
def test_the_bookmark_is_the_newest_seen_but_never_goes_back_nor_past_the_start(newest: int, bookmark: int) -> None:
    state = StreamState(bookmark=at(-20))

    _, after = crawl(state, [{"id": "1", "t": newest}])

    assert after.bookmark == at(bookmark)


def test_a_change_during_the_crawl_is_emitted_once_and_not_again_by_the_next_run() -> None:
    _, state = crawl(StreamState(), [{"id": "1", "t": -10}], everything=True)
    second, state = crawl(state, [{"id": "1", "t": 2}], started=0)
    third, _ = crawl(state, [{"id": "1", "t": 2}], started=5)

    assert (second, third) == (["1"], [])


def test_a_held_bookmark_stays() -> None:
    changes = Changes("jobs", StreamState(bookmark=at(-20)), started=NOW, timed=True, lookback=timedelta())
    changes.changed_at("1", {}, at(-1))
    changes.hold_bookmark()

    assert changes.next_state(gone=IdSet()).bookmark == at(-20)


def test_without_a_wire_time_the_content_decides_and_volatile_keys_do_not() -> None:
    options: dict[str, Any] = {"timed": False, "volatile": frozenset({"seen"})}
    wires = [{"id": "1", "name": "a", "seen": 1}, {"id": "2", "name": "b", "seen": 1}]
    first, state = crawl(StreamState(), wires, everything=True, **options)
    second, state = crawl(state, [{"id": "1", "name": "a", "seen": 9}, wires[1]], started=10, **options)
    third, after = crawl(state, [{"id": "1", "name": "c", "seen": 9}, wires[1]], started=20, **options)

    assert (first, second, third) == (["1", "2"], [], ["1"])
    assert state.bookmark == at(0)
    assert after.bookmark == at(20)


def test_without_a_wire_time_the_order_of_keys_is_no_change() -> None:
    _, state = crawl(StreamState(), [{"id": "1", "a": 1, "b": 2}], everything=True, timed=False)

    emitted, _ = crawl(state, [{"b": 2, "a": 1, "id": "1"}], timed=False)

    assert emitted == []


def test_beyond_the_bound_an_untimed_stream_is_read_full_table(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(changes_module, "MAX_HASHES", 2)
    wires: list[Wire] = [{"id": str(number)} for number in range(3)]

    _, state = crawl(StreamState(), wires, everything=True, timed=False)
    second, _ = crawl(state, wires, timed=False)

    assert second == ["0", "1", "2"]
    assert "jobs: more than 2 records" in caplog.text


def test_beyond_the_bound_the_look_back_emits_again_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "MAX_SEEN", 2)
    wires: list[Wire] = [{"id": str(number), "t": -number / 60} for number in range(6)]

    _, state = crawl(StreamState(), wires, everything=True)
    second, _ = crawl(state, wires, started=1)

    assert len(state.seen) == 2
    assert set(second) == {"2", "3", "4", "5"}


def test_a_record_that_no_run_has_read_is_emitted_once_whatever_its_age_and_content() -> None:
    wire = {"id": "1", "t": -60}
    _, state = crawl(StreamState(), [wire, {"id": "2", "t": -1}], everything=True)
    changes = Changes("jobs", state, started=NOW, timed=True, lookback=timedelta(minutes=5))

    times = [changes.changed_at("1", wire, at(-60), is_new=True) for _ in range(2)]

    assert times == [at(-60), None]


def test_start_date_leaves_older_records_out_but_not_those_without_a_time() -> None:
    wires: list[Wire] = [{"id": "old", "t": -60}, {"id": "new", "t": -1}, {"id": "none", "t": None}]

    emitted, _ = crawl(StreamState(), wires, everything=True, not_before=at(-30))

    assert emitted == ["new", "none"]


@pytest.mark.parametrize("time", [-1, None], ids=["with a time that stays", "without a time"])
def test_a_change_and_its_way_back_are_both_told_while_the_bookmark_stays(time: float | None) -> None:
    other = {"id": "2", "t": -0.5}
    _, state = crawl(StreamState(), [{"id": "1", "t": time, "name": "A"}, other], everything=True)
    told = []
    for started, name in enumerate("AABBAAB", 1):
        emitted, state = crawl(state, [{"id": "1", "t": time, "name": name}, other], started=started)
        told.append(emitted)

    assert told == [[], [], ["1"], [], ["1"], [], ["1"]]
    assert state.bookmark == at(-0.5)
    assert len(state.seen) == 2


def test_a_record_that_the_list_left_out_once_is_not_told_again() -> None:
    wires = [{"id": "1", "t": -1}, {"id": "2", "t": -2}]
    _, state = crawl(StreamState(), wires, everything=True)
    _, state = crawl(state, wires[:1], started=1)

    emitted, _ = crawl(state, wires, started=2)

    assert emitted == []


def test_where_the_bookmark_moves_what_lies_before_the_look_back_is_forgotten() -> None:
    _, state = crawl(StreamState(), [{"id": "1", "t": -1}], everything=True)
    _, state = crawl(state, [{"id": "2", "t": 29}], started=30)

    assert state.seen == {digest_of("2", digest({"id": "2", "t": 29}))}


def test_two_records_with_the_same_content_are_two() -> None:
    changes = Changes("jobs", StreamState(), started=NOW, timed=True, lookback=timedelta(), everything=True)
    times = [changes.changed_at(remote_id, {"same": 1}, at(-1)) for remote_id in ("1", "2")]
    state = changes.next_state(gone=IdSet())
    changes = Changes("jobs", state, started=NOW, timed=True, lookback=timedelta())
    again = [changes.changed_at(remote_id, {"same": 1}, at(-1)) for remote_id in ("1", "2", "3")]

    assert (times, again) == ([at(-1)] * 2, [None, None, at(-1)])


def test_a_timed_stream_whose_records_all_lack_a_time_goes_idle() -> None:
    wires = [{"id": str(number), "t": None} for number in range(5)]
    first, state = crawl(StreamState(fingerprint="f"), wires)
    second, state = crawl(state, wires, started=10)
    third, _ = crawl(state, [*wires[:4], {"id": "4", "t": None, "name": "new"}], started=20)

    assert (first, second, third) == (["0", "1", "2", "3", "4"], [], ["4"])
    assert state.bookmark is None


def test_the_exact_edge_of_the_look_back_is_read_and_remembered() -> None:
    wires = [{"id": "1", "t": -5}, {"id": "2", "t": 0}]
    _, state = crawl(StreamState(), wires, everything=True)
    again, _ = crawl(state, [*wires, {"id": "3", "t": -5}], started=1)
    before, _ = crawl(state, [{"id": "4", "t": -5.01}], started=1)

    assert (again, before) == (["3"], [])


def test_start_date_counts_also_in_later_runs_and_its_moment_belongs_to_it() -> None:
    _, state = crawl(StreamState(), [{"id": "1", "t": -3}], everything=True, not_before=at(-4))

    emitted, _ = crawl(state, [{"id": "2", "t": -4}, {"id": "3", "t": -4.01}], started=1, not_before=at(-4))

    assert emitted == ["2"]


def test_a_held_bookmark_keeps_what_was_emitted_so_that_it_does_not_come_again() -> None:
    state = StreamState(bookmark=at(-20))
    wires: list[Wire] = [{"id": "1", "t": -21}, {"id": "2", "t": -1}]
    changes = Changes("jobs", state, started=NOW, timed=True, lookback=timedelta(minutes=5))
    for wire in wires:
        changes.changed_at(wire["id"], wire, at(wire["t"]))
        changes.end_page()
    changes.hold_bookmark()

    emitted, _ = crawl(changes.next_state(gone=IdSet()), [*wires, {"id": "3", "t": -19}], started=1)

    assert emitted == ["3"]


def test_a_held_bookmark_of_an_untimed_stream_stays_too() -> None:
    changes = Changes("jobs", StreamState(bookmark=at(-20)), started=NOW, timed=False, lookback=timedelta())
    changes.changed_at("1", {}, None)
    changes.hold_bookmark()

    after = changes.next_state(gone=IdSet())

    assert after.bookmark == at(-20)
    assert set(after.hashes or {}) == {"1"}


def test_a_deleted_record_of_an_untimed_stream_is_new_when_it_comes_back() -> None:
    _, state = crawl(StreamState(), [{"id": "1"}, {"id": "2"}], everything=True, timed=False)
    state = Changes("jobs", state, started=NOW, timed=False, lookback=timedelta()).next_state(gone=IdSet(["1"]))

    emitted, _ = crawl(state, [{"id": "1"}, {"id": "2"}], timed=False)

    assert emitted == ["1"]


@pytest.mark.parametrize("timed", [True, False])
def test_a_record_that_moved_to_another_parent_has_changed(timed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    changes = Changes("applications", StreamState(), started=NOW, timed=timed, lookback=timedelta(minutes=5))
    changes.changed_at("1", {"a": 1}, at(-1), parent_id="7")
    state = changes.next_state(gone=IdSet())
    changes = Changes("applications", state, started=NOW, timed=timed, lookback=timedelta(minutes=5))

    assert changes.changed_at("1", {"a": 1}, at(-1), parent_id="7") is None
    changes = Changes("applications", state, started=NOW, timed=timed, lookback=timedelta(minutes=5))
    assert changes.changed_at("1", {"a": 1}, at(-1), parent_id="8") is not None
