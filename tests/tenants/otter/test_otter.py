"""The contract that stands beside the document is right: with it alone everything is read, and actions arrive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from hr4you.contract import load_contract
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, sync
from tests.target_hr4you.runs import record, run_target, schema
from tests.tenants.otter import server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e  # a whole tenant each time

EXPECTED = Path(server.__file__).with_name("expected.yml")
HEADERS = {"X-Otter-Key": server.KEY}
PARENTS = {"people": "prs_0002", "applications": "app_0002", "positions": "pos_2", "members": "mem_2", "steps": "stp_2"}


@pytest.fixture
def otter() -> Iterator[server.Otter]:
    with server.serve() as tenant:
        yield tenant


@pytest.fixture
def config(otter: server.Otter) -> dict[str, Any]:
    contract = {"contract": [str(EXPECTED)], "deletion_check_interval_hours": 0}
    return {"base_url": otter.base_url, "tenant": "otter", **contract, **server.CREDENTIALS}


def test_all_records_are_read_over_several_pages(otter: server.Otter, config: dict[str, Any]) -> None:
    run = sync(config)
    assert run.counts == server.COUNTS
    assert otter.requests.count("GET /hiring/v1/people") >= 3
    assert otter.requests.count("GET /hiring/v1/people/prs_0025/applications") >= 1
    assert not [line for line in run.log.splitlines() if "WARNING" in line]


def test_what_is_read_is_what_the_document_means(config: dict[str, Any]) -> None:
    run = sync(config)
    jobs, candidates, applications = (by_id(run, stream) for stream in ("jobs", "candidates", "applications"))
    assert_has(jobs["pos_4"], {"employment_type": "PART_TIME", "status": "DRAFT", "visibility": "INTERNAL"})
    assert_has(jobs["pos_2"], {"employment_type": "CONTRACT", "status": "CLOSED", "visibility": "PUBLIC"})
    assert_has(jobs["pos_3"], {"employment_type": "INTERNSHIP", "visibility": "UNLISTED", "category": "Technology"})
    assert jobs["pos_2"]["contact_id"] == "otter:user:mem_3"
    fifth = candidates["prs_0005"]
    assert_has(fifth, {"first_name": "Emma", "last_name": "Fichte", "source": "Job fair"})
    assert [number["type"] for number in fifth["phone_numbers"]] == ["mobile"]
    assert [link["type"] for link in fifth["social_media"]] == ["linkedin"]
    assert_has(candidates["prs_0004"]["location"], {"city": "Zürich", "zip_code": "8001", "country": "CH"})
    kinds = [(field["key"], field["value_type"]) for field in candidates["prs_0003"]["integration_fields"]]
    assert kinds == [("cf_salary", "NUMBER"), ("cf_wishes", "MULTI_SELECT")]
    outcomes = [applications[f"app_000{number}"]["outcome"] for number in range(1, 6)]
    assert outcomes == ["PENDING", "PENDING", "HIRED", "DECLINED", "DECLINED"]
    assert applications["app_0026"]["candidate_id"] == "otter:candidate:prs_0001"


@pytest.mark.parametrize(
    ("table", "key", "stream", "changes"),
    [
        ("members", "mem_2", "users", {"email": "neu@example.org"}),
        ("positions", "pos_4", "jobs", {"state": "live"}),
        ("people", "prs_0003", "candidates", {"name": {"given": "Clara", "family": "Kühn"}}),
        ("steps", "stp_3", "application_stages", {"label": "Second interview"}),
        ("applications", "app_0028", "applications", {"state": "withdrawn"}),
    ],
    ids=["user", "job", "candidate", "stage", "application"],
)
def test_the_second_run_tells_only_what_has_changed(  # noqa: PLR0917  # one argument per column of the table
    table: str, key: str, stream: str, changes: dict[str, Any], otter: server.Otter, config: dict[str, Any]
) -> None:
    state = sync(config).state
    assert sync(config, state).counts == NOTHING
    otter.later(hours=5).update(table, key, **changes)
    again = sync(config, state)
    assert again.counts == {**NOTHING, stream: 1}
    assert again.records(stream)[0]["remote_id"] == key


def test_actions_arrive_once(otter: server.Otter, config: dict[str, Any], tmp_path: Path) -> None:
    config = {key: value for key, value in config.items() if key != "deletion_check_interval_hours"}
    config |= {"ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}", "unknown_quarantine_seconds": 0.2}
    person = {"first_name": "Lore", "last_name": "Ipsen", "email_address": "lore@example.org", "gender": "FEMALE"}
    known = {"first_name": "Alma", "last_name": "Brückner", "email_address": "person0@example.org"}
    attachment = {"name": "cv.txt", "type": "CV", "content_type": "text/plain", "data": "TGViZW5zbGF1Zg=="}
    more = {"source": {"name": "Job fair"}, "gdpr_consent": {"given": True}, "attachments": [attachment]}
    score = {"custom_field_name_prefix": "Assessment", "attributes": [{"key": "Score", "value": "81"}]}
    link = {"application_id": "action:b", "label": "Test", "url": "https://assess.example.org/1", "details": score}
    messages = [
        schema("create_candidate"),
        record("create_candidate", action_id="a", candidate=person, application={"job_id": "pos_1"}, **more),
        schema("create_application"),
        record("create_application", action_id="b", candidate=known, application={"job_id": "pos_1"}),
        record("create_application", action_id="e", candidate=known, application={"job_id": "pos_5"}),
        schema("add_note_to_application"),
        record("add_note_to_application", action_id="c", application_id="action:a", content="Please invite"),
        schema("add_result_link_to_application"),
        record("add_result_link_to_application", action_id="d", **link),
        schema("add_attachment_to_application"),
        record("add_attachment_to_application", action_id="f", application_id="app_0009", attachment=attachment),
    ]
    for _ in range(2):
        done = run_target(config, messages)
        assert done.status == 0, done.log
        assert len(otter.tables["people"]) == 26
        made = otter.tables["people"]["prs_0026"]
        assert_has(made, {"gender": "female", "origin": {"label": "Job fair"}, "consent": {"given": True}})
        assert made["contact"]["emails"] == [{"address": "lore@example.org"}]
        assert len(otter.tables["applications"]) == 32
        assert {row["_owner"] for row in otter.tables["attachments"].values()} >= {"app_0009"}
        for file in otter.tables["attachments"].values():
            assert_has(file, {"fileName": "cv.txt", "size": 10, "kind": "resume"})
        assert len(otter.tables["attachments"]) == len(otter.tables["notes"]) == 2
        scores = [each["value"] for each in otter.tables["applications"]["app_0001"]["customFields"]]
        assert "81" in scores


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("people?pageSize=10", 200),
        ("people?pageSize=11", 400),
        ("people?page=2", 400),
        ("people?modifiedSince=2024-07-01T10:00:00", 400),
        ("people?modifiedSince=2024-07-01T10:00:00Z", 200),
        ("people?fields=id,surname", 400),
        ("steps?modifiedSince=2024-07-01T10:00:00Z", 400),
        ("people/prs_0001/applications?pageSize=10", 400),
        ("people/prs_0001/applications?positionId=pos_1", 200),
        ("people/prs_9999/applications", 404),
    ],
)
def test_a_parameter_that_the_document_does_not_know_is_refused(path: str, status: int, otter: server.Otter) -> None:
    url = f"{otter.base_url}{server.BASE}{path}"
    assert requests.get(url, headers=HEADERS, timeout=9).status_code == status
    assert requests.get(url, headers={"X-Otter-Key": "other"}, timeout=9).status_code == 401


def test_every_path_of_the_document_is_served_and_has_the_keys_that_it_says(otter: server.Otter) -> None:
    document = json.loads(server.DOCUMENT.read_text(encoding="utf-8"))
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        hole = path[path.find("{") : path.find("}") + 1]
        parent = PARENTS.get(path.split("/")[1], {"{fileId}": "fil_1", "{memberId}": "mem_1"}.get(hole, ""))
        url = f"{otter.base_url}{server.BASE[:-1]}{path.replace(hole, parent) if hole else path}"
        answer = requests.get(url, headers=HEADERS, timeout=9)
        assert answer.status_code == 200, path
        content = item["get"]["responses"]["200"]["content"]
        if "application/json" in content:
            _assert_keys(answer.json(), content["application/json"]["schema"], document)


def test_the_docs_page_leads_to_the_document(otter: server.Otter) -> None:
    page = requests.get(f"{otter.base_url}{server.DOCS}", timeout=9)
    assert "<redoc spec-url='/hiring/v1/openapi.json'" in page.text
    document = requests.get(f"{otter.base_url}/hiring/v1/openapi.json", timeout=9)
    assert document.content == server.DOCUMENT.read_bytes()


def test_the_alternatives_are_others_than_the_contract_and_stand_at_places_that_it_has() -> None:
    contract = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    alternatives = yaml.safe_load(EXPECTED.with_name("alternatives.yml").read_text(encoding="utf-8"))
    for place, values in alternatives.items():
        *parents, last = place.split(".")
        found = contract
        for part in parents:
            found = {step["name"]: step for step in found}[part] if isinstance(found, list) else found[part]
        found = {step["name"]: step for step in found} if isinstance(found, list) else found
        assert values, place
        assert found.get(last, "nothing") not in values, place
    assert load_contract([EXPECTED]).resources["jobs"].provenance == "yours"


def _assert_keys(value: Any, schema_: dict[str, Any], document: dict[str, Any]) -> None:
    """Compare the keys of an answer with those of its schema, down to the last."""
    if value is None:
        return
    properties = _properties(schema_, document)
    if isinstance(value, list):
        for element in value:
            _assert_keys(element, _resolve(schema_, document).get("items", {}), document)
    elif properties:
        assert set(value) == set(properties)
        for key, inner in properties.items():
            _assert_keys(value[key], inner, document)


def _resolve(schema_: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema_:
        return schema_
    resolved: dict[str, Any] = document["components"]["schemas"][schema_["$ref"].rpartition("/")[2]]
    return resolved


def _properties(schema_: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    schema_ = _resolve(schema_, document)
    found = dict(schema_.get("properties", {}))
    for part in schema_.get("allOf", []):
        found |= _properties(part, document)
    return found
