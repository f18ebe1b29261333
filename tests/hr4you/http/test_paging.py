from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import Pagination, compile_expression
from hr4you.errors import UnexpectedAnswerError
from hr4you.http import Client, Page, read_pages
from tests.hr4you.http.tenants import Asked, Reply, Tenant, client_of, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE: dict[str, Any] = {"type": "page", "page": "page", "size": "limit", "max_size": 10}
OFFSET: dict[str, Any] = {"type": "offset", "offset": "start", "size": "limit", "max_size": 10}
CURSOR: dict[str, Any] = {"type": "cursor", "cursor": "after", "size": "limit", "max_size": 10, "next": "next"}
LINK: dict[str, Any] = {"type": "link", "size": "limit", "max_size": 10, "next": "next"}

KINDS: dict[str, dict[str, Any]] = {
    "page with last page and total": {**PAGE, "last_page": "lastPage", "total": "total"},
    "page with last page": {**PAGE, "last_page": "lastPage"},
    "page with total": {**PAGE, "total": "total"},
    "page without either": PAGE,
    "page from 0": {**PAGE, "first_page": 0, "total": "total"},
    "page of a fixed size": {**PAGE, "size": None, "total": "total"},
    "offset with total": {**OFFSET, "total": "total"},
    "offset without": OFFSET,
    "cursor": CURSOR,
    "link in the answer": LINK,
    "link in the header": {**LINK, "next": None},
}


