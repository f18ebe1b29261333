from __future__ import annotations

import json
import time
from typing import Any

import pytest

from hr4you.contract.draft.source import parse_openapi
from hr4you.errors import ContractError

PATHS = {"/jobs": {"get": {"responses": {"200": {"description": "ok"}}}}}
PLAIN = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": PATHS}
TEXT = json.dumps(PLAIN)
YAML = "openapi: 3.0.3\ninfo: {title: Übersicht, version: '1'}\npaths:\n  /jobs:\n    get: {}\n"

READ = {
    "JSON": TEXT.encode(),
    "JSON with a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "JSON in UTF-16 with a mark": TEXT.encode("utf-16"),
    "JSON in UTF-16 without a mark": TEXT.encode("utf-16-be"),
    "JSON with white space around it": b"\n\t " + TEXT.encode() + b"\n\n",
    "JSON with a comma too many": (TEXT[:-1] + ",}").encode(),
    "JSON as YAML in braces": TEXT.replace('"', "").replace(",", ", ").encode(),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_a_document_is_read_in_every_form_of_json(content: bytes) -> None:
    assert parse_openapi(content, "api.json")["paths"]["/jobs"]["get"]["responses"]["200"] == {"description": "ok"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_is_read_as_yaml(encoding: str) -> None:
    assert parse_openapi(YAML.encode(encoding), "api.yml")["info"]["title"] == "Übersicht"


VERSIONS = {
    'swagger: "2.0"': ("swagger", "2.0"),
    "swagger: 2.0": ("swagger", "2.0"),
    "openapi: 3.0": ("openapi", "3.0"),
    "openapi: 3.1.0": ("openapi", "3.1.0"),
    "openapi: '3.2.0'": ("openapi", "3.2.0"),
}


@pytest.mark.parametrize(("line", "version"), VERSIONS.items(), ids=VERSIONS)
def test_the_version_is_text_however_it_is_written(line: str, version: tuple[str, str]) -> None:
    data = parse_openapi(f"{line}\npaths: {{/a: {{}}}}\n".encode(), "api.yml")
    assert data[version[0]] == version[1]


def test_yaml_becomes_what_the_same_document_as_json_would_hold() -> None:
    text = """
openapi: 3.0.3
paths:
  /a: &a
    get: {responses: {200: {description: ok}, default: {}, 4XX: {}}}
  /b: *a
  /c: {<<: *a, put: {}}
x-keys: {on: 1, true: 2, ~: 3, 2024-01-31: 4, 1.5: 5, "null": 6}
x-values:
  [on, yes, 2024-01-31, 12:30, 007, 0x1F, 1e3, -5, 1.0, true, null, ~, "true", '1', !!str 1, .inf, 1_000, 9e999]
"""
    data = parse_openapi(text.encode(), "api.yml")
    assert json.loads(json.dumps(data)) == data
    assert list(data["paths"]["/a"]["get"]["responses"]) == ["200", "default", "4XX"]
    assert data["paths"]["/b"] == data["paths"]["/a"]
    assert set(data["paths"]["/c"]) == {"get", "put"}
    assert data["x-keys"] == {"on": 1, "true": 2, "~": 3, "2024-01-31": 4, "1.5": 5, "null": 6}
    assert data["x-values"] == [
        "on", "yes", "2024-01-31", "12:30", "007", "0x1F", 1000.0, -5, 1.0, True, None, None, "true", "1", "1", ".inf",
        "1_000", "9e999",
    ]  # fmt: skip


def test_what_json_cannot_hold_is_left_out_of_json() -> None:
    text = TEXT[:-1] + ', "x-a": NaN, "x-b": "half \\ud83d"}'
    data = parse_openapi(text.encode(), "api.json")
    assert data["x-a"] is None
    assert json.dumps(data, ensure_ascii=False).encode()


OTHERS: dict[str, tuple[str, str]] = {
    "an empty file": (" \n", "is empty"),
    "a web page": ("\n<!-- x\n -->\n<!DOCTYPE html><html><body>openapi</body></html>", "an HTML page where a document"),
    "an XML document": ('<?xml version="1.0"?><a/>', "an XML document"),
    "a WSDL file": ('<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">', "WSDL"),
    "RAML": ("#%RAML 1.0\ntitle: x\n", "RAML"),
    "API Blueprint": ("FORMAT: 1A\n\n# Polls\n", "API Blueprint"),
    "a GraphQL schema": ("# ours\ntype Query {\n  jobs: [Job!]!\n}\n", "GraphQL"),
    "a GraphQL schema with a text": ('"""\nAll\n"""\nschema {\n  query: Query\n}\n', "GraphQL"),
    "GraphQL's answer about itself": ('{"data": {"__schema": {}}}', "GraphQL"),
    "AsyncAPI": ("asyncapi: 2.6.0\nchannels: {}\n", "AsyncAPI"),
    "a Postman collection": (
        '{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}',
        "Postman",
    ),
    "a HAR file": ('{"log": {"version": "1.2", "entries": []}}', "HAR"),
    "a Singer catalog": ('{"streams": [{"tap_stream_id": "jobs", "schema": {}}]}', "Singer catalog"),
    "a JSON Schema": ('{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}', "JSON Schema"),
    "a shape without a name": ('{"type": "object", "properties": {"a": {}}}', "JSON Schema"),
    "Swagger 1": ('{"swaggerVersion": "1.2", "apis": []}', "Swagger 1"),
    "a contract": ("version: 1\nresources: {}\n", "a contract of this program"),
    "an API's answer": ('{"data": [{"id": 1}]}', "plain data without `openapi`"),
    "a list": ("[1, 2]", "plain data (a list)"),
    "a text": ("Please log in", "plain data (a single value)"),
    "a script": ("window.ui = SwaggerUIBundle({})", "a script"),
    "no version": ('{"info": {}, "paths": {"/a": {}}}', "does not say which OpenAPI"),
    "a later version": ("openapi: 4.0.0\npaths: {/a: {}}\n", "openapi: 4.0.0"),
    "an odd version": ("swagger: '1.2\\e[31m'\npaths: {/a: {}}\n", "swagger: 1.2"),
    "no paths": ("openapi: 3.1.0\nwebhooks: {}\n", "without any paths"),
    "empty paths": ('{"openapi": "3.0.0", "paths": {}}', "without any paths"),
    "paths in a list": ('{"openapi": "3.0.0", "paths": ["/a"]}', "without any paths"),
    "broken JSON": ('{"openapi": "3.0.0",\n"paths": {\n"/a": {"get" {}}}}', "line 3: is broken JSON"),
    "JSON that breaks off": (TEXT[:-10], "is broken JSON"),
    "broken YAML": ("openapi: 3.0.3\npaths:\n  /a: 'x\n", "neither JSON nor YAML"),
    "YAML with a tab": ("openapi: 3.0.3\npaths:\n\t/a: {}\n", "line 3: is neither JSON nor YAML"),
    "a control character": ("openapi: 3.0.3\nx: \x07\n", "control characters"),
    "a tag": ("openapi: 3.0.3\npaths: !!python/object/apply:os.system [id]\n", "line 2: the tag"),
    "a tag of somebody's own": ("openapi: 3.0.3\npaths: !include x.yml\n", "line 2: the tag `!include`"),
    "a key that is a list": ("openapi: 3.0.3\npaths: {[a]: 1}\n", "line 2: a list or a mapping stands where a key"),
    "a template": ("openapi: {{ version }}\npaths: {}\n", "line 1: a list or a mapping stands where a key"),
    "a template in braces": ("{openapi: {{ version }}, paths: {}}", "is broken JSON"),
    "two documents": ("openapi: 3.0.3\n---\nopenapi: 3.0.3\n", "line 2: another YAML document"),
    "an anchor that contains itself": (
        "openapi: 3.0.3\npaths: &p {/a: *p}\n",
        "line 2: the anchor `p` contains itself",
    ),
    "an anchor that is not there": ("openapi: 3.0.3\npaths: *p\n", "undefined alias|not defined"),
}


@pytest.mark.parametrize(("text", "told"), OTHERS.values(), ids=OTHERS)
def test_anything_else_ends_in_one_line_that_says_what_it_is(text: str, told: str) -> None:
    with pytest.raises(ContractError, match=told.replace("(", r"\(").replace(")", r"\)")) as caught:
        parse_openapi(text.encode(), "api.txt")
    message = str(caught.value)
    assert message.startswith("api.txt")
    assert message.endswith(".")
    assert message.isprintable()


def test_bytes_that_are_no_text_are_called_by_their_name() -> None:
    for content, told in ((b"PK\x03\x04\xff\xfe\xc3", "ZIP"), (b"\x1f\x8b\x08\xff", "gzip"), (b"{\xff}", "UTF-8")):
        with pytest.raises(ContractError, match=told):
            parse_openapi(content, "api.json")


def _bomb() -> str:
    rows = ["openapi: 3.0.3", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    return "\n".join([*rows, "paths: {/a: *a29}"])


MEGABYTES = 10_000_000
ROWS = (
    "  /p%d:\n    get:\n      summary: jobs\n      parameters:\n      - {name: a, in: query, schema: {type: string}}\n"
)
MANY = {f"/p{n}": PATHS["/jobs"] for n in range(MEGABYTES // 65)}
LARGE: dict[str, Any] = {
    "JSON": lambda: json.dumps({**PLAIN, "paths": MANY}),
    "JSON, cut": lambda: json.dumps({**PLAIN, "paths": MANY})[:-3],
    "JSON, broken in the middle": lambda: (
        TEXT[:-1] + ', "a": [' + "1, " * (MEGABYTES // 6) + "], " + "1, " * (MEGABYTES // 6)
    ),
    "JSON, nested": lambda: '{"openapi": "3.0.0", "paths": ' + '{"a":' * (MEGABYTES // 5),
    "JSON, nested and whole": lambda: '{"openapi": "3.0.0", "paths": ' + "[" * 5_000_000 + "]" * 5_000_000 + "}",
    "JSON, somewhat nested": lambda: '{"openapi": "3.0.0", "paths": {"/a": ' + "[" * 400 + "]" * 400 + "}}",
    "YAML": lambda: "openapi: 3.0.3\npaths:\n" + "".join(ROWS % n for n in range(MEGABYTES // 110)),
    "YAML, cut": lambda: "openapi: 3.0.3\npaths:\n" + "".join(ROWS % n for n in range(MEGABYTES // 300)) + "  '",
    "YAML, nested in brackets": lambda: "openapi: 3.0.3\npaths: " + "[" * MEGABYTES,
    "YAML, nested in rows": lambda: "openapi: 3.0.3\npaths:\n  " + "- " * (MEGABYTES // 2),
    "YAML, an alias bomb": _bomb,
    "YAML, many aliases": lambda: "openapi: 3.0.3\na: &a [1, 2, 3]\npaths:\n" + "  - *a\n" * (MEGABYTES // 7),
    "a web page": lambda: "<!DOCTYPE html><html>" + "<p>x</p>" * (MEGABYTES // 8),
    "an XML document": lambda: "<?xml version='1.0'?>" + "<" * MEGABYTES,
    "a list": lambda: json.dumps([{"id": n} for n in range(MEGABYTES // 15)]),
    "one line of text": lambda: "a " * (MEGABYTES // 2),
    "many lines of text": lambda: "jobs, people and stages\n" * (MEGABYTES // 24),
    "a table": lambda: "id;name\n" + "1;x\n" * (MEGABYTES // 4),
    "a GraphQL schema": lambda: "type Query {\n" + "  a: Int\n" * (MEGABYTES // 9) + "}",
    "white space": lambda: " " * MEGABYTES,
    "rows of braces": lambda: "{" + "\n" * MEGABYTES,
    "zeros": lambda: "\0" * MEGABYTES,
}
READABLE = {"JSON", "YAML"}


@pytest.mark.e2e  # slow: each is a large document
@pytest.mark.parametrize("kind", LARGE)
def test_ten_megabytes_of_whatever_kind_end_within_seconds(kind: str) -> None:
    content = LARGE[kind]().encode()
    begun = time.monotonic()
    try:
        data = parse_openapi(content, "api")
    except ContractError as error:
        message = str(error)
        assert kind not in READABLE, message
        assert message.isprintable()
        assert len(message) < 300
    else:
        assert kind in READABLE
        assert len(data["paths"]) > 50_000
    assert time.monotonic() - begun < 60  # seconds as a rule; one that never ends is what must not be


def test_a_document_beyond_the_limit_is_told_how_to_become_smaller() -> None:
    with pytest.raises(ContractError, match=r"larger than 20 MB. Cut the document to the paths"):
        parse_openapi(b" " * (20 << 20) + b"{}", "api.json")
