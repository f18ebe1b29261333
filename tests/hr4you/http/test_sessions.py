"""What a session brings along: certificates, the user agent, and no eye for redirects."""

from __future__ import annotations

import threading
import time as real
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from hr4you.errors import TenantUnavailableError, UnexpectedAnswerError
from hr4you.http import Patience
from hr4you.http.sessions import Sessions
from hr4you.settings import Connection
from tests.hr4you.http.tenants import Reply, client_of, serving

ACME = {"subdomain": "acme", "api_token": "x"}
GOOD = Reply(data={"data": []})


def test_the_certificates_of_the_setting_come_before_those_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, other = tmp_path / "ours.pem", tmp_path / "other.pem"
    bundle.write_bytes(Path(DEFAULT_CA_BUNDLE_PATH).read_bytes())
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)

    def verify(**more: str) -> object:
        sessions = Sessions(Connection.from_config({**ACME, **more}))
        found = sessions.own().verify
        sessions.close()
        return found

    assert verify() is True
    assert verify(ca_bundle=str(bundle)) == str(bundle)
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(other))
        assert verify() == str(other)
        assert verify(ca_bundle=str(bundle)) == str(bundle)
        monkeypatch.delenv(name)


def test_the_user_agent_is_the_setting_or_the_taps_name_and_version() -> None:
    with serving([GOOD]) as tenant:
        settings: tuple[dict[str, Any], ...] = ({}, {"user_agent": "acme-sync/1 (jobs@example.org)"})
        for more in settings:
            with client_of(tenant, **more) as client:
                client.get("jobs")
        agents = [asked.headers["User-Agent"] for asked in tenant.asked]
    assert agents == [f"tap-hr4you/{version('tap-hr4you')}", "acme-sync/1 (jobs@example.org)"]


def test_a_redirect_that_drips_ends_with_the_requests_time() -> None:
    drip = Reply(302, body=b"x" * 1_000, headers={"Location": "/login"}, drip=True)
    begun = real.monotonic()
    with (
        serving([drip]) as tenant,
        client_of(tenant, patience=Patience(), request_timeout=0.2, max_retries=0) as client,
        pytest.raises((TenantUnavailableError, UnexpectedAnswerError)),
    ):
        client.get("jobs")
    assert real.monotonic() - begun < 10


def test_cookies_of_one_answer_do_not_reach_another_threads_requests() -> None:
    with serving([Reply(data={"data": []}, headers={"Set-Cookie": "a=b"}), GOOD]) as tenant:
        with client_of(tenant) as client:
            client.get("jobs")
            thread = threading.Thread(target=lambda: client.get("jobs"))
            thread.start()
            thread.join()
        assert "Cookie" not in tenant.asked[1].headers
