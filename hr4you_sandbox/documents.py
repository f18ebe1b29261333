"""The API's own description: an OpenAPI document, and a page that a person can read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from hr4you_sandbox import schemas
from hr4you_sandbox.answers import Answer, json_answer
from hr4you_sandbox.dialect import MAX_SIZE
from hr4you_sandbox.schemas import NUMBER, TEXT, TIME, Schema, of_list, of_object, ref, wrapped

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.tenant import Tenant

_USUAL_SIZE = 50  # as the dialects have it
_NUMBERED: dict[str, Schema] = {
    "page": {**NUMBER, "minimum": 1, "default": 1},
    "limit": {**NUMBER, "minimum": 1, "maximum": MAX_SIZE, "default": _USUAL_SIZE},
}
_OFFSET: dict[str, Schema] = {
    "start": {**NUMBER, "minimum": 0, "default": 0},
    "anzahl": {**NUMBER, "minimum": 1, "maximum": MAX_SIZE, "default": _USUAL_SIZE},
}
_ABOUT: dict[str, str] = {
    "page": "Number of the page",
    "limit": "Objects per page",
    "updatedSince": "Only what was changed at this time or later",
    "fields": "Keys of the objects, joined by commas; the others are left out",
    "start": "So viele Objekte werden übersprungen",
    "anzahl": "Objekte je Antwort",
    "geaendert_seit": "Nur was seit dieser Ortszeit (Europe/Berlin) geändert wurde, als YYYY-MM-DD HH:MM:SS",
    "email": "Only the applicants with this address",
    "applicantId": "Only applications of this applicant",
    "jobId": "Only applications for this job",
    "model": "Only the fields of this model",
}
_LOOK_UPS: dict[str, dict[str, Schema]] = {
    "applicants": {"email": TEXT},
    "applications": {"applicantId": NUMBER, "jobId": NUMBER},
}
_SMALL_LISTS: tuple[tuple[str, str, str, dict[str, Schema]], ...] = (
    ("applications/{id}/notes", "Notes, unpaged", "notes", {}),
    ("applications/{id}/attachments", "Attachments, unpaged", "attachments", {}),
    ("applicants/{id}/attachments", "Attachments, unpaged", "attachments", {}),
    ("sources", "Where applicants come from", "sources", {}),
    ("customfields", "Definitions of custom fields", "customfields", {"model": schemas.one_of(schemas.MODELS)}),
)


class _Write(NamedTuple):
    """A request that changes something, and what it answers in ``data``."""

    method: str
    path: str
    summary: str
    body: Schema
    status: str
    answer: Schema


_CREATED_APPLICATION = of_object(("applicationId",), applicationId=NUMBER)
_CREATED_ATTACHMENT = of_object(("attachmentId",), attachmentId=NUMBER)
_WRITES = (
    _Write(
        "post",
        "applicants",
        "Make an applicant; the e-mail address need not be unique",
        schemas.NEW_APPLICANT,
        "201",
        of_object(("applicantId",), applicantId=NUMBER),
    ),
    _Write("post", "applications", "Make an application", schemas.NEW_APPLICATION, "201", _CREATED_APPLICATION),
    _Write(
        "patch",
        "applications/{id}",
        "Set custom fields, merged by key",
        schemas.NEW_VALUES,
        "200",
        ref("applications"),
    ),
    _Write(
        "post",
        "applications/{id}/notes",
        "Add a note",
        schemas.NEW_NOTE,
        "201",
        of_object(("noteId",), noteId=NUMBER),
    ),
    _Write(
        "post",
        "applications/{id}/attachments",
        "Add an attachment (multipart)",
        schemas.NEW_ATTACHMENT,
        "201",
        _CREATED_ATTACHMENT,
    ),
    _Write(
        "post",
        "applicants/{id}/attachments",
        "Add an attachment (multipart)",
        schemas.NEW_ATTACHMENT,
        "201",
        _CREATED_ATTACHMENT,
    ),
)
_WRONG = {"400": "The body cannot be read", "422": "Something in it is missing or wrong"}


def api_document(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """``GET /api2/openapi.json``."""
    return json_answer(200, build_document(tenant))


def build_document(tenant: Tenant) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the tenant's dialect."""
    legacy = tenant.dialect.name == "legacy"
    error = ref("fehler" if legacy else "error")
    paths = _lists(tenant)
    for path, operations in (_login() if legacy else _default_only(tenant)).items():
        paths.setdefault(path, {}).update(operations)
    for path, operations in paths.items():
        if "/{id}" in path:
            operations["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": NUMBER}]
        for operation in _operations(operations).values():
            told = {"401": "Not logged in", **({"404": "There is no such object"} if "/{id}" in path else {})}
            if "requestBody" in operation:
                told |= _WRONG
            elif operation["parameters"]:
                told["422"] = "A parameter makes no sense"
            for status, text in told.items():
                operation["responses"].setdefault(status, _response(text, error))
    key = {"type": "apiKey", "in": "header", "name": "X-Auth-Token"} if legacy else {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"HR4YOU sandbox, dialect {tenant.dialect.name}", "version": "2"},
        "paths": paths,
        "components": {"schemas": schemas.schemas(tenant), "securitySchemes": {"token": key}},
        "security": [{"token": []}],
    }


