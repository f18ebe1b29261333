"""The command ``target-hr4you``."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def main() -> None:
    """Run the command and exit."""
    # Until the target has handlers of its own, after a second of imports: nothing has been sent yet.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from target_hr4you.command import run  # noqa: PLC0415  # see above

    sys.exit(run(sys.argv[1:]))


def _leave(signum: int, _: Any) -> None:
    os._exit(128 + signum)


if __name__ == "__main__":
    main()
