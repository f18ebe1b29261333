"""``hr4you request`` as people and scripts call it, against servers over a socket."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.hr4you.cli.asking import Echo, ask
from tests.servers import plain
from tests.servers.base import Raw, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

PERSON = {"firstname": "Jördis", "lastname": "Quandt", "email": "joerdis.quandt@example.org"}


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["sources", "/api2/sources", "{base}/api2/sources", "sources?unused=1"],
    ids=["below the base path", "from the host", "a whole address", "with a query"],
)
def test_a_path_is_read_as_in_the_contract_or_as_a_whole_address(sandbox: Control, path: str) -> None:
    asked = ask(sandbox.base_url, "get", path.replace("{base}", sandbox.base_url))

    assert asked.status == 0, asked.err
    assert {"sourceId": 4, "name": "LinkedIn"} in json.loads(asked.out)["data"]
    assert asked.out.count("\n") == 1, "compact in a pipe"
    assert asked.err == ""


def test_parameters_come_from_the_path_and_from_options_and_may_stand_twice() -> None:
    with serving(Echo()) as tenant:
        ask(tenant.base_url, "GET", "odd?a=1", "--param", "ids[]=1", "--param", "ids[]=2 &x=y")

    assert tenant.targets == ["/api2/odd?a=1&ids%5B%5D=1&ids%5B%5D=2+%26x%3Dy"]


def test_all_pages_come_as_json_lines_by_the_lists_own_contract(sandbox: Control, tmp_path: Path) -> None:
    contract = tmp_path / "tenant.yml"
    contract.write_text("resources: {jobs: {list: {path: jobs, pagination: {size: null}}}}", encoding="utf-8")

    people = ask(
        sandbox.base_url, "GET", "applicants", "--paginate", "--param", "limit=50", "--param", "fields=applicantId"
    )
    before = sandbox.requests()
    unpaged = ask(sandbox.base_url, "GET", "sources", "--paginate")

    assert [each["applicantId"] for each in people.lines] == [each["applicantId"] for each in sandbox.all("applicants")]
    assert sandbox.requests()["GET /api2/applicants"] == 3
    assert sandbox.requests()["GET /api2/sources"] - before.get("GET /api2/sources", 0) == 1, "its list is not paged"
    assert len(unpaged.lines) == 8
    assert ask(sandbox.base_url, "GET", "jobs", "--paginate", "--contract", str(contract)).status == 0


def test_records_says_where_the_list_is() -> None:
    with plain.serve() as tenant:
        tenant.instead["odd"] = {"result": {"rows": [{"a": 1}]}, "meta": {"lastPage": 1}}

        found = ask(tenant.base_url, "GET", "odd", "--paginate", "--records", "result.rows")
        missed = ask(tenant.base_url, "GET", "odd", "--paginate")

    assert found.lines == [{"a": 1}]
    assert (missed.status, missed.out) == (1, "")
    assert "--records" in missed.err


def test_a_head_shows_its_headers_alone(sandbox: Control) -> None:
    asked = ask(sandbox.base_url, "HEAD", "users")

    assert asked.status == 0
    assert asked.out.startswith("HTTP/1.1 200 OK\n")
    assert "content-type: application/json\n" in asked.out


def test_on_a_terminal_json_is_indented_and_commands_to_it_are_escaped() -> None:
    with plain.serve() as tenant:
        tenant.instead["odd"] = {"data": "a\u009b31m\u202e\x1b[1m[bold]ü"}
        ours, theirs = pty.openpty()
        env = {
            **os.environ,
            "HR4YOU_BASE_URL": tenant.base_url,
            "HR4YOU_API_TOKEN": "t",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }
        command = [sys.executable, "-c", "from hr4you.cli import main; main()", "request", "GET", "odd"]
        done = subprocess.run(command, env=env | {"PYTHONUTF8": "1"}, stdout=theirs, check=True)
        os.close(theirs)
        shown = os.read(ours, 4096).decode()
        os.close(ours)

    assert done.returncode == 0
    assert '\n  "data": "a\\u009b31m\\u202e\\u001b[1m[bold]ü"' in shown.replace("\r", "")


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_write_without_yes_tells_what_it_would_send_and_no_value_of_it(sandbox: Control) -> None:
    before = sandbox.requests()

    asked = ask(sandbox.base_url, "POST", "applicants", "--data", json.dumps(PERSON), "--param", "notify=quandt")

    assert (asked.status, asked.out) == (2, "")
    assert f"POST {sandbox.base_url}/api2/applicants?notify=..." in asked.err
    assert f"{len(json.dumps(PERSON))} bytes of JSON, an object with the keys firstname, lastname, email" in asked.err
    assert not [value for value in (*PERSON.values(), "quandt", "sandbox\n") if value in asked.err]
    assert sandbox.requests() == before


@pytest.mark.parametrize("way", ["text", "file", "stdin"])
def test_a_write_with_yes_is_sent_as_given(sandbox: Control, tmp_path: Path, way: str) -> None:
    body = json.dumps(PERSON)
    path = tmp_path / "body.json"
    path.write_text(body, encoding="utf-8")
    given = {"text": body, "file": f"@{path}", "stdin": "@-"}[way]

    asked = ask(sandbox.base_url, "POST", "applicants", "--data", given, "--yes", stdin=body)

    assert asked.status == 0, asked.err
    made = json.loads(asked.out)["data"]["applicantId"]
    [person] = [each for each in sandbox.all("applicants") if each["applicantId"] == made]
    assert person["firstname"] == "Jördis"


def test_a_write_whose_answer_is_lost_is_not_sent_again(sandbox: Control) -> None:
    sandbox.faults({"match": "POST /api2/applicants", "fault": "reset", "when": "after_commit"})

    asked = ask(sandbox.base_url, "POST", "applicants", "--data", json.dumps(PERSON), "--yes")

    assert asked.status == 1
    assert "It may have taken effect or not, and was not sent again" in asked.err
    assert sandbox.requests()["POST /api2/applicants"] == 1


def test_a_write_that_the_tenant_fails_at_may_have_taken_effect(sandbox: Control) -> None:
    sandbox.faults({"match": "POST /api2/applicants", "fault": "status", "status": 500})

    asked = ask(sandbox.base_url, "POST", "applicants", "--data", json.dumps(PERSON), "--yes")

    assert asked.status == 1
    assert "500" in asked.err
    assert "It may have taken effect or not" in asked.err


# --- refusals ----------------------------------------------------------------------------------------------------


def test_an_error_is_one_line_with_the_request_id_and_the_tenants_text_only_where_asked_for(sandbox: Control) -> None:
    arguments = ("POST", "applicants", "--yes", "--data", json.dumps({"firstname": "Jördis"}))

    short, whole = ask(sandbox.base_url, *arguments), ask(sandbox.base_url, *arguments, "--include")

    assert (short.status, short.out) == (1, "")
    assert "(422, request id req-" in short.err
    assert "Jördis" not in short.err
    assert "--include" in short.err
    assert whole.status == 1
    head, _, body = whole.out.partition("\n\n")
    assert head.startswith("HTTP/1.1 422 ")
    assert "x-request-id: req-" in head
    assert set(json.loads(body)["errors"]) == {"lastname", "email"}


def test_headers_with_secrets_are_not_shown() -> None:
    with plain.serve() as tenant:
        headers = {
            "Set-Cookie": "session=s3cr3t-one",
            "Authorization": "Bearer other",
            "X-Echo": "Bearer plain-server-token",
        }
        tenant.instead["odd"] = Raw(b"{}", "application/json", headers)

        asked = ask(tenant.base_url, "GET", "odd", "-i", token="plain-server-token")

    assert asked.status == 0
    assert "X-Echo: Bearer ***\n" in asked.out
    assert not [word for word in ("s3cr3t", "Authorization", "plain-server-token") if word in asked.out + asked.err]


def test_what_is_no_json_is_told_and_printed_only_where_asked_for() -> None:
    with plain.serve() as tenant:
        tenant.instead["page"] = Raw(b"<p>Hello \x1b[2J</p>")

        plainly, whole = ask(tenant.base_url, "GET", "page"), ask(tenant.base_url, "GET", "page", "-i")

    assert (plainly.status, plainly.out) == (1, "")
    assert "GET /api2/page: the answer is a web page instead of JSON" in plainly.err
    assert whole.status == 0
    assert whole.out.endswith("\n\n<p>Hello \\u001b[2J</p>\n")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"fault": "status", "status": 500}, 1),
        ({"fault": "status", "status": 503}, 75),
        ({"fault": "status", "status": 403}, 1),
        ({"fault": "redirect"}, 1),
    ],
    ids=["a mistake of the tenant's", "out of service", "forbidden", "sent on"],
)
def test_the_exit_status_tells_a_refusal_from_an_outage(sandbox: Control, fault: dict[str, Any], status: int) -> None:
    sandbox.faults({"match": "GET /api2/users", **fault})

    asked = ask(sandbox.base_url, "GET", "users", HR4YOU_MAX_RETRIES="0")

    assert (asked.status, asked.out) == (status, "")
    assert "\n" not in asked.err


def test_a_refused_token_and_a_tenant_that_is_not_there_end_with_75(sandbox: Control) -> None:
    assert ask(sandbox.base_url, "GET", "users", token="wrong").status == 75
    assert ask("http://127.0.0.1:1", "GET", "users", HR4YOU_MAX_RETRIES="0").status == 75


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["GET", "https://evil.example/api2/users"], "not at the tenant's address"),
        (["GET", "http://127.0.0.1@evil.example/users"], "not at the tenant's address"),
        (["GET", "//evil.example/users"], "one slash"),
        (["GET", "applicants/{id}"], "put an id"),
        (["GET", "two words"], "without spaces"),
        (["GET", "users\n"], "without spaces"),
        (["GET", "users#x"], "PATH"),
        (["FETCH", "users"], "METHOD"),
        (["GET", "users", "--data", "{}"], "--data"),
        (["POST", "users", "--data", "{'a': 'quandt'}"], "line 1, column 2"),
        (["POST", "users", "--data", '{"a": NaN}'], "no JSON"),
        (["POST", "users", "--data", "null"], "object or list"),
        (["POST", "users", "--data", "@not/there.json"], "cannot be read"),
        (["GET", "users", "--param", "quandt"], "NAME=VALUE"),
        (["GET", "users", "--records", "data"], "--paginate"),
        (["POST", "users", "--paginate", "--yes"], "--paginate"),
        (["GET", "users", "--paginate", "--records", "a ||"], "--records"),
        (["GET", "users", "--paginate", "--param", "page=3"], "`page`"),
        (["GET", "users", "--paginate", "--param", "limit=many"], "`limit`"),
    ],
)
def test_a_mistake_in_the_call_is_told_without_a_request(sandbox: Control, arguments: list[str], words: str) -> None:
    before = sandbox.requests()

    asked = ask(sandbox.base_url, *arguments)

    assert (asked.status, asked.out) == (2, "")
    assert words in asked.err
    assert "quandt" not in asked.err
    assert sandbox.requests() == before


def test_as_a_process_it_ends_with_one_line_and_the_status(sandbox: Control) -> None:
    clean = {name: value for name, value in os.environ.items() if "HR4YOU" not in name}
    env = clean | {"HR4YOU_BASE_URL": sandbox.base_url, "HR4YOU_API_TOKEN": "sandbox", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "from hr4you.cli import main; main()", "request"]

    missing = subprocess.run([*command, "GET", "nowhere"], env=env, capture_output=True, encoding="utf-8", check=False)
    unsent = subprocess.run([*command, "DELETE", "jobs/1"], env=env, capture_output=True, encoding="utf-8", check=False)

    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith("hr4you: GET /api2/nowhere: not found (404")
    assert missing.stderr.count("\n") == 1
    assert (unsent.returncode, unsent.stdout) == (2, "")
    assert "without a body" in unsent.stderr
