"""The scene in which `hr4you actions` is tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.hr4you.cli.scene import Scene
from tests.target_hr4you.runs import target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control


@pytest.fixture
def scene(sandbox: Control, tmp_path: Path) -> Scene:
    config = target_config(sandbox, tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return Scene(sandbox, config, path)
