"""The ledger: what was sent to whom, written down before it is sent and after it is answered.

`Ledger` opens one; the functions of `accepting`, `executing` and `reading` work on a connection of it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from hr4you.errors import LedgerUnavailableError
from hr4you.ledger.opening import connect, default_url, pin_tenant, read_url
from hr4you.ledger.rows import Status, now_seconds
from hr4you.ledger.tables import actions, meta, steps
from hr4you.ledger.writer import GroupWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sqlalchemy import Connection
    from typing_extensions import Self

T = TypeVar("T")

__all__ = ["Ledger", "default_url"]


class Ledger:
    """A ledger, for many threads.

    Args:
        url: any that SQLAlchemy takes.
        create: whether to make it where there is none.

    Attributes:
        is_new: whether it was made just now: nothing is known of what was sent before.
        place: its file, or its URL without the password.

    Raises:
        ConfigError: the URL is none, there is no ledger, or no right to it.
        LedgerUnavailableError: the database cannot be reached.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        parsed = read_url(url)
        is_file = parsed.get_backend_name() == "sqlite"
        self.place = str(parsed.database) if is_file else parsed.render_as_string(hide_password=True)
        self._engine, self.is_new = connect(parsed, create=create)
        self._writer = GroupWriter(self._engine)
        self._key = bytes.fromhex(
            self.read(lambda connection: connection.execute(select(meta.c.hmac_key)).scalar_one())
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function write, with a connection before the other arguments; the future ends after the commit."""
        return self._writer.submit(lambda connection: function(connection, *args, **kwargs))

    def write(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Have a function write, and wait for the commit.

        Raises:
            LedgerUnavailableError: nothing was written.
        """
        return self.submit(function, *args, **kwargs).result()

    def read(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call a function with a connection to read with.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        try:
            with self._engine.connect() as connection:
                return function(connection, *args, **kwargs)
        except DBAPIError as error:
            raise LedgerUnavailableError(
                f"The ledger at {self.place} cannot be read ({type(error.orig).__name__}). Nothing is lost: run again "
                "when it is there"
            ) from None

    def pin(self, tenant: str, origin: str) -> None:
        """Note which tenant goes by this name. Raises `ConfigError` where another does, or this one by another."""
        self.write(pin_tenant, tenant, origin)

    def hmac(self, text: str) -> str:
        """Return 64 hex digits to look a text up by; the key never leaves the ledger."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def purge(self) -> None:
        """Drop the payloads of failed and parked actions whose time is over."""
        self.write(_purge)

    def close(self) -> None:
        """Write what waits, and close all connections."""
        self._writer.close()
        self._engine.dispose()


def _purge(connection: Connection) -> None:
    is_over = actions.c.payload_until.is_not(None) & (actions.c.payload_until < now_seconds())
    over = select(actions.c.seq).where(is_over, actions.c.status.not_in(Status.OPEN))
    connection.execute(update(steps).where(steps.c.seq.in_(over)).values(kept_payload=None))
    gone = {"payload": None, "next_payload": None, "error_text": None, "payload_until": None}
    connection.execute(update(actions).where(actions.c.seq.in_(over.scalar_subquery())).values(**gone))
