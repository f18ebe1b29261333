"""The public job feed: postings as ``jobs``, without credentials.

What the feed is and what its elements are called is verified (HR4YOU.md); that ``countryCompany`` is the country of the
workplace where nothing speaks against it is assumed.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.expressions import compile_expression
from hr4you.feed_xml import DESCRIPTION_PARTS, read_feed
from hr4you.mapping.countries import country_code
from hr4you.mapping.record import RecordMapper
from hr4you.text import fold, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hr4you.contract import Contract
    from hr4you.feed_xml import Posting
    from hr4you.mapping.layout import ListPlace, Place

__all__ = ["FeedMapper", "read_feed"]

_TAG: Final = re.compile(r"<[a-zA-Z/!][^>]*>")
_BLANK: Final = re.compile(r"<(?!img\b)[^>]*>|&nbsp;|&#160;|&#xa0;|\s", re.IGNORECASE)
_BARE_AMPERSAND: Final = re.compile(r"&(?!#?\w{1,31};)")


class FeedMapper(RecordMapper):
    """Makes ``jobs`` records of postings of version 3 or 2; every posting is OPEN and PUBLIC.

    The feed says nothing of ``contact_id`` and of times of change.
    """

    def __init__(
        self,
        contract: Contract,
        tenant: str,
        *,
        custom_field_mappings: Mapping[str, Any] | None = None,
        integration_fields_include: Mapping[str, Any] | None = None,
        properties: Collection[str] | None = None,
    ) -> None:
        super().__init__(
            contract,
            "jobs",
            tenant,
            custom_field_mappings=custom_field_mappings,
            integration_fields_include=integration_fields_include,
            properties=properties,
            layout=_FeedLayout(),
        )


class _Computed:
    """A place that takes more than an expression."""

    roots = None

    def __init__(self, compute: Callable[[Posting], Any]) -> None:
        self._compute = compute

    def __call__(self, value: Any, /) -> Any:
        return self._compute(value)


def _description(posting: Posting) -> str | None:
    """HTML: the whole text, or its parts one after the other, or (version 2) the text without markup."""
    for name in ("jobFulltext", "gesamt_html"):
        if whole := _filled(posting.get(name)):
            return whole
    parts = [_as_html(part) for part in map(_filled, map(posting.get, DESCRIPTION_PARTS)) if part]
    if parts:
        return "\n".join(parts)
    plain = _filled(posting.get("gesamt"))
    return plain and _as_html(plain)


def _filled(value: Any) -> str | None:
    """A text that has more to show than empty paragraphs."""
    text = to_text(value)
    return text if text and _BLANK.sub("", text) else None


def _as_html(text: str) -> str:
    """HTML as it is; text without markup as a paragraph, so that the next part does not run into it."""
    if _TAG.search(text):
        return text
    escaped = html.escape(_BARE_AMPERSAND.sub("&amp;", text), quote=False).replace("&amp;", "&")
    return "<p>" + escaped.replace("\n", "<br>") + "</p>"


def _state(posting: Posting) -> str | None:
    """The region, unless a country stands in its place."""
    region = to_text(posting.get("jobRegion"))
    return None if region is None or country_code(region) else region


def _country(posting: Posting) -> str | None:
    """The workplace's own country, or a country in place of the region, or the company's.

    The company's says nothing of a workplace in another place than its own.
    """
    own = to_text(posting.get("jobCountry"))
    region = to_text(posting.get("jobRegion"))
    if own or (region and country_code(region)):
        return own or region
    workplace, company = to_text(posting.get("jobWorkplace")), to_text(posting.get("contactLocation"))
    if workplace and company and fold(workplace) != fold(company):
        return None
    return to_text(posting.get("countryCompany"))


@dataclass(frozen=True)
class _FeedLayout:
    """Both versions at once: their names do not overlap."""

    id: Place = field(default_factory=lambda: compile_expression("jobId || jobid || id"))
    changed_at: Place | None = None
    custom_fields: ListPlace | None = None
    flags: Mapping[str, Place] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(
        default_factory=lambda: {
            "name": compile_expression("jobTitle || titel"),
            "description": _Computed(_description),
            "employment_type": compile_expression("jobEmploymentType || stellenart"),
            "status": compile_expression("'OPEN'"),
            "visibility": compile_expression("'PUBLIC'"),
            "category": compile_expression("jobCategory || berufskategorie"),
            "post_url": compile_expression("jobOffer"),
            "location": {
                "city": compile_expression("jobWorkplace || arbeitsort"),
                "country": _Computed(_country),
                "state": _Computed(_state),
                "street_1": compile_expression("jobStreet"),
                "zip_code": compile_expression("jobWorkplaceZipcode || plzarbeitsort"),
            },
            "opened_at": compile_expression("jobPublishingDateFrom || von_datum"),
            "closed_at": compile_expression("jobPublishingDateUntil || bis_datum"),
        }
    )
