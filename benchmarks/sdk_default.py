"""A peer for the benchmark: the candidates read as the SDK's template for REST taps does it, nothing overridden."""

from __future__ import annotations

from typing import Any, ClassVar

from singer_sdk import Tap
from singer_sdk import typing as th
from singer_sdk.authenticators import BearerTokenAuthenticator
from singer_sdk.pagination import BasePageNumberPaginator
from singer_sdk.streams import RESTStream

from tap_hr4you.schemas import stream_schema


class Pages(BasePageNumberPaginator):
    """Reads on while the answer names a later page."""

    def has_more(self, response: Any) -> bool:
        """Whether there is a page behind this one."""
        meta = response.json()["meta"]
        return bool(meta["page"] < meta["lastPage"])


class Candidates(RESTStream[int]):
    """Candidates with the same schema and about the same fields."""

    name = "candidates"
    path = "/api2/applicants"
    primary_keys: ClassVar[list[str]] = ["id"]
    schema = stream_schema("candidates")
    records_jsonpath = "$.data[*]"

    @property
    def url_base(self) -> str:
        """The sandbox."""
        return str(self.config["base_url"])

    @property
    def authenticator(self) -> BearerTokenAuthenticator:
        """The sandbox's token."""
        return BearerTokenAuthenticator(token="sandbox")  # noqa: S106  # what the sandbox takes from everyone

    def get_new_paginator(self) -> Pages:
        """Return a paginator from page 1."""
        return Pages(1)

    def get_url_params(self, context: Any, next_page_token: int | None) -> dict[str, Any]:  # noqa: ARG002  # the SDK's
        """Return the parameters of one page."""
        return {"page": next_page_token or 1, "limit": 200}

    def post_process(self, row: dict[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG002  # the SDK's
        """Name the fields as the unified model does, without the work of mapping their values."""
        return {
            "id": f"acme:candidate:{row['applicantId']}",
            "remote_id": str(row["applicantId"]),
            "changed_at": row["updatedAt"],
            "first_name": row["firstname"],
            "last_name": row["lastname"],
            "source": (row["source"] or {}).get("name"),
            "email_addresses": [{"email_address": email["address"], "type": email["type"]} for email in row["emails"]],
            "phone_numbers": [{"phone_number": phone["number"], "type": phone["type"]} for phone in row["phones"]],
            "location": {"city": row["city"], "country": row["country"], "zip_code": row["zipcode"]},
            "custom_fields": {},
            "remote_data": row,
        }


class PlainTap(Tap):
    """The peer's command."""

    name = "plain-tap"
    config_jsonschema = th.PropertiesList(th.Property("base_url", th.StringType, required=True)).to_dict()

    def discover_streams(self) -> list[Candidates]:
        """Return the one stream."""
        return [Candidates(self)]


if __name__ == "__main__":
    PlainTap.cli()
