"""Faults that change what a list says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hr4you_sandbox import Sandbox
    from tests.hr4you_sandbox.conftest import Caller

PEOPLE = "/api2/applicants"


def ids(answer: dict[str, Any]) -> list[int]:
    return [item["applicantId"] for item in answer["data"]]


def test_a_page_comes_twice(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "duplicate_page", "nth": 3})
    pages = [call.get(PEOPLE, page=page, limit=10) for page in (1, 2, 3, 4)]
    assert ids(pages[2]) == ids(pages[1])
    assert [page["meta"]["page"] for page in pages] == [1, 2, 3, 4]
    assert ids(pages[3])[0] == 1031


def test_a_loop_gives_the_same_pages_without_end(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "loop", "period": 3})
    pages = [call.get(PEOPLE, page=page, limit=5) for page in range(1, 8)]
    assert [ids(page)[0] for page in pages] == [1001, 1006, 1011, 1001, 1006, 1011, 1001]
    assert all(page["meta"]["lastPage"] > 1_000 for page in pages)


def test_an_empty_list_says_that_it_is_empty(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "empty_list"})
    assert call.get(PEOPLE) == {"data": [], "meta": {"page": 1, "lastPage": 1, "total": 0}}


def test_a_short_list_agrees_with_itself(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "short_list", "keep": 0.25})
    pages = call.pages(PEOPLE, limit=10)
    assert [len(page) for page in pages] == [10, 5]
    assert call.get(PEOPLE)["meta"]["total"] == 15


def test_a_total_is_wrong(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "wrong_total"})
    assert call.get(PEOPLE, limit=10)["meta"] == {"page": 1, "lastPage": 8, "total": 73}
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "wrong_total", "total": 11})
    assert call.get(PEOPLE, limit=10)["meta"] == {"page": 1, "lastPage": 2, "total": 11}


def test_a_partial_answer_says_so_by_its_status(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "partial_206"})
    answer = call("GET", PEOPLE, params={"limit": 10})
    assert (answer.status_code, len(answer.json()["data"])) == (206, 5)
    assert answer.headers["Content-Range"] == "items 0-4/60"


def test_a_next_page_is_said_to_be_on_another_host(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "foreign_next"})
    answer = call("GET", PEOPLE, params={"page": 1})
    target = "https://elsewhere.example.org/api2/applicants?page=1"
    assert answer.headers["Link"] == f'<{target}>; rel="next"'
    content = answer.json()
    assert content["next"] == content["links"]["next"] == content["meta"]["next"] == target


def test_the_tenant_lives_between_two_pages(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}", "fault": "drift", "updates": 3, "inserts": 2, "deletes": 1})
    before = {item["applicantId"]: item for item in sandbox.objects("applicants")}
    others = sandbox.objects("applications")
    answer = call.get(PEOPLE, limit=10)
    after = {item["applicantId"]: item for item in sandbox.objects("applicants")}
    changed = [key for key in after if key in before and after[key] != before[key]]
    assert 2 <= len(changed) <= 3
    assert all(after[key]["updatedAt"] > before[key]["updatedAt"] for key in changed)
    assert answer["meta"]["total"] == len(after) == 61
    assert max(after) == 1062
    assert sandbox.objects("applications") == others


def test_drift_is_the_same_for_the_same_seed(call: Caller, sandbox: Sandbox) -> None:
    seen = []
    for _ in range(2):
        sandbox.reset()
        sandbox.faults({"match": f"GET {PEOPLE}", "fault": "drift", "updates": 2, "deletes": 2})
        seen.append(
            [
                [key for item in page for key in (item["applicantId"], item["lastname"])]
                for page in call.pages(PEOPLE, limit=20)
            ]
        )
    assert seen[0] == seen[1]


def test_a_search_lags_behind_what_was_just_made(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults({"match": f"GET {PEOPLE}*", "fault": "search_lag", "seconds": 3600})
    person = {"firstname": "Ä", "lastname": "B", "email": "ab@example.de"}
    made = call("POST", PEOPLE, json=person).json()["data"]["applicantId"]
    assert call.get(PEOPLE, email="ab@example.de")["data"] == []
    assert call.get(PEOPLE, limit=200)["meta"]["total"] == 60
    assert call.get(f"{PEOPLE}/{made}")["data"]["applicantId"] == made
    sandbox.faults()
    assert ids(call.get(PEOPLE, email="ab@example.de")) == [made]


def test_list_faults_leave_other_requests_alone(call: Caller, sandbox: Sandbox) -> None:
    one = call.get(f"{PEOPLE}/1001")
    sandbox.faults(*({"match": "*", "fault": name} for name in ("empty_list", "loop", "partial_206", "drift")))
    assert call.get(f"{PEOPLE}/1001") == one
    assert call("POST", PEOPLE, json={"firstname": "Ä", "lastname": "B", "email": "a@b.de"}).status_code == 201
