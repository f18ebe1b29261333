"""Looks at one page of each list that a draft has found, to settle what the document leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hr4you.contract.draft.drafting import Draft, draft, merged
from hr4you.contract.draft.observed import observed
from hr4you.contract.loader import compile_document
from hr4you.errors import AnswerError, TenantUnavailableError
from hr4you.http import Client
from hr4you.http.answers import Answer, BodyError
from hr4you.ids import to_remote_id
from hr4you.inspection.samples import page_params

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Contract
    from hr4you.contract.draft.lists import ListCall
    from hr4you.contract.draft.openapi import OpenAPI
    from hr4you.contract.draft.resources import Found
    from hr4you.contract.resource import Lookup, Resource
    from hr4you.settings import Connection

_PAGE: Final = 50
_PARENTS: Final = 5
_ROUNDS: Final = 2  # what the first round finds may be how the second asks
# Of one list, as a rule, while the others answer. The client would ask for a minute; the second round is enough here.
_BROKEN: Final = frozenset({500, 501, 502, 504})


def draft_with_answers(
    api: OpenAPI, connection: Connection, *, credentials: frozenset[str], docs: str | None
) -> tuple[Draft, int]:
    """Draft a contract with what the tenant answers; also return how many lists answered.

    Nothing but lists and single objects is asked for. What the tenant refuses is told in the draft's notes.

    Raises:
        TenantUnavailableError: nobody answers, every list fails, or the token is refused.
        ConfigError: the credentials are not of the kind that the document asks for.
    """
    drafted = draft(api, credentials=credentials, docs=docs)
    answers: dict[str, Any] = {}
    refused: dict[str, AnswerError] = {}
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
                    refused[name] = error
        drafted = draft(observed(api, answers), credentials=credentials, docs=docs)
    if not answers and refused and all(error.status in _BROKEN for error in refused.values()):
        raise TenantUnavailableError(
            f"{connection.origin} fails at every list. Run again later, or with --no-look from the document alone."
        )
    drafted.notes += [f"resources.{name}: could not be looked at: {error}" for name, error in refused.items()]
    return drafted, len(answers)


def _ask(client: Client, contract: Contract, name: str, found: Found) -> Iterator[tuple[str, Any]]:
    """Yield the operation that lists a resource with its answer; of lists per parent the first that holds something."""
    call = found.call
    if call is None:
        return
    described = contract.resources.get(name) or contract.lookups.get(name)
    if described is None:
        return
    for path in _paths(client, contract, call, found.parent):
        try:
            answer = _first_page(client, contract, described, path)
        except AnswerError as error:  # the parent's id in its path is the tenant's data
            raise AnswerError(str(error).replace(path, call.operation.path), status=error.status) from None
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
    records = contract.records_of(resource.list)(_first_page(client, contract, resource, resource.list.path).data)
    ids = [resource.id(wire) for wire in records] if isinstance(records, list) else []
    for remote_id in list(filter(None, map(to_remote_id, ids)))[:_PARENTS]:
        yield call.operation.path.replace("{" + call.hole + "}", quote(remote_id, safe=""))


def _first_page(client: Client, contract: Contract, described: Resource | Lookup, path: str) -> Answer:
    """Ask for a list's first page, in the way that the contract says. Raises `AnswerError` as `Client.request`."""
    listing, pagination = described.list, contract.pagination_of(described.list)
    values = {**listing.params, **page_params(pagination, min(_PAGE, pagination.max_size))}
    is_query = listing.method == "GET"
    answer = client.request(
        listing.method,
        path,
        params=values if is_query else None,
        json=None if is_query else values,
        is_read=True,
        is_json=False,
        returned=_BROKEN,
    )
    problem = "the tenant fails at this"
    if answer.status not in _BROKEN:
        try:
            _ = answer.data
        except BodyError as error:
            problem = str(error)
        else:
            return answer
    name = path if path.startswith("/") else f"{contract.api.base_path}{path}"
    raise AnswerError(f"{listing.method} {name}: {problem} (status {answer.status}).", status=answer.status)
