"""Meltano reads extra streams into a real target: their schemas make tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.e2e.project import EXTRACTOR, PLUGINS, Project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e

TEXT = {"type": ["string", "null"]}
ENTRIES = [
    {"name": "sources", "path": "sources", "primary_keys": ["sourceId"]},
    {
        "name": "fields",
        "path": "customfields",
        "primary_keys": ["model", "key"],
        # this target takes the first record for a header where all columns are text: hence the object beside them
        "schema": {"properties": {"label": TEXT, "type": TEXT, "remote_data": {"type": ["object", "null"]}}},
    },
    {"name": "people", "path": "applicants", "primary_keys": ["applicantId"], "replication_key": "updatedAt"},
]


def test_duckdb_holds_the_extra_streams(tmp_path: Path, sandbox: Control) -> None:
    [target] = [plugin for plugin in PLUGINS["loaders"] if plugin["name"] == "target-duckdb"]
    project = Project(tmp_path / "project", {"extractors": [EXTRACTOR], "loaders": [target]})
    project.meltano("install")
    file = tmp_path / "hr4you.duckdb"

    def query(statement: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(statement).fetchall()

    def sync() -> None:
        project.meltano(
            *("run", "tap-hr4you", "target-duckdb"),
            TAP_HR4YOU_BASE_URL=sandbox.base_url,
            TAP_HR4YOU_API_TOKEN="sandbox",
            TAP_HR4YOU_EXTRA_STREAMS=json.dumps(ENTRIES),
            TARGET_DUCKDB_PATH=file,
        )

    sync()
    people = sandbox.all("applicants")
    sandbox.change("applicants", people[0]["applicantId"], firstname="Jördis")
    sync()

    assert query("select json_extract_string(remote_data, '$.name') from sources where sourceid = '4'") == [
        ("LinkedIn",)
    ]
    assert query("select count(*), count(distinct model || key) from fields") == [(13, 13)]
    assert query("select type from fields where key = 'cf_12'") == [("number",)]
    assert query("select count(*) from sources") == [(8,)]
    assert query("select count(*) from people") == [(len(people),)]
    named = "select json_extract_string(remote_data, '$.firstname') from people where applicantid = '{}'"
    assert query(named.format(people[0]["applicantId"])) == [("Jördis",)]
