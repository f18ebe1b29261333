"""What tests share: an environment without settings, and a sandbox over a socket."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from hr4you_sandbox import serve_in_thread
from tests.control import Control

if TYPE_CHECKING:
    from collections.abc import Iterator

CANDIDATES = 120


@pytest.fixture(autouse=True, scope="session")
def _signals_as_in_the_foreground() -> None:
    """A shell ignores SIGINT for what it runs in the background, and the processes that tests start inherit that."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugins always read the environment; whoever runs the tests may have a tenant of their own in it."""
    for name in list(os.environ):
        if "HR4YOU_" in name:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _shared_sandbox() -> Iterator[Control]:
    with serve_in_thread(candidates=CANDIDATES) as server:
        yield Control(server.base_url)


@pytest.fixture
def sandbox(_shared_sandbox: Control) -> Control:
    """A sandbox with 120 candidates, seeded anew."""
    _shared_sandbox.reset()
    return _shared_sandbox


FIGURES = "figures"
"""Of a test that measures: a line for the end of the run, by `record_property`."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, also where workers ran the tests."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    told = [text for report in reports for name, text in getattr(report, "user_properties", ()) if name == FIGURES]
    for line in dict.fromkeys(told):
        terminalreporter.write_line(str(line))
