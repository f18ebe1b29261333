"""A contract that is drafted from the sandbox's own document, as it comes: the tap reads all, the target writes all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hr4you_sandbox
from hr4you_sandbox import serve_in_thread
from tests.control import Control
from tests.hr4you.cli.tenants import at, run
from tests.tap_hr4you.runs import run_tap
from tests.target_hr4you.contents import CONTENTS, FILE
from tests.target_hr4you.runs import record, run_target, schema, target_config

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e  # slow: whole programs, or a whole tenant each time

CREDENTIALS = {"default": {"api_token": "sandbox"}, "legacy": {"username": "sandbox", "password": "sandbox"}}
LEGACY = str(Path(hr4you_sandbox.__file__).with_name("legacy.yml"))
KINDS = ("users", "jobs", "applicants", "stages", "applications")


@pytest.fixture
def tenant() -> Iterator[Control]:
    with serve_in_thread(candidates=30) as served:
        yield Control(served.base_url)


def drafted(base_url: str, folder: Path) -> str:
    path = folder / "my.yml"
    done = run("contract", "draft", "--docs", f"{base_url}/api2/docs", "-o", str(path))
    assert done.status == 0, done.err
    return str(path)


@pytest.mark.parametrize("dialect", ["default", "legacy"])
def test_the_tap_reads_all_there_is_with_it(dialect: str, tmp_path: Path) -> None:
    with serve_in_thread(candidates=250, dialect=dialect) as served:  # type: ignore[arg-type]  # one of the two
        path = drafted(served.base_url, tmp_path)
        config = {"base_url": served.base_url, "tenant": "acme", **CREDENTIALS[dialect], "contract": path}
        done = run_tap(config)
        objects = [len(served.objects(kind)) for kind in KINDS]
    assert done.status == 0, done.log
    assert list(done.counts.values()) == objects


def test_the_tap_reads_the_same_with_it_as_with_the_default_contract(tenant: Control, tmp_path: Path) -> None:
    with_default = run_tap(tenant.config)
    with_draft = run_tap({**tenant.config, "contract": drafted(tenant.base_url, tmp_path)})
    assert with_draft.records() == with_default.records()
    assert len(with_draft.records("candidates")) == 30


def test_the_target_writes_all_six_actions_with_it(tenant: Control, tmp_path: Path) -> None:
    job = next(job["jobId"] for job in tenant.all("jobs") if job["jobStatus"] == "offen")
    person = {
        **CONTENTS["create_candidate"],
        "application": {"job_id": str(job), "stage_id": "2"},
        "attachments": [FILE],
        "source": {"unified_key": "LINKEDIN"},
        "remote_fields": {},
    }
    other = {**person, "candidate": {**person["candidate"], "email_address": "other@example.de"}}
    link = {"label": "Eignungstest URL", "url": "https://tests.example/r"}
    actions: dict[str, dict[str, Any]] = {
        "create_candidate": person,
        "create_application": other,
        "add_attachment_to_application": {"application_id": "8001", "attachment": FILE},
        "add_result_link_to_application": {"application_id": "8001", **link},
        "add_note_to_application": {"application_id": "8001", "content": "Hallo"},
        "add_attachment_to_candidate": {"candidate_id": "1002", "attachment": FILE},
    }
    config = target_config(tenant, tmp_path, contract=drafted(tenant.base_url, tmp_path))
    messages = [schema(name) for name in actions]
    messages += [record(name, action_id=f"a-{name}", **fields) for name, fields in actions.items()]
    people = len(tenant.all("applicants"))
    done = run_target(config, messages)
    assert done.status == 0, done.log
    made = tenant.all("applicants")[people:]
    assert sorted(each["emails"][0]["address"] for each in made) == ["joerg@example.de", "other@example.de"]
    assert {each["source"]["name"] for each in made} == {"LinkedIn"}
    applied = {each["applicationId"]: each for each in tenant.all("applications") if each["applicantId"] > 1030}
    assert [(each["jobId"], each["stageId"]) for each in applied.values()] == [(job, 2), (job, 2)]
    owners = [int(each.get("applicationId") or each["applicantId"]) for each in tenant.all("attachments")]
    assert sorted(owners) == [1002, 8001, *applied]
    assert {each["category"] for each in tenant.all("attachments")} == {"cv"}
    notes = ["Eignungstest URL: https://tests.example/r", "Hallo"]
    assert sorted(each["text"] for each in tenant.all("notes")) == notes


def test_checking_the_default_against_the_document_warns_of_nothing_in_it(tenant: Control, tmp_path: Path) -> None:
    acme = at({key: tenant.config[key] for key in ("base_url", "api_token", "tenant")}, tmp_path)
    done = acme.run("contract", "check", "--json", "--docs", f"{tenant.base_url}/api2/docs")
    of_document = [line for line in done.lines if line["section"].endswith("(document)")]
    assert len(of_document) > 50
    assert {line["result"] for line in of_document} == {"ok"}


@pytest.mark.parametrize("dialect", ["default", "legacy"])
def test_checking_the_draft_against_its_own_document_warns_of_nothing_in_it(dialect: str, tmp_path: Path) -> None:
    with serve_in_thread(candidates=30, dialect=dialect) as sandbox:  # type: ignore[arg-type]  # one of the two
        path = drafted(sandbox.base_url, tmp_path)
        done = run("contract", "check", "--json", "--docs", f"{sandbox.base_url}/api2/docs", "--contract", path)
    assert {line["result"] for line in done.lines} == {"ok"}
    assert done.status == 0
