"""Lists, single objects, filters and headers of the default wire."""

from __future__ import annotations

import gzip
import http.client
import json
from email.utils import parsedate_to_datetime

import pytest

from hr4you_sandbox import Sandbox, serve_in_thread
from tests.hr4you_sandbox.conftest import Caller

KEYS = {
    "users": "userId firstname lastname email active updatedAt",
    "jobs": "jobId jobTitle jobFulltext jobEmploymentType jobCategory jobStatus jobVisibility jobWorkplace"
    " jobWorkplaceZipcode jobStreet jobRegion jobCountry jobOffer jobPublishingDateFrom jobPublishingDateUntil"
    " contactId customFields createdAt updatedAt",
    "applicants": "applicantId firstname lastname emails phones street zipcode city region country source socialMedia"
    " consent customFields createdAt updatedAt",
    "stages": "stageId name position updatedAt",
    "applications": "applicationId applicantId jobId stageId status customFields createdAt updatedAt",
}


@pytest.mark.parametrize(("kind", "keys"), KEYS.items(), ids=list(KEYS))
def test_each_list_holds_the_wire_objects_sorted_by_id(call: Caller, kind: str, keys: str) -> None:
    answer = call.get(f"/api2/{kind}", page=1, limit=200)
    assert all(list(item) == keys.split() for item in answer["data"])
    ids = [item[keys.split(maxsplit=1)[0]] for item in answer["data"]]
    assert ids == sorted(ids)
    assert answer["meta"] == {"page": 1, "lastPage": 1, "total": len(ids)}
    assert call.get(f"/api2/{kind}/{ids[0]}") == {"data": answer["data"][0]}


def test_pages_join_to_the_whole_list(call: Caller, sandbox: Sandbox) -> None:
    pages = call.pages("/api2/applicants", limit=7)
    assert [len(page) for page in pages] == [7] * 8 + [4]
    assert [item for page in pages for item in page] == sandbox.objects("applicants")


def test_a_page_behind_the_last_is_empty_and_a_size_beyond_200_is_cut(call: Caller) -> None:
    assert call.get("/api2/applicants", page=99, limit=50)["data"] == []
    with serve_in_thread(candidates=201) as big:
        other = Caller(big, {"Authorization": "Bearer sandbox"})
        answer = other.get("/api2/applicants", limit=5000)
        other.session.close()
    assert (len(answer["data"]), answer["meta"]["lastPage"]) == (200, 2)


def test_an_empty_list_has_one_page(call: Caller) -> None:
    answer = call.get("/api2/applicants", updatedSince="2099-01-01T00:00:00Z")
    assert answer == {"data": [], "meta": {"page": 1, "lastPage": 1, "total": 0}}


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2025-10-26T00:30:00Z", True),
        ("2025-10-26T02:30:00+02:00", True),
        ("2025-10-26T00:30:01Z", False),
        ("2025-10-26T00:30:00.000001Z", False),
        ("2025-10-26T02:30:00", True),
    ],
    ids=["same second", "an offset", "a second later", "a microsecond later", "naive is Berlin, the earlier pass"],
)
def test_updated_since_includes_its_own_second(call: Caller, since: str, *, found: bool) -> None:
    ids = [item["applicantId"] for item in call.get("/api2/applicants", updatedSince=since, limit=200)["data"]]
    assert (1004 in ids) is found


@pytest.mark.parametrize(
    "params",
    [
        {"page": "0"},
        {"limit": "0"},
        {"page": "x"},
        {"updatedSince": "gestern"},
        {"updatedSince": "2025-01-01T00:00:00 00:00"},
    ],
    ids=["page 0", "limit 0", "no number", "no time", "a plus that was not escaped"],
)
def test_parameters_that_make_no_sense_are_refused_by_name(call: Caller, params: dict[str, str]) -> None:
    answer = call("GET", "/api2/applicants", params=params)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(params)


