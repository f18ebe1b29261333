"""The command ``hr4you sandbox``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hr4you_sandbox.faults import Fault
    from hr4you_sandbox.tenant import DialectName, Order

_INTERRUPTED = 130


class _MissingError(click.ClickException):
    """A package of the extra is not installed: a matter of the setup, as the other commands' exit status says."""

    exit_code = 2


@click.command()
@click.option("--port", default=8040, show_default=True, type=click.IntRange(0, 65_535), help="0 takes a free one.")
@click.option("--candidates", default=500, show_default=True, type=click.IntRange(0), help="How many to make up.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same data.")
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="SQLite file that keeps the data.")
@click.option("--latency-ms", default=0, show_default=True, type=click.IntRange(0), help="Wait before each answer.")
@click.option("--faults", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A fault plan (YAML).")
@click.option(
    "--order",
    default="id",
    show_default=True,
    type=click.Choice(["id", "updated_asc", "updated_desc"]),
    help="How lists are sorted.",
)
@click.option(
    "--dialect",
    default="default",
    show_default=True,
    type=click.Choice(["default", "legacy"]),
    help="legacy: other paths, names, times and a login, for contracts that differ in everything.",
)
def sandbox(
    *,
    port: int,
    candidates: int,
    seed: int,
    db: Path | None,
    latency_ms: int,
    faults: Path | None,
    order: Order,
    dialect: DialectName,
) -> None:
    """Serve a made-up HR4YOU tenant on this machine, until Ctrl-C."""
    try:
        _serve(port, latency_ms, faults, candidates=candidates, seed=seed, dialect=dialect, order=order, db=db)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except ModuleNotFoundError as error:  # some are imported late
        raise _MissingError(
            f"the sandbox needs {error.name}, which is not installed: "
            "pip install 'tap-hr4you[sandbox]' (in a checkout: '.[sandbox]')"
        ) from None


def _serve(port: int, latency_ms: int, faults: Path | None, **data: Any) -> None:
    from hr4you_sandbox import front, server, tenant  # noqa: PLC0415  # the extra may be missing

    plan = _plan(faults)
    try:
        plug = server.listen(port)
    except OSError as error:
        raise click.ClickException(
            f"port {port} cannot be used ({error.strerror}): is another sandbox running? Choose another with --port"
        ) from None
    try:
        made = tenant.Tenant(faults=plan, **data)
    except tenant.StorageError as error:
        plug.close()
        raise click.ClickException(str(error)) from None
    except BaseException:
        plug.close()
        raise
    address = f"http://{server.HOST}:{plug.getsockname()[1]}"
    login = "user and password: sandbox" if data["dialect"] == "legacy" else "token: sandbox"
    count = len(made.store.tables["applicants"].ids)
    click.echo(f"HR4YOU sandbox on {address}/ ({count} candidates, {login}). Ctrl-C ends it.", err=True)
    try:
        server.Server(front.Front(made, latency=latency_ms / 1_000)).run([plug])
    finally:
        made.close()


def _plan(path: Path | None) -> list[Fault]:
    from hr4you_sandbox.faults import FaultPlanError, read_plan  # noqa: PLC0415  # as above

    if path is None:
        return []
    try:
        return read_plan(path.read_bytes())
    except FaultPlanError as error:
        raise click.UsageError(f"{path}: {error}") from None