class List:
    """A tenant's list in every kind of paging; gives at most `cap` records a page."""

    def __init__(self, count: int, pagination: dict[str, Any], *, cap: int = 10) -> None:
        self.records = [{"id": number} for number in range(count)]
        self.pagination = pagination
        self.cap = cap

    def __call__(self, asked: Asked) -> Reply:
        size = min(int(asked.params.get("limit", self.cap)), self.cap)
        start = self.start(asked, size)
        records, total = self.records[start : start + size], len(self.records)
        first_page = self.pagination.get("first_page", 1)
        data: dict[str, Any] = {"data": records, "total": total, "lastPage": -(-total // size) + first_page - 1}
        headers: dict[str, str] = {}
        if start + size < total and self.pagination["type"] in {"cursor", "link"}:
            link = f"{asked.path}?limit={size}&after={start + size}"
            data["next"] = str(start + size) if self.pagination["type"] == "cursor" else link
            headers["Link"] = f'<{link}>; rel="next", <{asked.path}>; rel="first"'
        return Reply(data=data, headers=headers)

    def start(self, asked: Asked, size: int) -> int:
        if self.pagination["type"] == "page":
            return (int(asked.params["page"]) - int(self.pagination.get("first_page", 1))) * size
        return int(asked.params.get("start", asked.params.get("after", 0)))


def pages_of(client: Client, pagination: dict[str, Any], **options: Any) -> Iterator[Page]:
    model = Pagination.model_validate({key: value for key, value in pagination.items() if value is not None})
    return read_pages(client, "applicants", model, compile_expression("data"), {"sort": "id"}, **options)


def read(
    answer: Callable[[Asked], Reply], pagination: dict[str, Any], *, check: bool = True, **options: Any
) -> tuple[list[int], Tenant]:
    """All ids of a list, and the tenant."""
    with serving(answer) as tenant, client_of(tenant) as client:
        pages = list(pages_of(client, pagination, **options))
        if check:
            assert all(asked.params.get("sort") == "id" or pagination["type"] == "link" for asked in tenant.asked)
    return [record["id"] for page in pages for record in page.records], tenant


@pytest.mark.parametrize("eager", [True, False], ids=["eager", "lazy"])
@pytest.mark.parametrize("count", [0, 1, 10, 20, 45])
@pytest.mark.parametrize("pagination", KINDS.values(), ids=KINDS)
def test_a_list_is_read_whole_and_in_order(pagination: dict[str, Any], count: int, eager: bool) -> None:  # noqa: FBT001  # a parameter of the test
    ids, _ = read(List(count, pagination), pagination, eager=eager)

    assert ids == list(range(count))


@pytest.mark.parametrize("pagination", KINDS.values(), ids=KINDS)
def test_a_tenant_that_gives_smaller_pages_than_asked_for_is_read_whole(pagination: dict[str, Any]) -> None:
    ids, _ = read(List(45, pagination, cap=4), pagination)

    assert ids == list(range(45))


def test_a_list_that_is_one_answer_takes_one_request() -> None:
    ids, tenant = read(List(5, OFFSET), {"type": "none"})

    assert ids == [0, 1, 2, 3, 4]
    assert [asked.params for asked in tenant.asked] == [{"sort": "id"}]


def test_an_empty_list_has_one_empty_page() -> None:
    with serving(List(0, PAGE)) as tenant, client_of(tenant) as client:
        assert [page.records for page in pages_of(client, KINDS["page with last page and total"])] == [[]]


def test_a_page_tells_the_total_and_the_tenants_time_and_whether_it_is_the_last() -> None:
    pagination = KINDS["page with last page and total"]
    with serving(List(25, pagination)) as tenant, client_of(tenant) as client:
        pages = list(pages_of(client, pagination))
    assert [page.total for page in pages] == [25, 25, 25]
    assert [page.last for page in pages] == [False, False, True]
    assert all(page.date is not None for page in pages)


def test_the_page_size_is_at_most_what_the_contract_allows() -> None:
    for wanted, sent in ((None, "10"), (3, "3"), (50, "10")):
        _, tenant = read(List(3, OFFSET), OFFSET, page_size=wanted)
        assert tenant.asked[0].params["limit"] == sent


@pytest.mark.parametrize("total", [20, 30, 1000])
@pytest.mark.parametrize("pagination", [KINDS["page with total"], KINDS["offset with total"]], ids=["page", "offset"])
def test_a_wrong_total_loses_nothing(pagination: dict[str, Any], total: int) -> None:
    listed = List(45, pagination)

    def answer(asked: Asked) -> Reply:
        return Reply(data={**listed(asked).data, "total": total})

    ids, tenant = read(answer, pagination)

    assert ids == list(range(45))
    assert len(tenant.asked) < 25


def test_rows_that_are_added_while_the_list_is_read_are_read_too() -> None:
    pagination = KINDS["page with last page and total"]
    listed = List(30, pagination)

    def answer(asked: Asked) -> Reply:
        if asked.params["page"] == "3":
            listed.records += [{"id": number} for number in range(30, 55)]
        return listed(asked)

    ids, _ = read(answer, pagination, eager=False)

    assert ids == list(range(55))


def test_pages_behind_the_end_that_are_not_found_end_the_list() -> None:
    listed = List(25, PAGE)

    def answer(asked: Asked) -> Reply:
        reply = listed(asked)
        return reply if reply.data["data"] else Reply(404)

    assert read(answer, PAGE)[0] == list(range(25))


def test_a_tenant_that_gives_its_last_page_for_all_behind_it_is_read_once() -> None:
    listed = List(25, PAGE)

    def answer(asked: Asked) -> Reply:
        page = min(int(asked.params["page"]), 3)
        return listed(Asked("GET", asked.path, {**asked.params, "page": str(page)}, {}, b""))

    assert read(answer, PAGE)[0] == list(range(25))


@pytest.mark.parametrize("eager", [True, False], ids=["eager", "lazy"])
@pytest.mark.parametrize("period", [1, 3])
@pytest.mark.parametrize(
    "pagination",
    [PAGE, KINDS["page with total"], OFFSET, CURSOR, LINK],
    ids=["page", "total", "offset", "cursor", "link"],
)
def test_pages_that_go_around_in_a_circle_are_noticed(pagination: dict[str, Any], period: int, eager: bool) -> None:  # noqa: FBT001  # a parameter of the test
    asked_so_far: list[int] = []

    def answer(asked: Asked) -> Reply:
        asked_so_far.append(1)
        start = asked.params.get("start", asked.params.get("after"))
        page = int(asked.params["page"]) - 1 if "page" in asked.params else int(start or 0) // 10
        records = [{"id": page % period * 10 + number} for number in range(10)]
        following = (page + 1) * 10  # a cursor that is always new
        link = f"/api2/applicants?after={following}" if pagination["type"] == "link" else following
        return Reply(data={"data": records, "total": 500, "next": link})

    with pytest.raises(UnexpectedAnswerError, match="circle"):
        read(answer, pagination, eager=eager)
    assert len(asked_so_far) < 40


def test_a_cursor_that_comes_again_is_noticed() -> None:
    def answer(asked: Asked) -> Reply:
        after = int(asked.params.get("after", 0))
        return Reply(data={"data": [{"id": len(str(asked)) * after}], "next": {0: 1, 1: 2, 2: 1}[after]})

    with pytest.raises(UnexpectedAnswerError, match="circle"):
        read(answer, CURSOR)


def test_one_page_that_comes_twice_because_rows_moved_is_no_circle() -> None:
    pagination = KINDS["page with total"]
    listed = List(45, pagination)

    def answer(asked: Asked) -> Reply:
        page = int(asked.params["page"])
        return listed(Asked("GET", asked.path, {**asked.params, "page": str(page - (page == 3))}, {}, b""))

    ids, _ = read(answer, pagination)

    assert set(ids) == {*range(20), *range(30, 45)}


FOREIGN = {"another host": "https://elsewhere.example/next", "another port": "http://127.0.0.1:9/next"}


@pytest.mark.parametrize("link", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("pagination", [LINK, {**LINK, "next": None}], ids=["answer", "header"])
def test_the_next_page_at_another_host_is_not_asked_for(pagination: dict[str, Any], link: str) -> None:
    def answer(_: Asked) -> Reply:
        return Reply(data={"data": [{"id": 1}], "next": link}, headers={"Link": f'<{link}>; rel="next"'})

    with pytest.raises(UnexpectedAnswerError, match=r"another host, http.*(elsewhere\.example|:9)"):
        read(answer, pagination)


@pytest.mark.parametrize("data", [{"data": 0}, {"items": []}, {"data": {"a": 1}}, {"data": [1]}, []], ids=str)
def test_an_answer_without_a_list_of_objects_names_the_contracts_key(data: Any) -> None:
    with pytest.raises(UnexpectedAnswerError, match=r"`data`.*`records`"):
        read(lambda _: Reply(data=data), KINDS["page with total"])


def test_a_page_that_only_looks_whole_is_asked_for_again() -> None:
    pagination = KINDS["page with total"]
    listed = List(45, pagination)
    spoilt: list[str] = []

    def answer(asked: Asked) -> Reply:
        if asked.params["page"] == "3" and not spoilt:
            spoilt.append("3")
            return Reply(body=b'{"data": [{"id": 1}, {"i}')
        return listed(asked)

    assert read(answer, pagination)[0] == list(range(45))


def test_a_list_that_is_asked_for_by_post_sends_its_parameters_as_json() -> None:
    def answer(asked: Asked) -> Reply:
        assert asked.method == "POST"
        assert asked.json == {"sort": "id", "limit": 10, "page": 1}
        return Reply(data={"data": [{"id": 1}], "total": 1})

    assert read(answer, KINDS["page with total"], method="POST", check=False)[0] == [1]


@pytest.mark.parametrize("pagination", KINDS.values(), ids=KINDS)
def test_nothing_is_requested_before_it_is_asked_for_unless_eager(pagination: dict[str, Any]) -> None:
    with serving(List(100, pagination)) as tenant, client_of(tenant) as client:
        pages = pages_of(client, pagination, eager=False)
        assert len(tenant.asked) == 0
        next(pages)
        assert len(tenant.asked) == 1
        next(pages)
        assert len(tenant.asked) == 2


def test_eager_reading_has_as_many_requests_in_flight_as_allowed() -> None:
    pagination = KINDS["page with total"]
    listed = List(1000, pagination)
    meeting = threading.Barrier(4)

    def answer(asked: Asked) -> Reply:
        if 2 <= int(asked.params["page"]) <= 5:
            meeting.wait(5)
        return listed(asked)

    with serving(answer) as tenant, client_of(tenant, concurrency=4) as client:
        pages = pages_of(client, pagination)
        assert [next(pages).records[0]["id"] for _ in range(5)] == [0, 10, 20, 30, 40]
        pages.close()  # type: ignore[attr-defined]  # the iterator is a generator
        assert len(tenant.asked) <= 1 + 4 + 4 + 1


def test_a_list_that_is_left_in_the_middle_is_not_read_on() -> None:
    pagination = KINDS["page with total"]
    with serving(List(5000, pagination)) as tenant, client_of(tenant, concurrency=2) as client:
        for _ in pages_of(client, pagination):
            break
        assert client.get("applicants", {"page": 1}).status == 200
        assert len(tenant.asked) <= 6
