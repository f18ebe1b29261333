"""What people have at hand instead of an OpenAPI document: recognised, so that it can be called by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED: Final = "Expected an OpenAPI (Swagger) document, or the docs page that shows it"

# A text's beginning -> what it is, and what to do instead of the usual. The first that fits counts.
_TEXTS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), kind, advice)
    for pattern, kind, advice in (
        ((r"\A(?:<!--[\s\S]*?-->|\s)*<(?:!doctype html|html|head|body|script|style|meta|link|base|title|div|main|form"
          r"|input|iframe|table|h[1-6]|p|a|redoc|rapi-doc|elements-api|openapi-explorer|swagger-ui)\b"
          r"|\A\s*<\?xml[^>]*>(?:<!--[\s\S]*?-->|\s)*<(?:!doctype )?html\b"),
         "an HTML page where a document was expected", ""),
        (r"\A\s*<(?=[^<]*(?:<[^<]*){0,5}\bdefinitions\b[^>]*wsdl)", "a WSDL file (SOAP)", ""),
        (r"\A\s*<(?=[^<]*(?:<[^<]*){0,5}wadl)", "a WADL file", ""),
        (r"\A\s*<(?=[^<]*(?:<[^<]*){0,5}\bHR4YOU_JOBS\b)", "the public job feed", ""),
        (r"\A\s*<", "an XML document", ""),
        (r"\A#%RAML", "a RAML document", "Convert it to OpenAPI"),
        (r"\A(?:FORMAT:\s*1A|HOST:.*\n+#)", "an API Blueprint", "Convert it to OpenAPI"),
        (r"\A\s*(?:syntax\s*=\s*[\"']proto|package \w+;)", "a protocol buffers file (gRPC)", ""),
        ((r"\A(?:\s|#[^\n]*\n|\"\"\"[^\"]*\"\"\")*"
         r"(?:schema\s*\{|(?:extend\s+)?(?:type|interface|input|enum)\s+\w+[^:\n]*\{|"
         r"(?:scalar\s+\w+|directive\s+@\w+[^\n]*|union\s+\w+\s*=[^\n]*)\n)"), "a GraphQL schema", ""),
        (r"\A%PDF", "a PDF file", ""),
        (r"\APK\x03\x04", "a ZIP archive", "Unpack it, and give the document in it"),
        (r"\A(?:\x1f.?\x8b|\x1f�)", "a packed file (gzip)", "Unpack it first"),
        (r"\A(?:window\.|\(?function\b|\(\(?\)? ?=>|import |const |var |let |\"use strict\")",
         "a script", "Give the docs page that it belongs to"),
    )
)  # fmt: skip


def _has(*names: str) -> Callable[[dict[str, Any]], bool]:
    return lambda data: all(name in data for name in names)


def _is_postman(data: dict[str, Any]) -> bool:
    info = data.get("info")
    if isinstance(info, dict) and ("_postman_id" in info or "getpostman.com" in str(info.get("schema"))):
        return True
    collection = data.get("collection")
    return isinstance(collection, dict) and "item" in collection


def _inside(outer: str, inner: str) -> Callable[[dict[str, Any]], bool]:
    def is_inside(data: dict[str, Any]) -> bool:
        value = data.get(outer)
        return isinstance(value, dict) and inner in value

    return is_inside


def _is_catalog(data: dict[str, Any]) -> bool:
    streams = data.get("streams")
    return isinstance(streams, list) and bool(streams) and isinstance(streams[0], dict) and "schema" in streams[0]


def _is_json_schema(data: dict[str, Any]) -> bool:
    named = data.get("$schema")
    return (isinstance(named, str) and "json-schema" in named) or (
        isinstance(data.get("properties"), dict) and data.get("type") == "object"
    )


_POSTMAN_ADVICE: Final = "Ask for the OpenAPI document, or convert the collection to OpenAPI"
_DATA: Final[tuple[tuple[Callable[[dict[str, Any]], bool], str, str], ...]] = (
    (_has("asyncapi"), "an AsyncAPI document (messages, not HTTP)", ""),
    (_is_postman, "a Postman collection", _POSTMAN_ADVICE),
    (_has("_type", "__export_format"), "an Insomnia export", _POSTMAN_ADVICE.replace("collection", "export")),
    (_inside("log", "entries"), "a HAR file (a browser's record of requests)", ""),
    (_is_catalog, "a Singer catalog", ""),
    (_has("__schema"), "a GraphQL schema", ""),
    (_inside("data", "__schema"), "a GraphQL schema", ""),
    (_has("swaggerVersion"), "a Swagger 1 document", "Convert it to OpenAPI 3 first"),
    (_has("openrpc"), "an OpenRPC document", ""),
    (_has("arazzo"), "an Arazzo document", ""),
    (_has("overlay", "actions"), "an OpenAPI overlay, which changes a document and is none", ""),
    (_has("discoveryVersion"), "a Google discovery document", "Convert it to OpenAPI first"),
    (_has("smithy"), "a Smithy model", "Convert it to OpenAPI first"),
    (_has("version", "resources"), "a contract of this program, not the document to draft one from", ""),
    (_is_json_schema, "a JSON Schema (one object's shape, no paths)", ""),
    (_has("paths", "info"), "a document that does not say which OpenAPI it is written in",
     "Its first line has to be `openapi: 3.0.3` or the like, or `swagger: \"2.0\"`"),
)  # fmt: skip


def kind_of_text(text: str) -> tuple[str, str] | None:
    """Return what a text is that is no JSON and no YAML, and what to do; None where it may be either."""
    start = text[:20_000]
    for pattern, kind, advice in _TEXTS:
        if pattern.search(start):
            return kind, advice or EXPECTED
    return None


def kind_of_data(data: Any) -> tuple[str, str]:
    """Return what data is that is no OpenAPI document, and what to do."""
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a single value"
        return f"plain data ({what})", EXPECTED
    for fits, kind, advice in _DATA:
        if fits(data):
            return kind, advice or EXPECTED
    return "plain data without `openapi` or `swagger`", EXPECTED


def is_html(content: bytes) -> bool:
    """Whether this is a web page; UTF-8 or a single-byte character set."""
    return _TEXTS[0][0].search(content[:5000].decode("utf-8-sig", "replace")) is not None
