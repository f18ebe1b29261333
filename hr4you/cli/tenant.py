"""The tenant that a command is about: settings as Singer plugins take them, its contract, its HTTP."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from hr4you.config import read_config_files
from hr4you.connection_schema import CONNECTION_PROPERTIES, LEDGER_URL
from hr4you.contract import Contract, load_contract
from hr4you.environment import read_environment, read_texts
from hr4you.http import Client
from hr4you.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PREFIXES: Final = ("HR4YOU_", "TAP_HR4YOU_", "TARGET_HR4YOU_")
_SETTINGS: Final[dict[str, dict[str, Any]]] = {**CONNECTION_PROPERTIES, "ledger_url": LEDGER_URL}


@dataclass(frozen=True)
class Tenant:
    """What a command works with.

    Attributes:
        config: settings by name, those of the plugins too if a config file holds some.
        client: closed when `open_tenant` ends.
    """

    config: Mapping[str, Any]
    connection: Connection
    contract: Contract
    client: Client


def tenant_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options ``config`` and ``contract``, each a tuple of texts, to a command."""
    contract = click.option(
        "--contract",
        metavar="FILE",
        multiple=True,
        help="Instead of the setting `contract`; may be given several times.",
    )
    config = click.option(
        "--config",
        metavar="FILE",
        multiple=True,
        help="A config file as Singer plugins take it; the environment is read too.",
    )
    return config(contract(command))


def read_settings(files: tuple[str, ...], contract: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return settings by name: of the config files, over them the environment, over that ``contract``.

    Raises:
        ConfigError: a file or a variable cannot be read.
    """
    config = read_config_files(files)
    config |= read_texts(config, _SETTINGS)
    config |= read_environment(_SETTINGS, PREFIXES)
    return config | {"contract": list(contract)} if contract else config


@contextmanager
def open_tenant(files: tuple[str, ...], contract: tuple[str, ...] = ()) -> Iterator[Tenant]:
    """Yield the tenant that settings, environment and options name; no request has been sent yet.

    Raises:
        ConfigError: the settings name no tenant or no credentials, or cannot be read.
        ContractError: the contract does not load.
    """
    config = read_settings(files, contract)
    connection = Connection.from_config(config)
    loaded = load_contract(connection.contract)
    with Client(connection, loaded.api) as client:
        yield Tenant(config, connection, loaded, client)
