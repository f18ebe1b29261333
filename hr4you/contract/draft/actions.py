"""The six actions, put together from what a document's writing operations can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.draft.calls import find_get, record_at
from hr4you.contract.draft.evidence import Proposal
from hr4you.contract.draft.fields import place_fields
from hr4you.contract.draft.matching import Slot
from hr4you.contract.draft.properties import quoted
from hr4you.contract.draft.steps import Step, creating, find_beside, find_by, make_step, parent_of
from hr4you.contract.draft.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract.draft.openapi import OpenAPI, Operation
    from hr4you.contract.draft.resources import Found

_NEEDED: Final = {
    "applicant": {"candidate.first_name", "candidate.last_name", "candidate.email_address"},
    "application": {"application.job_id"},
    "attachment": {"item.file"},
    "note": {"note_text(@)"},
}
_MADE_WITH: Final = {
    "applicant": ("create_candidate", "create_application"),
    "application": ("create_application",),
}
_NOT_OFFERED: Final = [404, 405, 501]
_FILE_MATCH: Final = {
    "item.name": Slot.from_table(
        {"names": {"name": 1, "attachment name": 1, "label": 0.8}, "near": ["attachment"], "unlike": ["type", "id"]}
    ),
    "item.size": Slot.from_table({"names": {"size": 1}, "near": ["attachment"], "types": ["integer", "number"]}),
}
_HOLES: Final = {"person": "steps.applicant.id", "application": "steps.application.id", "job": "application.job_id"}
_OWN_HOLES: Final = {"person": "candidate_id", "application": "application_id"}
_PATCHED: Final = 0.85
_REPLACED: Final = 0.7  # PUT: fields that are not named may be emptied


class Actions:
    """Drafts the actions of one document.

    Attributes:
        words: what enums of requests stand for: vocabulary -> unified word -> words.
        notes: what a person has to know, by action.
    """

    def __init__(self, api: OpenAPI, resources: Mapping[str, Found]) -> None:
        self._api = api
        self._resources = resources
        self.words: dict[str, dict[str, list[str]]] = {}
        self.notes: dict[str, list[str]] = {}

    def place(self) -> dict[str, Proposal]:
        """Return what is proposed for each action; a value of None where the document has no place for it."""
        applicant = self._make("applicant", "person", ())
        application = self._make("application", "application", ("person", "job"))
        if applicant is not None:
            found = find_by(self._listing("candidates"), {"find_email": "candidate.email_address"})
            applicant.raw |= {"find": found} if found else {}
        if application is not None:
            self._complete_application(application)
        create: Proposal = Proposal(None)
        reuse: Proposal = Proposal(None)
        if applicant is not None:
            create = self._creating(applicant, application, reuse=False)
            if application is not None:
                reuse = self._creating(applicant, application, reuse=True)
        return {
            "create_candidate": create,
            "create_application": reuse,
            "add_attachment_to_application": self._attaching("application"),
            "add_result_link_to_application": self._linking(),
            "add_note_to_application": self._noting(),
            "add_attachment_to_candidate": self._attaching("person"),
        }

    def _listing(self, resource: str) -> Operation | None:
        found = self._resources.get(resource)
        return found.call.operation if found is not None and found.call is not None else None

    def _make(self, step: str, meaning: str, parents: tuple[str, ...]) -> Step | None:
        """The step made of the operation that has a place for all it needs; None where there is none."""
        for operation in creating(self._api, meaning, parents):
            made = make_step(step, operation, _HOLES)
            given = {*made.body.confidence, *((_HOLES[made.hole],) if made.hole else ())}
            if given >= _NEEDED[step]:
                self.words |= made.body.words
                return made
            missing = ", ".join(f"`{said}`" for said in sorted(_NEEDED[step] - given))
            for action in _MADE_WITH[step]:
                self._note(action, f"`{operation.name}` may be meant, but no place was found for {missing}")
        return None

    def _note(self, action: str, text: str) -> None:
        self.notes.setdefault(action, []).append(text)

    def _complete_application(self, step: Step) -> None:
        """Say how an application is looked up, and that it is made only for a job."""
        listed = self._resources.get("applications")
        fields = place_fields("applications", listed.item) if listed is not None and listed.item is not None else {}
        job = fields[("fields", "job_id")].value if fields else None
        own = fields[("id",)].value if fields else None
        match = {"match": {job: "application.job_id"}} if job is not None else {}
        found = None
        if listed is not None and listed.call is None and listed.parent == "candidates" and own is not None:
            found = self._find_inside(listed.inside, own)
        elif step.hole == "person":
            found = find_beside(self._api, step, {})
            params = find_by(step.listing(self._api), {"find_job": "application.job_id"})
            found = None if found is None else {**found, "params": params["params"]} if params else {**found, **match}
        else:
            inputs = {"find_person": "steps.applicant.id", "find_job": "application.job_id"}
            found = find_by(self._listing("applications"), inputs)
        if found is not None and listed is not None and listed.call is None:
            found |= match
        step.raw |= {"find": found} if found else {}

    def _find_inside(self, inside: str, own: str) -> dict[str, Any] | None:
        """How a person's applications are listed where they stand inside the person's object."""
        get, operation = find_get(self._api, self._resources["candidates"])
        holder = self._resources["candidates"].item
        identity = place_fields("candidates", holder)[("id",)].value if holder is not None else None
        at = record_at(operation, str(identity or ""))
        if get.value is None or at is None:
            return None
        path = get.value.replace("{id}", "{steps.applicant.id}")
        return {"path": path, "records": inside if at == "@" else f"{at}.{inside}", "id": own}

    def _creating(self, applicant: Step, application: Step | None, *, reuse: bool) -> Proposal:
        wanted = {"reuse": True} if reuse else {}
        name = "create_application" if reuse else "create_candidate"
        steps = [{"name": "applicant", **(wanted if "find" in applicant.raw else {}), **applicant.raw}]
        confidence = applicant.confidence
        left = list(applicant.body.left)
        if reuse and "find" not in applicant.raw:
            self._note(name, "nobody can be looked up by e-mail address: each action makes a new person")
        if application is not None:
            again = wanted if "find" in application.raw else {}
            steps.append({"name": "application", "when": "application.job_id", **again, **application.raw})
            confidence = min(confidence, application.confidence)
            left += application.body.left
        attachment = self._attachment_step(_HOLES, each="attachments")
        if attachment is not None:
            steps.append({"name": "attachment", "each": "attachments", **attachment.raw})
        self._tell_left(name, left)
        return Proposal({"steps": steps}, confidence)

    def _tell_left(self, action: str, left: list[str]) -> None:
        if left:
            keys = ", ".join(f"`{key}`" for key in left)
            self._note(action, f"required by the document, and nothing is known for it: {keys}")

    # --- files -------------------------------------------------------------------------------------------------------

    def _attachment_step(self, holes: Mapping[str, str], *, each: str, only: str = "") -> Step | None:
        """The upload of a file to an application, with that to the person as a fallback."""
        made: dict[str, Step] = {}
        for operation in creating(self._api, "attachment", ("application", "person"), ("multipart",)):
            parent = parent_of(operation)
            if parent in holes and parent not in made:
                upload = make_step("attachment", operation, dict(holes))
                if "item.file" in upload.body.confidence:
                    made[parent] = upload
        step = made.get(only or "application") or (None if only else made.get("person"))
        if step is None:
            return None
        self.words |= step.body.words
        found = find_beside(self._api, step, _FILE_MATCH)
        step.raw |= {"find": found} if found else {}
        if not only and step.hole == "application" and "person" in made and each == "attachments":
            fallback = made["person"].raw["request"]["path"]
            step.raw["fallback"] = {"on": _NOT_OFFERED, "path": fallback}
        return step

    def _attaching(self, parent: str) -> Proposal:
        step = self._attachment_step({parent: _OWN_HOLES[parent]}, each="[attachment]", only=parent)
        if step is None:
            return Proposal(None)
        self._tell_left(
            "add_attachment_to_application" if parent == "application" else "add_attachment_to_candidate",
            step.body.left,
        )
        return Proposal({"steps": [{"name": "attachment", "each": "[attachment]", **step.raw}]}, step.confidence)

    # --- notes -------------------------------------------------------------------------------------------------------

    def _note_step(self, text: str) -> Step | None:
        for operation in creating(self._api, "note", ("application",)):
            step = make_step("note", operation, _OWN_HOLES)
            if step.hole != "application" or not _NEEDED["note"] <= set(step.body.confidence):
                continue
            step.raw["request"]["body"] = _replaced(step.raw["request"]["body"], text)
            slot = Slot.from_table(
                {
                    "names": {"description": 1, "note": 0.95, "value": 0.9},
                    "unlike": ["id", "type", "title"],
                    "types": ["string"],
                }
            )
            found = find_beside(self._api, step, {text: slot})
            step.raw |= {"find": found} if found else {}
            return step
        return None

    def _noting(self) -> Proposal:
        step = self._note_step("note_text(@)")
        if step is None:
            return Proposal(None)
        self._tell_left("add_note_to_application", step.body.left)
        return Proposal({"steps": [{"name": "note", **step.raw}]}, step.confidence)

    def _linking(self) -> Proposal:
        note = self._note_step("result_note(@)")
        fields = self._custom_fields_step()
        steps = ([{"name": "custom_fields", **fields}] if fields else []) + (
            [{"name": "note", **note.raw}] if note else []
        )
        if not steps:
            return Proposal(None)
        changed = 1.0 if fields is None else _REPLACED if fields["request"]["method"] == "PUT" else _PATCHED
        return Proposal({"steps": steps}, min(note.confidence if note else 1.0, changed))

    def _custom_fields_step(self) -> dict[str, Any] | None:
        """The change of an application's own fields, where the document has one."""
        for operation in self._api.operations:
            names_fields = bool(operation.parts) and any(
                "custom" in known for _, known in vocabulary().parts(operation.parts[-1])
            )
            methods = {"PATCH", "PUT", "POST"} if names_fields else {"PATCH"}
            if operation.method not in methods or operation.body is None or len(operation.holes) != 1:
                continue
            if parent_of(operation) != "application" or operation.body_kind != "json":
                continue
            found = place_fields("applications", operation.body).get(("custom_fields",))
            if found is None or found.value is None or "." in found.value["each"]:
                continue
            path = operation.path.replace("{" + operation.holes[0] + "}", "{application_id}")
            body = {found.value["each"]: _as_sent(found.value["key"], found.value["value"])}
            request = {"method": operation.method, "path": path, "body": body}
            return {"when": "custom_fields(details)", "repeatable": True, "request": request}
        return None


def _as_sent(key: str, value: str) -> str:
    """The expression that gives the fields with the tenant's names for key and value."""
    if (key, value) == ("key", "value"):
        return "custom_fields(details)"
    tree: dict[str, Any] = {}
    for path, said in ((key, "key"), (value, "value")):
        *around, last = path.split(".")
        node = tree
        for part in around:
            node = node.setdefault(part, {})
        node[last] = said
    return f"custom_fields(details)[].{_as_hash(tree)}"


def _as_hash(tree: Mapping[str, Any]) -> str:
    """JMESPath that makes an object of this shape; names that are none of its identifiers stand in quotes."""
    parts = [f"{quoted(key)}: {_as_hash(part) if isinstance(part, dict) else part}" for key, part in tree.items()]
    return "{" + ", ".join(parts) + "}"


def _replaced(tree: Any, text: str) -> Any:
    if isinstance(tree, dict):
        return {key: _replaced(value, text) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_replaced(value, text) for value in tree]
    return text if tree == "note_text(@)" else tree
