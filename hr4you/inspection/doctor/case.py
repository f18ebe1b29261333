"""What all checks of one run share: the tenant, its contract and what came from it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from hr4you.contract.loader import DEFAULT_NAME
from hr4you.errors import HR4YouError, TenantUnavailableError, TokenRefusedError
from hr4you.http import Patience

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import Contract, Resource
    from hr4you.contract.document import Document, Place
    from hr4you.crawl import Item
    from hr4you.http import Client
    from hr4you.http.answers import Answer
    from hr4you.settings import Connection

PATIENCE: Final = Patience(total=15.0, connect_timeout=5.0, first_retries=0, first_wait=0.5, longest_wait=2.0)
"""A person waits: better a line that says so than minutes of repetitions."""

MAX_RETRIES: Final = 1
REQUEST_TIMEOUT: Final = 10.0

STOP_AFTER: Final = 2
"""So many requests that nobody answers, and the tenant is asked for nothing more."""


@dataclass
class Seen:
    """The first page of a resource.

    Attributes:
        name: of the resource.
        items: empty too where it could not be read.
        total: how many the tenant says there are, None where it does not say or the resource is nested.
        is_read: whether the list could be read.
        error: what came instead of the list.
        changes: times of change of whatever objects came, UTC.
    """

    name: str
    items: list[Item] = field(default_factory=list)
    total: int | None = None
    is_read: bool = False
    error: HR4YouError | None = None
    changes: list[datetime] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """In the list's order, without objects that have none."""
        return [item.remote_id for item in self.items if item.remote_id is not None]


@dataclass
class Case:
    """The tenant that is looked at.

    Attributes:
        document: the contract's data, which knows the lines.
        headers: of the answers so far.
        seen: the resources that were looked at.
        unanswered: requests that nobody answered.
        skew: the tenant's clock less this machine's, in seconds; None where it does not tell.
        heeded: the resources whose filter for changes works.
    """

    connection: Connection
    document: Document
    contract: Contract
    client: Client
    headers: list[Mapping[str, str]] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    unanswered: int = 0
    skew: float | None = None
    heeded: list[str] = field(default_factory=list)

    @property
    def is_lost(self) -> bool:
        """Whether the tenant is down, as far as one can tell."""
        return self.unanswered >= STOP_AFTER

    @property
    def now(self) -> datetime:
        """The tenant's clock; this machine's where it does not tell."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.skew or 0.0)

    def note(self, answer: Answer) -> Answer:
        """Keep what its headers tell."""
        self.headers.append(answer.headers)
        return answer

    def note_error(self, error: HR4YouError) -> None:
        """Count a request that nobody answered; a refusal is an answer."""
        if isinstance(error, TenantUnavailableError) and not isinstance(error, TokenRefusedError):
            self.unanswered += 1

    def key(self, *place: str | int) -> str:
        """Return a place in the contract with the file and line that say so."""
        marked: Place = place
        while marked and marked not in self.document.marks:
            marked = marked[:-1]
        mark = self.document.marks.get(marked)
        own = mark is not None and mark.file != DEFAULT_NAME
        return f"`{'.'.join(map(str, place))}` ({mark if own else 'so far the default'})"

    def list_key(self, resource: Resource, name: str) -> str:
        """Return `key` of something that a list may have of its own, else the whole API."""
        if getattr(resource.list, name) is not None:
            return self.key("resources", resource.name, "list", name)
        return self.key("api", name)
