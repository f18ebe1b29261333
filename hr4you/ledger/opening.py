"""Opens a ledger: makes it where there is none, checks whose it is, and keeps it to one tenant under one name."""

from __future__ import annotations

import importlib.util
import os
import secrets
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from hr4you.errors import ConfigError, LedgerUnavailableError
from hr4you.http import hide
from hr4you.ledger.tables import VERSION, meta, metadata, tenants
from hr4you.ledger.writer import WRITES
from hr4you.timestamps import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL


class LedgerMissingError(ConfigError):
    """There is no ledger where one was to be."""


FILE_NAME: Final = "hr4you-ledger.db"
_BUSY_SECONDS: Final = 30
_SECOND_LOOK_SECONDS: Final = 1.0


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the SQLite file under the Meltano project's root, or else the working directory."""
    root = Path(environ.get("MELTANO_PROJECT_ROOT") or ".").absolute()
    return f"sqlite:///{root / FILE_NAME}"


def read_url(text: str) -> URL:
    """Return the URL of a ledger.

    Raises:
        ConfigError: it is none, or of a database whose driver is not installed. The URL is not told: it may hold a
            password.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise ConfigError(
            "`ledger_url`: not a SQLAlchemy URL; expected one like sqlite:////data/hr4you-ledger.db or "
            "postgresql://user:password@host/database"
        ) from None
    hide(url.password or None)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg" and importlib.util.find_spec("psycopg") is None:
        raise ConfigError("`ledger_url`: PostgreSQL needs a driver: pip install 'tap-hr4you[postgres]'")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ConfigError("`ledger_url`: a ledger in memory would forget what was sent; give a file")
    return url


def connect(url: URL, *, create: bool) -> tuple[Engine, bool]:
    """Return the engine of a ledger whose tables are there, and whether they were made just now.

    Args:
        url: as `read_url` gives it.
        create: False to leave things alone where there is no ledger.

    Raises:
        ConfigError: there is no ledger, a later version's, or no right to its file.
        LedgerUnavailableError: the database cannot be reached.
    """
    if url.get_backend_name() == "sqlite":
        _prepare_file(Path(str(url.database)), create=create)
    try:
        engine = _make_engine(url)
        try:
            return engine, _open(engine, create=create)
        except DBAPIError:  # another run may just be making the tables
            time.sleep(_SECOND_LOOK_SECONDS)
            return engine, _open(engine, create=create)
    except NoSuchModuleError:
        raise ConfigError("`ledger_url`: there is no database of this kind, or its driver is not installed") from None
    except ImportError as error:
        raise ConfigError(f"`ledger_url`: the database's driver is not installed ({error.name})") from None
    except DBAPIError as error:
        if url.get_backend_name() == "sqlite" and "not a database" in str(error.orig):
            raise ConfigError("`ledger_url`: the file is no SQLite database; give another") from None
        raise LedgerUnavailableError(
            f"The ledger at {url.render_as_string(hide_password=True)} cannot be reached "
            f"({type(error.orig).__name__}). Check `ledger_url` and whether the database is up; nothing is lost"
        ) from None
    except SQLAlchemyError as error:
        raise ConfigError(f"`ledger_url`: the database cannot be used ({type(error).__name__})") from None


def pin_tenant(connection: Connection, tenant: str, origin: str) -> None:
    """Note which tenant goes by this name, or check it.

    Raises:
        ConfigError: another tenant goes by this name, or this one by another.
    """
    place, other = known_pair(connection, tenant, origin)
    if place == origin:
        return
    if place is not None:
        raise ConfigError(
            f"The ledger knows the tenant `{tenant}` at {place}, not at {origin}. If these are two tenants, "
            "give this one another `tenant`; if it has moved, keep to a new ledger"
        )
    if other is not None:
        raise ConfigError(
            f"The ledger knows {origin} as the tenant `{other}`, not as `{tenant}`: under another name everything "
            f"would be sent once more. Set `tenant` to `{other}`"
        )
    connection.execute(insert(tenants).values(tenant=tenant, origin=origin, created_at=_now()))


def known_pair(connection: Connection, tenant: str, origin: str) -> tuple[str | None, str | None]:
    """Return the origin that goes by a tenant's name, and the name by which its origin goes; None: not known."""
    known = {row.tenant: row.origin for row in connection.execute(select(tenants.c.tenant, tenants.c.origin))}
    return known.get(tenant), next((name for name, place in known.items() if place == origin), None)


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, pool_size=20)
    engine = create_engine(url, hide_parameters=True, pool_size=20, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says when a transaction begins
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _prepare_file(path: Path, *, create: bool) -> None:
    """Make the file with rights for its owner alone. Raises `ConfigError`."""
    if path.exists():
        return
    if not create:
        raise LedgerMissingError(
            f"There is no ledger at {path}: nothing was sent from here yet, or `ledger_url` is another"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise ConfigError(f"`ledger_url`: {path} cannot be made ({error.strerror})") from None


def _open(engine: Engine, *, create: bool) -> bool:
    with engine.execution_options(**{WRITES: create}).begin() as connection:
        return _check_tables(connection, create=create)


def _check_tables(connection: Connection, *, create: bool) -> bool:
    """Make the tables where there are none, and return whether. Raises `ConfigError`."""
    version = None
    if inspect(connection).has_table(meta.name):
        version = connection.execute(select(meta.c.version)).scalar()
    if version is None:
        if not create:
            raise LedgerMissingError("The database at `ledger_url` holds no ledger: nothing was sent from here yet")
        metadata.create_all(connection)
        connection.execute(
            insert(meta).values(id=1, version=VERSION, hmac_key=secrets.token_hex(32), created_at=_now())
        )
        return True
    if version != VERSION:
        raise ConfigError(
            f"The ledger is of version {version}, this program knows version {VERSION}: install the version of "
            "tap-hr4you that wrote it"
        )
    return False


def _now() -> str:
    return to_text(datetime.now(timezone.utc))
