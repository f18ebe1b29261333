"""Opens the ledger of a run: to write it, or for a dry run only to look into it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from hr4you.ledger import Ledger, default_url
from hr4you.ledger.opening import LedgerMissingError
from hr4you.ledger.reading import check_tenant
from hr4you.ledger.tables import metadata
from hr4you.ledger.writer import GroupWriter
from target_hr4you.run import logger

if TYPE_CHECKING:
    from hr4you.settings import Connection


def open_ledger(url: str | None, connection: Connection) -> Ledger:
    """Return the ledger, made where there is none, for this tenant; `url`: None for the default file.

    Raises:
        ConfigError: the URL is none, or the ledger knows this tenant otherwise.
        LedgerUnavailableError: the database cannot be reached.
    """
    ledger = Ledger(url or default_url())
    if ledger.is_new:
        logger.warning(
            "The ledger %s is new: nothing is known of what was sent before. If there is an older one, stop and set "
            "`ledger_url`, or what was sent may be sent again.",
            ledger.place,
        )
    else:
        logger.info("Ledger: %s", ledger.place)
    try:
        ledger.pin(connection.tenant, connection.origin)
        ledger.purge()
    except BaseException:
        ledger.close()
        raise
    return ledger


def look_into_ledger(url: str | None, connection: Connection) -> Ledger:
    """Return the ledger, only to be read, or an empty one in memory where there is none.

    Raises:
        ConfigError: the URL is none, or the ledger knows this tenant otherwise.
        LedgerUnavailableError: the database cannot be reached.
    """
    try:
        ledger = Ledger(url or default_url(), create=False)
    except LedgerMissingError:
        return _NoLedger()
    try:
        ledger.read(check_tenant, connection.tenant, connection.origin)
    except BaseException:
        ledger.close()
        raise
    return ledger


class _NoLedger(Ledger):
    """Stands for a ledger that is not there yet: empty, and in memory alone."""

    def __init__(self) -> None:
        self.place, self.is_new = "memory", True
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(self._engine)
        self._writer = GroupWriter(self._engine)
        self._key = secrets.token_bytes()
