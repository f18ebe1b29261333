"""The replay server itself can fail: a test bench that answers everything would hold anything."""

from __future__ import annotations

import http.client
import re
from typing import Any

import pytest

from tests.wire.conversations import Pair, conversations, fill
from tests.wire.replay import replaying

PAIR = Pair(
    method="GET",
    path="/api2/jobs",
    query={"page": "1", "since": "2026-01-31T12:00:00+01:00"},
    headers={"authorization": "Bearer sandbox", "x-auth-token": None},
    json=None,
    multipart=None,
    status=200,
    answer_headers={},
    answer_json={"data": []},
    text=None,
    terms={},
)
QUERY = "page=1&since=2026-01-31T12:00:00%2B01:00"
TOKEN = {"Authorization": "Bearer sandbox"}


def _ask(base_url: str, method: str, target: str, headers: dict[str, str], body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=5)
    connection.request(method, target, body=body, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_request_of_a_pair_is_answered_whatever_the_order_of_its_parameters() -> None:
    with replaying([PAIR, PAIR]) as server:
        assert _ask(server.base_url, "GET", f"/api2/jobs?{QUERY}", TOKEN) == 200
        reordered = "/api2/jobs?since=2026-01-31T12%3A00%3A00%2B01%3A00&page=1"
        assert _ask(server.base_url, "GET", reordered, TOKEN) == 200


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "told"),
    [
        pytest.param("POST", f"/api2/jobs?{QUERY}", TOKEN, None, "not GET", id="another method"),
        pytest.param("GET", f"/api2/job?{QUERY}", TOKEN, None, "not GET /api2/jobs", id="another path"),
        pytest.param("GET", f"/api2/jobs?{QUERY}&x=1", TOKEN, None, "query", id="a parameter more"),
        pytest.param("GET", f"/api2/jobs?{QUERY}".replace("%2B", "+"), TOKEN, None, "query", id="a bare plus"),
        pytest.param("GET", "/api2/jobs", TOKEN, None, "query", id="no parameters"),
        pytest.param("GET", f"/api2/jobs?{QUERY}", {}, None, "authorization is None", id="no token"),
        pytest.param("GET", f"/api2/jobs?{QUERY}", {**TOKEN, "X-Auth-Token": "x"}, None, "x-auth", id="a header more"),
        pytest.param("GET", f"/api2/jobs?{QUERY}", TOKEN, b"{}", "has a body", id="a body"),
    ],
)
def test_any_other_request_fails_the_test(
    method: str, target: str, headers: dict[str, str], body: bytes | None, told: str
) -> None:
    with pytest.raises(AssertionError, match=told), replaying([PAIR]) as server:
        assert _ask(server.base_url, method, target, headers, body) == 418


def test_a_pair_that_is_never_asked_for_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="never asked: GET /api2/jobs"), replaying([PAIR]):
        pass


def test_a_request_that_comes_once_too_often_fails_the_test() -> None:
    def ask_twice() -> None:
        with replaying([PAIR]) as server:
            assert _ask(server.base_url, "GET", f"/api2/jobs?{QUERY}", TOKEN) == 200
            assert _ask(server.base_url, "GET", f"/api2/jobs?{QUERY}", TOKEN) == 418

    with pytest.raises(AssertionError, match="nothing is open"):
        ask_twice()


def test_every_conversation_has_a_name_of_its_own_and_examples_for_all_its_variables() -> None:
    assert len({conversation.id for conversation in conversations()}) == len(conversations()) >= 50
    for conversation in conversations():
        for pair in conversation.as_written():
            left = re.findall(r"\$\w+", repr((pair.path, pair.query, pair.headers, pair.json, pair.answer_json)))
            assert not left, f"{conversation.id}: {left}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("$id", 7, id="a variable alone keeps its type"),
        pytest.param("/notes/$id/x", "/notes/7/x", id="inside a text it becomes text"),
        pytest.param({"a": ["$id", "5 $"]}, {"a": [7, "5 $"]}, id="at any depth"),
    ],
)
def test_variables_are_replaced(value: Any, expected: Any) -> None:
    assert fill(value, {"id": 7}) == expected
