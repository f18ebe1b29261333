"""The client against the sandbox's faults: what may pass passes without a loss, and the rest is told."""

from __future__ import annotations

import threading
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from hr4you.contract import load_contract
from hr4you.errors import HR4YouError, TenantUnavailableError, UnexpectedAnswerError
from hr4you.http import read_pages
from tests.hr4you.http.tenants import FastTime, Tenant, client_of

if TYPE_CHECKING:
    from tests.control import Control


def read(sandbox: Control, *faults: dict[str, Any], time: FastTime | None = None, **config: Any) -> list[int]:
    """The ids of all applicants, in pages of 30."""
    sandbox.faults(*({"match": "GET /api2/applicants", **fault} for fault in faults))
    pagination = load_contract().api.pagination
    tenant = Tenant(sandbox.base_url, [], threading.Event())
    with client_of(tenant, time=time, api_token="sandbox", **config) as client:
        pages = read_pages(client, "applicants", pagination, load_contract().api.records, {}, page_size=30)
        return [record["applicantId"] for page in pages for record in page.records]


EVERYBODY = list(range(1001, 1121))

PASSING: dict[str, dict[str, Any]] = {
    **{f"status {status}": {"fault": "status", "status": status} for status in (408, 429, 500, 502, 503, 504)},
    "status with seconds": {"fault": "status", "status": 429, "retry_after": 3},
    "status with a date": {"fault": "status", "status": 503, "retry_after": "http-date"},
    "status for a while": {"fault": "status", "status": 503, "times": 6},
    "expire_token": {"fault": "expire_token"},
    "wrong_content_type": {"fault": "wrong_content_type", "times": 9},
    **{
        name: {"fault": name}
        for name in (
            "reset",
            "reset_mid_body",
            "truncated_json",
            "html_200",
            "empty_201",
            "partial_206",
            "cut_gzip",
            "foreign_next",
            "duplicate_page",
            "wrong_total",
            "search_lag",
        )
    },
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_fault_that_passes_costs_no_record(sandbox: Control, fault: dict[str, Any]) -> None:
    more = {"seconds": 0} if fault["fault"] == "search_lag" else {}

    assert read(sandbox, {"nth": 2, **more, **fault}) == EVERYBODY


def test_an_answer_that_does_not_come_is_asked_for_again(sandbox: Control) -> None:
    assert read(sandbox, {"nth": 2, "fault": "timeout"}, request_timeout=0.2) == EVERYBODY


def test_an_answer_that_drips_is_waited_for(sandbox: Control) -> None:
    assert read(sandbox, {"nth": 2, "fault": "slow_drip", "seconds": 0.02}) == EVERYBODY


LASTING: dict[str, tuple[dict[str, Any], type[HR4YouError], str]] = {
    "status": ({"fault": "status", "status": 503}, TenantUnavailableError, "out of service"),
    "status 429": ({"fault": "status", "status": 429}, TenantUnavailableError, "max_requests_per_second"),
    "reset": ({"fault": "reset"}, TenantUnavailableError, "broke off"),
    "html_200": ({"fault": "html_200"}, UnexpectedAnswerError, "a web page"),
    "truncated_json": ({"fault": "truncated_json"}, UnexpectedAnswerError, "breaks off"),
    "cut_gzip": ({"fault": "cut_gzip"}, UnexpectedAnswerError, "breaks off"),
    "partial_206": ({"fault": "partial_206"}, UnexpectedAnswerError, "only a part"),
    "empty_201": ({"fault": "empty_201"}, UnexpectedAnswerError, "an empty answer"),
    "redirect": ({"fault": "redirect"}, UnexpectedAnswerError, "sends elsewhere"),
    "loop": ({"fault": "loop", "period": 2}, UnexpectedAnswerError, "circle"),
    "expire_token": ({"fault": "expire_token"}, HR4YouError, "credentials are refused"),
}


@pytest.mark.parametrize(("fault", "kind", "told"), LASTING.values(), ids=LASTING)
def test_a_fault_that_lasts_ends_with_an_error(
    sandbox: Control, fault: dict[str, Any], kind: type[HR4YouError], told: str
) -> None:
    with pytest.raises(kind, match=told):  # one at a time: a wait of one moves the clock for those in flight
        read(sandbox, {"nth": 2, "times": 1_000, **fault}, concurrency=1)


def test_a_date_to_wait_for_is_waited_for_and_not_longer(sandbox: Control) -> None:
    time = FastTime()
    date = {"nth": 1, "fault": "status", "status": 429, "retry_after": "http-date", "seconds": 40}

    assert read(sandbox, date, time=time, concurrency=1) == EVERYBODY
    assert 38 <= time.now < 43


@pytest.mark.parametrize(("more", "low", "high"), [({}, 0, 2), ({"seconds": 90}, 88, 90)], ids=["usual", "seconds"])
def test_the_date_is_one_of_http_and_ahead_of_the_sandboxs_clock(
    sandbox: Control, more: dict[str, Any], low: float, high: float
) -> None:
    sandbox.faults({"match": "*", "fault": "status", "status": 429, "retry_after": "http-date", **more})

    with pytest.raises(HTTPError) as caught, urlopen(f"{sandbox.base_url}/api2/jobs", timeout=10):
        pass
    with caught.value as answer:
        text = answer.headers["Retry-After"]
        ahead = parsedate_to_datetime(text) - parsedate_to_datetime(answer.headers["Date"])
    assert text.endswith(" GMT")
    assert low <= ahead.total_seconds() <= high
