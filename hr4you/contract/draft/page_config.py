"""Configurations of API viewers: what of them is an address, and what the document itself."""

from __future__ import annotations

import dataclasses
import enum
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from hr4you.contract.draft.page_script import read_assigned, read_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_NAME: Final = re.compile(
    r"^[^\s<>\"'{}]*(?:(?:openapi|swagger|api[-_]?docs?|apidoc)[^/\s<>]{0,40}\.(?:json|ya?ml)"
    r"|/v[23]/api-docs(?:/[\w.-]+)?|/swagger/[\w.-]+/swagger\.json|/(?:api|docs)[.-](?:json|yaml))(?:[?#][^\s<>]*)?$",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"[\"'`]([^\"'`\s<>]{5,300})[\"'`]")
_SAMPLES: Final = re.compile(r"//petstore3?\.swagger\.io/|/@scalar/galaxy|//(?:[\w.-]+\.)?redocly?\.com?/.*petstore")
_INLINE_KEYS: Final = ("spec", "swaggerDoc", "content", "data", "apiDescriptionDocument", "definition")
_URL_KEYS: Final = ("url", "specUrl", "spec_url", "spec-url", "swaggerUrl", "apiDescriptionUrl")
_LIST_KEYS: Final = ("urls", "sources", "swaggerUrls")
_DEEPEST: Final = 4
_LONGEST: Final = 2000  # characters of an address
_MOST: Final = 20
_VIEWERS: Final = {
    "SwaggerUIBundle": "Swagger UI",
    "SwaggerUi": "Swagger UI",
    "Redoc.init": "Redoc",
    "Redoc.hydrate": "Redoc",
    "createApiReference": "Scalar",
}


class Sure(enum.IntEnum):
    """How sure a page is about its document."""

    MENTION = 20
    SCRIPT = 30
    ANCHOR = 50
    LINK = 60
    STARTER = 70
    CALL = 80
    INLINE = 90
    QUERY = 100


@dataclasses.dataclass(frozen=True)
class Candidate:
    """What may be a page's document, or may tell where it is.

    Attributes:
        kind: ``address`` of a document; ``inline``, the document itself; ``config``, the address of a viewer's
            configuration as JSON; ``inside``, the address of a script or a page that is to be searched.
        found: the viewer, or what of the page it was found in.
        base: what further addresses found there are relative to.
        url: absolute.
        document: data, or the text of JSON or YAML.
        name: which of several documents.
        is_primary: of several the one that the viewer shows first because somebody said so.
    """

    kind: str
    sure: Sure
    found: str
    base: str
    url: str | None = None
    document: Any = None
    name: str = ""
    is_primary: bool = False

    def marked(self, primary: str) -> Candidate:
        """Return it, as primary where it has this name."""
        return dataclasses.replace(self, is_primary=True) if primary and self.name == primary else self


def join(base: str, given: str | None) -> str | None:
    """Return an absolute address without its fragment, None for what is none or leads to a viewer's own sample."""
    if not given or not given.strip() or not given.strip().isprintable():
        return None
    try:
        address = urldefrag(urljoin(base, given.strip())).url
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if scheme in {"http", "https", "file"} and not _SAMPLES.search(address) else None


def looks_like_document(address: str) -> bool:
    """Whether an address by its name is an OpenAPI document's."""
    return len(address) < _LONGEST and _BY_NAME.match(address) is not None


def is_document(data: Any) -> bool:
    """Whether data begins as an OpenAPI document does."""
    return isinstance(data, dict) and ("openapi" in data or "swagger" in data) and "paths" in data


def from_script(text: str, base: str) -> Iterator[Candidate]:
    """Yield what a script says: its calls of viewers, what it leaves for one, and texts that look like addresses."""
    for name, arguments in read_calls(text):
        label = _VIEWERS[name]
        for argument in arguments[:2]:
            if isinstance(argument, str):
                if name == "Redoc.init":
                    yield from from_config({"url": argument}, label, base)
            else:
                yield from from_config(argument, label, base)
    for name, label in (("__redoc_state", "Redoc"), ("swaggerDoc", "Swagger UI"), ("configObject", "Swagger UI")):
        if name in text:
            yield from from_config(read_assigned(text, name), label, base)
    for number, match in enumerate(match for match in _TEXT.finditer(text) if looks_like_document(match[1])):
        address = join(base, match[1])
        if address:
            yield Candidate("address", Sure.MENTION, "a script of the page", base, url=address)
        if number == _MOST:
            return


def from_config(config: Any, label: str, base: str, depth: int = 0) -> Iterator[Candidate]:
    """Yield what a viewer's configuration says: several documents before one, documents before addresses."""
    if isinstance(config, list):
        for part in config[:_MOST]:
            yield from from_config(part, label, base, depth + 1)
    if not isinstance(config, dict) or depth > _DEEPEST:
        return
    if is_document(config):
        yield Candidate("inline", Sure.INLINE, label, base, document=config)
        return
    address = join(base, _text(config, "configUrl"))
    if address:
        yield Candidate("config", Sure.CALL, label, base, url=address)
    several = [found for key in _LIST_KEYS for found in _several(config.get(key), config, label, base, depth)]
    inline = [found for key in _INLINE_KEYS for found in _inline(config.get(key), label, base, depth)]
    yield from several or inline
    if several or any(found.kind == "inline" for found in inline):
        return
    for key in _URL_KEYS:
        address = join(base, _text(config, key))
        if address:
            yield Candidate("address", Sure.CALL, label, base, url=address)
            return


def _several(parts: Any, config: dict[str, Any], label: str, base: str, depth: int) -> Iterator[Candidate]:
    if not isinstance(parts, list):
        return
    primary = _text(config, "urls.primaryName") or ""
    for part in parts[:_MOST]:
        if not isinstance(part, dict):
            continue
        name = next((part[key] for key in ("name", "title", "slug") if isinstance(part.get(key), str)), "")
        for found in from_config({**part, "urls": None}, label, base, depth + 1):
            named = dataclasses.replace(found, name=found.name or name)
            yield dataclasses.replace(named, is_primary=part.get("default") is True).marked(primary)


def _inline(value: Any, label: str, base: str, depth: int) -> Iterator[Candidate]:
    if isinstance(value, dict):
        yield from from_config(value, label, base, depth + 1)
    elif isinstance(value, str) and re.match(r"\s*(?:\{|[\"']?(?:openapi|swagger)[\"']?\s*:)", value):
        yield Candidate("inline", Sure.INLINE, label, base, document=value)


def _text(config: dict[str, Any], key: str) -> str | None:
    value = config.get(key)
    return value if isinstance(value, str) else None