def _lists(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """The five paged lists, and their single objects."""
    dialect, known = tenant.dialect, schemas.schemas(tenant)
    paths: dict[str, dict[str, Any]] = {}
    for kind, path in dialect.paths.items():
        if dialect.name == "legacy":
            changes = {dialect.since_param: schemas.LOCAL_TIME} if "geaendert" in known[path]["properties"] else {}
            parameters = {**_OFFSET, **changes}
        else:
            parameters = {**_NUMBERED, dialect.since_param: TIME, "fields": TEXT, **_LOOK_UPS.get(kind, {})}
        page = schemas.page_of(tenant, ref(path))
        paths[f"/api2/{path}"] = {"get": _operation(f"List of {path}", parameters, "200", page)}
        one = wrapped(tenant, ref(path))
        paths[f"/api2/{path}/{{id}}"] = {"get": _operation(f"One of {path}", {}, "200", one)}
    return paths


def _login() -> dict[str, dict[str, Any]]:
    """The legacy dialect's call for a token, which takes none."""
    login = {**_operation("Log in", {}, "200", schemas.SESSION), **_content(schemas.LOGIN), "security": []}
    return {"/api2/anmeldung": {"post": login}}


def _default_only(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """Small lists and writes, which the legacy dialect lacks."""
    paths: dict[str, dict[str, Any]] = {}
    for path, summary, name, parameters in _SMALL_LISTS:
        answer = wrapped(tenant, of_list(ref(name)))
        paths.setdefault(f"/api2/{path}", {})["get"] = _operation(summary, parameters, "200", answer)
    for method, path, summary, body, status, content in _WRITES:
        operation = {**_operation(summary, {}, status, wrapped(tenant, content)), **_content(body)}
        paths.setdefault(f"/api2/{path}", {})[method] = operation
    existing = of_object(("message", "data"), message=TEXT, data=_CREATED_APPLICATION)
    responses = paths["/api2/applications"]["post"]["responses"]
    responses["409"] = _response("The applicant has applied for this job: names that application", existing)
    return paths


def docs_page(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """``GET /api2/docs``: the document as a table, without a script."""
    rows = ""
    for path, operations in build_document(tenant)["paths"].items():
        for method, operation in _operations(operations).items():
            names = ", ".join(name["name"] for name in operation["parameters"])
            cells = (f"{method.upper()} {path}", operation["summary"], names)
            rows += f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    html = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>API v2</title></head><body><h1>API v2</h1>"
        "<p><a href='/api2/openapi.json'>OpenAPI document</a></p><table><tr><th>Request</th><th>What it does</th>"
        f"<th>Parameters</th></tr>{rows}</table></body></html>"
    )
    return Answer(200, html.encode(), "text/html; charset=utf-8")


def _operations(path: Mapping[str, Any]) -> dict[str, Any]:
    """A path's operations by their methods."""
    return {method: operation for method, operation in path.items() if method != "parameters"}


def _operation(summary: str, parameters: Mapping[str, Schema], status: str, answer: Schema) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": _ABOUT[name], "schema": schema}
            for name, schema in parameters.items()
        ],
        "responses": {status: _response(summary, answer)},
    }


def _response(text: str, answer: Schema) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": answer}}}


def _content(body: Schema) -> dict[str, Any]:
    kind = "multipart/form-data" if "file" in body["properties"] else "application/json"
    return {"requestBody": {"required": True, "content": {kind: {"schema": body}}}}
