"""Documents that are odd, damaged or huge: each ends in a file that loads, or in one clear line, within seconds."""

from __future__ import annotations

import copy
import json
import random
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import load_contract
from hr4you.contract.draft.drafting import draft
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.source import parse_openapi
from hr4you.contract.draft.writing import write
from hr4you.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hr4you.contract.draft.drafting import Draft

TENANTS = Path(__file__).parents[3] / "tenants"
NAMES = ("kranich", "otter", "luchs", "biber")
SECONDS = 20  # a slow machine that does other things too; it takes two at most
TEXT = {"type": "string"}
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "first_name": TEXT, "last_name": TEXT},
}
ODD_NAMES = (
    *("a b", "a.b", "x: y", "# z", '"q"', "it's", "new\nline", "{a}", "", "\x00\x07", "- a", "@", "`a`", "null", "1"),
    *("*x", "&x", "\u2028", "Straße", "e-mail", "x" * 3000, "a\\b", "{{", "}", "\x85", "\ufeff", "a\u202eb"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, [], {}, 0, 1.5, True, "", "a: b # c\n- d", [None], [1, "a", {}], {"$ref": "#"}, {"$ref": "#/nowhere"}),
    *({"$ref": 3}, {"properties": [1]}, {"type": [["x"]]}, {"enum": [{"a": 1}, [1], None, True]}, "https://[bad"),
    *({"type": "array"}, {"allOf": [{"$ref": "#/paths"}]}, "https://x.example/{a"),
)


def list_of(item: Any, *parameters: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"data": {"type": "array", "items": item}}}
    reply = {"description": "", "content": {"application/json": {"schema": schema}}}
    return {"get": {"parameters": list(parameters), "responses": {"200": reply}}}


def document(paths: dict[str, Any], schemas: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "openapi": "3.0.0",
        "info": {"title": "A"},
        "paths": paths,
        "components": {"schemas": schemas or {}},
        **more,
    }


def loads(data: dict[str, Any], path: Path) -> Draft | None:
    """Draft the document and load the file; None where one line says why not."""
    try:
        drafted = draft(OpenAPI(parse_openapi(json.dumps(data).encode(), "a.json")))
    except ContractError as error:
        line = str(error)
    else:
        path.write_text(write(drafted, "a.json"), encoding="utf-8")
        ids = [("resources", name, "id") for name in drafted.resources]
        is_open = any(place in drafted.entries and drafted.entries[place].value is None for place in ids)
        with pytest.raises(ContractError, match=r"\.id\b") if is_open else nullcontext():
            load_contract([path])
        return drafted
    assert "\n" not in line
    return None


