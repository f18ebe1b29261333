"""Objects asked for by id or per parent, of a tenant that refuses, forgets or answers something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import load_contract
from hr4you.crawl import Pass
from hr4you.errors import ForbiddenError, RequestRefusedError, UnexpectedAnswerError
from hr4you.http import Client
from hr4you.resources import Reader
from hr4you.settings import Connection
from tests.servers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeReader = Callable[..., Reader]

PER_CANDIDATE = """
version: 1
resources:
  applications: {get: null, only_ids: null, list: {per: candidates, path: "applicants/{id}/applications"}}
"""


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    with plain.serve() as served:
        yield served


@pytest.fixture
def reader_of(tenant: plain.PlainTenant, tmp_path: Path) -> Iterator[MakeReader]:
    """Makes readers of the tenant: of a resource, with a contract file of this text over the default."""
    clients = []

    def make(name: str, contract: str = "", **options: Any) -> Reader:
        files = []
        if contract:
            files.append(tmp_path / "contract.yml")
            files[0].write_text(contract)
        loaded = load_contract([str(file) for file in files])
        clients.append(
            Client(Connection.from_config({"base_url": tenant.base_url, "api_token": "plain-server"}), loaded.api)
        )
        return Reader(clients[-1], loaded, name, **options)

    yield make
    for client in clients:
        client.close()


def fetched(reader: Reader, *ids: str) -> list[str | None]:
    return [item.remote_id for items in reader.fetch(ids) for item in items]


def test_what_does_not_exist_is_not_there(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("jobs", 1, 2)
    tenant.refused["jobs/3"] = 410
    tenant.instead["jobs/4"] = {"data": None}
    reader = reader_of("jobs")

    assert reader.still_there(["1", "2", "3", "4", "5"]) == {"1", "2"}
    assert fetched(reader, "1", "2", "3", "4", "5") == ["1", "2"]


def test_an_id_that_is_no_plain_word_is_asked_for_as_it_is(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    assert reader_of("jobs").still_there(["a/../b?c"]) == set()
    assert tenant.requests == ["GET /api2/jobs/a%2F..%2Fb%3Fc"]


def test_what_may_not_be_seen_alone_is_there_and_is_picked_from_the_list(
    tenant: plain.PlainTenant, reader_of: MakeReader
) -> None:
    tenant.put("jobs", 1, 2, 3)
    tenant.refused["jobs/2"] = 403
    reader = reader_of("jobs")

    assert reader.still_there(["1", "2"]) == {"1", "2"}
    assert sorted(map(str, fetched(reader, "1", "2"))) == ["1", "2"]
    assert "GET /api2/jobs/3" not in tenant.requests


def test_where_all_may_be_seen_alone_the_list_is_not_read(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("jobs", 1, 2)
    fetched(reader_of("jobs"), "1", "2")

    assert sorted(tenant.requests) == ["GET /api2/jobs/1", "GET /api2/jobs/2"]


def test_nothing_is_asked_where_nothing_is_wanted(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    assert fetched(reader_of("jobs")) == []
    assert fetched(reader_of("jobs", "version: 1\nresources: {jobs: {get: null}}")) == []
    assert tenant.requests == []


def test_without_a_request_for_one_it_is_picked_from_the_list(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("jobs", 1, 2, 3)
    reader = reader_of("jobs", "version: 1\nresources: {jobs: {get: null}}")

    assert fetched(reader, "2", "9") == ["2"]
    assert not reader.can_get


@pytest.mark.parametrize("status", [400, 409, 422])
def test_another_refusal_is_no_absence(tenant: plain.PlainTenant, reader_of: MakeReader, status: int) -> None:
    tenant.refused["jobs/1"] = status

    with pytest.raises(RequestRefusedError):
        reader_of("jobs").still_there(["1"])


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"jobId": 2}},
        {"data": {}},
        {"data": [{"jobId": 1}]},
        {"data": []},
        {"data": "gone"},
        {"jobId": 1},
        {"error": "gone"},
        {},
        [],
        "gone",
    ],
    ids=str,
)
def test_something_else_than_the_object_is_no_absence(
    tenant: plain.PlainTenant, reader_of: MakeReader, answer: Any
) -> None:
    tenant.instead["jobs/1"] = answer

    with pytest.raises(UnexpectedAnswerError, match=r"Check `record` and `id` of `resources\.jobs`"):
        reader_of("jobs").still_there(["1"])


def test_an_object_in_no_envelope_is_there_and_null_is_not(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.instead |= {"jobs/1": {"jobId": 1}, "jobs/2": None}
    reader = reader_of("jobs", 'version: 1\nresources: {jobs: {record: "@"}}')

    assert reader.still_there(["1", "2"]) == {"1"}


def test_one_object_has_the_keys_that_the_list_has(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("jobs", 1, jobTitle="Koch", jobFulltext="...")
    reader = reader_of("jobs", keys=frozenset({"jobId", "jobTitle"}))

    listed = [item for items in reader.read(Pass()) for item in items]

    assert [item for items in reader.fetch(["1"]) for item in items] == listed
    assert listed[0].wire == {"jobId": 1, "jobTitle": "Koch"}


def test_the_applications_are_asked_for_per_candidate(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("applicants", 1, 2, 3)
    for number in (1, 2, 3):
        tenant.put("applications", 10 * number, applicantId=number)
    tenant.refused["applicants/3/applications"] = 410  # deleted since it was listed
    look = Pass()

    items = [item for items in reader_of("applications", PER_CANDIDATE).read(look) for item in items]

    assert [(item.remote_id, item.parent_id) for item in items] == [("10", "1"), ("20", "2")]
    assert look.agrees
    assert list(look.listed) == ["1", "2", "3"]
    assert {query["fields"] for path, query in tenant.queries if path == "applicants"} == {"applicantId"}


def test_a_parent_that_may_not_be_read_is_told_and_makes_the_list_incomplete(
    tenant: plain.PlainTenant, reader_of: MakeReader, caplog: pytest.LogCaptureFixture
) -> None:
    tenant.put("applicants", 1, 2)
    for number in (1, 2):
        tenant.put("applications", 10 * number, applicantId=number)
    tenant.refused["applicants/2/applications"] = 403
    look = Pass()

    items = [item for items in reader_of("applications", PER_CANDIDATE).read(look) for item in items]

    assert [item.remote_id for item in items] == ["10"]
    assert not look.agrees
    assert "applications: those of 1 candidates may not be read" in caplog.text


def test_where_no_parent_may_be_read_the_resource_is_forbidden(
    tenant: plain.PlainTenant, reader_of: MakeReader
) -> None:
    tenant.put("applicants", 1, 2)
    tenant.refused |= {"applicants/1/applications": 403, "applicants/2/applications": 403}

    with pytest.raises(ForbiddenError):
        list(reader_of("applications", PER_CANDIDATE).read(Pass()))


def test_a_later_page_of_parents_that_may_not_be_read_forbids_nothing(
    tenant: plain.PlainTenant, reader_of: MakeReader
) -> None:
    tenant.put("applicants", 1, 2, 3, 4)
    tenant.put("applications", 10, applicantId=1)
    tenant.refused |= {"applicants/3/applications": 403, "applicants/4/applications": 403}

    pages = list(reader_of("applications", PER_CANDIDATE, page_size=2).read(Pass()))

    assert [item.remote_id for items in pages for item in items] == ["10"]


def test_the_only_parent_that_may_not_be_read_forbids_nothing(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("applicants", 1)
    tenant.refused["applicants/1/applications"] = 403

    assert list(reader_of("applications", PER_CANDIDATE).read(Pass())) == [[]]


@pytest.mark.parametrize(
    ("touches", "parents", "filtered"), [(True, {"2"}, [True, True]), (False, {"1", "2"}, [False, True])]
)
def test_only_changed_parents_are_asked_where_a_change_below_touches_them(
    tenant: plain.PlainTenant,
    reader_of: MakeReader,
    touches: bool,  # noqa: FBT001  # a column of the table
    parents: set[str],
    filtered: list[bool],
) -> None:
    tenant.put("applicants", 1, updatedAt="2024-07-01T07:00:00Z")
    tenant.put("applicants", 2)
    since = "changed_since: {param: updatedSince, format: iso8601}"
    contract = PER_CANDIDATE.replace("list: {", f"{since}, list: {{parent_touches: {str(touches).lower()}, ")
    reader = reader_of("applications", contract)
    list(reader.read(Pass(), since=tenant.now))

    assert reader.can_filter
    assert {path.split("/")[1] for path, _ in tenant.queries if "/" in path} == parents
    of_parents = next(query for path, query in tenant.queries if path == "applicants")
    below = next(query for path, query in tenant.queries if "/" in path)
    assert ["updatedSince" in query for query in (of_parents, below)] == filtered


@pytest.mark.parametrize(
    ("contract", "can_filter"),
    [
        ("", True),
        ("resources: {jobs: {changed_since: null}}", False),
        ("resources: {jobs: {list: {nested_in: users, path: jobs}}}", False),
        ("resources: {jobs: {list: {nested_in: users, path: jobs, parent_touches: true}}}", True),
        (
            "resources: {users: {changed_since: null}, jobs: {list: {nested_in: users, path: x, parent_touches: yes}}}",
            False,
        ),
        ("resources: {jobs: {changed_since: null, list: {per: users, path: 'users/{id}/jobs'}}}", False),
    ],
    ids=["a list", "without a filter", "nested", "touching", "touching, but the parent has no filter", "per parent"],
)
def test_whether_unchanged_objects_can_be_left_out(reader_of: MakeReader, contract: str, can_filter: bool) -> None:  # noqa: FBT001  # a column of the table
    assert reader_of("jobs", contract and f"version: 1\n{contract}").can_filter is can_filter


@pytest.mark.parametrize(
    ("contract", "fields"),
    [
        ("", "jobId"),
        ("resources: {jobs: {only_ids: null}}", "jobId"),
        ("resources: {jobs: {select: null, only_ids: {params: {fields: jobId}}}}", "jobId"),
        ("resources: {jobs: {select: null, only_ids: null}}", None),
        ("resources: {jobs: {list: {per: users, path: 'users/{id}/jobs'}}}", None),
    ],
    ids=["both ways", "by selection", "by a list of its own", "in no way", "per parent"],
)
def test_whether_ids_can_be_listed_for_less(
    tenant: plain.PlainTenant, reader_of: MakeReader, contract: str, fields: str | None
) -> None:
    reader = reader_of("jobs", contract and f"version: 1\n{contract}")
    list(reader.read(Pass(), ids_only=True))

    assert reader.can_list_ids is (fields is not None)
    assert tenant.queries[0][1].get("fields") == (fields if "per:" not in contract else "userId")


def test_another_refusal_of_a_parents_list_ends_the_run(tenant: plain.PlainTenant, reader_of: MakeReader) -> None:
    tenant.put("applicants", 1, 2)
    tenant.refused["applicants/2/applications"] = 422

    with pytest.raises(RequestRefusedError):
        list(reader_of("applications", PER_CANDIDATE).read(Pass()))
