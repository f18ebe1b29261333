"""Lists and objects inside a record: phone numbers, e-mail addresses, social media, and the address."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hr4you.mapping.countries import country_code
from hr4you.mapping.emails import is_email_address
from hr4you.mapping.layout import LOCATION_PARTS, getter
from hr4you.mapping.values import text_field
from hr4you.text import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.mapping.findings import Findings
    from hr4you.mapping.layout import Getter, ListPlace, Place

LIST_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "phone_numbers": ("phone_number", "type"),
    "email_addresses": ("email_address", "type"),
    "social_media": ("link", "type", "username"),
}
"""The lists of the unified model and what an entry holds; one without any of `_NEEDED` is left out."""

_NEEDED: Final = {
    "phone_numbers": ("phone_number",),
    "email_addresses": ("email_address",),
    "social_media": ("link", "username"),
}

_country = lru_cache(maxsize=2_000)(country_code)


def elements(value: Any) -> list[Any]:
    """The elements of what stands where a list is expected.

    A list is itself, nothing (None, "", false) is empty, an object of objects (PHP writes lists with gaps so) is its
    values, and anything else is the only element.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        inner = list(value.values())
        return inner if all(isinstance(element, dict) for element in inner) else [value]
    return [value] if value else []


def list_field(field: str, place: ListPlace, findings: Findings) -> Getter:
    """One of `LIST_PARTS`: a list of small objects; empty where this person has none."""
    names = LIST_PARTS[field]
    get_list = getter(place.each)
    parts = [(name, getter(place.fields[name]) if name in place.fields else None) for name in names]
    needed = _NEEDED[field]
    first = needed[0] if len(needed) == 1 else None
    checks_address = field == "email_addresses"

    def read(wire: Any) -> list[dict[str, str | None]]:
        found = get_list(wire)
        if not found:
            return []
        entries = []
        for element in found if type(found) is list else elements(found):
            entry: dict[str, str | None] = {}
            for name, get in parts:
                value = None if get is None else get(element)
                entry[name] = (value.strip() or None) if type(value) is str else to_text(value)
            if (entry[first] is None) if first else all(entry[name] is None for name in needed):
                continue
            if checks_address and not is_email_address(entry["email_address"] or ""):
                findings.notices["an e-mail address is left out, as it is not valid"] += 1
                continue
            entries.append(entry)
        return entries

    return read


def location_field(field: str, place: Mapping[str, Place], findings: Findings) -> Getter:
    """The address; null where no part of it is known."""
    readers = [
        (part, text_field(f"{field}.{part}", getter(place[part]), findings) if part in place else None)
        for part in LOCATION_PARTS
    ]

    def read(wire: Any) -> dict[str, str | None] | None:
        known = False
        location: dict[str, str | None] = {}
        for part, get in readers:
            value = None if get is None else get(wire)
            if value is not None:
                known = True
                if part == "country":
                    value = _country(value) or value
            location[part] = value
        return location if known else None

    return read
