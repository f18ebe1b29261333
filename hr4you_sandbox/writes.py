"""Soon."""

from __future__ import annotations

from typing import Any

WRITES: tuple[Any, ...] = ()
