"""Lists that are one answer, read as if they had pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hr4you.contract import Pagination, compile_expression
from hr4you.errors import UnexpectedAnswerError
from hr4you.http import read_pages
from tests.hr4you.http.tenants import Asked, Reply, client_of, serving

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = {"type": "page", "page": "page", "size": "limit", "max_size": 10}
OFFSET = {"type": "offset", "offset": "start", "size": "limit", "max_size": 10}
NONE = {"type": "none"}


def read(answer: Callable[[Asked], Reply], pagination: dict[str, Any], *, eager: bool = False) -> int:
    with serving(answer) as tenant, client_of(tenant) as client:
        kind = Pagination.model_validate(pagination)
        pages = read_pages(client, "sources", kind, compile_expression("data"), {}, eager=eager)
        return sum(len(page.records) for page in pages)


def whole(count: int) -> Callable[[Asked], Reply]:
    return lambda _: Reply(data={"data": [{"id": number} for number in range(count)]})


@pytest.mark.parametrize("eager", [True, False], ids=["eager", "lazy"])
@pytest.mark.parametrize("count", [4, 10, 25], ids=["less than a page", "a page", "more"])
@pytest.mark.parametrize("pagination", [PAGE, OFFSET], ids=["page", "offset"])
def test_a_list_that_comes_whole_each_time_is_told_with_what_to_say_of_it(
    pagination: dict[str, Any],
    count: int,
    eager: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    with pytest.raises(UnexpectedAnswerError) as told:
        read(whole(count), pagination, eager=eager)
    message = str(told.value)
    assert "around in a circle" in message
    assert "`pagination: {type: none}`" in message
    assert message.count(". ") == 1
    assert read(whole(count), NONE) == count


def test_pages_that_differ_are_not_taken_for_a_whole_list() -> None:
    def answer(asked: Asked) -> Reply:
        start = int(asked.params["page"]) % 2 * 10
        return Reply(data={"data": [{"id": number} for number in range(start, start + 10)]})

    with pytest.raises(UnexpectedAnswerError, match="around in a circle") as told:
        read(answer, PAGE)
    assert "none" not in str(told.value)
