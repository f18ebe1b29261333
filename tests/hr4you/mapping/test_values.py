from __future__ import annotations

from typing import Any

import pytest

from tests.hr4you.mapping.objects import CANDIDATE, JOB, STAGE, USER, mapped, mapper

# --- texts -------------------------------------------------------------------------------------------------------

TEXTS: dict[str, tuple[Any, str | None]] = {
    "text": ("Köch:in", "Köch:in"),
    "padded": (" \n Köch:in\t", "Köch:in"),
    "no-break-space": ("\xa0Köch:in\xa0", "Köch:in"),
    "empty": ("", None),
    "blank": ("  \n", None),
    "null": (None, None),
    "number": (12, "12"),
    "float": (1.5, "1.5"),
    "whole-float": (12.0, "12"),
    "entities-are-left": ("A &amp; B", "A &amp; B"),
    "false": (False, None),
    "php-empty-object": ([], None),
    "nothing-inside": ({"de": None, "en": ""}, None),
}


@pytest.mark.parametrize(("value", "text"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_trimmed_and_nothing_else(value: Any, text: str | None) -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "jobTitle": value})["name"] == text
    assert not subject.notices


@pytest.mark.parametrize("value", [{"de": "Köch:in"}, ["Köch:in"], True], ids=["object", "list", "true"])
def test_what_is_no_text_is_null_and_told_without_its_content(value: Any) -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "jobTitle": value})["name"] is None
    (notice,) = subject.notices
    assert "`name`" in notice
    assert "Köch" not in notice


def test_odd_values_are_counted_over_all_records() -> None:
    subject = mapper("jobs")
    for _ in range(3):
        subject({**JOB, "jobTitle": ["x"], "jobCategory": ["x"]})
    assert sorted(subject.notices.values()) == [3, 3]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"id": 3, "name": "LinkedIn"}, "LinkedIn"),
        ("Empfehlung", "Empfehlung"),
        ({"id": None, "name": ""}, None),
        (None, None),
    ],
    ids=["object", "text", "empty-object", "null"],
)
def test_a_source_is_named_as_the_tenant_names_it(source: Any, text: str | None) -> None:
    subject = mapper("candidates")
    assert subject({**CANDIDATE, "source": source})["source"] == text
    assert not subject.notices


@pytest.mark.parametrize(
    "value", ["joerg@", "joerg", "joerg@acme", "jörg müller@acme.example", "a@b.example, c@d.example"]
)
def test_a_user_s_invalid_email_is_null_and_counted(value: str) -> None:
    subject = mapper("users")
    assert subject({**USER, "email": value})["email"] is None
    (notice,) = subject.notices
    assert value not in notice


def test_a_user_s_email_is_trimmed_and_keeps_its_case() -> None:
    assert mapped("users", email=" Joerg@ACME.example ")["email"] == "Joerg@ACME.example"


# --- times -------------------------------------------------------------------------------------------------------

CHANGED = {
    "utc": ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000+00:00"),
    "offset": ("2026-07-31T12:00:00+02:00", "2026-07-31T10:00:00.000000+00:00"),
    "naive": ("2026-07-31 12:00:00", "2026-07-31T10:00:00.000000+00:00"),
    "naive-before-summer": ("2026-03-29 01:59:59", "2026-03-29T00:59:59.000000+00:00"),
    "naive-in-the-repeated-hour-is-earlier": ("2026-10-25 02:30:00", "2026-10-25T00:30:00.000000+00:00"),
    "epoch": (1769860800, "2026-01-31T12:00:00.000000+00:00"),
    "epoch-ms": (1769860800123, "2026-01-31T12:00:00.123000+00:00"),
    "null": (None, None),
    "empty": ("", None),
    "zero-date": ("0000-00-00 00:00:00", None),
    "zero": (0, None),
}


@pytest.mark.parametrize(("value", "text"), CHANGED.values(), ids=CHANGED)
def test_changed_at_is_the_wire_s_time_in_utc(value: Any, text: str | None) -> None:
    subject = mapper("users")
    assert subject({**USER, "updatedAt": value})["changed_at"] == text
    assert not subject.notices


def test_naive_times_are_of_the_contract_s_zone() -> None:
    override = "api: {timezone: Europe/Lisbon}"
    assert mapped("users", override=override, updatedAt="2026-01-31 12:00:00")["changed_at"] == (
        "2026-01-31T12:00:00.000000+00:00"
    )


