"""The contract that stands beside the document is right: with it alone everything is read, and actions arrive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from hr4you.contract import load_contract
from tests.tap_hr4you.other_servers import NOTHING, assert_has, by_id, sync
from tests.target_hr4you.runs import record, run_target, schema
from tests.tenants.kranich import server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e  # a whole tenant each time

EXPECTED = Path(server.__file__).with_name("expected.yml")


@pytest.fixture
def kranich() -> Iterator[server.Kranich]:
    with server.serve() as tenant:
        yield tenant


@pytest.fixture
def config(kranich: server.Kranich) -> dict[str, Any]:
    contract = {"contract": [str(EXPECTED)], "deletion_check_interval_hours": 0}
    return {"base_url": kranich.base_url, "tenant": "kranich", **contract, **server.CREDENTIALS}


def test_all_records_are_read_over_several_pages(kranich: server.Kranich, config: dict[str, Any]) -> None:
    run = sync(config)
    assert run.counts == server.COUNTS
    assert kranich.requests.count("GET /api2/bewerber") >= 3
    told = [line.partition("Values ")[2] for line in run.log.splitlines() if "WARNING" in line]
    assert [line.partition(".")[2].partition(".")[0] for line in told] == ["employment_type 'Vollzeit/Teilzeit' (1)"]


def test_what_is_read_is_what_the_document_means(config: dict[str, Any]) -> None:
    run = sync(config)
    jobs, candidates, applications = (by_id(run, stream) for stream in ("jobs", "candidates", "applications"))
    assert_has(jobs["103"], {"employment_type": "SEASONAL", "status": "DRAFT", "visibility": "INTERNAL"})
    assert_has(jobs["104"], {"employment_type": "CONTRACT", "status": "CLOSED", "visibility": "UNLISTED"})
    assert jobs["101"]["closed_at"] is None
    assert jobs["102"]["contact_id"] == "kranich:user:3"
    ninth = candidates["1009"]
    assert_has(ninth, {"first_name": "Jannis", "last_name": "Köhler", "source": "Jobbörse"})
    assert [number["type"] for number in ninth["phone_numbers"]] == ["privat", "mobil"]
    assert [link["type"] for link in candidates["1000"]["social_media"]] == ["xing", "linkedin"]
    assert_has(ninth["location"], {"city": "Innsbruck", "zip_code": "6020", "country": "AT"})
    kinds = [(field["key"], field["value_type"]) for field in ninth["integration_fields"]]
    assert kinds == [("zf_12", "NUMBER"), ("zf_15", "DATE")]
    outcomes = [applications[str(5000 + number)]["outcome"] for number in range(6)]
    assert outcomes == ["PENDING", "PENDING", "PENDING", "HIRED", "DECLINED", "DECLINED"]
    assert applications["5025"]["candidate_id"] == "kranich:candidate:1000"


@pytest.mark.parametrize(
    ("table", "key", "stream", "changes"),
    [
        ("benutzer", "2", "users", {"ben_nname": "Kühn"}),
        ("stellen", "104", "jobs", {"stl_status": "archiviert"}),
        ("bewerber", "1003", "candidates", {"bew_ort": "Plön"}),
        ("phasen", "13", "application_stages", {"phs_bez": "Interview"}),
        ("bewerbungen", "5028", "applications", {"bwg_status": "absage"}),
    ],
    ids=["user", "job", "candidate", "stage", "application"],
)
def test_the_second_run_tells_only_what_has_changed(  # noqa: PLR0917  # one argument per column of the table
    table: str, key: str, stream: str, changes: dict[str, Any], kranich: server.Kranich, config: dict[str, Any]
) -> None:
    state = sync(config).state
    assert sync(config, state).counts == NOTHING
    kranich.later(hours=5).update(table, key, **changes)
    again = sync(config, state)
    assert again.counts == {**NOTHING, stream: 1}
    assert again.records(stream)[0]["remote_id"] == key


def test_actions_arrive_once(kranich: server.Kranich, config: dict[str, Any], tmp_path: Path) -> None:
    config = {key: value for key, value in config.items() if key != "deletion_check_interval_hours"}
    config |= {"ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}", "unknown_quarantine_seconds": 0.2}
    person = {"first_name": "Lore", "last_name": "Ipsen", "email_address": "lore@example.org", "gender": "FEMALE"}
    known = {"first_name": "Anke", "last_name": "Böttcher", "email_address": "anke.boettcher@example.org"}
    attachment = {"name": "cv.txt", "type": "CV", "content_type": "text/plain", "data": "TGViZW5zbGF1Zg=="}
    more = {"source": {"name": "Messe"}, "gdpr_consent": {"given": True}, "attachments": [attachment]}
    link = {"application_id": "action:b", "label": "Test", "url": "https://assess.example.org/1"}
    messages = [
        schema("create_candidate"),
        record("create_candidate", action_id="a", candidate=person, application={"job_id": "100"}, **more),
        schema("create_application"),
        record("create_application", action_id="b", candidate=known, application={"job_id": "100"}),
        schema("add_note_to_application"),
        record("add_note_to_application", action_id="c", application_id="action:a", content="Bitte einladen"),
        schema("add_result_link_to_application"),
        record("add_result_link_to_application", action_id="d", **link),
    ]
    for _ in range(2):
        done = run_target(config, messages)
        assert done.status == 0, done.log
        (made,) = (row for row in kranich.tables["bewerber"].values() if row["bew_mail"] == "lore@example.org")
        assert_has(made, {"bew_geschlecht": "w", "bew_quelle_id": 3, "bew_dsgvo_einw": True})
        assert len(kranich.tables["bewerber"]) == 26
        assert len(kranich.tables["bewerbungen"]) == 31
        (file,) = kranich.tables["dokumente"].values()
        assert_has(file, {"dok_name": "cv.txt", "dok_groesse": 10, "dok_art": "lebenslauf"})
        assert sorted(row["_owner"] for row in kranich.tables["notizen"].values()) == ["5000", "5030"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start=0&anzahl=10", 200),
        ("anzahl=11", 400),
        ("seite=2", 400),
        ("geaendert_seit=2024-07-01T10:00:00Z", 400),
        ("geaendert_seit=2024-07-01 10:00:00", 200),
    ],
)
def test_a_parameter_that_the_document_does_not_know_is_refused(
    query: str, status: int, kranich: server.Kranich
) -> None:
    login = (server.CREDENTIALS["username"], server.CREDENTIALS["password"])
    url = f"{kranich.base_url}/api2/bewerber?{query}"
    assert requests.get(url, auth=login, timeout=9).status_code == status
    assert requests.get(url, auth=(login[0], "falsch"), timeout=9).status_code == 401


def test_every_list_of_the_document_is_served_and_has_the_keys_that_it_says(kranich: server.Kranich) -> None:
    login = (server.CREDENTIALS["username"], server.CREDENTIALS["password"])
    document = yaml.safe_load(server.DOCUMENT.read_text(encoding="utf-8"))
    for path in (path for path, item in document["paths"].items() if "get" in item):
        number = {"bewerber": 1001, "bewerbungen": 5001, "stellen": 101}.get(path.split("/")[1], 1)
        answer = requests.get(f"{kranich.base_url}/api2{path.replace('{id}', str(number))}", auth=login, timeout=9)
        assert answer.status_code == 200, path
        schema_ = document["paths"][path]["get"]["responses"][200]["schema"]
        _assert_keys(answer.json(), schema_, document["definitions"])


def test_the_docs_page_leads_to_the_document(kranich: server.Kranich) -> None:
    page = requests.get(f"{kranich.base_url}{server.DOCS}", timeout=9)
    assert "./swagger-initializer.js" in page.text
    script = requests.get(f"{kranich.base_url}{server.DOCS}swagger-initializer.js", timeout=9)
    assert 'url: "./kranich-schnittstelle.yaml"' in script.text
    document = requests.get(f"{kranich.base_url}{server.DOCS}kranich-schnittstelle.yaml", timeout=9)
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


def _assert_keys(value: Any, schema_: dict[str, Any], definitions: dict[str, Any]) -> None:
    if "$ref" in schema_:
        schema_ = definitions[schema_["$ref"].rpartition("/")[2]]
    if schema_.get("type") == "array":
        for element in value:
            _assert_keys(element, schema_["items"], definitions)
    elif "properties" in schema_:
        assert set(value) == set(schema_["properties"])
        for key, inner in schema_["properties"].items():
            _assert_keys(value[key], inner, definitions)
