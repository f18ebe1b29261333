"""The contract that a person writes for the tenant `luchs` reads all of it, and then only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import requests
import yaml

from hr4you.contract import load_contract
from hr4you.text import fold
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, sync
from tests.target_hr4you.runs import record, run_target, schema
from tests.tenants.luchs import data, server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e  # a whole tenant each time


KEYS = {"kandidatenNr": 50001, "bewerbungsNr": 880001, "stellenId": 310, "phasenId": 1, "mitarbeiterId": 7}
PARAMETERS = {"/stammdaten/zusatzfelder": {"objekt": "stelle"}, "/auswertungen/bewerbungseingang": {"jahr": "2025"}}


@pytest.fixture
def tenant() -> Iterator[server.LuchsTenant]:
    with server.serve() as served:
        yield served


def config_of(tenant: server.LuchsTenant) -> dict[str, Any]:
    return {
        "base_url": tenant.base_url,
        "tenant": "luchs",
        "contract": [str(server.CONTRACT)],
        "deletion_check_interval_hours": 0,
        **server.CREDENTIALS,
    }


def log_in(tenant: server.LuchsTenant) -> dict[str, str]:
    login = {"benutzername": server.CREDENTIALS["username"], "passwort": server.CREDENTIALS["password"]}
    answer = requests.post(f"{tenant.base_url}{server.BASE}auth/login", json=login, timeout=5)
    return {"X-Sitzungs-Token": answer.json()["sessionToken"]}


def test_all_records_are_read_and_an_idle_tenant_yields_nothing(tenant: server.LuchsTenant) -> None:
    run = sync(config_of(tenant))

    assert run.counts == server.COUNTS
    assert "WARNING" not in run.log
    tenant.later(minutes=20)
    assert sync(config_of(tenant), run.state).counts == NOTHING


def test_records_hold_what_the_tenant_has(tenant: server.LuchsTenant) -> None:
    run = sync(config_of(tenant))
    person, job = by_id(run, "candidates")["50001"], by_id(run, "jobs")["310"]

    assert_has(person, {"first_name": "Änne", "last_name": "von der Heyde", "source": "Karriereseite"})
    assert [entry["type"] for entry in person["phone_numbers"]] == ["mobil", "privat"]
    assert [entry["email_address"] for entry in person["email_addresses"]] == [
        "aenne.von-der-heyde@example.org",
        "buero0@example.org",
    ]
    assert [field["value_type"] for field in person["integration_fields"]] == ["BOOLEAN", "MULTI_SELECT"]
    assert_has(
        job,
        {
            "employment_type": "FULL_TIME",
            "status": "OPEN",
            "visibility": "PUBLIC",
            "opened_at": "2024-10-31T23:00:00.000000+00:00",
            "closed_at": None,
            "contact_id": "luchs:user:7",
        },
    )
    assert_has(job["location"], {"street_1": "Am Klinikum 3", "city": "Dresden", "country": "DE"})
    found = {record["outcome"] for record in run.records("applications")}
    assert found == {"PENDING", "HIRED", "DECLINED"}
    assert {record["candidate_id"] for record in run.records("applications")} <= {
        record["id"] for record in run.records("candidates")
    }


@pytest.mark.parametrize(
    ("table", "key", "stream", "change"),
    [
        ("mitarbeiter", "8", "users", {"nachname": "Klein"}),
        ("stellen", "312", "jobs", {"status": "archiviert"}),
        ("kandidaten", "50025", "candidates", {"nachname": "Klein"}),
        ("prozessphasen", "3", "application_stages", {"bezeichnung": "Gespräch"}),
    ],
    ids=["user", "job", "candidate", "stage"],
)
def test_a_second_run_tells_only_what_changed(
    table: str, key: str, stream: str, change: dict[str, str], tenant: server.LuchsTenant
) -> None:
    state = sync(config_of(tenant)).state
    tenant.later(minutes=7).update(table, key, **change)
    tenant.later(minutes=7)
    run = sync(config_of(tenant), state)

    assert run.counts == {**NOTHING, stream: 1}
    assert run.records(stream)[0]["remote_id"] == key


def test_an_application_that_moved_is_told_alone(tenant: server.LuchsTenant) -> None:
    state = sync(config_of(tenant)).state
    tenant.later(minutes=7).move("880005", status="eingestellt")
    run = sync(config_of(tenant), state)

    assert run.counts == {**NOTHING, "applications": 1}
    assert_has(run.records("applications")[0], {"remote_id": "880005", "outcome": "HIRED"})


def test_every_reading_call_of_the_document_answers_as_its_schema_says(tenant: server.LuchsTenant) -> None:
    document = yaml.safe_load(server.DOCUMENT.read_text(encoding="utf-8"))
    headers = log_in(tenant)
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        url = f"{tenant.base_url}{server.BASE.rstrip('/')}{path.format(**KEYS)}"
        answer = requests.get(url, params=PARAMETERS.get(path, {}), headers=headers, timeout=5)
        assert answer.status_code == 200, path
        response = operations["get"]["responses"]["200"]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response.get("content", {}).get("application/json", {}).get("schema", {})
        schema = {**content, "components": document["components"]}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def test_the_documentation_page_leads_to_the_document(tenant: server.LuchsTenant) -> None:
    page = requests.get(tenant.base_url + server.DOCS, timeout=5)
    document = requests.get(tenant.base_url + server.DOCUMENT_PATH, timeout=5)

    assert f'data-url="{server.DOCUMENT_PATH}"' in page.text
    assert yaml.safe_load(document.content)["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "query",
    ["proSeite=11", "seite=0", "geaendertSeit=1735689600000", "geaendertSeit=gestern", "limit=5", "felder=gibtsnicht"],
)
def test_a_parameter_that_the_document_does_not_allow_is_refused(query: str, tenant: server.LuchsTenant) -> None:
    headers = log_in(tenant)
    address = f"{tenant.base_url}{server.BASE}kandidaten"

    assert requests.get(f"{address}?{query}", headers=headers, timeout=5).status_code == 400
    assert requests.get(address, headers=headers, timeout=5).json()["meta"]["letzteSeite"] == 5
    assert requests.get(address, timeout=5).status_code == 401


def test_the_filter_leaves_only_what_changed_at_or_after_its_time(tenant: server.LuchsTenant) -> None:
    tenant.later(minutes=7).update("kandidaten", "50025", nachname="Klein")
    url = f"{tenant.base_url}{server.BASE}kandidaten?geaendertSeit={round(tenant.now.timestamp())}"
    answer = requests.get(url, headers=log_in(tenant), timeout=5)

    assert [row["kandidatenNr"] for row in answer.json()["data"]] == [50025]


def test_the_actions_of_the_contract_take_effect(tenant: server.LuchsTenant, tmp_path: Path) -> None:
    person = {"first_name": "Ada", "last_name": "Klein", "email_address": "ada@example.org", "gender": "FEMALE"}
    cv = {"name": "cv.pdf", "type": "CV", "content_type": "application/pdf", "data": "JVBERi0xLjQgeA=="}
    points = {"custom_field_name_prefix": "Punkte", "attributes": [{"key": "im Test", "value": 77}]}
    link = {"label": "Ergebnis", "url": "https://e.example.org/1", "details": points}
    messages = [
        schema("create_application"),
        record("create_application", action_id="a", job_id="310", candidate=person, source={"name": "LinkedIn"}),
        schema("create_candidate"),
        record("create_candidate", action_id="c", candidate=person, job_id="311", attachments=[cv]),
        schema("add_note_to_application"),
        record("add_note_to_application", action_id="n", application_id="action:a", content="Montag"),
        schema("add_result_link_to_application"),
        record("add_result_link_to_application", action_id="l", application_id="action:a", **link),
        schema("add_attachment_to_application"),
        record("add_attachment_to_application", action_id="f", application_id="action:a", attachment=cv),
        schema("add_attachment_to_candidate"),
        record("add_attachment_to_candidate", action_id="g", candidate_id="action:a", attachment=cv),
    ]
    config = {**config_of(tenant), "ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}"}
    del config["deletion_check_interval_hours"]
    run = run_target(config, messages)

    assert run.status == 0, run.log
    people = [row for row in tenant.tables["kandidaten"].values() if row["nachname"] == "Klein"]
    (applied,) = [row for row in people if row["herkunft"] == {"quellenId": 3}]
    assert [row["anrede"] for row in people] == ["Frau", "Frau"]
    assert applied["bewerbungen"][0]["zusatzFelder"] == [data.field("zf_punkte", 77)]
    notes, files = tenant.tables["notizen"].values(), tenant.tables["unterlagen"].values()
    assert {row["inhalt"].split(":")[0] for row in notes} == {"Montag", "Ergebnis"}
    assert [(row["dateiName"], row["größe"], row["dokumentTyp"]) for row in files] == [("cv.pdf", 10, "Lebenslauf")] * 3
    assert {row["an"].partition("/")[0] for row in files} == {"bewerbungen", "kandidaten"}


def test_the_contract_knows_all_words_of_the_document() -> None:
    words = load_contract([server.CONTRACT]).vocabularies
    schemas = yaml.safe_load(server.DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]
    job = schemas["Stelle"]["allOf"][1]["properties"]
    for enum, vocabulary in [
        (schemas["StellenStatus"]["enum"], "status"),
        (schemas["Bewerbung"]["properties"]["status"]["enum"], "outcome"),
        (job["sichtbarkeit"]["enum"], "visibility"),
        (job["anstellungsArt"]["enum"], "employment_type"),
    ]:
        known = {fold(word) for spellings in words[vocabulary].values() for word in spellings}
        assert {fold(word) for word in enum} <= known
