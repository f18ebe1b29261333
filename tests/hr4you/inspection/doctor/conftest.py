"""A tenant without faults, in a working directory without a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hr4you.inspection.doctor.tenants import HonestTenant
from tests.servers.base import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)


@pytest.fixture
def tenant() -> Iterator[HonestTenant]:
    with serving(HonestTenant()) as tenant:
        yield tenant
