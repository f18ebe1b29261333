"""The sandbox holds the wire as it is written down, and the sense behind it that a pair cannot show."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import pytest
from defusedxml import ElementTree

from hr4you_sandbox import serve_in_thread
from tests.wire.conversations import Conversation, Pair, conversations
from tests.wire.shapes import broken_terms, differences, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

CANDIDATES = 450
"""More than two full pages."""

KINDS = {
    "users": "userId",
    "jobs": "jobId",
    "applicants": "applicantId",
    "stages": "stageId",
    "applications": "applicationId",
}
TOKEN = {"Authorization": "Bearer sandbox"}
BOUNDARY = "7d9f6a"


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """A plain connection to a server: nothing of it comes from the client under test."""

    def __init__(self, base_url: str) -> None:
        self._host = base_url.removeprefix("http://")

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes | None = None) -> Reply:
        connection = http.client.HTTPConnection(self._host, timeout=20)
        try:
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Reply:
        """A GET of the default dialect, with its token."""
        return self.ask("GET", f"{path}?{urlencode(query)}", TOKEN)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind, read page by page as a client would."""
        first = self.get(f"/api2/{kind}", page=1, limit=200).json
        pages = range(2, first["meta"]["lastPage"] + 1)
        return [
            *first["data"],
            *(row for page in pages for row in self.get(f"/api2/{kind}", page=page, limit=200).json["data"]),
        ]


@pytest.fixture(scope="module")
def lines() -> Iterator[dict[str, Line]]:
    with ExitStack() as stack:
        yield {
            dialect: Line(stack.enter_context(serve_in_thread(candidates=CANDIDATES, dialect=dialect)).base_url)
            for dialect in ("default", "legacy")
        }


@pytest.fixture
def line(lines: dict[str, Line]) -> Line:
    return lines["default"]


@pytest.mark.parametrize(
    "conversation",
    [pytest.param(each, id=each.id) for each in conversations() if each.terms["sandbox"]],
)
def test_the_sandbox_answers_as_it_is_written_down(conversation: Conversation, lines: dict[str, Line]) -> None:
    line = lines[conversation.dialect]
    values = conversation.examples
    for name, rule in conversation.bind.items():
        if "kind" in rule:
            values[name] = _find(line, rule)
    for pair in conversation.pairs:
        reply = _send(line, pair.filled(values))
        assert reply.status == pair.status, f"{pair.method} {pair.path}: {reply.body[:300]!r}"
        if "capture" in pair.terms:
            values.update({name: dig(reply.json, path) for name, path in pair.terms["capture"].items()})
        _check(pair.filled(values), reply)


def _find(line: Line, rule: dict[str, Any]) -> Any:
    """The id of the first object of a kind that has these values."""
    kind, where = rule["kind"], rule.get("where", {})
    rows = line.rows(kind) if kind in KINDS else line.ask("GET", f"/api2/{kind}", TOKEN).json["data"]
    return next(row[KINDS.get(kind, "key")] for row in rows if where.items() <= row.items())


def _send(line: Line, pair: Pair) -> Reply:
    headers = {name: value for name, value in pair.headers.items() if value is not None}
    body = None
    if pair.json is not None:
        headers["content-type"] = "application/json"
        body = json.dumps(pair.json).encode()
    elif pair.multipart is not None:
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        body = _multipart(pair.multipart)
    return line.ask(pair.method, pair.path + (f"?{urlencode(pair.query)}" if pair.query else ""), headers, body)


def _multipart(parts: dict[str, Any]) -> bytes:
    lines = []
    for name, part in parts.items():
        lines.append(f"--{BOUNDARY}")
        if isinstance(part, dict):
            lines.append(f'Content-Disposition: form-data; name="{name}"; filename="{part["name"]}"')
            lines += [f"Content-Type: {part['type']}", "", part["text"]]
        else:
            lines += [f'Content-Disposition: form-data; name="{name}"', "", str(part)]
    return "\r\n".join([*lines, f"--{BOUNDARY}--", ""]).encode()


