"""The command ``tap-hr4you``."""

from __future__ import annotations

import sys

from hr4you.early import leave_on_signals


def main() -> None:
    """Run the command and exit."""
    leave_on_signals()
    from tap_hr4you.command import run  # noqa: PLC0415  # takes a second, in which a signal may come

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
