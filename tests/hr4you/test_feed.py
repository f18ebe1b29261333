from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hr4you.feed import FeedMapper, read_feed
from tap_hr4you.schemas import stream_schema
from tests.hr4you.mapping.objects import contract

FEEDS = Path(__file__).parent / "feeds"
V3 = (FEEDS / "v3.xml").read_bytes()
V2 = (FEEDS / "v2-latin1.xml").read_bytes()


def job(elements: str, **settings: Any) -> dict[str, Any]:
    """The record of a posting of version 3 that holds these elements beside its id."""
    (posting,) = read_feed(f"<HR4YOU_JOBS><job><jobId>1</jobId>{elements}</job></HR4YOU_JOBS>".encode())
    return FeedMapper(contract(), "acme", **settings)(posting)


def posting(elements: str) -> dict[str, Any]:
    (found,) = read_feed(f"<HR4YOU_JOBS><job>{elements}</job></HR4YOU_JOBS>".encode())
    return found


# --- records -----------------------------------------------------------------------------------------------------


def test_a_posting_of_version_3_is_a_job_that_is_open_and_public() -> None:
    postings = read_feed(V3)
    mapper = FeedMapper(contract(), "acme")
    assert mapper(postings[0]) == {
        "id": "acme:job:1201",
        "remote_id": "1201",
        "changed_at": None,
        "remote_deleted_at": None,
        "name": "Koch & Köchin (m/w/d)",
        "description": (
            "<p>Wir sind M&uuml;ller &amp; Söhne.</p>\n"
            "<ul><li>Kochen</li><li>Abschmecken &amp; Anrichten</li></ul>\n"
            "<p>Ausbildung<br>Freude &amp; Geduld</p>\n"
            "<p>Bis bald!</p>"
        ),
        "employment_type": "FULL_TIME",
        "status": "OPEN",
        "visibility": "PUBLIC",
        "category": "Gastronomie",
        "post_url": "https://acme.example/job/view/1201/koch",
        "location": {
            "city": "Köln",
            "country": "DE",
            "raw": None,
            "state": "Nordrhein-Westfalen",
            "street_1": "Domplatz 1",
            "street_2": None,
            "zip_code": "50667",
        },
        "custom_fields": {},
        "integration_fields": None,
        "opened_at": "2026-01-30T23:00:00.000000+00:00",
        "closed_at": None,
        "contact_id": None,
        "remote_data": postings[0],
    }
    assert not mapper.is_timed
    assert not mapper.notices
    assert not mapper.unmapped


def test_a_posting_of_version_2_is_a_job_too() -> None:
    postings = read_feed(V2)
    record = FeedMapper(contract(), "acme")(postings[0])
    filled = {name: value for name, value in record.items() if value is not None and name != "remote_data"}
    assert filled == {
        "id": "acme:job:1301",
        "remote_id": "1301",
        "name": "Pflegefachkraft für Köln",
        "description": "<p>Wir suchen Sie</p>\n<p>Aufgaben</p>\n<p>Profil</p>",
        "employment_type": "PART_TIME",
        "status": "OPEN",
        "visibility": "PUBLIC",
        "category": "Pflege",
        "location": {
            **dict.fromkeys(("country", "raw", "state", "street_1", "street_2")),
            "city": "Köln",
            "zip_code": "50667",
        },
        "custom_fields": {},
        "opened_at": "2026-01-30T23:00:00.000000+00:00",
        "closed_at": "2026-07-31T21:59:59.999999+00:00",
    }
    assert postings[0]["id"] == "77"


def test_an_entry_of_version_2_without_a_jobid_goes_by_its_id() -> None:
    assert FeedMapper(contract(), "acme").remote_id(read_feed(V2)[1]) == "78"


def test_a_posting_without_a_job_id_has_no_remote_id() -> None:
    mapper = FeedMapper(contract(), "acme")
    assert [mapper.remote_id(wire) for wire in read_feed(V3)] == ["1201", "1202", None]


@pytest.mark.parametrize("elements", ["<jobId/>", "<jobId> \n </jobId>", "<jobId>0</jobId>", ""])
def test_an_empty_job_id_is_none(elements: str) -> None:
    assert FeedMapper(contract(), "acme").remote_id(posting(elements)) is None


def test_a_record_has_the_fields_of_the_schema_in_its_order_or_those_selected() -> None:
    assert list(job("")) == list(stream_schema("jobs")["properties"])
    assert list(job("", properties={"status", "name"})) == ["id", "changed_at", "name", "status"]


def test_impossible_dates_are_null_and_counted_and_dates_with_a_time_are_local() -> None:
    mapper = FeedMapper(contract(), "acme")
    for _ in range(2):
        record = mapper(read_feed(V3)[1])
    assert record["opened_at"] is None
    assert record["closed_at"] == "2026-07-31T10:00:00.000000+00:00"
    assert list(mapper.notices.values()) == [2]


def test_employment_types_without_a_mapping_pass_through_and_are_counted() -> None:
    mapper = FeedMapper(contract(), "acme")
    assert mapper(read_feed(V3)[1])["employment_type"] == "Freiwillig"
    assert mapper.unmapped == {("employment_type", "Freiwillig"): 1}


def test_the_contract_s_words_and_zone_hold_for_the_feed_too() -> None:
    override = "{api: {timezone: Europe/London}, vocabularies: {employment_type: {CONTRACT: [Freiwillig]}}}"
    record = FeedMapper(contract(override), "acme")(read_feed(V3)[1])
    assert record["employment_type"] == "CONTRACT"
    assert record["closed_at"] == "2026-07-31T11:00:00.000000+00:00"


