"""The stream `action_results`: what became of the target's actions."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator, FormatChecker
from sqlalchemy import update

from hr4you.ledger import Ledger, reading
from hr4you.ledger.tables import actions
from hr4you.timestamps import to_text
from tests.tap_hr4you.ledgers import Pipeline, person, pipeline
from tests.tap_hr4you.runs import TOKEN, TapRun, assert_one_clear_line, discover, run_tap, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.control import Control

pytestmark = pytest.mark.e2e  # slow: a whole tenant, or a ledger, each time

COLUMNS = [
    *("id", "tenant", "action", "action_id", "status", "effect", "candidate_id", "application_id", "remote_ids"),
    *("error_code", "error_field", "error_step", "http_status", "request_id", "warnings", "attempts"),
    *("created_at", "changed_at"),
]


@pytest.fixture
def pipe(sandbox: Control, tmp_path: Path) -> Pipeline:
    return pipeline(sandbox, tmp_path)


def told(run: TapRun) -> dict[str, str]:
    """Action id -> status of the results of a run, each of which came once."""
    found = run.records("action_results")
    statuses = {each["action_id"]: each["status"] for each in found}
    assert len(statuses) == len(found)
    return statuses


def postpone(connection: Connection, seconds: float, **columns: Any) -> None:
    """Write rows as a machine whose clock is off would have written them."""
    for row in connection.execute(actions.select()).mappings():
        moved = to_text(datetime.fromisoformat(row["changed_at"]) + timedelta(seconds=seconds))
        connection.execute(update(actions).where(actions.c.seq == row["seq"]).values(changed_at=moved, **columns))


def test_every_column_comes_as_the_results_file_has_it(pipe: Pipeline) -> None:
    path = pipe.folder / "results.jsonl"
    surplus = person(1, gdpr_consent={"given": True}, attachments=[{"name": "cv.pdf", "data": "aGFsbG8="}])
    pipe.write("create_candidate", person(2), surplus, status=1, results_path=str(path))

    run = pipe.read()

    found = {each["action_id"]: each for each in run.records("action_results")}
    assert found == {each["action_id"]: each for each in map(json.loads, path.read_text().splitlines())}
    assert [list(each) for each in found.values()] == [COLUMNS] * 2
    created = found["2"]
    assert created["id"] == "acme:action:create_candidate/2"
    assert (created["status"], created["effect"]) == ("succeeded", "created")
    assert created["candidate_id"] == f"acme:candidate:{created['remote_ids']['applicant']}"
    assert (found["1"]["status"], found["1"]["error_code"]) == ("failed", "INPUT_INVALID")
    [described] = [each for each in run.messages if each["type"] == "SCHEMA" and each["stream"] == "action_results"]
    validator = Draft7Validator(described["schema"], format_checker=FormatChecker())
    assert not [error for each in found.values() for error in validator.iter_errors(each)]
    assert "properties" not in described["schema"]["properties"]["remote_ids"]
    assert (described["key_properties"], described["bookmark_properties"]) == (["id"], ["changed_at"])


def test_an_idle_run_brings_nothing_and_a_retry_only_its_row(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1), person(2, candidate={"first_name": "Grit"}), status=1)
    first = pipe.read()
    idle = pipe.read()
    pipe.write("create_candidate", person(1), person(2))
    mended = pipe.read()

    assert told(first) == {"1": "succeeded", "2": "failed"}
    assert idle.records("action_results") == []
    assert told(mended) == {"2": "succeeded"}
    assert pipe.read().records("action_results") == []


def test_the_state_names_tenant_and_ledger_and_no_place(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1))

    bookmark = pipe.read().state["bookmarks"]["action_results"]

    [result] = run_tap(pipe.settings).records("action_results")
    assert bookmark["replication_key"] == "changed_at"
    assert bookmark["replication_key_value"] == result["changed_at"]
    assert bookmark["tenant"] == "acme"
    assert bookmark["source"].startswith("ledger:")
    assert set(bookmark) == {"replication_key", "replication_key_value", "tenant", "source", "seen"}


def test_a_row_from_a_machine_whose_clock_is_slow_is_found(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1))
    pipe.read()
    with Ledger(pipe.settings["ledger_url"]) as ledger:
        ledger.write(postpone, -200, attempts=2)

    late = pipe.read()

    assert told(late) == {"1": "succeeded"}
    assert pipe.read().records("action_results") == []


def test_a_row_from_a_machine_whose_clock_is_fast_comes_once(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1))
    with Ledger(pipe.settings["ledger_url"]) as ledger:
        ledger.write(postpone, 3_600)
    first, second = pipe.read(), pipe.read()
    pipe.write("create_candidate", person(2))

    assert told(first) == {"1": "succeeded"}
    assert second.records("action_results") == []
    assert told(pipe.read()) == {"2": "succeeded"}


def test_only_this_tenants_rows_come(pipe: Pipeline) -> None:
    elsewhere = pipe.sandbox.base_url.replace("127.0.0.1", "localhost")
    pipe.write("create_candidate", person(1))
    pipe.write("create_candidate", person(2), tenant="other", base_url=elsewhere)

    assert told(pipe.read()) == {"1": "succeeded"}
    assert told(run_tap({**pipe.settings, "tenant": "other", "base_url": elsewhere})) == {"2": "succeeded"}


def test_another_ledger_is_read_from_its_beginning(pipe: Pipeline, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Pipeline(pipe.sandbox, other, {}).write("create_candidate", person(2))
    pipe.write("create_candidate", person(1))
    with Ledger(f"sqlite:///{other / 'ledger.db'}") as ledger:
        ledger.write(postpone, -86_400)
    pipe.read()

    assert told(pipe.read(ledger_url=f"sqlite:///{other / 'ledger.db'}")) == {"2": "succeeded"}


def test_a_catalog_may_ask_for_everything_in_every_run_and_for_some_columns(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1))
    catalog = select(discover(pipe.settings), ["action_results"], without=[("action_results", "remote_ids")])
    [entry] = [each for each in catalog["streams"] if each["tap_stream_id"] == "action_results"]
    entry["replication_method"] = "FULL_TABLE"
    entry["metadata"][-1]["metadata"]["forced-replication-method"] = "FULL_TABLE"
    before = pipe.sandbox.requests()
    runs = [run_tap(pipe.settings, catalog=catalog)]
    runs.append(run_tap(pipe.settings, catalog=catalog, state=runs[0].state))

    assert [told(run) for run in runs] == [{"1": "succeeded"}] * 2
    assert set(COLUMNS) - set(runs[0].records()[0]) == {"remote_ids"}
    assert pipe.sandbox.requests() == before, "the ledger is all that is read"


def test_start_date_does_not_limit_it_and_without_a_ledger_there_is_none(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1))

    assert told(pipe.read(start_date="2099-01-01", lookback_seconds=0)) == {"1": "succeeded"}
    names = [entry["tap_stream_id"] for entry in discover({"ledger_url": None})["streams"]]
    assert "action_results" not in names


def test_a_missing_ledger_ends_the_run_unless_nothing_needs_it(sandbox: Control, tmp_path: Path) -> None:
    config = {**pipeline(sandbox, tmp_path).settings, "api_token": TOKEN}
    before = sandbox.requests()

    assert_one_clear_line(run_tap(config), 2, "no ledger", "target-hr4you", "`ledger_url`")
    assert sandbox.requests() == before
    assert not list(tmp_path.iterdir())
    catalog = select(discover(config), ["users"])
    assert run_tap({**config, "api_token": "sandbox"}, catalog=catalog).status == 0


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"SQLite it is not" * 100, 2, "no SQLite database"), (b"", 2, "holds no ledger")],
)
def test_a_file_that_is_no_ledger_is_told(
    sandbox: Control, tmp_path: Path, content: bytes, status: int, words: str
) -> None:
    Path(tmp_path, "ledger.db").write_bytes(content)

    run = run_tap({**pipeline(sandbox, tmp_path).settings, "api_token": TOKEN})

    assert_one_clear_line(run, status, words)


def test_no_secret_and_no_person_is_in_log_or_output(pipe: Pipeline) -> None:
    pipe.write("create_candidate", person(1), person(2, candidate={"last_name": "Kanarienvogel"}), status=1)
    catalog = select(discover(pipe.settings), ["action_results"])

    run = run_tap(pipe.settings, catalog=catalog)
    refused = run_tap({**pipe.settings, "ledger_url": "postgresql://u:Kanarie%3An@127.0.0.1:9/x"}, catalog=catalog)
    odd = run_tap({**pipe.settings, "ledger_url": "Kanarie%3An"}, catalog=catalog)

    assert (run.status, refused.status, odd.status) == (0, 75, 2)
    for text in (run.stdout.decode(), *(each.log for each in (run, refused, odd))):
        assert not [word for word in ("Kanarie", "grit1@", "Ledger 1") if word in text]


@pytest.mark.parametrize("number", [10, 12])
def test_more_results_than_a_page_come_each_once(pipe: Pipeline, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(reading, "_PAGE", 5)
    pipe.write("create_candidate", *(person(each, candidate={}) for each in range(number)), status=1)
    moment = "2026-11-01T08:00:00.000000+00:00"
    with Ledger(pipe.settings["ledger_url"]) as ledger:  # as many rows of one moment as one transaction writes
        ledger.write(lambda connection: connection.execute(update(actions).values(changed_at=moment)).rowcount)
        exported = ledger.read(lambda connection: list(reading.results(connection, "acme")))

    run = pipe.read()

    assert run.records("action_results") == exported
    assert len(told(run)) == number
    assert pipe.read().records("action_results") == []


def test_the_ledger_is_read_while_a_run_writes_it(pipe: Pipeline) -> None:
    pipe.write("create_candidate", *map(person, range(20)))
    ended = threading.Event()

    def keep_writing(ledger: Ledger) -> None:
        while not ended.is_set():
            ledger.write(postpone, 0.001)

    with Ledger(pipe.settings["ledger_url"]) as ledger:
        thread = threading.Thread(target=keep_writing, args=(ledger,))
        thread.start()
        try:
            seen = {each["action_id"] for each in pipe.read().records("action_results")}
        finally:
            ended.set()
            thread.join()

    assert seen == {str(number) for number in range(20)}
