"""The API's own description: an OpenAPI document, and a page that a person can read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.answers import Answer, json_answer
from hr4you_sandbox.kinds import APPLICATION_STATUSES, ATTACHMENT_CATEGORIES, GENDERS, JOB_STATUSES, JOB_VISIBILITIES
from hr4you_sandbox.legacy import SHAPES

if TYPE_CHECKING:
    import re

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.tenant import Tenant

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_DATE: Schema = {"type": "string", "format": "date"}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _code(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(values)}


_CUSTOM = _list(_object(key=_TEXT, label=_TEXT, type=_TEXT, value={}))
_TIMES = {"createdAt": _TIME, "updatedAt": _TIME}
SCHEMAS: dict[str, Schema] = {
    "users": _object(
        userId=_NUMBER, firstname=_TEXT, lastname=_TEXT, email=_TEXT, active={"type": "boolean"}, updatedAt=_TIME
    ),
    "jobs": _object(
        jobId=_NUMBER,
        **dict.fromkeys(("jobTitle", "jobFulltext", "jobEmploymentType", "jobCategory"), _TEXT),
        jobStatus=_code(JOB_STATUSES),
        jobVisibility=_code(JOB_VISIBILITIES),
        **dict.fromkeys(
            ("jobWorkplace", "jobWorkplaceZipcode", "jobStreet", "jobRegion", "jobCountry", "jobOffer"), _TEXT
        ),
        jobPublishingDateFrom=_DATE,
        jobPublishingDateUntil=_DATE,
        contactId=_NUMBER,
        customFields=_CUSTOM,
        **_TIMES,
    ),
    "applicants": _object(
        applicantId=_NUMBER,
        firstname=_TEXT,
        lastname=_TEXT,
        emails=_list(_object(type=_TEXT, address=_TEXT)),
        phones=_list(_object(type=_TEXT, number=_TEXT)),
        **dict.fromkeys(("street", "zipcode", "city", "region", "country"), _TEXT),
        source=_object(id=_NUMBER, name=_TEXT),
        socialMedia=_list(_object(type=_TEXT, url=_TEXT, username=_TEXT)),
        consent={"type": "boolean"},
        customFields=_CUSTOM,
        **_TIMES,
    ),
    "stages": _object(stageId=_NUMBER, name=_TEXT, position=_NUMBER, updatedAt=_TIME),
    "applications": _object(
        applicationId=_NUMBER,
        applicantId=_NUMBER,
        jobId=_NUMBER,
        stageId=_NUMBER,
        status=_code(APPLICATION_STATUSES),
        customFields=_CUSTOM,
        **_TIMES,
    ),
}

_WRITES: tuple[tuple[str, str, str, Schema], ...] = (
    (
        "post",
        "applicants",
        "Make an applicant",
        _object(
            **dict.fromkeys(("firstname", "lastname", "email", "phone", "city", "country"), _TEXT),
            gender=_code(GENDERS),
            source=_object(id=_NUMBER, name=_TEXT),
            consent={"type": "boolean"},
        ),
    ),
    (
        "post",
        "applications",
        "Make an application; 409 names the one that exists",
        _object(applicantId=_NUMBER, jobId=_NUMBER, stageId=_NUMBER, source=_object(id=_NUMBER, name=_TEXT)),
    ),
    (
        "patch",
        "applications/{id}",
        "Set custom fields, merged by key",
        _object(customFields=_list(_object(key=_TEXT, value={}))),
    ),
    ("post", "applications/{id}/notes", "Add a note", _object(text=_TEXT)),
    (
        "post",
        "applications/{id}/attachments",
        "Add an attachment (multipart)",
        _object(file={"type": "string", "format": "binary"}, category=_code(ATTACHMENT_CATEGORIES)),
    ),
    (
        "post",
        "applicants/{id}/attachments",
        "Add an attachment (multipart)",
        _object(file={"type": "string", "format": "binary"}, category=_code(ATTACHMENT_CATEGORIES)),
    ),
)
_OTHER_READS = (
    ("applications/{id}/notes", "Notes, unpaged", ()),
    ("applications/{id}/attachments", "Attachments, unpaged", ()),
    ("applicants/{id}/attachments", "Attachments, unpaged", ()),
    ("sources", "Where applicants come from", ()),
    ("customfields", "Definitions of custom fields", ("model",)),
)
_LIST_PARAMETERS = {
    "default": ("page", "limit", "updatedSince", "fields"),
    "legacy": ("start", "anzahl", "geaendert_seit"),
}
_LOOK_UPS = {"applicants": ("email",), "applications": ("applicantId", "jobId")}


def api_document(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """``GET /api2/openapi.json``."""
    return json_answer(200, build_document(tenant))


def build_document(tenant: Tenant) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the tenant's dialect."""
    dialect = tenant.dialect
    legacy = dialect.name == "legacy"
    paths: dict[str, dict[str, Any]] = {}
    for kind, path in dialect.paths.items():
        names = _LIST_PARAMETERS[dialect.name] + _LOOK_UPS.get(kind, ())
        answer = {"$ref": f"#/components/schemas/{path}"}
        paths[f"/api2/{path}"] = {"get": _operation(f"List of {path}", names, "200", _list(answer))}
        paths[f"/api2/{path}/{{id}}"] = {"get": _operation(f"One of {path}", (), "200", answer)}
    if legacy:
        login = _object(benutzer=_TEXT, kennwort=_TEXT)
        paths["/api2/anmeldung"] = {"post": {**_operation("Log in", (), "200", {}), **_content(login)}}
    else:
        for path, summary, names in _OTHER_READS:
            paths.setdefault(f"/api2/{path}", {})["get"] = _operation(summary, names, "200", {})
        for method, path, summary, body in _WRITES:
            status = "201" if method == "post" else "200"
            operation = {**_operation(summary, (), status, {}), **_content(body)}
            paths.setdefault(f"/api2/{path}", {})[method] = operation
    key = {"type": "apiKey", "in": "header", "name": "X-Auth-Token"} if legacy else {"type": "http", "scheme": "bearer"}
    for path, operations in paths.items():
        if "{id}" in path:
            operations["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": _NUMBER}]
    return {
        "openapi": "3.1.0",
        "info": {"title": f"HR4YOU sandbox, dialect {dialect.name}", "version": "2"},
        "paths": paths,
        "components": {"schemas": _schemas(tenant), "securitySchemes": {"token": key}},
        "security": [{"token": []}],
    }


