"""The setting `extra_streams`: other lists of the tenant as streams, as Singer wants them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.servers import plain
from tests.tap_hr4you.extra_entries import PEOPLE, SOURCES, UNPAGED, schema_of, sync
from tests.tap_hr4you.runs import assert_one_clear_line, discover, run_tap, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control import Control
    from tests.servers.plain import PlainTenant


@pytest.fixture
def tenant() -> Iterator[PlainTenant]:
    with plain.serve() as served:
        yield served


# --- whole lists -------------------------------------------------------------------------------------------------


def test_a_list_comes_whole_in_every_run_with_its_keys_as_text_and_the_object_as_it_was(sandbox: Control) -> None:
    fields = {
        "name": "fields",
        "path": "customfields",
        "params": {"model": "application"},
        "primary_keys": ["key", "model"],
    }

    first = sync(sandbox.config, SOURCES, fields)
    second = sync(sandbox.config, SOURCES, fields, state=first.state)

    assert {"sourceId": "4", "remote_data": {"sourceId": 4, "name": "LinkedIn"}} in first.records("sources")
    assert schema_of(first, "sources") == {
        "type": "SCHEMA",
        "stream": "sources",
        "schema": {
            "type": "object",
            "properties": {"sourceId": {"type": "string"}, "remote_data": {"type": ["object", "null"]}},
        },
        "key_properties": ["sourceId"],
    }
    assert {each["model"] for each in first.records("fields")} == {"application"}
    assert {tuple(each) for each in first.records("fields")} == {("key", "model", "remote_data")}
    for stream in ("sources", "fields"):
        assert second.records(stream) == first.records(stream) != []
    assert first.state["bookmarks"]["sources"]["tenant"] == "acme"


def test_a_list_has_the_paging_and_place_that_its_entry_says(tenant: PlainTenant) -> None:
    tenant.instead["v1/log"] = {"result": {"rows": [{"meta": {"id": 7}, "n-r": "a"}]}}
    entry = {"name": "log", "path": "v1/log", "params": {"deep": True}, "records": "result.rows", **UNPAGED}

    run = sync(plain.config_of(tenant), {**entry, "primary_keys": ["meta.id", "n-r"]})

    assert run.records("log") == [{"meta_id": "7", "n_r": "a", "remote_data": {"meta": {"id": 7}, "n-r": "a"}}]
    assert ("v1/log", {"deep": "true"}) in tenant.queries


def test_without_keys_all_comes_as_it_is_and_the_log_says_what_that_means(tenant: PlainTenant) -> None:
    tenant.instead["log"] = {"data": [{"a": 1}, {"a": 1}, {"a": 2}], "meta": {"total": 3, "lastPage": 1}}

    run = sync(plain.config_of(tenant), {"name": "log", "path": "log"})

    assert run.records("log") == [{"remote_data": {"a": 1}}, {"remote_data": {"a": 1}}, {"remote_data": {"a": 2}}]
    assert schema_of(run, "log")["key_properties"] == []
    assert "a target can only append" in run.log
    assert tenant.requests.count("GET /api2/log") == 1


def test_rows_that_move_between_pages_come_once(tenant: PlainTenant) -> None:
    tenant.put("applicants", *range(1, 8))
    asked: list[str] = []

    def meanwhile(path: str) -> None:
        asked.append(path)
        if len(asked) == 3:
            tenant.delete("applicants", "1")

    config = plain.config_of(tenant, page_size=2, concurrency=1)
    config["extra_streams"] = [{"name": "people", "path": "applicants", "primary_keys": ["applicantId"]}]
    tenant.meanwhile = meanwhile
    run = run_tap(config, catalog=select(discover(config), ["people"]))

    found = [each["applicantId"] for each in run.records("people")]
    assert run.status == 0, run.log
    assert "the list moved while it was read" in run.log
    assert sorted(found) == ["1", "2", "3", "4", "5", "6", "7"]


def test_an_object_without_its_key_is_left_out_and_told(tenant: PlainTenant) -> None:
    tenant.instead["log"] = {"data": [{"id": 1, "b": {"c": "x"}}, {"id": 2}, {"id": None, "b": {"c": "y"}}]}

    run = sync(plain.config_of(tenant), {"name": "log", "path": "log", "primary_keys": ["id", "b.c"], **UNPAGED})

    assert [(each["id"], each["b_c"]) for each in run.records("log")] == [("1", "x")]
    assert "log: left out, as a part of the key is missing (records: 2)" in run.log


# --- a declared schema -------------------------------------------------------------------------------------------


def test_a_declared_schema_says_which_columns_there_are(tenant: PlainTenant) -> None:
    objects = [
        {"id": 1, "label": 52, "tags": ["a"], "seen": "2026-01-31T13:00:00+01:00", "rest": 1, "more": {"x": 1}},
        {"id": 2, "label": {"de": "ß"}, "tags": None, "seen": "0000-00-00 00:00:00", "flag": True},
        {"id": 3, "label": " as it is ", "seen": "31.01.2026 13:00"},
    ]
    tenant.instead["log"] = {"data": objects}
    text, time = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
    tags = {"type": ["array", "null"], "items": {"type": "string"}}
    schema = {
        "properties": {
            "id": {"type": "integer"},
            "label": text,
            "tags": tags,
            "seen": time,
            "more": {"type": ["object", "null"]},
        }
    }

    run = sync(
        plain.config_of(tenant), {"name": "log", "path": "log", "primary_keys": "id", "schema": schema, **UNPAGED}
    )

    noon = "2026-01-31T12:00:00.000000+00:00"
    assert run.records("log") == [
        {"id": 1, "label": "52", "tags": ["a"], "seen": noon, "more": {"x": 1}},
        {"id": 2, "label": '{"de":"ß"}', "tags": None, "seen": None, "more": None},
        {"id": 3, "label": " as it is ", "tags": None, "seen": noon, "more": None},
    ]


def test_a_declared_schema_may_have_the_whole_object_and_leave_the_keys_to_the_tap(tenant: PlainTenant) -> None:
    tenant.instead["log"] = {"data": [{"id": 1, "at": "2024-06-01T00:00:00Z", "a": "x"}]}
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "remote_data": {"type": "object"}}}
    entry = {"name": "log", "path": "log", "primary_keys": ["id"], "replication_key": "at", "schema": schema, **UNPAGED}

    run = sync(plain.config_of(tenant), entry)

    at = "2024-06-01T00:00:00.000000+00:00"
    assert run.records("log") == [{"id": "1", "at": at, "a": "x", "remote_data": tenant.instead["log"]["data"][0]}]


# --- as Singer wants it ------------------------------------------------------------------------------------------


def test_discovery_needs_neither_a_tenant_nor_credentials() -> None:
    entries = {each["tap_stream_id"]: each for each in discover({"extra_streams": [SOURCES, PEOPLE]})["streams"]}

    assert len(entries) == 7
    people, sources = entries["people"], entries["sources"]
    assert (people["replication_method"], people["replication_key"]) == ("INCREMENTAL", "updatedAt")
    assert (sources["replication_method"], sources.get("replication_key")) == ("FULL_TABLE", None)
    assert sources["key_properties"] == ["sourceId"]


def test_a_deselected_stream_costs_nothing_and_a_deselected_column_is_not_there(sandbox: Control) -> None:
    config = {**sandbox.config, "extra_streams": [SOURCES, PEOPLE]}
    before = sandbox.requests()

    run = run_tap(config, catalog=select(discover(config), ["sources"], without=[("sources", "remote_data")]))

    assert run.status == 0, run.log
    assert {tuple(each) for each in run.records()} == {("sourceId",)}
    asked = {path: count - before.get(path, 0) for path, count in sandbox.requests().items()}
    assert {path for path, count in asked.items() if count} == {"GET /api2/sources"}


def test_full_table_in_the_catalog_reads_everything_every_time(tenant: PlainTenant) -> None:
    tenant.put("applicants", 1, 2)
    config = {**plain.config_of(tenant), "extra_streams": [PEOPLE]}
    catalog = select(discover(config), ["people"])
    for entry in catalog["streams"]:
        entry["replication_method"] = "FULL_TABLE"
    first = run_tap(config, catalog=catalog)

    assert len(run_tap(config, catalog=catalog, state=first.state).records("people")) == 2


def test_the_connection_test_asks_once_and_reads_nothing_ahead(sandbox: Control) -> None:
    config = {**sandbox.config, "extra_streams": [SOURCES, {**PEOPLE, "path": "/api2/applicants"}], "page_size": 5}
    before = sandbox.requests()

    assert run_tap(config, "--test").status == 0

    asked = {path: count - before.get(path, 0) for path, count in sandbox.requests().items()}
    assert asked["GET /api2/sources"] == 1
    assert asked["GET /api2/applicants"] == 2, "one for the candidates"


def test_a_list_that_may_not_be_read_is_passed_over(tenant: PlainTenant) -> None:
    tenant.put("jobs", 1)
    tenant.refused["secret"] = 403
    entry = {"name": "a_secret", "path": "secret", "primary_keys": ["id"]}
    config = {**plain.config_of(tenant), "extra_streams": [entry]}

    ended, skipped = run_tap(config), run_tap({**config, "skip_forbidden_streams": True})

    assert_one_clear_line(ended, 1, "the token may not read a_secret")
    assert skipped.status == 0
    for run in (ended, skipped):
        assert run.counts["jobs"] == 1
        assert "a_secret" not in run.state["bookmarks"] or "fingerprint" not in run.state["bookmarks"]["a_secret"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("nowhere", "404"), ("odd", "no list of objects at `data`")],
    ids=["not there", "no list"],
)
def test_a_list_that_is_not_as_declared_ends_the_run_and_names_the_entry(
    tenant: PlainTenant, path: str, words: str
) -> None:
    tenant.instead["odd"] = {"data": {"a": 1}}
    tenant.refused["nowhere"] = 404
    entries = [{"name": "fine", "path": "jobs", "primary_keys": ["jobId"]}, {"name": "a_list", "path": path}]

    run = run_tap({**plain.config_of(tenant), "extra_streams": entries})

    assert_one_clear_line(run, 1, words, "a_list", "`extra_streams[1]`")


def test_the_entries_may_come_from_the_environment(sandbox: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAP_HR4YOU_EXTRA_STREAMS", json.dumps([SOURCES]))

    assert len(run_tap(sandbox.config).records("sources")) == 8
