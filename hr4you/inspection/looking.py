"""Looks at one page of each list that a draft has found, to settle what the document leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hr4you.contract.draft.drafting import Draft, draft, merged
from hr4you.contract.draft.observed import observed
from hr4you.contract.loader import compile_document
from hr4you.errors import AnswerError
from hr4you.http import Client
from hr4you.ids import to_remote_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Contract
    from hr4you.contract.draft.lists import ListCall
    from hr4you.contract.draft.openapi import OpenAPI
    from hr4you.contract.draft.resources import Found
    from hr4you.settings import Connection

_PAGE: Final = 50
_PARENTS: Final = 5
_ROUNDS: Final = 2  # what the first round finds may be how the second asks


def draft_with_answers(
    api: OpenAPI, connection: Connection, *, credentials: frozenset[str], docs: str | None
) -> tuple[Draft, int]:
    """Draft a contract with what the tenant answers; also return how many lists answered.

    Nothing but lists and single objects is asked for. What the tenant refuses is told in the draft's notes.

    Raises:
        TenantUnavailableError: nobody answers, or the token is refused.
        ConfigError: the credentials are not of the kind that the document asks for.
    """
    drafted = draft(api, credentials=credentials, docs=docs)
    answers: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for _ in range(_ROUNDS):
        contract = compile_document(merged(drafted))
        with Client(connection, contract.api) as client:
            for name, found in drafted.resources.items():
                if found.call is None or found.call.operation.name in answers:
                    continue
                try:
                    answers |= dict(_ask(client, contract, name, found))
                    refused.pop(name, None)
                except AnswerError as error:
                    refused[name] = f"resources.{name}: could not be looked at: {error}"
        drafted = draft(observed(api, answers), credentials=credentials, docs=docs)
    drafted.notes += refused.values()
    return drafted, len(answers)


def _ask(client: Client, contract: Contract, name: str, found: Found) -> Iterator[tuple[str, Any]]:
    """Yield the operation that lists a resource with its answer; of lists per parent the first that holds something."""
    call = found.call
    if call is None:
        return
    lookups = {"sources": contract.sources, "custom_field_definitions": contract.custom_field_definitions}
    described = contract.resources.get(name) or lookups.get(name)
    if described is None:
        return
    params: dict[str, str | int] = dict(described.list.params)
    pagination = contract.pagination_of(described.list)
    if pagination.size is not None:
        params[pagination.size] = min(_PAGE, pagination.max_size)
    if pagination.page is not None:
        params[pagination.page] = pagination.first_page
    if pagination.offset is not None:
        params[pagination.offset] = 0
    for path in _paths(client, contract, call, found.parent):
        if call.operation.method == "GET":
            answer = client.get(path, params)
        else:
            answer = client.request(call.operation.method, path, json=params, is_read=True)
        yield call.operation.name, answer.data
        records = contract.records_of(described.list)(answer.data)
        if records:
            return


def _paths(client: Client, contract: Contract, call: ListCall, parent: str | None) -> Iterator[str]:
    """Yield the paths to ask: of a list per parent those of some parents."""
    if not call.hole:
        yield call.operation.path
        return
    resource = contract.resources.get(parent or "")
    if resource is None or resource.list.parent is not None or resource.list.path is None:
        return
    records = contract.records_of(resource.list)(client.get(resource.list.path, resource.list.params).data)
    ids = [resource.id(wire) for wire in records] if isinstance(records, list) else []
    for remote_id in list(filter(None, map(to_remote_id, ids)))[:_PARENTS]:
        yield call.operation.path.replace("{" + call.hole + "}", quote(remote_id, safe=""))
