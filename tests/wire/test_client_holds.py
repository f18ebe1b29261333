"""The client sends the wire as it is written down, nothing else, and understands the answers."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import hr4you_sandbox
from hr4you import errors
from hr4you.contract import load_contract
from hr4you.crawl import Pass
from hr4you.http import Client, Patience
from hr4you.resources import Reader
from hr4you.settings import Connection
from tests.wire.conversations import Conversation, Pair, conversations
from tests.wire.replay import replaying

if TYPE_CHECKING:
    from hr4you.contract import Contract

LEGACY = Path(hr4you_sandbox.__file__).with_name("legacy.yml")
CREDENTIALS = {"default": {"api_token": "sandbox"}, "legacy": {"username": "sandbox", "password": "sandbox"}}


class FastTime:
    """A clock that passes only while somebody waits, so that nobody does."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    "conversation", [pytest.param(each, id=each.id) for each in conversations() if each.terms["client"]]
)
def test_the_client_asks_as_it_is_written_down(conversation: Conversation, tmp_path: Path) -> None:
    contract = _contract(conversation, tmp_path)
    pairs = conversation.as_written()
    with replaying(pairs) as server:
        config = {
            "base_url": server.base_url,
            **(conversation.terms.get("credentials") or CREDENTIALS[conversation.dialect]),
        }
        time = FastTime()
        client = Client(
            Connection.from_config(config), contract.api, patience=Patience(clock=time.clock, sleep=time.sleep)
        )
        try:
            _converse(client, contract, conversation, pairs)
        finally:
            client.close()


def _contract(conversation: Conversation, folder: Path) -> Contract:
    override = folder / "override.yml"
    override.write_text(yaml.safe_dump({"version": 1, **conversation.terms.get("contract", {})}), "utf-8")
    return load_contract([*([LEGACY] if conversation.dialect == "legacy" else []), override])


def _converse(client: Client, contract: Contract, conversation: Conversation, pairs: list[Pair]) -> None:
    raises = conversation.terms.get("raises")
    if raises is None:
        _ask(client, contract, conversation.terms, pairs)
        return
    with pytest.raises(getattr(errors, raises)) as caught:
        _ask(client, contract, conversation.terms, pairs)
    told = str(caught.value)
    assert "\n" not in told
    assert "?" not in told.replace("? ", ""), "a query does not belong into a message"
    for pair in pairs:
        assert not isinstance(pair.answer_json, dict) or pair.answer_json.get("message", "\n") not in told


def _ask(client: Client, contract: Contract, terms: dict[str, Any], pairs: list[Pair]) -> None:
    if "resource" in terms:
        _read(client, contract, terms, pairs)
    elif "one" in terms:
        _fetch(Reader(client, contract, terms["one"]), pairs)
    elif "feed" in terms:
        answer = client.get_feed(terms["feed"])
        assert answer.body.decode() == pairs[0].text
    else:
        _send(client, contract, terms, pairs)


def _read(client: Client, contract: Contract, terms: dict[str, Any], pairs: list[Pair]) -> None:
    since = terms.get("since")
    pages = Reader(client, contract, terms["resource"], page_size=terms.get("page_size")).read(
        Pass(),
        since=datetime.strptime(since, "%Y-%m-%dT%H:%M:%S%z") if since else None,
        ids_only=terms.get("only_ids", False),
    )
    read = [item.wire for page in pages for item in page]
    assert read == [row for pair in pairs if pair.method == "GET" for row in _rows(pair.answer_json)]


def _rows(answer: Any) -> list[Any]:
    """The list in an answer: whatever is a list in it, so that this does not lean on the contract."""
    return answer if isinstance(answer, list) else next(part for part in answer.values() if isinstance(part, list))


def _fetch(reader: Reader, pairs: list[Pair]) -> None:
    ids = [pair.path.rpartition("/")[2] for pair in pairs]
    found = [item.wire for items in reader.fetch(ids) for item in items]
    assert found == [pair.answer_json["data"] for pair in pairs if pair.status == 200]


def _send(client: Client, contract: Contract, terms: dict[str, Any], pairs: list[Pair]) -> None:
    """Send each request once; what the client repeats, and its logins, are its own affair."""
    login = contract.api.base_path + (contract.api.auth.path or "\n")
    last_of_each = [
        pair
        for pair, following in itertools.zip_longest(
            [pair for pair in pairs if pair.path != login], [pair for pair in pairs if pair.path != login][1:]
        )
        if following is None or not _is_repeated(pair, following)
    ]
    for pair in last_of_each:
        path = pair.path.removeprefix(contract.api.base_path)
        if pair.status >= 400 and "raises" not in terms:
            with pytest.raises(errors.AnswerError) as caught:
                client.request(pair.method, path, params=pair.query or None, json=pair.json)
            assert (caught.value.status, caught.value.request_id) == (pair.status, "replay-1")
            continue
        answer = client.request(pair.method, path, params=pair.query or None, json=pair.json)
        assert (answer.status, answer.data) == (pair.status, pair.answer_json)
        assert answer.date is not None
        assert answer.date.isoformat() == "2026-02-03T10:00:00+00:00"


def _is_repeated(pair: Pair, following: Pair) -> bool:
    """Whether the next pair is the same request again, because this one's answer was none."""
    same = all(getattr(pair, name) == getattr(following, name) for name in ("method", "path", "query", "json"))
    return same and (pair.status >= 400 or pair.text is not None)
