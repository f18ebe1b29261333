"""A draft as the text of a contract file: confidence and alternatives beside each entry, what is missing at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.evidence import LEAST
from hr4you.contract.yaml_text import inline, to_commented_yaml

if TYPE_CHECKING:
    from hr4you.contract.document import Place
    from hr4you.contract.draft.drafting import Draft
    from hr4you.contract.draft.evidence import Proposal

SURE: Final = 0.8
_DEEP: Final = frozenset({"actions"})  # so large that their figure stands in their provenance alone


def write(draft: Draft, source: str) -> str:
    """Return the file.

    Args:
        draft: what is written.
        source: where the document was found, in words.
    """
    beside: dict[Place, str] = {}
    for place, proposal in draft.entries.items():
        remark = _remark(proposal)
        if place[0] not in _DEEP or proposal.value is None:
            beside[place] = remark
    data = draft.data()
    for section in ("resources", "actions"):
        for name, value in data.get(section, {}).items():
            if isinstance(value, dict):
                data[section][name] = {"provenance": f"drafted ({_mean(draft, section, name):.2f})", **value}
    if "api" in data:
        data["api"] = {"provenance": f"drafted ({_mean(draft, 'api'):.2f})", **data["api"]}
    return _head(draft, source) + to_commented_yaml(data, beside=beside)


def _head(draft: Draft, source: str) -> str:
    lines = [
        f"A contract drafted from {_one_line(source)}.",
        "The figure behind an entry tells how sure it is (1.00: certain), `or` what else it may be. Look at all below",
        f"{SURE:.2f}. null: there is no such thing, or nobody could tell. Words that the default's vocabularies know",
        "are not repeated. `hr4you contract check` compares the file with the tenant's answers.",
    ]
    if draft.notes:
        lines += ["", "To be looked at:"]
        lines += [f"- {_one_line(note)}" for note in dict.fromkeys(draft.notes)]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + "\n"


def _remark(proposal: Proposal) -> str:
    """What stands behind an entry."""
    told = [_one_line(f"{inline(each.value)} ({each.confidence:.2f})") for each in proposal.others]
    if proposal.is_close:
        return f"several are as likely: {', '.join(told)}"
    if proposal.value is None:
        perhaps = f"not found; perhaps {', '.join(told)}" if told else "not found"
        return _one_line(f"{perhaps}; {proposal.note}" if proposal.note else perhaps)
    sure = f"{proposal.confidence:.2f}"
    others = f" or {', '.join(told)}" if told and proposal.others[0].confidence >= LEAST else ""
    return _one_line(f"{sure}{others}{'; ' + proposal.note if proposal.note else ''}")


def _one_line(text: str) -> str:
    """What the document calls its keys must not end the comment."""
    return "".join(character if character.isprintable() else " " for character in text)


def _mean(draft: Draft, *section: str) -> float:
    confidences = [
        proposal.confidence
        for place, proposal in draft.entries.items()
        if place[: len(section)] == section and proposal.value is not None
    ]
    return sum(confidences) / len(confidences) if confidences else 0.0


def summary(draft: Draft) -> dict[str, tuple[int, int, int]]:
    """For each section how many entries are sure, how many are less sure, how many were not found."""
    found: dict[str, tuple[int, int, int]] = {}
    for section, proposals in _sections(draft).items():
        sure = sum(each.value is not None and each.confidence >= SURE for each in proposals)
        unsure = sum(each.value is not None and each.confidence < SURE for each in proposals)
        found[section] = (sure, unsure, len(proposals) - sure - unsure)
    return found


def _sections(draft: Draft) -> dict[str, list[Proposal]]:
    found: dict[str, list[Any]] = {}
    for place, proposal in draft.entries.items():
        section = str(place[1]) if place[0] == "resources" else str(place[0])
        found.setdefault(section, []).append(proposal)
    return found