def test_elements_of_the_tenant_s_own_can_be_mapped() -> None:
    record = job(
        "<jobTeam><name>Küche</name></jobTeam><jobParking>0</jobParking>",
        custom_field_mappings={"job": {"team": "jobTeam.name", "parking": "jobParking", "none": "jobNone"}},
        integration_fields_include={"job": ["jobParking"]},
    )
    assert record["custom_fields"] == {"team": "Küche", "parking": "0", "none": None}
    assert [(entry["key"], entry["value"]) for entry in record["integration_fields"]] == [("jobParking", "0")]


# --- description -------------------------------------------------------------------------------------------------

DESCRIPTIONS = {
    "the-whole-text-goes-before-its-parts": (
        "<jobSummary>Teil</jobSummary><jobFulltext>&lt;p&gt;Alles&lt;/p&gt;</jobFulltext>",
        "<p>Alles</p>",
    ),
    "parts-in-their-order-not-the-feed-s": (
        (
            "<jobOutro>&lt;p&gt;6&lt;/p&gt;</jobOutro><jobBenefits>&lt;p&gt;5&lt;/p&gt;</jobBenefits>"
            "<jobRequirements>&lt;p&gt;4&lt;/p&gt;</jobRequirements><jobResponsibilities>&lt;p&gt;3&lt;/p&gt;"
            "</jobResponsibilities><jobSummary>&lt;p&gt;2&lt;/p&gt;</jobSummary><jobCompanyProfile>&lt;p&gt;1&lt;/p&gt;"
            "</jobCompanyProfile>"
        ),
        "<p>1</p>\n<p>2</p>\n<p>3</p>\n<p>4</p>\n<p>5</p>\n<p>6</p>",
    ),
    "an-empty-paragraph-is-empty": (
        "<jobFulltext>&lt;p&gt;&amp;nbsp;&lt;br/&gt;&lt;/p&gt;</jobFulltext><jobSummary>&lt;b&gt;x&lt;/b&gt;</jobSummary>",
        "<b>x</b>",
    ),
    "an-image-is-not": ("<jobFulltext>&lt;img src='x'&gt;</jobFulltext><jobSummary>x</jobSummary>", "<img src='x'>"),
    "entities-are-decoded-once": (
        "<jobFulltext>&lt;p&gt;1 &amp;lt; 2 &amp;amp;amp; M&amp;uuml;ller&lt;/p&gt;</jobFulltext>",
        "<p>1 &lt; 2 &amp;amp; M&uuml;ller</p>",
    ),
    "cdata-is-not-decoded": ("<jobFulltext><![CDATA[<p>A &amp; B</p>]]></jobFulltext>", "<p>A &amp; B</p>"),
    "text-without-markup-becomes-a-paragraph": (
        "<jobSummary>1 &lt; 2 &amp; M&amp;uuml;ller</jobSummary>",
        "<p>1 &lt; 2 &amp; M&uuml;ller</p>",
    ),
    "html-that-nobody-escaped": (
        "<jobSummary>Wir <b>suchen</b> A &amp; B<br/></jobSummary>",
        "Wir <b>suchen</b> A &amp; B<br>",
    ),
    "nothing": ("<jobFulltext/><jobSummary/>", None),
}


@pytest.mark.parametrize(("elements", "description"), DESCRIPTIONS.values(), ids=DESCRIPTIONS)
def test_a_description_is_html(elements: str, description: str | None) -> None:
    assert job(elements)["description"] == description


def test_the_plain_text_of_version_2_is_the_last_resort() -> None:
    record = FeedMapper(contract(), "acme")(read_feed(V2)[1])
    assert record["description"] == "<p>Zeile eins &amp; mehr<br>Zeile zwei</p>"


# --- country -----------------------------------------------------------------------------------------------------

COUNTRIES = {
    "own": ("<jobCountry>Österreich</jobCountry><countryCompany>Deutschland</countryCompany>", "AT", None),
    "in-place-of-the-region": (
        "<jobRegion>Schweiz</jobRegion><countryCompany>Deutschland</countryCompany>",
        "CH",
        None,
    ),
    "the-company-s-in-the-same-place": (
        "<jobWorkplace>KÖLN</jobWorkplace><contactLocation>Koeln</contactLocation><countryCompany>Deutschland</countryCompany>",
        "DE",
        None,
    ),
    "the-company-s-in-another-place": (
        (
            "<jobWorkplace>Genf</jobWorkplace><contactLocation>Köln</contactLocation><countryCompany>Deutschland</countryCompany>"
            "<jobRegion>Genf</jobRegion>"
        ),
        None,
        "Genf",
    ),
    "the-company-s-in-an-unknown-place": (
        "<jobRegion>Bayern</jobRegion><countryCompany>D</countryCompany>",
        "DE",
        "Bayern",
    ),
    "not-recognised": ("<jobCountry>Atlantis</jobCountry>", "Atlantis", None),
}


@pytest.mark.parametrize(("elements", "country", "state"), COUNTRIES.values(), ids=COUNTRIES)
def test_a_country_is_that_of_the_workplace(elements: str, country: str | None, state: str | None) -> None:
    location = job(elements)["location"]
    assert (location["country"], location["state"]) == (country, state)