def test_fields_leave_the_others_out(call: Caller) -> None:
    assert call.get("/api2/applicants", limit=2, fields="applicantId")["data"] == [
        {"applicantId": 1001},
        {"applicantId": 1002},
    ]
    item = call.get("/api2/jobs", limit=1, fields="updatedAt,jobId,unknown")["data"][0]
    assert set(item) == {"jobId", "updatedAt"}


@pytest.mark.parametrize("order", ["updated_asc", "updated_desc"])
def test_lists_can_be_sorted_by_the_time_of_change(order: str) -> None:
    with serve_in_thread(candidates=40, order=order) as sandbox:  # type: ignore[arg-type]  # a str of the table
        caller = Caller(sandbox, {"Authorization": "Bearer sandbox"})
        times = [item["updatedAt"] for page in caller.pages("/api2/applicants", limit=10) for item in page]
        caller.session.close()
    assert times == sorted(times, reverse=order == "updated_desc")


def test_applicants_are_found_by_email_in_any_case(call: Caller, sandbox: Sandbox) -> None:
    made = sandbox.create("applicants", emails=[{"type": "privat", "address": "Jörg.Groß@Example.DE"}])
    sandbox.create("applicants", emails=[{"type": "privat", "address": "jörg.groß@example.de"}])
    found = call.get("/api2/applicants", email="JÖRG.GROSS@example.de")
    assert [item["applicantId"] for item in found["data"]] == [made["applicantId"], made["applicantId"] + 1]
    sandbox.delete("applicants", made["applicantId"])
    assert call.get("/api2/applicants", email="jörg.groß@example.de")["meta"]["total"] == 1
    assert call.get("/api2/applicants", email="nobody@example.de")["data"] == []


def test_applications_are_found_by_applicant_and_job(call: Caller, sandbox: Sandbox) -> None:
    one = sandbox.objects("applications")[0]
    pair = {"applicantId": one["applicantId"], "jobId": one["jobId"]}
    assert call.get("/api2/applications", **pair)["data"] == [one]
    assert one in call.get("/api2/applications", applicantId=one["applicantId"])["data"]
    assert call.get("/api2/applications", **{**pair, "jobId": 1})["data"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api2/applicants/1", 404),
        ("GET", "/api2/nothing", 404),
        ("GET", "/api2/applicants/abc", 404),
        ("DELETE", "/api2/applicants/1001", 405),
        ("PUT", "/api2/jobs", 405),
    ],
)
def test_what_is_not_there_is_said_in_json(call: Caller, method: str, path: str, status: int) -> None:
    answer = call(method, path)
    assert answer.status_code == status
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "sandbox"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic c2FuZGJveDpzYW5kYm94"},
    ],
    ids=["none", "no scheme", "wrong", "basic"],
)
def test_without_the_token_nothing_is_told(strangers: Caller, headers: dict[str, str]) -> None:
    answer = strangers("GET", "/api2/applicants", headers=headers)
    assert answer.status_code == 401
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize("path", ["/api2/jobs", "/api2/none", "/", "/sandbox/stats", "/api/jobs/xml/set/website"])
def test_every_answer_has_a_date_and_a_request_id_of_its_own(call: Caller, path: str) -> None:
    first, second = call("GET", path), call("GET", path)
    assert parsedate_to_datetime(first.headers["Date"]).tzinfo is not None
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_gzip_comes_only_where_it_was_asked_for(sandbox: Sandbox) -> None:
    bodies = []
    for accepted in ("identity", "gzip"):
        line = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
        headers = {"Authorization": "Bearer sandbox", "Accept-Encoding": accepted}
        line.request("GET", "/api2/applicants", headers=headers)
        answer = line.getresponse()
        bodies.append(answer.read())
        assert answer.getheader("Content-Encoding") == (None if accepted == "identity" else "gzip")
        line.close()
    assert json.loads(gzip.decompress(bodies[1])) == json.loads(bodies[0])
