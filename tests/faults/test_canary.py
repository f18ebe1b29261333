"""Marked credentials and marked personal data are on no screen and in no file, however much is logged and fails."""

from __future__ import annotations

import base64
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.actions import Actions
from tests.faults.processes import Process, Target, requests, struck_by_faults, wait_until
from tests.target_hr4you.file_server import reply, serving_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

MARK, PHONE = "Kanarienvogel7f", "+49 221 70070077"
_CODED = [base64.b64encode(b" " * shift + MARK.encode())[4:-4] for shift in range(3)]
FORMS = [MARK.lower().encode(), b"70070077", *(form.lower() for form in _CODED)]
PAYLOADS = {
    "hr4you_actions": {"payload", "next_payload", "error_text"},
    "hr4you_steps": {"kept_payload"},
}
"""Columns that may hold personal data, as long as an action is not done."""

FAULTS = [
    {"match": "GET /api2/applicants*", "nth": 1, "fault": "html_200"},
    {"match": "POST /api2/applicants", "nth": 1, "fault": "truncated_json"},
    {"match": "POST /api2/applications", "nth": 1, "fault": "status", "status": 500, "when": "after_commit"},
    {"match": "POST /api2/applications/*/attachments", "nth": 1, "fault": "reset"},
    {"match": "POST /api2/applications/*/notes", "nth": 1, "fault": "reset_mid_body"},
    {"match": "PATCH /api2/applications/*", "nth": 1, "fault": "status", "status": 429, "retry_after": 1},
]


FORGETFUL = """
import sqlite3
connect = sqlite3.dbapi2.connect
def without_secure_delete(*args, **kwargs):
    connection = connect(*args, **kwargs)
    connection.execute("PRAGMA secure_delete = OFF")
    return connection
sqlite3.dbapi2.connect = sqlite3.connect = without_secure_delete
"""
"""Debian's SQLite overwrites what is deleted unless it is told otherwise; most others do not."""


def marked_in(content: bytes) -> list[bytes]:
    return [form for form in FORMS if form in content.lower()]


def marked_columns(ledger: Path) -> set[str]:
    """The columns in which something marked stands."""
    found = set()
    with sqlite3.connect(ledger) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f"select * from {table}"):  # noqa: S608  # our own names
                found |= {f"{table}.{name}" for name in row.keys() if marked_in(str(row[name]).encode())}  # noqa: SIM118  # of sqlite3.Row
    connection.close()
    return found


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """A marked token that the sandbox takes."""
    monkeypatch.setattr("hr4you_sandbox.dialect.TOKEN", f"{MARK}-token")
    return f"{MARK}-token"


@pytest.fixture
def url() -> Iterator[str]:
    """A signed URL of a marked file."""
    with serving_files() as files:
        files.give(reply(b"%PDF-1.4\n%" + MARK.encode() + b"\n%%EOF\n"))
        yield files.url(f"/cv.pdf?X-Signature={MARK}")


@pytest.fixture
def target(sandbox: Control, tmp_path: Path, token: str) -> Target:
    """The target that tells whatever it can, and leaves its temporary files in a folder of their own."""
    (tmp_path / "temporary").mkdir()
    environment = {"TARGET_HR4YOU_LOGLEVEL": "DEBUG", "TMPDIR": str(tmp_path / "temporary")}
    config = {"api_token": token, "results_path": str(tmp_path / "results.jsonl")}
    return Target(tmp_path, sandbox, config, environment=environment)


def marked_actions(sandbox: Control, url: str, *, job: int | None = None) -> Actions:
    """Actions of all kinds; all of their values are marked, and their ids are not."""
    made = Actions(sandbox, "canary")
    job = job or made.jobs[0]
    maker = made.candidate(job=job, files=1)
    pair = next(iter(made.pairs))
    made.application(job=job)
    made.note(f"action:{maker}", pair)
    made.result(f"action:{maker}", pair)
    made.file(f"action:{maker}", pair)
    for _, record in made.records:
        _mark(record)
    made.records[0][1]["attachments"].append({"name": f"{MARK}.pdf", "data_url": url})
    return made


