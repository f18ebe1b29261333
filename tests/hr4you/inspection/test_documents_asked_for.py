"""How a docs page is asked for: as a page, and as whatever else a document may be."""

from __future__ import annotations

import pytest

from hr4you.inspection.documents import read_document
from tests.hr4you.contract.draft.pages import DOCUMENT
from tests.hr4you.http.tenants import Asked, Reply, client_of, serving

PAGE = Reply(body=b"<!DOCTYPE html><redoc spec-url='/spec'></redoc>", headers={"Content-Type": "text/html"})
WANTED = "text/html, application/json, application/yaml;q=0.9, */*;q=0.8"


def answer(asked: Asked) -> Reply:
    """As servers that answer what is asked for: who wants no page gets none."""
    if "text/html" not in asked.headers["Accept"]:
        return Reply(406, data={})
    return PAGE if asked.path == "/docs" else Reply(data=DOCUMENT)


@pytest.mark.parametrize("with_credentials", [True, False], ids=["at the tenant", "elsewhere"])
def test_a_server_that_gives_pages_only_to_those_who_want_some_gives_one(with_credentials: bool) -> None:  # noqa: FBT001  # a parameter of the test
    with serving(answer) as tenant, client_of(tenant) as client:
        found = read_document(f"{tenant.base_url}/docs", client if with_credentials else None)
        assert found.data == DOCUMENT
        assert [asked.headers["Accept"] for asked in tenant.asked] == [WANTED, WANTED]
        assert all(("Authorization" in asked.headers) is with_credentials for asked in tenant.asked)


def test_data_is_asked_for_as_json_unless_something_else_is_said() -> None:
    with serving([Reply(data={})]) as tenant, client_of(tenant) as client:
        client.get("jobs")
        client.request("GET", "jobs", accept="text/plain", is_json=False)
        assert [asked.headers["Accept"] for asked in tenant.asked] == ["application/json", "text/plain"]
