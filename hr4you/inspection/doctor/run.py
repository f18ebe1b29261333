"""All checks in their order; what cannot be tried after a failure says so, once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.loader import compile_document, load_document
from hr4you.errors import ConfigError, ContractError
from hr4you.http import Client
from hr4you.inspection.doctor.access import check_access, check_clock
from hr4you.inspection.doctor.actions import check_actions, check_lookups, not_tried
from hr4you.inspection.doctor.case import MAX_RETRIES, PATIENCE, REQUEST_TIMEOUT, Case
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WRONG_SETUP, Check
from hr4you.inspection.doctor.fields import check_fields
from hr4you.inspection.doctor.ledger import check_ledger
from hr4you.inspection.doctor.limits import check_limits
from hr4you.inspection.doctor.lists import all_alike, look_at
from hr4you.inspection.doctor.network import check_network
from hr4you.inspection.doctor.objects import check_objects
from hr4you.inspection.doctor.paging import check_paging
from hr4you.inspection.doctor.times import check_times, check_zone
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hr4you.contract import Contract, Resource

_AT_THE_TENANT: Final = (
    "HTTP", "login", "clock", "rights", "ids", "one by id", "page size", "paging", "changed at", "changed since",
    "time zone", "fields", "rate limit", "look-up", "action",
)  # fmt: skip


def examine(config: Mapping[str, Any], given_by: str) -> Iterator[Check]:
    """Check a tenant, its contract and the ledger; writes nothing.

    Args:
        config: settings by name, of the plugins too if there are some.
        given_by: where the settings come from, for the reader.
    """
    try:
        connection, problem = _read_connection(config)
    except ConfigError as error:
        yield _wrong("settings", str(error))
        return
    document, contract = None, None
    try:
        document = load_document(connection.contract)
        contract = compile_document(document)
    except ContractError as error:
        yield _wrong("contract", str(error))
    client = None
    if contract is not None and problem is None:
        try:
            client = Client(connection, contract.api, patience=PATIENCE)
        except ConfigError as error:
            problem = str(error)
    if problem is not None:
        yield _wrong("settings", problem)
    else:
        yield Check("settings", OK, f"tenant `{connection.tenant}` at {connection.origin}; settings of {given_by}")
    if contract is not None:
        yield _tell_contract(connection, contract)
    network = list(check_network(connection))
    yield from network
    if document is None or contract is None or client is None:
        yield from _not_tried(_AT_THE_TENANT, "mend the settings and the contract first")
    elif any(check.result == FAILED for check in network):
        client.close()
        yield from _not_tried(_AT_THE_TENANT, "the tenant cannot be reached")
    else:
        with client:
            yield from _examine_tenant(Case(connection, document, contract, client))
    yield from check_ledger(config, connection)


def _read_connection(config: Mapping[str, Any]) -> tuple[Connection, str | None]:
    """Return the connection, and what is wrong with its credentials; with wrong ones it has none.

    Raises:
        ConfigError: another setting is wrong.
    """
    bare = Connection.from_config(config, credentials=False)
    try:
        return _impatient(Connection.from_config(config)), None
    except ConfigError as error:
        return _impatient(bare), str(error)


def _impatient(connection: Connection) -> Connection:
    return dataclasses.replace(
        connection,
        max_retries=min(connection.max_retries, MAX_RETRIES),
        request_timeout=min(connection.request_timeout, REQUEST_TIMEOUT),
    )


def _wrong(what: str, message: str) -> Check:
    found, _, to_do = message.rstrip(".").partition(". ")
    return Check(what, FAILED, found, to_do or "Mend that, then run again", exit_status=WRONG_SETUP)


def _tell_contract(connection: Connection, contract: Contract) -> Check:
    files = ", ".join(path.name for path in connection.contract)
    found = f"the default and over it {files}" if files else "the default"
    assumed = [name for name, resource in contract.resources.items() if resource.provenance == "assumed"]
    if not assumed:
        return Check("contract", OK, found)
    to_do = "`hr4you contract draft` makes one from the tenant's documentation, `hr4you contract check` compares"
    return Check("contract", OK, f"{found}; only assumed: {', '.join(assumed)}", to_do)


def _not_tried(whats: tuple[str, ...], reason: str) -> Iterator[Check]:
    for what in whats:
        yield Check(what, NOT_TRIED, reason)


def _examine_tenant(case: Case) -> Iterator[Check]:
    access = list(check_access(case))
    yield from access
    if any(check.result == FAILED for check in access):
        yield from _not_tried(_AT_THE_TENANT[2:], "the tenant lets nobody in")
        return
    yield check_clock(case)
    resources = case.contract.resources.values()
    in_order = sorted(resources, key=lambda resource: resource.list.parent is not None)
    looks = [check for resource in in_order for check in look_at(case, resource)]
    yield from all_alike(case)
    yield from _by_what(looks)
    yield from _by_what([check for resource in resources for check in check_objects(case, resource)])

    def each(look: Callable[[Case, Resource], Check]) -> Iterator[Check]:
        return (look(case, resource) for resource in resources)

    yield from each(check_paging)
    yield from _by_what([check for resource in resources for check in check_times(case, resource)])
    yield from check_zone(case)
    yield from each(check_fields)
    if any(seen.is_read for seen in case.seen.values()):
        yield from check_lookups(case)
        yield from check_actions(case)
    else:
        yield from not_tried("no list could be read")
    yield check_limits(case)


def _by_what(checks: list[Check]) -> Iterator[Check]:
    """Yield checks of the same kind one after the other, kinds in the order in which they came first."""
    for what in dict.fromkeys(check.what for check in checks):
        yield from (check for check in checks if check.what == what)
