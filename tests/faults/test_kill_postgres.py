"""kill -9 with PostgreSQL as the ledger and two processes that read the same input."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.faults.actions import make_all_kinds
from tests.faults.processes import Process, Target, kill_in_the_middle, unfinished, wait_for_requests, writes
from tests.servers.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

ACTIONS, KILLS = 500, 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as uri:
        yield uri


@pytest.fixture
def postgres(server: str) -> str:
    """An empty database."""
    name = f"ledger_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def test_two_processes_that_are_killed_again_and_again_send_everything_once(
    sandbox: Control, tmp_path: Path, postgres: str
) -> None:
    actions = make_all_kinds(sandbox, "postgres", ACTIONS)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox, {"ledger_url": postgres})
    chance = random.Random(7)
    processes: list[Process] = [target.start(given), target.start(given)]
    for kill in range(KILLS):
        kill_in_the_middle(processes[kill % 2], sandbox, chance, most=60)
        processes[kill % 2] = target.start(given)
    assert [process.wait() for process in processes] == [0, 0], "\n".join(process.log for process in processes)

    assert unfinished(postgres) == []
    check = actions.check()
    assert check.is_exactly_once, check

    before = writes(sandbox)
    again = target.run(given)
    assert again.wait() == 0, again.log
    assert writes(sandbox) == before
    assert again.states[-1] == {"records": ACTIONS}


def test_three_processes_that_make_the_ledger_at_the_same_moment_share_the_work(
    sandbox: Control, tmp_path: Path, postgres: str
) -> None:
    actions = make_all_kinds(sandbox, "three", 60)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox, {"ledger_url": postgres})
    processes = [target.start(given) for _ in range(3)]

    assert [process.wait() for process in processes] == [0, 0, 0], "\n".join(process.log for process in processes)
    assert [("is new" in process.log) for process in processes].count(True) == 1
    assert actions.check().is_exactly_once


def test_a_ledger_whose_server_closes_all_connections_loses_nothing(
    sandbox: Control, tmp_path: Path, postgres: str
) -> None:
    actions = make_all_kinds(sandbox, "closed", 100)
    given = actions.write(tmp_path / "input.jsonl")
    target = Target(tmp_path, sandbox, {"ledger_url": postgres})
    process = target.start(given)
    with psycopg.connect(postgres, autocommit=True) as connection:
        for _ in range(3):
            wait_for_requests(process, sandbox, 30)
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    assert process.wait() in {0, 75}, process.log
    assert "Traceback" not in process.log
    last = target.run(given)
    assert last.wait() == 0, last.log
    assert unfinished(postgres) == []
    assert actions.check().is_exactly_once
