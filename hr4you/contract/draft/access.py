"""How a document says that requests prove who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.matching import likely
from hr4you.contract.draft.paging import asking_slots
from hr4you.contract.draft.properties import properties_of
from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you.contract.draft.openapi import OpenAPI, Operation, SecurityScheme
    from hr4you.contract.draft.properties import Property
    from hr4you.contract.draft.schema import Schema

_SCHEME: Final = 0.92
_LOGIN: Final = 0.9
_LOGIN_BESIDE: Final = 0.7
_GUESSED: Final = 0.4
_LOGIN_METHODS: Final = frozenset({"POST", "PUT"})


def place_auth(api: OpenAPI, credentials: frozenset[str] = frozenset()) -> tuple[Proposal, list[str]]:
    """Return ``api.auth`` and what a person has to know of it.

    Args:
        api: the document.
        credentials: the settings that are given, such as ``username``; they tell which of several ways is meant.
    """
    schemes = [(scheme, _as_auth(scheme)) for scheme in api.security]
    usable = [(scheme, auth) for scheme, auth in schemes if auth is not None]
    login = _find_login(api)
    notes = [
        f"The document also names an authentication that the contract has no type for ({scheme.kind}"
        f"{', in the ' + scheme.place if scheme.place and scheme.place != 'header' else ''})."
        for scheme, auth in schemes
        if auth is None and scheme.is_used
    ]
    best = usable[0][1] if usable else None
    if login is not None and best != {"type": "basic"} and "api_token" not in credentials:
        then = best or {"type": "bearer"}
        confidence = _LOGIN if best is not None or not schemes else _LOGIN_BESIDE
        return Proposal({**login, "then": then}, confidence), notes
    if best is None:
        return Proposal({"type": "bearer"}, _GUESSED, note="the document does not say; this is a guess"), notes
    proposal = Proposal(best, _SCHEME)
    if "username" in credentials and any(auth == {"type": "basic"} for _, auth in usable):
        proposal = Proposal({"type": "basic"}, _SCHEME)
    return proposal, notes


def _as_auth(scheme: SecurityScheme) -> dict[str, Any] | None:
    """The contract's ``auth`` for a scheme; None where it has none."""
    if scheme.kind in {"bearer", "basic"}:
        return {"type": scheme.kind}
    if scheme.kind == "apiKey" and scheme.place == "header":
        if scheme.header.lower() != "authorization":
            return {"type": "header", "name": scheme.header}
        return {"type": "bearer" if "bearer" in scheme.description.lower() else "raw"}
    return None


def _find_login(api: OpenAPI) -> dict[str, Any] | None:
    """The login call as ``auth`` has it, without ``then``; None where the document has none."""
    for operation in api.operations:
        if operation.method in _LOGIN_METHODS and not operation.holes and operation.body is not None:
            found = _login_of(operation, operation.body)
            if found is not None:
                return found
    return None


def _login_of(operation: Operation, body: Schema) -> dict[str, Any] | None:
    if not any("login" in vocabulary().meanings(part) for part in operation.parts):
        return None
    sent = [each for each in properties_of(body) if len(each.path) == 1]
    password = _best(sent, "login_password")
    name = _best([each for each in sent if each is not password], "login_name")
    answer = [] if operation.answer is None else [each for each in properties_of(operation.answer) if each.is_scalar]
    token = _best(answer, "login_token")
    if password is None or name is None or token is None:
        return None
    expires = _best([each for each in answer if each is not token], "login_expires")
    method = {} if operation.method == "POST" else {"method": operation.method}
    found = {
        "type": "login",
        "path": operation.path,
        **method,
        "body": {str(name.path[-1]): "username", str(password.path[-1]): "password"},
        "token": token.text,
    }
    return found | {"expires_in": expires.text} if expires is not None else found


def _best(found: Iterable[Property], slot: str) -> Property | None:
    best = likely(found, asking_slots()[slot])
    return best.value if best is not None else None
