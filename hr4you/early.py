"""What a command does before anything else is imported."""

from __future__ import annotations

import os
import signal
from typing import Any


def leave_on_signals() -> None:
    """End with the signal's status, until the command has handlers of its own: nothing has been written or sent yet."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)


def _leave(signum: int, _: Any) -> None:
    os._exit(128 + signum)