def _mark(record: dict[str, Any]) -> None:
    if "candidate" in record:
        person = {"first_name": MARK, "last_name": f"Von {MARK}", "phone_number": PHONE, "location": {"city": MARK}}
        record["candidate"].update(person, email_address=f"{record['action_id']}.{MARK}@example.org")
    if "content" in record:
        record["content"] = f"{MARK} ist nett"
    if "label" in record:
        record["label"], record["url"] = MARK, f"https://tests.example.org/{MARK}?s={MARK}"
        attributes = [{"key": "URL", "value": MARK}, {"key": f"Frage von {MARK}", "value": MARK}]
        record["details"]["attributes"] = attributes
    for file in [*record.get("attachments", []), *([record["attachment"]] if "attachment" in record else [])]:
        data = base64.b64encode(f"%PDF-1.4\n%{MARK}\n%%EOF\n".encode()).decode()
        file.update(name=f"{MARK} Lebenslauf.pdf", data=data)


def assert_silent(target: Target, *processes: Process) -> None:
    """Nothing marked was said or left beside the input, the settings and the ledger."""
    for process in processes:
        assert " DEBUG " in process.log
        assert marked_in(process.log.encode()) == [], process.log
    own = {"input.jsonl", "config.json", "ledger.db", "ledger.db-wal", "ledger.db-shm"}
    left = [file for file in target.folder.rglob("*") if file.is_file() and file.name not in own]
    assert target.folder / "results.jsonl" in left
    assert {file.name: found for file in left if (found := marked_in(file.read_bytes()))} == {}
    assert list((target.folder / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    "mutation",
    [
        pytest.param("", id="this SQLite"),
        pytest.param(FORGETFUL, id="a SQLite that only marks pages as free", marks=pytest.mark.e2e),
    ],
)
def test_what_is_done_leaves_nothing_behind(sandbox: Control, target: Target, url: str, mutation: str) -> None:
    target.mutation = mutation
    actions = marked_actions(sandbox, url)
    given = actions.write(target.folder / "input.jsonl")
    assert len(marked_in(given.read_bytes())) == 3, "as text, as a number and in base64"
    sandbox.faults(*FAULTS)
    processes = [target.run(given)]
    struck = struck_by_faults(sandbox)
    sandbox.faults()
    processes.append(target.run(given))

    assert struck == [1] * len(FAULTS)
    assert processes[-1].wait() == 0, processes[-1].log
    assert_silent(target, *processes)
    assert [file.name for file in target.folder.glob("ledger.db*")] == ["ledger.db"], "the log is merged"
    assert marked_in((target.folder / "ledger.db").read_bytes()) == []


def test_what_a_killed_run_left_is_gone_when_it_is_done(sandbox: Control, target: Target, url: str) -> None:
    actions = marked_actions(sandbox, url)
    given = actions.write(target.folder / "input.jsonl")
    sandbox.faults({"match": "POST /api2/*", "nth": 3, "fault": "timeout", "when": "after_commit"})
    killed = target.start(given)
    assert wait_until(killed, lambda: struck_by_faults(sandbox) == [1]), killed.log
    assert killed.kill() == -9
    held = b"".join(file.read_bytes() for file in target.folder.glob("ledger.db*"))
    sandbox.faults()
    last = target.run(given)

    assert marked_in(held), "the ledger has what is not done"
    assert last.wait() == 0, last.log
    assert_silent(target, killed, last)
    assert [file.name for file in target.folder.glob("ledger.db*")] == ["ledger.db"], "the log is merged"
    assert marked_in((target.folder / "ledger.db").read_bytes()) == []


def test_what_has_failed_is_in_the_payloads_alone(sandbox: Control, target: Target, url: str) -> None:
    closed = next(job["jobId"] for job in sandbox.all("jobs") if job["jobStatus"] != "offen")
    actions = marked_actions(sandbox, url, job=closed)
    actions.records[1][1]["candidate"]["gender"] = MARK
    actions.records += [
        ("add_note_to_application", {"action_id": "canary-wrong-1", "application_id": f"{MARK} x", "content": MARK}),
        ("add_note_to_application", {"action_id": "canary-wrong-2", "content": [MARK]}),
        ("add_attachment_to_candidate", {"action_id": "canary-wrong-3", "candidate_id": "1", "attachment": MARK}),
    ]
    process = target.run(actions.write(target.folder / "input.jsonl"))

    assert process.wait() == 1, process.log
    assert_silent(target, process)
    allowed = {f"{table}.{column}" for table, columns in PAYLOADS.items() for column in columns}
    columns = marked_columns(target.folder / "ledger.db")
    assert "hr4you_actions.payload" in columns
    assert columns <= allowed
    assert requests(sandbox) > 0