def test_an_impossible_time_of_change_is_none_and_told() -> None:
    subject = mapper("users")
    assert subject({**USER, "updatedAt": "gestern"})["changed_at"] is None
    assert len(subject.notices) == 1


DATES = {
    "start-of-day": ("2026-07-31", "2026-07-30T22:00:00.000000+00:00", "2026-07-31T21:59:59.999999+00:00"),
    "german": ("31.07.2026", "2026-07-30T22:00:00.000000+00:00", "2026-07-31T21:59:59.999999+00:00"),
    "day-of-25-hours": ("2026-10-25", "2026-10-24T22:00:00.000000+00:00", "2026-10-25T22:59:59.999999+00:00"),
    "day-of-23-hours": ("2026-03-29", "2026-03-28T23:00:00.000000+00:00", "2026-03-29T21:59:59.999999+00:00"),
    "with-time": ("2026-07-31 08:00", *["2026-07-31T06:00:00.000000+00:00"] * 2),
    "with-offset": ("2026-07-31T08:00:00+00:00", *["2026-07-31T08:00:00.000000+00:00"] * 2),
    "open-end": ("2999-09-23", None, None),
    "open-end-with-time": ("2999-12-31T23:59:59Z", None, None),
    "9999": ("9999-12-31", None, None),
    "2900": ("2900-01-01", None, None),
    "2900-in-the-zone-already": ("2899-12-31T23:30:00Z", None, None),
    "2899": ("2899-12-31", "2899-12-30T23:00:00.000000+00:00", "2899-12-31T22:59:59.999999+00:00"),
    "empty": ("", None, None),
    "zero": ("0000-00-00", None, None),
    "zero-with-time": ("0000-00-00 00:00:00", None, None),
    "null": (None, None, None),
}


@pytest.mark.parametrize(("value", "opened", "closed"), DATES.values(), ids=DATES)
def test_a_day_opens_at_its_start_and_closes_at_its_end(value: Any, opened: str | None, closed: str | None) -> None:
    subject = mapper("jobs")
    record = subject({**JOB, "jobPublishingDateFrom": value, "jobPublishingDateUntil": value})
    assert (record["opened_at"], record["closed_at"]) == (opened, closed)
    assert not subject.notices


@pytest.mark.parametrize("value", ["2026-02-31", "31.06.2026", "demnächst", "2026-13-01", True, {"a": 1}], ids=repr)
def test_an_impossible_date_is_null_and_counted(value: Any) -> None:
    subject = mapper("jobs")
    for _ in range(2):
        assert subject({**JOB, "jobPublishingDateUntil": value})["closed_at"] is None
    assert list(subject.notices.values()) == [2]
    assert "`closed_at`" in next(iter(subject.notices))


def test_a_future_end_stays_and_changes_no_status() -> None:
    record = mapped("jobs", jobPublishingDateUntil="2898-01-01", jobStatus="geschlossen")
    assert record["closed_at"].startswith("2898-01-01")
    assert record["status"] == "CLOSED"


def test_a_past_end_changes_no_status() -> None:
    assert mapped("jobs", jobPublishingDateUntil="2001-01-01")["status"] == "OPEN"


# --- references and numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        *[(7, "acme:user:7"), (" 7 ", "acme:user:7"), (7.0, "acme:user:7"), ("x:7", "acme:user:x:7")],
        *[(0, None), ("0", None), ("", None), (None, None), (False, None), ([], None)],
    ],
    ids=repr,
)
def test_a_reference_is_the_other_s_id_or_null(value: Any, reference: str | None) -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "contactId": value})["contact_id"] == reference
    assert not subject.notices


def test_an_object_in_place_of_a_reference_is_told() -> None:
    subject = mapper("jobs")
    assert subject({**JOB, "contactId": {"id": 7}})["contact_id"] is None
    assert len(subject.notices) == 1


@pytest.mark.parametrize(
    ("value", "index"),
    [(20, 20), ("20", 20), (20.0, 20), (0, 0), ("0", 0), (-1, -1), (None, None), ("", None), (True, None)],
    ids=repr,
)
def test_global_index_is_the_wire_s_order(value: Any, index: int | None) -> None:
    subject = mapper("application_stages")
    assert subject({**STAGE, "position": value})["global_index"] == index
    assert not subject.notices


def test_an_order_that_is_no_number_is_null_and_told() -> None:
    subject = mapper("application_stages")
    assert subject({**STAGE, "position": "zweite"})["global_index"] is None
    assert len(subject.notices) == 1


# --- lists -------------------------------------------------------------------------------------------------------

