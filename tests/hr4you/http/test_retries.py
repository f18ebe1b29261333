from __future__ import annotations

import gzip
import socket
import threading
from datetime import datetime, timezone
from typing import Any

import pytest

from hr4you.errors import HR4YouError, TenantUnavailableError, UnexpectedAnswerError
from hr4you.http import Patience
from hr4you.http.retry import read_retry_after
from tests.hr4you.http.tenants import FastTime, Reply, client_of, serving

GOOD = Reply(data={"data": [1]})
HTML = b"<!doctype html><title>Wartung</title>"
PASSING = {
    "408": Reply(408),
    "429": Reply(429),
    "500": Reply(500, body=HTML),
    "502": Reply(502),
    "503": Reply(503),
    "a reset connection": Reply(reset=True),
    "a body that is cut": Reply(data={"data": [1, 2, 3]}, cut=5),
    "JSON that is cut": Reply(body=b'{"data": [1, 2'),
    "a web page with 200": Reply(body=HTML, headers={"Content-Type": "text/html"}),
    "an empty answer": Reply(body=b""),
    "206": Reply(206, data={"data": [1]}),
    "gzip that is cut": Reply(body=gzip.compress(b'{"data": [1]}')[:-9], headers={"Content-Encoding": "gzip"}),
    "gzip that is damaged": Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_a_read_is_repeated_after_what_may_pass(failure: Reply) -> None:
    with serving([failure, GOOD]) as tenant, client_of(tenant) as client:
        assert client.get("jobs").data == {"data": [1]}
        assert len(tenant.asked) == 2


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_a_read_that_fails_for_ever_ends_with_an_error_that_says_what_to_do(failure: Reply) -> None:
    with serving([GOOD, failure]) as tenant, client_of(tenant, max_retries=3) as client:
        client.get("jobs")
        with pytest.raises((TenantUnavailableError, UnexpectedAnswerError), match="run again later") as caught:
            client.get("jobs", {"email": "jana@example.org"})
        assert len(tenant.asked) == 1 + 4
        assert "GET /api2/jobs" in str(caught.value)
        assert "jana" not in str(caught.value)


UNKNOWN = {name: PASSING[name] for name in ("500", "502", "503", "a reset connection", "an empty answer")}


@pytest.mark.parametrize("failure", UNKNOWN.values(), ids=UNKNOWN)
def test_a_write_that_may_have_been_carried_out_is_not_repeated(failure: Reply) -> None:
    with serving([failure, GOOD]) as tenant, client_of(tenant) as client:
        with pytest.raises(HR4YouError):
            client.request("POST", "applicants", json={"firstname": "Jana"})
        assert len(tenant.asked) == 1


def test_a_write_that_was_turned_away_is_repeated() -> None:
    with serving([Reply(429, headers={"Retry-After": "1"}), GOOD]) as tenant, client_of(tenant) as client:
        client.request("POST", "applicants", json={"firstname": "Jana"})
        assert [asked.json for asked in tenant.asked] == [{"firstname": "Jana"}] * 2


@pytest.mark.parametrize("status", [429, 503])
def test_the_tenants_wish_to_wait_is_granted(status: int) -> None:
    time = FastTime()
    with (
        serving([Reply(status, headers={"Retry-After": "17"}), GOOD]) as tenant,
        client_of(tenant, time=time) as client,
    ):
        client.get("jobs")
    assert 17 <= time.now < 18


def test_a_date_to_wait_for_is_read_by_the_tenants_clock() -> None:
    now = datetime(2020, 1, 1, 12, 0, tzinfo=timezone.utc)

    assert read_retry_after("Wed, 01 Jan 2020 12:01:30 GMT", now=now) == 90


WISHES: dict[str, tuple[str | None, float | None]] = {
    "seconds": ("5", 5),
    "a fraction": ("0.5", 0.5),
    "none": (None, None),
    "nonsense": ("soon", None),
    "in the past": ("Wed, 01 Jan 2020 12:01:30 GMT", 0),
    "below zero": ("-3", 0),
    "for ever": ("inf", None),
}


@pytest.mark.parametrize(("text", "seconds"), WISHES.values(), ids=WISHES)
def test_a_wish_to_wait_is_read_in_all_forms(text: str | None, seconds: float | None) -> None:
    assert read_retry_after(text) == seconds


def test_a_wait_beyond_patience_is_not_begun() -> None:
    time = FastTime()
    with (
        serving([Reply(429, headers={"Retry-After": "900"})]) as tenant,
        client_of(tenant, time=time) as client,
        pytest.raises(TenantUnavailableError, match="900 s"),
    ):
        client.get("jobs")
    assert time.now == 0


def test_all_repetitions_of_a_request_end_within_the_total_patience() -> None:
    time = FastTime()
    with serving([Reply(500)]) as tenant, client_of(tenant, time=time, max_retries=100) as client:
        with pytest.raises(TenantUnavailableError):
            client.get("jobs")
        assert 3 < len(tenant.asked) < 30
    assert time.now <= 300


def test_a_busy_tenant_is_left_alone_by_all_threads() -> None:
    time = FastTime()
    replies = [Reply(429, headers={"Retry-After": "30"}), GOOD]
    with serving(replies) as tenant, client_of(tenant, time=time) as client:
        client._transport._gate.pause(30, sent_at=0, is_throttled=True)
        client.get("jobs")
    assert time.now >= 60


def test_a_tenant_that_takes_one_request_a_second_is_read_without_an_error() -> None:
    time = FastTime()
    free = [0.0]

    def answer(_: Any) -> Reply:
        if time.now < free[0]:
            return Reply(429, headers={"Retry-After": "1"})
        free[0] = time.now + 1
        return GOOD

    patience = Patience(total=1e6, clock=time.clock, sleep=time.sleep)  # eight threads' waits add up on this clock
    with serving(answer) as tenant, client_of(tenant, patience=patience, request_timeout=1e6) as client:
        assert len(list(client.map_ordered(lambda _: client.get("jobs"), range(40)))) == 40


def test_a_tenant_that_throttled_for_long_is_read_at_a_good_pace_afterwards() -> None:
    time = FastTime()
    patience = Patience(total=1e9, clock=time.clock, sleep=time.sleep)
    replies = [Reply(429, headers={"Retry-After": "1"})] * 20 + [GOOD]
    with serving(replies) as tenant, client_of(tenant, patience=patience, max_retries=100) as client:
        for _ in range(100):
            client.get("jobs")
    assert time.now < 20 * 6 + 100


def test_the_rate_limit_counts_for_all_threads_together() -> None:
    time = FastTime()
    with serving([GOOD]) as tenant, client_of(tenant, time=time, max_requests_per_second=2) as client:
        list(client.map_ordered(lambda _: client.get("jobs"), range(9)))
    assert time.now >= 4


def test_an_answer_that_drips_ends_with_the_requests_time() -> None:
    with (
        serving([Reply(data={"data": "x" * 1000}, drip=True)]) as tenant,
        client_of(tenant, patience=Patience(), request_timeout=0.2, max_retries=0) as client,
        pytest.raises(TenantUnavailableError, match="request_timeout"),
    ):
        client.get("jobs")


def test_a_tenant_that_never_answers_ends_with_the_requests_time() -> None:
    answered = threading.Event()

    def answer(_: Any) -> Reply:
        answered.wait(5)
        return GOOD

    with serving(answer) as tenant, client_of(tenant, request_timeout=0.1, max_retries=0) as client:
        with pytest.raises(TenantUnavailableError, match="request_timeout"):
            client.get("jobs")
        answered.set()


def test_a_host_that_refuses_connections_is_told_soon_and_with_the_setting_to_look_at() -> None:
    time = FastTime()
    with serving([GOOD]) as tenant:
        pass
    with client_of(tenant, time=time) as client, pytest.raises(TenantUnavailableError, match="subdomain") as caught:
        client.get("jobs")
    assert "refuses connections" in str(caught.value)
    assert caught.value.exit_status == 75
    assert time.now < 10


def test_a_host_that_does_not_exist_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    time = FastTime()
    with serving([GOOD]) as tenant, client_of(tenant, time=time) as client:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(TenantUnavailableError, match=r"there is no host 127\.0\.0\.1"):
            client.get("jobs")
    assert time.now < 10


def test_web_pages_from_a_host_never_known_to_be_right_are_told_soon() -> None:
    with serving([Reply(body=HTML)]) as tenant, client_of(tenant) as client:
        with pytest.raises(UnexpectedAnswerError, match=r"web page.*base_url"):
            client.get("jobs")
        assert len(tenant.asked) == 3
