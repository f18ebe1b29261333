"""What a request has to send: the places in its body for what an action says."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.document import read_document
from hr4you.contract.draft.evidence import LEAST, Scored
from hr4you.contract.draft.fields import assign
from hr4you.contract.draft.matching import Slot, best_of, likely
from hr4you.contract.draft.properties import properties_of
from hr4you.contract.draft.slots import words_of
from hr4you.contract.draft.vocabularies import written_words

if TYPE_CHECKING:
    from hr4you.contract.document import Place
    from hr4you.contract.draft.properties import Property
    from hr4you.contract.draft.schema import Schema

_TABLE: Final = Path(__file__).with_name("sending.yml")


@dataclass
class Body:
    """A request's body.

    Attributes:
        tree: as ``body`` or ``multipart`` in the contract.
        confidence: of each input that has a place.
        left: required keys for which no input was found.
        words: vocabulary -> unified word -> what to send.
    """

    tree: dict[str, Any] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    words: dict[str, dict[str, list[str]]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def input_slots(step: str) -> dict[str, Slot]:
    """What a step has to say, by the expressions that say it."""
    table = read_document(_TABLE, _TABLE.name).data[step]
    return {said: Slot.from_table(raw, words=words_of(raw)) for said, raw in table.items()}


def fill(step: str, schema: Schema, *, is_flat: bool = False) -> Body:
    """Find the places of a step's inputs in what a request sends; the parts of a form hold no objects."""
    found = [each for each in properties_of(schema) if each.is_scalar and (len(each.path) == 1 or not is_flat)]
    pairs: dict[Place, list[Scored[Property]]] = {
        (said,): best_of(found, slot) for said, slot in input_slots(step).items()
    }
    for place, listed in pairs.items():  # an e-mail address in a list of them is as good as one alone
        pairs[place] = [
            Scored(each.value, min(each.confidence / 0.8, 0.9) if 0 in each.value.path else each.confidence)
            for each in listed
        ]
    by_text = {each.text: each for each in found}
    body = Body()
    used: set[str] = set()
    for place, proposal in assign(pairs).items():
        if proposal.value is None or proposal.confidence < LEAST:
            continue
        value, said = by_text[proposal.value], str(place[0])
        _put(body.tree, value.path, said)
        body.confidence[said] = proposal.confidence
        used.add(str(value.path[0]))
        _note_words(body, said, value)
    body.left = [name for name in schema.required if name not in used]
    return body


def _note_words(body: Body, said: str, value: Property) -> None:
    for name in ("gender", "attachment_type"):
        if said.startswith(f"{name}(") and value.schema.enum:
            body.words[name] = written_words(name, value.schema.enum)


def _put(tree: dict[str, Any], path: tuple[str | int, ...], said: str) -> None:
    """Put an expression at its place; 0 in the path makes a list of one element."""
    node: Any = tree
    for part, following in itertools.pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(part, int):
            if not node:
                node.append(empty)
            node = node[0]
        else:
            node = node.setdefault(part, empty)
    last = path[-1]
    if isinstance(last, int):
        node.append(said)
    else:
        node[last] = said


def named_value(schema: Schema, slot: Slot) -> Property | None:
    """The single value inside an object that fits best; None where none does."""
    found = [each for each in properties_of(schema) if each.is_scalar and 0 not in each.path]
    best = likely(found, slot)
    return best.value if best is not None else None
