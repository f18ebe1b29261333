"""The ledger: is it there, is it this tenant's, is something left in it. It is opened to be read only."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import create_engine, func, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from hr4you.errors import ConfigError
from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, WARNING, WRONG_SETUP, Check
from hr4you.ledger.opening import default_url, read_url
from hr4you.ledger.reading import check_tenant
from hr4you.ledger.rows import Status
from hr4you.ledger.tables import VERSION, actions, meta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection as Database
    from sqlalchemy import Engine

    from hr4you.settings import Connection

_BUSY_SECONDS: Final = 2
_CONNECT_SECONDS: Final = 5


def check_ledger(config: Mapping[str, Any], connection: Connection) -> Iterator[Check]:
    """Look into the ledger that the settings name, or the default one if it is there."""
    given = config.get("ledger_url")
    if given is not None and not isinstance(given, str):
        yield _wrong("`ledger_url` is no text", "Give `ledger_url` as text, as sqlite:////data/hr4you-ledger.db")
        return
    is_set = given is not None and bool(given.strip())
    try:
        url = read_url(given if given is not None and is_set else default_url())
    except ConfigError as error:
        yield _wrong(_first(error), f"Mend `ledger_url`: {_rest(error)}")
        return
    place = str(url.database) if url.get_backend_name() == "sqlite" else url.set(query={}).render_as_string()
    if url.get_backend_name() == "sqlite" and not Path(place).exists():
        yield _missing(place, is_set=is_set)
        return
    try:
        with _reading(url) as database:
            yield from _look(database, place, config, connection)
    except NoSuchModuleError:
        yield _wrong("there is no database of this kind, or its driver is not installed", "Mend `ledger_url`")
    except ImportError as error:
        yield _wrong(f"the database's driver is not installed ({error.name})", f"Install it: pip install {error.name}")
    except DBAPIError as error:
        yield _unreadable(place, error)
    except SQLAlchemyError as error:
        yield _wrong(f"the database cannot be used ({type(error).__name__})", "Mend `ledger_url`")


def _wrong(found: str, to_do: str) -> Check:
    return Check("ledger", FAILED, found, to_do, exit_status=WRONG_SETUP)


def _first(error: ConfigError) -> str:
    return str(error).replace("; ", ". ").split(". ")[0]


def _rest(error: ConfigError) -> str:
    """Return what a message says behind its first sentence, which tells what to do."""
    _, _, rest = str(error).replace("; ", ". ", 1).partition(". ")
    return rest or "see docs"


def _missing(place: str, *, is_set: bool) -> Check:
    if is_set:
        to_do = "If target-hr4you has run before, `ledger_url` is another there: set the same here"
        return Check("ledger", WARNING, f"there is none at {place} yet: target-hr4you makes it when it runs", to_do)
    return Check("ledger", NOT_TRIED, "`ledger_url` is not set; only target-hr4you needs a ledger")


def _unreadable(place: str, error: DBAPIError) -> Check:
    reason = str(error.orig)
    if "not a database" in reason:
        return _wrong(f"{place} is no SQLite database", "Give another file in `ledger_url`")
    if "locked" in reason:
        to_do = "End the program that holds it open (a database tool?), then run again"
        return Check("ledger", FAILED, f"{place} is locked", to_do)
    found = f"{place} cannot be read ({type(error.orig).__name__})"
    return Check("ledger", FAILED, found, "Check `ledger_url`, the rights to it, and whether the database is up")


@contextmanager
def _reading(url: URL) -> Iterator[Database]:
    """Connect so that nothing can be written, and nothing is waited for long."""
    engine = _engine(url)
    try:
        with closing(engine.connect()) as database:
            yield database
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        own = {"connect_timeout": _CONNECT_SECONDS} if url.get_backend_name() in {"postgresql", "mysql"} else {}
        return create_engine(url, hide_parameters=True, connect_args=own)
    path = quote(str(Path(str(url.database)).absolute()))
    read_only = URL.create("sqlite", database=f"file:{path}", query={"mode": "ro", "uri": "true"})
    return create_engine(read_only, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})


def _look(database: Database, place: str, config: Mapping[str, Any], connection: Connection) -> Iterator[Check]:
    version = None
    if inspect(database).has_table(meta.name):
        version = database.execute(select(meta.c.version)).scalar()
    if version is None:
        to_do = "If target-hr4you has run before, `ledger_url` is another there: set the same here"
        yield Check("ledger", WARNING, f"{place} holds no ledger yet: target-hr4you makes it when it runs", to_do)
        return
    if version != VERSION:
        found = f"{place} is of version {version}, this program knows version {VERSION}"
        yield _wrong(found, "Install the version of tap-hr4you that wrote it")
        return
    try:
        is_known = check_tenant(database, connection.tenant, connection.origin)
    except ConfigError as error:
        found, _, to_do = str(error).partition(". ")
        yield _wrong(found, to_do)
        return
    if not is_known:
        yield Check("ledger", OK, f"{place} can be read; of the tenant `{connection.tenant}` it holds nothing yet")
        return
    yield Check("ledger", OK, f"{place} can be read, and is of the tenant `{connection.tenant}`")
    yield _count_left(database, connection.tenant)
    if not config.get("created_only"):
        to_do = "If the tap may only read back what the target created, set `created_only: true` there"
        yield Check("created only", OK, "the tap reads all candidates and applications", to_do)


def _count_left(database: Database, tenant: str) -> Check:
    counted = select(actions.c.status, func.count()).where(actions.c.tenant == tenant).group_by(actions.c.status)
    counts = {status: number for status, number in database.execute(counted)}  # noqa: C416  # rows are no pairs to mypy
    stuck = [f"{counts[status]} {status}" for status in Status.STUCK if status in counts]
    waiting = sum(counts.get(status, 0) for status in Status.OPEN)
    found = f"{sum(counts.values())} in all, {waiting} open"
    if stuck:
        to_do = "See `hr4you actions list`: it says of each what to do"
        return Check("actions left", WARNING, f"{found}, {', '.join(stuck)}", to_do)
    return Check("actions left", OK, f"{found}, none failed or parked")
