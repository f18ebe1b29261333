"""What became of an application: PENDING, HIRED or DECLINED, from an ordered list of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hr4you.contract.expressions import union_of_roots
from hr4you.ids import to_remote_id
from hr4you.mapping.layout import getter, roots_of
from hr4you.mapping.vocabulary import to_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hr4you.mapping.findings import Findings
    from hr4you.mapping.layout import Getter, Layout
    from hr4you.mapping.vocabulary import Vocabulary


class Outcome:
    """Asks the sources in turn; the first that has an answer counts, null where none has.

    - ``status``: the field ``outcome`` of the contract, through the vocabulary.
    - ``stage_name``: the name of the current stage, through the vocabulary.
    - ``flags``: the first flag of the contract that is set.

    A word that a source gives and the vocabulary does not know is counted, also where a later source knows an answer.
    """

    def __init__(
        self,
        layout: Layout,
        sources: Sequence[str],
        vocabulary: Vocabulary,
        findings: Findings,
        stage_name: Callable[[str], str | None] | None,
    ) -> None:
        self._vocabulary = vocabulary
        self._findings = findings
        self._asked: list[Getter] = []
        places = []
        status, stage = layout.fields.get("outcome"), layout.fields.get("current_stage_id")
        for source in sources:
            if source == "status" and status is not None:
                self._asked.append(self._by_word(getter(status)))
                places.append(status)
            elif source == "stage_name" and stage is not None and stage_name is not None:
                self._asked.append(self._by_word(_stage_word(getter(stage), stage_name)))
                places.append(stage)
            elif source == "flags" and layout.flags:
                self._asked.append(_by_flag([(value, getter(place)) for value, place in layout.flags.items()]))
                places.extend(layout.flags.values())
        self.roots = union_of_roots(map(roots_of, places))

    def __call__(self, wire: Any) -> str | None:
        """The outcome of one application."""
        for ask in self._asked:
            outcome: str | None = ask(wire)
            if outcome is not None:
                return outcome
        return None

    def _by_word(self, get: Getter) -> Getter:
        def ask(wire: Any) -> str | None:
            value = get(wire)
            word = to_word(value)
            if word is None:
                return None
            found = self._vocabulary.find(word)
            if found is None and value is not False:
                self._findings.note_unmapped("outcome", word)
            return found

        return ask


def _stage_word(get: Getter, stage_name: Callable[[str], str | None]) -> Getter:
    def word(wire: Any) -> str | None:
        remote_id = to_remote_id(get(wire))
        return None if remote_id is None else stage_name(remote_id)

    return word


_NOT_SET = frozenset({"", "0", "false", "nein", "no", "n"})


def _by_flag(flags: list[tuple[str, Getter]]) -> Getter:
    def ask(wire: Any) -> str | None:
        for outcome, get in flags:
            value = get(wire)
            if value and not (isinstance(value, str) and value.strip().casefold() in _NOT_SET):
                return outcome
        return None

    return ask
