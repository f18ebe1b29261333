"""What a product team does: applicants in a PostgreSQL table, `tap-postgres`, `target-hr4you`, some rows to mend."""

from __future__ import annotations

import base64
import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from hr4you_sandbox import serve_in_thread
from tests.control import Control
from tests.e2e.project import LOADER, ROOT, Ended, Plugin, Project
from tests.servers.postgres import running_postgres
from tests.target_hr4you.runs import record, run_target, schema, target_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

STREAM = "public-new_applicants"
NO_JOB = 999_999
CHANGED = datetime(2026, 11, 2, 8, 0, tzinfo=timezone.utc)
TOKEN, PASSWORD = "sandbox", "rosinenbrot"
PRIVATE = ("Zwetschge", "Quitte", "obstgarten", "Schneverdingen", "JVBERi", TOKEN, PASSWORD)
"""Of names, e-mail addresses, files and secrets; none of it belongs in a log."""

TAP: Plugin = {
    "name": "tap-postgres",
    "namespace": "tap_postgres",
    "pip_url": "meltanolabs-tap-postgres==0.10.0",
    "executable": "tap-postgres",
    "capabilities": ["catalog", "discover", "state", "about"],
    "settings": [
        {"name": "sqlalchemy_url", "kind": "string", "sensitive": True},
        {"name": "filter_schemas", "kind": "array", "value": ["public"]},
    ],
    "select": [f"{STREAM}.*"],
}
INCREMENTAL: Plugin = {
    "name": "tap-postgres-incremental",
    "inherit_from": "tap-postgres",
    "metadata": {STREAM: {"replication-method": "INCREMENTAL", "replication-key": "updated_at"}},
}
TARGET: Plugin = {
    **LOADER,
    "pip_url": f"-e {ROOT}[postgres]",
    "config": {"tenant": "acme", "stream_actions": {STREAM: "create_application"}},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    plugins = {"extractors": [TAP, INCREMENTAL], "loaders": [TARGET]}
    made = Project(tmp_path_factory.mktemp("meltano") / "project", plugins)
    made.meltano("install")
    return made


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as uri:
        # the tap wants a host and a password; the socket in the query counts, and the server asks for none
        yield uri.replace("postgres:@/", f"postgres:{PASSWORD}@localhost/")


@pytest.fixture
def tenant() -> Iterator[Control]:
    """A tenant with jobs, in which nobody has applied yet."""
    with serve_in_thread(candidates=0) as server:
        yield Control(server.base_url)


class Team:
    """A product team with a table of new applicants, of which three name a job that the tenant does not have.

    Args:
        project: their Meltano project.
        postgres: URL of their database.
        tenant: whose open jobs the others name.
        rows: in the table.
        job_type: of its column `job_id`.
    """

    def __init__(self, project: Project, postgres: str, tenant: Control, *, rows: int, job_type: str) -> None:
        self._project = project
        self._postgres = postgres
        self._tenant = tenant
        self._job_type = sql.SQL(job_type)
        self.wrong = (2, rows // 2, rows)
        jobs = [job["jobId"] for job in tenant.all("jobs") if job["jobStatus"] == "offen"]
        self.jobs = {number: jobs[number % len(jobs)] for number in range(1, rows + 1)}
        """By row, in the end."""
        with psycopg.connect(postgres) as connection, connection.cursor() as cursor:
            cursor.execute("drop table if exists new_applicants")
            columns = "candidate jsonb not null, attachments jsonb, funnel text, updated_at timestamptz not null"
            made = sql.SQL("create table new_applicants (id integer primary key, job_id {} not null, " + columns + ")")
            cursor.execute(made.format(self._job_type))
            cursor.executemany(
                sql.SQL("insert into new_applicants values (%s, %s::{}, %s, %s, 'organic', %s)").format(self._job_type),
                [
                    (
                        number,
                        NO_JOB if number in self.wrong else job,
                        Jsonb(_candidate(number)),
                        Jsonb([_attachment(number)]),
                        CHANGED + timedelta(minutes=number),
                    )
                    for number, job in self.jobs.items()
                ],
            )

    @property
    def wrong_ids(self) -> list[str]:
        return [f"create_application/{STREAM}:[{number}]" for number in self.wrong]

    def mend(self) -> None:
        """Give the three rows jobs that there are."""
        statement = sql.SQL("update new_applicants set job_id = %s::{}, updated_at = %s where id = %s")
        with psycopg.connect(self._postgres) as connection:
            for number in self.wrong:
                changed = CHANGED + timedelta(days=1, minutes=number)
                connection.execute(statement.format(self._job_type), (self.jobs[number], changed, number))

    def run(self, tap: str = "tap-postgres", **settings: Any) -> Ended:
        """Send the table, and see that nothing private is told."""
        ended = self._project.run(
            "run",
            tap,
            "target-hr4you",
            TAP_POSTGRES_SQLALCHEMY_URL=self._postgres,
            TARGET_HR4YOU_BASE_URL=self._tenant.base_url,
            TARGET_HR4YOU_API_TOKEN=TOKEN,
            **settings,
        )
        assert not [word for word in PRIVATE if word in ended.said], ended.said
        return ended

    def assert_three_wait(self, ended: Ended) -> None:
        """The run has failed, says which rows, why and what to do; all others are in."""
        assert ended.status == 1, ended.said
        for action_id in self.wrong_ids:
            [line] = [line for line in ended.said.splitlines() if f"{action_id} " in line]
            assert f"{action_id} partial: REMOTE.INPUT_INVALID (application.job_id), status 422" in line
        assert f"3 partial, {len(self.jobs) - 3} succeeded (created)" in ended.said
        assert "to do: mend the record and run again" in ended.said
        self._assert_in(without=self.wrong)

    def assert_all_in(self, ended: Ended) -> None:
        """The run has worked; everybody is there once, with one application for their job and one file."""
        assert ended.status == 0, ended.said
        self._assert_in()

    def _assert_in(self, without: tuple[int, ...] = ()) -> None:
        applicants = {each["applicantId"]: each["emails"][0]["address"] for each in self._tenant.all("applicants")}
        assert sorted(applicants.values()) == sorted(map(_email, self.jobs))

        applications = self._tenant.all("applications")
        applied = Counter((applicants[each["applicantId"]], each["jobId"]) for each in applications)
        assert applied == {(_email(number), job): 1 for number, job in self.jobs.items() if number not in without}

        names = {each["applicationId"]: applicants[each["applicantId"]] for each in applications}
        files = Counter((names[each["applicationId"]], each["name"]) for each in self._tenant.all("attachments"))
        expected = {(_email(number), f"Quitte {number}.pdf"): 1 for number in self.jobs if number not in without}
        assert files == expected


def _candidate(number: int) -> dict[str, Any]:
    return {
        "first_name": f"Zwetschge {number}",
        "last_name": f"Quittengelee {number}",
        "email_address": _email(number),
        "location": {"city": "Schneverdingen", "country": "DE"},
    }


def _email(number: int) -> str:
    return f"z{number}@obstgarten-post.de"


def _attachment(number: int) -> dict[str, Any]:
    content = base64.b64encode(f"%PDF-1.4 {number}".encode()).decode()
    return {"name": f"Quitte {number}.pdf", "content_type": "application/pdf", "type": "CV", "data": content}


def _writes(tenant: Control) -> dict[str, int]:
    return {request: count for request, count in tenant.requests().items() if not request.startswith("GET ")}


def test_wrong_rows_fail_the_run_once_mended_they_alone_are_sent_and_then_nothing(
    project: Project, postgres: str, tenant: Control
) -> None:
    team = Team(project, postgres, tenant, rows=200, job_type="integer")

    first = team.run()

    team.assert_three_wait(first)
    ledger = project.folder / "hr4you-ledger.db"
    assert f"The ledger {ledger} is new" in first.said

    team.mend()
    second = team.run()

    team.assert_all_in(second)
    assert f"Ledger: {ledger}" in second.said
    assert "3 succeeded (created), 197 succeeded (created) in an earlier run" in second.said
    assert _writes(tenant) == {
        "POST /api2/applicants": 200,
        "POST /api2/applications": 203,
        "POST /api2/applications/{id}/attachments": 200,
    }

    asked = tenant.requests()
    third = team.run()

    team.assert_all_in(third)
    assert "200 succeeded (created) in an earlier run" in third.said
    assert tenant.requests() == asked


def test_an_incremental_tap_goes_on_behind_what_failed_and_brings_only_what_was_mended(
    project: Project, postgres: str, tenant: Control, tmp_path: Path
) -> None:
    team = Team(project, postgres, tenant, rows=20, job_type="text")
    ledger = {"TARGET_HR4YOU_LEDGER_URL": f"sqlite:///{tmp_path / 'ledger.db'}"}

    first = team.run("tap-postgres-incremental", **ledger)

    team.assert_three_wait(first)
    assert _records_read(first) == 20

    team.mend()
    second = team.run("tap-postgres-incremental", **ledger)

    team.assert_all_in(second)
    assert _records_read(second) == 3
    assert "create_application: 3 succeeded (created)" in second.said


def _records_read(ended: Ended) -> int:
    """What the tap counted."""
    lines = [line.partition("METRIC: ")[2] for line in ended.said.splitlines() if '"record_count"' in line]
    return sum(json.loads(line)["value"] for line in lines)


def test_the_ledger_may_lie_beside_the_table_and_rows_that_nobody_mended_are_not_sent_again(
    project: Project, postgres: str, tenant: Control
) -> None:
    team = Team(project, postgres, tenant, rows=20, job_type="integer")
    ledger = {"TARGET_HR4YOU_LEDGER_URL": postgres}

    first = team.run(**ledger)

    team.assert_three_wait(first)
    asked = tenant.requests()
    again = team.run(**ledger)

    assert again.status == 1
    assert "3 partial in an earlier run, 17 succeeded (created) in an earlier run" in again.said
    assert tenant.requests() == asked

    team.mend()
    team.assert_all_in(team.run(**ledger))
    with psycopg.connect(postgres) as connection:
        kept = connection.execute("select status, count(*), count(payload) from hr4you_actions group by 1").fetchall()
    assert kept == [("succeeded", 20, 0)]


def test_meltano_shows_what_the_target_is(project: Project) -> None:
    about = json.loads(project.run("invoke", "target-hr4you", "--about", "--format=json").stdout)

    assert about["name"] == "target-hr4you"
    assert sorted(about["capabilities"]) == sorted(TARGET["capabilities"])
    assert {setting["name"] for setting in TARGET["settings"]} <= set(about["settings"]["properties"])


def test_the_record_of_meltano_config_test_is_not_sent(tenant: Control, tmp_path: Path) -> None:
    stream = "meltano_test_stream"

    ended = run_target(
        target_config(tenant, tmp_path), [schema(stream, ["id"], id={"type": "integer"}), record(stream, id=1)]
    )

    assert ended.status == 0, ended.log
    assert tenant.requests() == {}
