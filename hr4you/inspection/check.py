"""The contract against a tenant's live answers: reads only, and tells nothing about anybody."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hr4you.contract.model import LOOKUPS
from hr4you.ids import to_remote_id
from hr4you.inspection.coverage import Covered, cover
from hr4you.inspection.lines import FAILED, OK, WARNING, Line, Result
from hr4you.inspection.lists import check_access, check_list, check_lookup
from hr4you.inspection.samples import Sample, take_sample
from hr4you.inspection.words import VOCABULARIES, Words
from hr4you.mapping import RecordMapper
from hr4you.mapping.vocabulary import to_word
from hr4you.timestamps import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hr4you.contract import Contract
    from hr4you.contract.document import Place
    from hr4you.http import Client
    from hr4you.inspection.samples import Note

_TARGETS: Final = {
    "job_id": "jobs",
    "candidate_id": "candidates",
    "current_stage_id": "application_stages",
    "contact_id": "users",
}
_REQUIRED: Final = frozenset({"job_id", "candidate_id"})
"""References without which applications say nothing."""

_MANY: Final = 0.5
"""A required reference fails if a greater share of it points to nothing: the odd one may have been deleted."""

_NO_OFFSET: Final = " without a zone"


def check_contract(
    client: Client,
    contract: Contract,
    tenant: str,
    *,
    limit: int | None,
    note: Callable[[str], Note] | None = None,
) -> Iterator[Line]:
    """Look at every resource, and at what the contract's entries find in it.

    Args:
        client: of the tenant.
        contract: is checked.
        tenant: its name, for ids.
        limit: so many records of each resource; None: all.
        note: gives, for the name of a resource, what is told of the progress.

    Raises:
        TenantUnavailableError, ConfigError: nothing can be asked at all.
    """
    samples = {
        name: take_sample(client, contract, name, limit=limit, note=note(name) if note is not None else None)
        for name in contract.resources
    }
    words = Words(contract, (samples["users"], samples["candidates"]))
    stages = _stage_names(contract, samples["application_stages"])
    for sample in samples.values():
        yield from check_list(contract, sample)
        yield from check_access(client, contract, sample)
        if sample.items:
            yield from _check_entries(contract, sample, words)
            yield from _check_references(contract, sample, samples)
            yield from _check_values(contract, sample, tenant, words, stages)
    for name in LOOKUPS:
        lookup = getattr(contract, name)
        if lookup is not None:
            yield from check_lookup(client, contract, name, lookup)


def _stage_names(contract: Contract, sample: Sample) -> dict[str, str]:
    name = contract.resources["application_stages"].fields.get("name")
    if name is None:
        return {}
    found = {item.remote_id: to_word(name(item.wire)) for item in sample.items}  # type: ignore[operator]
    return {key: word for key, word in found.items() if key is not None and word is not None}


# --- entries -------------------------------------------------------------------------------------------------------


def _check_entries(contract: Contract, sample: Sample, words: Words) -> Iterator[Line]:
    for row in cover(contract, sample.name, sample.items):
        if row.entry == "id":
            yield _id_line(sample, row)
        elif row.entry == "changed_at":
            yield _time_line(contract, sample, row)
        elif row.entry in VOCABULARIES:
            yield _line(row, OK if row.found else WARNING, words=words.told(_words_of(contract, sample, row)).words)
        else:
            yield _line(row, OK if row.found or not row.of else WARNING)


def _line(row: Covered, result: Result, text: str | None = None, *, words: dict[str, int] | None = None) -> Line:
    """The line of an entry; without a text, what it found."""
    if text is None:
        text = f"found in {row.found} of {row.of}" if row.found else f"found in none of {row.of}"
    return Line(str(row.place[1]), row.entry, result, text, None if result == OK else row.place, row, words or {})


def _id_line(sample: Sample, row: Covered) -> Line:
    ids = [item.remote_id for item in sample.items if item.remote_id is not None]
    if len(ids) < row.of:
        return _line(row, FAILED, f"found in {len(ids)} of {row.of}: records without an id are left out")
    if len(set(ids)) < len(ids):
        return _line(row, FAILED, f"{len(ids) - len(set(ids))} of {row.of} are another record's too: this is no id")
    return _line(row, OK)


def _time_line(contract: Contract, sample: Sample, row: Covered) -> Line:
    expression = contract.resources[sample.name].changed_at
    times = [] if expression is None else [expression(item.wire) for item in sample.items]
    readable = sum(utc_text(value, contract.api.zone) is not None for value in times if value is not None)
    if row.found and readable < row.found:
        return _line(row, FAILED, f"{row.found - readable} of {row.found} are no times")
    if not row.found:
        return _line(row, FAILED, f"found in none of {row.of}; null if the tenant does not tell it")
    if row.found < row.of:
        return _line(row, WARNING)
    if _NO_OFFSET in row.shape and not contract.api.naive_times:
        place: Place = ("api", "naive_times")
        return Line(sample.name, row.entry, WARNING, "times have no offset: set `naive_times` to true", place, row)
    return _line(row, OK)


# --- references ----------------------------------------------------------------------------------------------------


def _check_references(contract: Contract, sample: Sample, samples: dict[str, Sample]) -> Iterator[Line]:
    """Whether what applications and jobs refer to exists."""
    resource = contract.resources[sample.name]
    for field, target in _TARGETS.items():
        expression = resource.fields.get(field)
        inherited = field == "candidate_id" and resource.list.parent == "candidates"
        if expression is None:
            if field in _REQUIRED and sample.name == "applications" and not inherited:
                place: Place = ("resources", sample.name, "fields", field)
                yield Line(sample.name, field, FAILED, "the contract does not say where it is", place)
            continue
        found = [to_remote_id(expression(item.wire)) for item in sample.items]  # type: ignore[operator]
        ids = [each for each in found if each is not None and each != "0"]
        yield from _reference_line(sample, field, ids, samples[target])


def _reference_line(sample: Sample, field: str, ids: list[str], target: Sample) -> Iterator[Line]:
    place: Place = ("resources", sample.name, "fields", field)
    is_required = field in _REQUIRED
    if is_required and len(ids) < len(sample.items):
        result = WARNING if ids else FAILED
        text = f"{len(sample.items) - len(ids)} of {len(sample.items)} refer to none of {target.name}"
        yield Line(sample.name, f"{field} refers", result, text, place)
    known = {item.remote_id for item in target.items if item.remote_id is not None}
    if not ids or not target.is_whole or len(known) < len(target.items):  # the id itself is what fails then
        return
    lost = sum(each not in known for each in ids)
    if not lost:
        yield Line(sample.name, f"{field} refers", OK, f"all {len(ids)} are ids of {target.name}")
        return
    result = FAILED if is_required and lost > _MANY * len(ids) else WARNING
    text = f"{lost} of {len(ids)} are no ids of {target.name}"
    yield Line(sample.name, f"{field} refers", result, text, place)


# --- values --------------------------------------------------------------------------------------------------------


def _words_of(contract: Contract, sample: Sample, row: Covered) -> Counter[str]:
    expression = contract.resources[sample.name].fields[str(row.place[-1])]
    found = (to_word(expression(item.wire)) for item in sample.items)  # type: ignore[operator]
    return Counter(word for word in found if word is not None)


def _check_values(
    contract: Contract, sample: Sample, tenant: str, words: Words, stages: dict[str, str]
) -> Iterator[Line]:
    """Tell what the records would lack: words that no vocabulary knows, values of another kind than expected."""
    mapper = RecordMapper(contract, sample.name, tenant, stage_name=stages.get)
    for item in sample.items:
        mapper(item.wire)
    for field in dict.fromkeys(field for field, _ in mapper.unmapped):
        counts = Counter({word: count for (of, word), count in mapper.unmapped.items() if of == field})
        told = words.told(counts)
        place: Place = ("vocabularies", field)
        parts = [f"`{word}` {count}" for word, count in told.words.items()]
        if told.hidden:
            parts.append(f"{told.hidden} {'others' if parts else 'values'} that may be no words and are not shown")
        text = f"no vocabulary covers {', '.join(parts)}"
        yield Line(sample.name, f"{field} words", WARNING, text, place, words=told.words)
    for notice, count in mapper.notices.most_common():
        yield Line(sample.name, "values", WARNING, f"{count} times: {notice}")
