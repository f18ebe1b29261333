"""The expected contracts of the hold-out load and speak of their documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
import yaml

from hr4you.contract import load_contract
from hr4you.contract.document import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
DOCUMENTS: Final = {"fuchs": "openapi.yml", "igel": "openapi.json"}

tenants = pytest.mark.parametrize("tenant", DOCUMENTS)


@tenants
def test_the_expected_contract_loads(tenant: str) -> None:
    assert load_contract([HERE / tenant / "expected.yml"]).version == 1


@tenants
def test_every_request_of_the_expected_contract_is_in_the_document(tenant: str) -> None:
    expected = read_document(HERE / tenant / "expected.yml").data
    base = expected["api"]["base_path"]
    requests = {(method, _without_names(base + path)) for method, path in _requests(expected)}
    assert len(requests) > 15
    assert requests - _offered(HERE / tenant / DOCUMENTS[tenant]) == set()


@tenants
def test_every_alternative_has_a_parent_in_the_expected_contract(tenant: str) -> None:
    expected = read_document(HERE / tenant / "expected.yml").data
    alternatives = read_document(HERE / tenant / "alternatives.yml").data
    assert alternatives
    assert [place for place in alternatives if not _is_mapping(expected, str(place).split(".")[:-1])] == []


def _requests(expected: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Method and path of all that the contract asks for."""
    for resource in expected["resources"].values():
        if resource is None:
            continue
        listing = resource["list"] if isinstance(resource["list"], dict) else {"path": resource["list"]}
        if "nested_in" not in listing:
            yield listing.get("method", "GET"), listing["path"]
        if resource.get("get") is not None:
            yield "GET", resource["get"]
    for action in expected["actions"].values():
        for step in (action or {"steps": []})["steps"]:
            yield step["request"]["method"], step["request"]["path"]
            if "find" in step:
                yield "GET", step["find"]["path"]
            if "fallback" in step:
                yield step["request"]["method"], step["fallback"]["path"]


def _offered(path: Path) -> set[tuple[str, str]]:
    """Method and address of all operations of an OpenAPI document; JSON is read as the YAML that it is."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    base = document["basePath"] if "swagger" in document else urlsplit(document["servers"][0]["url"]).path
    return {
        (method.upper(), _without_names(base + path))
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }


def _without_names(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _is_mapping(data: Any, place: list[str]) -> bool:
    """Whether there is a mapping at a place; steps stand under their names."""
    for key in place:
        if isinstance(data, list):
            data = {step["name"]: step for step in data}
        data = data.get(key) if isinstance(data, dict) else None
    return isinstance(data, dict | list)
