"""Times of change: are they there, does the filter go by them, is the time zone plausible."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from hr4you.errors import HR4YouError, RequestRefusedError
from hr4you.inspection.doctor.access import span
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, Check
from hr4you.inspection.doctor.lists import fetch, items_of, source_of
from hr4you.inspection.samples import page_params
from hr4you.timestamps import format_since, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Resource
    from hr4you.contract.resource import ChangedSince
    from hr4you.crawl import Item
    from hr4you.inspection.doctor.case import Case

_TOLERANCE: Final = 120.0  # seconds that a time of change may be ahead of the tenant's clock
_FARTHEST: Final = 14.0  # hours between UTC and the time zone that is farthest from it
_HOUR: Final = 3600.0
_FAR_AWAY: Final = ZoneInfo("Asia/Tokyo")


def check_times(case: Case, resource: Resource) -> Iterator[Check]:
    """Whether the objects' times of change can be read, and the filter goes by them."""
    seen = case.seen[resource.name]
    if resource.changed_at is None:
        yield Check("changed at", OK, "the contract has none: changes are seen by comparing", subject=resource.name)
        return
    if not seen.items:
        yield Check("changed at", NOT_TRIED, "no record was read", subject=resource.name)
        return
    seen.changes = _times_of(case, resource, seen.items)
    yield _check_readable(case, resource, seen.items, len(seen.changes))
    if resource.changed_since is None:
        if resource.list.nested_in is None:
            found = "the contract has none: every run reads all"
            yield Check("changed since", OK, found, subject=resource.name)
        return
    if resource.list.parent is not None or case.is_lost or not seen.changes:
        yield Check("changed since", NOT_TRIED, "there is no time to ask with", subject=resource.name)
        return
    try:
        yield _check_filter(case, resource, resource.changed_since)
    except HR4YouError as error:
        status = f" ({error.status})" if isinstance(error, RequestRefusedError) else ""
        found = (
            f"`{resource.changed_since.param}` is refused{status}" if status else str(error).split(". ")[0].rstrip(".")
        )
        to_do = f"Mend {_filter_key(case, resource)}: ask HR4YOU for its name and format"
        yield Check("changed since", FAILED, found, to_do, subject=resource.name)


def check_zone(case: Case) -> Iterator[Check]:
    """Whether times of change lie in the future, and whether the contract says when they lack an offset."""
    _ask_for_the_future(case)
    newest = {name: max(seen.changes) for name, seen in case.seen.items() if seen.changes}
    if not newest:
        yield Check("time zone", NOT_TRIED, "no time of change was read")
        return
    name = max(newest, key=lambda each: newest[each])
    raw = [value for resource in case.contract.resources.values() for value in _raw_times(case, resource)]
    is_naive = any(_is_naive(value) for value in raw)
    yield _check_future(case, name, (newest[name] - case.now).total_seconds(), is_naive=is_naive)
    if is_naive and not case.contract.uses_naive_times:
        to_do = (
            f"Set {case.key('api', 'naive_times')} to true: the hour that the clock change repeats is then read twice"
        )
        yield Check("naive times", WARNING, "times come without an offset, and the contract does not say so", to_do)
    else:
        found = (
            "times come without an offset, as the contract says"
            if is_naive
            else "times mean the same in every time zone"
        )
        yield Check("naive times", OK, found)


def _ask_for_the_future(case: Case) -> None:
    """Have one list tell what changes lie in the future, which a first page in the order of ids need not show."""
    if not case.heeded or case.is_lost:
        return
    name = max(case.heeded, key=lambda each: max(case.seen[each].changes))
    resource = case.contract.resources[name]
    if resource.changed_since is None:
        return
    with contextlib.suppress(HR4YouError):  # the filter worked a moment ago; what was seen has to do
        items, _ = _ask_since(case, resource, resource.changed_since, case.now + timedelta(seconds=_TOLERANCE))
        case.seen[name].changes += _times_of(case, resource, items)


def _check_future(case: Case, name: str, ahead: float, *, is_naive: bool) -> Check:
    zone = case.contract.api.timezone
    if ahead <= _TOLERANCE:
        return Check("time zone", OK, f"no change lies in the future (times without an offset: {zone})")
    found = f"the newest change of {name} lies {span(ahead)} in the future of the tenant's own clock"
    hours = math.ceil((ahead - _TOLERANCE) / _HOUR)
    if hours > _FARTHEST:
        return Check("time zone", WARNING, found, "Ask HR4YOU how a record comes by such a date")
    by = f"by {hours} h" if hours > 1 else "by an hour"
    if is_naive:
        to_do = f"Mend {case.key('api', 'timezone')}: the tenant writes times of a zone further east, {by} or more"
    else:
        to_do = f"Tell HR4YOU: the offset that its times name is wrong {by} or more (local time marked as UTC?)"
    return Check("time zone", FAILED, found, to_do)


def _raw_times(case: Case, resource: Resource) -> list[Any]:
    if resource.changed_at is None or resource.name not in case.seen:
        return []
    return [resource.changed_at(item.wire) for item in case.seen[resource.name].items]


def _is_naive(value: Any) -> bool:
    """Whether a time means another moment in another zone."""
    zones: tuple[tzinfo, tzinfo] = (timezone.utc, _FAR_AWAY)
    here, there = (parse_time(value, zone) for zone in zones)
    return here != there