def damaged(data: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    data = copy.deepcopy(data)
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [data]
    while waiting:
        node = waiting.pop()
        inside = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        places += [(node, key) for key, _ in inside]
        waiting += [part for _, part in inside if isinstance(part, dict | list)]
    for node, key in chance.sample(places, chance.choice((1, 2, 5, 20))):
        kind = chance.randrange(3)
        if kind == 0:
            node[key] = copy.deepcopy(chance.choice(ODD_VALUES))
        elif kind == 1 and isinstance(node, dict):
            node[chance.choice(ODD_NAMES)] = node.pop(key, None)
        elif isinstance(node, dict):
            node.pop(key, None)
    return data


@pytest.mark.e2e  # slow: many large documents
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_document_makes_a_file_that_loads(name: str, tmp_path: Path) -> None:
    path = next(path for path in (TENANTS / name).iterdir() if path.stem == "openapi")
    data = parse_openapi(path.read_bytes(), path.name)
    chance = random.Random(name)
    for _ in range(12):
        loads(damaged(data, chance), tmp_path / "drafted.yml")


HUGE: dict[str, Callable[[], dict[str, Any]]] = {
    "5,000 operations": lambda: document({f"/things{number}": list_of(PERSON) for number in range(5000)}),
    "800 properties": lambda: document(
        {
            "/jobs": list_of(
                {"type": "object", "properties": {f"jobStrasse{number}Telefon": TEXT for number in range(800)}}
            )
        }
    ),
    "schemas in a circle": lambda: document(
        {f"/{name}": list_of({"$ref": "#/components/schemas/N"}) for name in ("candidates", "jobs", "users")},
        {
            "N": {
                "type": "object",
                "properties": {
                    **PERSON["properties"],
                    **{
                        name: {"$ref": "#/components/schemas/N"}
                        for name in ("job", "person", "user", "stage", "address")
                    },
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/N"}},
                },
            }
        },
    ),
    "allOf in a circle": lambda: document(
        {"/candidates": list_of({"$ref": "#/components/schemas/N"})},
        {"N": {"allOf": [{"$ref": "#/components/schemas/N"}, PERSON]}},
    ),
    "10,000 words": lambda: document(
        {
            "/jobs": list_of(
                {"type": "object", "properties": {"status": {"enum": [f"w{number}" for number in range(10_000)]}}}
            )
        }
    ),
    "long names": lambda: document(
        {"/candidates": list_of({"type": "object", "properties": {"bewerber" * 400: TEXT, "x" * 20_000: TEXT}})}
    ),
    "5,000 parameters": lambda: document(
        {"/candidates": list_of(PERSON, *({"name": f"p{number}", "in": "query"} for number in range(5000)))}
    ),
    "2,000 calls that may be meant": lambda: document(
        {
            f"/applications/{{id}}/notes{number}": {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/W"}}}}
                }
            }
            for number in range(2000)
        },
        {
            "W": {
                "type": "object",
                "properties": {
                    f"x{outer}": {"type": "object", "properties": {f"y{inner}": TEXT for inner in range(40)}}
                    for outer in range(40)
                },
            }
        },
    ),
}


@pytest.mark.e2e  # slow: many large documents
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_document_takes_seconds(name: str, tmp_path: Path) -> None:
    start = time.monotonic()
    loads(HUGE[name](), tmp_path / "drafted.yml")
    assert time.monotonic() - start < SECONDS


def test_what_a_contract_cannot_hold_is_told_and_left_out(tmp_path: Path) -> None:
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X: y"}}
    data = document({"/candidates": list_of(PERSON)}, security=[{"key": []}])
    data["components"]["securitySchemes"] = schemes
    drafted = loads(data, tmp_path / "drafted.yml")
    assert drafted is not None
    assert ("api", "auth") not in drafted.entries
    assert any(note.startswith("api.auth: the document has") for note in drafted.notes)


def test_keys_inside_a_longer_expression_are_quoted(tmp_path: Path) -> None:
    item = {"type": "object", "properties": {**PERSON["properties"], "e-mail": TEXT, "telefon-privat": TEXT}}
    drafted = loads(document({"/candidates": list_of(item)}), tmp_path / "drafted.yml")
    assert drafted is not None
    fields = load_contract([tmp_path / "drafted.yml"]).resources["candidates"].fields
    wire = {"e-mail": "a@example.org", "telefon-privat": "030 1"}
    assert fields["email_addresses"].each(wire) == ["a@example.org"]  # type: ignore[union-attr]  # it is a list


@pytest.mark.parametrize("text", ["x\n  injected: 1", "x # y", "a: b", "- c", "\u2028injected: 1", "\x85injected: 1"])
def test_texts_of_the_document_stay_what_they_are(text: str, tmp_path: Path) -> None:
    item = {"type": "object", "properties": {**PERSON["properties"], text: TEXT, "status": {"enum": [text, "open"]}}}
    data = document({"/candidates": list_of(item), "/jobs": list_of(item)}, {text: item})
    drafted = loads(data, tmp_path / "drafted.yml")
    assert drafted is not None
    assert not any(line.strip().startswith("injected") for line in (tmp_path / "drafted.yml").read_text().splitlines())
