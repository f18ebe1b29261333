"""Downloads ask public hosts only, whatever a URL, a redirect or the name service says."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
import requests_hardened.ip_filter_adapter as adapter_module  # type: ignore[import-untyped]

from target_hr4you.downloads import AttachmentRules
from tests.target_hr4you.file_server import (
    PDF,
    FileServer,
    failure,
    get,
    redirect,
    refusal,
    reply,
    resolve,
)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://files.example.org/cv.pdf",
        "file:///etc/passwd",
        "//files.example.org/cv.pdf",
        "files.example.org/cv.pdf",
        "https://",
        "https:///cv.pdf",
        "https://jana:geheim@files.example.org/cv.pdf",
        "https://files.example.org\\@127.0.0.1/cv.pdf",
        "https://[::1/cv.pdf",
        "https://files.example.org:port/cv.pdf",
        "https://xn--a.example\u2488.org/cv.pdf",
        f"https://{'a' * 64}.example.org/cv.pdf",
        "data:application/pdf;base64,JVBERi0=",
    ],
)
def test_what_is_no_https_url_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", pytest.fail)
    assert "https://" in refusal(url)


def test_without_tls_only_loopback_is_asked_and_that_only_where_allowed(files: FileServer) -> None:
    files.give(reply())
    assert "https://" in refusal(files.url(), AttachmentRules())
    assert "https://" in refusal("http://files.example.org/cv.pdf")
    files.give(redirect("http://files.example.org/cv.pdf"))
    assert "https://" in refusal(files.url())


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "0.0.0.0",  # noqa: S104
        "100.64.0.1",
        "192.0.0.9",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::127.0.0.1]",
        "[::8.8.8.8]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::a00:1]",
        "[2002:a00:1::1]",
        "[2001:0:a00:1::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[fc00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff0e::1]",
        "2852039166",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "10.1",
    ],
)
def test_an_address_that_is_not_public_is_not_connected_to(
    host: str,
    allow_loopback: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    message = refusal(f"https://{host}/cv.pdf", AttachmentRules(timeout=5.0, allow_loopback=allow_loopback))
    assert "is not public" in message


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.9.1", "localhost", "[::1]", "2130706433", "0x7f.1", "017700000001", "[::ffff:127.0.0.1]"],
)
def test_this_machine_is_not_connected_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    assert "is not public" in refusal(f"https://{host}/cv.pdf", AttachmentRules(timeout=5.0))


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "::127.0.0.1", "64:ff9b::a00:1", "fe80::1"])
def test_a_name_that_leads_inwards_is_not_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, {"files.example.org": [address]})
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    assert "files.example.org is not public" in refusal("https://files.example.org/cv.pdf", AttachmentRules())


def test_a_name_is_asked_for_once_and_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolve(monkeypatch, {"files.example.org": ["93.184.215.14", "127.0.0.1"]})
    connected: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert "files.example.org cannot be reached" in failure("https://files.example.org/cv.pdf")
    assert connected == [("93.184.215.14", 443)]
    assert asked == ["files.example.org", "93.184.215.14"]


@pytest.mark.parametrize(
    "chosen",
    [
        "files.example.org",  # would be looked up once more
        "10.0.0.1",
        "127.0.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "[::1]",
        "[::127.0.0.1]",
        "[64:ff9b::808:808]",
        "[2002:a00:1::1]",
        "[3fff::1]",
        "[ff0e::1]",
    ],
)
def test_the_address_is_checked_here_whatever_the_library_chose(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_module, "filter_host", lambda *_, **__: chosen)
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    assert "is not public" in refusal("https://files.example.org/cv.pdf", AttachmentRules())


def test_without_tls_not_even_a_local_name_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, {"localhost": ["93.184.215.14"]})
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    assert "localhost is not public" in refusal("http://localhost/cv.pdf")


def test_a_redirect_is_followed_three_times(files: FileServer) -> None:
    files.give(redirect("/2", 301), "/cv.pdf")
    files.give(redirect(files.url("/3"), 307), "/2")
    files.give(redirect("4?x=1#part", 308), "/3")
    files.give(reply(), "/4")
    content, found = get(files.url())
    assert content == PDF
    assert found.paths == ("/cv.pdf", "/2", "/3", "/4")


def test_a_fourth_redirect_and_a_loop_are_refused(files: FileServer) -> None:
    files.give(redirect("/cv.pdf"))
    assert "more than 3 times" in refusal(files.url())
    assert len(files.asked) == 4


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://10.0.0.1/cv.pdf", "10.0.0.1 is not public"),
        ("https://[::127.0.0.1]/cv.pdf", "::127.0.0.1 is not public"),
        ("https://intern.example.org/cv.pdf", "intern.example.org is not public"),
        ("http://intern.example.org/cv.pdf", "https://"),
        ("ftp://files.example.org/cv.pdf", "https://"),
        ("https://jana:geheim@files.example.org/", "no valid URL"),
        ("https://[::1/", "redirects to nowhere"),
        ("", "redirects to nowhere"),
    ],
)
def test_a_redirect_is_checked_as_the_first_url(
    target: str, expected: str, files: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {"intern.example.org": ["192.168.0.10"]})
    files.give(redirect(target))
    assert expected in refusal(files.url())
    assert len(files.asked) == 1


def test_the_body_of_a_redirect_is_not_read(files: FileServer) -> None:
    files.give(files.drip(redirect("/next").replace(b"Content-Length: 0", b"Content-Length: 10000")))
    files.give(reply(), "/next")
    started = time.monotonic()
    assert get(files.url())[0] == PDF
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("allowed", "is_allowed"),
    [
        ({"127.0.0.1"}, True),
        ({"other.example.org", "files.example.org"}, True),
        ({"FILES.example.ORG."}, True),
        ({"*.example.org"}, True),
        ({"*.files.example.org"}, False),
        ({"example.org"}, False),
        ({"*.ample.org"}, False),
        ({"*."}, False),
        ({""}, False),
        (set(), False),
    ],
)
def test_only_listed_hosts_are_asked(
    allowed: set[str],
    is_allowed: bool,  # noqa: FBT001
    files: FileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve(monkeypatch, {"files.example.org": ["10.0.0.1"]})
    rules = AttachmentRules(timeout=5.0, allowed_hosts=frozenset(allowed), allow_loopback=True)
    if allowed == {"127.0.0.1"}:
        assert get(files.give(reply()), rules)[0] == PDF
        files.give(redirect("https://files.example.org/"))
        assert "files.example.org is not in `attachment_allowed_hosts`" in refusal(files.url(), rules)
    else:
        expected = "is not public" if is_allowed else "is not in `attachment_allowed_hosts`"
        assert expected in refusal("https://files.example.org/cv.pdf", rules)


def test_hosts_with_umlauts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolve(monkeypatch, {"xn--mller-kva.example": ["10.0.0.1"]})
    rules = AttachmentRules(allowed_hosts=frozenset({"müller.example"}))
    assert "xn--mller-kva.example is not public" in refusal("https://Müller.example/cv.pdf", rules)
    assert asked == ["xn--mller-kva.example"]
