"""The names and types that attachments are sent with, and those that contradict."""

from __future__ import annotations

import unicodedata

import pytest

from target_hr4you.attachments import (
    AttachmentError,
    open_attachment,
)
from tests.target_hr4you.file_server import PDF, FileServer, redirect, reply
from tests.target_hr4you.opening import (
    DOCX,
    EXE,
    HTML,
    JPEG,
    OLE,
    RULES,
    TEXT,
    ZIP,
    b64,
    of,
    opened,
    refusal,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("cv.pdf", "cv.pdf"),
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\jana\\cv.pdf", "cv.pdf"),
        ("../../cv.pdf", "cv.pdf"),
        (unicodedata.normalize("NFD", "Müller.pdf"), "Müller.pdf"),
        ("c\0v\r\n\x7f\x85\u2028.pdf", "cv.pdf"),
        ("cv\u202efdp.pdf", "cvfdp.pdf"),
        ("\u2066cv\u2069\u200f\u061c.pdf", "cv.pdf"),
        ("cv\ud800.pdf", "cv.pdf"),
        ("  cv.pdf ", "cv.pdf"),
        ("cv%20.pdf", "cv%20.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        (".", "cv.pdf"),
        ("..", "cv.pdf"),
        ("a/..", "cv.pdf"),
        ("a/", "cv.pdf"),
        ("\u202e", "cv.pdf"),
        ("", "cv.pdf"),
        (None, "cv.pdf"),
        (7, "cv.pdf"),
        ("Lebenslauf", "Lebenslauf"),
    ],
)
def test_names(given: object, expected: str) -> None:
    assert of(name=given, type="CV").name == expected


@pytest.mark.parametrize("letter", ["a", "ü", "履", "😀"])
@pytest.mark.parametrize("count", range(34, 40))
def test_a_long_name_keeps_its_extension(letter: str, count: int) -> None:
    name = of(name=f"{letter * count * 4}.pdf").name
    assert name.endswith(f"{letter}.pdf")
    assert 146 < len(name.encode()) <= 150 or len(name) == count * 4 + 4


def test_a_very_long_extension_is_none() -> None:
    assert of(name="a." + "b" * 200).name == "a." + "b" * 148


@pytest.mark.parametrize(
    ("type_", "content", "declared", "expected"),
    [
        ("CV", PDF, None, "cv.pdf"),
        ("COVER_LETTER", ZIP, DOCX, "cover-letter.docx"),
        ("OTHER", JPEG, "image/jpg", "attachment.jpg"),
        (None, TEXT, None, "attachment.bin"),
        ("CV", TEXT, "application/x-unheard-of", "cv"),
    ],
)
def test_a_file_without_a_name_gets_one(type_: str | None, content: bytes, declared: str | None, expected: str) -> None:
    assert of(content, type=type_, content_type=declared).name == expected


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ('attachment; filename="Mein Lebenslauf.pdf"', "Mein Lebenslauf.pdf"),
        ("attachment; filename=cv2.pdf", "cv2.pdf"),
        ("attachment;filename=\"a.pdf\"; filename*=UTF-8''M%C3%BCller.pdf", "Müller.pdf"),
        ("attachment; filename*=utf-8'de'M%C3%BCller.pdf; filename=a.pdf", "Müller.pdf"),
        ("attachment; filename*=iso-8859-1''M%FCller.pdf", "Müller.pdf"),
        ("attachment; filename*=nonsense''x.pdf; filename=a.pdf", "a.pdf"),
        ("attachment; filename*=utf-8''%FF.pdf; filename=a.pdf", "a.pdf"),
        ("attachment; FileName = a.pdf ", "a.pdf"),
        ("attachment; filename=a.pdf; filename=b.pdf", "a.pdf"),
        ('attachment; filename="a; filename=b.pdf"', "a; filename=b.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ('attachment; filename="C:\\dir\\a.pdf"', "a.pdf"),
        ('attachment; filename="a.pdf', "a.pdf"),
        ("attachment; filename*=utf-8''..%2F..%2Fa.pdf", "a.pdf"),
        ('attachment; filename="M\u00fcller.pdf"', "Müller.pdf"),
        ('attachment; filename="M\u00c3\u00bcller.pdf"', "Müller.pdf"),
        ("attachment", "cv.pdf"),
        ('inline; filename=".."', "cv.pdf"),
        ("", "cv.pdf"),
    ],
)
def test_the_name_that_the_server_gives(disposition: str, expected: str, files: FileServer) -> None:
    url = files.give(reply(Content_Disposition=disposition))
    assert opened(data_url=url)[0].name == expected
    assert opened(data_url=url, name="own.pdf")[0].name == "own.pdf"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/cv2.pdf?x=y.doc", "cv2.pdf"),
        ("/M%FCller.pdf", "Müller.pdf"),
        ("/a%2F..%2Fcv2.pdf", "cv2.pdf"),
        ("/a%5Ccv2.pdf", "cv2.pdf"),
        ("/cv2%0D%0A%00.pdf", "cv2.pdf"),
        ("/..%2F..", "cover-letter.pdf"),
        ("/download", "cover-letter.pdf"),
        ("/view.php", "cover-letter.pdf"),
        ("/view.html", "cover-letter.pdf"),
        ("/v1.0", "cover-letter.pdf"),
        ("/folder.pdf/", "cover-letter.pdf"),
        ("/", "cover-letter.pdf"),
    ],
)
def test_the_name_in_the_url(path: str, expected: str, files: FileServer) -> None:
    assert opened(data_url=files.give(reply(), path), type="COVER_LETTER")[0].name == expected


