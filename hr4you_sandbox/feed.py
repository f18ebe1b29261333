"""The public job feed: the open and public jobs as XML, in the newer form (v3) and the older one (v2).

Both forms are as HR4YOU.md describes them, with what makes them hard to read: escaped HTML beside CDATA, padding, empty
elements, zeros that mean "not given", and full texts that are there for some jobs and in parts for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from hr4you_sandbox.answers import Answer, RefusalError
from hr4you_sandbox.seed_jobs import SECTIONS

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.tenant import Tenant

_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_COORDINATES = {
    "Berlin": ("13.38886", "52.51704"),
    "München": ("11.57538", "48.13711"),
    "Wien": ("16.37250", "48.20835"),
}
_PARTS = ("jobSummary", "jobResponsibilities", "jobRequirements", "jobBenefits")
_V2_BLOCKS = ("einleitung", "block1_html", "block2_html", "block3_html")


def feed(tenant: Tenant, _: Request, match: re.Match[str]) -> Answer:
    """``GET /api/jobs/xml/set/{set}``: set ``website`` is v3, set ``v2`` is v2; others are not there."""
    render = {"website": _v3, "v2": _v2}.get(match["set"])
    if render is None:
        raise RefusalError(404, "Dieses Set gibt es nicht.")
    table = tenant.store.tables["jobs"]
    jobs = [job for job in map(table.get, table.ids) if job is not None and is_published(job)]
    return Answer(200, render(jobs).encode(), _XML)


def is_published(job: WireObject) -> bool:
    """Whether the job stands on the public career page."""
    return job.get("jobStatus") == "offen" and job.get("jobVisibility") == "oeffentlich"


def split_text(html: str) -> tuple[str, str, str, str]:
    """Summary, responsibilities, requirements and benefits: the full text cut before its headings."""
    parts = [html]
    for heading in SECTIONS:
        head, mark, tail = parts[-1].partition(f"<h2>{heading}</h2>")
        parts[-1] = head
        parts.append(mark + tail)
    return parts[0], parts[1], parts[2], parts[3]


def _v3(jobs: Iterable[WireObject]) -> str:
    return f"{_HEAD}<HR4YOU_JOBS>\n{''.join(map(_v3_job, jobs))}</HR4YOU_JOBS>\n"


def _v3_job(job: WireObject) -> str:
    number = job["jobId"]
    in_parts = number % 3 == 0
    full = job.get("jobFulltext") or ""
    longitude, latitude = _COORDINATES.get(job.get("jobWorkplace") or "", ("0.00000", "0.00000"))
    text: Callable[[str], str] = _cdata if number % 2 else escape
    elements: dict[str, Any] = {
        "jobId": f"\n    {number}\n  " if number % 5 == 0 else number,
        "jobTitle": escape(f" {job.get('jobTitle') or ''} "),
        "jobCompanyProfile": "",
        **{name: text(part) if in_parts else "" for name, part in zip(_PARTS, split_text(full), strict=True)},
        "jobOutro": text("<p>Wir freuen uns auf Sie!</p>") if in_parts else "",
        "jobFulltext": "" if in_parts else text(full),
        "jobWorkplace": escape(job.get("jobWorkplace") or ""),
        "jobWorkplaceZipcode": escape(job.get("jobWorkplaceZipcode") or ""),
        "jobLongitude": longitude,
        "jobLatitude": latitude,
        "jobRegion": escape(job.get("jobRegion") or ""),
        "jobIndustry": "",
        "jobCategory": escape(job.get("jobCategory") or ""),
        "jobEmploymentType": escape(job.get("jobEmploymentType") or ""),
        "jobPublishingDateFrom": f"{job.get('jobPublishingDateFrom') or ''}{' 00:00:00' if number % 7 == 0 else ''}",
        "jobPublishingDateUntil": job.get("jobPublishingDateUntil") or "",
        "languageCode": "de",
        "jobStreet": escape(job.get("jobStreet") or ""),
        "salaryMin": "0",
        "salaryMax": "0",
        "salaryCurrency": "EUR",
        "contactCompany": "Muster &amp; Söhne GmbH",
        "contactPhone": "+49 (0) 89 / 1234-0",
        "contactEmail": "bewerbung@personal.example.de",
        "countryCompany": escape(job.get("jobCountry") or ""),
        "jobOffer": escape(job.get("jobOffer") or ""),
        "applicationForm": f"https://sandbox.example.org/applicationForm.php?sid={number}&amp;page_lang=de",
        "sprachcode": "de",
        "referenznummer": f"REF-{number}",
        "tenantGehaltsband": "E9 – E11" if number % 4 == 0 else "",
    }
    return f"<job>\n{_lines(elements)}</job>\n"


def _v2(jobs: Iterable[WireObject]) -> str:
    return f"{_HEAD}<jobs>\n{''.join(map(_v2_entry, jobs))}</jobs>\n"


def _v2_entry(job: WireObject) -> str:
    number = job["jobId"]
    full = job.get("jobFulltext") or ""
    elements: dict[str, Any] = {
        "titel": escape(job.get("jobTitle") or ""),
        **{name: _cdata(part) for name, part in zip(_V2_BLOCKS, split_text(full), strict=True)},
        "gesamt_html": _cdata(full) if number % 2 else "",
        "gesamt": "",
        "von_datum": job.get("jobPublishingDateFrom") or "",
        "bis_datum": job.get("jobPublishingDateUntil") or "",
        "arbeitsort": escape(job.get("jobWorkplace") or ""),
        "plzarbeitsort": escape(job.get("jobWorkplaceZipcode") or ""),
        "kennziffer": f"K-{number}",
        "firma": "Muster &amp; Söhne GmbH",
        "ap_vorname": "Jörg",
        "ap_nachname": "Müller-Lüdenscheidt",
        "ap_telefon": "",
        "ap_email": "bewerbung@personal.example.de",
        "berufskategorie": escape(job.get("jobCategory") or ""),
        "stellenart": escape(job.get("jobEmploymentType") or ""),
        "jobid": number,
        "referenznummer": f"REF-{number}",
        "url_application_form": f"https://sandbox.example.org/applicationForm.php?sid={number}&amp;page_lang=de",
        "sprachcode": "de",
    }
    return f"<entry id={quoteattr(str(number))}>\n{_lines(elements)}</entry>\n"


def _lines(elements: dict[str, Any]) -> str:
    """The elements, whose values are XML already; empty ones close themselves."""
    return "".join(
        f"  <{name}/>\n" if value == "" else f"  <{name}>{value}</{name}>\n" for name, value in elements.items()
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>" if text else ""
