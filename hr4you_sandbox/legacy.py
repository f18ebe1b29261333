"""The dialect ``legacy``: German names, nested objects, other codes, offset paging, naive Berlin times, a login.

Nothing of it was seen at a tenant; it is made to differ from the default wire in everything that a contract can say
(``legacy.yml`` beside this file).
"""

from __future__ import annotations

import itertools
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from hr4you_sandbox.answers import Answer, RefusalError, json_answer
from hr4you_sandbox.clock import berlin_text, parse_time, utc_text
from hr4you_sandbox.dialect import MAX_SIZE, Dialect
from hr4you_sandbox.store import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.store import Table

TOKEN_SECONDS = 3_600
_USUAL_SIZE = 50

_JOB_STATUS = {"offen": "aktiv", "geschlossen": "beendet", "entwurf": "Entwurf", "archiviert": "Archiv"}
_VISIBILITY = {
    "oeffentlich": "extern",
    "intern": "intern",
    "nichtgelistet": "nur mit Link",
    "vertraulich": "vertraulich",
}
_STATUS = {
    "neu": "Neu",
    "in_bearbeitung": "In Bearbeitung",
    "eingestellt": "Eingestellt",
    "abgelehnt": "Absage",
    "zurueckgezogen": "Zurückgezogen",
}


class Key(NamedTuple):
    """One key of a legacy object."""

    path: str
    """Dotted, in the legacy object."""
    wire: str
    """Its key on the default wire."""
    codes: dict[str, str] | None = None
    """Default value -> legacy value."""
    items: dict[str, str] | None = None
    """For lists of objects: legacy key -> default key."""
    time: bool = False


_CHANGED = Key("geaendert", "updatedAt", time=True)
_CREATED = Key("angelegt", "createdAt", time=True)
_EXTRA = Key(
    "zusatzfelder", "customFields", items={"feld": "key", "bezeichnung": "label", "art": "type", "wert": "value"}
)

SHAPES: dict[str, tuple[Key, ...]] = {
    "users": (
        Key("nr", "userId"),
        Key("vorname", "firstname"),
        Key("nachname", "lastname"),
        Key("mail", "email"),
        Key("aktiv", "active"),
        _CHANGED,
    ),
    "jobs": (
        Key("nr", "jobId"),
        Key("bezeichnung", "jobTitle"),
        Key("text.html", "jobFulltext"),
        Key("beschaeftigung", "jobEmploymentType"),
        Key("kategorie", "jobCategory"),
        Key("zustand", "jobStatus", codes=_JOB_STATUS),
        Key("sichtbar", "jobVisibility", codes=_VISIBILITY),
        Key("arbeitsort.ort", "jobWorkplace"),
        Key("arbeitsort.plz", "jobWorkplaceZipcode"),
        Key("arbeitsort.strasse", "jobStreet"),
        Key("arbeitsort.bundesland", "jobRegion"),
        Key("arbeitsort.land", "jobCountry"),
        Key("link", "jobOffer"),
        Key("von", "jobPublishingDateFrom"),
        Key("bis", "jobPublishingDateUntil"),
        Key("ansprechpartner_nr", "contactId"),
        _EXTRA,
        _CREATED,
        _CHANGED,
    ),
    "applicants": (
        Key("nr", "applicantId"),
        Key("person.vorname", "firstname"),
        Key("person.nachname", "lastname"),
        Key("mails", "emails", items={"art": "type", "adresse": "address"}),
        Key("telefone", "phones", items={"art": "type", "nummer": "number"}),
        Key("anschrift.strasse", "street"),
        Key("anschrift.plz", "zipcode"),
        Key("anschrift.ort", "city"),
        Key("anschrift.bundesland", "region"),
        Key("anschrift.land", "country"),
        Key("herkunft", "source"),
        Key("profile", "socialMedia", items={"netz": "type", "link": "url", "name": "username"}),
        Key("einwilligung", "consent"),
        _EXTRA,
        _CREATED,
        _CHANGED,
    ),
    # no time of change: a tap has to notice changes by itself
    "stages": (Key("nr", "stageId"), Key("bezeichnung", "name"), Key("reihenfolge", "position")),
    "applications": (
        Key("nr", "applicationId"),
        Key("bewerber_nr", "applicantId"),
        Key("stelle_nr", "jobId"),
        Key("phase_nr", "stageId"),
        Key("zustand", "status", codes=_STATUS),
        _EXTRA,
        _CREATED,
        _CHANGED,
    ),
}
_CODES_BACK = {id(codes): {new: old for old, new in codes.items()} for codes in (_JOB_STATUS, _VISIBILITY, _STATUS)}