def test_the_name_in_the_last_url_that_has_one(files: FileServer) -> None:
    files.give(redirect("/b.pdf"), "/a.pdf")
    files.give(redirect("/0f8a"), "/b.pdf")
    files.give(reply(), "/0f8a")
    assert opened(data_url=files.url("/a.pdf"))[0].name == "b.pdf"


@pytest.mark.parametrize(
    ("content", "declared", "name", "expected"),
    [
        (PDF, "application/pdf", "cv.pdf", "application/pdf"),
        (PDF, "Application/PDF; a=b", "cv", "application/pdf"),
        (PDF, "application/x-pdf", "cv.pdf", "application/x-pdf"),
        (PDF, "application/octet-stream", "cv.pdf", "application/pdf"),
        (PDF, "binary/octet-stream", "cv", "application/pdf"),
        (PDF, None, "cv.unheardof", "application/pdf"),
        (PDF, "pdf", None, "application/pdf"),
        (PDF, "a/b\r\nX: y", None, "application/pdf"),
        (PDF, "application/x-unheard-of", "cv.pdf", "application/x-unheard-of"),
        (ZIP, None, "cv.docx", DOCX),
        (ZIP, DOCX, "cv.docx", DOCX),
        (ZIP, None, "cv", "application/zip"),
        (OLE, None, "cv.doc", "application/msword"),
        (OLE, "application/octet-stream", "cv.xls", "application/vnd.ms-excel"),
        (OLE, DOCX, "cv.docx", DOCX),
        (JPEG, "image/jpg", "foto.jpeg", "image/jpg"),
        (TEXT, "text/plain", "a.txt", "text/plain"),
        (TEXT, None, "a.txt", "text/plain"),
        (TEXT, "application/pdf", "a.pdf", "application/pdf"),
        (HTML, "text/html", "a.html", "text/html"),
        (EXE, "application/x-unheard-of", "a.unheardof", "application/x-unheard-of"),
        (bytes(8), None, "a", "application/octet-stream"),
    ],
)
def test_types(content: bytes, declared: str | None, name: str | None, expected: str) -> None:
    assert of(content, content_type=declared, name=name).content_type == expected


@pytest.mark.parametrize(
    ("content", "declared", "name", "words"),
    [
        (JPEG, "application/pdf", "cv.pdf", ["application/pdf", "image/jpeg"]),
        (JPEG, "application/pdf", None, ["application/pdf", "image/jpeg"]),
        (ZIP, None, "cv.pdf", ["application/pdf", "application/zip"]),
        (ZIP, "application/octet-stream", "cv.PDF", ["application/pdf", "application/zip"]),
        (EXE, "application/pdf", "cv.pdf", ["application/pdf", "executable"]),
        (b"\x7fELF\x02", "application/pdf", "cv", ["application/pdf", "executable"]),
        (PDF, "application/pdf", "cv.docx", [DOCX, "application/pdf"]),
        (HTML, "application/pdf", "cv", ["web page", "login page", "expired"]),
        (HTML, None, "cv.pdf", ["web page", "login page", "expired"]),
        (HTML, None, "cv.docx", ["web page", "login page", "expired"]),
    ],
)
def test_types_that_contradict_are_refused(
    content: bytes, declared: str | None, name: str | None, words: list[str]
) -> None:
    message = refusal(data=b64(content), content_type=declared, name=name)
    assert all(word in message for word in words)


@pytest.mark.parametrize(
    ("content", "header", "declared", "expected"),
    [
        (PDF, "application/octet-stream", None, "application/pdf"),
        (PDF, "binary/octet-stream", "application/octet-stream", "application/pdf"),
        (PDF, None, None, "application/pdf"),
        (PDF, "text/html", "application/pdf", "application/pdf"),
        (TEXT, "text/markdown; charset=utf-8", None, "text/markdown"),
        (TEXT, "text/plain", "text/markdown", "text/markdown"),
        (ZIP, DOCX, None, DOCX),
        (HTML, "text/html", None, "text/html"),
    ],
)
def test_types_of_what_is_downloaded(
    content: bytes, header: str | None, declared: str | None, expected: str, files: FileServer
) -> None:
    url = files.give(reply(content, content_type=header), "/file")
    assert opened(data_url=url, content_type=declared)[0].content_type == expected


@pytest.mark.parametrize("content", [HTML, b"Bitte melden Sie sich an", b"{}"])
@pytest.mark.parametrize(("path", "declared"), [("/cv.pdf", None), ("/file", "application/pdf"), ("/cv.docx", None)])
def test_a_login_page_instead_of_the_file_is_refused(
    content: bytes, path: str, declared: str | None, files: FileServer
) -> None:
    url = files.give(reply(content, content_type="text/html; charset=utf-8"), path)
    assert "a login page or a notice" in refusal(data_url=url, content_type=declared)


def test_a_server_that_declares_another_type_is_refused(files: FileServer) -> None:
    message = refusal(data_url=files.give(reply(JPEG, content_type="application/pdf"), "/file"))
    assert "`content_type`" in message


def test_an_expired_url_is_gone(files: FileServer) -> None:
    with pytest.raises(AttachmentError) as caught:
        open_attachment({"data_url": files.give(reply(HTML, status=403))}, RULES)
    assert caught.value.code == "ATTACHMENT_GONE"
