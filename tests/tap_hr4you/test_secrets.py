"""No form of a secret is on the screen, whatever the tenant answers and however much is logged."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest
import yaml

from tests.hr4you.http.tenants import Asked, Reply, serving
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.e2e  # slow: a whole tenant, or a ledger, each time

LOGIN = {"type": "login", "path": "login", "body": {"u": "username", "p": "password"}, "token": "token"}
WAYS: dict[str, dict[str, Any]] = {
    "bearer": {"type": "bearer"},
    "header": {"type": "header", "name": "X-Key"},
    "basic": {"type": "basic"},
    "login": LOGIN,
    "login by GET": {**LOGIN, "method": "GET"},
}


class Secrets:
    """Secrets of one way to send them; no others are known to be some, so each way has its own."""

    def __init__(self, way: str) -> None:
        self.token = f"Kanarien/{way}+Token=ab%cd \"ef'"
        self.user, self.password = "jana@example.org", f"Kanarien:{way}/Wort \\ \"'"
        self.basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        self.has_token = "api_token" in self.config or WAYS[way]["type"] == "login"
        used = [self.token] if self.has_token else [self.basic]
        used += [self.password] if "password" in self.config else []
        self.echo = " ".join(used)
        self.words = [quote(secret) for secret in used] + [quote(used[0], safe="").lower()]
        self.forms = {form.lower() for secret in (*used, self.user) for form in _forms(secret)}

    @property
    def config(self) -> dict[str, str]:
        """The settings with the credentials."""
        if self.token.startswith(("Kanarien/bearer", "Kanarien/header")):
            return {"api_token": self.token}
        return {"username": self.user, "password": self.password}

    def found_in(self, text: str) -> list[str]:
        """The secrets in a text, in whatever form."""
        return [form for form in self.forms if form in text.lower()]


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


def refusal(status: int) -> Callable[[str, str], Reply]:
    """An answer that echoes in all places where a tenant may."""

    def reply(word: str, echo: str) -> Reply:
        content = {"message": echo, "errors": {word: [echo], echo: [word]}}
        return Reply(status, data=content, headers={"X-Request-Id": word, "X-Echo": word})

    return reply


ANSWERS: dict[str, Callable[[str, str], Reply]] = {
    **{str(status): refusal(status) for status in (401, 403, 404, 422)},
    "a way on to the same": lambda word, _: Reply(302, headers={"Location": f"/{word}?token={word}"}),
    "a way on to another host": lambda word, _: Reply(302, headers={"Location": f"https://{word}.example/{word}"}),
    "a web page": lambda word, echo: Reply(body=f"<html>{echo}{word}</html>".encode()),
    "broken JSON": lambda word, _: Reply(body=f'{{"data": "{word}'.encode(), headers={"X-Request-Id": word}),
}


@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_that_the_tenant_echoes_is_not_on_the_screen(
    way: str, reply: Callable[[str, str], Reply], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, secrets = tmp_path / "acme.yml", Secrets(way)
    contract.write_text(json.dumps({"api": {"auth": WAYS[way]}}))
    monkeypatch.setenv("TAP_HR4YOU_LOGLEVEL", "DEBUG")

    for word in secrets.words:

        def answer(asked: Asked, word: str = word) -> Reply:
            is_login = asked.path == "/api2/login"
            return Reply(data={"token": secrets.token}) if is_login else reply(word, secrets.echo)

        with serving(answer) as tenant:
            config = {"base_url": tenant.base_url, "contract": str(contract), "max_retries": 0, **secrets.config}
            run = run_tap(config)
        assert run.status in {1, 75}
        assert "DEBUG" in run.log
        assert "Traceback" not in run.log
        assert not secrets.found_in(run.log + run.stdout.decode())


def test_a_log_of_the_users_own_making_holds_no_secret_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "logging.yml"
    handler = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "plain"}
    settings = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s %(args)s"}},
        "handlers": {"screen": handler},
        "root": {"level": "DEBUG", "handlers": ["screen"]},
    }
    file.write_text(yaml.safe_dump(settings))
    monkeypatch.setenv("SINGER_SDK_LOG_CONFIG", str(file))
    secrets = Secrets("bearer")
    token = quote(secrets.token, safe="")
    with serving([Reply(302, headers={"Location": f"/login/{token}?token={token}"})]) as tenant:
        run = run_tap({"base_url": tenant.base_url, "max_retries": 0, **secrets.config})

    assert run.status == 1
    assert "DEBUG urllib3" in run.log
    assert "ERROR tap-hr4you" in run.log
    assert not secrets.found_in(run.log)
