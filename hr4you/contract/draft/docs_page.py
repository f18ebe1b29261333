"""Where a docs page has its OpenAPI document: what Swagger UI, Redoc, Scalar and others are told there."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from hr4you.contract.draft.page_config import (
    Candidate,
    Sure,
    from_config,
    from_script,
    join,
    looks_like_document,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements of viewers: the attributes with an address, and with the document itself. HTML's names are in small letters.
_ELEMENTS: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "redoc": ("Redoc", ("spec-url", "specurl"), ("spec",)),
    "elements-api": ("Stoplight Elements", ("apidescriptionurl",), ("apidescriptiondocument",)),
    "rapi-doc": ("RapiDoc", ("spec-url",), ()),
    "rapi-doc-mini": ("RapiDoc", ("spec-url",), ()),
    "openapi-explorer": ("OpenAPI Explorer", ("spec-url",), ()),
    "scalar-api-reference": ("Scalar", ("spec-url", "url"), ()),
    "swagger-ui": ("Swagger UI", ("spec-url", "url"), ()),
}
_LINK_TYPES: Final = re.compile(r"application/(?:vnd\.oai\.openapi|openapi|swagger)", re.IGNORECASE)
_SCRIPT_TYPES: Final = re.compile(r"(?:text/javascript|application/javascript|module|)$", re.IGNORECASE)

# Libraries: megabytes in which no page's own address stands.
_LIBRARY: Final = re.compile(
    r"swagger-ui(?:-bundle|-standalone-preset|-es-bundle[\w-]*)?(?:\.min)?\.js$|redoc\.standalone|rapidoc[\w-]*\.js"
    r"|web-components\.min|@?scalar/api-reference|standalone(?:\.min)?\.js$|jquery|bootstrap|react(?:-dom)?[.\-@]|/vue[.@]"
    r"|analytics|gtm\.js|gtag|polyfill|fontawesome|lodash|highlight",
    re.IGNORECASE,
)
_STARTER: Final = re.compile(r"swagger|redoc|scalar|openapi|api-?docs?|initializer", re.IGNORECASE)
_MOST_LINKS: Final = 20


def find_documents(page: str, url: str) -> list[Candidate]:
    """Return what may be the document of a docs page, the surest first; those equally sure in the page's order.

    Args:
        page: HTML.
        url: the page's own address, after redirects.
    """
    collector = _Collector()
    # behind it no tag ends; a parser that looks for the end of each of many would not come to one itself
    collector.feed(page[: page.rfind(">") + 1])
    collector.close()
    base = join(url, collector.base) or url if collector.base else url
    found = [*_from_query(url, base), *_from_page(collector, base)]
    primary = parse_qs(urlsplit(url).query).get("urls.primaryName", [""])[0]
    unique: dict[tuple[str, str | int], Candidate] = {}
    for candidate in sorted(found, key=lambda candidate: -candidate.sure):
        key = candidate.url or id(candidate.document)
        unique.setdefault((candidate.kind, key), candidate.marked(primary))
    own = [candidate for candidate in unique.values() if candidate.url != url or candidate.kind == "inline"]
    return sorted(own, key=lambda candidate: (-candidate.sure, _is_foreign(candidate, url)))


def is_login_page(page: str) -> bool:
    """Whether a page asks for a password."""
    return re.search(r"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password\b", page, re.IGNORECASE) is not None


def _is_foreign(candidate: Candidate, url: str) -> bool:
    return candidate.kind == "inside" and urlsplit(candidate.url or url).netloc != urlsplit(url).netloc


def _from_query(url: str, base: str) -> Iterator[Candidate]:
    """Swagger UI and others take the address from the page's own."""
    query = parse_qs(urlsplit(url).query)
    for name, kind in (("url", "address"), ("specUrl", "address"), ("spec-url", "address"), ("configUrl", "config")):
        for value in query.get(name, ())[:1]:
            address = join(base, value) if "/" in value or "." in value else None
            if address:
                yield Candidate(kind, Sure.QUERY, f"the page's own `?{name}=`", base, url=address)


