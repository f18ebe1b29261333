"""The SDK's standard suite for taps, whole, against the sandbox.

Two of its tests cannot fail (primary keys, valid final state); test_incremental.py and test_conventions.py hold what
they were meant to.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from singer_sdk.testing import get_tap_test_class

from hr4you_sandbox import serve_in_thread
from tap_hr4you.tap import TapHR4YOU

if TYPE_CHECKING:
    from collections.abc import Iterator


# Nothing is deleted in a first run, so `remote_deleted_at` is null in all records. Whether the suite's warning of that
# is an error depends on which tests ran before.
pytestmark = pytest.mark.filterwarnings("ignore:No records were available to test")


def _free_port() -> int:
    """The suite takes its settings when tests are collected, before any fixture has started a sandbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORT = _free_port()


@pytest.fixture(scope="module", autouse=True)
def _sandbox() -> Iterator[None]:
    with serve_in_thread(candidates=60, port=PORT):
        yield


TestTapHR4YOU = get_tap_test_class(
    TapHR4YOU, config={"base_url": f"http://127.0.0.1:{PORT}", "api_token": "sandbox", "tenant": "acme"}
)
