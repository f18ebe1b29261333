"""What runs of the target inside this process need."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from hr4you.http import Patience

if TYPE_CHECKING:
    import pytest


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait hardly between repetitions where the tenant does not say how long."""
    monkeypatch.setattr("hr4you.http.client.Patience", functools.partial(Patience, first_wait=0.02))
