"""Downloads over real sockets: what a server may answer, within bounds of time and size."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from target_hr4you.downloads import AttachmentError, AttachmentRules, Download, download
from tests.target_hr4you.file_server import (
    CHUNKED,
    HERE,
    PDF,
    FileServer,
    cut_off,
    failure,
    get,
    redirect,
    refusal,
    reply,
    resolve,
    serving_files,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_file_comes_with_what_is_said_of_it(files: FileServer) -> None:
    url = files.give(reply(content_type="application/pdf; x=y", Content_Disposition="inline"), "/a/cv.pdf?sig=1")
    assert get(url) == (PDF, Download("application/pdf; x=y", "inline", ("/a/cv.pdf",)))


def test_the_request_gives_nothing_away(files: FileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login jana password geheim\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    files.give(redirect("/next").replace(b"Location", b"Set-Cookie: a=b; Path=/\r\nLocation"), "/cv.pdf")
    files.give(reply(), "/next")
    assert get(files.url())[0] == PDF
    for head in files.asked:
        names = {line.split(":")[0].lower() for line in head.split("\r\n")[1:] if line}
        assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert "accept-encoding: identity" in head.lower()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_url_that_has_expired_is_gone(status: int, files: FileServer) -> None:
    files.give(reply(b"<Error>Request has expired</Error>", status=status))
    message = refusal(files.url(), code="ATTACHMENT_GONE")
    assert f"127.0.0.1 answers {status}" in message
    assert "new `data_url`" in message


@pytest.mark.parametrize("status", [202, 206, 408, 429, 500, 502, 503])
def test_an_outage_may_pass(status: int, files: FileServer) -> None:
    assert f"answers {status}" in failure(files.give(reply(b"", status=status)))


@pytest.mark.parametrize("status", [204, 304, 300, 405, 451])
def test_other_answers_are_refused(status: int, files: FileServer) -> None:
    assert f"answers {status}" in refusal(files.give(reply(b"", status=status)))


BROKEN = {
    "no answer": b"",
    "no http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "shorter than its length": reply(length=len(PDF) + 1),
    "chunks without an end": CHUNKED + b"5\r\n%PDF-\r\n",
    "a cut chunk": CHUNKED + b"50\r\n%PDF-",
    "no chunks": CHUNKED + b"xyz\r\n",
    "cut gzip": reply(gzip.compress(PDF)[:-9], Content_Encoding="gzip"),
    "gzip that is none": reply(PDF, Content_Encoding="gzip"),
    "damaged gzip": reply(gzip.compress(PDF)[:-8] + bytes(8), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_may_pass(case: str, files: FileServer) -> None:
    assert "It is tried again later" in failure(files.give(BROKEN[case]))


def test_a_reset_may_pass(files: FileServer) -> None:
    assert "cannot be reached" in failure(files.give(cut_off(b"")))
    assert "broke off" in failure(files.give(cut_off(reply(length=10_000))))


def test_nobody_there_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "127.0.0.1 cannot be reached" in failure(f"http://127.0.0.1:{port}/cv.pdf")

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "files.example.org cannot be reached" in failure("https://files.example.org/cv.pdf")


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", reply(b"", length=50_000), b"HTTP/1.1 200 OK\r\n\r\n", CHUNKED + b"50\r\n"],
)
def test_a_server_that_drips_is_left(start: bytes, files: FileServer) -> None:
    files.give(files.drip(start))
    started = time.monotonic()
    message = failure(files.url(), AttachmentRules(timeout=0.3, allow_loopback=True))
    assert 0.25 < time.monotonic() - started < 3
    assert "within `attachment_timeout`" in message


def test_a_silent_server_is_left(files: FileServer) -> None:
    def silent(_: socket.socket) -> None:
        files.stopped.wait(10)

    files.give(silent)
    started = time.monotonic()
    assert "within `attachment_timeout`" in failure(files.url(), AttachmentRules(timeout=0.2, allow_loopback=True))
    assert time.monotonic() - started < 3


def test_redirects_do_not_begin_the_time_anew(files: FileServer) -> None:
    def slow(connection: socket.socket) -> None:
        files.stopped.wait(0.2)
        connection.sendall(redirect("/cv.pdf"))

    files.give(slow)
    assert "within `attachment_timeout`" in failure(files.url(), AttachmentRules(timeout=0.5, allow_loopback=True))
    assert len(files.asked) <= 3


def test_a_connection_that_does_not_come_about_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[float | None] = []

    def connect(sock: socket.socket, _: Any) -> None:
        allowed.append(sock.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert "within `attachment_timeout`" in failure("https://93.184.215.14/cv.pdf", AttachmentRules(timeout=7.0))
    assert 6 < (allowed[0] or 0) <= 7


def test_a_slow_name_service_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        is_over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    started = time.monotonic()
    message = failure("https://files.example.org/cv.pdf", AttachmentRules(timeout=0.2))
    assert time.monotonic() - started < 3
    is_over.set()
    assert "within `attachment_timeout`" in message


SMALL = AttachmentRules(max_bytes=1000, timeout=5.0, allow_loopback=True)
ZEROS = gzip.compress(bytes(20_000_000), 9)


def test_a_file_as_large_as_allowed_comes(files: FileServer) -> None:
    for answer in (reply(bytes(1000)), reply(bytes(1000), length=None)):
        assert get(files.give(answer), SMALL)[0] == bytes(1000)
    packed = gzip.compress(bytes(500)) + gzip.compress(bytes(500))
    assert get(files.give(reply(packed, Content_Encoding="x-gzip")), SMALL)[0] == bytes(1000)


@pytest.mark.parametrize(
    "answer",
    [
        reply(bytes(1001)),
        reply(length=None, Content_Length="9" * 5000),
        reply(bytes(1001), length=None),
        CHUNKED + b"3e9\r\n" + bytes(1001) + b"\r\n0\r\n\r\n",
        reply(gzip.compress(bytes(1001)), Content_Encoding="gzip"),
        reply(gzip.compress(b"") * 51, length=None, Content_Encoding="gzip"),
    ],
    ids=["a length", "a very long length", "no length", "chunks", "gzip", "gzip of nothing"],
)
def test_a_larger_file_is_refused(answer: bytes, files: FileServer) -> None:
    assert "larger than 1,000 bytes" in refusal(files.give(answer), SMALL)


def test_a_length_above_the_bound_is_enough_to_refuse(files: FileServer) -> None:
    files.give(files.drip(reply(b"", length=1001)))
    written: list[bytes] = []
    with pytest.raises(AttachmentError):
        download(files.url(), SMALL, written.append)
    assert not written


def test_a_bomb_unpacks_in_small_pieces_up_to_the_bound(files: FileServer) -> None:
    files.give(reply(ZEROS, Content_Encoding="gzip"))
    sizes: list[int] = []
    rules = AttachmentRules(max_bytes=1_000_000, timeout=5.0, allow_loopback=True)
    with pytest.raises(AttachmentError, match="larger"):
        download(files.url(), rules, lambda piece: sizes.append(len(piece)))
    assert sum(sizes) <= 1_000_000
    assert max(sizes) <= 65_536


def test_gzip_comes_unpacked(files: FileServer) -> None:
    files.give(reply(ZEROS, Content_Encoding="gzip"))
    size = 0

    def count(piece: bytes) -> None:
        nonlocal size
        size += len(piece)

    download(files.url(), HERE, count)
    assert size == 20_000_000


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_other_encodings_are_refused(encoding: str, files: FileServer) -> None:
    assert "encoding" in refusal(files.give(reply(PDF, Content_Encoding=encoding)))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of `files.example.org`."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("makes a certificate with openssl")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    names = ["-subj", "/CN=files.example.org", "-addext", "subjectAltName=DNS:files.example.org"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command = [openssl, "req", "-x509", *key, "-days", "2", *names, "-keyout", str(path), "-out", str(path) + ".crt"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_name("both.pem.crt").read_text())
    return path


@pytest.fixture
def tls_files(certificate: Path) -> Iterator[FileServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving_files(context) as server:
        yield server


def test_tls_is_with_the_name_and_not_with_the_address(
    tls_files: FileServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {"files.example.org": ["127.0.0.1"], "other.example.org": ["127.0.0.1"]})
    rules = AttachmentRules(timeout=5.0, allow_loopback=True, ca_bundle=certificate.with_name("both.pem.crt"))
    tls_files.give(reply())
    url = f"https://files.example.org:{tls_files.port}/cv.pdf"
    assert get(url, rules)[0] == PDF
    assert tls_files.names == ["files.example.org"]
    assert f"Host: files.example.org:{tls_files.port}\r\n" in tls_files.asked[0]
    assert "certificate of other.example.org is not trusted" in refusal(url.replace("files", "other", 1), rules)
    assert "certificate of files.example.org is not trusted" in refusal(url)


def test_a_tls_server_that_drips_is_left(
    tls_files: FileServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {"files.example.org": ["127.0.0.1"]})
    bundle = certificate.with_name("both.pem.crt")
    rules = AttachmentRules(timeout=0.4, allow_loopback=True, ca_bundle=bundle)
    for start in (b"HTTP/1.1 200 OK\r\nX: ", reply(b"", length=None)):
        tls_files.give(tls_files.drip(start))
        started = time.monotonic()
        message = failure(f"https://files.example.org:{tls_files.port}/cv.pdf", rules)
        assert time.monotonic() - started < 3
        assert "within `attachment_timeout`" in message