def _check(pair: Pair, reply: Reply) -> None:
    where = f"{pair.method} {pair.path} {pair.query}: {reply.body[:300]!r}"
    assert reply.status == pair.status, where
    assert reply.headers.get("x-request-id"), where
    assert parsedate_to_datetime(reply.headers["date"]).utcoffset() is not None, where
    if "xml" in pair.terms:
        _check_feed(pair.terms["xml"], reply)
        return
    assert reply.headers["content-type"].partition(";")[0] == "application/json", where
    found = differences([pair.answer_json], reply.json, pair.terms)
    assert not found, "\n".join([where, *found])
    broken = broken_terms(pair.answer_json, reply.json, pair.terms)
    assert not broken, "\n".join([where, *broken])


def _check_feed(rule: dict[str, Any], reply: Reply) -> None:
    assert reply.headers["content-type"].partition(";")[0] in {"application/xml", "text/xml"}
    root = ElementTree.fromstring(reply.body)
    assert root.tag == rule["root"]
    assert len(root) > 0
    assert {entry.tag for entry in root} == {rule["entry"]}
    for entry in root:
        assert "attribute" not in rule or entry.get(rule["attribute"])
        assert all((entry.findtext(name) or "").strip() for name in rule["elements"])


# --- the sense behind the pairs ---


