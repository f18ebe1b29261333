from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hr4you.errors import UnexpectedAnswerError
from hr4you.feed import read_feed

FEEDS = Path(__file__).parent / "feeds"
V3 = (FEEDS / "v3.xml").read_bytes()


def posting(elements: str) -> dict[str, Any]:
    """What is read of one posting of version 3 with these elements."""
    (found,) = read_feed(f"<HR4YOU_JOBS><job>{elements}</job></HR4YOU_JOBS>".encode())
    return found


def test_unknown_elements_stay_with_their_elements_attributes_and_repetitions() -> None:
    first = read_feed(V3)[0]
    assert first["jobParking"] == "0"
    assert first["jobTeam"] == {"name": "Küche", "size": "12"}
    assert first["jobTag"] == ["a", "b", "c"]
    assert (first["jobGrade"], first["jobGrade@scale"]) == ("E 9", "TVöD")


def test_zeros_and_empty_elements_of_hr4you_are_null() -> None:
    first = read_feed(V3)[0]
    nulls = {name for name, value in first.items() if value is None}
    assert nulls == {
        *("jobSummary", "jobFulltext", "jobIndustry", "jobLongitude", "jobLatitude"),
        *("salaryMin", "salaryMax", "workHours"),
    }


@pytest.mark.parametrize("text", ["50.1", "1", "0 km", "-", "00501", "100", "0x0"])
def test_what_is_more_than_zero_stays(text: str) -> None:
    assert posting(f"<workHours>{text}</workHours>") == {"workHours": text}


def test_white_space_around_values_is_trimmed_and_within_it_stays() -> None:
    assert posting("<jobTitle>\n  a\n b\t</jobTitle>") == {"jobTitle": "a\n b"}


def document(declaration: str, encoding: str, text: str = "Grün €") -> bytes:
    return f"{declaration}<HR4YOU_JOBS><job><jobTitle>{text}</jobTitle></job></HR4YOU_JOBS>".encode(encoding)


ENCODINGS = {
    "declared-utf-8": (document('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"), None),
    "declared-windows-1252": (document("<?xml version='1.0' encoding='windows-1252'?>", "cp1252"), None),
    "declared-iso-8859-15": (document('<?xml version="1.0" encoding="ISO-8859-15"?>', "iso8859-15"), None),
    "utf-16-with-mark": (document("", "utf-16"), None),
    "utf-8-with-mark": (document("", "utf-8-sig"), None),
    "none-is-utf-8": (document("", "utf-8"), None),
    "header-where-none-is-declared": (document('<?xml version="1.0"?>', "cp1252"), 'text/xml; charset="windows-1252"'),
    "declaration-before-header": (
        document('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        "text/xml; charset=iso-8859-1",
    ),
    "header-without-charset": (document("", "utf-8"), "application/xml"),
    "html-header-for-xml": (document("", "utf-8"), "text/html"),
    "line-feeds-before-the-declaration": (
        b"\n\r\n " + document('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        None,
    ),
}


@pytest.mark.parametrize(("body", "content_type"), ENCODINGS.values(), ids=ENCODINGS)
def test_the_encoding_is_the_declaration_s(body: bytes, content_type: str | None) -> None:
    assert read_feed(body, content_type) == [{"jobTitle": "Grün €"}]


@pytest.mark.parametrize(
    "body",
    [
        b"<HR4YOU_JOBS/>",
        b"<HR4YOU_JOBS> \n </HR4YOU_JOBS>",
        b"<jobs></jobs>",
        b'<?xml version="1.0"?><!-- none --><jobs/>',
    ],
)
def test_a_feed_without_postings_is_an_empty_list(body: bytes) -> None:
    assert read_feed(body) == []


def test_a_document_type_a_namespace_and_comments_do_no_harm() -> None:
    body = (
        b'<!DOCTYPE HR4YOU_JOBS><HR4YOU_JOBS xmlns="urn:x"><!-- a --><job><jobId>1<!-- b --></jobId></job>'
        b"<generated>2026-01-31</generated></HR4YOU_JOBS>"
    )
    assert read_feed(body) == [{"jobId": "1"}]


DEEP = 20_000
REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \n", "empty"),
    "html": ((FEEDS / "page.html").read_bytes(), "HTML"),
    "html-without-doctype": (b"<HTML><body>", "HTML"),
    "xhtml": (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html/>', "HTML"),
    "html-after-a-mark": (b"\xef\xbb\xbf\n<!doctype HTML><html>", "HTML"),
    "json": (b'{"message": "secret words"}', "JSON"),
    "text": (b"secret words", "damaged at line 1"),
    "cut-in-an-element": (V3[: len(V3) // 2], "broke off"),
    "cut-before-the-root-s-end": (V3.rstrip()[:-3], "broke off"),
    "cut-after-a-posting": (V3[: V3.index(b"</job>") + 6], "broke off"),
    "bomb": ((FEEDS / "bomb.xml").read_bytes(), "entities"),
    "external-entity": ((FEEDS / "external.xml").read_bytes(), "entities"),
    "parameter-entity": (b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><jobs/>', "entities"),
    "undeclared-entity": (b"<jobs><entry><titel>&nbsp;</titel></entry></jobs>", "damaged"),
    "wrong-root": (b"<rss><job><jobId>1</jobId></job></rss>", "<rss>"),
    "an-error-in-the-root": (b"<HR4YOU_JOBS><error>secret words</error></HR4YOU_JOBS>", "no <job>"),
    "a-text-in-the-root": (b"<HR4YOU_JOBS>secret words</HR4YOU_JOBS>", "no <job>"),
    "unknown-encoding": (b'<?xml version="1.0" encoding="klingon"?><jobs/>', "encoding"),
    "encoding-that-is-not-kept": (document('<?xml version="1.0" encoding="UTF-8"?>', "cp1252"), "damaged"),
    "too-deep": (b"<jobs><entry>" + b"<a>" * DEEP + b"</a>" * DEEP + b"</entry></jobs>", "deep"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_whole_feed_is_refused_in_one_line_without_its_content(body: bytes, reason: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        read_feed(body)
    message = str(caught.value)
    assert reason in message
    assert "\n" not in message
    assert "secret words" not in message
    assert "Änne" not in message
    assert "job_feed_set" in message


def test_an_external_document_type_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert read_feed(b'<!DOCTYPE jobs SYSTEM "http://127.0.0.1:9/x.dtd"><jobs><entry id="1"/></jobs>') == [{"id": "1"}]
