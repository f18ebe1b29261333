"""Extra streams with a replication key: changes only, the bookmark, and what a changed entry does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import plain
from tests.tap_hr4you.extra_entries import PEOPLE, UNPAGED, Config, schema_of, sync
from tests.tap_hr4you.runs import assert_one_clear_line, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.plain import PlainTenant


@pytest.fixture
def tenant() -> Iterator[PlainTenant]:
    with plain.serve() as served:
        yield served


@pytest.mark.parametrize("has_filter", [True, False], ids=["asks for changes", "reads the whole list"])
def test_with_a_replication_key_only_what_changed_comes(tenant: PlainTenant, has_filter: bool) -> None:  # noqa: FBT001  # a parameter
    entry = {**PEOPLE, "params": {"for": "people"}, **({} if has_filter else {"changed_since": None})}
    tenant.put("applicants", 1, 2, 3)
    first = sync(plain.config_of(tenant), entry)
    idle = sync(plain.config_of(tenant), entry, state=first.state)
    tenant.later(hours=1).update("applicants", "2", city="Köln")
    tenant.queries.clear()
    last = sync(plain.config_of(tenant), entry, state=idle.state)

    bookmark = last.state["bookmarks"]["people"]
    assert [len(run.records("people")) for run in (first, idle)] == [3, 0]
    assert [each["applicantId"] for each in last.records("people")] == ["2"]
    assert last.records("people")[0]["updatedAt"] == "2024-07-01T09:00:00.000000+00:00"
    assert (bookmark["replication_key"], bookmark["replication_key_value"]) == (
        "updatedAt",
        "2024-07-01T09:00:00.000000+00:00",
    )
    assert schema_of(last, "people")["bookmark_properties"] == ["updatedAt"]
    asked = [query.get("updatedSince") for _, query in tenant.queries if query.get("for") == "people"]
    assert asked == ["2024-07-01T07:55:00Z" if has_filter else None]


def test_local_times_become_utc_and_are_looked_back_further(tenant: PlainTenant, tmp_path: Path) -> None:
    contract = tmp_path / "tenant.yml"
    contract.write_text("api: {naive_times: true}", encoding="utf-8")
    config = plain.config_of(tenant, contract=str(contract))
    rows = {"data": [{"id": 1, "at": "2024-07-01 09:30:00"}, {"id": 2, "at": "2024-07-01 08:10:00"}]}
    tenant.instead["log"] = rows
    entry = {"name": "log", "path": "log", "primary_keys": ["id"], "replication_key": "at", **UNPAGED}

    first = sync(config, entry)
    rows["data"] += [{"id": 3, "at": "2024-07-01 08:20:00"}, {"id": 4, "at": "2024-07-01 07:50:00"}]
    second = sync(config, entry, state=first.state)

    assert [each["at"][11:16] for each in first.records("log")] == ["07:30", "06:10"]
    assert [each["id"] for each in second.records("log")] == ["3"], "90 minutes behind the bookmark, and no more"
    for run in (first, second):
        assert run.state["bookmarks"]["log"]["replication_key_value"] == "2024-07-01T07:30:00.000000+00:00"


def test_an_object_without_a_time_comes_once_for_each_content(tenant: PlainTenant) -> None:
    rows: Config = {"data": [{"id": 1, "at": None, "a": 1}, {"id": 2, "at": "2024-07-01T07:00:00Z"}]}
    tenant.instead["log"] = rows
    entry = {"name": "log", "path": "log", "primary_keys": ["id"], "replication_key": "at", **UNPAGED}

    first = sync(plain.config_of(tenant), entry)
    idle = sync(plain.config_of(tenant), entry, state=first.state)
    rows["data"][0]["a"] = 2
    last = sync(plain.config_of(tenant), entry, state=idle.state)

    assert [(each["id"], each["at"] is None) for each in first.records("log")] == [("1", True), ("2", False)]
    assert idle.records("log") == []
    assert [each["id"] for each in last.records("log")] == ["1"]
    assert "without a time at the replication key" in first.log


def test_a_future_time_does_not_move_the_bookmark_past_now(tenant: PlainTenant) -> None:
    tenant.instead["log"] = {"data": [{"id": 1, "at": "2124-07-01T07:00:00Z"}]}
    entry = {"name": "log", "path": "log", "primary_keys": ["id"], "replication_key": "at", **UNPAGED}

    run = sync(plain.config_of(tenant), entry)

    assert run.state["bookmarks"]["log"]["replication_key_value"] == "2024-07-01T08:00:00.000000+00:00"


def test_a_changed_declaration_reads_in_full_once(tenant: PlainTenant) -> None:
    tenant.put("applicants", 1, 2, city="Ulm")
    config = plain.config_of(tenant)
    columns = {"properties": {"city": {"type": ["string", "null"]}}}
    first = sync(config, PEOPLE)

    second = sync(config, {**PEOPLE, "schema": columns}, state=first.state)
    warned = sync(config, {**PEOPLE, "schema": columns}, state=first.state, on_mapping_change="warn")

    assert [each["city"] for each in second.records("people")] == ["Ulm", "Ulm"]
    assert "people: contract or declaration changed since the last run" in second.log
    assert sync(config, {**PEOPLE, "schema": columns}, state=second.state).records("people") == []
    assert warned.records("people") == []
    assert "keep their old form" in warned.log


def test_a_state_of_another_tenant_is_refused(tenant: PlainTenant) -> None:
    config = {**plain.config_of(tenant), "extra_streams": [PEOPLE]}
    state = {"bookmarks": {"people": {"tenant": "other", "replication_key_value": "2024-07-01T00:00:00Z"}}}

    assert_one_clear_line(run_tap(config, state=state), 2, "another tenant", "people")
    assert tenant.requests == []
