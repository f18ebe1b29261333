"""What a pipeline writes: applicants, applications, custom fields, attachments and notes, as in CONTRACT.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from hr4you_sandbox.answers import Answer, RefusalError, json_answer
from hr4you_sandbox.forms import read_form
from hr4you_sandbox.kinds import ATTACHMENT_CATEGORIES, CUSTOM_FIELDS, GENDERS, SOURCES

if TYPE_CHECKING:
    import re

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.tenant import Tenant

_MISSING = ["muss angegeben werden"]
_OWNERS = {"applications": "applicationId", "applicants": "applicantId"}


def create_applicant(tenant: Tenant, request: Request, _: re.Match[str]) -> Answer:
    """``POST applicants``: the e-mail address need not be unique."""
    sent = request.json()
    errors = {name: _MISSING for name in ("firstname", "lastname", "email") if not _text(sent, name)}
    email = _text(sent, "email")
    if email and ("@" not in email.strip("@") or " " in email.strip()):
        errors["email"] = ["ist keine gültige E-Mail-Adresse"]
    if sent.get("gender") not in {None, *GENDERS}:
        errors["gender"] = [f"muss eines von {', '.join(GENDERS)} sein"]
    source = _source(sent, errors)
    if errors:
        _refuse(errors)
    phone = _text(sent, "phone")
    made = tenant.store.create(
        "applicants",
        {
            "firstname": _text(sent, "firstname"),
            "lastname": _text(sent, "lastname"),
            "emails": [{"type": "privat", "address": email}],
            "phones": [{"type": "mobil", "number": phone}] if phone else [],
            "street": None,
            "zipcode": None,
            "city": _text(sent, "city") or None,
            "region": None,
            "country": _text(sent, "country") or None,
            "source": source,
            "socialMedia": [],
            "consent": sent.get("consent") is True,
            "customFields": [],
        },
    )
    tenant.note_write("POST applicants", "applicants", made["applicantId"])
    return json_answer(201, {"data": {"applicantId": made["applicantId"]}})


def create_application(tenant: Tenant, request: Request, _: re.Match[str]) -> Answer:
    """``POST applications``: 409 names the one that exists, 422 where the job takes none."""
    sent, store = request.json(), tenant.store
    errors: dict[str, list[str]] = {}
    for name, kind in (("applicantId", "applicants"), ("jobId", "jobs"), ("stageId", "stages")):
        value = sent.get(name)
        if value is None:
            if name != "stageId":
                errors[name] = _MISSING
        elif not isinstance(value, int) or value not in store.tables[kind].rows:
            errors[name] = ["gibt es nicht"]
    job = store.tables["jobs"].get(sent["jobId"]) if "jobId" in sent and "jobId" not in errors else None
    if job is not None and job.get("jobStatus") != "offen":
        errors["jobId"] = ["Die Stelle ist nicht offen."]
    _source(sent, errors)
    if errors:
        _refuse(errors)
    existing = store.pairs.get((sent["applicantId"], sent["jobId"]))
    if existing is not None:
        raise RefusalError(409, "Diese Bewerbung gibt es schon.", data={"applicationId": existing})
    stages = store.tables["stages"].ids
    made = store.create(
        "applications",
        {
            "applicantId": sent["applicantId"],
            "jobId": sent["jobId"],
            "stageId": sent.get("stageId") or (stages[0] if stages else None),
            "status": "neu",
            "customFields": [],
        },
    )
    tenant.note_write("POST applications", "applications", made["applicationId"])
    return json_answer(201, {"data": {"applicationId": made["applicationId"]}})


def patch_custom_fields(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """``PATCH applications/{id}`` (and applicants): merges customFields by key; answers with the whole object."""
    kind, object_id, item = _owner(tenant, match)
    model = kind[:-1]
    known = {field["key"]: field for field in CUSTOM_FIELDS if field["model"] == model}
    sent = request.json()
    errors = {name: ["kann nicht geändert werden"] for name in sent if name != "customFields"}
    fields = sent.get("customFields")
    if not isinstance(fields, list) or any(not isinstance(field, dict) or "key" not in field for field in fields):
        errors["customFields"] = ["muss eine Liste aus key und value sein"]
    elif unknown := [field["key"] for field in fields if field["key"] not in known]:
        errors["customFields"] = [f"{key} gibt es nicht" for key in unknown]
    if errors or not isinstance(fields, list):
        _refuse(errors)
    merged = {field["key"]: field for field in item.get("customFields") or []}
    for field in fields:
        definition = known[field["key"]]
        merged[field["key"]] = {
            "key": field["key"],
            "label": definition["label"],
            "type": definition["type"],
            "value": field.get("value"),
        }
    tenant.store.patch(kind, object_id, {"customFields": list(merged.values())})
    tenant.note_write(f"PATCH {kind}/{object_id}", kind, object_id)
    return Answer(200, tenant.dialect.one(tenant.store.tables[kind], object_id))


def add_attachment(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """``POST {kind}/{id}/attachments``, multipart with ``file`` and ``category``; the content is counted, not kept."""
    kind, object_id, _ = _owner(tenant, match)
    form = read_form(request)
    category = form.texts.get("category") or "other"
    errors = {} if form.file is not None else {"file": _MISSING}
    if category not in ATTACHMENT_CATEGORIES:
        errors["category"] = [f"muss eines von {', '.join(ATTACHMENT_CATEGORIES)} sein"]
    if errors or form.file is None:
        _refuse(errors)
    content = {"name": form.file.name, "size": form.file.size, "contentType": form.file.content_type}
    made = tenant.store.create("attachments", {_OWNERS[kind]: object_id, **content, "category": category})
    tenant.note_write(f"POST {kind}/{object_id}/attachments", kind, object_id)
    return json_answer(201, {"data": {"attachmentId": made["attachmentId"]}})


def add_note(tenant: Tenant, request: Request, match: re.Match[str]) -> Answer:
    """``POST applications/{id}/notes``."""
    kind, object_id, _ = _owner(tenant, match)
    text = _text(request.json(), "text")
    if not text:
        _refuse({"text": _MISSING})
    made = tenant.store.create("notes", {_OWNERS[kind]: object_id, "text": text})
    tenant.note_write(f"POST {kind}/{object_id}/notes", kind, object_id)
    return json_answer(201, {"data": {"noteId": made["noteId"]}})


def list_attachments(tenant: Tenant, _: Request, match: re.Match[str]) -> Answer:
    """``GET {kind}/{id}/attachments``: all of them, unpaged."""
    kind, object_id, _item = _owner(tenant, match)
    return json_answer(200, {"data": children(tenant, "attachments", kind, object_id)})


def list_notes(tenant: Tenant, _: Request, match: re.Match[str]) -> Answer:
    """``GET applications/{id}/notes``: all of them, unpaged."""
    kind, object_id, _item = _owner(tenant, match)
    return json_answer(200, {"data": children(tenant, "notes", kind, object_id)})


def children(tenant: Tenant, what: str, kind: str, object_id: int) -> list[WireObject]:
    """The notes or attachments of an object, without the key that says whose they are."""
    table, owner = tenant.store.tables[what], _OWNERS[kind]
    ids = sorted(tenant.store.children.get((what, owner, object_id), ()))
    found = [item for item in map(table.get, ids) if item is not None]
    return [{name: value for name, value in item.items() if name != owner} for item in found]


def _owner(tenant: Tenant, match: re.Match[str]) -> tuple[str, int, WireObject]:
    kind, object_id = match.groupdict().get("owner", "applications"), int(match["id"])
    item = tenant.store.tables[kind].get(object_id)
    if item is None:
        raise RefusalError(404, "Nicht gefunden.")
    return kind, object_id, item


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""


def _source(sent: dict[str, Any], errors: dict[str, list[str]]) -> dict[str, Any] | None:
    """The source by its id or its name; one that the tenant does not have is an error."""
    source = sent.get("source")
    if source is None:
        return None
    if isinstance(source, dict):
        for key, name in SOURCES.items():
            if source.get("id") == key or (source.get("id") is None and source.get("name") == name):
                return {"id": key, "name": name}
    errors["source"] = ["gibt es nicht"]
    return None


def _refuse(errors: dict[str, list[str]]) -> NoReturn:
    raise RefusalError(422, "Die Angaben sind unvollständig oder ungültig.", errors)


WRITES = (
    ("POST", "applicants", create_applicant),
    ("POST", "applications", create_application),
    ("PATCH", "{owner}/{id}", patch_custom_fields),
    ("POST", "{owner}/{id}/attachments", add_attachment),
    ("GET", "{owner}/{id}/attachments", list_attachments),
    ("POST", "applications/{id}/notes", add_note),
    ("GET", "applications/{id}/notes", list_notes),
)
