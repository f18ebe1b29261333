"""``hr4you contract draft`` as a command: what it asks for, what it tells, and that nobody's data is in either."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from hr4you.contract import load_contract
from tests.hr4you.cli.tenants import At, Done, at, run
from tests.servers.base import Raw, Refused, Tenant, Wire, serving
from tests.tenants.biber import server as biber
from tests.tenants.measure import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e  # slow: whole programs, or a whole tenant each time

SECRET: Final = "Kerstin Geheim <kerstin.geheim@example.org>"
_OF_PEOPLE: Final = re.compile(
    r"(?i:.*_)?(?i:vn|nn|[vn]name|vorname|nachname|given|family|mail2?|email|address|adresse|nummer|number|tel|tel_\w+|"
    r"mobil|str|straße|line1|login)"
)
_PEOPLE: Final = {"benutzer", "bewerber", "members", "people", "mitarbeiter", "kandidaten", "user"}


class Odd(biber.BiberTenant):
    """The tenant `biber`, with other answers at some paths: status, body."""

    def __init__(self) -> None:
        super().__init__(biber.NOON)
        self.instead: dict[str, tuple[int, Raw]] = {}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Raw, Any]:
        usual = super().answer(method, target, headers, body)
        other = self.instead.get(target.partition("?")[0])
        return (*other, self.now) if other else usual


@contextmanager
def odd(folder: Path, **settings: Any) -> Iterator[tuple[Odd, At]]:
    with serving(Odd()) as tenant:
        yield tenant, at({"base_url": tenant.base_url, **biber.CREDENTIALS, **settings}, folder)


def drafted(tenant: At, output: Path, *arguments: str, docs: Any = biber.DOCUMENT) -> Done:
    return tenant.run("contract", "draft", "--docs", str(docs), "-o", str(output), *arguments)


def head(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n\n")[0]


def told(done: Done) -> list[str]:
    """What was told beside which document was read."""
    return [line for line in done.err.splitlines() if not line.startswith("Read ")]


@pytest.mark.parametrize(
    ("name", "settings"), [("kranich", {"api_token": "t-1"}), ("otter", {"username": "a", "password": "b"})]
)
def test_credentials_of_another_kind_are_told_and_the_document_is_enough(
    name: str, settings: dict[str, str], tmp_path: Path
) -> None:
    server = importlib.import_module(f"tests.tenants.{name}.server")
    output = tmp_path / "my.yml"
    with server.serve() as tenant:
        done = drafted(at({"base_url": tenant.base_url, **settings}, tmp_path), output, docs=server.DOCUMENT)
        assert tenant.requests == []
    line = next(line for line in told(done) if line.startswith("The tenant was not looked at: "))
    assert (done.status, line in head(output)) == (0, True)
    assert len(load_contract([output]).resources) == 5


def test_a_token_that_is_refused_ends_in_one_line(tmp_path: Path) -> None:
    with odd(tmp_path, api_token="t-0815") as (_, tenant):
        done = drafted(tenant, tmp_path / "my.yml")
    assert (done.status, len(told(done))) == (75, 1)
    assert "the credentials are refused (401)" in done.err
    assert "t-0815" not in done.err
    assert not (tmp_path / "my.yml").exists()


@pytest.mark.parametrize("docs", [str(biber.DOCUMENT), "{base_url}/docs"], ids=["a file", "a page of the tenant"])
def test_a_host_that_is_down_ends_in_one_line(docs: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        base_url = f"http://127.0.0.1:{free.getsockname()[1]}"
    tenant = at({"base_url": base_url, "api_token": "t-1", "max_retries": 0}, tmp_path)
    done = drafted(tenant, tmp_path / "my.yml", docs=docs.format(base_url=base_url))
    assert (done.status, len(told(done))) == (75, 1)
    assert "cannot be reached: it refuses connections" in done.err


def test_a_tenant_that_fails_at_every_list_is_out_of_service(tmp_path: Path) -> None:
    with odd(tmp_path) as (tenant, user):
        for table in tenant.tables:
            tenant.instead[f"{biber.BASE}{table}"] = (502, Raw(SECRET.encode()))
        done = drafted(user, tmp_path / "my.yml")
    assert (done.status, len(told(done))) == (75, 1)
    assert "--no-look" in done.err
    assert SECRET not in done.err


def test_without_a_look_the_tenant_is_asked_for_nothing_but_the_document(tmp_path: Path) -> None:
    with odd(tmp_path) as (tenant, user):
        done = drafted(user, tmp_path / "my.yml", "--no-look", docs=f"{tenant.base_url}{biber.DOCS}")
        assert tenant.requests == [f"GET {biber.DOCS}"]
    assert (done.status, "Looked at" in done.err) == (0, False)


def test_a_file_needs_no_tenant_and_is_written_over_another_with_force(tmp_path: Path) -> None:
    output = tmp_path / "my.yml"
    output.write_text("version: 1\n", encoding="utf-8")
    assert run("contract", "draft", "--docs", str(biber.DOCUMENT), "-o", str(output), "--force").status == 0
    assert load_contract([output]).resources["jobs"].list.path == "stelle"


ODD: Final = {
    "403": ("lack the right", 403, Raw(json.dumps({"msg": SECRET}).encode(), "application/json")),
    "422": ("refuses", 422, Raw(json.dumps({"msg": SECRET, "fields": [SECRET]}).encode(), "application/json")),
    "a web page": ("a web page instead of JSON", 200, Raw(f"<!doctype html><h1>{SECRET}</h1>".encode())),
    "cut JSON": ("JSON that breaks off (status 200)", 200, Raw(f'{{"rows": ["{SECRET}'.encode(), "application/json")),
    "500": ("(status 500)", 500, Raw(SECRET.encode(), "text/plain")),
    "a redirect": ("sends on to /login (302)", 302, Raw(SECRET.encode(), headers={"Location": f"/login?q={SECRET}"})),
    "to another host": ("sends elsewhere", 302, Raw(b"", headers={"Location": "http://other.example.org/?q=Geheim"})),
}


@pytest.mark.parametrize(("reason", "status", "answer"), ODD.values(), ids=ODD)
def test_a_list_that_is_refused_is_told_in_the_file_and_the_draft_goes_on(
    reason: str, status: int, answer: Raw, tmp_path: Path
) -> None:
    output = tmp_path / "my.yml"
    with odd(tmp_path) as (tenant, user):
        tenant.instead[f"{biber.BASE}user"] = (status, answer)
        done = drafted(user, output)
    assert (done.status, "Looked at one page of 5 lists." in done.err) == (0, True)
    line = next(line for line in head(output).splitlines() if "could not be looked at" in line)
    assert (line.startswith("# - resources.users: "), reason in line) == (True, True), line
    assert not re.search("kerstin|geheim", done.out + done.err + output.read_text(encoding="utf-8"), re.IGNORECASE)
    assert "job_id: st_id " in output.read_text(encoding="utf-8"), "which a look alone tells"


def document(paths: dict[str, Any], **schemas: Any) -> str:
    components = {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    about = {"openapi": "3.0.3", "info": {"title": "Any", "version": "1"}, "security": [{"key": []}]}
    return json.dumps({**about, "components": components, "paths": paths})


def listed(item: Any) -> Wire:
    schema = {"type": "array", "items": item}
    return {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}


def texts(*names: str) -> Wire:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


MAKES: Final = {"responses": {"201": {"description": "Made"}}}
ID: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
SEARCH: Final = {"requestBody": {"content": {"application/json": {"schema": texts("email")}}}}
SEARCHED: Final = {
    "/api/candidates": {"post": MAKES},
    "/api/candidates/search": {"post": {**SEARCH, **listed(texts("id", "firstName", "lastName", "email"))}},
    "/api/candidates/{id}/applications": {"parameters": [ID], "get": listed(texts("id", "candidateId", "jobId"))},
}


class Searched(Tenant):
    """Candidates by POST, their applications per candidate."""

    refused = False

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:  # noqa: ARG002
        if (method, path) == ("POST", "/api/candidates/search") and isinstance(body, dict):
            return [{"id": "ada@lovelace", "firstName": "Ada", "lastName": "Byron", "email": "a@example.org"}]
        if (method, path) == ("GET", "/api/candidates/ada%40lovelace/applications") and not self.refused:
            return [{"id": "1", "candidateId": "ada@lovelace", "jobId": "7"}]
        raise Refused(403)


@pytest.mark.parametrize("refused", [False, True], ids=["answered", "refused"])
def test_parents_that_are_searched_by_post_are_found_for_a_list_per_parent(*, refused: bool, tmp_path: Path) -> None:
    docs, output = tmp_path / "openapi.json", tmp_path / "my.yml"
    docs.write_text(document(SEARCHED), encoding="utf-8")
    with serving(Searched(biber.NOON)) as tenant:
        tenant.refused = refused
        done = drafted(at({"base_url": tenant.base_url, "api_token": "t-1"}, tmp_path), output, docs=docs)
        asked = set(tenant.requests)
    assert done.status == 0, done.err
    assert asked == {"POST /api/candidates/search", "GET /api/candidates/ada%40lovelace/applications"}
    assert f"Looked at one page of {'1 list' if refused else '2 lists'}." in done.err
    assert ("/api/candidates/{id}/applications" in head(output)) == refused
    assert "lovelace" not in done.err + output.read_text(encoding="utf-8")


def _people(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict | list):
        for name, below in value.items() if isinstance(value, dict) else ((key, each) for each in value):
            yield from _people(below, name)
    elif isinstance(value, str) and _OF_PEOPLE.fullmatch(key) and len(value) > 2:
        yield value


@pytest.mark.parametrize("name", NAMES)
def test_a_look_only_reads_and_neither_screen_nor_file_tells_of_anybody(name: str, tmp_path: Path) -> None:
    server = importlib.import_module(f"tests.tenants.{name}.server")
    output = tmp_path / "my.yml"
    with server.serve() as tenant:
        rows = [rows for table, rows in tenant.tables.items() if table in _PEOPLE]
        user = at({"base_url": tenant.base_url, **server.CREDENTIALS}, tmp_path)
        user.people = frozenset(_people(rows))
        done = drafted(user, output, docs=f"{tenant.base_url}{server.DOCS}")
        writes = {request for request in tenant.requests if not request.startswith("GET ")}
    assert (done.status, "Looked at one page of 6 lists." in done.err) == (0, True)
    assert writes == ({f"POST {server.BASE}auth/login"} if name == "luchs" else set())
    assert len(user.people) > 60
    assert user.shown(done.out + done.err + output.read_text(encoding="utf-8")) == set()


PET: Final = {"$ref": "#/components/schemas/Pet"}
PETS: Final = {"/pets": {"get": listed(PET)}}
OF_NO_USE: Final = {
    "a folder": ("is a folder", None),
    "empty": ("is empty", ""),
    "broken YAML": ("is neither JSON nor YAML", "openapi: [3.0"),
    "broken JSON": ("is broken JSON", '{"openapi": "3.0.3", "paths": {"/jobs": '),
    "a page": ("holds no OpenAPI document", "<!doctype html><title>Home</title>"),
    "an anchor in itself": ("the anchor `a` contains itself", "a: &a {b: *a}\n"),
    "about pets": ("none of users", document(PETS, Pet=texts("id", "tag"))),
    "cyclic": ("none of users", document(PETS, Pet={"type": "object", "properties": {"id": {}, "parent": PET}})),
    "a schema that is itself": ("leads back to itself", document(PETS, Pet=PET)),
    "huge": ("is plain data (a list)", json.dumps([{"id": number, "text": "x" * 90} for number in range(90000)])),
}


@pytest.mark.parametrize(
    "which", [pytest.param(each, marks=[pytest.mark.e2e] * (each == "huge")) for each in OF_NO_USE]
)
def test_a_document_of_no_use_ends_in_one_line(which: str, tmp_path: Path) -> None:
    docs, (reason, content) = tmp_path / "docs", OF_NO_USE[which]
    docs.mkdir() if content is None else docs.write_text(content, encoding="utf-8")
    done = run("contract", "draft", "--docs", str(docs), "-o", str(tmp_path / "my.yml"))
    assert (done.status, len(told(done)), done.out, reason in done.err) == (2, 1, "", True), done.err
    assert not (tmp_path / "my.yml").exists()


def test_the_screen_gets_the_file_alone_on_stdout(tmp_path: Path) -> None:
    with odd(tmp_path) as (_, tenant):
        done, to_file = drafted(tenant, Path("-")), drafted(tenant, tmp_path / "my.yml")
    assert done.out == (tmp_path / "my.yml").read_text(encoding="utf-8")
    assert to_file.out == ""
    assert done.err + told(to_file)[-1] + "\n" == to_file.err
    assert "Looked at one page of 6 lists." in done.err


OUTPUTS: Final = {
    "mine.yml": "is there already; --force",
    "missing/my.yml": "there is no folder",
    "mine.yml/my.yml": "there is no folder",
    ".": "is a folder",
    "x" * 300: "cannot be written",
    "locked/my.yml": "may not be written",
}


@pytest.mark.parametrize(("output", "reason"), OUTPUTS.items(), ids=OUTPUTS.values())
def test_before_anything_is_asked_it_is_told_what_cannot_be_written(output: str, reason: str, tmp_path: Path) -> None:
    if output.startswith("locked") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "mine.yml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "locked").mkdir(mode=0o500)
    with odd(tmp_path) as (tenant, user):
        done = drafted(user, tmp_path / output, docs=f"{tenant.base_url}{biber.DOCS}")
        assert tenant.requests == []
    assert (done.status, done.err.count("\n"), reason in done.err) == (2, 1, True), done.err
    assert (tmp_path / "mine.yml").read_text(encoding="utf-8") == "version: 1\n"


@pytest.mark.parametrize("without", [False, True], ids=["with a tenant", "with a document alone"])
def test_the_hint_at_the_end_works_as_it_stands(*, without: bool, tmp_path: Path) -> None:
    folder = tmp_path / "Our tenant's files"
    folder.mkdir()
    with odd(folder) as (_, tenant):
        arguments = ["contract", "draft", "--docs", str(biber.DOCUMENT), "-o", str(folder / "my contract.yml")]
        done = run(*arguments) if without else tenant.run(*arguments)
        program, *hint = shlex.split(told(done)[-1].partition("then ")[2])
        given = ["--docs", str(biber.DOCUMENT)] if without else ["--config", str(tenant.path)]
        assert [program, *hint[:4]] == ["hr4you", "contract", "check", *given]
        checked = run(*hint)
    assert (checked.status, checked.err, "0 failed" in checked.out) == (0, "", True), checked.out