class Legacy(Dialect):
    """The dialect with its sessions, and the rows that were already translated."""

    name = "legacy"
    writes = False
    since_param = "geaendert_seit"
    paths: ClassVar = {
        "users": "benutzer",
        "jobs": "stellen",
        "applicants": "bewerber",
        "stages": "phasen",
        "applications": "bewerbungen",
    }

    def __init__(self) -> None:
        self.sessions: dict[str, float] = {}
        """Token -> end in epoch seconds."""
        self._numbers = itertools.count(1)
        self._rows: dict[tuple[str, int], tuple[bytes, bytes]] = {}

    def paging(self, request: Request) -> tuple[int, int]:
        """``start`` counts objects from 0, ``anzahl`` is the size."""
        start, size = request.integer("start"), request.integer("anzahl")
        start, size = 0 if start is None else start, _USUAL_SIZE if size is None else size
        if start < 0 or size < 1:
            raise RefusalError(422, "Ungültige Anfrage.", {"start" if start < 0 else "anzahl": ["ist zu klein"]})
        return start, min(size, MAX_SIZE)

    def rows(self, table: Table, ids: Sequence[int], request: Request) -> Iterable[bytes]:  # noqa: ARG002
        """Whole objects: this dialect cannot leave fields out."""
        return [self.row(table, object_id) for object_id in ids]

    def page(self, rows: Iterable[bytes], offset: int, size: int, total: int) -> bytes:  # noqa: ARG002
        """``{"ergebnis": [..], "gesamt": n}``: where the page stands is not told."""
        return b'{"ergebnis":[' + b",".join(rows) + b'],"gesamt":%d}' % total

    def one(self, table: Table, object_id: int) -> bytes:
        """``{"ergebnis": {..}}``."""
        return b'{"ergebnis":' + self.row(table, object_id) + b"}"

    def row(self, table: Table, object_id: int) -> bytes:
        """The translated object, kept until the stored one changes."""
        row = table.rows[object_id]
        if table.kind.name not in SHAPES:
            return row
        known = self._rows.get((table.kind.name, object_id))
        if known is None or known[0] is not row:
            known = (row, encode(_translated(table.kind.name, decode(row))))
            self._rows[table.kind.name, object_id] = known
        return known[1]

    def read(self, kind: str, item: WireObject) -> WireObject:
        """Legacy keys, also nested ones, are translated back; all others stay."""
        shape = SHAPES.get(kind, ())
        own = {key.path.split(".")[0] for key in shape}
        result = {name: value for name, value in item.items() if name not in own}
        for key in shape:
            found, value = _look(item, key.path)
            if found:
                result[key.wire] = _back(value, key)
        return result

    def error(self, refusal: RefusalError) -> Answer:
        """``{"meldung": .., "felder": {..}}``."""
        body: dict[str, Any] = {"meldung": refusal.message}
        if refusal.fields:
            body["felder"] = refusal.fields
        return json_answer(refusal.status, body)

    def authorize(self, request: Request, now: float) -> None:
        """A session of a login in ``X-Auth-Token``, not over."""
        if self.sessions.get(request.headers.get("x-auth-token", ""), 0.0) <= now:
            raise RefusalError(401, "Nicht angemeldet: die Sitzung fehlt oder ist abgelaufen.")

    def login(self, request: Request, now: float) -> Answer | None:
        """``POST /api2/anmeldung``; each login opens a session of its own."""
        if request.path != "/api2/anmeldung":
            return None
        if request.method != "POST":
            raise RefusalError(405, "Nur POST.")
        sent = request.json()
        if (sent.get("benutzer"), sent.get("kennwort")) != ("sandbox", "sandbox"):
            raise RefusalError(401, "Benutzer oder Kennwort ist falsch.")
        token = sha256(f"sitzung {next(self._numbers)}".encode()).hexdigest()[:32]
        self.sessions[token] = now + TOKEN_SECONDS
        return json_answer(200, {"token": token, "gueltig_sekunden": TOKEN_SECONDS})

    def expire(self, request: Request) -> bool:
        """The session ends; a login opens another."""
        self.sessions.pop(request.headers.get("x-auth-token", ""), None)
        return False

    def reset(self) -> None:
        """No session, nothing translated."""
        self.sessions.clear()
        self._rows.clear()


def _translated(kind: str, item: WireObject) -> WireObject:
    result: WireObject = {}
    shape = SHAPES[kind]
    for key in shape:
        target = result
        *parents, last = key.path.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = _forth(item.get(key.wire), key)
    names = {key.wire for key in shape} | {"updatedAt", "createdAt"}
    result.update({name: value for name, value in item.items() if name not in names})
    return result


def _forth(value: Any, key: Key) -> Any:
    if key.codes is not None:
        return key.codes.get(value, value)
    if key.items is not None and isinstance(value, list):
        return [{name: entry.get(wire) for name, wire in key.items.items()} for entry in value]
    return berlin_text(parse_time(value)) if key.time and value else value


def _back(value: Any, key: Key) -> Any:
    if key.codes is not None:
        return _CODES_BACK[id(key.codes)].get(value, value)
    if key.items is not None and isinstance(value, list):
        return [{key.items.get(name, name): part for name, part in entry.items()} for entry in value]
    return utc_text(parse_time(value)) if key.time and value else value


def _look(item: WireObject, path: str) -> tuple[bool, Any]:
    value: Any = item
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return False, None
        value = value[name]
    return True, value
