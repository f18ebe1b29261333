from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import load_contract
from hr4you.errors import (
    ConfigError,
    ContractError,
    ForbiddenError,
    HR4YouError,
    NotFoundError,
    TenantUnavailableError,
    UnexpectedAnswerError,
)
from hr4you.http import Client
from hr4you.inspection.documents import read_document
from hr4you.inspection.web import Web
from hr4you.settings import Connection
from tests.hr4you.contract.draft.pages import DOCUMENT, OTHER, PAGE, PAGES, TEXT, YAML, Page
from tests.hr4you.http.tenants import TOKEN, Reply, client_of, serving
from tests.hr4you.inspection.hosts import LOGIN, host, page, redirect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control


@pytest.mark.parametrize("shown", PAGES.values(), ids=PAGES)
def test_the_document_that_a_docs_page_shows_is_found(shown: Page) -> None:
    replies: dict[str, Any] = {PAGE: shown.html, **shown.others}
    if shown.at is not None:
        replies[shown.at] = DOCUMENT
    with host(replies, secured=True) as tenant, client_of(tenant) as client:
        found = read_document(f"{tenant.base_url}{PAGE}{shown.query}", client)
        assert "/bewerber" in found.data["paths"]
        assert (shown.at or PAGE) in found.where
        assert len(tenant.asked) <= 4
        assert not found.problems


@pytest.mark.parametrize("text", [TEXT, YAML], ids=["JSON", "YAML"])
def test_the_address_of_the_document_itself_is_enough(text: str) -> None:
    with host({"/v2/api": Reply(body=text.encode())}) as tenant:
        found = read_document(f"{tenant.base_url}/v2/api", None)
        assert found.where == f"{tenant.base_url}/v2/api"
    assert "/bewerber" in found.data["paths"]


def test_the_sandboxs_own_docs_page_and_document_are_found(sandbox: Control) -> None:
    config = {"base_url": sandbox.base_url, "api_token": "sandbox"}
    with Client(Connection.from_config(config), load_contract().api) as client:
        shown = read_document(f"{sandbox.base_url}/api2/docs", client)
        direct = read_document(f"{sandbox.base_url}/api2/openapi.json", client)
    assert shown.data == direct.data
    assert "/api2/applicants" in shown.data["paths"]
    assert (
        shown.where
        == f"{sandbox.base_url}/api2/openapi.json (named by a link of the page at {sandbox.base_url}/api2/docs)"
    )


def test_credentials_go_to_the_tenant_and_to_nobody_else() -> None:
    with host({"/spec": DOCUMENT}) as other:
        shown = f"<redoc spec-url='{other.base_url}/spec'></redoc>"
        with host({"/docs": shown}, secured=True) as tenant, client_of(tenant) as client:
            found = read_document(f"{tenant.base_url}/docs", client)
        assert found.data == DOCUMENT
        assert [asked.headers.get("Authorization") for asked in tenant.asked] == [f"Bearer {TOKEN}"]
        assert not [name for asked in other.asked for name in asked.headers if name in {"Authorization", "Cookie"}]


def test_a_netrc_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with host({"/spec": DOCUMENT}) as other:
        read_document(f"{other.base_url}/spec", None)
        assert "Authorization" not in other.asked[0].headers


def test_redirects_are_followed_and_leave_the_credentials_behind() -> None:
    with host({"/new/docs/": "<redoc spec-url='spec.json'></redoc>", "/new/docs/spec.json": DOCUMENT}) as other:
        replies = {"/docs": redirect("/docs/"), "/docs/": redirect(f"{other.base_url}/new/docs/#top")}
        with host(replies, secured=True) as tenant, client_of(tenant) as client:
            found = read_document(f"{tenant.base_url}/docs", client)
        assert found.where.startswith(f"{other.base_url}/new/docs/spec.json")
        assert not [asked for asked in other.asked if "Authorization" in asked.headers]


def test_redirects_without_end_are_given_up() -> None:
    with host({"/docs": redirect("/docs")}) as other, pytest.raises(UnexpectedAnswerError, match="without end"):
        read_document(f"{other.base_url}/docs", None)


