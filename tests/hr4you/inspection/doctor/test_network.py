"""The way to the tenant, and whether it lets anybody in."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.hr4you.http.tenants import Reply
from tests.hr4you.http.tenants import serving as serving_replies
from tests.hr4you.inspection.doctor.tenants import TOKEN, HonestTenant, contract, examine
from tests.servers.base import serving

if TYPE_CHECKING:
    from pathlib import Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 signed by nobody, with its key behind it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, own = folder / "key.pem", folder / "own.pem"
    made = f"req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=tenant.example -keyout {key} -out {own}".split()
    subject = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, *made, *subject], check=True, capture_output=True)
    own.write_text(own.read_text() + key.read_text())
    return own


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_where_nobody_listens_the_rest_is_not_tried() -> None:
    begun = time.monotonic()
    report = examine(f"http://127.0.0.1:{free_port()}")
    assert (report.status, report.bad) == (75, [("TCP", None, "failed")])
    assert report.result("rights") == report.result("login") == "not tried"
    assert time.monotonic() - begun < 5


def test_a_host_that_does_not_exist_is_told_by_its_name() -> None:
    report = examine("https://no-such-tenant.invalid")
    assert (report.status, report.bad) == (75, [("DNS", None, "failed")])
    assert "no-such-tenant.invalid" in report.find("DNS")["found"]


@pytest.mark.e2e  # slow: waits for time-outs
def test_a_host_that_takes_connections_and_never_answers_costs_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        begun = time.monotonic()
        report = examine(f"http://127.0.0.1:{server.getsockname()[1]}", request_timeout="1")
        assert (report.status, report.bad) == (75, [("HTTP", None, "failed")])
        assert time.monotonic() - begun < 15


def test_a_certificate_of_an_unknown_authority_leads_to_ca_bundle(certificate: Path) -> None:
    with serving(HonestTenant(), encrypted=tls(certificate)) as tenant:
        report = examine(tenant.base_url)
        assert (report.status, report.bad) == (75, [("TLS", None, "failed")])
        assert "`ca_bundle`" in report.find("TLS")["to_do"]
        assert tenant.requests == []


def test_with_the_ca_bundle_the_certificate_is_good_and_its_end_told(certificate: Path) -> None:
    with serving(HonestTenant(), encrypted=tls(certificate)) as tenant:
        report = examine(tenant.base_url, ca_bundle=str(certificate))
    assert report.result("TLS") == report.result("login") == "ok"
    assert "89 days" in report.find("TLS")["found"]


def test_a_proxy_that_is_not_there_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    report = examine("http://127.0.0.1:9", "--config", "ENV")
    assert report.result("TCP") == "failed"
    monkeypatch.setattr("tests.hr4you.inspection.doctor.tenants.PROXIES", ())
    monkeypatch.setenv("http_proxy", f"http://someone:pass-4711@127.0.0.1:{free_port()}")
    report = examine("http://127.0.0.1:9")
    assert (report.status, report.bad) == (75, [("proxy", None, "failed")])
    assert "pass-4711" not in report.text


def test_a_token_that_is_refused_ends_with_75_and_asks_for_nothing_more(tenant: HonestTenant) -> None:
    report = examine(tenant.base_url, api_token="another-token")
    assert (report.status, report.bad) == (75, [("login", None, "failed")])
    assert report.result("HTTP") == "ok"
    assert "401" in report.find("login")["found"]
    assert len(tenant.requests) <= 2


def test_a_token_that_is_taken_when_sent_raw_leads_to_that_line(tenant: HonestTenant) -> None:
    tenant.token = TOKEN
    report = examine(tenant.base_url)
    assert report.status == 75
    assert "`api.auth` (so far the default) to {type: raw}" in report.find("login")["to_do"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Basic realm=people", "{type: basic}, with `username` and `password`"),
        ('Negotiate, Basic realm="x"', "{type: basic}"),
        ("Bearer", "Ask HR4YOU which credentials"),
        ("\x1b[31mBasic2", "Ask HR4YOU which credentials"),
    ],
    ids=["basic", "one of several", "the kind that was sent", "nonsense"],
)
def test_a_401_says_which_kind_of_authentication_is_asked_for(asked: str, told: str) -> None:
    with serving_replies([Reply(401, {}, headers={"WWW-Authenticate": asked})]) as tenant:
        report = examine(tenant.base_url)
    assert told in report.find("login")["to_do"]
    assert "\x1b" not in report.text


def test_a_login_call_that_is_refused_is_made_once(tmp_path: Path) -> None:
    login = "api: {auth: {type: login, path: login, body: {u: username, p: password}, token: token}}"
    with serving_replies([Reply(401, {})]) as tenant:
        clear = {"api_token": "", "username": "someone", "password": "wrong"}
        report = examine(tenant.base_url, contract=contract(tmp_path, login), **clear)
        assert len(tenant.asked) == 1
    assert (report.status, report.bad) == (75, [("login", None, "failed")])


@pytest.mark.parametrize(
    ("reply", "status", "failed", "told"),
    [
        (Reply(200, body=b"<html>Anmelden</html>"), 1, "API", "a web page instead of JSON"),
        (Reply(404, body=b"<html>nicht da</html>"), 1, "API", "a web page instead of JSON"),
        (Reply(302, {}, headers={"Location": "https://login.example.org/"}), 1, "API", "login.example.org"),
        (Reply(503, {}), 75, "HTTP", "503"),
        (Reply(429, {}, headers={"Retry-After": "600"}), 75, "HTTP", "429"),
    ],
    ids=["a web page", "a web page that says 404", "sent elsewhere", "out of service", "too many requests"],
)
def test_what_is_no_api_is_told_as_such(reply: Reply, status: int, failed: str, told: str) -> None:
    with serving_replies([reply]) as tenant:
        report = examine(tenant.base_url)
    assert (report.status, report.bad) == (status, [(failed, None, "failed")])
    assert told in report.find(failed)["found"]
    assert report.result("login") == report.result("rights") == "not tried"


def test_a_clock_that_is_off_is_a_warning_and_no_failure() -> None:
    tenant = HonestTenant()
    tenant.later(minutes=-30)
    tenant.restamp(0)
    with serving(tenant):
        report = examine(tenant.base_url)
    assert report.status == 0
    assert report.result("clock") == "warning"
    assert "30 min ahead of the tenant's" in report.find("clock")["found"]
    assert report.result("time zone") == "ok"  # measured by the tenant's clock, not by this machine's
