"""The public job feed in both forms, and the API's documents."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from hr4you_sandbox.feed import split_text

if TYPE_CHECKING:
    from hr4you_sandbox import Sandbox
    from tests.hr4you_sandbox.conftest import Caller

FEED = "/api/jobs/xml/set/website"


def published(sandbox: Sandbox) -> set[str]:
    jobs = sandbox.objects("jobs")
    return {str(job["jobId"]) for job in jobs if (job["jobStatus"], job["jobVisibility"]) == ("offen", "oeffentlich")}


def read(call: Caller, path: str) -> ET.Element:
    answer = call("GET", path, headers={"Accept": "application/xml"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    return ET.fromstring(answer.content)  # noqa: S314  # our own document


def text(job: ET.Element, name: str) -> str:
    return (job.findtext(name) or "").strip()


def test_the_feed_holds_the_open_and_public_jobs_without_a_token(strangers: Caller, sandbox: Sandbox) -> None:
    root = read(strangers, FEED)
    assert root.tag == "HR4YOU_JOBS"
    assert {text(job, "jobId") for job in root} == published(sandbox) != set()
    assert {job.tag for job in root} == {"job"}


def test_the_older_form_holds_the_same_jobs(strangers: Caller, sandbox: Sandbox) -> None:
    root = read(strangers, "/api/jobs/xml/set/v2")
    assert root.tag == "jobs"
    assert {entry.get("id") for entry in root} == published(sandbox)
    assert {text(entry, "jobid") for entry in root} == published(sandbox)


def test_the_texts_are_whole_or_in_parts(strangers: Caller, sandbox: Sandbox) -> None:
    jobs = {str(job["jobId"]): job for job in sandbox.objects("jobs")}
    shapes = set()
    for job in read(strangers, FEED):
        parts = "".join(
            text(job, name) for name in ("jobSummary", "jobResponsibilities", "jobRequirements", "jobBenefits")
        )
        assert text(job, "jobFulltext") + parts == jobs[text(job, "jobId")]["jobFulltext"]
        shapes.add(bool(parts))
    assert shapes == {True, False}


def test_a_job_that_is_closed_leaves_the_feed(strangers: Caller, sandbox: Sandbox) -> None:
    gone = min(published(sandbox))
    sandbox.patch("jobs", int(gone), jobStatus="geschlossen")
    assert gone not in {text(job, "jobId") for job in read(strangers, FEED)}
    sandbox.create("jobs", jobTitle="A & <B>", jobStatus="offen", jobVisibility="oeffentlich")
    assert "A & <B>" in {text(job, "jobTitle") for job in read(strangers, FEED)}


def test_another_set_is_not_there(strangers: Caller) -> None:
    assert strangers("GET", "/api/jobs/xml/set/other").status_code == 404


@pytest.mark.parametrize(
    "html", ["", "<p>a</p>", "<h2>Ihr Profil</h2>b", "<h2>Ihre Aufgaben</h2>b<h2>Wir bieten</h2>c"]
)
def test_no_text_is_lost_by_cutting_it(html: str) -> None:
    assert "".join(split_text(html)) == html


def test_a_text_may_end_a_cdata_section(strangers: Caller, sandbox: Sandbox) -> None:
    made = sandbox.create("jobs", jobFulltext="a]]>b", jobStatus="offen", jobVisibility="oeffentlich")
    entries = {entry.get("id"): entry for entry in read(strangers, "/api/jobs/xml/set/v2")}
    assert text(entries[str(made["jobId"])], "einleitung") == "a]]>b"


def test_the_documents_need_no_token(strangers: Caller) -> None:
    document = strangers.get("/api2/openapi.json")
    assert document["openapi"].startswith("3.")
    assert {"get", "post"} <= set(document["paths"]["/api2/applicants"])
    html = strangers("GET", "/api2/docs").text
    assert all(path in html for path in document["paths"])


def test_the_document_describes_the_objects_as_they_are(strangers: Caller, sandbox: Sandbox) -> None:
    schemas = strangers.get("/api2/openapi.json")["components"]["schemas"]
    for kind in ("users", "jobs", "applicants", "stages", "applications"):
        assert list(schemas[kind]["properties"]) == list(sandbox.objects(kind)[0]), kind
