"""The small lists that are the same for every seed: sources and definitions of custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hr4you_sandbox.answers import Answer, json_answer
from hr4you_sandbox.kinds import CUSTOM_FIELDS, SOURCES

if TYPE_CHECKING:
    import re

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.tenant import Tenant


def sources(_: Tenant, __: Request, ___: re.Match[str]) -> Answer:
    """``GET /api2/sources``."""
    return json_answer(200, {"data": [{"sourceId": key, "name": name} for key, name in SOURCES.items()]})


def field_definitions(_: Tenant, request: Request, __: re.Match[str]) -> Answer:
    """``GET /api2/customfields?model=application``; without a model all of them."""
    model = request.query.get("model")
    return json_answer(200, {"data": [field for field in CUSTOM_FIELDS if model in {None, field["model"]}]})
