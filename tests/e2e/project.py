"""A Meltano project in a folder of its own, with the tap of this checkout and targets from PyPI."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MELTANO = ROOT / ".venv" / "meltano" / "bin" / "meltano"

[EXTRACTOR] = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))["plugins"]["extractors"]
PROJECT = {
    "default_environment": "test",
    "environments": [{"name": "test"}],
    "send_anonymous_usage_stats": False,
    "plugins": {
        "extractors": [{**EXTRACTOR, "pip_url": f"-e {ROOT}"}],
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
    },
}


class Project:
    """Runs Meltano in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "meltano.yml").write_text(json.dumps(PROJECT))  # JSON is YAML

    def meltano(self, *arguments: str, **environment: Any) -> str:
        ended = subprocess.run(
            [MELTANO, *arguments],
            cwd=self.folder,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            capture_output=True,
            text=True,
            check=False,
        )
        said = ended.stdout + ended.stderr
        assert ended.returncode == 0, said
        return said
