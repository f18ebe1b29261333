"""Tenants over a socket, ready to be looked at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from hr4you.contract import Contract, load_contract
from hr4you.http import Client
from hr4you.http.retry import Patience
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Looked(NamedTuple):
    """What a look at a tenant needs."""

    client: Client
    contract: Contract


@contextmanager
def looking(config: dict[str, Any], *paths: Path) -> Iterator[Looked]:
    """A client and a contract for a tenant."""
    contract = load_contract(paths)
    known = {"base_url", "api_token", "username", "password", "tenant"}
    connection = Connection.from_config({key: value for key, value in config.items() if key in known})
    with Client(connection, contract.api, patience=Patience()) as client:
        yield Looked(client, contract)
