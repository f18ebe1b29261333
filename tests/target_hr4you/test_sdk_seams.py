"""What the target overrides of the SDK is still there, takes what it took, and is still called."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk import Target
from singer_sdk.mapper import PluginMapper
from singer_sdk.plugin_base import BaseSingerReader, PluginBase
from singer_sdk.singerlib.encoding.base import GenericSingerReader

from target_hr4you.reader import MessageReader
from target_hr4you.target import TargetHR4YOU
from tests.target_hr4you.runs import record, run_target, schema, state, target_config

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

SEAMS: list[tuple[type, type, str, list[str]]] = [
    (Target, TargetHR4YOU, "_process_schema_message", ["self", "message_dict"]),
    (Target, TargetHR4YOU, "_process_record_message", ["self", "message_dict"]),
    (Target, TargetHR4YOU, "_process_state_message", ["self", "message_dict"]),
    (Target, TargetHR4YOU, "_process_batch_message", ["self", "message_dict"]),
    (Target, TargetHR4YOU, "_process_activate_version_message", ["self", "message_dict"]),
    (Target, TargetHR4YOU, "_handle_termination", ["self", "signum", "frame"]),
    (Target, TargetHR4YOU, "process_endofpipe", ["self"]),
    (PluginBase, TargetHR4YOU, "_validate_config", ["self", "raise_errors"]),
    (GenericSingerReader, MessageReader, "process_lines", ["self", "file_input", "callbacks"]),
]


@pytest.mark.parametrize(("base", "ours", "name", "parameters"), SEAMS, ids=[seam[2] for seam in SEAMS])
def test_the_sdk_has_the_seam_as_we_override_it(base: type, ours: type, name: str, parameters: list[str]) -> None:
    assert name in vars(ours)
    for owner in (base, ours):
        assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_the_sdk_still_reads_through_what_we_override() -> None:
    assert "process_lines" in inspect.getsource(BaseSingerReader.listen)
    assert "process_endofpipe" in inspect.getsource(BaseSingerReader.listen)
    assert list(inspect.signature(PluginMapper.register_raw_stream_schema).parameters) == [
        *("self", "stream_name", "schema", "key_properties")
    ]


def test_the_sdk_calls_each_of_them(sandbox: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def spy_on(name: str) -> None:
        real = getattr(TargetHR4YOU, name)

        def spy(*args: Any, **kwargs: Any) -> Any:
            called.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(TargetHR4YOU, name, spy)

    wanted = [name for _, ours, name, _ in SEAMS if ours is TargetHR4YOU and "termination" not in name]
    for name in wanted:
        spy_on(name)
    stream = "add_note_to_application"
    version = {"type": "ACTIVATE_VERSION", "stream": stream, "version": 1}
    batch = {"type": "BATCH", "stream": stream}
    note = record(stream, action_id="1", application_id="1", content="a")
    run_target(target_config(sandbox, tmp_path), [schema(stream), note, version, state(1)])
    run_target(target_config(sandbox, tmp_path), [schema(stream), batch])

    assert set(called) == set(wanted)


def test_the_sdk_does_not_write_state_by_itself(sandbox: Control, tmp_path: Path) -> None:
    ended = run_target(target_config(sandbox, tmp_path), [state({"n": 1}), state({"n": 1}), state({"n": 2})])

    assert ended.states == [{"n": 1}, {"n": 1}, {"n": 2}]
