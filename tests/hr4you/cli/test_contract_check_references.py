"""``hr4you contract check --docs`` tells which references of the document lead nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.hr4you.cli.tenants import at, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {"/users": {"get": {"responses": {"200": {"$ref": "answers.yml#/Users"}}}}},
}


@pytest.fixture
def docs(tmp_path: Path) -> str:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return str(path)


def references(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["result"], line["text"]) for line in lines if line["entry"] == "reference"]


def test_a_reference_that_leads_nowhere_is_a_warning(docs: str) -> None:
    assert references(run("contract", "check", "--docs", docs, "--json").lines) == [
        ("warning", "answers.yml: there is no such file.")
    ]


def test_it_stands_first_on_the_screen(docs: str) -> None:
    done = run("contract", "check", "--docs", docs)
    assert [line.split() for line in done.out.splitlines()[:2]] == [
        ["document"],
        ["warning", "reference", "answers.yml:", "there", "is", "no", "such", "file."],
    ]


def test_with_credentials_it_is_told_as_well(docs: str, sandbox: Control, tmp_path: Path) -> None:
    acme = at({key: sandbox.config[key] for key in ("base_url", "api_token", "tenant")}, tmp_path)
    assert references(acme.run("contract", "check", "--docs", docs, "--json", "--sample", "1").lines)


def test_where_all_references_lead_somewhere_nothing_is_said(sandbox: Control) -> None:
    done = run("contract", "check", "--docs", f"{sandbox.base_url}/api2/docs", "--json")
    assert done.lines
    assert not references(done.lines)
