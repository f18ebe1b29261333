"""The XML of the public job feed, taken apart into postings: element names and texts, nothing interpreted."""

from __future__ import annotations

import html
import re
from email.message import Message
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from hr4you.errors import UnexpectedAnswerError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Posting = dict[str, Any]

_POSTINGS: Final = {"hr4you_jobs": "job", "jobs": "entry"}
"""Root to posting: the feed's version 3, and the older version 2 (HR4YOU.md: verified)."""

DESCRIPTION_PARTS: Final = (
    *("jobCompanyProfile", "jobSummary", "jobResponsibilities", "jobRequirements", "jobBenefits", "jobOutro"),
    *("einleitung", "block1_html", "block2_html", "block3_html"),
)
"""A description in pieces, in the order in which they are read; first those of version 3, then of version 2."""

_RICH_TEXT: Final = frozenset((*DESCRIPTION_PARTS, "jobFulltext", "gesamt_html", "gesamt"))

_NAMES: Final = (
    "jobId jobTitle jobWorkplace jobWorkplaceZipcode jobLongitude jobLatitude jobRegion jobIndustry jobCategory "
    "jobEmploymentType jobPublishingDateFrom jobPublishingDateUntil languageCode jobStreet salaryMin salaryMax "
    "salaryCurrency workHours jobEducationRequirements jobExperienceRequirements contactCompany contactGender "
    "contactTitle contactFirstname contactLastname contactDepartment contactRole contactPhone contactEmail "
    "contactWebsite contactLocation contactZipcode contactStreet contactPhoto countryCompany additionCompany "
    "faxCompany jobOffer applicationForm sprachcode referenznummer JobPostingSchema jobHeaderImage "
    "titel von_datum bis_datum arbeitsort plzarbeitsort kennziffer firma ap_vorname ap_nachname ap_telefon "
    "ap_email berufskategorie stellenart jobid url_application_form"
)
_KNOWN: Final = frozenset(_NAMES.split()) | _RICH_TEXT
"""Elements of both versions seen in the wild (HR4YOU.md: verified): in these a bare zero means "not given"."""

_ZERO: Final = re.compile(r"0+(?:[.,]0+)?", re.ASCII)
_HTML_PAGE: Final = re.compile(
    rb"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_DECLARED: Final = re.compile(rb"<\?xml[^>]*\bencoding\s*=")
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MAX_NAME: Final = 40


def read_feed(body: bytes, content_type: str | None = None) -> list[Posting]:
    """Take a feed apart.

    Args:
        body: the answer as it came; its encoding is the XML declaration's.
        content_type: the answer's ``Content-Type``; its charset counts where the XML declares none.

    Returns:
        One dictionary for each posting, in the feed's order: element name to text with white space around it trimmed
        and entities decoded once. Empty elements, and zeros in elements that HR4YOU fills so, are None. Elements inside
        an element are a dictionary; rich text is its HTML; an element that comes several times is a list. Attributes
        stand beside the element as ``name@attribute``, those of the posting itself as ``attribute``.

    Raises:
        UnexpectedAnswerError: it is no job feed, or not all of it.
    """
    root = _parse(body, content_type)
    name = _local_name(root.tag)
    posting_name = _POSTINGS.get(name.casefold())
    if posting_name is None:
        raise _unexpected(f"its root is <{name[:_MAX_NAME]}> and not <HR4YOU_JOBS> or <jobs>")
    postings = [element for element in root if _local_name(element.tag) == posting_name]
    if not postings and (len(root) or (root.text or "").strip()):
        raise _unexpected(f"it holds other things but no <{posting_name}>")
    try:
        return [_posting(element) for element in postings]
    except RecursionError:
        raise _unexpected("its elements are nested too deeply") from None


def _parse(body: bytes, content_type: str | None) -> Element:
    text = body.lstrip(b" \t\r\n")  # PHP likes to send line feeds first, XML forbids them before its declaration
    if not text:
        raise _unexpected("it is empty")
    if _HTML_PAGE.match(text.removeprefix(_BYTE_ORDER_MARKS[0]).lstrip()):
        raise _unexpected("it is an HTML page")
    if text.startswith((b"{", b"[")):
        raise _unexpected("it is JSON and not XML")
    parser = DefusedXMLParser(
        target=ET.TreeBuilder(),
        encoding=None if _says_encoding(text) else _charset(content_type),
        forbid_dtd=False,
        forbid_entities=True,
        forbid_external=True,
    )
    try:
        parser.feed(text)
        root: Element = parser.close()
    except DefusedXmlException:
        raise _unexpected("it declares XML entities, which is refused as they can be an attack") from None
    except ET.ParseError as error:
        line, column = error.position
        raise _unexpected(f"its XML broke off or is damaged at line {line}, column {column + 1}") from None
    except (LookupError, ValueError):
        raise _unexpected("its encoding is not known") from None
    return root


def _says_encoding(text: bytes) -> bool:
    return text.startswith(_BYTE_ORDER_MARKS) or _DECLARED.match(text) is not None


def _charset(content_type: str | None) -> str | None:
    if not content_type:
        return None
    header = Message()
    header["Content-Type"] = content_type
    charset = header.get_content_charset()
    # RFC 2616 made Latin 1 the default that servers name for XML in UTF-8 as well; XML's own default goes before.
    return None if charset in {None, "us-ascii", "utf-8"} else charset


def _unexpected(reason: str) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(
        f"The job feed cannot be read: {reason}. Nothing was taken from it. Check `base_url` (or `subdomain`) and "
        "`job_feed_set`, open the feed in a browser, and run again"
    )


def _posting(element: Element) -> Posting:
    posting = _inside(element)
    for name, value in element.attrib.items():
        posting.setdefault(_local_name(name), value.strip() or None)
    return posting


def _inside(element: Element) -> Posting:
    """The child elements by name."""
    found: Posting = {}
    for child in element:
        name = _local_name(child.tag)
        value = _value(name, child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
        for attribute, text in child.attrib.items():
            found.setdefault(f"{name}@{_local_name(attribute)}", text)
    return found


def _value(name: str, element: Element) -> Any:
    if not len(element):
        text = (element.text or "").strip()
        return None if not text or (name in _KNOWN and _ZERO.fullmatch(text)) else text
    if name in _RICH_TEXT:
        # Somebody forgot to escape the HTML: what parsed as XML is written as HTML again.
        written = (ET.tostring(child, encoding="unicode", method="html") for child in element)
        return (html.escape(element.text or "", quote=False) + "".join(written)).strip()
    inside = _inside(element)
    text = (element.text or "").strip()
    return {"#text": text, **inside} if text else inside


def _local_name(name: Any) -> str:
    return str(name).rpartition("}")[2]
