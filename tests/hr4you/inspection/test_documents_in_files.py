from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.errors import ContractError
from hr4you.inspection.documents import read_document
from tests.hr4you.contract.draft.pages import DOCUMENT, OTHER, PAGES, TEXT, YAML
from tests.hr4you.http.tenants import Reply, client_of
from tests.hr4you.inspection.hosts import LOGIN, host, paths_asked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "api.yml"
    path.write_text(YAML, encoding="utf-8")
    found = read_document(str(path), None)
    assert found.where == str(path)
    assert "/bewerber" in found.data["paths"]
    assert read_document(path.as_uri(), None).data == found.data


@pytest.mark.parametrize("name", [name for name, shown in PAGES.items() if shown.at is None and not shown.others])
def test_a_page_saved_from_the_browser_is_enough_if_the_document_is_in_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "docs.html"
    path.write_text(PAGES[name].html, encoding="utf-8")
    assert "/bewerber" in read_document(str(path), None).data["paths"]


def test_a_saved_page_leads_to_files_beside_it_and_to_whole_addresses(tmp_path: Path) -> None:
    (tmp_path / "docs_files").mkdir()
    script = tmp_path / "docs_files" / "swagger-initializer.js"
    path = tmp_path / "docs.html"
    path.write_text("<html><script src='./docs_files/swagger-initializer.js'></script></html>")
    with host({"/spec": OTHER}) as tenant:
        script.write_text(f"SwaggerUIBundle({{url: '{tenant.base_url}/spec'}})")
        assert read_document(str(path), None).data == OTHER
    script.write_text("SwaggerUIBundle({url: './spec.json'})")
    (tmp_path / "spec.json").write_text(TEXT)
    assert read_document(str(path), None).data == DOCUMENT


SAVED = {
    "an address on the host": ("<redoc spec-url='/api2/openapi.json'></redoc>", r"/api2/openapi.json: is not beside"),
    "an address that was not saved": (
        "<redoc spec-url='spec/api.json'></redoc>",
        "spec/api.json: there is no such file",
    ),
    "a log-in page": (LOGIN, "is a saved log-in page"),
    "another page": ("<html><p>x</p></html>", "holds no OpenAPI document and names none"),
}


@pytest.mark.parametrize(("text", "told"), SAVED.values(), ids=SAVED)
def test_a_saved_page_without_the_document_is_told_what_is_missing(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "docs.html"
    path.write_text(text)
    with pytest.raises(ContractError, match=told):
        read_document(str(path), None)


# Documents of several files

ROOT = {
    "openapi": "3.0.3",
    "paths": {"/a": {"$ref": "paths/a.yml"}, "/b": {"$ref": "./paths/all.json#/~1b"}},
    "components": {"schemas": {"Job": {"properties": {"next": {"$ref": "#/components/schemas/Job"}}}}},
}
FILES = {
    "paths/a.yml": "get: {responses: {200: {$ref: '../schemas.yml#/Answer'}}}",
    "paths/all.json": json.dumps({"/b": {"get": {"x": {"$ref": "../api.json#/components/schemas/Job"}}}}),
    "schemas.yml": "Answer: {description: ok, x: {$ref: '#/Person'}, back: {$ref: 'paths/a.yml'}}\n"
    "Person: {type: object}\n",
}


def resolve(data: Any, reference: str) -> Any:
    assert reference.startswith("#/")
    for key in reference[2:].split("/"):
        data = data[key.replace("~1", "/").replace("~0", "~")]
    return data


def check_whole(data: dict[str, Any]) -> None:
    answer = resolve(data, resolve(data, data["paths"]["/a"]["$ref"])["get"]["responses"]["200"]["$ref"])
    assert answer["description"] == "ok"
    assert resolve(data, answer["x"]["$ref"]) == {"type": "object"}
    assert resolve(data, answer["back"]["$ref"])["get"]
    job = resolve(data, resolve(data, data["paths"]["/b"]["$ref"])["get"]["x"]["$ref"])
    assert job is data["components"]["schemas"]["Job"]
    assert job["properties"]["next"] == {"$ref": "#/components/schemas/Job"}


def test_the_files_that_a_file_refers_to_are_put_into_the_one_document(tmp_path: Path) -> None:
    (tmp_path / "paths").mkdir()
    for name, text in {"api.json": json.dumps(ROOT), **FILES}.items():
        (tmp_path / name).write_text(text)
    found = read_document(str(tmp_path / "api.json"), None)
    check_whole(found.data)
    assert not found.problems


def test_the_files_that_a_document_refers_to_on_its_host_are_asked_for_once() -> None:
    replies = {f"/v2/{name}": Reply(body=text.encode()) for name, text in FILES.items()}
    with host({"/v2/api.json": ROOT, **replies}, secured=True) as tenant, client_of(tenant) as client:
        found = read_document(f"{tenant.base_url}/v2/api.json", client)
        assert sorted(paths_asked(tenant)) == sorted(["/v2/api.json", *replies])
    check_whole(found.data)


def test_references_that_lead_nowhere_are_told_and_left() -> None:
    wanted = {
        "gone": "gone.yml#/X",
        "broken": "broken.yml",
        "foreign": "https://elsewhere.example/x.yml?key=s3cret",
        "bare": "Job",
        "anchor": "schemas.yml#Person",
    }
    root = {"openapi": "3.0.3", "paths": {f"/{name}": {"$ref": to} for name, to in wanted.items()}}
    with host({"/api.json": root, "/broken.yml": Reply(body=b"a: [")}) as tenant:
        found = read_document(f"{tenant.base_url}/api.json", None)
        assert paths_asked(tenant) == ["/api.json", "/gone.yml", "/broken.yml"]
    assert found.data == root
    assert len(found.problems) == len(wanted)
    assert "s3cret" not in "".join(found.problems)


def test_a_file_outside_the_documents_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.yml").write_text("a: 1")
    path = tmp_path / "in" / "api.json"
    path.write_text(json.dumps({"openapi": "3.0.3", "paths": {"/a": {"$ref": "../secret.yml"}}}))
    found = read_document(str(path), None)
    assert "x-external" not in found.data
    assert "is not beside the file" in found.problems[0]


def test_more_than_fifty_files_are_not_asked_for() -> None:
    root = {"openapi": "3.0.3", "paths": {f"/{n}": {"$ref": f"{n}.yml"} for n in range(80)}}
    replies = {f"/{n}.yml": Reply(body=b"get: {}") for n in range(80)}
    with host({"/api.json": root, **replies}) as tenant:
        found = read_document(f"{tenant.base_url}/api.json", None)
        assert len(tenant.asked) == 51
    assert found.problems == ("The document refers to more than 50 files; the others were not read.",)
