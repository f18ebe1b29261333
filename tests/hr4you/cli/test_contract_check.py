"""``hr4you contract check``: what it finds right and wrong, and that it shows nobody's data."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.hr4you.cli.tenants import NAMES, At, Done, at, run, served
from tests.servers import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control

pytestmark = pytest.mark.e2e  # slow: a whole tenant, or a ledger, each time


@pytest.fixture
def acme(sandbox: Control, tmp_path: Path) -> At:
    config = {key: sandbox.config[key] for key in ("base_url", "api_token", "tenant")}
    return at(config, tmp_path, sandbox.all("applicants"))


def checked(tenant: At, contract: str, folder: Path, *arguments: str) -> Done:
    """Check with an override of this text."""
    path = folder / "my.yml"
    path.write_text(contract, encoding="utf-8")
    return tenant.run("contract", "check", "--contract", str(path), *arguments)


def failed(done: Done) -> list[tuple[str, str]]:
    return [(line["section"], line["entry"]) for line in done.lines if line["result"] == "failed"]


# --- what is right ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_contract_of_a_tenant_passes_and_nobody_is_shown(name: str, tmp_path: Path) -> None:
    with served(name, tmp_path) as tenant:
        people, done, as_json = (
            tenant.people,
            tenant.run("contract", "check"),
            tenant.run("contract", "check", "--json"),
        )
        assert len(people) > 5
        assert tenant.shown(done.out + done.err + as_json.out + as_json.err) == set()
    assert (done.status, as_json.status, done.err) == (0, 0, "")
    assert failed(as_json) == []
    assert "0 failed" in done.out.splitlines()[-2]


def test_every_entry_has_a_line_with_share_types_and_shape(acme: At) -> None:
    done = acme.run("contract", "check", "--json", "--sample", "all")
    lines = {(line["section"], line["entry"]): line for line in done.lines}
    city = lines["candidates", "location.city"]
    assert (city["expression"], city["found"] <= city["of"], city["of"]) == ("city", True, 120)
    assert city["types"] == {"text": city["found"]}
    assert lines["candidates", "email_addresses.email_address"]["shape"].startswith("e-mail address")
    assert lines["candidates", "custom_fields.value"]["of"] > 120
    assert lines["jobs", "status"]["words"].keys() == {"offen", "geschlossen", "entwurf", "archiviert"}
    assert lines["candidates", "first_name"]["words"] is None
    assert lines["users", "paging"]["result"] == "ok"
    assert lines["applications", "job_id refers"]["text"].endswith("are ids of jobs")


def test_it_only_reads(acme: At, sandbox: Control) -> None:
    acme.run("contract", "check")
    assert {request.split()[0] for request in sandbox.requests() if "/api2/" in request} == {"GET"}


def test_a_sample_is_as_large_as_was_asked_for(acme: At) -> None:
    of = {
        line["of"] for line in acme.run("contract", "check", "--json", "--sample", "7").lines if line["entry"] == "id"
    }
    assert of == {7, None}, "None are the lists that serve looking up"


# --- what is wrong ---------------------------------------------------------------------------------------------------

ALL = ("users", "jobs", "candidates", "application_stages", "applications")


@pytest.mark.parametrize(
    ("contract", "expected", "place"),
    [
        ("resources: {jobs: {list: stellen}}", [("jobs", "list")], "resources.jobs.list"),
        ("api: {records: daten}", [(name, "list") for name in ALL], "api.records"),
        ("resources: {jobs: {id: nummer}}", [("jobs", "id")], "resources.jobs.id"),
        (
            "resources: {jobs: {id: jobStatus, get: null, only_ids: null, select: null}}",
            [("jobs", "id")],
            "resources.jobs.id",
        ),
        ("resources: {jobs: {changed_at: geaendert}}", [("jobs", "changed_at")], "resources.jobs.changed_at"),
        ("resources: {jobs: {changed_at: jobTitle}}", [("jobs", "changed_at")], "resources.jobs.changed_at"),
        (
            "resources: {applications: {fields: {job_id: applicantId}}}",
            [("applications", "job_id refers")],
            "resources.applications.fields.job_id",
        ),
        (
            "resources: {applications: {fields: {candidate_id: null}}}",
            [("applications", "candidate_id")],
            "resources.applications.fields.candidate_id",
        ),
        ("api: {pagination: {page: seite}}", [(name, "paging") for name in ALL], "api.pagination"),
        ('resources: {jobs: {get: "jobs/x{id}"}}', [("jobs", "get")], "resources.jobs.get"),
        (
            "resources: {jobs: {only_ids: {params: {fields: jobTitle}}}}",
            [("jobs", "only_ids")],
            "resources.jobs.only_ids",
        ),
    ],
    ids=[
        *("list", "records", "no id", "repeated id", "no time", "odd time", "reference", "no reference", "paging"),
        *("get", "only_ids"),
    ],
)
def test_what_the_connection_cannot_do_without_fails_with_the_line_to_change(
    acme: At, tmp_path: Path, contract: str, expected: list[tuple[str, str]], place: str
) -> None:
    done = checked(acme, contract, tmp_path, "--json")
    assert done.status == 1
    first = next(line for line in done.lines if line["result"] == "failed")
    assert (first["contract"], first["at"]) == (place, f"{tmp_path / 'my.yml'}, line 1")
    assert failed(done) == expected, "one fault is told once"

    told = checked(acme, contract, tmp_path)
    assert told.status == 1
    assert f"-> {tmp_path / 'my.yml'}, line 1: `{place}`" in told.out
    assert acme.shown(told.out) == set()


def test_of_what_the_default_says_a_file_of_one_s_own_is_to_say_it(acme: At, sandbox: Control) -> None:
    sandbox.faults({"match": "GET /api2/stages", "fault": "status", "status": 404})
    done = acme.run("contract", "check")
    assert done.status == 1
    assert "-> say `resources.application_stages.list` in your contract (assumed in api2.yml, line " in done.out


def test_a_field_that_is_in_no_record_is_a_warning(acme: At, tmp_path: Path) -> None:
    done = checked(acme, "resources: {jobs: {fields: {category: bereich}}}", tmp_path, "--json")
    line = next(line for line in done.lines if line["entry"] == "category")
    assert (done.status, line["result"], line["found"], line["of"]) == (0, "warning", 0, 27)
    assert line["at"] == f"{tmp_path / 'my.yml'}, line 1"


def test_a_forbidden_list_fails_and_the_others_are_looked_at(acme: At, sandbox: Control) -> None:
    sandbox.faults({"match": "GET /api2/jobs*", "fault": "status", "status": 403})
    done = acme.run("contract", "check", "--json")
    assert (done.status, failed(done)) == (1, [("jobs", "list")])
    assert ("applications", "outcome") in {(line["section"], line["entry"]) for line in done.lines}


def test_a_refused_token_ends_in_one_line_with_75(acme: At) -> None:
    acme.path.write_text(json.dumps({**acme.config, "api_token": "wrong-token"}), encoding="utf-8")
    done = acme.run("contract", "check")
    assert (done.status, done.out, done.err.count("\n")) == (75, "", 1)
    assert "401" in done.err


@pytest.mark.parametrize(
    "settings", [{}, {"base_url": "http://127.0.0.1:9"}], ids=["nothing is set", "without credentials"]
)
def test_without_what_it_needs_it_ends_with_2(tmp_path: Path, settings: dict[str, str]) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    done = run("contract", "check", "--config", str(path))
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("sample", ["-1", "many", "1.5"])
def test_an_impossible_sample_is_a_wrong_call(sample: str) -> None:
    done = run("contract", "check", "--sample", sample)
    assert done.status == 2
    assert "expected a number of records, or `all`" in done.err


# --- words -----------------------------------------------------------------------------------------------------------


@contextmanager
def with_applications(folder: Path, **values: list[str]) -> Iterator[At]:
    """A tenant with 30 applications, whose keys take these values in turn."""
    with plain.serve() as tenant:
        for number in range(1, 31):
            own = {key: given[number % len(given)] for key, given in values.items()}
            tenant.put("applications", number, applicantId=number, jobId=1, stageId=1, **own)
            tenant.put("applicants", number, firstname="Anna", lastname=f"Muster{chr(64 + number)}")
        tenant.put("jobs", 1, jobTitle="Koch", jobStatus="offen")
        tenant.put("stages", 1, name="Runde eins")
        tenant.put("users", 1, firstname="Uwe", lastname="Stein")
        yield at({"base_url": tenant.base_url, "api_token": "plain-server"}, folder)


def test_words_that_no_vocabulary_covers_are_told_with_counts(tmp_path: Path) -> None:
    with with_applications(tmp_path, status=["neu", "ruhend", "ruhend"]) as tenant:
        done = tenant.run("contract", "check", "--json")
    line = next(line for line in done.lines if line["entry"] == "outcome words")
    assert (line["result"], line["contract"]) == ("warning", "vocabularies.outcome")
    assert line["words"] == {"ruhend": 20, "Runde eins": 20}
    assert done.status == 0


@pytest.mark.parametrize(
    "values",
    [
        [f"Anna Muster{chr(64 + number)}" for number in range(1, 31)],
        ["Uwe Stein", "Anna MusterA"],
        [f"person{number}@example.org" for number in range(5)],
        [f"0170 12345{number}" for number in range(5)],
    ],
    ids=["names", "few names", "e-mails", "phones"],
)
def test_a_contract_that_takes_people_for_words_shows_none_of_them(tmp_path: Path, values: list[str]) -> None:
    with with_applications(tmp_path, person=values) as tenant:
        contract = "resources: {applications: {fields: {outcome: person}}}"
        done = checked(tenant, contract, tmp_path)
        as_json = checked(tenant, contract, tmp_path, "--json")
    assert [value for value in values if value in done.out or value in as_json.out] == []
    assert "may be no words and are not shown" in done.out
