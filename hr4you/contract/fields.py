"""The fields that a contract can place: the part of the unified model that comes from the wire object."""

from __future__ import annotations

from typing import Final, Literal

TEXT: Final = "text"
LOCATION: Final = ("city", "country", "raw", "state", "street_1", "street_2", "zip_code")

Shape = Literal["text", "object", "each"]

FIELDS: Final[dict[str, dict[str, tuple[Shape, tuple[str, ...]]]]] = {
    "users": dict.fromkeys(("first_name", "last_name", "email"), (TEXT, ())),
    "jobs": {
        **dict.fromkeys(("name", "description", "employment_type", "status", "visibility"), (TEXT, ())),
        **dict.fromkeys(("category", "post_url", "opened_at", "closed_at", "contact_id"), (TEXT, ())),
        "location": ("object", LOCATION),
    },
    "candidates": {
        **dict.fromkeys(("first_name", "last_name", "source"), (TEXT, ())),
        "phone_numbers": ("each", ("phone_number", "type")),
        "email_addresses": ("each", ("email_address", "type")),
        "social_media": ("each", ("link", "type", "username")),
        "location": ("object", LOCATION),
    },
    "application_stages": dict.fromkeys(("name", "global_index"), (TEXT, ())),
    "applications": dict.fromkeys(("outcome", "current_stage_id", "job_id", "candidate_id"), (TEXT, ())),
}
"""Stream, field: whether an expression, an object of expressions or a list gives it, and the latter two's keys."""

RESOURCES: Final = tuple(FIELDS)
"""The five resources, in the order of the streams."""

CUSTOM_FIELD: Final = ("key", "label", "type", "value")
"""What is to be said of each of a tenant's own fields; key and value are needed."""

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "gender": ("MALE", "FEMALE", "OTHER"),
    "attachment_type": ("CV", "COVER_LETTER", "OTHER"),
    "source": (),  # the user's own keys
    "employment_type": ("FULL_TIME", "PART_TIME", "CONTRACT", "SEASONAL", "INTERNSHIP"),
    "status": ("OPEN", "CLOSED", "DRAFT", "ARCHIVED"),
    "visibility": ("PUBLIC", "INTERNAL", "UNLISTED", "CONFIDENTIAL"),
    "outcome": ("PENDING", "HIRED", "DECLINED"),
    "value_type": ("TEXT", "NUMBER", "BOOLEAN", "DATE", "SELECT", "MULTI_SELECT"),
}
"""The vocabularies and the unified words in each."""

READ_WORDS: Final = {
    "jobs": ("employment_type", "status", "visibility", "value_type"),
    "candidates": ("value_type",),
    "applications": ("outcome", "value_type"),
}
"""The vocabularies that decide how a stream's records look; the others are for writing."""

OUTCOME_SOURCES: Final = ("status", "stage_name", "flags")