@pytest.mark.parametrize(("kind", "key"), KINDS.items())
def test_pages_together_are_the_whole_list_once_sorted_by_id(kind: str, key: str, line: Line) -> None:
    ids = [row[key] for row in line.rows(kind)]
    first = line.get(f"/api2/{kind}", page=1, limit=7).json
    assert ids == sorted(set(ids))
    assert first["meta"]["total"] == len(ids) > 0
    assert first["meta"]["lastPage"] == max(1, -(-len(ids) // 7))
    in_sevens = [
        row[key]
        for page in range(1, first["meta"]["lastPage"] + 1)
        for row in line.get(f"/api2/{kind}", page=page, limit=7).json["data"]
    ]
    assert in_sevens == ids


def test_a_page_beyond_the_last_is_empty(line: Line) -> None:
    reply = line.get("/api2/stages", page=999, limit=200)
    assert (reply.status, reply.json["data"]) == (200, [])


@pytest.mark.parametrize(("kind", "key"), KINDS.items())
def test_the_list_of_ids_is_the_list(kind: str, key: str, line: Line) -> None:
    only_ids = line.get(f"/api2/{kind}", page=1, limit=200, fields=key).json["data"]
    assert only_ids == [{key: row[key]} for row in line.rows(kind)[:200]]


def test_chosen_fields_are_sent_and_no_others(line: Line) -> None:
    rows = line.get("/api2/jobs", page=1, limit=200, fields="jobId,jobTitle,updatedAt").json["data"]
    assert rows == [{name: row[name] for name in ("jobId", "jobTitle", "updatedAt")} for row in line.rows("jobs")[:200]]


@pytest.mark.parametrize(("kind", "key"), KINDS.items())
def test_changed_since_is_everything_from_that_second_on(kind: str, key: str, line: Line) -> None:
    rows = line.rows(kind)
    times = sorted({row["updatedAt"] for row in rows})
    since = times[len(times) // 2]
    newer = line.get(f"/api2/{kind}", page=1, limit=200, updatedSince=since).json
    expected = [row[key] for row in rows if row["updatedAt"] >= since]
    assert newer["meta"]["total"] == len(expected)
    assert [row[key] for row in newer["data"]] == expected[:200]


@pytest.mark.parametrize(
    ("kind", "key", "known"),
    [
        ("jobs", "jobStatus", {"offen", "geschlossen", "entwurf", "archiviert"}),
        ("jobs", "jobVisibility", {"oeffentlich", "intern", "nichtgelistet", "vertraulich"}),
        ("applications", "status", {"neu", "in_bearbeitung", "eingestellt", "abgelehnt", "zurueckgezogen"}),
    ],
)
def test_codes_are_those_of_the_document(kind: str, key: str, known: set[str], line: Line) -> None:
    assert {row[key] for row in line.rows(kind)} <= known | {None}


def test_what_objects_refer_to_is_there(line: Line) -> None:
    rows = {kind: {row[key]: row for row in line.rows(kind)} for kind, key in KINDS.items()}
    for application in rows["applications"].values():
        assert application["applicantId"] in rows["applicants"]
        assert application["jobId"] in rows["jobs"]
        assert application["stageId"] in rows["stages"]
    for job in rows["jobs"].values():
        assert job["contactId"] is None or job["contactId"] in rows["users"]


@pytest.mark.parametrize(("kind", "key"), KINDS.items())
def test_one_object_is_the_same_as_in_the_list(kind: str, key: str, line: Line) -> None:
    row = line.rows(kind)[0]
    assert line.get(f"/api2/{kind}/{row[key]}").json == {"data": row}


def test_a_change_moves_the_time_of_that_object_alone(line: Line) -> None:
    before = {row["applicantId"]: row for row in line.rows("applicants")}
    applicant = next(iter(before))
    body = json.dumps({"city": "Görlitz"}).encode()
    reply = line.ask("PATCH", f"/sandbox/objects/applicants/{applicant}", {"Content-Type": "application/json"}, body)
    assert reply.status == 200
    after = {row["applicantId"]: row for row in line.rows("applicants")}
    assert [number for number in before if before[number] != after[number]] == [applicant]
    assert after[applicant]["city"] == "Görlitz"
    changed = datetime.strptime(after[applicant]["updatedAt"], "%Y-%m-%dT%H:%M:%S%z")
    assert abs((parsedate_to_datetime(reply.headers["date"]) - changed).total_seconds()) <= 2


def test_the_feed_holds_exactly_the_open_public_jobs(line: Line) -> None:
    public = {
        str(row["jobId"])
        for row in line.rows("jobs")
        if (row["jobStatus"], row["jobVisibility"]) == ("offen", "oeffentlich")
    }
    root = ElementTree.fromstring(line.ask("GET", "/api/jobs/xml/set/website", {"Accept": "application/xml"}).body)
    assert {(job.findtext("jobId") or "").strip() for job in root} == public


def test_the_legacy_pages_together_are_the_whole_list_once(lines: dict[str, Line]) -> None:
    headers = _log_in(lines["legacy"])

    def page(start: int, size: int, **query: str) -> dict[str, Any]:
        target = "/api2/bewerber?" + urlencode({"start": start, "anzahl": size, **query})
        return dict(lines["legacy"].ask("GET", target, headers).json)

    total = page(0, 1)["gesamt"]
    assert total == CANDIDATES
    in_sevens = [row for start in range(0, total, 7) for row in page(start, 7)["ergebnis"]]
    assert in_sevens == [row for start in range(0, total, 200) for row in page(start, 200)["ergebnis"]]
    assert page(0, 200, geaendert_seit="2999-01-01 00:00:00") == {"ergebnis": [], "gesamt": 0}
    assert page(0, 1, geaendert_seit="1999-01-01 00:00:00")["gesamt"] == total


def test_the_two_dialects_do_not_answer_to_each_others_paths(lines: dict[str, Line]) -> None:
    assert lines["legacy"].ask("GET", "/api2/applicants?page=1&limit=1", _log_in(lines["legacy"])).status == 404
    assert lines["default"].get("/api2/bewerber", start=0, anzahl=1).status == 404
    assert lines["legacy"].ask("GET", "/api2/bewerber?start=0&anzahl=1", TOKEN).status == 401


def _log_in(line: Line) -> dict[str, str]:
    body = json.dumps({"benutzer": "sandbox", "kennwort": "sandbox"}).encode()
    reply = line.ask("POST", "/api2/anmeldung", {"Content-Type": "application/json"}, body)
    return {"X-Auth-Token": reply.json["token"]}
