"""What a pipeline writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hr4you_sandbox import Sandbox
    from tests.hr4you_sandbox.conftest import Caller

PERSON = {"firstname": "Jörg", "lastname": "Groß", "email": "joerg@example.de"}


def open_job(sandbox: Sandbox) -> int:
    return next(int(job["jobId"]) for job in sandbox.objects("jobs") if job["jobStatus"] == "offen")


def test_an_applicant_is_made_of_what_was_sent(call: Caller) -> None:
    sent = {**PERSON, "phone": "0171 1", "gender": "d", "city": "Köln", "country": "DE", "consent": True}
    answer = call("POST", "/api2/applicants", json={**sent, "source": {"name": "LinkedIn"}})
    assert (answer.status_code, answer.json()) == (201, {"data": {"applicantId": 1061}})
    made = call.get("/api2/applicants", email="JOERG@example.de")["data"][0]
    assert made["phones"] == [{"type": "mobil", "number": "0171 1"}]
    assert (made["city"], made["country"], made["consent"]) == ("Köln", "DE", True)
    assert made["source"] == {"id": 4, "name": "LinkedIn"}
    assert call("POST", "/api2/applicants", json=PERSON).json() == {"data": {"applicantId": 1062}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"firstname": " "}, "firstname"),
        ({"email": None}, "email"),
        ({"email": "no address"}, "email"),
        ({"gender": "x"}, "gender"),
        ({"source": {"id": 99}}, "source"),
        ({"source": "LinkedIn"}, "source"),
    ],
)
def test_an_applicant_with_a_bad_field_is_refused_by_its_name(
    call: Caller, sandbox: Sandbox, change: dict[str, Any], field: str
) -> None:
    answer = call("POST", "/api2/applicants", json={**PERSON, **change})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert sandbox.stats()["objects"]["applicants"] == 60


def test_an_application_is_made_once_and_named_the_second_time(call: Caller, sandbox: Sandbox) -> None:
    applicant = call("POST", "/api2/applicants", json=PERSON).json()["data"]["applicantId"]
    sent = {"applicantId": applicant, "jobId": open_job(sandbox)}
    first, second = (call("POST", "/api2/applications", json=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 409)
    assert first.json()["data"] == second.json()["data"]
    made = call.get(f"/api2/applications/{first.json()['data']['applicationId']}")["data"]
    assert (made["stageId"], made["status"], made["customFields"]) == (1, "neu", [])
    assert call.get("/api2/applications", **sent)["data"] == [made]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"applicantId": 1}, "applicantId"), ({"jobId": None}, "jobId"), ({"stageId": 99}, "stageId")],
)
def test_an_application_that_points_nowhere_is_refused(
    call: Caller, sandbox: Sandbox, change: dict[str, Any], field: str
) -> None:
    answer = call("POST", "/api2/applications", json={"applicantId": 1001, "jobId": open_job(sandbox), **change})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_a_job_that_is_not_open_takes_no_application(call: Caller, sandbox: Sandbox) -> None:
    sandbox.patch("jobs", 201, jobStatus="geschlossen")
    answer = call("POST", "/api2/applications", json={"applicantId": 1001, "jobId": 201})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["jobId"])


def test_custom_fields_are_merged_by_key(call: Caller, sandbox: Sandbox) -> None:
    sandbox.patch("applications", 8001, customFields=[{"key": "cf_55", "label": "Bewertung", "value": "A"}])
    path = "/api2/applications/8001"
    call("PATCH", path, json={"customFields": [{"key": "cf_51", "value": 1}]})
    answer = call("PATCH", path, json={"customFields": [{"key": "cf_51", "value": 87}]})
    assert answer.json() == call.get(path)
    assert [(field["key"], field["value"]) for field in answer.json()["data"]["customFields"]] == [
        ("cf_55", "A"),
        ("cf_51", 87),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"customFields": [{"key": "cf_12", "value": 1}]}, "customFields"),
        ({"customFields": {"cf_51": 1}}, "customFields"),
        ({"customFields": [], "status": "neu"}, "status"),
    ],
    ids=["of another model", "no list", "not a custom field"],
)
def test_other_changes_are_refused(call: Caller, body: dict[str, Any], field: str) -> None:
    answer = call("PATCH", "/api2/applications/8001", json=body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.parametrize("owner", ["applications/8001", "applicants/1001"])
def test_attachments_are_listed_with_their_size(call: Caller, owner: str) -> None:
    path = f"/api2/{owner}/attachments"
    sent = {"file": ("Lebenslauf Ä.pdf", b"%PDF-" + bytes(995), "application/pdf")}
    answer = call("POST", path, files=sent, data={"category": "cv"})
    assert (answer.status_code, answer.json()) == (201, {"data": {"attachmentId": 1}})
    listed = call.get(path)["data"]
    assert list(listed[0]) == ["attachmentId", "name", "size", "contentType", "category", "createdAt"]
    assert [listed[0][key] for key in ("size", "contentType", "category")] == [1000, "application/pdf", "cv"]
    assert listed[0]["name"] == "Lebenslauf Ä.pdf"
    assert call.get("/api2/applicants/1002/attachments")["data"] == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {"file": "x"}}, 400),
        ({"data": b"--b\r\nContent-Dis", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400),
        ({"files": {"other": b"x"}}, 422),
        ({"files": {"file": ("a", b"x")}, "data": {"category": "photo"}}, 422),
    ],
    ids=["json", "cut", "no file", "unknown category"],
)
def test_a_form_that_is_none_is_refused(call: Caller, sandbox: Sandbox, more: dict[str, Any], status: int) -> None:
    assert call("POST", "/api2/applications/8001/attachments", **more).status_code == status
    assert sandbox.stats()["objects"]["attachments"] == 0


def test_notes_are_listed_and_touch_no_time_of_change(call: Caller, sandbox: Sandbox) -> None:
    before = sandbox.objects("applications")
    path = "/api2/applications/8001/notes"
    assert call("POST", path, json={"text": "Rückruf\n<b>"}).json() == {"data": {"noteId": 1}}
    assert [(note["noteId"], note["text"]) for note in call.get(path)["data"]] == [(1, "Rückruf\n<b>")]
    assert call("POST", path, json={}).status_code == 422
    assert sandbox.objects("applications") == before
    assert sandbox.objects("notes")[0]["applicationId"] == 8001


@pytest.mark.parametrize("path", ["applications/1/notes", "applications/1/attachments", "applicants/1/attachments"])
def test_what_hangs_on_nothing_is_not_found(call: Caller, path: str) -> None:
    assert call("GET", f"/api2/{path}").status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b""], ids=["cut", "a list", "empty"])
def test_a_body_that_is_no_json_object_is_a_bad_request(call: Caller, body: bytes) -> None:
    assert call("POST", "/api2/applicants", data=body).status_code == 400


def test_sources_and_field_definitions_are_listed_whole(call: Caller) -> None:
    assert {"sourceId": 4, "name": "LinkedIn"} in call.get("/api2/sources")["data"]
    fields = call.get("/api2/customfields", model="application")["data"]
    assert {tuple(field) for field in fields} == {("key", "label", "type", "model")}
    assert {field["model"] for field in fields} == {"application"}
    assert {field["type"] for field in call.get("/api2/customfields")["data"]} == {
        "text", "number", "boolean", "date", "select",
    }  # fmt: skip


def test_the_page_shows_what_the_pipeline_wrote(call: Caller, strangers: Caller, sandbox: Sandbox) -> None:
    applicant = call("POST", "/api2/applicants", json={**PERSON, "lastname": "<Groß>"}).json()["data"]["applicantId"]
    sent = {"applicantId": applicant, "jobId": open_job(sandbox)}
    number = call("POST", "/api2/applications", json=sent).json()["data"]["applicationId"]
    call("POST", f"/api2/applications/{number}/notes", json={"text": "Testergebnis: 87"})
    call("POST", f"/api2/applications/{number}/attachments", files={"file": ("cv.pdf", b"x")})
    call("PATCH", f"/api2/applications/{number}", json={"customFields": [{"key": "cf_51", "value": 87}]})
    html = strangers("GET", "/").text
    for text in ("&lt;Groß&gt;", "joerg@example.de", "Testergebnis: 87", "cv.pdf", "Eignungstest Ergebnis"):
        assert text in html
    assert "<Groß>" not in html
