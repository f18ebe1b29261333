from __future__ import annotations

import gc
import gzip
import logging
import signal
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.errors import (
    AnswerError,
    ForbiddenError,
    HR4YouError,
    NotFoundError,
    RequestRefusedError,
    TenantUnavailableError,
    UnexpectedAnswerError,
)
from hr4you.http import scrub
from tests.hr4you.http.tenants import Asked, Reply, client_of, serving

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Reply(data={"data": []})

STATUSES: dict[str, tuple[int, type[AnswerError]]] = {
    "400": (400, RequestRefusedError),
    "403": (403, ForbiddenError),
    "404": (404, NotFoundError),
    "409": (409, RequestRefusedError),
    "422": (422, RequestRefusedError),
    "302 without an address": (302, UnexpectedAnswerError),
}


@pytest.mark.parametrize(("status", "kind"), STATUSES.values(), ids=STATUSES)
def test_a_refusal_is_told_at_once_and_by_how_to_recover(status: int, kind: type[AnswerError]) -> None:
    refusal = Reply(status, data={"message": "jana@example.org"}, headers={"X-Request-Id": "r-17"})
    with serving([refusal]) as tenant, client_of(tenant) as client:
        with pytest.raises(kind) as caught:
            client.get("applicants/7", {"email": "jana@example.org"})
        assert len(tenant.asked) == 1
    assert caught.value.status == status
    assert caught.value.request_id == "r-17"
    assert "GET /api2/applicants/7" in str(caught.value)
    assert "jana" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_refused_fields_are_named_but_not_what_is_said_of_them() -> None:
    refusal = Reply(422, data={"errors": {"email": ["jana@example.org is taken"], "a b@c": ["x"]}})
    with (
        serving([refusal]) as tenant,
        client_of(tenant) as client,
        pytest.raises(RequestRefusedError, match=r"fields: email\. ") as caught,
    ):
        client.request("POST", "applicants", json={})
    assert "jana" not in str(caught.value)


def test_a_request_id_that_is_no_plain_word_is_not_repeated() -> None:
    with (
        serving([Reply(404, headers={"X-Request-Id": "Jana Muster"})]) as tenant,
        client_of(tenant) as client,
        pytest.raises(NotFoundError) as caught,
    ):
        client.get("jobs")
    assert caught.value.request_id is None


def test_a_redirect_to_another_host_gets_neither_a_request_nor_the_token() -> None:
    with serving([GOOD]) as other:
        redirect = Reply(302, headers={"Location": f"{other.base_url}/api2/jobs?secret=1"})
        with serving([redirect]) as tenant, client_of(tenant) as client:
            with pytest.raises(UnexpectedAnswerError) as caught:
                client.get("jobs")
            assert len(tenant.asked) == 1
        assert other.asked == []
    assert other.base_url in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_redirect_within_the_tenant_names_the_path() -> None:
    with (
        serving([Reply(302, headers={"Location": "/login?next=jobs"})]) as tenant,
        client_of(tenant) as client,
        pytest.raises(UnexpectedAnswerError, match="to /login "),
    ):
        client.get("jobs")


def test_a_whole_url_of_another_host_is_refused() -> None:
    with serving([GOOD]) as tenant, client_of(tenant) as client:
        with pytest.raises(UnexpectedAnswerError, match=r"elsewhere\.example"):
            client.get("https://elsewhere.example/api2/jobs")
        assert client.get(f"{tenant.base_url}/api2/jobs").status == 200


def test_paths_are_below_the_base_path_unless_they_start_with_a_slash() -> None:
    with serving([GOOD]) as tenant, client_of(tenant) as client:
        client.get("jobs", {"a": "ü&b"})
        client.get("/api/other")
        assert [(asked.path, asked.params) for asked in tenant.asked] == [
            ("/api2/jobs", {"a": "ü&b"}),
            ("/api/other", {}),
        ]
        assert tenant.asked[0].headers["Accept"] == "application/json"


