"""``hr4you contract check --docs``: the contract against the tenant's OpenAPI document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.hr4you.cli.tenants import Done, at, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control


def document(**changes: Any) -> dict[str, Any]:
    """A document that describes the default's users."""
    user = {key: {"type": "string"} for key in ("userId", "updatedAt", "firstname", "lastname", "email")}
    listed = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}},
    }
    query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("page", "limit", "fields")]
    answer = {"200": {"description": "", "content": {"application/json": {"schema": listed}}}}
    paths = {
        "/users": {"get": {"parameters": query, "responses": answer}},
        "/users/{userId}": {"get": {"responses": {"200": {"description": ""}}}},
        "/applications/{number}/notes": {"post": {"responses": {"201": {"description": ""}}}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://acme.example.org/api2"}],
        "paths": paths,
        "components": {"schemas": {"User": {"type": "object", "properties": user}}},
        **changes,
    }


def against(docs: dict[str, Any], folder: Path, *arguments: str) -> Done:
    path = folder / "openapi.json"
    path.write_text(json.dumps(docs), encoding="utf-8")
    return run("contract", "check", "--docs", str(path), "--json", *arguments)


def test_without_credentials_the_contract_is_held_against_the_document_alone(tmp_path: Path) -> None:
    done = against(document(), tmp_path)
    lines = {(line["section"], line["entry"]): line for line in done.lines}
    for entry in ("list", "get", "id", "changed_at", "first_name", "pagination.page", "select"):
        assert lines["users (document)", entry]["result"] == "ok", entry
    assert lines["users (document)", "changed_since"]["result"] == "warning"
    assert lines["jobs (document)", "list"]["result"] == "failed"
    assert lines["jobs (document)", "get"]["result"] == "warning"
    assert lines["add_note_to_application (document)", "note"]["result"] == "ok"
    assert lines["create_candidate (document)", "applicant"]["text"] == "the document has no POST applicants"
    assert done.status == 1, "lists are missing"


@pytest.mark.parametrize(
    ("contract", "entry", "result"),
    [
        ("resources: {users: {fields: {email: mail}}}", "email", "warning"),
        ("resources: {users: {fields: {email: mail || email}}}", "email", "ok"),
        ("resources: {users: {id: nummer}}", "id", "failed"),
        ("api: {records: daten}", "records", "failed"),
        ("api: {base_path: /v3/}", "list", "ok"),
    ],
    ids=["field", "alternative", "id", "records", "another base"],
)
def test_what_the_document_shows_otherwise_is_told(tmp_path: Path, contract: str, entry: str, result: str) -> None:
    path = tmp_path / "my.yml"
    path.write_text(contract, encoding="utf-8")
    done = against(document(), tmp_path, "--contract", str(path))
    line = next(line for line in done.lines if (line["section"], line["entry"]) == ("users (document)", entry))
    assert line["result"] == result
    if result != "ok":
        assert line["at"] == f"{path}, line 1"


def test_with_credentials_both_are_looked_at(sandbox: Control, tmp_path: Path) -> None:
    acme = at({key: sandbox.config[key] for key in ("base_url", "api_token", "tenant")}, tmp_path)
    done = acme.run("contract", "check", "--json", "--docs", f"{acme.config['base_url']}/api2/openapi.json")
    sections = {line["section"] for line in done.lines}
    assert {"users", "users (document)"} <= sections
    assert done.status == 0
    assert "failed" not in {line["result"] for line in done.lines}


def test_a_document_that_is_none_ends_in_one_line_with_2(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no document", encoding="utf-8")
    done = run("contract", "check", "--docs", str(path))
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