USUAL = ["/api2/openapi.json", "/api2/docs.json", "/api2/docs-json", "/v3/api-docs", "/openapi.json"]


@pytest.mark.parametrize("at", USUAL)
def test_where_the_page_names_nothing_the_usual_addresses_are_tried(at: str) -> None:
    with host({"/api2/docs": "<html><p>Our API</p></html>", at: DOCUMENT}) as tenant:
        found = read_document(f"{tenant.base_url}/api2/docs", None)
    assert found.data == DOCUMENT
    assert found.where.startswith(f"{tenant.base_url}{at} (a usual address")


def test_a_host_that_shows_its_start_page_everywhere_has_no_document() -> None:
    with serving([page("<html><div id='app'></div></html>")]) as tenant:
        with pytest.raises(UnexpectedAnswerError, match=r"/api2/docs: shows no OpenAPI document.*link to openapi.json"):
            read_document(f"{tenant.base_url}/api2/docs?token=s3cret", None)
        assert len(tenant.asked) <= 13


REFUSALS: dict[str, Any] = {
    "401": Reply(401, data={}),
    "403": Reply(403, data={}),
    "a log-in page": LOGIN,
    "a way to a log-in page": redirect("/login"),
    "a log-in page in place of the document": "<redoc spec-url='/login'></redoc>",
}


@pytest.mark.parametrize("with_client", [True, False])
@pytest.mark.parametrize("reply", REFUSALS.values(), ids=REFUSALS)
def test_what_only_people_are_shown_is_told_with_the_way_around(reply: Any, *, with_client: bool) -> None:
    with host({"/api2/docs": reply, "/login": LOGIN}) as tenant, client_of(tenant) as client:
        with pytest.raises(
            ForbiddenError, match="save the OpenAPI document or the docs page from there, and give"
        ) as caught:
            read_document(f"{tenant.base_url}/api2/docs?key=s3cret", client if with_client else None)
        assert ("--config" in str(caught.value)) is not with_client
    assert "s3cret" not in str(caught.value)


def test_behind_a_page_for_people_the_document_may_be_open_to_programs() -> None:
    with (
        host({"/api2/docs": Reply(403, data={}), "/api2/openapi.json": DOCUMENT}) as tenant,
        client_of(tenant) as client,
    ):
        assert read_document(f"{tenant.base_url}/api2/docs", client).data == DOCUMENT


def test_of_several_documents_one_is_asked_for() -> None:
    shown = "<script>SwaggerUIBundle({urls: [{url: '/a', name: 'Intern\\x1b'}, {url: '/b', name: 'Extern'}]})</script>"
    with host({"/docs": shown, "/a": OTHER, "/b": DOCUMENT}) as tenant:
        with pytest.raises(ConfigError, match="shows 2 documents") as caught:
            read_document(f"{tenant.base_url}/docs", None)
        assert f"`Intern?` {tenant.base_url}/a, `Extern` {tenant.base_url}/b" in str(caught.value)


@pytest.mark.parametrize("second", [Reply(404), Reply(data={"openapi": "3.0.0", "paths": {}}), DOCUMENT])
def test_of_several_documents_only_those_that_can_be_read_count(second: Any) -> None:
    shown = "<script>SwaggerUIBundle({urls: [{url: '/a', name: 'A'}, {url: '/b', name: 'B'}]})</script>"
    with host({"/docs": shown, "/a": DOCUMENT, "/b": second}) as tenant:
        assert read_document(f"{tenant.base_url}/docs", None).data == DOCUMENT


def test_a_viewers_configuration_is_as_good_as_its_page() -> None:
    with host({"/v3/api-docs/swagger-config": {"url": "/v3/api-docs"}, "/v3/api-docs": DOCUMENT}) as tenant:
        assert read_document(f"{tenant.base_url}/v3/api-docs/swagger-config", None).data == DOCUMENT


