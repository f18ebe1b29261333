"""The legacy dialect: another login, other paths and names, naive times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hr4you_sandbox
from hr4you.contract import load_contract
from hr4you_sandbox import Sandbox, serve_in_thread
from hr4you_sandbox.legacy import SHAPES
from tests.hr4you_sandbox.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGIN = {"benutzer": "sandbox", "kennwort": "sandbox"}
LISTS = {
    "benutzer": "nr vorname nachname mail aktiv geaendert",
    "stellen": "nr bezeichnung text beschaeftigung kategorie zustand sichtbar arbeitsort link von bis"
    " ansprechpartner_nr zusatzfelder angelegt geaendert",
    "bewerber": "nr person mails telefone anschrift herkunft profile einwilligung zusatzfelder angelegt geaendert",
    "phasen": "nr bezeichnung reihenfolge",
    "bewerbungen": "nr bewerber_nr stelle_nr phase_nr zustand zusatzfelder angelegt geaendert",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with serve_in_thread(candidates=60, dialect="legacy") as sandbox:
        yield sandbox


@pytest.fixture
def logged_in(strangers: Caller) -> Caller:
    token = strangers("POST", "/api2/anmeldung", json=LOGIN).json()["token"]
    strangers.session.headers["X-Auth-Token"] = token
    return strangers


def test_a_login_answers_a_token_of_its_own(strangers: Caller) -> None:
    first, second = (strangers("POST", "/api2/anmeldung", json=LOGIN).json() for _ in range(2))
    assert set(first) == {"token", "gueltig_sekunden"}
    assert first["gueltig_sekunden"] == 3600
    assert first["token"] != second["token"]


@pytest.mark.parametrize("sent", [{**LOGIN, "kennwort": "falsch"}, {}], ids=["wrong", "empty"])
def test_a_wrong_password_is_refused(strangers: Caller, sent: dict[str, str]) -> None:
    answer = strangers("POST", "/api2/anmeldung", json=sent)
    assert (answer.status_code, list(answer.json())) == (401, ["meldung"])


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Auth-Token": "sandbox"}, {"Authorization": "Bearer sandbox"}],
    ids=["none", "unknown", "of the other dialect"],
)
def test_without_a_session_nothing_is_told(strangers: Caller, headers: dict[str, str]) -> None:
    assert strangers("GET", "/api2/bewerber", headers=headers).status_code == 401


def test_a_session_ends() -> None:
    now = [1_800_000_000.0]
    with serve_in_thread(candidates=3, dialect="legacy", clock=lambda: now[0]) as sandbox:
        caller = Caller(sandbox, {})
        token = caller("POST", "/api2/anmeldung", json=LOGIN).json()["token"]
        caller.session.headers["X-Auth-Token"] = token
        statuses = []
        for passed in (0, 3599, 1):
            now[0] += passed
            statuses.append(caller("GET", "/api2/phasen").status_code)
        caller.session.close()
    assert statuses == [200, 200, 401]


def test_an_expired_token_stays_invalid_until_the_next_login(logged_in: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": "GET *", "fault": "expire_token", "nth": 2})
    assert [logged_in("GET", "/api2/phasen").status_code for _ in range(4)] == [200, 401, 401, 401]
    logged_in.session.headers["X-Auth-Token"] = logged_in("POST", "/api2/anmeldung", json=LOGIN).json()["token"]
    assert logged_in("GET", "/api2/phasen").status_code == 200


@pytest.mark.parametrize(("path", "keys"), LISTS.items(), ids=list(LISTS))
def test_each_list_has_its_own_names(logged_in: Caller, path: str, keys: str) -> None:
    answer = logged_in.get(f"/api2/{path}", start=0, anzahl=200)
    assert set(answer) == {"ergebnis", "gesamt"}
    assert len(answer["ergebnis"]) == answer["gesamt"]
    assert all(list(item) == keys.split() for item in answer["ergebnis"])
    first = answer["ergebnis"][0]
    assert logged_in.get(f"/api2/{path}/{first['nr']}") == {"ergebnis": first}


def test_a_list_is_cut_by_offset(logged_in: Caller, sandbox: Sandbox) -> None:
    cuts = [logged_in.get("/api2/bewerber", start=start, anzahl=25)["ergebnis"] for start in (0, 25, 50, 75)]
    assert [len(cut) for cut in cuts] == [25, 25, 10, 0]
    assert [item for cut in cuts for item in cut] == sandbox.objects("bewerber") == sandbox.objects("applicants")


def test_fields_cannot_be_left_out(logged_in: Caller) -> None:
    assert len(logged_in.get("/api2/phasen", fields="nr")["ergebnis"][0]) == 3


def test_times_are_berlins_clock_and_the_repeated_hour_looks_the_same_twice(logged_in: Caller) -> None:
    times = [item["geaendert"] for item in logged_in.get("/api2/bewerber", start=1, anzahl=4)["ergebnis"]]
    assert times == ["2025-03-30 01:59:59", "2025-03-30 03:00:00", "2025-10-26 02:30:00", "2025-10-26 02:30:00"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2025-10-26 02:30:00", {1004, 1005}), ("2025-10-26 02:30:01", {1005}), ("2025-10-26 03:00:00", set())],
    ids=["takes both passes", "is the earlier pass", "is after both"],
)
def test_the_filter_is_local_time(logged_in: Caller, since: str, expected: set[int]) -> None:
    found = {item["nr"] for item in logged_in.get("/api2/bewerber", geaendert_seit=since, anzahl=200)["ergebnis"]}
    assert found & {1004, 1005} == expected


@pytest.mark.parametrize("params", [{"start": -1}, {"anzahl": 0}, {"geaendert_seit": "gestern"}], ids=str)
def test_parameters_that_make_no_sense_are_refused_by_name(logged_in: Caller, params: dict[str, Any]) -> None:
    answer = logged_in("GET", "/api2/bewerber", params=params)
    assert (answer.status_code, list(answer.json()["felder"])) == (422, list(params))


def test_the_control_api_takes_the_names_of_both_wires(sandbox: Sandbox) -> None:
    sandbox.patch("bewerber", 1001, person={"nachname": "Müller"})
    changed = sandbox.patch("applicants", 1001, firstname="Jörg", anschrift={"ort": "Köln"})
    assert changed["person"] == {"vorname": "Jörg", "nachname": "Müller"}
    assert changed["anschrift"]["ort"] == "Köln"
    job = sandbox.create("stellen", bezeichnung="Koch", zustand="aktiv", sichtbar="extern")
    assert (job["zustand"], job["sichtbar"]) == ("aktiv", "extern")
    whole = sandbox.objects("bewerber")[5]
    assert {**sandbox.patch("bewerber", whole["nr"], **whole), "geaendert": 0} == {**whole, "geaendert": 0}
    second_pass = sandbox.objects("bewerber")[4]
    assert sandbox.patch("bewerber", 1005, **second_pass)["geaendert"] > "2026"


def test_writes_are_not_offered(logged_in: Caller) -> None:
    assert logged_in("POST", "/api2/bewerber", json={}).status_code == 405


def test_its_contract_loads_and_names_each_of_its_keys() -> None:
    contract = load_contract([Path(hr4you_sandbox.__file__).with_name("legacy.yml")])
    assert contract.uses_naive_times
    named = {"users": "users", "jobs": "jobs", "applicants": "candidates", "applications": "applications"}
    for kind, stream in named.items():
        resource = contract.resources[stream]
        assert str(resource.id.text) == "nr"
        assert SHAPES[kind][0].path == "nr"


def test_its_document_describes_its_own_paths(strangers: Caller) -> None:
    document = strangers.get("/api2/openapi.json")
    assert "/api2/bewerber" in document["paths"]
    assert "/api2/anmeldung" in document["paths"]
    assert "person" in document["components"]["schemas"]["bewerber"]["properties"]