def _times_of(case: Case, resource: Resource, items: list[Item]) -> list[datetime]:
    if resource.changed_at is None:
        return []
    found = (parse_time(resource.changed_at(item.wire), case.contract.api.zone) for item in items)
    return [moment for moment in found if moment is not None]


def _check_readable(case: Case, resource: Resource, items: list[Item], readable: int) -> Check:
    expression = resource.changed_at
    key = case.key("resources", resource.name, "changed_at")
    text = expression.text if expression is not None else ""
    empty = sum(value is None or value == "" for value in _raw_times(case, resource))

    def told(result: str, found: str, to_do: str | None = None) -> Check:
        return Check("changed at", result, found, to_do, subject=resource.name)

    if empty == len(items):
        return told(FAILED, f"no object has a time at `{text}`", f"Mend {key}, or set it to null where there is none")
    if not readable:
        to_do = f"Mend {key}: ISO 8601, `YYYY-MM-DD hh:mm:ss`, `DD.MM.YYYY hh:mm` and epoch numbers are read"
        return told(FAILED, f"what stands at `{text}` is no time that can be read", to_do)
    if readable < len(items):
        found = f"{len(items) - readable} of {len(items)} objects have no readable time at `{text}`"
        return told(WARNING, found, f"Check {key}: changes of these may be missed")
    return told(OK, "every object has a readable time")


# --- the filter --------------------------------------------------------------------------------------------------


def _filter_key(case: Case, resource: Resource) -> str:
    return case.key("resources", resource.name, "changed_since")


def _ask_since(case: Case, resource: Resource, since: ChangedSince, moment: datetime) -> tuple[list[Item], bool]:
    """Return what changed since a moment, as far as it fits on a page, and whether that is all."""
    text = format_since(moment, since.format, case.contract.api.zone)
    pagination = case.contract.pagination_of(resource.list)
    size = pagination.max_size if pagination.size is not None else None
    _, fetched = fetch(case, source_of(case, resource, params={since.param: text}), page_params(pagination, size))
    items = items_of(resource, fetched)
    is_all = fetched.total == len(items) if fetched.total is not None else len(items) < (size or math.inf)
    if fetched.next is not None:
        is_all = False
    return items, is_all


def _check_filter(case: Case, resource: Resource, since: ChangedSince) -> Check:
    """Ask with the newest time seen: that object has to come, and older ones must not."""
    seen = case.seen[resource.name]
    newest, oldest = max(seen.changes), min(seen.changes)
    is_one_time = newest - oldest < timedelta(days=1) and _is_by_day(since)
    if newest == oldest or is_one_time:
        return _check_with_the_future(case, resource, since, newest)
    items, is_all = _ask_since(case, resource, since, newest)
    seen.changes = seen.changes + _times_of(case, resource, items)
    came = {item.remote_id for item in items}
    if min(_times_of(case, resource, items), default=newest) <= oldest:
        return _ignored(case, resource, since)
    newest_ids = _ids_at(case, resource, newest)
    if is_all and not newest_ids & came:
        return _check_just_before(case, resource, since, newest, newest_ids)
    return _heeded(case, resource)


def _is_by_day(since: ChangedSince) -> bool:
    return "%" in since.format and not any(part in since.format for part in ("%H", "%I", "%T", "%X", "%c", "%s", "%R"))


def _check_with_the_future(case: Case, resource: Resource, since: ChangedSince, newest: datetime) -> Check:
    """All objects seen changed at the same time: after it, nothing must come."""
    items, _ = _ask_since(case, resource, since, max(case.now, newest) + timedelta(days=2))
    return _ignored(case, resource, since) if items else _heeded(case, resource)


def _check_just_before(case: Case, resource: Resource, since: ChangedSince, newest: datetime, ids: set[str]) -> Check:
    """The newest object did not come when it was asked for what changed since just then."""
    if {item.remote_id for item in _ask_since(case, resource, since, newest - timedelta(seconds=2))[0]} & ids:
        found = "only what changed after a moment comes, not what changed at it"
        to_do = "Nothing, as every run looks back (`lookback_seconds`): do not set that to 0"
        return Check("changed since", WARNING, found, to_do, subject=resource.name)
    found = f"`{since.param}` leaves out what changed since: changes would be missed"
    to_do = f"Mend {_filter_key(case, resource)} (its format), or {case.key('api', 'timezone')}; else set it to null"
    return Check("changed since", FAILED, found, to_do, subject=resource.name)


def _ids_at(case: Case, resource: Resource, moment: datetime) -> set[str]:
    items = case.seen[resource.name].items
    return {
        item.remote_id for item in items if item.remote_id is not None and moment in _times_of(case, resource, [item])
    }


def _ignored(case: Case, resource: Resource, since: ChangedSince) -> Check:
    found = f"`{since.param}` is ignored, older records come too: every run would read all"
    to_do = f"Mend {_filter_key(case, resource)}: ask HR4YOU for its name and format; if there is none, set it to null"
    return Check("changed since", FAILED, found, to_do, subject=resource.name)


def _heeded(case: Case, resource: Resource) -> Check:
    case.heeded.append(resource.name)
    return Check("changed since", OK, "older records are left out", subject=resource.name)
