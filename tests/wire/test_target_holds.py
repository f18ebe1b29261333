"""The target sends for each action what is written down, nothing else, and tells what has come of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.target_hr4you.runs import record, run_target, schema
from tests.wire.conversations import Conversation, conversations, fill
from tests.wire.replay import replaying

if TYPE_CHECKING:
    from pathlib import Path


def _with_target() -> list[Any]:
    return [pytest.param(each, id=each.id) for each in conversations() if "target" in each.terms]


@pytest.mark.parametrize("conversation", _with_target())
def test_the_target_sends_what_is_written_down_and_nothing_twice(conversation: Conversation, tmp_path: Path) -> None:
    told = fill(conversation.terms["target"], conversation.examples)
    messages = [schema(told["stream"]), record(told["stream"], **told["record"])]
    with replaying(conversation.as_written()) as server:
        config = {
            "api_token": "sandbox",
            "tenant": "acme",
            "ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}",
            "results_path": str(tmp_path / "results.jsonl"),
            **told.get("settings", {}),
            "base_url": server.base_url,
        }
        first = run_target(config, messages)
        again = run_target(config, messages)

    assert [first.status, again.status] == [told.get("status", 0)] * 2, first.log
    [result] = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text("utf-8").splitlines()]
    assert {name: result[name] for name in told["result"]} == told["result"]
    for pair in conversation.pairs:
        message = pair.answer_json.get("message") if isinstance(pair.answer_json, dict) else None
        assert message is None or message not in first.log + json.dumps(result, ensure_ascii=False)
