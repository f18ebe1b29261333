"""A dry run tells what a run would do, and leaves no trace: not at the tenant, not in the ledger, not on stdout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hr4you.ledger import Ledger
from hr4you.ledger.tables import metadata
from tests.target_hr4you.runs import Message, TargetRun, record, run_target, schema, state, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

CREATE, APPLY, NOTE = "create_candidate", "create_application", "add_note_to_application"
MARK = "Kanarienvogel"
TABLES = tuple(metadata.tables.values())
LOG = re.compile(r"\d{4}-\d\d-\d\d ")


class Rehearsal:
    """A sandbox, and the target with and without `dry_run`."""

    def __init__(self, sandbox: Control, folder: Path) -> None:
        self.sandbox = sandbox
        self.config = target_config(sandbox, folder)
        self.ledger = folder / "ledger.db"
        self.jobs = [str(job["jobId"]) for job in sandbox.all("jobs") if job["jobStatus"] == "offen"]

    def real(self, *messages: Message, **settings: Any) -> TargetRun:
        return run_target({**self.config, **settings}, messages)

    def dry(self, *messages: Message, **settings: Any) -> TargetRun:
        before, objects = self.rows(), self.objects()
        requests = self.sandbox.requests()
        run = self.real(*messages, dry_run=True, **settings)
        asked = {name for name, count in self.sandbox.requests().items() if count != requests.get(name)}
        assert all(name.startswith("GET ") for name in asked), asked
        assert (self.rows(), self.objects()) == (before, objects)
        assert run.stdout == ""
        assert "Traceback" not in run.log
        return run

    def lines(self, *messages: Message, **settings: Any) -> list[str]:
        """What a dry run that finds nothing wrong tells, without the log's lines."""
        run = self.dry(*messages, **settings)
        assert run.status == 0, run.log
        assert run.log.strip().endswith("Dry run: nothing was sent, no ledger was written, no state passed on.")
        return told(run)[:-1]

    def rows(self) -> list[Any] | None:
        """All that the ledger holds, None without one."""
        if not self.ledger.exists():
            return None
        with Ledger(self.config["ledger_url"], create=False) as ledger:
            return [
                ledger.read(lambda connection, each=each: connection.execute(select(each)).all()) for each in TABLES
            ]

    def objects(self) -> list[Any]:
        return [self.sandbox.all(kind) for kind in ("applicants", "applications", "notes", "attachments")]


@pytest.fixture
def rehearsal(sandbox: Control, tmp_path: Path) -> Rehearsal:
    return Rehearsal(sandbox, tmp_path)


def told(run: TargetRun) -> list[str]:
    return [line for line in run.log.splitlines() if line and not LOG.match(line)]


def person(email: str = "jana@example.org", **more: Any) -> dict[str, Any]:
    return {"first_name": "Jana", "last_name": "Sorb", "email_address": email, **more}


def candidate(action_id: str, email: str = "jana@example.org", **more: Any) -> Message:
    return record(CREATE, action_id=action_id, candidate=person(email), **more)


def application(action_id: str, job: str, email: str = "jana@example.org", **more: Any) -> Message:
    return record(APPLY, action_id=action_id, candidate=person(email), job_id=job, **more)


def note(action_id: str, reference: str) -> Message:
    return record(NOTE, action_id=action_id, application_id=reference, content="Hallo")


def test_each_request_is_told_with_ids_and_truth_values_and_nothing_else(rehearsal: Rehearsal) -> None:
    job = rehearsal.jobs[0]
    files = [
        {"data": "SGFsbG8=", "content_type": "text/plain", "type": "CV"},
        {"data_url": "https://files.example.org/a/b.pdf?signature=c"},
    ]
    more: dict[str, Any] = {"source": {"id": "3"}, "gdpr_consent": {"given": True}, "attachments": files}
    lines = rehearsal.lines(schema(APPLY), application("17", job, **more), state({"n": 1}))
    attachments = "POST applications/<application of create_application/17>/attachments"
    made = "<candidate of create_application/17>"
    assert [line.removeprefix("create_application/17: ") for line in lines] == [
        "POST applicants {firstname: ***, lastname: ***, email: ***, source.id: 3, consent: true}",
        f"POST applications {{applicantId: {made}, jobId: {job}, source.id: 3}}",
        f"{attachments} {{file: CV given as data, category: ***}}",
        f"{attachments} {{file: OTHER from files.example.org, category: ***}}",
        "create_application: 1 to be sent",
    ]
    assert not rehearsal.ledger.exists(), "none was made"


