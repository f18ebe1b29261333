"""``hr4you request``: one request to the tenant with its credentials, its answer as JSON for other programs.

What it prints to standard output is the tenant's data, on purpose; what it says on standard error never holds any.
"""

from __future__ import annotations

import json
import re
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
import msgspec
from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from hr4you.cli.request_input import Call, read_body, read_expression, read_path, url_of
from hr4you.cli.tenant import Tenant, open_tenant, tenant_options
from hr4you.errors import AnswerError, OutcomeUnknownError, UnexpectedAnswerError
from hr4you.http import Answer, read_pages
from hr4you.http.answers import BodyError, decode_json
from hr4you.http.failures import read_request_id
from hr4you.http.redact import scrub

if TYPE_CHECKING:
    from hr4you.contract import Expression, Listing, Pagination

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
_NOT_SENT: Final = 2
_ERRORS: Final = 400
_FAULTS: Final = frozenset({500, 501, *range(505, 600)})
"""Mistakes of the tenant's that another try would meet again; 502, 503 and 504 are outages."""
_REFUSALS: Final = frozenset(range(300, 500)) - {401, 408, 429}
"""What the client makes an error of at once. With --include the answer itself is wanted."""
_SECRET_HEADERS: Final = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
# Control characters beyond JSON's own, and what turns the direction of writing: a terminal would obey.
_ODD: Final = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


_EXAMPLES: Final = """\b
Examples:
  hr4you request GET applicants --param limit=1 | jq .data
  hr4you request GET applications --paginate | jq -c .status
  hr4you request PATCH applications/9001 --data '{"stageId": 3}' --yes
"""


@click.command(epilog=_EXAMPLES)
@click.argument("method", type=click.Choice([*sorted(_READS), *_WRITES], case_sensitive=False), metavar="METHOD")
@click.argument("path")
@click.option("--data", metavar="JSON|@FILE|@-", help="The body: JSON, a file that holds it, or standard input.")
@click.option(
    "--param", "params", metavar="NAME=VALUE", multiple=True, help="Of the query; may be given several times."
)
@click.option("--paginate", is_flag=True, help="Read all pages, and print each record as a line of JSON.")
@click.option("--records", metavar="EXPR", help="With --paginate: where the list is in an answer, as in the contract.")
@click.option("--yes", is_flag=True, help="Send a request that may change something.")
@click.option(
    "--include", "-i", is_flag=True, help="Print status and headers too, and the answer to a refused request."
)
@tenant_options
@click.pass_context
def request(
    context: click.Context,
    *,
    method: str,
    path: str,
    data: str | None,
    params: tuple[str, ...],
    paginate: bool,
    records: str | None,
    yes: bool,
    include: bool,
    config: tuple[str, ...],
    contract: tuple[str, ...],
) -> None:
    """Send one request to the tenant and print the answer's JSON.

    PATH is relative to the contract's base path (applicants/1001); with a slash in front it counts from the host
    (/api2/applicants/1001); a whole address of the tenant works too.

    GET, HEAD and OPTIONS go at once. Anything else goes only with --yes: without it, you see what would be sent.
    """
    method = method.upper()
    if data is not None and method in _READS:
        raise click.UsageError(f"--data: a {method} has no body. Give --param NAME=VALUE for the query.")
    if records is not None and not paginate:
        raise click.UsageError("--records goes with --paginate.")
    if paginate and (method != "GET" or include):
        raise click.UsageError("--paginate goes with GET, and without --include.")
    call = Call(method, *read_path(path, params), read_body(data))
    with open_tenant(config, contract) as tenant:
        url = url_of(call.path, tenant)
        if paginate:
            _print_pages(tenant, call, url, read_expression(records))
            return
        if method not in _READS and not yes:
            _tell(call, url)
            context.exit(_NOT_SENT)
        is_shown = include or method == "HEAD"
        answer = _send(tenant, call, is_shown=is_shown)
    if is_shown:
        _print_head(answer)
    _print_body(answer, _name(call, url), is_shown=is_shown)
    if answer.status >= _ERRORS or answer.status in _REFUSALS:
        raise _failure(call, url, answer, is_shown=is_shown)


# --- what is sent ------------------------------------------------------------------------------------------------


def _tell(call: Call, url: str) -> None:
    """Say what would be sent. Values stay out of it, as they may be a person's data."""
    query = "&".join(f"{_safe(name)}=..." for name, _ in call.query)
    lines = [f"Not sent, as --yes is missing: {call.method} {_safe(url)}{'?' if query else ''}{query}"]
    if call.body is None:
        lines.append("  without a body")
    else:
        size = len(json.dumps(call.body).encode())
        if isinstance(call.body, dict):
            what = f"an object with the keys {', '.join(map(_safe, call.body)) or '(none)'}"
        else:
            what = f"a list of {len(call.body)}"
        lines.append(f"  body: {size} bytes of JSON, {what}")
    click.echo("\n".join(lines), err=True)


_SEE: Final = "--include shows the whole answer"
_LOOK_FIRST: Final = (
    "It may have taken effect or not, and was not sent again: look in HR4YOU, or with a GET, before you repeat it"
)


