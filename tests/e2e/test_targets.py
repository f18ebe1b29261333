"""Meltano runs the tap into real targets; the tables hold what the tenant holds, after changes and deletions too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest

from tests.e2e.project import Project
from tests.servers.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

Rows = list[tuple[Any, ...]]
TABLES = {
    "users": "users",
    "jobs": "jobs",
    "candidates": "applicants",
    "application_stages": "stages",
    "applications": "applications",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("meltano") / "project")
    made.meltano("install")
    return made


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as uri:
        yield uri


def sync(project: Project, sandbox: Control, target: str, **settings: Any) -> None:
    project.meltano(
        "run",
        "tap-hr4you",
        target,
        TAP_HR4YOU_BASE_URL=sandbox.base_url,
        TAP_HR4YOU_API_TOKEN="sandbox",
        TAP_HR4YOU_TENANT="acme",
        TAP_HR4YOU_DELETION_CHECK_INTERVAL_HOURS=0,
        **settings,
    )


def check(sandbox: Control, sync_again: Callable[[], None], query: Callable[[str], Rows]) -> None:
    """Sync, look, change the tenant, sync, look again."""
    sync_again()
    for table, kind in TABLES.items():
        assert query(f"select count(*) from {table}") == [(len(sandbox.all(kind)),)]  # noqa: S608  # our own names
    orphans = "select count(*) from applications a left join candidates c on a.candidate_id = c.id where c.id is null"
    assert query(orphans) == [(0,)]

    applicants = sandbox.all("applicants")
    changed, gone = applicants[0]["applicantId"], applicants[1]["applicantId"]
    sandbox.change("applicants", changed, firstname="Jördis")
    sandbox.delete("applicants", gone)
    sync_again()

    assert query(f"select first_name from candidates where remote_id = '{changed}'") == [("Jördis",)]  # noqa: S608
    deleted = "select remote_id, first_name, remote_data from candidates where remote_deleted_at is not null"
    assert query(deleted) == [(str(gone), None, None)]
    assert query("select count(*) from candidates") == [(len(applicants),)]


def test_postgres_holds_the_tenant(project: Project, sandbox: Control, postgres: str) -> None:
    url = postgres.replace("postgresql://", "postgresql+psycopg2://")

    def query(statement: str) -> Rows:
        with psycopg.connect(postgres) as connection:
            return connection.execute(statement.encode()).fetchall()

    def sync_again() -> None:
        sync(project, sandbox, "target-postgres", TARGET_POSTGRES_SQLALCHEMY_URL=url)

    check(sandbox, sync_again, query)


def test_duckdb_holds_the_tenant(project: Project, sandbox: Control, tmp_path: Path) -> None:
    file = tmp_path / "hr4you.duckdb"

    def query(statement: str) -> Rows:
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(statement).fetchall()

    def sync_again() -> None:
        sync(project, sandbox, "target-duckdb", TARGET_DUCKDB_PATH=file)

    check(sandbox, sync_again, query)
