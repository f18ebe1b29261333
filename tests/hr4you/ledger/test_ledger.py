"""What the ledger keeps, between runs and while one is at work."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.errors import ConfigError, LedgerUnavailableError
from hr4you.ledger import Ledger, claims, executing, runs
from hr4you.ledger.accepting import Incoming, accept
from hr4you.ledger.executing import Claim, ClaimLostError, adopt, claim, finish, note_intent
from hr4you.ledger.rows import Key, Problem, Row, Step, now_seconds
from hr4you.ledger.runs import let_go, stay_alive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = Key("create_candidate", "1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        opened.pin("acme", "https://acme.hr4you.org")
        opened.write(stay_alive, "run")
        yield opened


def incoming(name: str, key: Key = KEY, **more: Any) -> Incoming:
    return Incoming(key, f"exact-{name}", f"hash-{name}", json.dumps({"name": name}), **more)


def accepted(ledger: Ledger, given: Incoming, run: str = "run") -> Row:
    return ledger.write(accept, "acme", run, given).row


def claimed(ledger: Ledger, row: Row, run: str = "run") -> Claim:
    found = ledger.write(claim, run, row.seq)
    assert found is not None
    return found


def payload(ledger: Ledger, row: Row) -> Any:
    return json.loads(ledger.read(Row.get, row.seq).payload or "null")


def test_content_that_comes_while_an_action_is_executed_is_taken_when_that_fails(ledger: Ledger) -> None:
    row = claimed(ledger, accepted(ledger, incoming("old"))).row
    during = ledger.write(accept, "acme", "run", incoming("new"))
    assert not during.is_open
    assert payload(ledger, row) == {"name": "old"}

    ended, again = ledger.write(finish, "run", row, status="failed", **Problem("REMOTE.INPUT_INVALID").columns())
    assert (ended.status, ended.error_code, again) == ("pending", None, [row.seq])
    assert payload(ledger, row) == {"name": "new"}


def test_content_that_comes_while_an_action_is_executed_is_told_when_that_succeeds(ledger: Ledger) -> None:
    row = claimed(ledger, accepted(ledger, incoming("old"))).row
    ledger.write(accept, "acme", "run", incoming("new"))

    ended, again = ledger.write(finish, "run", row, status="succeeded", effect="created")
    assert (ended.status, again) == ("succeeded", [])
    assert [warning["code"] for warning in ended.warnings] == ["CONTENT_CHANGED"]
    assert payload(ledger, row) is None


def test_content_that_came_while_a_run_was_killed_is_taken_by_the_next(ledger: Ledger) -> None:
    row = claimed(ledger, accepted(ledger, incoming("old"))).row
    ledger.write(accept, "acme", "run", incoming("new"))
    ledger.write(let_go, "run")
    ledger.write(stay_alive, "next")

    assert json.loads(claimed(ledger, row, "next").row.payload or "") == {"name": "new"}


def test_what_may_have_taken_effect_keeps_its_content(ledger: Ledger) -> None:
    row = claimed(ledger, accepted(ledger, incoming("old"))).row
    sent = Step(row.seq, "applicant", 0, "candidate", "sent", "acme", known_ids=[])
    ledger.write(note_intent, "run", sent)
    ledger.write(let_go, "run")
    accepted(ledger, incoming("new"))

    found = ledger.read(row.steps)["applicant"]
    assert json.loads(found.kept_payload or "") == {"name": "old"}
    assert payload(ledger, row) == {"name": "new"}


def test_an_action_is_claimed_by_one_run_until_that_has_not_shown_for_too_long(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = claimed(ledger, accepted(ledger, incoming("a"))).row
    ledger.write(stay_alive, "other")
    assert ledger.write(claim, "other", row.seq) is None

    later = now_seconds() + executing.LEASE_SECONDS + 1
    for module in (claims, executing, runs):
        monkeypatch.setattr(module, "now_seconds", lambda: later)
    ledger.write(stay_alive, "other")
    claimed(ledger, row, "other")
    intent = Step(row.seq, "applicant", 0, "candidate", "sent", "acme")
    with pytest.raises(ClaimLostError):
        ledger.write(note_intent, "run", intent)
    assert ledger.read(row.steps) == {}


def test_a_person_is_made_by_one_run_at_a_time(ledger: Ledger) -> None:
    first = accepted(ledger, incoming("a", email_hmac="x"))
    second = accepted(ledger, incoming("b", Key("create_application", "2"), email_hmac="x"), "other")
    ledger.write(stay_alive, "other")
    row = claimed(ledger, first).row

    assert ledger.write(claim, "other", second.seq) is None
    ledger.write(finish, "run", row, status="succeeded")
    claimed(ledger, second, "other")


def test_only_what_no_other_action_has_made_is_adopted(ledger: Ledger) -> None:
    rows = [claimed(ledger, accepted(ledger, incoming(name, Key("create_candidate", name)))).row for name in "ab"]
    unknown = [Step(row.seq, "applicant", 0, "candidate", "unknown", "acme") for row in rows]

    def adopted(step: Step, *found: str) -> tuple[str, str | None, str | None] | None:
        taken = ledger.write(adopt, "run", step, found)
        return None if taken is None else (taken.status, taken.remote_id, taken.effect)

    assert adopted(unknown[0], "7") == ("done", "7", "created")
    assert adopted(unknown[1], "7") is None
    assert adopted(unknown[1], "7", "8", "9") == ("unknown", None, None)
    assert adopted(unknown[1], "7", "8") == ("done", "8", "created")


def test_one_function_that_fails_does_not_hold_up_the_others(ledger: Ledger) -> None:
    gate = threading.Event()

    def wait(_: object) -> None:
        gate.wait()

    def fail(_: object) -> None:
        raise ZeroDivisionError

    first = ledger.submit(wait)
    futures = [ledger.submit(stay_alive, "a"), ledger.submit(fail), ledger.submit(stay_alive, "b")]
    gate.set()
    first.result()
    assert [future.exception() is None for future in futures] == [True, False, True]
    assert isinstance(futures[1].exception(), ZeroDivisionError)


def test_a_ledger_that_another_program_holds_is_waited_for_and_then_told(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hr4you.ledger.writer._WAITS", (0.01,))
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")  # of the pool's one connection
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerUnavailableError, match="Nothing is lost"):
        accepted(ledger, incoming("a"))
    other.execute("ROLLBACK")
    other.close()

    assert accepted(ledger, incoming("a")).status == "pending"


def test_a_ledger_of_a_later_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    Ledger(url).close()
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE hr4you_meta SET version = 2")
    connection.close()

    with pytest.raises(ConfigError, match="version 2"):
        Ledger(url)


def test_the_same_address_has_another_digest_in_another_ledger(tmp_path: Path) -> None:
    digests = set()
    for name in "ab":
        with Ledger(f"sqlite:///{tmp_path / name}.db") as ledger:
            assert ledger.hmac("ada@example.org") == ledger.hmac("ada@example.org")
            digests.add(ledger.hmac("ada@example.org"))
    assert len(digests) == 2


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"Geheimnis " * 1000)
    with pytest.raises(ConfigError, match="no SQLite database"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
