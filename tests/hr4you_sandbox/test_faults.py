"""Faults that spoil, delay or refuse an answer."""

from __future__ import annotations

import http.client
import zlib
from typing import TYPE_CHECKING, Any

import pytest
import requests

from hr4you_sandbox.faults import Fault, FaultPlan, read_plan

if TYPE_CHECKING:
    from hr4you_sandbox import Sandbox
    from tests.hr4you_sandbox.conftest import Caller

JOBS = "/api2/jobs"
PERSON = {"firstname": "Ä", "lastname": "B", "email": "ab@example.de"}


def struck(plan: FaultPlan, requests_: int) -> list[int]:
    """Which of so many equal requests are struck, counted from 1."""
    return [number for number in range(1, requests_ + 1) if plan.strike("GET", JOBS, "page=1")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"nth": 2}, [2]),
        ({"nth": 2, "times": 3}, [2, 3, 4]),
        ({"times": 2}, [1, 2]),
        ({"probability": 0.0}, []),
        ({"probability": 1.0}, [1, 2, 3, 4, 5]),
        ({"match": "GET /api2/*"}, [1, 2, 3, 4, 5]),
        ({"match": "* /api2/jobs?page=1"}, [1, 2, 3, 4, 5]),
        ({"match": "POST /api2/jobs"}, []),
        ({"match": "GET /api2"}, []),
    ],
    ids=str,
)
def test_a_fault_strikes_the_requests_that_it_names(entry: dict[str, Any], expected: list[int]) -> None:
    plan = FaultPlan([Fault(**{"match": f"GET {JOBS}", "fault": "reset", **entry})])
    assert struck(plan, 5) == expected


def test_chances_are_the_same_for_the_same_seed() -> None:
    text = "- {match: '*', fault: reset, probability: 0.3}"
    first, second = (struck(FaultPlan(read_plan(text), seed=5), 200) for _ in range(2))
    assert first == second
    assert 30 < len(first) < 90


def test_an_empty_plan_strikes_nothing() -> None:
    assert read_plan("") == []


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
@pytest.mark.parametrize("fault", ["status", "reset", "reset_mid_body", "truncated_json", "html_200", "empty_201"])
def test_a_spoilt_answer_says_nothing_of_whether_the_request_took_effect(
    call: Caller, sandbox: Sandbox, fault: str, when: str
) -> None:
    sandbox.faults({"match": "POST /api2/applicants", "fault": fault, "nth": 1, "when": when})
    try:
        answer = call("POST", "/api2/applicants", json=PERSON)
    except requests.ConnectionError:
        assert fault in {"reset", "reset_mid_body"}
    except requests.exceptions.ChunkedEncodingError:
        assert fault == "reset_mid_body"
    else:
        assert answer.text != '{"data":{"applicantId":1061}}'
        assert answer.status_code == {"status": 503, "html_200": 200, "empty_201": 201, "truncated_json": 201}.get(
            fault if when == "after_commit" or fault != "truncated_json" else "html_200"
        )
    assert sandbox.stats()["objects"]["applicants"] == (61 if when == "after_commit" else 60)
    assert call("POST", "/api2/applicants", json=PERSON).status_code == 201


def test_a_late_commit_takes_effect_after_the_answer(call: Caller, sandbox: Sandbox) -> None:
    late = {"fault": "status", "status": 504, "when": "late_commit", "seconds": 0.05, "nth": 1}
    sandbox.faults({"match": "POST /api2/applicants", **late})
    assert call("POST", "/api2/applicants", json=PERSON).status_code == 504
    first = sandbox.stats()["objects"]["applicants"]
    counts = iter(lambda: sandbox.stats()["objects"]["applicants"], 61)
    assert set(counts) <= {60}
    assert first in {60, 61}


@pytest.mark.parametrize("after", [7, "Wed, 21 Oct 2099 07:28:00 GMT"], ids=["seconds", "date"])
def test_a_status_comes_with_its_retry_after(call: Caller, sandbox: Sandbox, after: int | str) -> None:
    sandbox.faults({"match": "*", "fault": "status", "status": 429, "retry_after": after})
    answer = call("GET", JOBS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(after))


def test_a_time_out_leaves_the_client_waiting(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {JOBS}", "fault": "timeout", "nth": 1})
    with pytest.raises(requests.ReadTimeout):
        call.session.get(sandbox.base_url + JOBS, timeout=0.05)
    assert call("GET", JOBS).status_code == 200


def test_a_time_out_that_ends_resets_the_connection(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "timeout", "seconds": 0.01})
    with pytest.raises(requests.ConnectionError):
        call("GET", JOBS)


def test_a_reset_is_a_tcp_reset(sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "reset"})
    line = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    line.request("GET", JOBS)
    with pytest.raises(ConnectionResetError):
        line.getresponse()
    line.close()


def test_an_answer_drips_and_is_whole(call: Caller, sandbox: Sandbox) -> None:
    whole = call.get(JOBS)
    sandbox.faults({"match": "*", "fault": "slow_drip", "seconds": 0.02})
    assert call.get(JOBS) == whole


def test_a_wrong_content_type_leaves_the_content_right(call: Caller, sandbox: Sandbox) -> None:
    whole = call.get(JOBS)
    sandbox.faults({"match": "*", "fault": "wrong_content_type"})
    answer = call("GET", JOBS)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.json() == whole


def test_a_cut_gzip_ends_in_mid_stream(sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "cut_gzip"})
    line = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    line.request("GET", "/api2/stages", headers={"Authorization": "Bearer sandbox"})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    assert answer.getheader("Content-Encoding") == "gzip"
    unpacker = zlib.decompressobj(wbits=31)
    unpacker.decompress(body)
    assert not unpacker.eof


def test_a_redirect_leads_to_another_host_with_the_query(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "redirect", "location": "https://elsewhere.example.net"})
    answer = call("GET", JOBS, params={"page": 2})
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example.net/api2/jobs?page=2")


def test_an_expired_token_is_refused_for_one_answer(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "expire_token", "nth": 2})
    assert [call("GET", JOBS).status_code for _ in range(3)] == [200, 401, 200]


def test_the_control_api_is_struck_by_nothing(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": "*", "fault": "reset"})
    assert sandbox.stats()["requests"] == {}
    sandbox.faults()
    assert call("GET", JOBS).status_code == 200