def _from_page(collector: _Collector, base: str) -> Iterator[Candidate]:
    for tag, attributes in collector.elements:
        label, addresses, documents = _ELEMENTS[tag]
        for name in documents:
            yield from _from_text(attributes.get(name), label, base)
        given = next((attributes[name] for name in addresses if attributes.get(name)), None)
        address = join(base, given)
        if address:
            yield Candidate("address", Sure.CALL, label, base, url=address)
    for attributes, text in collector.scripts:
        yield from _from_script_element(attributes, text, base)
    for kind, sure, label, given in collector.links:
        address = join(base, given)
        if address:
            yield Candidate(kind, sure, label, base, url=address)


def _from_script_element(attributes: dict[str, str], text: str, base: str) -> Iterator[Candidate]:
    is_scalar = attributes.get("id") == "api-reference"
    label = "Scalar" if is_scalar else "the page"
    yield from _from_text(attributes.get("data-configuration"), label, base)
    for name in ("data-url", "data-spec-url"):
        address = join(base, attributes.get(name)) if is_scalar else None
        if address:
            yield Candidate("address", Sure.CALL, label, base, url=address)
    kind = attributes.get("type", "")
    if "json" in kind or "yaml" in kind or (is_scalar and text.lstrip()[:1] == "{"):
        yield from _from_text(text, label, base)
    elif _SCRIPT_TYPES.match(kind.strip()):
        yield from from_script(text, base)
    source = attributes.get("src")
    address = join(base, source) if source and not _LIBRARY.search(source.partition("?")[0]) else None
    if address:
        sure = Sure.STARTER if _STARTER.search(urlsplit(address).path.rpartition("/")[2]) else Sure.SCRIPT
        yield Candidate("inside", sure, "a script of the page", base, url=address)


def _from_text(text: str | None, label: str, base: str) -> Iterator[Candidate]:
    """A viewer's configuration, or a document, as JSON, also with HTML's entities in it; or a document as YAML."""
    if not text or not text.strip():
        return
    for form in (text, html.unescape(text)):
        try:
            data = json.loads(form)
        except (ValueError, RecursionError):
            continue
        yield from from_config(data, label, base)
        return
    if re.match(r"\s*[\"'{]?\s*(?:openapi|swagger)\b", text):
        yield Candidate("inline", Sure.INLINE, label, base, document=text)


class _Collector(HTMLParser):
    """Takes from a page what may say where its document is.

    Attributes:
        base: of ``<base href>``.
        elements: those of viewers.
        scripts: attributes and text of each.
        links: kind, sureness, label and address of links, frames and attributes that look like addresses of documents.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.links: list[tuple[str, Sure, str, str]] = []
        self._script: tuple[dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._script = (attributes, [])
            return
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag in _ELEMENTS:
            self.elements.append((tag, attributes))
        elif len(self.links) < _MOST_LINKS:
            self.links += _links(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Note a script's end."""
        if tag == "script" and self._script is not None:
            attributes, parts = self._script
            self.scripts.append((attributes, "".join(parts)))
            self._script = None

    def handle_data(self, data: str) -> None:
        """Gather a script's text."""
        if self._script is not None:
            self._script[1].append(data)


def _links(tag: str, attributes: dict[str, str]) -> Iterator[tuple[str, Sure, str, str]]:
    address = attributes.get("href", "")
    if tag == "link":
        relation = attributes.get("rel", "").lower().split()
        if "service-desc" in relation or _LINK_TYPES.match(attributes.get("type", "")):
            yield "address", Sure.LINK, "the page's <link>", address
    elif tag == "a":
        if looks_like_document(address):
            yield "address", Sure.ANCHOR, "a link of the page", address
    elif tag in {"iframe", "frame"} and attributes.get("src"):
        yield "inside", Sure.SCRIPT, "a frame of the page", attributes["src"]
    elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        target = attributes.get("content", "").partition("=")[2].strip(" '\"")
        if target:
            yield "inside", Sure.STARTER, "where the page sends on to", target
    else:
        for name, value in attributes.items():
            if name.startswith("data-") and looks_like_document(value):
                yield "address", Sure.MENTION, "the page", value
