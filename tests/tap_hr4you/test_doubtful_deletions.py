"""Deletions that a tenant makes hard to tell: refusals, odd answers, lists that disagree, other sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tap_hr4you.state import read_states
from tests.servers import plain
from tests.tap_hr4you.runs import TapRun, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control import Control

BEFORE = "2024-07-01T07:00:00Z"


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    """Thirty jobs that last changed an hour ago."""
    with plain.serve() as served:
        served.put("jobs", *range(1, 31), updatedAt=BEFORE)
        yield served


def deleted(run: TapRun) -> list[str]:
    return sorted((record["remote_id"] for record in run.records() if record["remote_deleted_at"]), key=int)


def checked_at(run: TapRun) -> Any:
    return run.state["bookmarks"]["jobs"].get("deletion_checked_at")


class Hides:
    """Lists leave these jobs out; who asks for one by its id gets it."""

    def __init__(self, tenant: plain.PlainTenant, *ids: str) -> None:
        self.tenant = tenant
        for key in ids:
            tenant.instead[f"jobs/{key}"] = {"data": tenant.tables["jobs"].pop(key)}


def test_what_may_not_be_asked_for_is_not_deleted(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.delete("jobs", "3")
    tenant.delete("jobs", "4")
    tenant.refused["jobs/4"] = 403
    second = run_tap(config, state=first.state)
    del tenant.refused["jobs/4"]
    third = run_tap(config, state=second.state)

    assert (second.status, deleted(second)) == (0, ["3"])
    assert (third.status, deleted(third)) == (0, ["4"])


def test_what_is_listed_and_unknown_but_may_not_be_asked_for_comes_from_the_list(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.put("jobs", 40, 41, jobTitle="Koch", updatedAt="2019-01-01T00:00:00Z")
    tenant.refused["jobs/40"] = 403
    second = run_tap(config, state=first.state)

    assert second.status == 0
    assert {record["remote_id"]: record["name"] for record in second.records()} == {"40": "Koch", "41": "Koch"}
    assert run_tap(config, state=second.state).records() == []


@pytest.mark.parametrize("status", [404, 410, None], ids=["404", "410", "null"])
def test_the_ways_to_say_that_it_is_gone(tenant: plain.PlainTenant, status: int | None) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.delete("jobs", "3")
    if status is None:
        tenant.instead["jobs/3"] = {"data": None}
    else:
        tenant.refused["jobs/3"] = status

    assert deleted(run_tap(config, state=first.state)) == ["3"]


@pytest.mark.parametrize(
    "answer", [{"jobId": 3}, {"data": {"jobId": 4}}, {"data": []}, {}], ids=["bare", "another", "a list", "nothing"]
)
def test_an_odd_answer_deletes_nothing_and_is_told(tenant: plain.PlainTenant, answer: Any) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.delete("jobs", "3")
    tenant.instead["jobs/3"] = answer

    run = run_tap(config, state=first.state)

    assert run.status == 1
    assert deleted(run) == []
    assert "Check `record` and `id` of `resources.jobs` in the contract, or set its `get` to null" in run.last_line
    assert "Traceback" not in run.log


def test_a_refusal_that_says_nothing_of_absence_deletes_nothing(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    tenant.delete("jobs", "3")
    tenant.refused["jobs/3"] = 409

    run = run_tap(config, state=first.state)

    assert (run.status, deleted(run)) == (1, [])


def test_a_check_that_could_not_be_made_is_made_again_by_the_next_run(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant, deletion_check_interval_hours=24)
    first = run_tap(config)
    rows = dict(tenant.tables["jobs"])
    tenant.tables["jobs"] = {key: rows[key] for key in ("1", "2")}
    tenant.later(hours=24)
    doubtful = run_tap(config, state=first.state)
    tenant.tables["jobs"] = {key: row for key, row in rows.items() if key != "3"}
    tenant.later(hours=1)
    again = run_tap(config, state=doubtful.state)
    tenant.delete("jobs", "4")
    tenant.later(hours=23, minutes=59)
    not_due = run_tap(config, state=again.state)
    tenant.later(minutes=1)
    due = run_tap(config, state=not_due.state)

    assert "max_deletion_ratio" in doubtful.log
    assert [deleted(run) for run in (doubtful, again, not_due, due)] == [[], ["3"], [], ["4"]]
    assert checked_at(doubtful) == checked_at(first) == "2024-07-01T08:00:00.000000+00:00"
    assert checked_at(not_due) == checked_at(again) == "2024-07-02T09:00:00.000000+00:00"


def test_of_a_list_that_hides_what_exists_only_the_proven_is_deleted(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    first = run_tap(config)
    Hides(tenant, "3", "4")
    tenant.delete("jobs", "5")
    second = run_tap(config, state=first.state)
    third = run_tap(config, state=second.state)

    assert deleted(second) == ["5"]
    assert "2 of the 3 asked for by id still exist" in second.log
    assert third.records() == []


def test_a_first_list_that_disagrees_with_itself_is_not_kept(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    by_hand = {"bookmarks": {"jobs": {"replication_key_value": "2024-07-01T07:59:00Z"}}}
    hidden: dict[str, Any] = {}

    def hide(path: str) -> None:  # a row in the middle of pages is seen by nobody, though it is counted
        if path == "jobs":
            hidden.update({str(len(hidden) + 1): tenant.tables["jobs"].pop(str(len(hidden) + 1))})

    tenant.meanwhile = hide
    doubtful = run_tap({**config, "page_size": 5, "concurrency": 1}, state=by_hand)
    tenant.meanwhile = None
    tenant.tables["jobs"] |= hidden
    seeded = run_tap(config, state=doubtful.state)

    assert "ids" not in doubtful.state["bookmarks"]["jobs"]
    assert checked_at(doubtful) is None
    assert seeded.records() == []
    assert checked_at(seeded) is not None
    tenant.delete("jobs", "7")
    assert deleted(run_tap(config, state=seeded.state)) == ["7"]


def test_a_record_that_comes_back_with_its_old_time_is_whole_again(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant)
    run = run_tap(config)
    row = tenant.tables["jobs"].pop("3")
    run = run_tap(config, state=run.state)
    assert deleted(run) == ["3"]
    tenant.tables["jobs"]["3"] = row
    run = run_tap(config, state=run.state)

    [record] = run.records()
    assert (record["remote_id"], record["remote_deleted_at"], record["remote_data"]) == ("3", None, row)
    assert run_tap(config, state=run.state).records() == []


def test_a_job_that_was_told_long_ago_is_deleted_with_its_name_which_is_then_forgotten(
    tenant: plain.PlainTenant,
) -> None:
    tenant.put("jobs", 3, 4, jobTitle="Koch")
    config = plain.config_of(tenant)
    run = run_tap(config)
    for _ in range(2):
        run = run_tap(config, state=run.state)
    tenant.delete("jobs", "3")
    run = run_tap(config, state=run.state)

    assert [(record["remote_id"], record["name"]) for record in run.records()] == [("3", "Koch")]
    assert set(read_states(run.state, tenant="acme")["jobs"].names) == {"4"}


def test_a_mass_deletion_that_is_allowed_is_still_asked_for(tenant: plain.PlainTenant) -> None:
    config = plain.config_of(tenant, allow_mass_deletion=True)
    first = run_tap(config)
    Hides(tenant, *(str(number) for number in range(11, 31)))
    for number in range(1, 11):
        tenant.delete("jobs", str(number))

    assert deleted(run_tap(config, state=first.state)) == [str(number) for number in range(1, 11)]


def test_start_date_seeds_the_set_with_what_it_leaves_out(tenant: plain.PlainTenant) -> None:
    tenant.put("applicants", 1, updatedAt=BEFORE)
    tenant.put("applicants", 2)
    config = plain.config_of(tenant, start_date="2024-07-01T07:30:00Z")
    first = run_tap(config)
    idle = run_tap(config, state=first.state)
    tenant.put("applicants", 3, updatedAt=BEFORE)
    added = run_tap(config, state=idle.state)
    tenant.delete("applicants", "1")

    assert [record["remote_id"] for record in first.records("candidates")] == ["2"]
    assert idle.records() == []
    assert [record["remote_id"] for record in added.records("candidates")] == ["3"]
    assert deleted(run_tap(config, state=added.state)) == ["1"]


def test_another_feed_set_or_source_and_the_way_back_delete_nothing(sandbox: Control) -> None:
    website = {**sandbox.config, "api_token": None, "jobs_source": "feed"}
    other = {**website, "job_feed_set": "v2"}
    run = run_tap(website)
    sources, gone = [], []
    for config in (website, other, website, sandbox.config, other, other, sandbox.config):
        public = [job for job in sandbox.all("jobs") if job["jobVisibility"] == "oeffentlich"]
        sandbox.delete("jobs", next(job["jobId"] for job in public if job["jobStatus"] == "offen"))
        run = run_tap(config, state=run.state)
        assert run.status == 0, run.log
        sources.append(run.state["bookmarks"]["jobs"]["source"])
        gone.append(len(deleted(run)))

    assert sources == ["feed", "feed:v2", "feed", "api", "feed:v2", "feed:v2", "api"]
    assert gone == [1, 0, 0, 0, 0, 1, 0]
