"""A German tenant's records: what the contract file makes of its names, words, times and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers import german
from tests.tap_hr4you.other_servers import assert_has, by_id, german_config, sync

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def german_tenant() -> Iterator[german.GermanTenant]:
    with german.serve() as tenant:
        yield tenant


@pytest.mark.parametrize(
    ("stream", "remote_id", "expected"),
    [
        pytest.param(
            "users",
            "1",
            {
                "id": "acme:user:1",
                "changed_at": "2024-07-01T10:00:00.000000+00:00",
                "remote_deleted_at": None,
                "first_name": "Jürgen",
                "last_name": "Maier",
                "email": "juergen.maier@example.org",
            },
            id="a user; noon in Berlin is ten in UTC",
        ),
        pytest.param("users", "2", {"email": None}, id="an invalid e-mail address is null"),
        pytest.param(
            "jobs",
            "10",
            {
                "id": "acme:job:10",
                "name": "Pflegefachkraft (m/w/d)",
                "description": "<p>Köln</p>",
                "employment_type": "PART_TIME",
                "status": "OPEN",
                "visibility": "INTERNAL",
                "category": "Pflege",
                "post_url": None,
                "location": {
                    "city": "Köln",
                    "country": "DE",
                    "raw": None,
                    "state": None,
                    "street_1": None,
                    "street_2": None,
                    "zip_code": "50667",
                },
                "custom_fields": {},
                "integration_fields": None,  # this tenant's jobs have no fields of its own at all
                "opened_at": "2024-05-31T22:00:00.000000+00:00",
                "closed_at": "2024-12-31T22:59:59.999999+00:00",
                "contact_id": "acme:user:1",
            },
            id="a job; whole days begin and end in Berlin",
        ),
        pytest.param(
            "jobs",
            "11",
            {
                "employment_type": "INTERNSHIP",
                "status": "CLOSED",
                "visibility": "PUBLIC",
                "opened_at": "2023-12-31T23:00:00.000000+00:00",
                "closed_at": None,
                "contact_id": None,
            },
            id="an open end and nobody in charge are null",
        ),
        pytest.param(
            "candidates",
            "100",
            {
                "id": "acme:candidate:100",
                "first_name": "Änne",
                "last_name": "von der Heyde",
                "source": "Empfehlung",
                "phone_numbers": [{"phone_number": "0170 1234567", "type": "mobil"}],
                "email_addresses": [{"email_address": "aenne@example.org", "type": None}],
                "custom_fields": {},
            },
            id="a candidate with lists made from single keys",
        ),
        pytest.param(
            "candidates",
            "101",
            {"email_addresses": [], "phone_numbers": [], "integration_fields": [], "source": None},
            id="a candidate of whom little is known",
        ),
        pytest.param(
            "application_stages",
            "21",
            {
                "id": "acme:application_stage:21",
                "name": "Zusage",
                "global_index": 20,
                "changed_at": "2024-07-01T10:00:00.000000+00:00",
            },
            id="a stage without a time of change has that of the run",
        ),
        pytest.param(
            "applications",
            "1001",
            {
                "id": "acme:application:1001",
                "outcome": "HIRED",
                "current_stage_id": "acme:application_stage:21",
                "job_id": "acme:job:10",
                "candidate_id": "acme:candidate:101",
            },
            id="an application in the tenant's own words",
        ),
        pytest.param("applications", "1000", {"outcome": "PENDING"}, id="umlauts and their spelling out are alike"),
        pytest.param("applications", "1002", {"outcome": "DECLINED"}, id="words of the default go on to be known"),
    ],
)
def test_a_german_record_is_what_the_design_says(
    stream: str, remote_id: str, expected: dict[str, Any], german_tenant: german.GermanTenant
) -> None:
    assert_has(by_id(sync(german_config(german_tenant)), stream)[remote_id], expected)
