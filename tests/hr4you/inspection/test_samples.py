"""Samples: as many objects as were asked for, for as few requests as that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hr4you.errors import ForbiddenError, NotFoundError, TokenRefusedError
from hr4you.inspection.samples import MAX_PARENTS, PARENTS_PER_PAGE, read_lookup, take_sample
from tests.hr4you.inspection.looking import looking
from tests.servers import german, nested, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control import Control

PER_CANDIDATE = """\
resources:
  applications:
    list: {per: candidates, path: "applicants/{id}/applications"}
    fields: {candidate_id: null}
"""


@pytest.fixture
def tenant() -> Iterator[plain.PlainTenant]:
    with plain.serve() as served:
        yield served


@pytest.mark.parametrize(
    ("limit", "count", "is_whole"),
    [(1, 1, False), (50, 50, False), (119, 119, False), (120, 120, True), (500, 120, True), (None, 120, True)],
    ids=str,
)
def test_a_sample_holds_what_was_asked_for(sandbox: Control, limit: int | None, count: int, *, is_whole: bool) -> None:
    with looking(sandbox.config) as at:
        sample = take_sample(at.client, at.contract, "candidates", limit=limit)
    assert (len(sample.items), sample.total, sample.is_whole, sample.error) == (count, 120, is_whole, None)
    assert len({item.remote_id for item in sample.items}) == count


def test_a_small_sample_costs_one_small_page(tenant: plain.PlainTenant) -> None:
    tenant.put("applicants", *range(1, 1001))
    with looking(plain.config_of(tenant)) as at:
        take_sample(at.client, at.contract, "candidates", limit=50)
    assert tenant.queries == [("applicants", {"page": "1", "limit": "50"})]


def test_a_list_in_other_objects_is_read_through_them() -> None:
    with nested.serve() as served:
        config = {"base_url": served.base_url, "api_token": nested.TOKEN}
        with looking(config, nested.CONTRACT) as at:
            some = take_sample(at.client, at.contract, "applications", limit=1)
            whole = take_sample(at.client, at.contract, "applications", limit=50)
    assert (len(some.items), some.is_whole) == (1, False)
    assert ({item.parent_id for item in whole.items}, whole.is_whole) == ({nested.ANN, nested.BOB, nested.CAT}, True)
    assert whole.total is None, "the tenant tells that of the candidates"


def test_of_a_list_per_parent_only_a_few_parents_are_asked(tenant: plain.PlainTenant, tmp_path: Path) -> None:
    tenant.put("applicants", *range(1, 1001))
    for number in range(1, 1001):
        tenant.put("applications", number, applicantId=number)
    path = tmp_path / "per.yml"
    path.write_text(PER_CANDIDATE, encoding="utf-8")
    with looking(plain.config_of(tenant), path) as at:
        sample = take_sample(at.client, at.contract, "applications", limit=PARENTS_PER_PAGE)
    assert len(sample.items) == PARENTS_PER_PAGE
    assert not sample.is_whole
    assert len(tenant.queries) <= 2 * PARENTS_PER_PAGE


def test_parents_without_anything_do_not_make_it_go_on_for_ever(tenant: plain.PlainTenant, tmp_path: Path) -> None:
    tenant.put("applicants", *range(1, 1001))
    path = tmp_path / "per.yml"
    path.write_text(PER_CANDIDATE, encoding="utf-8")
    with looking(plain.config_of(tenant), path) as at:
        sample = take_sample(at.client, at.contract, "applications", limit=50)
    assert (sample.items, sample.is_whole, sample.error) == ([], False, None)
    assert len(tenant.queries) <= 2 * MAX_PARENTS


@pytest.mark.parametrize(
    ("status", "kind"), [(403, ForbiddenError), (404, NotFoundError), (401, TokenRefusedError)], ids=str
)
def test_what_ended_the_reading_stands_in_the_sample(
    tenant: plain.PlainTenant, status: int, kind: type[Exception]
) -> None:
    tenant.refused["jobs"] = status
    with looking(plain.config_of(tenant)) as at:
        sample = take_sample(at.client, at.contract, "jobs", limit=5)
    assert isinstance(sample.error, kind)
    assert (sample.items, sample.is_whole) == ([], False)


def test_every_page_is_told(sandbox: Control) -> None:
    told: list[tuple[int, int | None]] = []
    with looking(sandbox.config) as at:
        take_sample(at.client, at.contract, "candidates", limit=None, note=lambda *page: told.append(page))
    assert told[-1] == (120, 120)


def test_a_lookup_is_read_as_a_whole_or_tells_why_not(sandbox: Control) -> None:
    with looking(sandbox.config) as at:
        assert at.contract.custom_field_definitions is not None
        rows, error = read_lookup(at.client, at.contract, at.contract.custom_field_definitions)
    assert (len(rows), error) == (5, None)
    with german.serve() as served:
        config = {"base_url": served.base_url, "username": german.USERNAME, "password": german.PASSWORD}
        with looking(config, german.CONTRACT) as at:
            assert at.contract.custom_field_definitions is not None
            rows, error = read_lookup(at.client, at.contract, at.contract.custom_field_definitions)
    assert rows == []
    assert isinstance(error, NotFoundError)
