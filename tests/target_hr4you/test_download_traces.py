"""A download leaves nothing behind: no URL in a log or an error, no thread, no file in memory."""

from __future__ import annotations

import contextlib
import gzip
import logging
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from target_hr4you.downloads import AttachmentError, AttachmentRules, AttachmentUnavailableError
from tests.target_hr4you.file_server import (
    CHUNKED,
    PDF,
    FileServer,
    cut_off,
    get,
    redirect,
    reply,
    serving_files,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


CANARY = "Kanarienvogel"


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serving_files() as server:
        yield server


WAYS_TO_FAIL: dict[str, Any] = {
    "200": reply(),
    "403": reply(b"", status=403),
    "500": reply(b"", status=500),
    "reset": cut_off(b""),
    "reset mid body": cut_off(reply(length=10_000)),
    "short": reply(length=1000),
    "bad header": b"HTTP/1.1 200 OK\r\nno header at all\r\n\r\nx",
    "bad chunk": CHUNKED + b"xyz\r\n",
    "large": reply(bytes(2000)),
    "elsewhere": redirect(f"https://10.0.0.1/{CANARY}?X-Amz-Signature={CANARY}"),
    "no address": redirect(f"https://[{CANARY}/"),
    "loop": redirect(f"/{CANARY}?X-Amz-Signature={CANARY}"),
}


@pytest.mark.parametrize("case", WAYS_TO_FAIL)
def test_the_url_leaves_no_trace(case: str, files: FileServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = files.give(WAYS_TO_FAIL[case], f"/{CANARY}?X-Amz-Signature={CANARY}")
    error: BaseException | None = None
    try:
        get(url, AttachmentRules(max_bytes=1500, timeout=5.0, allow_loopback=True))
    except (AttachmentError, AttachmentUnavailableError) as caught:
        error = caught
    assert (error is None) == (case in {"200", "bad header"})
    while error is not None:
        assert CANARY not in str(error)
        assert CANARY not in repr(error)
        error = error.__cause__ or error.__context__
    assert not caplog.records


@pytest.mark.parametrize("url", [f"https://{CANARY}@10.0.0.1/", f"https://[{CANARY}/", f"{CANARY}://x/", f"{CANARY}"])
def test_a_wrong_url_leaves_no_trace(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AttachmentError) as caught:
        get(url)
    error: BaseException | None = caught.value
    while error is not None:
        assert CANARY not in str(error)
        error = error.__cause__ or error.__context__
    assert CANARY not in caplog.text


def test_others_may_log_meanwhile_and_afterwards(files: FileServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def answer(connection: socket.socket) -> None:  # on the server's thread
        logging.getLogger("urllib3.connectionpool").debug("meanwhile")
        connection.sendall(reply())

    get(files.give(answer))
    logging.getLogger("urllib3.connectionpool").debug("afterwards")
    assert caplog.messages == ["meanwhile", "afterwards"]


def test_nothing_stays_open(files: FileServer) -> None:
    threads = set(threading.enumerate())
    for answer in (reply(), redirect("/next"), cut_off(reply(length=9999)), files.drip(reply(b"", length=50_000))):
        files.give(answer)
        files.give(reply(bytes(2000)), "/next")
        with contextlib.suppress(AttachmentError, AttachmentUnavailableError):
            timeout = 0.3 if callable(answer) else 60.0
            get(files.url(), AttachmentRules(max_bytes=1000, timeout=timeout, allow_loopback=True))
    files.stopped.set()
    ends = time.monotonic() + 2
    while set(threading.enumerate()) - threads and time.monotonic() < ends:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - threads


MEASURE = """
import re, sys
from pathlib import Path
from target_hr4you.attachments import AttachmentRules, open_attachment

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

rules = AttachmentRules(allow_loopback=True)
open_attachment({"data_url": sys.argv[1]}, rules).close()
idle = peak()
with open_attachment({"data_url": sys.argv[2]}, rules) as attachment:
    print(attachment.size, peak() - idle)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak from /proc")
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_large_file_is_never_whole_in_memory(is_packed: bool, files: FileServer) -> None:  # noqa: FBT001
    size = 26_214_400
    body = PDF + bytes(size - len(PDF))
    files.give(reply(gzip.compress(body, 1), Content_Encoding="gzip") if is_packed else reply(body), "/large.pdf")
    command = [sys.executable, "-c", MEASURE, files.give(reply()), files.url("/large.pdf")]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(output[0]) == size
    assert int(output[1]) < 15_000  # kB
