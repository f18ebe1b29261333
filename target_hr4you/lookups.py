"""What is asked of the tenant before and after something is sent: what exists already, and what it is called there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hr4you.contract import EachSpec, Expression
from hr4you.errors import AnswerError, ForbiddenError, NotFoundError, RequestRefusedError, UnexpectedAnswerError
from hr4you.http.paging import read_pages
from hr4you.ids import MODEL_OF_STREAM, to_remote_id
from hr4you.mapping.vocabulary import Vocabulary, to_word
from hr4you.text import fold, to_text
from target_hr4you.rendering import match_text
from target_hr4you.wording import to_wire_id

if TYPE_CHECKING:
    from hr4you.contract import Contract, Find, Lookup
    from hr4you.contract.resource import Resource
    from hr4you.http import Client
    from target_hr4you.rendering import Scope

NOT_OFFERED: Final = (ForbiddenError, NotFoundError, RequestRefusedError)
"""What a tenant answers where it lets nobody look, or has nothing there."""

_NOT_IMPLEMENTED: Final = 501
_CLOSED: Final = frozenset({"CLOSED", "DRAFT", "ARCHIVED"})

_Check = Callable[[Mapping[str, Any]], "bool | None"]
"""Whether an object is the one meant; None where it does not show what would tell."""

logger = logging.getLogger("target-hr4you")


class Lookups:
    """Asks one tenant; for all threads of a run.

    Args:
        client: of the tenant.
        contract: says where things are.
    """

    def __init__(self, client: Client, contract: Contract) -> None:
        self._client = client
        self._contract = contract
        self._lock = threading.Lock()
        self._lists: dict[str, dict[str, Any]] = {}
        self._status = Vocabulary(contract.vocabularies.get("status", {}))

    def source_id(self, name: str) -> Any:
        """Return a source's id as the wire has it, None where the tenant does not list it."""
        sources = self._contract.sources
        return None if sources is None else self._named("sources", sources, sources.id).get(fold(name))

    def field_key(self, label: str) -> Any:
        """Return the key of the application field with this label, None where there is none."""
        fields = self._contract.custom_field_definitions
        return None if fields is None else self._named("custom_field_definitions", fields, fields.key).get(fold(label))

    def find(self, find: Find, scope: Scope, path: str, kind: str) -> dict[str, str] | None:
        """List what is there of the kind that a step makes.

        What the tenant lists beside what was asked for (one that does not know a parameter may leave it aside and list
        everything) does not count, as far as the contract can tell it.

        Args:
            find: of the step.
            scope: of the action.
            path: where to look.
            kind: candidate, application, or another name of a step.

        Returns:
            Remote id -> the text of what `match` compares; None where the tenant does not let anybody look.

        Raises:
            HR4YouError: the tenant is not there, or answers with something else.
        """
        email = scope.value("candidate", "email_address")
        found = self._list(find, scope, path, kind)
        if found is None or kind != "candidate" or email == email.casefold():
            return found
        person = {**scope.value("candidate"), "email_address": email.casefold()}
        return found | (self._list(find, scope.having(candidate=person), path, kind) or {})

    def _list(self, find: Find, scope: Scope, path: str, kind: str) -> dict[str, str] | None:
        params = scope.params(find.params)
        if params is None:
            return None
        try:
            answer = self._client.request("GET", path, params=params, returned={_NOT_IMPLEMENTED})
        except NOT_OFFERED:
            return None
        if answer.status == _NOT_IMPLEMENTED:
            return None
        wires = find.records(answer.data)
        if wires is not None and not isinstance(wires, list):
            raise UnexpectedAnswerError(
                f"GET {find.path}: `{find.records.text}` is no list. Check `find` of the action in the contract"
            )
        is_meant = self._check_of(kind, scope)
        found = {}
        for wire in wires or []:
            remote_id = to_remote_id(find.id(wire))
            if remote_id is None or not isinstance(wire, dict):
                continue
            fits = is_meant(wire)
            if fits is None:  # the list is short of what tells: the object itself may not be
                fits = is_meant(self._get(kind, remote_id) or {})
            if fits is None:
                return None
            if fits:
                found[remote_id] = match_text({name: wire.get(name) for name in find.match})
        return found

    def is_there(self, kind: str, remote_id: str) -> bool:
        """Whether an object of this kind exists, as far as the token may know."""
        return self._get(kind, remote_id) is not None

    def is_closed_job(self, remote_id: str) -> bool:
        """Whether a job takes no applications, as far as its status tells."""
        status = self._contract.resources["jobs"].fields.get("status")
        wire = self._get("job", remote_id)
        word = to_word(status(wire)) if wire is not None and isinstance(status, Expression) else None
        return bool(word) and self._status.find(word or "") in _CLOSED

    def _get(self, kind: str, remote_id: str) -> dict[str, Any] | None:
        """Return the object, None where there is none or none that may be seen."""
        stream = next(stream for stream, model in MODEL_OF_STREAM.items() if model == kind)
        resource = self._contract.resources[stream]
        if resource.get is None:
            return None
        try:
            answer = self._client.get(resource.get.replace("{id}", quote(remote_id, safe="")))
        except AnswerError:
            return None
        wire = self._contract.record_of(resource)(answer.data)
        return wire if isinstance(wire, dict) and to_remote_id(resource.id(wire)) == remote_id else None

    def _check_of(self, kind: str, scope: Scope) -> _Check:
        """Return what tells whether a listed object is of the person or the pair that was asked for."""
        if kind == "candidate":
            return _of_person(self._contract.resources["candidates"], scope.value("candidate", "email_address"))
        if kind == "application":
            job, candidate = scope.value("application", "job_id"), scope.value("steps", "applicant", "id")
            return _of_pair(self._contract.resources["applications"], {"job_id": job, "candidate_id": candidate})
        return lambda _: True

    def _named(self, name: str, lookup: Lookup, key: Any) -> Mapping[str, Any]:
        """Return folded label -> key of a short list; asked for once in a run. Empty where nobody may see it."""
        with self._lock:  # several threads want it at the same moment
            if name not in self._lists:
                self._lists[name] = self._read(name, lookup, key)
            return self._lists[name]

    def _read(self, name: str, lookup: Lookup, key: Any) -> dict[str, Any]:
        listing = lookup.list
        pages = read_pages(
            self._client,
            listing.path or "",
            self._contract.pagination_of(listing),
            self._contract.records_of(listing),
            dict(listing.params),
            method=listing.method,
            page_size=None,
            eager=False,
        )
        found: dict[str, Any] = {}
        try:
            for page in pages:
                for wire in page.records:
                    label, value = to_text(lookup.label(wire)), key(wire)
                    if label and value is not None:
                        found.setdefault(fold(label), to_wire_id(value) if name == "sources" else value)
        except NOT_OFFERED:
            logger.warning(
                "The tenant does not show its list `%s` to this token: what is named in it is not known.", name
            )
        return found


def _of_person(resource: Resource, email: Any) -> _Check:
    """Return what tells whether a candidate has this e-mail address, whatever its case."""
    spec = resource.fields.get("email_addresses")
    wanted = str(email).strip().casefold()

    def is_meant(wire: Mapping[str, Any]) -> bool | None:
        if not isinstance(spec, EachSpec) or "email_address" not in spec.fields:
            return True  # the contract trusts the tenant's search
        elements = spec.each(wire)
        if elements is None:
            return None
        address = spec.fields["email_address"]
        elements = elements if isinstance(elements, list) else [elements]
        return any((to_text(address(element)) or "").casefold() == wanted for element in elements)

    return is_meant


def _of_pair(resource: Resource, wanted: Mapping[str, Any]) -> _Check:
    """Return what tells whether an application is of this job and this candidate."""
    fields = {name: field for name in wanted if isinstance(field := resource.fields.get(name), Expression)}

    def is_meant(wire: Mapping[str, Any]) -> bool | None:
        found = {name: to_text(field(wire)) for name, field in fields.items()}
        if None in found.values():
            return None
        return all(value == to_text(wanted[name]) for name, value in found.items())

    return is_meant
