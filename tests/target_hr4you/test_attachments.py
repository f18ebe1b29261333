"""Attachments: from an item of the input to a file that can be sent."""

from __future__ import annotations

import base64
import errno
import logging
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from target_hr4you.attachments import (
    AttachmentError,
    AttachmentRules,
    AttachmentUnavailableError,
    open_attachment,
)
from tests.target_hr4you.file_server import PDF, FileServer, reply
from tests.target_hr4you.opening import (
    CANARY,
    HTML,
    JPEG,
    RULES,
    b64,
    opened,
    refusal,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_base64_becomes_a_file() -> None:
    attachment, content = opened(data=b64(PDF), name="Lebenslauf.pdf", content_type="application/pdf", type="CV")
    assert content == PDF
    assert (attachment.name, attachment.content_type) == ("Lebenslauf.pdf", "application/pdf")
    assert "Lebenslauf" not in repr(attachment)


@pytest.mark.parametrize("size", [1, 2, 3, 196_607, 196_608, 196_609, 1_500_000])
@pytest.mark.parametrize("width", [0, 76, 75])
def test_line_breaks_and_spaces_do_not_count(size: int, width: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(range(size % 256))
    text = b64(content)
    if width:
        text = "\t " + "\r\n".join(text[at : at + width] for at in range(0, len(text), width)) + "\n" * 300_000
    assert opened(data=text)[1] == content


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("data:application/pdf;base64,JVBERi0=", "begins with `data:`"),
        (" DATA:;base64,JVBERi0=", "begins with `data:`"),
        ("-_-_", "URL-safe"),
        ("JVBERi0", "multiple of 4"),
        ("JVBE=i0=", "no base64"),
        ("JV==BERi", "no base64"),
        ("JVBE!!!!", "no base64"),
        ("JVBE\u00e4\u00e4\u00e4\u00e4", "no base64"),
        ("JVBE\0\0\0\0", "no base64"),
        ("====", "no base64"),
        ("QQ==" + "QUFB" * 70_000, "no base64"),
        ("QUFB" * 65_535 + "QQ==" + "QUFB", "no base64"),  # at the end of a piece
        ("QUFB" * 70_000 + "-AAA", "URL-safe"),
        ("\r\n", "empty"),
    ],
)
def test_what_is_no_base64_is_refused(data: str, expected: str) -> None:
    assert expected in refusal(data=data)


def test_the_length_is_checked_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = AttachmentRules(max_bytes=1000)
    for size in (998, 999, 1000):
        assert opened(rules, data=b64(bytes(size)) + "\n" * 100)[0].size == size
    monkeypatch.setattr(base64, "b64decode", pytest.fail)
    for size in (1001, 1002, 1003):
        assert "larger than 1,000 bytes" in refusal(rules, data=b64(bytes(size)))


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"data": None, "data_url": None},
        {"data": "", "data_url": ""},
        {"data": "JVBERi0=", "data_url": "https://files.example.org/"},
        {"data": 7},
        {"data_url": ["https://files.example.org/"]},
    ],
)
def test_exactly_one_source_is_needed(item: dict[str, Any]) -> None:
    assert "`data` and `data_url`" in refusal(**item)


def test_an_empty_file_is_refused(files: FileServer) -> None:
    for answer in (reply(b""), reply(b"", length=None)):
        assert "empty" in refusal(data_url=files.give(answer))


def test_a_url_becomes_a_file(files: FileServer) -> None:
    attachment, content = opened(
        data_url=files.give(reply(content_type="application/pdf;x=y"), "/Jana%20M%C3%BCller.pdf")
    )
    assert content == PDF
    assert (attachment.name, attachment.content_type) == ("Jana Müller.pdf", "application/pdf")


def test_a_large_file_leaves_memory_but_has_no_name_on_the_disk(files: FileServer, tmp_path: Path) -> None:
    body = PDF + bytes(3_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path))
        with open_attachment({"data_url": files.give(reply(body))}, RULES) as attachment:
            assert attachment.file.fileno() > 0
            assert not list(tmp_path.iterdir())
            assert attachment.file.read() == body


def test_a_full_disk_may_pass(files: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device", "/a/folder")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(tempfile, "_TemporaryFile", full, raising=False)
    body = PDF + bytes(3_000_000)
    for item in ({"data": b64(body)}, {"data_url": files.give(reply(body))}):
        with pytest.raises(AttachmentUnavailableError, match="No space left on device"):
            open_attachment(item, RULES)


def test_what_fails_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = tempfile.SpooledTemporaryFile

    def noted(*args: Any, **kwargs: Any) -> Any:
        made.append(real(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", noted)
    refusal(data=b64(JPEG), name="cv.pdf")
    refusal(data="-_-_")
    assert [file.closed for file in made] == [True, True]


@pytest.mark.parametrize(
    "item",
    [
        {"data": b64(JPEG + CANARY.encode()), "name": f"{CANARY}.pdf"},
        {"data": CANARY + "!", "name": CANARY},
        {"data": f"-_-_{CANARY}", "name": CANARY},
        {"data": f"data:{CANARY}"},
        {"data": b64(CANARY.encode() * 1000), "name": CANARY},
        {"data_url": f"https://10.0.0.1/{CANARY}?signature={CANARY}", "name": CANARY},
        {"data": b64(HTML), "name": f"{CANARY}.pdf", "content_type": f"application/{CANARY}"},
    ],
)
def test_nothing_of_an_item_is_told(item: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AttachmentError) as caught:
        open_attachment(item, AttachmentRules(max_bytes=5000))
    error: BaseException | None = caught.value
    while error is not None:
        for secret in (CANARY, b64(CANARY.encode()), CANARY.lower()):
            assert secret not in str(error)
            assert secret not in repr(error)
        error = error.__cause__ or error.__context__
    assert CANARY not in caplog.text
