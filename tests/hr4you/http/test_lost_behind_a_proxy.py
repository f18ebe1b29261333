"""A write whose answer is lost behind a proxy may have taken effect."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hr4you.contract import load_contract
from hr4you.errors import OutcomeUnknownError, TenantUnavailableError
from hr4you.http import Client, Patience
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A proxy that takes requests and closes the connection instead of answering."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                read = b""
                while b"\r\n\r\n" not in read:
                    read += connection.recv(65_536)
                seen.append(read.split(b"\r\n")[0])

    thread = threading.Thread(target=serve)
    thread.start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{listener.getsockname()[1]}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    try:
        yield seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def client() -> Client:
    connection = Connection.from_config({"base_url": "http://127.0.0.1:9", "api_token": "tok-4711", "tenant": "acme"})
    return Client(connection, load_contract(()).api, patience=Patience(first_wait=0.01, first_retries=2))


def test_it_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(monkeypatch) as seen, client() as asking, pytest.raises(OutcomeUnknownError):
        asking.request("POST", "applicants", json={})
    assert len(seen) == 1


def test_a_proxy_that_is_not_there_has_passed_nothing_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with client() as asking, pytest.raises(TenantUnavailableError, match="proxy"):
        asking.request("POST", "applicants", json={})
