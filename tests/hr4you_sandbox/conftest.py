"""A sandbox per module and dialect, seeded anew before each test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from hr4you_sandbox import Sandbox, serve_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator


class Caller:
    """A session that knows the sandbox's address; no retries, no redirects followed."""

    def __init__(self, sandbox: Sandbox, headers: dict[str, str]) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(headers)

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(
            method, self.sandbox.base_url + path, timeout=10, allow_redirects=False, **{"params": {}, **more}
        )

    def get(self, path: str, **params: Any) -> Any:
        answer = self("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path: str, **params: Any) -> list[list[dict[str, Any]]]:
        """The pages of a list, as many as the first one announces."""
        first = self.get(path, **params)
        rest = [self.get(path, **params, page=page)["data"] for page in range(2, first["meta"]["lastPage"] + 1)]
        return [first["data"], *rest]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with serve_in_thread(candidates=60) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    return running


@pytest.fixture
def call(sandbox: Sandbox) -> Iterator[Caller]:
    caller = Caller(sandbox, {"Authorization": "Bearer sandbox"})
    yield caller
    caller.session.close()


@pytest.fixture
def strangers(sandbox: Sandbox) -> Iterator[Caller]:
    """Calls without a token."""
    caller = Caller(sandbox, {})
    yield caller
    caller.session.close()
