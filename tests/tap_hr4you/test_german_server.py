"""A tenant with German names, offsets, naive local times and a login is synced with a contract file alone."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import german
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, german_config, sync
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def german_tenant() -> Iterator[german.GermanTenant]:
    with german.serve() as tenant:
        yield tenant


def test_the_german_tenant_is_read_whole_though_its_pages_are_capped(german_tenant: german.GermanTenant) -> None:
    run = sync(german_config(german_tenant))
    assert run.counts == {"users": 2, "jobs": 2, "candidates": 4, "application_stages": 2, "applications": 3}


def test_the_german_tenants_own_fields_and_whole_objects_are_kept(german_tenant: german.GermanTenant) -> None:
    config = {**german_config(german_tenant), "custom_field_mappings": {"candidate": {"salary": "gehalt"}}}
    records = by_id(sync(config), "candidates")
    assert records["100"]["remote_data"] == german_tenant.tables["kandidaten"]["100"]
    (field,) = records["100"]["integration_fields"]
    assert_has(field, {"id": "candidate:gehalt", "label": "Gehaltswunsch", "type": "CUSTOM", "value": "52000"})
    assert records["100"]["custom_fields"]["salary"] is not None
    assert records["101"]["custom_fields"] == {"salary": None}
    assert [records[key]["location"]["country"] for key in ("100", "101", "103")] == ["DE", "CH", "AT"]


def test_an_idle_german_tenant_yields_nothing(german_tenant: german.GermanTenant) -> None:
    config = german_config(german_tenant)
    state = sync(config).state
    for minutes in (0, 20, 600):
        german_tenant.later(minutes=minutes)
        again = sync(config, state)
        assert again.counts == NOTHING
        state = again.state


@pytest.mark.parametrize(
    ("table", "key", "stream", "change", "expected"),
    [
        ("mitarbeiter", "2", "users", ("nachname", "Klein"), ("last_name", "Klein")),
        ("stellen", "11", "jobs", ("stand", "laufend"), ("status", "OPEN")),
        ("kandidaten", "103", "candidates", ("nachname", "Klein"), ("last_name", "Klein")),
        ("phasen", "20", "application_stages", ("bezeichnung", "Neu"), ("name", "Neu")),
        ("bewerbungen", "1000", "applications", ("ergebnis", "abgelehnt"), ("outcome", "DECLINED")),
    ],
    ids=["user", "job", "candidate", "stage", "application"],
)
def test_one_change_in_the_german_tenant_yields_one_record(  # noqa: PLR0917  # one argument per column of the table
    table: str,
    key: str,
    stream: str,
    change: tuple[str, str],
    expected: tuple[str, str],
    german_tenant: german.GermanTenant,
) -> None:
    config = german_config(german_tenant)
    state = sync(config).state
    german_tenant.later(minutes=7).update(table, key, **dict([change]))
    german_tenant.later(minutes=7)
    changed = sync(config, state)
    assert changed.counts == {**NOTHING, stream: 1}
    # a stage has no time of its own: its change was first seen by this run
    minute = 14 if stream == "application_stages" else 7
    at = f"2024-07-01T10:{minute:02}:00.000000+00:00"
    record = changed.records(stream)[0]
    assert_has(record, {"remote_id": key, "changed_at": at, "remote_deleted_at": None, **dict([expected])})
    assert sync(config, changed.state).counts == NOTHING


@pytest.mark.parametrize(
    ("table", "key", "stream", "kept"),
    [
        ("mitarbeiter", "2", "users", {"last_name": None, "email": None}),
        ("stellen", "11", "jobs", {"name": "Ausbildung Koch", "description": None}),
        ("kandidaten", "103", "candidates", {"last_name": None, "email_addresses": None, "remote_data": None}),
        ("phasen", "21", "application_stages", {"name": "Zusage", "global_index": None}),
        ("bewerbungen", "1002", "applications", {"candidate_id": None, "outcome": None}),
    ],
    ids=["user", "job", "candidate", "stage", "application"],
)
def test_a_deletion_in_the_german_tenant_is_found_and_a_return_too(
    table: str, key: str, stream: str, kept: dict[str, Any], german_tenant: german.GermanTenant
) -> None:
    config = german_config(german_tenant)
    state = sync(config).state
    wire = dict(german_tenant.tables[table][key])
    german_tenant.delete(table, key)
    german_tenant.later(hours=2)
    gone = sync(config, state)
    assert gone.counts == {**NOTHING, stream: 1}
    at = "2024-07-01T12:00:00.000000+00:00"
    assert_has(gone.records(stream)[0], {**kept, "remote_id": key, "changed_at": at, "remote_deleted_at": at})
    assert sync(config, gone.state).counts == NOTHING
    german_tenant.tables[table][key] = wire  # restored from a backup: with its old time of change
    german_tenant.later(hours=2)
    back = sync(config, gone.state)
    assert back.counts == {**NOTHING, stream: 1}
    assert_has(back.records(stream)[0], {"remote_id": key, "remote_deleted_at": None, "remote_data": wire})


def test_a_login_whose_token_expires_in_mid_run_is_renewed_once(german_tenant: german.GermanTenant) -> None:
    german_tenant.first_token_lasts = 4
    run = sync(german_config(german_tenant))
    assert run.counts == {"users": 2, "jobs": 2, "candidates": 4, "application_stages": 2, "applications": 3}
    assert german_tenant.logins == 2
    assert "sitzung-" not in run.log
    assert german.PASSWORD not in run.log


def test_a_wrong_password_ends_with_one_line_and_75(german_tenant: german.GermanTenant) -> None:
    run = run_tap({**german_config(german_tenant), "password": "falsch-9"})
    assert run.status == 75
    assert not run.records()
    assert "Traceback" not in run.log
    assert "falsch-9" not in run.log
    assert german_tenant.requests.count(f"POST {german.BASE}anmelden") <= 2


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2024, 10, 26, 23, 50, tzinfo=timezone.utc), id="the clocks go back"),
        pytest.param(datetime(2024, 3, 30, 23, 50, tzinfo=timezone.utc), id="the clocks go forward"),
    ],
)
def test_no_change_is_lost_or_told_twice_on_the_day_of_a_clock_change(start: datetime) -> None:
    """Every 20 minutes one of two candidates changes, through the hour that the local clock repeats or skips."""
    with german.serve(start) as tenant:
        config = german_config(tenant)
        run = sync(config)
        fold = by_id(run, "candidates")
        for step in range(9):
            key = ("100", "101")[step % 2]
            tenant.later(minutes=20).update("kandidaten", key, wohnort=f"Ort {step}")
            run = sync(config, run.state)
            assert [record["remote_id"] for record in run.records()] == [key], f"step {step}"
            fold |= by_id(run, "candidates")
        assert {key: record["remote_data"] for key, record in fold.items()} == tenant.tables["kandidaten"]


def test_a_change_in_the_same_local_second_an_hour_later_is_told(german_tenant: german.GermanTenant) -> None:
    german_tenant.now = datetime(2024, 10, 27, 0, 30, tzinfo=timezone.utc)  # 02:30 in Berlin, for the first time
    german_tenant.update("kandidaten", "100", wohnort="Bonn")
    config = german_config(german_tenant)
    state = sync(config).state
    german_tenant.later(hours=1).update("kandidaten", "100", wohnort="Trier")  # 02:30, for the second time
    (record,) = sync(config, state).records()
    assert record["remote_data"]["wohnort"] == "Trier"
    assert record["changed_at"] == "2024-10-27T00:30:00.000000+00:00"
