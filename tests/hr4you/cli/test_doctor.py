"""``hr4you doctor`` as a person sees it, against whole tenants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hr4you_sandbox
from hr4you_sandbox import serve_in_thread
from tests.hr4you.inspection.doctor.tenants import EMAIL, NAME, TOKEN, HonestTenant, examine, invoke
from tests.servers import german, nested
from tests.servers.base import serving

if TYPE_CHECKING:
    from tests.control import Control

LEGACY = Path(hr4you_sandbox.__file__).with_name("legacy.yml")


@pytest.fixture(autouse=True)
def _no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)


def test_of_the_sandbox_nothing_is_found_wrong_in_few_requests(sandbox: Control) -> None:
    status, output = invoke(base_url=sandbox.base_url, api_token="sandbox")
    assert status == 0
    assert output.splitlines()[-1].startswith("0 failed, 0 warnings, ")
    requests = sandbox.requests()
    assert {name.split()[0] for name in requests} == {"GET", "OPTIONS"}
    assert sum(requests.values()) < 40


def test_of_the_sandboxs_other_dialect_only_what_it_lacks_is_warned_of() -> None:
    with serve_in_thread(candidates=50, dialect="legacy") as server:
        settings = {"api_token": "", "username": "sandbox", "password": "sandbox", "contract": str(LEGACY)}
        report = examine(server.base_url, **settings)
    assert report.status == 0
    assert {what for what, _, _ in report.bad} <= {"look-up", "action"}
    assert report.result("naive times") == report.result("changed since", "candidates") == "ok"


def test_of_a_german_tenant_the_cap_of_its_pages_is_found() -> None:
    with german.serve() as tenant:
        settings = {"api_token": "", "username": german.USERNAME, "password": german.PASSWORD}
        report = examine(tenant.base_url, contract=str(german.CONTRACT), **settings)
    assert report.status == 0
    assert report.find("page size", "candidates")["to_do"].startswith("Set `max_size: 3` in `api.pagination`")
    assert {what for what, _, _ in report.bad} == {"clock", "page size", "look-up", "action"}
    assert "Öztürk" not in report.text


def test_of_a_nested_tenant_what_stands_inside_others_is_found() -> None:
    with nested.serve() as tenant:
        report = examine(tenant.base_url, api_token=nested.TOKEN, contract=str(nested.CONTRACT))
    assert report.status == 0
    assert report.find("rights", "applications")["found"] == "stand inside candidates, as the contract says"
    assert report.result("paging", "candidates") == "ok"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "Neither `subdomain` nor `base_url` is set"),
        ({"base_url": "http://127.0.0.1:9"}, "Credentials: none are set"),
        ({"base_url": "http://127.0.0.1:9", "username": "a", "password": "b"}, "needs `api_token`"),
        ({"base_url": "http://127.0.0.1:9", "api_token": "t", "concurrency": "many"}, "HR4YOU_CONCURRENCY"),
        ({"base_url": "http://127.0.0.1:9", "api_token": "t", "contract": "nowhere.yml"}, "nowhere.yml"),
    ],
    ids=["no address", "no credentials", "another kind of credentials", "no number", "no such contract"],
)
def test_wrong_settings_end_with_2_and_one_clear_line(settings: dict[str, str], told: str) -> None:
    status, output = invoke("--json", **settings)
    failed = [check for check in json.loads(output)["checks"] if check["result"] == "failed"]
    assert status == 2
    assert told in failed[0]["found"]
    assert [check["what"] for check in failed][1:] in ([], ["TCP"])


def test_with_credentials_of_the_wrong_kind_the_network_is_still_tried(sandbox: Control) -> None:
    report = examine(sandbox.base_url, api_token="", username="a", password="b")
    assert (report.status, report.bad) == (2, [("settings", None, "failed")])
    assert report.result("TCP") == "ok"
    assert report.result("login") == "not tried"


def test_the_settings_are_named_and_their_values_are_not(sandbox: Control, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"base_url": sandbox.base_url, "tenant": "acme"}), encoding="utf-8")
    _, output = invoke("--json", "--config", str(config), api_token="secret-4711")
    found = json.loads(output)["checks"][0]["found"]
    assert found == f"tenant `acme` at {sandbox.base_url}; settings of {config}, HR4YOU_API_TOKEN"
    assert "secret-4711" not in output


def test_neither_people_nor_the_token_are_ever_shown() -> None:
    tenant = HonestTenant()
    for number in range(7, 10):  # all kinds of faults at once
        tenant.put("applicants", number, firstname="Erika", lastname=NAME, emails=NAME, updatedAt=EMAIL)
    tenant.put("jobs", 1, jobTitle=NAME, customFields={EMAIL: NAME})
    tenant.instead |= {"users": {EMAIL: [{"lastname": NAME}]}, "stages/1": {"data": {"stageId": NAME}}}
    tenant.ignored = {"email", "updatedSince", "page"}
    with serving(tenant):
        for arguments in ((), ("--json",)):
            status, output = invoke(*arguments, base_url=tenant.base_url, api_token=TOKEN)
            assert status == 1
            assert not [word for word in (NAME, EMAIL, TOKEN) if word.lower() in output.lower()]


def test_in_a_pipe_lines_fit_80_columns_and_the_last_one_says_what_to_do_first() -> None:
    tenant = HonestTenant()
    tenant.refused["applicants"] = 403
    with serving(tenant):
        status, output = invoke(base_url=tenant.base_url, api_token=TOKEN)
    *lines, last = output.rstrip().splitlines()
    assert status == 1
    assert max(len(line) for line in lines) <= 80
    assert last.startswith("1 failed, ")
    assert last.endswith("First: Ask HR4YOU for the right to read candidates (GET /api2/applicants).")
    assert "\x1b" not in output


def test_what_the_contract_says_beside_settings_may_be_given(sandbox: Control, tmp_path: Path) -> None:
    path = tmp_path / "[bold]own.yml"
    path.write_text("resources: {jobs: {list: stellen}}", encoding="utf-8")
    status, output = invoke("--contract", str(path), base_url=sandbox.base_url, api_token="sandbox")
    assert status == 1
    assert "[bold]own.yml" in output
    assert "`resources.jobs.list`" in output.splitlines()[-1]
