"""Which value refers to which other resource, told from the values that were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.properties import Property, properties_of
from hr4you.contract.draft.slots import MEANING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract.document import Place
    from hr4you.contract.draft.schema import Schema

REFERENCES: Final = {"current_stage_id": "application_stages", "job_id": "jobs", "candidate_id": "candidates"}
_CONFIDENCE: Final = 0.75
_SHARE: Final = 0.6
_OTHER_SHARE: Final = 0.2
_DIFFERENT: Final = 2


def find_references(below: dict[Place, Proposal], item: Schema, ids: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Fill in, in place, references of applications whose names say nothing; return what their names' words stand for.

    Args:
        below: the proposals for applications.
        item: what their objects look like.
        ids: of each resource, as far as they were seen.
    """
    learnt: dict[str, str] = {}
    used = {proposal.value for proposal in below.values() if isinstance(proposal.value, str)}
    for name, resource in REFERENCES.items():
        place = ("fields", name)
        if place not in below or below[place].value is not None:
            continue
        found = [each for each in properties_of(item) if each.text not in used and _refers(each, resource, ids)]
        if len(found) == 1:
            below[place] = Proposal(found[0].text, _CONFIDENCE, note=f"its values are ids of {resource}")
            used.add(found[0].text)
            learnt |= {word: MEANING[resource] for word, known in found[0].own if not known}
    return learnt


def _refers(each: Property, resource: str, ids: Mapping[str, frozenset[str]]) -> bool:
    """Whether the values are ids of this resource, and hardly of another."""
    values = {str(value) for value in each.schema.examples}
    if not each.is_scalar or len(values) < _DIFFERENT or not ids.get(resource):
        return False
    shares = {name: len(values & known) / len(values) for name, known in ids.items()}
    return shares[resource] >= _SHARE and all(
        share <= _OTHER_SHARE for name, share in shares.items() if name not in {resource, "applications"}
    )