def _send(tenant: Tenant, call: Call, *, is_shown: bool) -> Answer:
    """Send the request and return its answer, also one that refuses where it `is_shown`. Raises `HR4YouError`."""
    try:
        return tenant.client.request(
            call.method,
            call.path_and_query,
            json=call.body,
            is_read=call.method in _READS,
            is_json=False,
            returned=_FAULTS | _REFUSALS if is_shown else _FAULTS,
        )
    except OutcomeUnknownError as error:
        what = str(error).split(". ")[0]
        raise OutcomeUnknownError(f"{what}. {_LOOK_FIRST}", status=error.status, request_id=error.request_id) from None
    except AnswerError as error:
        raise type(error)(f"{error}; {_SEE}", status=error.status, request_id=error.request_id) from None


def _failure(call: Call, url: str, answer: Answer, *, is_shown: bool) -> AnswerError:
    """Return the error for an answer that is no 2xx."""
    request_id = read_request_id(answer.headers)
    what = f"{_name(call, url)}: the tenant answers {answer.status}"
    what += f" (request id {scrub(request_id)})" if request_id else ""
    hint = "" if is_shown else f"; {_SEE}"
    if answer.status in _FAULTS and call.method not in _READS:
        return OutcomeUnknownError(f"{what}. {_LOOK_FIRST}{hint}", status=answer.status, request_id=request_id)
    return AnswerError(f"{what}{hint}", status=answer.status, request_id=request_id)


def _name(call: Call, url: str) -> str:
    return f"{call.method} {_safe(urlsplit(url).path)}"


# --- what is printed ---------------------------------------------------------------------------------------------


def _print_pages(tenant: Tenant, call: Call, url: str, records: Expression | None) -> None:
    """Print the records of all pages, one a line, as they come."""
    listing = next((each for each in tenant.contract.listings if _is_at(each, url, tenant)), None)
    contract = tenant.contract
    pagination = contract.pagination_of(listing) if listing else contract.api.pagination
    query = dict(call.query)
    if len(query) < len(call.query):
        raise click.UsageError("A parameter stands there twice, which --paginate cannot send.")
    for name in (pagination.page, pagination.offset, pagination.cursor):
        if name in query:
            raise click.UsageError(f"`{name}` turns the pages: leave it to --paginate.")
    page_size = _read_size(query, pagination)
    where = records or (contract.records_of(listing) if listing else contract.api.records)
    try:
        for page in read_pages(tenant.client, call.path, pagination, where, query, page_size=page_size):
            lines = [_as_json(record) for record in page.records]
            click.echo("".join(f"{line}\n" for line in lines), nl=False)
    except UnexpectedAnswerError as error:
        raise UnexpectedAnswerError(
            f"{error}. --records says where the list is; without --paginate you see one answer as it is",
            status=error.status,
            request_id=error.request_id,
        ) from None


def _is_at(listing: Listing, url: str, tenant: Tenant) -> bool:
    """Whether a list of the contract is at this URL."""
    if listing.nested_in is not None or listing.path is None:
        return False
    pattern = re.escape(url_of(listing.path, tenant)).replace(re.escape("{id}"), "[^/]+")
    return re.fullmatch(pattern, url) is not None


def _read_size(query: dict[str, str], pagination: Pagination) -> int | None:
    """Take the page's size out of the query; None where it is not in there."""
    size = query.pop(pagination.size, None) if pagination.size else None
    if size is not None and not (size.isdecimal() and int(size)):
        raise click.UsageError(f"`{pagination.size}` is the size of a page: expected a number above 0.")
    return None if size is None else int(size)


def _print_head(answer: Answer) -> None:
    phrase = HTTPStatus(answer.status).phrase if answer.status in list(HTTPStatus) else ""
    click.echo(f"HTTP/1.1 {answer.status} {phrase}".rstrip())
    for name, value in answer.headers.items():
        if name.lower() not in _SECRET_HEADERS:
            click.echo(f"{_safe(name)}: {_safe(scrub(value))}")
    click.echo()


def _print_body(answer: Answer, name: str, *, is_shown: bool) -> None:
    """Print the answer's JSON.

    Raises:
        UnexpectedAnswerError: it is something else; with --include, that is printed as text.
    """
    if answer.status >= _ERRORS and not is_shown:
        return
    if not answer.body.strip():
        if not is_shown:
            click.echo(f"hr4you: {answer.status}, without a body", err=True)
        return
    try:
        data = decode_json(answer.body, answer.headers.get("Content-Type", ""))
    except BodyError as problem:
        if is_shown:
            text = answer.body.decode("utf-8", "replace")
            click.echo("\n".join(map(_safe, text.splitlines())))
            return
        raise UnexpectedAnswerError(
            f"{name}: the answer is {problem} (status {answer.status}, {len(answer.body)} bytes). --include "
            "prints it as text",
            status=answer.status,
        ) from None
    if sys.stdout.isatty():
        # as rich reads JSON anew it would undo the escapes, so it is only given colours
        pretty = JSONHighlighter()(Text(msgspec.json.format(_as_json(data), indent=2)))
        Console().print(pretty, soft_wrap=True)
    else:
        click.echo(_as_json(data))


def _as_json(data: Any) -> str:
    """Return compact JSON that no terminal takes a command from: odd characters inside of texts are escaped."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _safe(text: str) -> str:
    """Return text for the screen: what no one could read, or a terminal would obey, is escaped."""
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
