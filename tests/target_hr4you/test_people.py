"""Who is made, who is reused, and what of an input reaches the tenant."""

from __future__ import annotations

import copy
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract.loader import load_document
from tests.target_hr4you.runs import record, run_target, schema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control
    from tests.target_hr4you.runs import TargetRun

APPLY, MAKE = "create_application", "create_candidate"


@pytest.fixture
def jobs(sandbox: Control) -> list[str]:
    return [str(job["jobId"]) for job in sandbox.all("jobs") if job["jobStatus"] == "offen"]


def person(email: str = "Ada.Klein@Example.org", **more: Any) -> dict[str, Any]:
    return {"first_name": "Ada", "last_name": "Klein", "email_address": email, **more}


def run(config: dict[str, Any], *records: dict[str, Any]) -> TargetRun:
    return run_target(config, [schema(APPLY), schema(MAKE), *records])


def results(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    with open(config["results_path"], encoding="utf-8") as file:  # noqa: PTH123  # a setting's text
        return {line["action_id"]: line for line in map(json.loads, file)}


def people(sandbox: Control, email: str = "ada.klein@example.org") -> list[dict[str, Any]]:
    return [
        each
        for each in sandbox.all("applicants")
        if any(address["address"].casefold() == email for address in each["emails"])
    ]


def test_two_applications_of_one_person_in_one_run_make_one_person(
    sandbox: Control, config: dict[str, Any], jobs: list[str]
) -> None:
    first = record(APPLY, action_id="1", candidate=person(), job_id=jobs[0])
    second = record(APPLY, action_id="2", candidate=person("ADA.KLEIN@example.org"), job_id=jobs[1])
    third = record(APPLY, action_id="3", candidate=person("ada.klein@example.org"), job_id=jobs[1])

    ended = run(config, first, second, third)
    assert ended.status == 0
    assert "create_application 2 with CANDIDATE_REUSED, the person was there already: 2, 3" in ended.log
    assert len(people(sandbox)) == 1
    assert [results(config)[name]["effect"] for name in "123"] == ["created", "created", "reused"]
    codes = [[warning["code"] for warning in results(config)[name]["warnings"]] for name in "123"]
    assert codes == [[], ["CANDIDATE_REUSED"], ["CANDIDATE_REUSED", "APPLICATION_REUSED"]]


def test_a_person_is_reused_or_made_or_refused_as_the_setting_says(
    sandbox: Control, config: dict[str, Any], jobs: list[str]
) -> None:
    known = sandbox.create(
        "applicants", firstname="Ada", lastname="Alt", emails=[{"type": "privat", "address": "ada.klein@example.org"}]
    )
    modes = {mode: record(APPLY, action_id=mode, candidate=person(), job_id=jobs[0]) for mode in ("fail", "create")}

    refused = run({**config, "on_existing_candidate": "fail"}, modes["fail"])
    assert refused.status == 1
    assert "fail failed: ATS.CANDIDATE_ALREADY_EXISTS (candidate.email_address)" in refused.log
    assert len(people(sandbox)) == 1
    assert run({**config, "on_existing_candidate": "create"}, modes["create"]).status == 0
    assert len(people(sandbox)) == 2
    assert run(config, record(APPLY, action_id="reuse", candidate=person(), job_id=jobs[1])).status == 0
    reused = results(config)["reuse"]
    assert reused["candidate_id"] == f"acme:candidate:{known['applicantId']}"
    assert [warning["code"] for warning in reused["warnings"]] == ["SEVERAL_CANDIDATES", "CANDIDATE_REUSED"]
    assert {each["lastname"] for each in people(sandbox)} == {"Alt", "Klein"}, "existing people are not touched"


def test_create_candidate_always_makes_a_new_person(sandbox: Control, config: dict[str, Any]) -> None:
    assert run(config, *(record(MAKE, action_id=str(number), candidate=person()) for number in range(3))).status == 0
    assert len(people(sandbox)) == 3


def test_who_must_not_look_does_not_make_a_second_person(
    sandbox: Control, config: dict[str, Any], jobs: list[str]
) -> None:
    sandbox.faults({"match": "GET /api2/applicants*", "fault": "status", "status": 403})
    ended = run(config, record(APPLY, action_id="1", candidate=person(), job_id=jobs[0]))

    assert ended.status == 1
    assert "1 failed: REMOTE.PERMISSION_MISSING (candidate.email_address)" in ended.log
    assert people(sandbox) == []


def test_a_tenant_that_ignores_the_search_does_not_make_us_take_anybody(
    sandbox: Control, config: dict[str, Any], jobs: list[str], tmp_path: Path
) -> None:
    applicant = steps_of(APPLY)[0]
    applicant["find"]["params"] = {"emailadresse": "candidate.email_address"}
    override = contract(tmp_path, APPLY, [applicant, *steps_of(APPLY)[1:]])
    ended = run({**config, "contract": str(override)}, record(APPLY, action_id="1", candidate=person(), job_id=jobs[0]))

    assert ended.status == 0, ended.log
    assert results(config)["1"]["effect"] == "created"
    assert len(people(sandbox)) == 1


def steps_of(action: str) -> list[dict[str, Any]]:
    """The default contract's steps of an action."""
    return list(copy.deepcopy(load_document().data["actions"][action]["steps"]))


def contract(folder: Path, action: str, steps: list[dict[str, Any]]) -> Path:
    """An override with these steps in place of an action's."""
    file = folder / "override.yml"
    file.write_text(json.dumps({"version": 1, "actions": {action: {"steps": steps}}}), encoding="utf-8")
    return file


def test_an_input_without_a_place_is_a_warning_or_an_error(
    sandbox: Control, config: dict[str, Any], tmp_path: Path
) -> None:
    [applicant, *others] = steps_of(MAKE)
    for key in ("gender", "consent"):
        del applicant["request"]["body"][key]
    config["contract"] = str(contract(tmp_path, MAKE, [applicant, *others]))
    given = record(MAKE, action_id="1", candidate=person(gender="OTHER"), source={"unified_key": "MOON"})

    lenient = run(config, given)
    assert lenient.status == 0, lenient.log
    missing = [{"code": "UNSUPPORTED_FIELD", "field": field} for field in ("candidate.gender", "source.unified_key")]
    assert results(config)["1"]["warnings"] == missing
    strict = run({**config, "strict_inputs": True}, {**given, "record": {**given["record"], "action_id": "2"}})
    assert strict.status == 1
    assert "2 failed: UNSUPPORTED_FIELD (candidate.gender)" in strict.log
    consent = run(config, record(MAKE, action_id="3", candidate=person(), gdpr_consent={"given": True}))
    assert consent.status == 1
    assert "3 failed: UNSUPPORTED_FIELD (gdpr_consent.given)" in consent.log
    assert len(people(sandbox)) == 1


def test_results_and_ledger_are_readable_by_their_owner_only(
    sandbox: Control, config: dict[str, Any], tmp_path: Path
) -> None:
    assert run(config, record(MAKE, action_id="1", candidate=person())).status == 0
    assert len(people(sandbox)) == 1
    for name in ("ledger.db", "results.jsonl"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_another_tenant_in_the_same_ledger_has_to_have_another_name(sandbox: Control, config: dict[str, Any]) -> None:
    assert run(config, record(MAKE, action_id="1", candidate=person())).status == 0

    moved = run({**config, "base_url": "http://127.0.0.1:9"}, record(MAKE, action_id="1", candidate=person()))
    renamed = run({**config, "tenant": "globex"}, record(MAKE, action_id="1", candidate=person()))
    assert [moved.status, renamed.status] == [2, 2]
    assert "`acme`" in moved.last_line
    assert "Set `tenant` to `acme`" in renamed.last_line
    assert len(people(sandbox)) == 1
