"""A Meltano project in a folder of its own, with the plugins of this checkout and others from PyPI."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
MELTANO = ROOT / ".venv" / "meltano" / "bin" / "meltano"

Plugin = dict[str, Any]


def _of_this_checkout(kind: str, name: str) -> Plugin:
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    [found] = [plugin for plugin in project["plugins"][kind] if plugin["name"] == name]
    return {**found, "pip_url": f"-e {ROOT}"}


EXTRACTOR = _of_this_checkout("extractors", "tap-hr4you")
LOADER = _of_this_checkout("loaders", "target-hr4you")
PLUGINS: dict[str, list[Plugin]] = {
    "extractors": [EXTRACTOR],
    "loaders": [
        {
            "name": "target-postgres",
            "namespace": "target_postgres",
            "pip_url": "meltanolabs-target-postgres==0.8.1",
            "executable": "target-postgres",
            "settings": [
                {"name": "sqlalchemy_url", "kind": "string", "sensitive": True},
                {"name": "default_target_schema", "value": "public"},
            ],
        },
        {
            "name": "target-duckdb",
            "namespace": "target_duckdb",
            # with a later DuckDB this target takes the first record of each batch for a header, and loses it
            "pip_url": "target-duckdb==0.8.0 duckdb<1.2",
            "executable": "target-duckdb",
            "settings": [{"name": "path", "kind": "string"}, {"name": "default_target_schema", "value": "main"}],
        },
    ],
}
"""What reads from a tenant into other targets."""


class Ended(NamedTuple):
    """What a command has left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        return self.stdout + self.stderr


class Project:
    """Runs Meltano in its folder.

    Args:
        folder: is made.
        plugins: as in meltano.yml.
    """

    def __init__(self, folder: Path, plugins: Mapping[str, list[Plugin]] = PLUGINS) -> None:
        self.folder = folder
        folder.mkdir()
        project = {
            "default_environment": "test",
            "environments": [{"name": "test"}],
            "send_anonymous_usage_stats": False,
            "plugins": plugins,
        }
        (folder / "meltano.yml").write_text(json.dumps(project))  # JSON is YAML

    def meltano(self, *arguments: str, **environment: Any) -> str:
        """Run a command that has to work, and return what it said."""
        ended = self.run(*arguments, **environment)
        assert ended.status == 0, ended.said
        return ended.said

    def run(self, *arguments: str, **environment: Any) -> Ended:
        """Run a command, however it ends."""
        ended = subprocess.run(
            [MELTANO, *arguments],
            cwd=self.folder,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)
