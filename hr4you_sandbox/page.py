"""The page at ``/``: what is in the tenant, and what a pipeline wrote into it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.answers import Answer
from hr4you_sandbox.writes import children

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.kinds import WireObject
    from hr4you_sandbox.tenant import Tenant

_LATEST = 50
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.3rem .8rem .3rem 0;"
    "border-bottom:1px solid #ddd;vertical-align:top}th{font-weight:600}.quiet{color:#666}code{background:#f3f3f3;"
    "padding:0 .2rem}"
)


def page(tenant: Tenant, _: Request, __: re.Match[str]) -> Answer:
    """HTML that renews itself every five seconds; no script, nothing from elsewhere."""
    counts = [(name, len(table.ids)) for name, table in tenant.store.tables.items()]
    body = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><meta http-equiv='refresh' content='5'>"
        f"<title>HR4YOU sandbox</title><style>{_STYLE}</style></head><body><h1>HR4YOU sandbox</h1>"
        "<p>A made-up tenant. <a href='/api2/docs'>The API</a>, "
        "<a href='/api/jobs/xml/set/website'>the public job feed</a>, <a href='/sandbox/stats'>statistics</a>.</p>"
        f"<h2>In the tenant</h2>{_table(('Kind', 'Objects'), counts)}"
        f"<h2>Written by the pipeline</h2>{_people(tenant)}"
        f"<h2>Latest writes</h2>{_writes(tenant)}"
        f"<h2>Requests</h2>{_table(('Request', 'Times'), sorted(tenant.requests.items()))}</body></html>"
    )
    return Answer(200, body.encode(), "text/html; charset=utf-8")


def _writes(tenant: Tenant) -> str:
    if not tenant.written:
        return "<p class='quiet'>None since the start.</p>"
    rows = [(entry.at, entry.what, entry.object_id) for entry in reversed(tenant.written)]
    return _table(("Time", "Request", "Object"), rows[:_LATEST])


def _people(tenant: Tenant) -> str:
    """The applicants whom the pipeline made or wrote to, newest first, with what hangs on their applications."""
    store = tenant.store
    touched: dict[int, None] = {}
    for entry in reversed(tenant.written):
        applicant_id = entry.object_id
        if entry.kind == "applications":
            application = store.tables["applications"].get(entry.object_id) or {}
            applicant_id = application.get("applicantId", 0)
        touched[applicant_id] = None
    rows = []
    for applicant_id in list(touched)[:_LATEST]:
        person = store.tables["applicants"].get(applicant_id)
        if person is not None:
            name = f"{person.get('firstname') or ''} {person.get('lastname') or ''}".strip()
            emails = ", ".join(str(email.get("address")) for email in person.get("emails") or [])
            rows.append((applicant_id, name, emails, _Html("<br>".join(_applications(tenant, applicant_id)))))
    if not rows:
        return "<p class='quiet'>Nothing yet: send some actions, and they appear here.</p>"
    return _table(("Applicant", "Name", "E-mail", "What hangs on it"), rows)


def _applications(tenant: Tenant, applicant_id: int) -> Iterable[str]:
    store = tenant.store
    for attachment in children(tenant, "attachments", "applicants", applicant_id):
        yield _attachment(attachment)
    for application_id in store.applications_of(applicant_id, None):
        application = store.tables["applications"].get(application_id) or {}
        job = store.tables["jobs"].get(application.get("jobId", 0)) or {}
        stage = store.tables["stages"].get(application.get("stageId") or 0) or {}
        title, name = escape(str(job.get("jobTitle") or "")), escape(str(stage.get("name") or "no stage"))
        yield f"Application {application_id}: {title} <span class='quiet'>({name})</span>"
        for field in application.get("customFields") or []:
            yield f"&emsp;{escape(str(field.get('label')))}: <code>{escape(str(field.get('value')))}</code>"
        for note in children(tenant, "notes", "applications", application_id):
            yield f"&emsp;Note: {escape(str(note.get('text')))}"
        for attachment in children(tenant, "attachments", "applications", application_id):
            yield f"&emsp;{_attachment(attachment)}"


def _attachment(attachment: WireObject) -> str:
    name, size = escape(str(attachment.get("name"))), attachment.get("size")
    return f"Attachment: {name} ({size} bytes, {escape(str(attachment.get('category')))})"


class _Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    cells = "".join(
        f"<tr>{''.join(f'<td>{cell if isinstance(cell, _Html) else escape(str(cell))}</td>' for cell in row)}</tr>"
        for row in rows
    )
    return f"<table><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>{cells}</table>"
