"""The ledger that target-hr4you writes, as the tap reads it: one tenant's rows, and nothing is written.

It is open no longer than it is read from: a crawl may take hours, in which a database would drop an idle connection.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from hr4you.errors import ConfigError
from hr4you.idset import IdSet
from hr4you.ledger import Ledger
from hr4you.ledger.reading import check_tenant, created_ids, results_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.settings import Connection


@contextlib.contextmanager
def open_ledger(url: str, connection: Connection) -> Iterator[TenantLedger]:
    """Open a ledger for a tenant.

    Args:
        url: of the ledger.
        connection: whose rows are meant.

    Raises:
        ConfigError: there is no such ledger, or it knows this tenant at another address or under another name.
        LedgerUnavailableError: the database cannot be reached.
    """
    try:
        ledger = Ledger(url, create=False)
    except ConfigError as error:
        raise ConfigError(
            f"{error}. The tap reads the ledger that target-hr4you makes when it first runs: give the same "
            "`ledger_url` to both"
        ) from None
    with ledger:
        is_known = ledger.read(check_tenant, connection.tenant, connection.origin)
        yield TenantLedger(ledger, connection.tenant, is_known=is_known)


class TenantLedger:
    """One tenant's part of an open ledger.

    Attributes:
        is_known: whether the target has ever run for this tenant.
        mark: tells this ledger from others; it says nothing about it.
    """

    def __init__(self, ledger: Ledger, tenant: str, *, is_known: bool) -> None:
        self._ledger = ledger
        self._tenant = tenant
        self.is_known = is_known
        self.mark = ledger.hmac("mark")[:12]

    def results(self, since: str | None) -> Iterator[list[dict[str, Any]]]:
        """Yield what became of actions, page by page, in the order in which they changed.

        Args:
            since: UTC text; of those that changed then or later. None: of all.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        page, place = self._ledger.read(results_page, self._tenant, since=since)
        yield page
        while place is not None:
            page, place = self._ledger.read(results_page, self._tenant, after=place)
            yield page

    def created_ids(self, model: str) -> IdSet:
        """Return the remote ids of the candidates or applications that actions made. Raises `LedgerUnavailableError`.

        Args:
            model: ``candidate`` or ``application``.
        """
        return IdSet(self._ledger.read(created_ids, self._tenant, model))