FAILURES: dict[str, tuple[Any, type[HR4YouError], str]] = {
    "nothing there": (Reply(404), NotFoundError, "there is nothing at this address"),
    "an error": (Reply(500), UnexpectedAnswerError, "status 500"),
    "out of service": (Reply(503), TenantUnavailableError, "out of service"),
    "data": ({"data": []}, ContractError, "plain data"),
    "broken": (Reply(body=b'{"openapi": '), ContractError, "line 1: is broken JSON"),
    "a Postman collection": ({"info": {"_postman_id": "1"}, "item": []}, ContractError, "Postman collection"),
    "a broken document behind a page": (
        "<redoc spec-url='/broken'></redoc>",
        ContractError,
        "/broken: is a Singer catalog",
    ),
    "no document behind a page": ("<redoc spec-url='/gone'></redoc>", NotFoundError, "/gone: there is nothing"),
    "an unsafe document behind a page": (
        "<redoc spec-url='http://acme.example/x'></redoc>",
        ConfigError,
        "expected https",
    ),
    "a file behind a page": (
        "<redoc spec-url='file:///etc/hostname'></redoc>",
        ContractError,
        "is not beside the file",
    ),
}


@pytest.mark.parametrize(("reply", "kind", "told"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_one_line_without_the_query(reply: Any, kind: type[HR4YouError], told: str) -> None:
    replies = {"/docs": reply, "/broken": {"streams": [{"schema": {}}]}}
    with host(replies) as tenant, pytest.raises(kind, match=told) as caught:
        read_document(f"{tenant.base_url}/docs?token=s3cret", None)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value).isprintable()


ADDRESSES = {
    "http to another machine": ("http://acme.example/docs", ConfigError, "expected https"),
    "credentials in it": ("https://me:s3cret@acme.example/docs", ConfigError, "without user name"),
    "no host": ("https:///docs", ConfigError, "begins with https"),
    "an odd port": ("https://acme.example:x/docs", ConfigError, "expected an address"),
    "no scheme": ("acme.example/docs", ContractError, "put https:// before it"),
    "no such file": ("missing.yml", ContractError, "there is no such file"),
    "a folder": ("tests", ContractError, "cannot be read|is a folder"),
    "nothing": ("", ConfigError, "expected the name of a file"),
    "no name": ("a\0b", ConfigError, "expected the name of a file"),
}


@pytest.mark.parametrize(("source", "kind", "told"), ADDRESSES.values(), ids=ADDRESSES)
def test_what_is_no_address_and_no_file_is_told_before_anything_is_sent(
    source: str, kind: type[HR4YouError], told: str
) -> None:
    with pytest.raises(kind, match=told) as caught:
        read_document(source, None)
    assert caught.value.exit_status == 2
    assert "s3cret" not in str(caught.value)


def test_a_host_that_is_down_is_told_as_such() -> None:
    with host({}) as gone:
        pass
    with pytest.raises(TenantUnavailableError, match=r"127.0.0.1.*cannot be reached: it refuses connections"):
        read_document(f"{gone.base_url}/docs", None)


def test_a_host_that_drips_is_given_up_in_time() -> None:
    begun = time.monotonic()
    with (
        serving([Reply(body=b" " * 1000, drip=True)]) as slow,
        Web(None, patience=0.3) as web,
        pytest.raises(TenantUnavailableError, match="does not answer in time"),
    ):
        web.get(f"{slow.base_url}/openapi.json")
    assert time.monotonic() - begun < 5


def test_scripts_on_a_host_that_is_down_do_not_matter() -> None:
    with host({}) as gone:
        pass
    shown = f"<script src='{gone.base_url}/swagger-initializer.js'></script><a href='/openapi.json'>it</a>"
    with host({"/docs": shown, "/openapi.json": DOCUMENT}) as tenant:
        assert read_document(f"{tenant.base_url}/docs", None).data == DOCUMENT


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "packed"])
def test_an_endless_answer_is_cut_off_at_the_limit(headers: dict[str, str]) -> None:
    body = gzip.compress(b" " * (21 << 20)) if headers else b" " * (21 << 20)
    begun = time.monotonic()
    with (
        serving([Reply(body=body, headers=headers)]) as tenant,
        pytest.raises(ContractError, match="larger than 20 MB"),
    ):
        read_document(f"{tenant.base_url}/openapi.json", None)
    assert time.monotonic() - begun < 10
