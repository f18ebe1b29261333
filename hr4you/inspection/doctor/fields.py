"""How many of the contract's fields find something in what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hr4you.inspection.coverage import cover
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, Check, count

if TYPE_CHECKING:
    from hr4you.contract import Resource
    from hr4you.inspection.doctor.case import Case

_FEW: Final = 5
"""Of fewer objects, fields that are empty tell little."""


def check_fields(case: Case, resource: Resource) -> Check:
    """Name the fields that are never found; that an optional one is empty in all objects is possible."""
    seen = case.seen[resource.name]
    if not seen.items:
        return Check("fields", NOT_TRIED, "no record was read", subject=resource.name)
    rows = [row for row in cover(case.contract, resource.name, seen.items) if row.entry not in {"id", "changed_at"}]
    missing = [row.entry for row in rows if row.of and not row.found]
    looked = sum(row.of > 0 for row in rows)
    found = f"{looked - len(missing)} of {looked} found in {count(len(seen.items), 'record')}"
    if not missing:
        return Check("fields", OK, found, subject=resource.name)
    named = f"{found}; never {', '.join(missing)}"
    key = case.key("resources", resource.name, "fields")
    to_do = f"Look with `hr4you contract check` what the tenant calls them, and mend {key}"
    if len(missing) == looked:
        return Check("fields", FAILED, named, to_do, subject=resource.name)
    if len(seen.items) < _FEW:
        return Check("fields", OK, f"{named} (few records)", subject=resource.name)
    return Check("fields", WARNING, named, to_do, subject=resource.name)