ODD_PATH = "100%s/%(name)s/{0}/{name}/%zz%"
REFUSALS: dict[str, Reply] = {
    **{str(status): Reply(status, data={"message": "%s {0}"}) for status in (401, 403, 404, 422, 429, 503)},
    "206": Reply(206),
    "a web page": Reply(body=b"<html>100%s {0}</html>"),
    "a reset connection": Reply(reset=True),
    "a way on to the same": Reply(302, headers={"Location": "/100%s/{0}"}),
    "a way on to another": Reply(302, headers={"Location": "https://100%25s.example/{0}"}),
    "an odd request id": Reply(404, headers={"X-Request-Id": "100%s{0}"}),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_percent_signs_and_braces_in_a_path_are_told_as_they_are(
    refusal: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    with serving([refusal]) as tenant, client_of(tenant, max_retries=1) as client, caplog.at_level(logging.DEBUG):
        with pytest.raises(HR4YouError) as caught:
            client.get(ODD_PATH)
        assert {asked.path for asked in tenant.asked} == {"/api2/100%25s/%25(name)s/%7B0%7D/%7Bname%7D/%25zz%25"}
    assert f"GET /api2/{ODD_PATH}: " in str(caught.value)
    logging.getLogger("somebody").error("%s", caught.value)
    assert caplog.messages[-1] == str(caught.value)


BODY = '{"data": "Müller"}'
RAW_DEFLATE = zlib.compressobj(wbits=-15)
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "UTF-8": (BODY.encode(), {}),
    "a byte order mark": (BODY.encode("utf-8-sig"), {}),
    "Latin-1": (BODY.encode("latin-1"), {"Content-Type": "application/json; charset=ISO-8859-1"}),
    "another content type": (BODY.encode(), {"Content-Type": "text/html"}),
    "gzip": (gzip.compress(BODY.encode()), {"Content-Encoding": "gzip"}),
    "gzip in two members": (
        gzip.compress(BODY.encode()[:5]) + gzip.compress(BODY.encode()[5:]),
        {"Content-Encoding": "gzip"},
    ),
    "deflate": (zlib.compress(BODY.encode()), {"Content-Encoding": "deflate"}),
    "raw deflate": (RAW_DEFLATE.compress(BODY.encode()) + RAW_DEFLATE.flush(), {"Content-Encoding": "deflate"}),
}


@pytest.mark.parametrize(("body", "headers"), BODIES.values(), ids=BODIES)
def test_an_answer_is_read_in_every_usual_form(body: bytes, headers: dict[str, str]) -> None:
    with serving([Reply(body=body, headers=headers)]) as tenant, client_of(tenant) as client:
        assert client.get("jobs").data == {"data": "Müller"}
        assert len(tenant.asked) == 1


def test_half_a_character_is_replaced_so_that_it_can_be_written() -> None:
    body = rb'{"data": "cut \ud83d", "more": ["\ud83d\ude00"]}'
    with serving([Reply(body=body)]) as tenant, client_of(tenant) as client:
        assert client.get("jobs").data == {"data": "cut �", "more": ["😀"]}


def test_an_answer_without_a_body_has_no_data() -> None:
    with serving([Reply(204, body=b"")]) as tenant, client_of(tenant) as client:
        assert client.request("PATCH", "jobs/1", json={}).data is None


def test_results_come_in_the_order_of_their_items_from_as_many_threads_as_allowed() -> None:
    meeting = threading.Barrier(4)

    def answer(asked: Asked) -> Reply:
        if int(asked.params["id"]) < 4:
            meeting.wait(5)
        return Reply(data=int(asked.params["id"]))

    with serving(answer) as tenant, client_of(tenant, concurrency=4) as client:
        found = client.map_ordered(lambda number: client.get("jobs", {"id": number}).data, range(30))
        assert list(found) == list(range(30))


def test_a_map_on_a_worker_thread_does_not_wait_for_other_workers() -> None:
    with serving([GOOD]) as tenant, client_of(tenant, concurrency=2) as client:

        def work(number: int) -> list[int]:
            return list(client.map_ordered(lambda inner: number * inner, range(3)))

        assert list(client.map_ordered(work, range(4))) == [[0, 0, 0], [0, 1, 2], [0, 2, 4], [0, 3, 6]]


def test_the_first_error_ends_a_map_and_the_rest_is_not_begun() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        return 1 // (number - 2)

    with serving([GOOD]) as tenant, client_of(tenant, concurrency=1) as client, pytest.raises(ZeroDivisionError):
        list(client.map_ordered(work, range(1000)))
    assert len(begun) < 10


def test_a_closed_client_sends_nothing_more() -> None:
    with serving([GOOD]) as tenant:
        with client_of(tenant) as client:
            client.get("jobs")
        with pytest.raises(TenantUnavailableError, match="closed"):
            client.get("jobs")
        assert len(tenant.asked) == 1


def test_a_client_that_is_dropped_leaves_no_open_connection() -> None:
    with serving([GOOD]) as tenant:
        client = client_of(tenant)
        list(client.map_ordered(client.get, ["jobs"] * 20))
        before = threading.active_count()
        del client
        gc.collect()
        assert threading.active_count() < before


def test_a_proxy_of_the_environment_is_used_and_its_password_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving([GOOD]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.replace("//", "//user:secret-of-the-proxy@"))
        monkeypatch.setenv("http_proxy", proxy.base_url.replace("//", "//user:secret-of-the-proxy@"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        with serving([GOOD]) as tenant, client_of(tenant) as client:
            client.get("jobs")
            assert tenant.asked == []
        assert proxy.asked[0].headers["Authorization"].startswith("Bearer ")
    assert scrub("secret-of-the-proxy") == "***"


SCRIPT = """
import sys
from hr4you.http import Client, read_pages
from hr4you.settings import Connection
from hr4you.contract import load_contract
api = load_contract().api
client = Client(Connection.from_config({"base_url": sys.argv[1], "api_token": "x"}), api)
for page in read_pages(client, "applicants", api.pagination, api.records, {}):
    pass
"""


def test_ctrl_c_does_not_wait_for_requests_in_flight(tmp_path: Path) -> None:
    waiting, answered = threading.Barrier(9), threading.Event()

    def answer(asked: Asked) -> Reply:
        if asked.params["page"] != "1":
            waiting.wait(20)
            answered.wait(20)
        return Reply(data={"data": [{"id": 1}], "meta": {"lastPage": 99}})

    script = tmp_path / "reads.py"
    script.write_text(SCRIPT)
    with serving(answer) as tenant:
        command: list[Any] = [sys.executable, script, tenant.base_url]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            waiting.wait(20)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=10)
            answered.set()
    assert process.returncode == -signal.SIGINT
    assert err.count(b"Traceback") == 1
