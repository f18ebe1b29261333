"""The SDK's private seams that the tap leans on (tap_hr4you/sdk.py lists them): each is still there and still called.

A new singer-sdk that moves one fails here, by name, and not somewhere in the middle of a sync.
"""

from __future__ import annotations

import inspect
import signal
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk import Stream, Tap
from singer_sdk.plugin_base import PluginBase, _ConfigInput

from hr4you.errors import HR4YouError
from tap_hr4you.sdk import RecordStream
from tap_hr4you.tap import TapHR4YOU
from tests.tap_hr4you.runs import run_tap

if TYPE_CHECKING:
    from tests.control import Control

SEAMS: list[tuple[type, type, str, list[str]]] = [
    (Stream, RecordStream, "_write_record_message", ["self", "record"]),
    (Stream, RecordStream, "_write_starting_replication_value", ["self", "context"]),
    (Stream, RecordStream, "_increment_stream_state", ["self", "latest_record", "context"]),
    (Stream, RecordStream, "get_replication_key_signpost", ["self", "context"]),
    (Stream, RecordStream, "generate_child_contexts", ["self", "record", "context"]),
    (Stream, RecordStream, "get_batch_config", ["self", "config"]),
    (PluginBase, TapHR4YOU, "_validate_config", ["self", "raise_errors"]),
    (Tap, TapHR4YOU, "_handle_termination", ["self", "signum", "frame"]),
    (Tap, TapHR4YOU, "load_state", ["self", "state"]),
]


@pytest.mark.parametrize(("base", "ours", "name", "parameters"), SEAMS, ids=[seam[2] for seam in SEAMS])
def test_the_sdk_has_the_seam_as_we_override_it(base: type, ours: type, name: str, parameters: list[str]) -> None:
    assert name in vars(ours)
    for owner in (base, ours):
        assert [each.lstrip("_") for each in inspect.signature(getattr(owner, name)).parameters] == parameters


CALLED_IN_A_SYNC = [
    (RecordStream, "_write_record_message"),
    (RecordStream, "_write_starting_replication_value"),
    (RecordStream, "_increment_stream_state"),
    (RecordStream, "get_replication_key_signpost"),
    (RecordStream, "generate_child_contexts"),
    (RecordStream, "get_batch_config"),
    (TapHR4YOU, "_validate_config"),
]


def test_the_sdk_calls_the_seams_in_a_sync(sandbox: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()

    def spy_on(owner: type, name: str) -> None:
        real = getattr(owner, name)

        def spy(*args: Any, **kwargs: Any) -> Any:
            called.add(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, spy)

    for owner, name in CALLED_IN_A_SYNC:
        spy_on(owner, name)
    run_tap(sandbox.config)

    assert called == {name for _, name in CALLED_IN_A_SYNC}


def test_the_sdk_takes_its_environment_from_the_property_we_override(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(inspect.getattr_static(PluginBase, "_env_var_config"), type(vars(TapHR4YOU)["_env_var_config"]))
    monkeypatch.setenv("HR4YOU_SUBDOMAIN", "acme")
    monkeypatch.setenv("TAP_HR4YOU_API_TOKEN", "t")

    tap = TapHR4YOU(config={}, parse_env_config=True)

    assert (tap.config["subdomain"], tap.config["api_token"]) == ("acme", "t")


def test_the_sdk_hands_the_config_over_as_we_take_it() -> None:
    given = _ConfigInput(config={"subdomain": "acme"}, parse_env=True)

    assert (given.config, given.parse_env) == ({"subdomain": "acme"}, True)


def test_the_sdk_puts_our_handler_on_both_signals() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        tap = TapHR4YOU(config={"subdomain": "acme", "api_token": "t"})
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == [tap._handle_termination] * 2
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)


def test_the_sdk_logs_a_streams_failure_through_log(sandbox: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = RecordStream.log

    def spy(stream: RecordStream, message: str, *args: Any, **kwargs: Any) -> None:
        seen.append(message)
        real(stream, message, *args, **kwargs)

    monkeypatch.setattr(RecordStream, "log", spy)
    with pytest.raises(HR4YouError):
        TapHR4YOU(config={**sandbox.config, "api_token": "wrong"}).run()

    assert seen
