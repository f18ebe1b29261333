"""What a file is: by its bytes, by its name, by what is declared."""

from __future__ import annotations

import time

import pytest

from target_hr4you.file_types import HTML, contradicts, extension_of, is_same_family, read_type, sniff, type_of_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ZIP, OLE, RTF, PDF = "application/zip", "application/x-ole-storage", "application/rtf", "application/pdf"
EXE = "application/vnd.microsoft.portable-executable"

ZIP_HEAD = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0" + bytes(12) + b"\x13\0\0\0"

HEADS = {
    b"%PDF-1.4\n": PDF,
    b"\xef\xbb\xbf%PDF-1.4\n": PDF,
    b"Content-Type: application/pdf\r\n\r\n%PDF-1.4": PDF,
    b"{\\rtf1\\ansi": RTF,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8): OLE,
    ZIP_HEAD + b"[Content_Types].xml....PK\x03\x04....word/document.xml": DOCX,
    ZIP_HEAD + b"[Content_Types].xml....PK\x03\x04....xl/workbook.xml": XLSX,
    ZIP_HEAD + b"mimetype" + ODT.encode() + b"PK\x03\x04": ODT,
    ZIP_HEAD + b"a folder/word/letter.txt": ZIP,
    b"PK\x05\x06" + bytes(18): ZIP,
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "image/png",
    b"\xff\xd8\xff\xe0\0\x10JFIF": "image/jpeg",
    b"GIF89a": "image/gif",
    b"GIF87a": "image/gif",
    b"RIFF\x24\0\0\0WEBPVP8 ": "image/webp",
    b"II*\0\x08\0": "image/tiff",
    b"MM\0*\0\x08": "image/tiff",
    b"\0\0\0\x18ftypheic\0\0\0\0": "image/heic",
    b"\0\0\0\x18ftypmif1\0\0\0\0": "image/heic",
    b"\0\0\0\x18ftypavif\0\0\0\0": "image/avif",
    b"\0\0\0\x18ftypisom\0\0\0\0": "video/mp4",
    b"\0\0\0\x18ftypqt  \0\0\0\0": "video/quicktime",
    b"\x1f\x8b\x08\0": "application/gzip",
    b"MZ\x90\0\x03\0\0\0": EXE,
    b"\x7fELF\x02\x01": "application/x-executable",
    b"<!DOCTYPE html>\n<p>": HTML,
    b"\xef\xbb\xbf\r\n <HTML lang='de'>": HTML,
    b"<?xml version='1.0'?>\n<!-- a -- b --><!DOCTYPE  HTML PUBLIC>": HTML,
    b"<script>location.href='/login'</script>": HTML,
}


@pytest.mark.parametrize(("head", "expected"), HEADS.items())
def test_first_bytes_tell_the_type(head: bytes, expected: str) -> None:
    assert sniff(head) == expected


@pytest.mark.parametrize(
    "head", [b"", b"M", b"MZ Immobilien sucht", b"Sehr geehrte", b"<svg>", b"<headline>", b"RIFF\x24\0\0\0WAVE", b"PK"]
)
def test_other_bytes_tell_nothing(head: bytes) -> None:
    assert sniff(head) is None


def test_odd_bytes_are_told_fast() -> None:
    started = time.perf_counter()
    for head in (b"<!---->" * 600 + b"x", b"<!--" * 1000, b"<?xml>" * 700, b" " * 4096):
        assert sniff(head) is None
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (PDF, "image/jpeg"),
        (PDF, HTML),
        (PDF, EXE),
        (PDF, "application/x-executable"),
        (PDF, ZIP),
        ("image/jpg", "image/png"),
        ("application/x-pdf", "image/png"),
        (DOCX, PDF),
        (DOCX, RTF),
        ("application/msword", PDF),
        ("application/msword", HTML),
        (ZIP, OLE),
        (ODT, OLE),
        (RTF, OLE),
        ("image/heic", "video/mp4"),
        ("text/plain", PDF),
        ("text/csv", ZIP),
        (HTML, RTF),
    ],
)
def test_these_contradict(declared: str, found: str) -> None:
    assert contradicts(declared, found)


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (PDF, PDF),
        ("application/x-pdf", PDF),
        ("image/jpg", "image/jpeg"),
        (DOCX, ZIP),
        (DOCX, DOCX),
        (DOCX, OLE),  # with a password
        (ZIP, DOCX),
        (ODT, ODT),
        ("application/msword", OLE),
        ("application/msword", DOCX),
        ("application/msword", RTF),
        ("text/rtf", RTF),
        ("text/plain", RTF),
        ("text/plain", HTML),
        ("image/heif", "image/heic"),
        ("audio/mp4", "video/mp4"),
        ("application/x-unheard-of", PDF),
        ("image/svg+xml", PDF),
        (PDF, "image/avif"),
    ],
)
def test_these_agree_or_are_unknown(declared: str, found: str) -> None:
    assert not contradicts(declared, found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cv.pdf", PDF),
        ("CV.PDF", PDF),
        ("a.b.DocX", DOCX),
        ("Anschreiben.doc", "application/msword"),
        ("foto.jpeg", "image/jpeg"),
        ("data.json", "application/json"),
        ("cv", None),
        (".pdf", None),
        ("cv.", None),
        ("cv.unheardof", None),
        ("cv.bin", None),
        ("data:application/pdf,x", None),
    ],
)
def test_extensions(name: str, expected: str | None) -> None:
    assert type_of_name(name) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (PDF, ".pdf"),
        ("application/x-pdf", ".pdf"),
        ("image/jpg", ".jpg"),
        ("image/jpeg", ".jpg"),
        ("image/tiff", ".tif"),
        (DOCX, ".docx"),
        (ODT, ".odt"),
        ("text/rtf", ".rtf"),
        ("text/plain", ".txt"),
        ("application/json", ".json"),
        ("application/octet-stream", ".bin"),
        ("application/x-unheard-of", ""),
    ],
)
def test_usual_extensions(type_: str, expected: str) -> None:
    assert extension_of(type_) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Application/PDF; name=x", PDF),
        (" text/html ;charset=utf-8", HTML),
        ("application/octet-stream", None),
        ("binary/octet-stream; x=y", None),
        ("pdf", None),
        ("a/b\r\nX-Header: y", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_declared_types_are_read(value: object, expected: str | None) -> None:
    assert read_type(value) == expected


def test_containers_are_one_family() -> None:
    assert is_same_family(DOCX, ZIP)
    assert not is_same_family(DOCX, OLE)
    assert not is_same_family("application/x-unheard-of", "application/x-other")
