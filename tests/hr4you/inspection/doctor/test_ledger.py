"""The ledger as the doctor sees it: read, never made and never changed."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from hr4you.ledger import Ledger
from hr4you.ledger.tables import actions, meta
from tests.hr4you.inspection.doctor.tenants import HonestTenant, examine

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-01-01T00:00:00.000000+00:00"


def make(path: Path, tenant: HonestTenant, name: str = "127.0.0.1", *statuses: str) -> str:
    url = f"sqlite:///{path}"
    with Ledger(url) as ledger:
        ledger.pin(name, tenant.base_url)
        for number, status in enumerate(statuses):
            row = {"tenant": name, "action": "create_candidate", "action_id": f"n{number}", "status": status}
            more = {"warnings": "[]", "attempts": 1, "created_at": NOW, "changed_at": NOW}
            ledger.write(lambda connection, values=row | more: connection.execute(insert(actions).values(values)))
    return url


def test_without_one_it_is_said_that_only_the_target_needs_one(tenant: HonestTenant, tmp_path: Path) -> None:
    report = examine(tenant.base_url)
    ledger = report.find("ledger")
    assert (ledger["result"], "only target-hr4you needs" in ledger["found"]) == ("not tried", True)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_of_this_tenant_is_read_and_what_is_left_counted(tenant: HonestTenant, tmp_path: Path) -> None:
    url = make(tmp_path / "own.db", tenant, "127.0.0.1", "succeeded", "failed", "failed", "parked", "pending")
    report = examine(tenant.base_url, ledger_url=url)
    assert (report.status, report.result("ledger")) == (0, "ok")
    left = report.find("actions left")
    assert (left["result"], left["found"]) == ("warning", "5 in all, 1 open, 2 failed, 1 parked")
    assert "`hr4you actions list`" in left["to_do"]
    assert "`created_only: true`" in report.find("created only")["to_do"]


def test_the_default_ledger_is_found_where_the_command_runs(tenant: HonestTenant, tmp_path: Path) -> None:
    make(tmp_path / "hr4you-ledger.db", tenant, "127.0.0.1", "succeeded")
    report = examine(tenant.base_url)
    assert report.result("ledger") == report.result("actions left") == "ok"


def test_created_only_is_not_recommended_twice(tenant: HonestTenant, tmp_path: Path) -> None:
    url = make(tmp_path / "own.db", tenant)
    config = tmp_path / "config.json"
    config.write_text('{"created_only": true}', encoding="utf-8")
    report = examine(tenant.base_url, "--config", str(config), ledger_url=url)
    assert "created only" not in report.text


@pytest.mark.parametrize("name", ["acme", "127.0.0.1"], ids=["another name", "another address"])
def test_a_ledger_of_another_tenant_fails_as_a_wrong_setting(tenant: HonestTenant, tmp_path: Path, name: str) -> None:
    url = make(tmp_path / "other.db", tenant, name)
    settings = {} if name == "acme" else {"base_url": tenant.base_url.replace("127.0.0.1", "localhost")}
    origin = settings.pop("base_url", tenant.base_url)
    report = examine(origin, ledger_url=url, tenant="127.0.0.1", **settings)
    assert (report.status, report.result("ledger")) == (2, "failed")
    assert report.find("ledger")["to_do"]


@pytest.mark.e2e  # slow: waits for a lock
def test_a_locked_ledger_is_not_waited_for(tenant: HonestTenant, tmp_path: Path) -> None:
    url = make(tmp_path / "own.db", tenant)
    with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        report = examine(tenant.base_url, ledger_url=url)
        assert time.monotonic() - begun < 10
    assert (report.status, report.result("ledger")) == (1, "failed")
    assert "locked" in report.find("ledger")["found"]
    assert report.result("rights", "users") == "ok"


def test_a_file_that_is_no_database_fails(tenant: HonestTenant, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but quite a long text " * 100, encoding="utf-8")
    report = examine(tenant.base_url, ledger_url=f"sqlite:///{tmp_path}/text.db")
    assert (report.status, report.find("ledger")["found"][-21:]) == (2, "is no SQLite database")


def test_another_database_is_left_as_it_is(tenant: HonestTenant, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE people (id INTEGER)")
    before = path.read_bytes()
    report = examine(tenant.base_url, ledger_url=f"sqlite:///{path}")
    assert (report.status, report.result("ledger")) == (0, "warning")
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["other.db"]


def test_a_ledger_that_is_not_there_yet_is_a_warning_and_is_not_made(tenant: HonestTenant, tmp_path: Path) -> None:
    report = examine(tenant.base_url, ledger_url=f"sqlite:///{tmp_path}/later.db")
    assert (report.status, report.result("ledger")) == (0, "warning")
    assert not (tmp_path / "later.db").exists()


def test_a_ledger_of_a_later_version_is_refused(tenant: HonestTenant, tmp_path: Path) -> None:
    url = make(tmp_path / "own.db", tenant)
    with Ledger(url) as ledger:
        ledger.write(lambda connection: connection.execute(update(meta).values(version=7)))
    ledger_check = examine(tenant.base_url, ledger_url=url).find("ledger")
    assert (ledger_check["result"], "version 7" in ledger_check["found"]) == ("failed", True)


@pytest.mark.parametrize(
    ("url", "status"),
    [("not a url", 2), ("nosuchdatabase://host/db", 2), ("postgresql://u:pass-4711@127.0.0.1:1/db?x=pass-4711", 1)],
    ids=["no URL", "no such database", "nobody there"],
)
def test_a_ledger_url_that_leads_nowhere_fails_without_its_password(
    tenant: HonestTenant, url: str, status: int
) -> None:
    report = examine(tenant.base_url, ledger_url=url)
    assert (report.status, report.result("ledger")) == (status, "failed")
    assert "pass-4711" not in report.text
