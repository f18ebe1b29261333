"""Mistakes in `extra_streams` are told in one line, with their place, before any request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import plain
from tests.tap_hr4you.extra_entries import PEOPLE, SOURCES, Config
from tests.tap_hr4you.runs import TOKEN, assert_one_clear_line, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.plain import PlainTenant


@pytest.fixture
def tenant() -> Iterator[PlainTenant]:
    with plain.serve() as served:
        yield served


A: Config = {"name": "a", "path": "x"}
WRONG: dict[str, tuple[Any, str]] = {
    "no list": ({"a": 1}, "`extra_streams`: expected array"),
    "no object": (["x"], "`extra_streams[0]`: expected an object with `name`"),
    "no name": ([{"path": "x"}], "`extra_streams[0].name`: the key `name` is missing"),
    "an unknown key": ([{**A, "primary_key": "id"}], "unknown key `primary_key` (did you mean `primary_keys`?)"),
    "a name for no table": ([{**A, "name": "ä b"}], "`extra_streams[0].name`: expected letters"),
    "a stream of the tap": ([{**A, "name": "Jobs"}], "`extra_streams[0].name`: the tap has a stream `jobs`"),
    "the stream of the ledger": ([{**A, "name": "action_results"}], "the tap has a stream"),
    "a name twice": ([A, {**A, "name": "A"}], "`extra_streams[1].name`: another entry has a stream `a`"),
    "a path with a hole": ([{**A, "path": "x/{id}"}], "`extra_streams[0].path`: expected no placeholder"),
    "a path of another host": (
        [A, {**A, "name": "b", "path": "https://evil/x"}],
        "`extra_streams[1].path`: expected a",
    ),
    "a query in the path": ([{**A, "path": "x?a=1"}], "the query belongs under `params`"),
    "a parameter that is no text": ([{**A, "params": {"q": [TOKEN]}}], "`extra_streams[0].params.q`: expected"),
    "records that are no path": ([{**A, "records": "a ||"}], "`extra_streams[0].records`: expected an expression"),
    "a key that is no path": (
        [{**A, "primary_keys": ["id", "a || b"]}],
        "`extra_streams[0].primary_keys[1]`: expected a",
    ),
    "columns of the same name": ([{**A, "primary_keys": ["a.b", "a_B"]}], "`extra_streams[0].primary_keys`: two col"),
    "a column that is taken": ([{**A, "primary_keys": ["remote.data"]}], "which holds the whole object"),
    "a filter without a time": ([{**A, "changed_since": {"param": "s"}}], "`extra_streams[0].changed_since`: needs"),
    "a wrong format": ([{**PEOPLE, "changed_since": {"param": "s", "format": "iso"}}], "changed_since.format`: exp"),
    "a wrong pagination": ([{**A, "pagination": {"type": "pages"}}], "`extra_streams[0].pagination.type`: expected"),
    "a schema of a list": ([{**A, "schema": {"type": "array"}}], "`extra_streams[0].schema`: expected the JSON schema"),
    "a schema that is none": (
        [{**A, "schema": {"properties": {"a": {"type": "txt"}}}}],
        "no valid JSON schema: propert",
    ),
    "a schema without columns": ([{**A, "schema": {"properties": {}}}], "`extra_streams[0].schema.properties`: exp"),
    "a column without a type": ([{**A, "schema": {"properties": {"a": {}}}}], "`extra_streams[0].schema.properties.a`"),
    "a time that is a number": (
        [{**PEOPLE, "schema": {"properties": {"updatedAt": {"type": "integer"}}}}],
        "`extra_streams[0].schema.properties.updatedAt`: the replication key is a time",
    ),
}


@pytest.mark.parametrize(("given", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_its_place_before_any_request(tenant: PlainTenant, given: Any, words: str) -> None:
    run = run_tap({**plain.config_of(tenant), "extra_streams": given})

    assert_one_clear_line(run, 2, words)
    assert tenant.requests == []
    assert TOKEN not in run.log


def test_the_public_feed_has_no_extra_streams(tenant: PlainTenant) -> None:
    run = run_tap({"base_url": tenant.base_url, "jobs_source": "feed", "extra_streams": [SOURCES]})

    assert_one_clear_line(run, 2, "`extra_streams` come from the API", "jobs_source: feed")
    assert tenant.requests == []
