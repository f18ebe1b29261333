"""Makes an input of actions of all kinds, and says what of it a tenant holds: each once, never, or twice."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control import Control

KINDS = ("applicants", "applications", "notes", "attachments")
KEYS = {"applicants": "applicantId", "applications": "applicationId", "notes": "noteId", "attachments": "attachmentId"}
RESULT, RESULT_URL = "cf_51", "cf_52"
"""The sandbox's fields of applications labelled "Eignungstest Ergebnis" and "Eignungstest URL"."""

PDF = b"%PDF-1.4\n% of a test\n%%EOF\n"
SCHEMA = {"type": "object", "properties": {"action_id": {"type": "string"}}}
STATE_EVERY = 10

Pair = tuple[str, int]
"""E-mail address and job: names an application that is made."""


@dataclass(frozen=True)
class Check:
    """What is wrong with what a tenant holds; each entry names the object."""

    lost: list[str]
    duplicated: list[str]
    misplaced: list[str]

    @property
    def is_exactly_once(self) -> bool:
        return not (self.lost or self.duplicated or self.misplaced)


def objects(sandbox: Control) -> dict[str, list[dict[str, Any]]]:
    """All that actions can make, as it is now."""
    return {kind: sandbox.all(kind) for kind in KINDS}


@dataclass
class Actions:
    """Actions, what they are to make, and the messages that bring them.

    Args:
        sandbox: has the jobs; what it holds now is left aside by `check`.
        name: stands in everything that is made; no two inputs of one sandbox have the same.
    """

    sandbox: Control
    name: str
    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    people: Counter[str] = field(default_factory=Counter)
    pairs: Counter[Pair] = field(default_factory=Counter)
    notes: dict[str, Pair] = field(default_factory=dict)
    files: dict[str, Pair | str] = field(default_factory=dict)
    results: dict[Pair, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jobs = [job["jobId"] for job in self.sandbox.all("jobs") if job["jobStatus"] == "offen"]
        self.before = {kind: {each[KEYS[kind]] for each in held} for kind, held in objects(self.sandbox).items()}
        self._numbers = 0

    # --- one of each -----------------------------------------------------------------------------------------------

    def candidate(self, email: str | None = None, *, job: int | None = None, files: int = 0) -> str:
        """A create_candidate; returns its action_id."""
        return self._maker("create_candidate", email, job, files)

    def application(self, email: str | None = None, *, job: int, files: int = 0) -> str:
        """A create_application; the same e-mail address as another's adds to that one's person."""
        return self._maker("create_application", email, job, files)

    def _maker(self, action: str, email: str | None, job: int | None, files: int) -> str:
        number = self._next()
        email = email or f"{self.name}-{number}@example.org"
        is_reused = action == "create_application" and self.people[email]
        self.people[email] += not is_reused
        record: dict[str, Any] = {
            "candidate": {
                "first_name": "Jana",
                "last_name": f"{self.name} {number}",
                "email_address": email,
                "gender": ("MALE", "FEMALE", "OTHER")[number % 3],
                "location": {"city": "Görlitz", "country": "DE"},
            },
            "source": {"name": "Stepstone"} if number % 2 else {"unified_key": "LINKEDIN"},
            "gdpr_consent": {"given": True},
        }
        owner: Pair | str = email
        if job is not None:
            record["application"] = {"job_id": str(job)}
            owner = (email, job)
            self.pairs[owner] += 1
        if files:
            record["attachments"] = [self._file(f"{number}-{place}", owner) for place in range(files)]
        return self._add(action, number, record)

    def existing(self) -> list[tuple[str, Pair, str]]:
        """Applications that the sandbox has had from the beginning: their id, what they are, their candidate's id."""
        emails = {found["applicantId"]: _email(found) for found in self.sandbox.all("applicants")}
        return [
            (str(found["applicationId"]), (emails[found["applicantId"]], found["jobId"]), str(found["applicantId"]))
            for found in self.sandbox.all("applications")
            if "@" in emails[found["applicantId"]]
        ]

    def note(self, application: str, of: Pair) -> str:
        """An add_note_to_application.

        Args:
            application: the reference.
            of: the application that is meant.
        """
        number = self._next()
        text = f"Notiz {self.name} {number}: <gut> & günstig"
        self.notes[f"Notiz {self.name} {number}: &lt;gut&gt; &amp; günstig"] = of
        return self._add("add_note_to_application", number, {"application_id": application, "content": text})

    def result(self, application: str, of: Pair) -> str:
        """An add_result_link_to_application; at most one for each application, as the last one's values stay."""
        number = self._next()
        label, url = f"Ergebnis {self.name} {number}", f"https://tests.example.org/{self.name}/{number}?a=1&b=2"
        self.notes[f"{label}: {url}"] = of
        self.results[of] = {RESULT: number, RESULT_URL: url}
        attributes = [{"key": "Ergebnis", "value": number}, {"key": "URL", "value": url}]
        details = {"custom_field_name_prefix": "Eignungstest", "attributes": attributes}
        record = {"application_id": application, "label": label, "url": url, "details": details}
        return self._add("add_result_link_to_application", number, record)

    def file(self, owner_reference: str, of: Pair | str) -> str:
        """An add_attachment_to_application, or ..._to_candidate where `of` is an e-mail address."""
        number = self._next()
        name, key = ("candidate", "candidate_id") if isinstance(of, str) else ("application", "application_id")
        record = {key: owner_reference, "attachment": self._file(str(number), of)}
        return self._add(f"add_attachment_to_{name}", number, record)

    def _file(self, number: str, owner: Pair | str) -> dict[str, Any]:
        name = f"{self.name}-{number}.pdf"
        self.files[name] = owner
        data = base64.b64encode(PDF + number.encode()).decode()
        return {"name": name, "content_type": "application/pdf", "data": data, "type": "CV"}

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _add(self, action: str, number: int, record: dict[str, Any]) -> str:
        action_id = f"{self.name}-{number}"
        self.records.append((action, {"action_id": action_id, **record}))
        return action_id

    # --- the input -------------------------------------------------------------------------------------------------

    def messages(self, *, after: int = 0) -> list[dict[str, Any]]:
        """Return the input; the value of each STATE says how many records came before it.

        Args:
            after: so many records are left out: what a tap sends that begins at a STATE.
        """
        left = self.records[after:]
        found: list[dict[str, Any]] = [
            {"type": "SCHEMA", "stream": stream, "schema": SCHEMA, "key_properties": ["action_id"]}
            for stream in dict.fromkeys(action for action, _ in left)
        ]
        for count, (action, record) in enumerate(left, after + 1):
            found.append({"type": "RECORD", "stream": action, "record": record})
            if count % STATE_EVERY == 0 or count == len(self.records):
                found.append({"type": "STATE", "value": {"records": count}})
        return found

    def write(self, path: Path, *, after: int = 0) -> Path:
        """Write the input to a file."""
        path.write_text("".join(f"{json.dumps(each)}\n" for each in self.messages(after=after)), encoding="utf-8")
        return path

    # --- what became of it -----------------------------------------------------------------------------------------

    def check(self) -> Check:
        """Hold what the tenant has got since against what was to be made."""
        now = objects(self.sandbox)
        new = {kind: [each for each in now[kind] if each[KEYS[kind]] not in self.before[kind]] for kind in KINDS}
        emails = {found["applicantId"]: _email(found) for found in now["applicants"]}
        pairs = {
            found["applicationId"]: (emails.get(found["applicantId"], "?"), found["jobId"])
            for found in now["applications"]
        }
        wanted: Counter[Any] = Counter(self.people) + Counter(self.pairs)
        wanted.update([*self.notes, *self.files])
        held: Counter[Any] = Counter(_email(found) for found in new["applicants"])
        held.update(pairs[found["applicationId"]] for found in new["applications"])
        held.update(found["text"] for found in new["notes"])
        held.update(found["name"] for found in new["attachments"])
        misplaced = []
        for kind, key, meant in (("notes", "text", self.notes), ("attachments", "name", self.files)):
            for found in new[kind]:
                owner = pairs.get(found.get("applicationId"), emails.get(found.get("applicantId")))
                if found[key] in meant and owner != meant[found[key]]:
                    misplaced.append(f"{found[key]} at {owner}")
        values = {
            pairs[found["applicationId"]]: {each["key"]: each["value"] for each in found["customFields"]}
            for found in now["applications"]
        }
        unset = [pair for pair, wish in self.results.items() if not wish.items() <= values.get(pair, {}).items()]
        return Check(
            lost=[*map(str, wanted - held), *(f"fields of {pair}" for pair in unset)],
            duplicated=[*map(str, held - wanted)],
            misplaced=misplaced,
        )


def _email(applicant: dict[str, Any]) -> str:
    return str(next((each["address"] for each in applicant["emails"]), "none"))


def make_all_kinds(sandbox: Control, name: str, number: int, *, seed: int = 1) -> Actions:
    """So many actions of all kinds, in an order by chance: half of the references are to what comes later."""
    chance = random.Random(seed)
    made = Actions(sandbox, name)
    applications: list[tuple[str, Pair]] = []
    people: list[tuple[str, str]] = []
    makers = number * 11 // 20
    for place in range(makers):
        email, job = f"{name}.{place}@example.org", chance.choice(made.jobs)
        files = int(place % 6 == 0)
        if place % 3 == 0:
            people.append((made.candidate(email, files=files), email))
            continue
        make = made.candidate if place % 3 == 1 else made.application
        applications.append((make(email, job=job, files=files), (email, job)))
        if place % 15 == 2 and len(made.records) < makers:  # the same person once more, for another job
            other = chance.choice([each for each in made.jobs if each != job])
            applications.append((made.application(email, job=other), (email, other)))
    fresh = list(applications)
    while len(made.records) < number:
        form = len(made.records) % 5
        if form == 0 and fresh:
            maker, pair = fresh.pop(chance.randrange(len(fresh)))
            made.result(f"action:{maker}", pair)
        elif form == 1:
            maker, email = chance.choice(people)
            made.file(f"action:create_candidate/{maker}", email)
        else:
            maker, pair = chance.choice(applications)
            add = made.file if form == 2 else made.note
            add(f"action:{maker}", pair)
    chance.shuffle(made.records)
    return made
