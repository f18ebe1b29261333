from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING, Any

import pytest

from hr4you.errors import ConfigError, TokenRefusedError, UnexpectedAnswerError
from hr4you.http import Client
from hr4you.settings import Connection
from tests.hr4you.http.tenants import TOKEN, Asked, FastTime, Reply, api, client_of, serving

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Reply(data={"data": []})
USER: dict[str, Any] = {"username": "jana", "password": "a password"}
LOGIN = {
    "type": "login",
    "path": "anmeldung",
    "body": {"benutzer": "username", "kennwort": "password"},
    "token": "token",
    "expires_in": "sekunden",
    "then": {"type": "header", "name": "X-Auth-Token"},
}

WAYS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, str]]] = {
    "bearer": ({"type": "bearer"}, {"api_token": TOKEN}, ("Authorization", f"Bearer {TOKEN}")),
    "raw": ({"type": "raw"}, {"api_token": TOKEN}, ("Authorization", TOKEN)),
    "header": ({"type": "header", "name": "X-Api-Key"}, {"api_token": TOKEN}, ("X-Api-Key", TOKEN)),
    "basic": ({"type": "basic"}, USER, ("Authorization", "Basic " + base64.b64encode(b"jana:a password").decode())),
}


@pytest.mark.parametrize(("auth", "credentials", "header"), WAYS.values(), ids=WAYS)
def test_credentials_are_sent_as_the_contract_says(
    auth: dict[str, Any], credentials: dict[str, Any], header: tuple[str, str]
) -> None:
    with serving([GOOD]) as tenant, client_of(tenant, auth=auth, **credentials) as client:
        client.get("jobs")
        assert tenant.asked[0].headers.get(header[0]) == header[1]


@pytest.mark.parametrize(
    ("auth", "credentials", "missing"),
    [
        ({"type": "basic"}, {"api_token": TOKEN}, "`username` and `password`"),
        ({"type": "bearer"}, USER, "`api_token`"),
        (LOGIN, {"api_token": TOKEN}, "`username` and `password`"),
    ],
    ids=["basic without a password", "bearer without a token", "login without a password"],
)
def test_credentials_of_another_kind_than_needed_are_told_without_a_request(
    auth: dict[str, Any], credentials: dict[str, Any], missing: str
) -> None:
    with serving([GOOD]) as tenant, pytest.raises(ConfigError, match=missing):
        client_of(tenant, auth=auth, **credentials)
    assert tenant.asked == []


def test_netrc_does_not_replace_the_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving([GOOD]) as tenant, client_of(tenant) as client:
        client.get("jobs")
        assert tenant.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_token_that_is_refused_twice_is_told() -> None:
    with serving([Reply(401)]) as tenant, client_of(tenant) as client:
        with pytest.raises(TokenRefusedError, match="another token") as caught:
            client.get("jobs")
        assert len(tenant.asked) == 2
    assert TOKEN not in str(caught.value)


def test_a_password_that_is_refused_is_not_sent_again() -> None:
    with serving([Reply(401)]) as tenant, client_of(tenant, auth={"type": "basic"}, **USER) as client:
        with pytest.raises(TokenRefusedError):
            client.get("jobs")
        assert len(tenant.asked) == 1


def test_a_refused_token_is_read_from_its_file_again(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old-token\n")

    def answer(asked: Asked) -> Reply:
        if asked.headers["Authorization"] == "Bearer new-token":
            return GOOD
        file.write_text("new-token\n")
        return Reply(401)

    with serving(answer) as tenant, client_of(tenant, api_token_file=str(file)) as client:
        client.get("jobs")
        client.get("jobs")
        assert [asked.headers["Authorization"][7:] for asked in tenant.asked] == ["old-token", "new-token", "new-token"]


class LoginTenant:
    """Gives token 1, 2 and so on; only the newest holds."""

    def __init__(self, *, seconds: int | None = None) -> None:
        self.logins = 0
        self.seconds = seconds
        self.meeting: threading.Barrier | None = None
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/api2/anmeldung":
            assert asked.json == {"benutzer": "jana", "kennwort": "a password"}
            assert "X-Auth-Token" not in asked.headers
            with self._lock:
                self.logins += 1
            return Reply(data={"token": f"short-lived-{self.logins}", "sekunden": self.seconds})
        if asked.headers.get("X-Auth-Token") == f"short-lived-{self.logins}" and self.logins:
            return GOOD
        if self.meeting is not None:  # until all threads have come with the old token
            self.meeting.wait(5)
        return Reply(401)


def test_a_login_is_made_once_for_all_threads() -> None:
    behaviour = LoginTenant()
    with serving(behaviour) as tenant, client_of(tenant, auth=LOGIN, **USER) as client:
        list(client.map_ordered(lambda _: client.get("jobs"), range(20)))
        assert behaviour.logins == 1


def test_a_token_that_expires_is_renewed_once_for_all_threads() -> None:
    behaviour = LoginTenant()
    with serving(behaviour) as tenant, client_of(tenant, auth=LOGIN, **USER) as client:
        client.get("jobs")
        client._authentication()._current = type(client._authentication().credentials())(1, {"X-Auth-Token": "expired"})
        behaviour.meeting = threading.Barrier(8)
        list(client.map_ordered(lambda _: client.get("jobs"), range(8)))
        assert behaviour.logins == 2


def test_a_token_is_renewed_before_it_runs_out() -> None:
    time = FastTime()
    behaviour = LoginTenant(seconds=600)
    with serving(behaviour) as tenant, client_of(tenant, time=time, auth=LOGIN, **USER) as client:
        client.get("jobs")
        time.now = 569
        client.get("jobs")
        assert behaviour.logins == 1
        time.now = 571
        client.get("jobs")
        assert behaviour.logins == 2
        assert all(asked.path != "/api2/jobs" or asked.headers["X-Auth-Token"] for asked in tenant.asked)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_login_is_never_tried_again(status: int) -> None:
    with serving([Reply(status, data={"message": "a password"})]) as tenant:
        with client_of(tenant, auth=LOGIN, **USER) as client:
            for _ in range(3):
                with pytest.raises(TokenRefusedError, match=r"login .* was refused") as caught:
                    list(client.map_ordered(lambda _: client.get("jobs"), range(8)))
        assert len(tenant.asked) == 1
    assert "a password" not in str(caught.value)


def test_a_login_is_repeated_when_the_tenant_is_out_of_service() -> None:
    replies = [Reply(503), Reply(data={"token": "short-lived"}), GOOD]
    with serving(replies) as tenant, client_of(tenant, auth=LOGIN, **USER) as client:
        client.get("jobs")
        assert len(tenant.asked) == 3


def test_a_login_without_a_token_names_the_contracts_key() -> None:
    with (
        serving([Reply(data={"jeton": "x"})]) as tenant,
        client_of(tenant, auth=LOGIN, **USER) as client,
        pytest.raises(UnexpectedAnswerError, match=r"api\.auth\.token"),
    ):
        client.get("jobs")


def test_the_public_feed_is_asked_for_without_credentials() -> None:
    with serving([Reply(body=b"<HR4YOU_JOBS/>")]) as tenant:
        connection = Connection.from_config({"base_url": tenant.base_url}, credentials=False)
        with Client(connection, api()) as client:
            assert client.get_feed("web site").body == b"<HR4YOU_JOBS/>"
            with pytest.raises(ConfigError):
                client.get("jobs")
        [asked] = tenant.asked
        assert asked.path == "/api/jobs/xml/set/web%20site"
        assert asked.headers["Accept"] == "application/xml"
        assert "Authorization" not in asked.headers
