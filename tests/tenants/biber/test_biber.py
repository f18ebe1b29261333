"""The contract that a person writes for the tenant `biber` reads all of it, and then only what changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import requests
import yaml

from hr4you.contract import load_contract
from hr4you.text import fold
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, sync
from tests.target_hr4you.runs import record, run_target, schema
from tests.tenants.biber import server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e  # a whole tenant each time


KEYS = {"bewerber": 7002, "bewerbung": 90001, "stelle": 401, "user": 81}


@pytest.fixture
def tenant() -> Iterator[server.BiberTenant]:
    with server.serve() as served:
        yield served


def config_of(tenant: server.BiberTenant) -> dict[str, Any]:
    connection = {"base_url": tenant.base_url, "tenant": "biber", "contract": [str(server.CONTRACT)]}
    return {**connection, **server.CREDENTIALS, "deletion_check_interval_hours": 0}


def test_all_records_are_read_and_an_idle_tenant_yields_nothing(tenant: server.BiberTenant) -> None:
    run = sync(config_of(tenant))

    assert run.counts == server.COUNTS
    assert "WARNING" not in run.log
    tenant.later(minutes=20)
    assert sync(config_of(tenant), run.state).counts == NOTHING


def test_records_hold_what_the_tenant_has(tenant: server.BiberTenant) -> None:
    run = sync(config_of(tenant))
    person, job = by_id(run, "candidates")["7001"], by_id(run, "jobs")["404"]
    application, stage = by_id(run, "applications")["90020"], by_id(run, "application_stages")["13"]

    assert_has(person, {"first_name": "Anton", "last_name": "Ziegler", "source": "Website"})
    assert person["phone_numbers"] == [
        {"phone_number": "0991 30000", "type": "tel"},
        {"phone_number": "0151 222200", "type": "mobil"},
    ]
    assert len(person["email_addresses"]) == len(person["social_media"]) == 2
    assert_has(person["location"], {"street_1": "Waldweg 0", "city": "Passau", "country": "DE"})
    types = [field["value_type"] for field in by_id(run, "candidates")["7004"]["integration_fields"]]
    assert types == ["TEXT", "NUMBER", "BOOLEAN"]
    assert_has(
        job, {"employment_type": "INTERNSHIP", "status": "OPEN", "opened_at": "2025-01-30T07:30:00.000000+00:00"}
    )
    assert_has(job, {"contact_id": "biber:user:81", "visibility": "PUBLIC", "category": "Ausbildung"})
    assert_has(application, {"candidate_id": "biber:candidate:7015", "job_id": "biber:job:408", "outcome": "HIRED"})
    assert_has(application, {"current_stage_id": "biber:application_stage:15"})
    assert_has(stage, {"name": "Telefonat", "global_index": 3})


@pytest.mark.parametrize(
    ("table", "key", "stream", "change"),
    [
        ("user", "82", "users", {"name": "Rüdiger Klein"}),
        ("stelle", "412", "jobs", {"zust": "ENDE"}),
        ("bewerber", "7025", "candidates", {"nn": "Klein"}),
        ("stufe", "13", "application_stages", {"bez": "Gespräch"}),
        ("bewerbung", "90007", "applications", {"erg": "ZUSAGE"}),
    ],
    ids=["user", "job", "candidate", "stage", "application"],
)
def test_a_second_run_tells_only_what_changed(
    table: str, key: str, stream: str, change: dict[str, str], tenant: server.BiberTenant
) -> None:
    state = sync(config_of(tenant)).state
    tenant.later(minutes=7).update(table, key, **change)
    tenant.later(minutes=7)
    run = sync(config_of(tenant), state)

    assert run.counts == {**NOTHING, stream: 1}
    assert run.records(stream)[0]["remote_id"] == key


def test_every_reading_call_of_the_document_answers_as_its_schema_says(tenant: server.BiberTenant) -> None:
    document = yaml.safe_load(server.DOCUMENT.read_text(encoding="utf-8"))
    headers = {"Authorization": server.TOKEN}
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        called = path.format(nr=KEYS.get(path.split("/")[1]))
        answer = requests.get(f"{tenant.base_url}{server.BASE.rstrip('/')}{called}", headers=headers, timeout=5)
        assert answer.status_code == 200, path
        response = operations["get"]["responses"]["200"]
        content = response.get("content", {}).get("application/json", {}).get("schema", {})
        schema = {**content, "components": document["components"]}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft4Validator)


def test_the_documentation_page_holds_the_document(tenant: server.BiberTenant) -> None:
    page = requests.get(tenant.base_url + server.DOCS, timeout=5).text
    embedded = json.loads(page.split("spec: ")[1].split(",\n        dom_id")[0])
    document = requests.get(tenant.base_url + server.DOCUMENT_PATH, timeout=5)

    assert embedded == yaml.safe_load(document.content)
    assert embedded["openapi"] == "3.0.1"


@pytest.mark.parametrize("query", ["anz=11", "seit=1740814200", "seit=2025-03-01T00:00:00Z", "limit=5", "ab=x"])
def test_a_parameter_that_the_server_does_not_understand_is_refused(query: str, tenant: server.BiberTenant) -> None:
    address, headers = f"{tenant.base_url}{server.BASE}bewerber", {"Authorization": server.TOKEN}

    assert requests.get(f"{address}?{query}", headers=headers, timeout=5).status_code == 400
    assert 'rel="next"' in requests.get(address, headers=headers, timeout=5).headers["Link"]
    assert requests.get(address, headers={"Authorization": f"Bearer {server.TOKEN}"}, timeout=5).status_code == 401


def test_the_filter_leaves_only_what_changed_at_or_after_its_time(tenant: server.BiberTenant) -> None:
    tenant.later(minutes=7).update("bewerber", "7025", nn="Klein")
    url = f"{tenant.base_url}{server.BASE}bewerber?seit={round(tenant.now.timestamp() * 1000)}"
    answer = requests.get(url, headers={"Authorization": server.TOKEN}, timeout=5)

    assert [row["nr"] for row in answer.json()] == [7025]


def test_the_actions_of_the_contract_take_effect(tenant: server.BiberTenant, tmp_path: Path) -> None:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": "ada@example.org", "gender": "FEMALE"}
    cv = {"name": "cv.pdf", "type": "CV", "content_type": "application/pdf", "data": "JVBERi0xLjQgeA=="}
    link = {"label": "Ergebnis", "url": "https://e.example.org/1"}
    messages = [
        schema("create_application"),
        record("create_application", action_id="a", job_id="401", candidate=person, source={"name": "LinkedIn"}),
        schema("create_candidate"),
        record("create_candidate", action_id="c", candidate=person, job_id="402", attachments=[cv]),
        schema("add_note_to_application"),
        record("add_note_to_application", action_id="n", application_id="action:a", content="Montag"),
        schema("add_result_link_to_application"),
        record("add_result_link_to_application", action_id="l", application_id="action:a", **link),
        schema("add_attachment_to_candidate"),
        record("add_attachment_to_candidate", action_id="f", candidate_id="action:a", attachment=cv),
    ]
    config = {**config_of(tenant), "ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}"}
    del config["deletion_check_interval_hours"]
    run = run_target(config, messages)

    assert run.status == 0, run.log
    tables = tenant.tables
    assert (len(tables["bewerber"]), len(tables["bewerbung"])) == (27, 32)
    sources = [row["quelle"] for row in tables["bewerber"].values() if row["nn"] == "Klein" and row["quelle"]]
    assert sources == [{"nr": 3, "bez": "LinkedIn"}]
    assert {row["txt"].split(":")[0] for row in tables["notiz"].values()} == {"Montag", "Ergebnis"}
    assert [(row["name"], row["bytes"], row["art"]) for row in tables["datei"].values()] == [
        ("cv.pdf", 10, "LEBENSLAUF")
    ] * 2


def test_the_contract_knows_all_words_of_the_document() -> None:
    words = load_contract([server.CONTRACT]).vocabularies
    document = yaml.safe_load(server.DOCUMENT.read_text(encoding="utf-8"))
    job = document["components"]["schemas"]["StelleDto"]["properties"]
    answer = document["paths"]["/bewerbung/{nr}"]["get"]["responses"]["200"]
    outcome = answer["content"]["application/json"]["schema"]["properties"]["erg"]
    for found, vocabulary in [
        (job["zust"], "status"),
        (outcome, "outcome"),
        (job["sichtb"], "visibility"),
        (job["typ"], "employment_type"),
    ]:
        known = {fold(word) for spellings in words[vocabulary].values() for word in spellings}
        assert {fold(word) for word in found["enum"]} <= known
