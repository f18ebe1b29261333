"""Where a step sends to, and what is there already of what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hr4you.ledger.reading import made_for
from hr4you.text import to_text
from target_hr4you.lookups import NOT_OFFERED
from target_hr4you.rendering import match_text

if TYPE_CHECKING:
    from hr4you.contract import Step
    from hr4you.ledger.rows import Row
    from hr4you.ledger.rows import Step as StepRow
    from target_hr4you.rendering import Scope
    from target_hr4you.run import Run

PERSON: Final = "candidate"

KINDS: Final = {"applicant": PERSON}
"""What a step makes, by its name; of other steps it is the name."""


class Place(NamedTuple):
    """Where a request goes: the path, and the contract's template of it, which tells nothing of anybody."""

    path: str
    template: str


@dataclass(frozen=True)
class Surroundings:
    """What one step finds at the tenant.

    Attributes:
        kind: what the step makes.
    """

    run: Run
    row: Row
    step: Step
    scope: Scope
    kind: str

    @property
    def first_place(self) -> Place | None:
        """Where the step sends to; None where the action has made nothing yet to which it could."""
        template = self.step.request.path
        path = self.scope.path(template)
        return None if path is None else Place(path, template)

    @property
    def second_place(self) -> Place | None:
        """Where it sends to if the tenant does not offer the first place; None where there is none.

        Raises:
            HR4YouError: the tenant is not there.
        """
        fallback = self.step.fallback
        if fallback is None:
            return None
        scope = self.scope
        if fallback.lookup is not None:
            where = scope.path(fallback.lookup.path)
            try:
                found = None if where is None else self.run.client.get(where).data
            except NOT_OFFERED:
                return None
            scope = scope.having(lookup=to_text(fallback.lookup.id(found)))
        path = scope.path(fallback.path)
        return None if path is None else Place(path, fallback.path)

    def place_of(self, template: str | None) -> Place | None:
        """Return the place that was sent to with this template."""
        fallback = self.step.fallback
        is_second = fallback is not None and template == fallback.path
        return self.second_place if is_second else self.first_place

    def find(self, place: Place) -> dict[str, str] | None:
        """List what is at a place: remote id -> what `match` compares; None where nobody may look."""
        find = self.step.find
        if find is None:
            return None
        is_second = self.step.fallback is not None and place.template == self.step.fallback.path
        path = place.path if is_second else self.scope.path(find.path)
        return None if path is None else self.run.lookups.find(find, self.scope, path, self.kind)

    def ids(self, place: Place) -> list[str] | None:
        """Return the ids that are at a place, lowest first; None where nobody may look."""
        found = self.find(place)
        return None if found is None else sorted(found, key=as_number)

    def appeared(self, state: StepRow) -> list[str] | None:
        """Return the ids that fit and were not there before the step was sent; None where nobody may look."""
        place = self.place_of(state.path)
        found = None if place is None or state.known_ids is None else self.find(place)
        if found is None:
            return None
        known, wanted, digest = set(state.known_ids or ()), state.match_hmac, self.run.ledger.hmac
        new = [key for key, text in found.items() if key not in known and (wanted is None or digest(text) == wanted)]
        return sorted(new, key=as_number)

    def wanted(self) -> str | None:
        """Return the digest of what an object must have to be taken for what this step has made; None: anything."""
        find = self.step.find
        if find is None or not find.match:
            return None
        values = {name: self.scope.find(expression) for name, expression in find.match.items()}
        return self.run.ledger.hmac(match_text(values))

    def made_before(self) -> list[str]:
        """Return a person whom the tenant's search does not show yet, but an action has made."""
        if self.row.email_hmac is None:
            return []
        made = self.run.ledger.read(made_for, self.run.tenant, self.row.email_hmac)
        return [remote_id for remote_id in made if self.run.lookups.is_there(PERSON, remote_id)][:1]


def as_number(remote_id: str) -> tuple[int, str]:
    """Return what sorts ids that are numbers as such, and others behind them."""
    return (int(remote_id), "") if remote_id.isascii() and remote_id.isdigit() else (1 << 62, remote_id)
