"""A signal that comes while lines are on their way out."""

from __future__ import annotations

import contextlib
import io
import json
import signal
from typing import TYPE_CHECKING

import pytest

from tap_hr4you.command import run
from tests.tap_hr4you.runs import TapRun, restored_logging, run_tap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Buffer

    from tests.control import Control


class Interrupted(io.BytesIO):
    """Standard output on which half of a write is out when the signal comes."""

    def __init__(self, number: signal.Signals, nth: int) -> None:
        super().__init__()
        self.number = number
        self.left = nth

    def write(self, data: Buffer) -> int:
        whole = bytes(data)
        self.left -= 1
        if self.left:
            return super().write(whole)
        super().write(whole[: len(whole) // 2])
        signal.raise_signal(self.number)
        super().write(whole[len(whole) // 2 :])
        return len(whole)


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_signal_in_the_middle_of_a_write_leaves_whole_lines_and_valid_state(
    sandbox: Control, tmp_path: Path, number: signal.Signals, status: int, nth: int
) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**sandbox.config, "page_size": 20}))
    binary, log = Interrupted(number, nth), io.StringIO()
    out = io.TextIOWrapper(binary)
    with restored_logging(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(log):
        with pytest.raises(SystemExit) as ended:
            run(["--config", str(file)])
        out.flush()
    done = TapRun(status, binary.getvalue(), log.getvalue())

    assert ended.value.code == status
    assert "Traceback" not in done.log
    rest = run_tap(sandbox.config, state=done.state)
    told = {record["id"] for each in (done, rest) for record in each.records()}
    assert told == {record["id"] for record in run_tap(sandbox.config).records()}