def docs_page(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """``GET /api2/docs``: the document as a table, without a script."""
    rows = ""
    for path, operations in build_document(tenant)["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            names = ", ".join(name["name"] for name in operation["parameters"])
            cells = (f"{method.upper()} {path}", operation["summary"], names)
            rows += f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    html = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>API v2</title></head><body><h1>API v2</h1>"
        "<p><a href='/api2/openapi.json'>OpenAPI document</a></p><table><tr><th>Request</th><th>What it does</th>"
        f"<th>Parameters</th></tr>{rows}</table></body></html>"
    )
    return Answer(200, html.encode(), "text/html; charset=utf-8")


def _schemas(tenant: Tenant) -> dict[str, Schema]:
    if tenant.dialect.name != "legacy":
        return SCHEMAS
    schemas = {}
    for kind, shape in SHAPES.items():
        root: Schema = _object()
        for key in shape:
            target = root
            *parents, last = key.path.split(".")
            for parent in parents:
                target = target["properties"].setdefault(parent, _object())
            if key.items is not None:
                target["properties"][last] = _list(_object(**{name: {} for name in key.items}))
            else:
                target["properties"][last] = _TEXT if key.time or key.codes else SCHEMAS[kind]["properties"][key.wire]
        schemas[tenant.dialect.paths[kind]] = root
    return schemas


def _operation(summary: str, names: tuple[str, ...], status: str, answer: Schema) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": [{"name": name, "in": "query", "required": False, "schema": _TEXT} for name in names],
        "responses": {status: {"description": summary, "content": {"application/json": {"schema": answer}}}},
    }


def _content(body: Schema) -> dict[str, Any]:
    kind = "multipart/form-data" if "file" in body["properties"] else "application/json"
    return {"requestBody": {"required": True, "content": {kind: {"schema": body}}}}