def test_a_persons_data_a_signature_and_the_token_are_nowhere(rehearsal: Rehearsal, tmp_path: Path) -> None:
    own = {"hr4you": {"applicant": {"note": MARK, "n": 4711}, "application": {"jobId": MARK}}}
    one = application(
        "1",
        rehearsal.jobs[0],
        attachments=[{"data_url": f"https://files.example.org/{MARK}.pdf?sig={MARK}", "name": f"{MARK}.pdf"}],
        source={"name": MARK},
        remote_fields=own,
    )
    one["record"]["candidate"] = {
        "first_name": MARK,
        "last_name": MARK,
        "email_address": f"{MARK}@example.org",
        "phone_number": "+49 221 4711471",
        "location": {"city": MARK, "country": "DE"},
    }
    invalid = record(APPLY, action_id=f"{MARK}@example.org", candidate=person(MARK), job_id=MARK)
    details = {"custom_field_name_prefix": MARK, "attributes": [{"key": MARK, "value": MARK}]}
    link = {"label": MARK, "url": f"https://{MARK}.example.org/{MARK}", "details": details}
    path = f"applicants/{MARK}/5?q={MARK}"
    messages = [
        *(schema(APPLY), one, invalid),
        *(schema(NOTE), record(NOTE, action_id="2", application_id="5", content=MARK)),
        *(schema("add_result_link_to_application"),),
        record("add_result_link_to_application", action_id="3", application_id="action:1", **link),
        *(schema("passthrough"),),
        record(
            "passthrough", action_id="4", method="PATCH", path=path, params={"a": MARK}, body=[{"b": MARK}, 4711471]
        ),
    ]
    results = tmp_path / "results.jsonl"
    run = rehearsal.dry(*messages, api_token="sandbox", results_path=str(results), default_source=MARK)
    assert run.status == 1
    for secret in (MARK, MARK.lower(), "4711471", "Bearer"):
        assert secret not in run.log
    assert not re.search(r"\bsandbox\b", run.log), "the token"
    assert "passthrough/4: PATCH applicants/***/5?a=*** {[0].b: ***, [1]: ***}" in run.log
    assert "jobId: ***" in run.log, "a user's own value in the place of an id"
    assert not results.exists()
    assert not rehearsal.ledger.exists()


def test_a_record_that_is_not_valid_makes_it_end_with_1(rehearsal: Rehearsal) -> None:
    messages = [schema(CREATE), candidate("1", "none"), candidate("2")]
    run = rehearsal.dry(*messages)
    assert run.status == 1
    [line] = [line for line in told(run) if line.startswith("create_candidate/1: not valid: ")]
    assert "INPUT_INVALID (candidate.email_address): found a text of 4 characters" in line
    assert "create_candidate: 1 not valid, 1 to be sent" in told(run)
    assert "Some records are not valid" in run.last_line
    assert rehearsal.dry(*messages, fail_on_errors=False).status == 0


def test_what_exists_is_looked_up(rehearsal: Rehearsal) -> None:
    rehearsal.real(schema(APPLY), application("1", rehearsal.jobs[0]))
    made = rehearsal.sandbox.all("applicants")[-1]["applicantId"]
    of = rehearsal.sandbox.all("applications")[-1]["applicationId"]
    before = rehearsal.sandbox.requests()
    lines = rehearsal.lines(
        schema(APPLY), application("2", rehearsal.jobs[0], "Jana@Example.org"), application("3", rehearsal.jobs[1])
    )
    assert rehearsal.sandbox.requests()["GET /api2/applicants"] > before["GET /api2/applicants"]
    assert lines == [
        f"create_application/2: applicant: reuses {made}",
        f"create_application/2: application: reuses {of}",
        "create_application/2: warnings: APPLICATION_REUSED, CANDIDATE_REUSED",
        f"create_application/3: applicant: reuses {made}",
        f"create_application/3: POST applications {{applicantId: {made}, jobId: {rehearsal.jobs[1]}}}",
        "create_application/3: warnings: CANDIDATE_REUSED",
        "create_application: 1 there already, 1 to be sent",
    ]
    failing = rehearsal.lines(schema(APPLY), application("2", rehearsal.jobs[0]), on_existing_candidate="fail")
    assert failing[0] == "create_application/2: would fail: ATS.CANDIDATE_ALREADY_EXISTS (candidate.email_address)"
    twice = rehearsal.lines(schema(APPLY), application("2", rehearsal.jobs[0]), on_existing_candidate="create")
    assert twice[0].startswith("create_application/2: POST applicants {")


def test_what_the_same_input_makes_before_is_reused(rehearsal: Rehearsal) -> None:
    lines = rehearsal.lines(
        *(schema(APPLY), application("1", rehearsal.jobs[0]), application("2", rehearsal.jobs[1])),
        application("3", rehearsal.jobs[0]),
    )
    assert "create_application/2: applicant: reuses <candidate of create_application/1>" in lines
    assert "create_application/3: application: reuses <application of create_application/1>" in lines
    assert "create_application: 2 to be sent, 1 there already" in lines


def test_where_nobody_may_look_it_is_told(rehearsal: Rehearsal) -> None:
    rehearsal.sandbox.faults({"match": "GET /api2/applicants*", "fault": "status", "status": 403})
    lines = rehearsal.lines(schema(APPLY), application("1", rehearsal.jobs[0]))
    assert lines[0] == "create_application/1: would fail: REMOTE.PERMISSION_MISSING (candidate.email_address)"


