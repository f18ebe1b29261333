"""The token goes to the tenant's own origin and nowhere else, however an address is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from hr4you.contract import Pagination, compile_expression
from hr4you.errors import UnexpectedAnswerError
from hr4you.http import Client, read_pages
from tests.hr4you.http.tenants import TOKEN, Asked, Reply, client_of, serving

if TYPE_CHECKING:
    from collections.abc import Callable

IN_ANSWER: dict[str, Any] = {"type": "link", "next": "next"}
IN_HEADER: dict[str, Any] = {"type": "link"}

# {own} and {other} are host and port of the tenant and of somebody else's server.
FOREIGN = {
    "another port": "http://{other}/api2/jobs",
    "without a scheme": "//{other}/api2/jobs",
    "a user name": "http://{own}@{other}/api2/jobs",
    "a user name of ours": "http://{other}@{own}/api2/jobs",
    "a password": "http://127.0.0.1:x@{other}/api2/jobs",
    "a backslash before an at": "http://{other}\\@{own}/api2/jobs",
    "a backslash behind the host": "http://{own}\\@{other}/api2/jobs",
    "backslashes for slashes": "http:\\\\{other}\\api2\\jobs",
    "a slash and a backslash": "/\\{other}/api2/jobs",
    "two backslashes": "\\\\{other}/api2/jobs",
    "a hash before an at": "http://{other}#@{own}/api2/jobs",
    "a question mark before an at": "http://{other}?@{own}/api2/jobs",
    "a tab": "http://{own}\t@{other}/api2/jobs",
    "a tab in the slashes": "/\t/{other}/api2/jobs",
    "a blank before it": " http://{other}/api2/jobs",
    "TLS": "https://{other}/api2/jobs",
    "TLS at our port": "https://{own}/api2/jobs",
    "another scheme": "ftp://{own}/api2/jobs",
    "a file": "file:///etc/hostname",
    "the host in capitals": "HTTP://LOCALHOST:{other_port}/api2/jobs",
    "a dot behind the host": "http://localhost.:{other_port}/api2/jobs",
    "a wide at": "http://{own}\uff20{other}/api2/jobs",
    "a wide slash": "http://{other}\uff0f@{own}/api2/jobs",
    "a port that is none": "http://{own}.example/api2/jobs",
}
SOME = (  # of each kind one: all places go through the same check
    "another port",
    "without a scheme",
    "a user name",
    "a backslash before an at",
    "TLS at our port",
    "a dot behind the host",
    "a wide at",
    "a port that is none",
)
ONLY_IN_ANSWERS = {  # no header can hold these
    "a line break": "http://{own}\n@{other}/api2/jobs",
    "a return": "http://{own}\r@{other}/api2/jobs",
    "a zero byte": "http://{own}\0@{other}/api2/jobs",
    "a line break in the slashes": "/\n/{other}/api2/jobs",
}


def ids_of(client: Client, pagination: dict[str, Any]) -> list[int]:
    pages = read_pages(client, "jobs", Pagination.model_validate(pagination), compile_expression("data"), {})
    return [record["id"] for page in pages for record in page.records]


def linking(link: Callable[[], str], *, in_header: bool) -> Callable[[Asked], Reply]:
    """Answer with a list whose first page links to the second."""

    def answer(asked: Asked) -> Reply:
        if asked.params.get("after"):
            return Reply(data={"data": [{"id": 2}]})
        if in_header:  # http.server sends Latin-1, as requests reads it
            target = link().encode().decode("latin-1")
            return Reply(data={"data": [{"id": 1}]}, headers={"Link": f'<{target}>; rel="next"'})
        return Reply(data={"data": [{"id": 1}], "next": link()})

    return answer


@pytest.mark.parametrize(
    ("pagination", "link"),
    [
        *(pytest.param(IN_ANSWER, link, id=f"answer, {name}") for name, link in {**FOREIGN, **ONLY_IN_ANSWERS}.items()),
        *(pytest.param(IN_HEADER, FOREIGN[name], id=f"header, {name}") for name in SOME),
    ],
)
def test_a_next_page_elsewhere_gets_neither_a_request_nor_the_token(pagination: dict[str, Any], link: str) -> None:
    with serving([Reply(data={"data": []})]) as other:
        written: list[str] = []
        answer = linking(lambda: written[0], in_header="next" not in pagination)
        with serving(answer) as tenant:
            own, elsewhere = (urlsplit(server.base_url).netloc for server in (tenant, other))
            written.append(link.format(own=own, other=elsewhere, other_port=elsewhere.partition(":")[2]))
            with client_of(tenant) as client, pytest.raises(UnexpectedAnswerError) as caught:
                ids_of(client, pagination)
            assert len(tenant.asked) == 1
        assert other.asked == []
    assert "another host" in str(caught.value)
    assert str(caught.value).isprintable()
    assert TOKEN not in str(caught.value)


OWN = {
    "a whole address": "http://{own}/api2/jobs?after=1",
    "the scheme in capitals": "HTTP://{own}/api2/jobs?after=1",
    "without a scheme": "//{own}/api2/jobs?after=1",
    "a path": "/api2/jobs?after=1",
    "a path beside": "jobs?after=1",
    "a query": "?after=1",
    "another path": "/api2/more/../jobs?after=1",
    "percent signs": "/api2/jo%62s?after=1%25",
    "percent signs that are none": "/api2/jobs%zz%?after=1",
    "braces": "/api2/{{jobs}}?after={{0}}",
    "an at in the query": "/api2/jobs?after=jana@example.org",
    "umlauts": "/api2/jobs?after=ä",
}


@pytest.mark.parametrize("link", OWN.values(), ids=OWN)
def test_a_next_page_at_the_tenant_is_read_however_it_is_written(link: str) -> None:
    written: list[str] = []
    answer = linking(lambda: written[0], in_header=False)
    with serving(answer) as tenant, client_of(tenant) as client:
        written.append(link.format(own=urlsplit(tenant.base_url).netloc))
        assert ids_of(client, IN_ANSWER) == [1, 2]
        assert {asked.headers["Authorization"] for asked in tenant.asked} == {f"Bearer {TOKEN}"}


def test_a_next_page_with_the_host_in_capitals_is_the_tenants_own() -> None:
    written: list[str] = []
    with serving(linking(lambda: written[0], in_header=False)) as tenant:
        port = urlsplit(tenant.base_url).port
        written.append(f"http://LocalHost:{port}/api2/jobs?after=1")
        with client_of(tenant, base_url=f"http://localhost:{port}") as client:
            assert ids_of(client, IN_ANSWER) == [1, 2]


def test_a_next_page_that_names_the_schemes_own_port_is_the_tenants_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a proxy, as no test may listen on port 80."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(linking(lambda: "http://localhost:80/api2/jobs?after=1", in_header=False)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.base_url)
        with client_of(proxy, base_url="http://localhost") as client:
            assert ids_of(client, IN_ANSWER) == [1, 2]


WHOLE = [name for name in SOME if "://" in FOREIGN[name]]


@pytest.mark.parametrize("address", [FOREIGN[name] for name in WHOLE], ids=WHOLE)
def test_a_whole_address_elsewhere_gets_neither_a_request_nor_the_token(address: str) -> None:
    with serving([Reply(data=[])]) as other, serving([Reply(data=[])]) as tenant:
        own, elsewhere = (urlsplit(server.base_url).netloc for server in (tenant, other))
        url = address.format(own=own, other=elsewhere, other_port=elsewhere.partition(":")[2])
        with client_of(tenant) as client, pytest.raises(UnexpectedAnswerError) as caught:
            client.get(url)
        assert (tenant.asked, other.asked) == ([], [])
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("address", [FOREIGN[name] for name in SOME], ids=SOME)
def test_a_redirect_elsewhere_gets_neither_a_request_nor_the_token(address: str) -> None:
    with serving([Reply(data=[])]) as other:
        written: list[str] = []

        def answer(_: Asked) -> Reply:
            return Reply(302, headers={"Location": written[0].encode().decode("latin-1")})

        with serving(answer) as tenant, client_of(tenant) as client:
            own, elsewhere = (urlsplit(server.base_url).netloc for server in (tenant, other))
            written.append(address.format(own=own, other=elsewhere, other_port=elsewhere.partition(":")[2]))
            with pytest.raises(UnexpectedAnswerError, match="sends elsewhere") as caught:
                client.get("jobs")
            assert len(tenant.asked) == 1
        assert other.asked == []
    assert str(caught.value).isprintable()
