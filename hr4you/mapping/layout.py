"""What a mapper needs to know of a resource: the fields of the unified model, and where the wire holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from hr4you.contract.expressions import compile_expression, union_of_roots

Wire = dict[str, Any]
Getter = Callable[[Any], Any]
"""From a wire object, or an element of one of its lists, to a value of any kind; never raises."""

KEYS: Final = ("id", "remote_id", "changed_at", "remote_deleted_at")

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "users": ("first_name", "last_name", "email"),
    "jobs": (
        *("name", "description", "employment_type", "status", "visibility", "category", "post_url", "location"),
        *("custom_fields", "integration_fields", "opened_at", "closed_at", "contact_id"),
    ),
    "candidates": (
        *("first_name", "last_name", "source", "phone_numbers", "email_addresses", "social_media", "location"),
        *("custom_fields", "integration_fields"),
    ),
    "application_stages": ("name", "global_index"),
    "applications": (
        *("outcome", "current_stage_id", "job_id", "candidate_id", "custom_fields", "integration_fields"),
    ),
}
"""The streams' own fields, in the order of their records; `KEYS` come before, ``remote_data`` comes last."""

LOCATION_PARTS: Final = ("city", "country", "raw", "state", "street_1", "street_2", "zip_code")


class Place(Protocol):
    """Where a value stands; `hr4you.contract.Expression` is one."""

    @property
    def roots(self) -> frozenset[str] | None:
        """The top-level keys it reads; None where it reads the object as a whole."""

    def __call__(self, value: Any, /) -> Any:
        """The value, None where there is none."""


class ListPlace(Protocol):
    """Where a list stands and what to take from its elements; `hr4you.contract.EachSpec` is one."""

    @property
    def each(self) -> Place:
        """The list."""

    @property
    def fields(self) -> Mapping[str, Place]:
        """The parts of one element, seen from the element."""


AnyPlace = Place | Mapping[str, Place] | ListPlace


class Layout(Protocol):
    """Where one resource's fields stand on the wire; `hr4you.contract.Resource` is one."""

    @property
    def id(self) -> Place:
        """The wire id."""

    @property
    def changed_at(self) -> Place | None:
        """The wire's time of change; None where there is none."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """Unified field to `AnyPlace`; what the tenant does not have is missing."""

    @property
    def custom_fields(self) -> ListPlace | None:
        """The tenant-defined fields: ``key``, ``label``, ``type`` and ``value`` of each."""

    @property
    def flags(self) -> Mapping[str, Place]:
        """Outcome to the place that is true where it holds."""


def roots_of(place: Any) -> frozenset[str] | None:
    """The top-level keys that an `AnyPlace` reads; None where it reads the object as a whole."""
    if place is None:
        return frozenset()
    if isinstance(place, Mapping):
        return union_of_roots(roots_of(part) for part in place.values())
    roots: frozenset[str] | None = place.each.roots if hasattr(place, "each") else place.roots
    return roots


def getter(place: Place) -> Getter:
    """The place as the quickest function that gives the same.

    Most places are one key of an object; the next most frequent are alternatives (``source.name || source``), for
    which JMESPath takes ten times as long.
    """
    path = getattr(place, "path", None)
    if path is not None and len(path) == 1:
        return _key_getter(path[0])
    text = getattr(place, "text", "")
    if "||" in text and _ALTERNATIVES.fullmatch(text):
        return _alternatives([getter(compile_expression(part)) for part in text.split("||")])
    return place


_ALTERNATIVES: Final = re.compile(r"{0}(?:\|\|{0})+".format(r"\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\s*"), re.ASCII)


def _key_getter(key: str) -> Getter:
    def get(wire: Any) -> Any:
        return wire.get(key) if type(wire) is dict else None

    return get


def _alternatives(getters: list[Getter]) -> Getter:
    *first, last = getters

    def get(wire: Any) -> Any:
        for alternative in first:
            value = alternative(wire)
            if value or (value == 0 and value is not False):  # to JMESPath 0 is a value
                return value
        return last(wire)

    return get
