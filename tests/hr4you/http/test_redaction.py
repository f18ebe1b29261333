from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.errors import HR4YouError
from hr4you.http import hide, scrub
from tests.hr4you.http.tenants import Reply, client_of, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-Q7!x/ä\"'"
log = logging.getLogger("somebody.else")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    hide(CANARY)
    with caplog.at_level(logging.DEBUG):
        yield caplog


LINES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "in the message": (f"a {CANARY} b", ()),
    "as an argument": ("a %s b", (CANARY,)),
    "inside an argument": ("a %s b", ({"token": CANARY},)),
    "in a number's place": ("a %s %d b", (CANARY, 7)),
    "as the message itself": ({"token": CANARY}, ()),
    "quoted as in a URL": ("a %s b", ("canary-Q7%21x%2F%C3%A4%22%27",)),
    "quoted as in JSON": ("a %s b", ("canary-Q7!x/\\u00e4\\\"'",)),
}


@pytest.mark.parametrize(("message", "args"), LINES.values(), ids=LINES)
def test_a_secret_is_in_no_log_record_of_anybody(
    logged: pytest.LogCaptureFixture, message: Any, args: tuple[Any, ...]
) -> None:
    log.warning(message, *args)

    assert "Q7" not in logged.text
    assert "***" in logged.text


def test_a_secret_is_in_no_traceback_in_the_log(logged: pytest.LogCaptureFixture) -> None:
    try:
        int(CANARY)
    except ValueError:
        log.exception("failed")

    assert "Q7" not in logged.text
    assert "ValueError" in logged.text


def test_other_lines_stay_as_they_are(logged: pytest.LogCaptureFixture) -> None:
    log.warning("%s of %d", "seven", 8)

    assert logged.records[0].args == ("seven", 8)


def test_a_short_secret_does_not_blacken_other_words() -> None:
    hide("qzx7")

    assert scrub("qzx7, aqzx7b, token=qzx7") == "***, aqzx7b, token=***"


def test_requests_leave_neither_credentials_nor_queries_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    password = "kanarienvogel-password"
    login = {"type": "login", "path": "login", "body": {"p": "password"}, "token": "token"}
    ways: list[tuple[Any, dict[str, Any]]] = [
        (None, {"api_token": "kanarienvogel-token"}),
        ({"type": "basic"}, {"username": "vogel@example.org", "password": password}),
        (login, {"username": "vogel@example.org", "password": password}),
    ]
    replies = [
        Reply(data={"token": "kanarienvogel-login"}),
        Reply(503),
        Reply(data={"data": []}),
        Reply(422, data={"message": "kanarienvogel"}),
    ]
    with caplog.at_level(logging.DEBUG):
        for auth, credentials in ways:
            with serving(replies) as tenant, client_of(tenant, auth=auth, **credentials) as client:
                for _ in range(4):
                    with contextlib.suppress(HR4YouError):
                        client.get("applicants", {"email": "kanarienvogel@example.org"})
    assert "urllib3" in caplog.text
    assert "/api2/applicants" in caplog.text
    assert [line for line in caplog.text.splitlines() if "kanarienvogel" in line or "vogel@" in line] == []
