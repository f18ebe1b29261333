"""Answers that are not what they should be: the faults that need no broken connection."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from hr4you_sandbox.answers import Answer, RefusalError
from hr4you_sandbox.store import decode, encode

if TYPE_CHECKING:
    from hr4you_sandbox.asked import Request
    from hr4you_sandbox.dialect import Dialect
    from hr4you_sandbox.faults import Fault

_HTTP_DATE_SECONDS = 2
"""How far ahead a `Retry-After` in the form of a date lies: such a date has no parts of a second."""

_HTML_TYPE = "text/html; charset=utf-8"
_HTML = (
    "<!DOCTYPE html><html lang='de'><head><title>Wartungsarbeiten</title></head>"
    "<body><h1>Wartungsarbeiten</h1><p>Wir sind gleich zurück.</p></body></html>"
)


def spoil(fault: Fault, answer: Answer, request: Request, dialect: Dialect) -> Answer:
    """The answer that the client gets in place of the right one."""
    name = fault.fault
    if name == "status":
        answer = _status(fault, dialect)
    elif name == "html_200":
        answer = Answer(200, _HTML.encode(), _HTML_TYPE)
    elif name == "empty_201":
        answer = Answer(201)
    elif name == "redirect":
        answer = Answer(302, headers={"Location": _elsewhere(fault, request)})
    elif name == "wrong_content_type":
        answer.content_type = _HTML_TYPE
    elif name == "truncated_json":
        answer.body = answer.body[: len(answer.body) * 2 // 3]
    elif name == "cut_gzip":
        answer = _cut_gzip(answer)
    elif name == "foreign_next":
        answer = _foreign_next(fault, answer, request)
    return answer


def _status(fault: Fault, dialect: Dialect) -> Answer:
    answer = dialect.error(RefusalError(fault.status, f"Vom Fehlerplan bestellt: {fault.status}."))
    if fault.status in {204, 304}:
        answer = Answer(fault.status)
    if fault.retry_after is not None:
        soon = time.time() + (_HTTP_DATE_SECONDS if fault.seconds is None else fault.seconds)
        is_date = fault.retry_after == "http-date"
        answer.headers["Retry-After"] = formatdate(soon, usegmt=True) if is_date else str(fault.retry_after)
    return answer


def _cut_gzip(answer: Answer) -> Answer:
    """Compressed whatever its size and whether or not it was asked for, without its last third."""
    padded = Answer(answer.status, answer.body.ljust(1_024), answer.content_type, answer.headers).gzipped()
    padded.body = padded.body[: len(padded.body) * 2 // 3]
    return padded


def _foreign_next(fault: Fault, answer: Answer, request: Request) -> Answer:
    """The list with links to its next page on another host, in each place where such links stand."""
    target = _elsewhere(fault, request)
    headers = {**answer.headers, "Link": f'<{target}>; rel="next"'}
    content = decode(answer.body)
    if isinstance(content, dict):
        content["next"] = target
        content["links"] = {"next": target}
        if isinstance(content.get("meta"), dict):
            content["meta"]["next"] = target
    return Answer(answer.status, encode(content), answer.content_type, headers)


def _elsewhere(fault: Fault, request: Request) -> str:
    query = f"?{urlencode(list(request.query.multi_items()))}" if request.query else ""
    return urljoin(fault.location, request.path) + query
