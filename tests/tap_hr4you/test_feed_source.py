"""`jobs_source: feed`: the stream `jobs` from the public feed, run after run."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.tap_hr4you.runs import assert_one_clear_line, discover, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control import Control

JOB = "<job><jobId>{id}</jobId><jobTitle>{title}</jobTitle></job>"


def feed(*jobs: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><HR4YOU_JOBS>{"".join(jobs)}</HR4YOU_JOBS>'.encode()


class Feed:
    """What a tenant's feed answers next.

    Attributes:
        requests: path and headers of each request.
    """

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.status = 200
        self.content_type = "application/xml"
        self.requests: list[tuple[str, dict[str, str]]] = []


@contextmanager
def serve(answer: Feed) -> Iterator[dict[str, Any]]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.requests.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield {"base_url": f"http://127.0.0.1:{server.server_port}", "tenant": "acme", "jobs_source": "feed"}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_no_credentials_are_needed_or_sent_and_only_jobs_are_there() -> None:
    answer = Feed(feed(JOB.format(id=1, title="Koch"), JOB.format(id=2, title="Köchin")))
    with serve(answer) as config:
        run = run_tap({**config, "api_token": "tok-4f1c9d-secret"})
        names = [entry["tap_stream_id"] for entry in discover(config)["streams"]]

    assert names == ["jobs"]
    assert [(job["id"], job["name"]) for job in run.records()] == [("acme:job:1", "Koch"), ("acme:job:2", "Köchin")]
    assert {job["status"] for job in run.records()} == {"OPEN"}
    assert {job["visibility"] for job in run.records()} == {"PUBLIC"}
    [(path, headers)] = answer.requests
    assert path == "/api/jobs/xml/set/website"
    assert headers["accept"] == "application/xml"
    assert not any("tok-4f1c9d-secret" in value for value in headers.values())


def test_only_changed_postings_come_again_and_a_posting_that_is_gone_is_deleted() -> None:
    answer = Feed(feed(*(JOB.format(id=number, title="Koch") for number in range(1, 5))))
    with serve(answer) as config:
        first = run_tap(config)
        idle = run_tap(config, state=first.state)
        answer.body = feed(
            JOB.format(id=1, title="Koch"), JOB.format(id=2, title="Küche"), JOB.format(id=4, title="Koch")
        )
        second = run_tap(config, state=idle.state)
        answer.body = feed(*(JOB.format(id=number, title="Koch") for number in (1, 3, 4)))
        third = run_tap(config, state=second.state)

    assert len(first.records()) == 4
    assert idle.records() == []
    told = [(job["remote_id"], job["name"], job["remote_deleted_at"] is not None) for job in second.records()]
    assert told == [("2", "Küche", False), ("3", "Koch", True)]
    told = [(job["remote_id"], job["name"], job["remote_deleted_at"] is not None) for job in third.records()]
    assert told == [("3", "Koch", False), ("2", "Küche", True)]


def test_a_feed_that_is_filled_incrementally_deletes_nothing() -> None:
    answer = Feed(feed(JOB.format(id=1, title="Koch"), JOB.format(id=2, title="Koch")))
    with serve(answer) as config:
        config["job_feed_complete"] = False
        first = run_tap(config)
        answer.body = feed(JOB.format(id=3, title="Koch"))
        second = run_tap(config, state=first.state)

    assert [job["remote_id"] for job in second.records()] == ["3"]


def test_an_empty_feed_deletes_nothing() -> None:
    answer = Feed(feed(JOB.format(id=1, title="Koch"), JOB.format(id=2, title="Koch")))
    with serve(answer) as config:
        first = run_tap(config)
        answer.body = feed()
        second = run_tap(config, state=first.state)

    assert second.records() == []
    assert "no deletion is marked: the list is empty" in second.log


def test_postings_without_an_id_or_with_one_twice_are_counted_and_left_out() -> None:
    body = feed("<job><jobTitle>a</jobTitle></job>", *(JOB.format(id=1, title=title) for title in ("de", "en")))
    with serve(Feed(body)) as config:
        first = run_tap(config)
        second = run_tap(config, state=first.state)

    assert [job["name"] for job in first.records()] == ["de"]
    assert "jobs: left out, as it has no id (records: 1)" in first.log
    assert "left out, as a posting before it has the same id (records: 1)" in first.log
    assert second.records() == []


BROKEN: dict[str, tuple[int, bytes]] = {
    "a web page": (200, b"<!DOCTYPE html><html><body>Wartung</body></html>"),
    "a cut document": (200, feed(JOB.format(id=1, title="Koch"))[:-20]),
    "an entity bomb": (200, b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><HR4YOU_JOBS>&c;</HR4YOU_JOBS>'),
    "nothing": (200, b""),
    "no such set": (404, b"nicht gefunden"),
}


@pytest.mark.parametrize(("status", "body"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_feed_ends_the_run_with_one_line_and_no_record(status: int, body: bytes) -> None:
    answer = Feed(body)
    answer.status = status
    with serve(answer) as config:
        run = run_tap({**config, "max_retries": 0})

    assert run.status == 1
    assert run.records() == []
    assert "Traceback" not in run.log
    errors = [line for line in run.log.splitlines() if "| ERROR" in line]
    assert len(errors) == 1, run.log


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("name", ["a b", "100%s%", "{0}", "../../api2"])
def test_a_set_that_is_not_there_is_told_with_the_setting_to_look_at(status: int, name: str) -> None:
    answer = Feed(b"nicht gefunden")
    answer.status = status
    with serve(answer) as config:
        run = run_tap({**config, "job_feed_set": name})

    assert_one_clear_line(run, 1, quote(name, safe=""), f"({status})", "`job_feed_set`", "`subdomain`")
    assert [path for path, _ in answer.requests] == [f"/api/jobs/xml/set/{quote(name, safe='')}"]


def test_the_sandboxs_feed_holds_its_open_and_public_jobs(sandbox: Control) -> None:
    public = [
        job for job in sandbox.all("jobs") if (job["jobStatus"], job["jobVisibility"]) == ("offen", "oeffentlich")
    ]

    run = run_tap({"base_url": sandbox.base_url, "tenant": "acme", "jobs_source": "feed"})

    assert run.status == 0, run.log
    assert {record["remote_id"] for record in run.records()} == {str(job["jobId"]) for job in public}