PHONES = {
    "odd-numbers-stay-as-they-are": (
        [{"number": " 0170/1234567 (abends!) ", "type": "mobil"}],
        [{"phone_number": "0170/1234567 (abends!)", "type": "mobil"}],
    ),
    "number-as-number": ([{"number": 301234}], [{"phone_number": "301234", "type": None}]),
    "without-number": ([{"number": "", "type": "privat"}, {"type": "x"}, {"number": None}], []),
    "empty": ([], []),
    "null": (None, []),
    "php-nothing": (False, []),
    "php-object-for-a-list": (
        {"1": {"number": "1"}, "4": {"number": "4"}},
        [{"phone_number": n, "type": None} for n in "14"],
    ),
    "one-object": ({"number": "1", "type": "x"}, [{"phone_number": "1", "type": "x"}]),
    "texts-in-it": (["030 1"], []),
    "order-and-doubles-stay": (
        [{"number": "2"}, {"number": "1"}, {"number": "2"}],
        [{"phone_number": n, "type": None} for n in "212"],
    ),
}


@pytest.mark.parametrize(("value", "phones"), PHONES.values(), ids=PHONES)
def test_phone_numbers_are_listed_as_they_came(value: Any, phones: list[dict[str, str | None]]) -> None:
    assert mapped("candidates", phones=value)["phone_numbers"] == phones


def test_invalid_email_addresses_are_left_out_and_counted() -> None:
    subject = mapper("candidates")
    addresses = ["a@example.de", "kaputt", " b@example.de ", "c@", "", "ü@müller.example"]
    record = subject({**CANDIDATE, "emails": [{"address": address, "type": None} for address in addresses]})
    assert [entry["email_address"] for entry in record["email_addresses"]] == [
        "a@example.de",
        "b@example.de",
        "ü@müller.example",
    ]
    assert list(subject.notices.values()) == [2]
    assert "kaputt" not in str(subject.notices)


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ({"url": "https://x.example"}, {"link": "https://x.example", "type": None, "username": None}),
        ({"username": "aenne", "type": "xing"}, {"link": None, "type": "xing", "username": "aenne"}),
        ({"type": "xing", "url": "", "username": None}, None),
    ],
    ids=["link", "username", "neither"],
)
def test_social_media_need_a_link_or_a_name(entry: dict[str, Any], kept: dict[str, Any] | None) -> None:
    assert mapped("candidates", socialMedia=[entry])["social_media"] == ([] if kept is None else [kept])


@pytest.mark.parametrize("value", [["a@example.de", "b@example.de"], "a@example.de"], ids=["list", "text"])
def test_plain_addresses_need_only_an_at_sign_in_the_contract(value: Any) -> None:
    override = "resources: {candidates: {fields: {email_addresses: {each: emails, email_address: '@', type: null}}}}"
    record = mapped("candidates", override=override, emails=value)
    assert record["email_addresses"][0] == {"email_address": "a@example.de", "type": None}
    assert len(record["email_addresses"]) == len([value] if isinstance(value, str) else value)


# --- location ----------------------------------------------------------------------------------------------------


def test_a_location_without_any_part_is_null() -> None:
    parts: dict[str, Any] = {"street": "", "zipcode": None, "city": "  ", "region": None, "country": ""}
    assert mapped("candidates", **parts)["location"] is None


def test_a_location_with_one_part_has_nulls_for_the_others() -> None:
    parts: dict[str, Any] = {"street": None, "zipcode": None, "city": None, "region": "Waadt", "country": None}
    location = mapped("candidates", **parts)["location"]
    assert {part: value for part, value in location.items() if value is not None} == {"state": "Waadt"}


@pytest.mark.parametrize(
    ("country", "code"),
    [("Deutschland", "DE"), ("switzerland", "CH"), ("Autriche", "AT"), ("de", "DE"), (" DEU ", "DE"), ("Genf", "Genf")],
)
def test_a_country_is_its_code_or_as_it_came(country: str, code: str) -> None:
    assert mapped("candidates", country=country)["location"]["country"] == code


def test_all_seven_parts_of_a_location_can_be_mapped() -> None:
    override = "resources: {jobs: {fields: {location: {raw: ort, street_2: zusatz}}}}"
    location = mapped("jobs", override=override, ort="50667 Köln", zusatz="Hinterhaus")["location"]
    assert None not in location.values()
    assert location["raw"] == "50667 Köln"
    assert location["street_2"] == "Hinterhaus"
