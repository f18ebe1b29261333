"""The tenant's OpenAPI document: from a file, an address, or the docs page that shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from hr4you.contract.draft.docs_page import find_documents, is_login_page
from hr4you.contract.draft.page_config import Candidate, Sure, from_config, from_script, is_document
from hr4you.contract.draft.source import check_openapi, parse_data, parse_openapi
from hr4you.contract.draft.source_kinds import is_html
from hr4you.errors import (
    AnswerError,
    ConfigError,
    ContractError,
    ForbiddenError,
    HR4YouError,
    SetupError,
    TenantUnavailableError,
    UnexpectedAnswerError,
)
from hr4you.inspection.references import bundle
from hr4you.inspection.web import BY_BROWSER, Fetched, Web, needs_log_in, printable, read_file, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hr4you.http import Client

_DEEPEST: Final = 3  # a page, the page that it sends on to, a script there
_ADDRESS: Final = re.compile(r"(?:https?|file)://", re.IGNORECASE)

# Where documents are as a rule; at most twelve requests.
_BESIDE: Final = ("openapi.json", "openapi.yaml", "swagger.json", "api-docs")
_BEHIND: Final = (".json", "-json", "/openapi.json", "/swagger.json")
_AT_ROOT: Final = ("/openapi.json", "/swagger.json", "/v3/api-docs", "/swagger/v1/swagger.json")


@dataclass(frozen=True)
class Found:
    """An OpenAPI document.

    Attributes:
        data: as `parse_openapi` returns it, with the files that it refers to below ``x-external``.
        where: it was found, for the screen.
        problems: a line for each reference that leads nowhere.
    """

    data: dict[str, Any]
    where: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Hit:
    data: dict[str, Any]
    base: str
    where: str
    name: str = ""


class _SeveralError(ConfigError):
    """A page shows several documents, and which one is meant cannot be told."""


def read_document(source: str, client: Client | None) -> Found:
    """Find and read the OpenAPI document.

    Args:
        source: an address or a file: of the document, or of a docs page that shows it.
        client: the tenant's. What is at the tenant's own origin is asked for with its credentials, anything else
            without; None: everything without.

    Raises:
        ConfigError: the address is none, or the page shows several documents.
        ContractError: the document is broken, too large or something else.
        TenantUnavailableError: a host is down.
        ForbiddenError: only people who are logged in are shown it.
        NotFoundError: there is nothing at the address.
        UnexpectedAnswerError: there is no document at the address, nor where the page leads.
    """
    source = source.strip()
    if not source.isprintable() or not source:
        raise ConfigError("--docs: expected the name of a file, or an address that begins with https://.")
    is_address = _ADDRESS.match(source) is not None and not source.lower().startswith("file:")
    path = Path(source.removeprefix("file://"))
    with Web(client, None if is_address else path.parent) as web:
        search = _Search(web, has_client=client is not None)
        hit = search.at_address(source) if is_address else search.in_file(path)
        data, problems = bundle(hit.data, hit.base, web)
    return Found(data, hit.where, problems)


class _Search:
    """One search; what failed on the way is told if nothing is found."""

    def __init__(self, web: Web, *, has_client: bool) -> None:
        self._web = web
        self._has_client = has_client
        self._problem: HR4YouError | None = None
        self._page = ""
        self._host = ""
        self._tried: set[str] = set()

    def at_address(self, url: str) -> _Hit:
        """Look at an address."""
        try:
            fetched = self._web.get(url)
        except ForbiddenError as error:  # the page is for people; the document may be for programs too
            self._page = shown(url)
            hit = self._in_usual_places(url)
            if hit is None:
                raise error from None
            return hit
        self._page, self._host = shown(fetched.url), urlsplit(fetched.url).netloc
        self._tried.add(fetched.url)
        hit = self._look_at(fetched, self._page)
        if hit is None:
            hit = self._in_usual_places(fetched.url)
        if hit is not None:
            return hit
        if is_html(fetched.body) and is_login_page(fetched.text):
            raise needs_log_in(self._page, None, has_client=self._has_client)
        raise self._problem or UnexpectedAnswerError(
            f"{self._page}: shows no OpenAPI document: neither the page and its scripts name one, nor is there one at "
            "the usual addresses. Open it in your browser, look for a link to openapi.json or swagger.json, and give "
            "that address."
        )

    def in_file(self, path: Path) -> _Hit:
        """Look at a file: the document, or a page that was saved from a browser."""
        self._page = name = printable(str(path))
        if not path.exists() and not path.is_absolute() and "." in path.parts[0]:
            raise ContractError(f"{name}: there is no such file. If it is an address, put https:// before it.")
        fetched = Fetched(path.resolve().as_uri(), read_file(path, name))
        hit = self._look_at(fetched, name)
        if hit is not None:
            return hit
        if is_login_page(fetched.text):
            raise ContractError(f"{name}: is a saved log-in page. {BY_BROWSER}.")
        raise self._problem or ContractError(
            f"{name}: is a saved web page that holds no OpenAPI document and names none. In your browser, look for a "
            "link to openapi.json or swagger.json on that page, save what is there, and give that file."
        )

    def _look_at(self, fetched: Fetched, name: str) -> _Hit | None:
        """Return the document that this is, or that this page shows. Raises `ContractError` if it is neither."""
        if is_html(fetched.body):
            return self._in_page(fetched, 0)
        data = parse_data(fetched.body, name)
        if not is_document(data):  # a viewer's configuration?
            hit = self._first(from_config(data, "a viewer's configuration", fetched.url), 1)
            if hit is not None:
                return hit
        return _Hit(check_openapi(data, name), fetched.url, name)

    def _in_page(self, fetched: Fetched, depth: int) -> _Hit | None:
        return self._first(find_documents(fetched.text, fetched.url), depth + 1)

    def _first(self, candidates: Iterable[Candidate], depth: int) -> _Hit | None:
        """Return the surest document that there is."""
        for _, group in groupby(candidates, key=lambda candidate: candidate.sure):
            equal = list(group)
            chosen = [candidate for candidate in equal if candidate.is_primary]
            hits = self._all(chosen, depth) or self._all([one for one in equal if one not in chosen], depth)
            different = {_summary(hit): hit for hit in hits}
            if len(different) > 1:
                raise _several(self._page, list(different.values()))
            if hits:
                return hits[0]
        return None

    def _all(self, candidates: list[Candidate], depth: int) -> list[_Hit]:
        hits: list[_Hit] = []
        for candidate in candidates:
            try:
                hit = self._follow(candidate, depth)
            except _SeveralError:
                raise
            except (SetupError, AnswerError, TenantUnavailableError) as error:
                if isinstance(error, TenantUnavailableError) and urlsplit(candidate.url or "")[1] == self._host:
                    raise
                if self._problem is None and candidate.sure >= Sure.LINK and candidate.kind != "inside":
                    self._problem = error
                continue
            hits += [hit] if hit else []
            if hit and candidate.kind == "inside":
                break
        return hits

    def _follow(self, candidate: Candidate, depth: int) -> _Hit | None:
        """Return what a candidate leads to. Raises what `Web.get` and `parse_openapi` raise."""
        url = candidate.url
        if url is None:
            where = f"{self._page}, inside the page ({candidate.found})"
            content = candidate.document
            data = parse_openapi(content.encode(), where) if isinstance(content, str) else check_openapi(content, where)
            return _Hit(data, candidate.base, where, candidate.name)
        if depth > _DEEPEST or url in self._tried:
            return None
        self._tried.add(url)
        fetched = self._web.get(url)
        name = self._web.file_name(url) if url.startswith("file:") else shown(fetched.url)
        if candidate.kind == "inside":
            if is_html(fetched.body):
                return self._in_page(fetched, depth)
            return self._first(_by_sureness(from_script(fetched.text, candidate.base)), depth + 1)
        if is_html(fetched.body) and is_login_page(fetched.text):
            raise needs_log_in(name, None, has_client=self._has_client)
        data = parse_data(fetched.body, name)
        if candidate.kind == "config":
            return self._first(_by_sureness(from_config(data, candidate.found, candidate.base)), depth + 1)
        where = f"{name} (named by {candidate.found} at {self._page})"
        return _Hit(check_openapi(data, name), fetched.url, where, candidate.name or name)

    def _in_usual_places(self, url: str) -> _Hit | None:
        for place in _usual_places(url):
            if place in self._tried:
                continue
            try:
                fetched = self._web.get(place)
                data = parse_openapi(fetched.body, shown(place))
            except (SetupError, AnswerError):
                continue
            return _Hit(data, fetched.url, f"{shown(fetched.url)} (a usual address; {self._page} names none)")
        return None


def _usual_places(url: str) -> list[str]:
    parts = urlsplit(url)
    page = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query="", fragment=""))
    places = [urljoin(page, name) for name in _BESIDE]
    places += [f"{page}{name}" for name in _BEHIND if parts.path.rstrip("/")]
    places += [urljoin(page, name) for name in _AT_ROOT]
    return list(dict.fromkeys(places))


def _by_sureness(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: -candidate.sure)


def _summary(hit: _Hit) -> tuple[str, ...]:
    """What two forms of the same document have in common."""
    info = hit.data.get("info")
    title = str(info.get("title")) if isinstance(info, dict) else ""
    return (title, *sorted(hit.data["paths"]))


def _several(page: str, hits: list[_Hit]) -> _SeveralError:
    names = []
    for hit in hits[:10]:
        info = hit.data.get("info")
        title = info.get("title") if isinstance(info, dict) else None
        where = hit.where.partition(" (named by")[0]
        names.append(f"`{printable(hit.name or str(title))}` {where}" if hit.name != where else where)
    return _SeveralError(
        f"{page}: shows {len(hits)} documents. Give the one of the candidates with --docs: {', '.join(names)}"
    )
