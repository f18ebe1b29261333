"""The figures of docs/contract.md: how much of what a person would map the drafts of our tenants have.

`python -m tests.tenants.figures` writes the table anew.
"""

from __future__ import annotations

import importlib
import re
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from hr4you.contract.document import read_document
from hr4you.contract.draft import vocabularies, words
from hr4you.contract.draft.drafting import draft
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.source import parse_openapi
from hr4you.inspection.looking import draft_with_answers
from hr4you.settings import Connection
from tests.tenants.measure import HERE, NAMES, Measured, compare, document_of, objects_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD_OUT: Final = ("fuchs", "igel")
DOCS: Final = HERE.parent.parent / "docs" / "contract.md"
PLACE: Final = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
BEFORE: Final = {"kranich": "59 %", "otter": "93 %", "luchs": "92 %", "biber": "49 %"}
"""Seen once, of the document alone, with the drafter as it was before anybody who wrote it had read these documents."""


@cache
def objects(name: str) -> dict[str, list[dict[str, Any]]]:
    """What the tenant holds; asked for once."""
    return objects_of(name)


def of_document(name: str) -> Measured:
    """Of the document alone."""
    return compare(name, draft(document_of(name)), HERE / name, objects(name))


def with_a_look(name: str) -> Measured:
    """With one page of each list, as `hr4you contract draft` does with credentials."""
    server = importlib.import_module(f"tests.tenants.{name}.server")
    with server.serve() as tenant:
        connection = Connection.from_config({**server.CREDENTIALS, "base_url": tenant.base_url})
        drafted, _ = draft_with_answers(
            document_of(name), connection, credentials=frozenset(server.CREDENTIALS), docs=None
        )
    return compare(name, drafted, HERE / name, objects(name))


def left_out(name: str) -> Measured:
    """Of the document alone, with tables that lack what was learnt from it."""
    learnt = read_document(HERE / "learnt.yml").data[name]
    table = words.read_table(words.TABLE)
    for meaning, listed in learnt.get("words", {}).items():
        table[meaning] = [word for word in table[meaning] if word not in listed]
    written = read_document(vocabularies.TABLE).data
    for vocabulary, meanings in learnt.get("vocabulary", {}).items():
        for unified, listed in meanings.items():
            written[vocabulary][unified] = [word for word in written[vocabulary][unified] if word not in listed]
    with ExitStack() as stack:
        stack.enter_context(words.using(words.Words(table)))
        stack.enter_context(patch.object(vocabularies, "read_vocabulary", lambda: written))
        vocabularies.known_words.cache_clear()
        stack.callback(vocabularies.known_words.cache_clear)
        return of_document(name)


def of_hold_out(name: str) -> Measured:
    """Of a document on which nothing was tuned."""
    folder = HERE / "holdout" / name
    path = next(path for path in folder.iterdir() if path.stem == "openapi")
    return compare(name, draft(OpenAPI(parse_openapi(path.read_bytes(), path.name))), folder, {})


def rows() -> Iterator[str]:
    """The table's lines."""
    heads = (
        *("document", "a person maps", "found, document alone", "without what was learnt from it"),
        *("before any tuning", "with a look at the tenant", "wrong above 0.8"),
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for name in NAMES:
        alone, looked, without = of_document(name), with_a_look(name), left_out(name)
        wrong = len(alone.surely_wrong) + len(looked.surely_wrong)
        shares = (_percent(alone), _percent(without), BEFORE[name], _percent(looked))
        yield f"| `{name}` | {alone.expected} | {' | '.join(shares)} | {wrong} |"
    for name in HOLD_OUT:
        held = of_hold_out(name)
        yield f"| `{name}` (hold-out) | {held.expected} | {_percent(held)} | | | | {len(held.surely_wrong)} |"


def _percent(measured: Measured) -> str:
    """Rounded down: 100 % is all of it."""
    return f"{int(100 * measured.share)} %"


if __name__ == "__main__":
    text = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(PLACE.sub(lambda _: "\n".join(rows()) + "\n", text), encoding="utf-8")