def test_a_tenant_that_is_not_there_ends_it_with_75(rehearsal: Rehearsal) -> None:
    run = rehearsal.dry(schema(APPLY), application("1", rehearsal.jobs[0]), api_token="wrong")
    assert run.status == 75


def test_references_are_resolved_also_to_what_comes_later(rehearsal: Rehearsal) -> None:
    lines = rehearsal.lines(
        *(schema(NOTE), note("n1", "action:2"), note("n2", "action:create_application/3"), note("n3", "remote:5")),
        *(schema(APPLY), application("2", rehearsal.jobs[0]), schema(CREATE), candidate("4"), note("n4", "action:4")),
    )
    to = "POST applications/<application of create_application/2>/notes {text: ***}"
    assert f"add_note_to_application/n1: {to}" in lines
    assert "add_note_to_application/n3: POST applications/5/notes {text: ***}" in lines
    assert lines[-1] == (
        "References that nothing in the input or the ledger answers: "
        "add_note_to_application/n2 (action:create_application/3), add_note_to_application/n4 (action:4)"
    )


def test_the_ledger_answers_references_and_says_what_was_done(rehearsal: Rehearsal) -> None:
    rehearsal.real(schema(APPLY), application("1", rehearsal.jobs[0]))
    of = rehearsal.sandbox.all("applications")[-1]["applicationId"]
    lines = rehearsal.lines(
        *(schema(APPLY), application("1", rehearsal.jobs[0]), application("1", rehearsal.jobs[1])),
        *(schema(NOTE), note("n1", "action:1")),
    )
    assert lines == [
        "create_application/1: done before: not sent again",
        "create_application/1: came before: in this input, with other content",
        f"add_note_to_application/n1: POST applications/{of}/notes {{text: ***}}",
        "create_application: 1 done before, 1 came before",
        "add_note_to_application: 1 to be sent",
    ]
    other = rehearsal.lines(schema(APPLY), application("1", rehearsal.jobs[1]))
    assert other[0] == "create_application/1: done before, with other content: CONTENT_CHANGED, not sent"


def test_what_failed_is_told_from_what_a_run_tries_again(rehearsal: Rehearsal) -> None:
    rehearsal.sandbox.faults({"match": "POST /api2/applications", "fault": "status", "status": 403})
    rehearsal.real(schema(APPLY), application("1", rehearsal.jobs[0]))
    rehearsal.sandbox.faults()
    made = rehearsal.sandbox.all("applicants")[-1]["applicantId"]
    assert rehearsal.lines(schema(APPLY), application("1", rehearsal.jobs[0]))[0] == (
        "create_application/1: partial before: REMOTE.PERMISSION_MISSING, not sent again: mend it, or `hr4you actions "
        "retry`"
    )
    assert rehearsal.lines(schema(APPLY), application("1", rehearsal.jobs[1])) == [
        "create_application/1: partial before, and executed again as its content is new",
        f"create_application/1: POST applications {{applicantId: {made}, jobId: {rehearsal.jobs[1]}}}",
        "create_application: 1 to be sent",
    ]


def test_what_earlier_runs_have_left_is_counted_and_answers_references(rehearsal: Rehearsal) -> None:
    rehearsal.real(schema(CREATE), candidate("0"))  # makes the ledger
    rehearsal.sandbox.faults({"match": "POST *", "fault": "status", "status": 429})
    assert rehearsal.real(schema(APPLY), application("1", rehearsal.jobs[0]), max_retries=0).status == 75
    rehearsal.sandbox.faults()
    lines = rehearsal.lines(*(schema(APPLY), application("1", rehearsal.jobs[0]), schema(NOTE), note("n1", "action:1")))
    assert lines[0] == "create_application/1: open in the ledger: a run goes on with it before what is new"
    assert "add_note_to_application/n1: POST applications/<application of create_application/1>/notes" in lines[1]
    assert lines[-1] == ("The ledger holds 1 action(s) of earlier runs that are not done: a run executes them first.")


def test_the_bytes_of_a_ledger_stay_as_they_are(rehearsal: Rehearsal) -> None:
    rehearsal.real(schema(CREATE), candidate("0"))
    before = rehearsal.ledger.read_bytes(), rehearsal.ledger.stat().st_mtime_ns
    rehearsal.real(schema(CREATE), candidate("1"), dry_run=True)
    assert (rehearsal.ledger.read_bytes(), rehearsal.ledger.stat().st_mtime_ns) == before


def test_a_ledger_of_another_tenant_is_refused_all_the_same(rehearsal: Rehearsal) -> None:
    rehearsal.real(schema(CREATE), candidate("0"))
    run = rehearsal.dry(schema(CREATE), candidate("1"), tenant="beta")
    assert run.status == 2
    assert "as the tenant `acme`" in run.last_line


def test_an_empty_input_is_none_the_worse(rehearsal: Rehearsal) -> None:
    assert rehearsal.lines() == []
