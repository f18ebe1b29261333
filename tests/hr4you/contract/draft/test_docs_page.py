from __future__ import annotations

import json
import time

import pytest

from hr4you.contract.draft.docs_page import find_documents, is_login_page
from tests.hr4you.contract.draft.pages import DOCUMENT, PAGE, PAGES, TEXT, Page

HERE = f"https://acme.example{PAGE}"

IN_THE_PAGE = {name: page for name, page in PAGES.items() if not page.others}


@pytest.mark.parametrize("page", IN_THE_PAGE.values(), ids=IN_THE_PAGE)
def test_the_surest_candidate_is_what_the_viewer_loads(page: Page) -> None:
    found = find_documents(page.html, HERE + page.query)
    first = next((one for one in found if one.is_primary), found[0])
    if page.at is None:
        assert first.kind == "inline"
    else:
        assert (first.kind, first.url) == ("address", f"https://acme.example{page.at}")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_viewers_own_sample_and_libraries_are_never_asked_for(page: Page) -> None:
    found = find_documents(page.html, HERE)
    assert not [one.url for one in found if one.url and ("petstore" in one.url or "standalone" in one.url)]


def test_scripts_of_the_own_host_are_looked_into_before_those_of_others() -> None:
    page = "<script src='https://cdn.example/main.js'></script><script src='/main.js'></script>"
    found = [one.url for one in find_documents(page, HERE)]
    assert found == ["https://acme.example/main.js", "https://cdn.example/main.js"]


@pytest.mark.parametrize(
    "page",
    [
        "<p>nothing</p>",
        "<a href='javascript:openapi.json'>x</a>",
        "<redoc spec-url='http://[oops/spec'></redoc>",
        "<script>SwaggerUIBundle({url: somewhere()})</script>",
        "<script>SwaggerUIBundle({url: a ? '/a' : '/b'})</script>",
        "<script>SwaggerUIBundle({ ] ; </script>",
        "<script>var a = b; var b = a; SwaggerUIBundle(a)</script>",
        "<script>SwaggerUIBundle(" + "[" * 10_000 + "</script>",
        "<script id=api-reference data-configuration='{'></script>",
        "<script type='application/json'>" + "[" * 100_000 + "</script>",
    ],
)
def test_a_page_without_a_document_names_none(page: str) -> None:
    assert find_documents(page, HERE) == []


def test_the_parts_of_several_documents_keep_their_names() -> None:
    page = "<script>SwaggerUIBundle({urls: [{url: '/a', name: 'A'}, {url: '/b', name: 'B'}]})</script>"
    assert [(one.name, one.is_primary) for one in find_documents(page, HERE)] == [("A", False), ("B", False)]


BIG = {
    "openapi": "3.0.3",
    "info": DOCUMENT["info"],
    "paths": {f"/p{n}": DOCUMENT["paths"]["/bewerber"] for n in range(70_000)},
}
BIG_TEXT = json.dumps(BIG)
LARGE_PAGES = {
    "JSON in a call": f"<script>SwaggerUIBundle({{spec: {BIG_TEXT}, dom_id: '#x'}})</script>",
    "JSON in a script element": f"<script id='api-reference' type='application/json'>{BIG_TEXT}</script>",
    "Redoc's state": f'<script>const __redoc_state = {{"spec": {{"data": {BIG_TEXT}}}}};</script>',
    "unquoted JavaScript": "<script>SwaggerUIBundle({spec: {openapi: '3.0.3', paths: {"
    + ",".join(f"'/p{n}': {{get: {{summary: 'x', parameters: [{{name: 'a', in: 'query'}}]}}}}" for n in range(70_000))
    + "}}})</script>",
}
LARGE_JUNK = {
    "text": "<p>" + "many words &amp; more " * 480_000,
    "elements": "<p class='a'>x</p>" * 300_000,
    "a script": "<script>" + "var a = {b: 'c'}; call(a);\n" * 380_000 + "</script>",
    "calls": "<script>" + "SwaggerUIBundle({a: [" * 480_000 + "</script>",
    "tags without an end": "<html>" + "<a b='x' c=" * 900_000,
    "comments without an end": "<html>" + "<!-- " * 2_000_000,
    "calls without an end": "<script>" + "SwaggerUIBundle(a/b/* " * 450_000 + "</script>",
    "calls of calls": "<script>" + "SwaggerUIBundle(a/b; c) " * 400_000 + "</script>",
    "links": "<a href='/openapi.json'>x</a>" * 200_000,
}


@pytest.mark.e2e  # slow: each is a large document
@pytest.mark.parametrize("page", LARGE_PAGES.values(), ids=LARGE_PAGES)
def test_a_document_of_ten_megabytes_in_a_page_is_found_within_seconds(page: str) -> None:
    begun = time.monotonic()
    found = find_documents(page, HERE)
    assert time.monotonic() - begun < 60  # seconds as a rule; one that never ends is what must not be
    assert found[0].kind == "inline"
    assert len(found[0].document["paths"]) >= 70_000


@pytest.mark.e2e  # slow: each is a large document
@pytest.mark.parametrize("page", LARGE_JUNK.values(), ids=LARGE_JUNK)
def test_ten_megabytes_of_a_page_about_something_else_take_seconds(page: str) -> None:
    begun = time.monotonic()
    found = find_documents(page, HERE)
    assert time.monotonic() - begun < 60  # seconds as a rule; one that never ends is what must not be
    assert len(found) <= 1


def test_a_document_inside_a_page_comes_as_it_is() -> None:
    page = f"<script>Redoc.init({TEXT})</script>"
    assert find_documents(page, HERE)[0].document == DOCUMENT


@pytest.mark.parametrize(
    ("page", "asks"),
    [("<input name=p type='password'>", True), ("<INPUT TYPE=password>", True), ("<p>the password</p>", False)],
)
def test_a_page_that_asks_for_a_password_is_a_login(page: str, asks: bool) -> None:  # noqa: FBT001  # a table's column
    assert is_login_page(page) is asks
