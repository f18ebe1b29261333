from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from requests.adapters import HTTPAdapter

from hr4you.errors import ConfigError
from hr4you.http import Client
from hr4you.settings import CONNECTION_PROPERTIES, Connection, origin_of, read_environment
from tests.hr4you.http.tenants import api

ACME: dict[str, Any] = {"subdomain": "acme", "api_token": "canary"}


def test_a_subdomain_is_the_address_and_the_tenants_name() -> None:
    connection = Connection.from_config(ACME)

    assert connection.base_url == connection.origin == "https://acme.hr4you.org"
    assert connection.tenant == "acme"


ADDRESSES: dict[str, tuple[str, str, str, str]] = {
    "a domain": ("https://Jobs.Example/", "https://jobs.example", "https://jobs.example", "jobs.example"),
    "its own port": ("https://a.example:443", "https://a.example", "https://a.example", "a.example"),
    "another port": ("https://a.example:8443/", "https://a.example:8443", "https://a.example:8443", "a.example"),
    "a path": ("https://a.example/hr//", "https://a.example/hr", "https://a.example", "a.example"),
    "loopback": ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1"),
    "localhost": ("http://localhost:80/", "http://localhost", "http://localhost", "localhost"),
}


@pytest.mark.parametrize(("given", "base_url", "origin", "tenant"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_base_url_is_brought_into_one_form(given: str, base_url: str, origin: str, tenant: str) -> None:
    connection = Connection.from_config({"base_url": given, "api_token": "x"})

    assert (connection.base_url, connection.origin, connection.tenant) == (base_url, origin, tenant)


LABEL = "a" * 63
ASKED: dict[str, str] = {
    "HTTPS://Host.Example": "https://host.example",
    "https://host.example:": "https://host.example",
    "https://host.example:65535": "https://host.example:65535",
    "https://host.example.": "https://host.example.",
    "https://in_house": "https://in_house",
    "https://XN--bcher-kva.example": "https://xn--bcher-kva.example",
    f"https://{'.'.join([LABEL] * 3)}.{'a' * 61}": f"https://{'.'.join([LABEL] * 3)}.{'a' * 61}",
    "https://host.example\u2028": "https://host.example",
    "https://host.example/?": "https://host.example",
    "https://host.example/a/../b": "https://host.example/b",
    "https://host.example/ä%20@[": "https://host.example/%C3%A4%20@%5B",
    "http://[::1]:80": "http://[::1]",
    "https://[2001:DB8:0::1]:8443/hr": "https://[2001:db8::1]:8443/hr",
}


@pytest.mark.parametrize(("given", "asked"), ASKED.items(), ids=map(ascii, ASKED))
def test_a_base_url_that_is_taken_can_be_asked(given: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(adapter: HTTPAdapter, request: Any, **_: object) -> None:
        adapter.get_connection_with_tls_context(request, verify=True)
        raise RuntimeError(request.url)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    connection = Connection.from_config({"base_url": given, "api_token": "x", "tenant": "acme"})
    with Client(connection, api()) as client:
        for path in ("jobs", f"{connection.base_url}/api2/jobs"):
            with pytest.raises(RuntimeError) as caught:
                client.get(path)
            assert str(caught.value) == f"{asked}/api2/jobs"


PORTS = ["99999", "65536", "canary", "-1", "0", "1:2", "1_0", "1" * 5_000]
HOSTS = ["a..canary", ".canary.example", "canary..", ".", "can%61ry", "canary%00.example", "canary%", "*.canary", "a,b"]
LONG_HOSTS = [f"{LABEL}a.example", f"{'canary.' * 36}aa", "a" * 100_000]
IN_A_HOST = " \t\n\0\x7f\x85\xa0\xad\u200b\u2028\u202e\ufeff\ud800\udcff\\"
ODD = {
    "whole address": [
        *(f"https:{rest}" for rest in ("", "//", "///canary", "//:443", "canary.example", "//a:canary@")),
        *("canary.example", "//canary.example", "ftp://canary.example"),
    ],
    "not a URL": ["http://[", "https://[::1", "https://]", "https://a\uff0fcanary", "https://a\uff20canary.example"],
    "host name or an IP address": [
        *(f"https://canary:{port}" for port in PORTS),
        *(f"https://{host}" for host in HOSTS + LONG_HOSTS),
        *(f"https://[{host}]" for host in ("fe80::1%eth0", "fe80::1%25eth0", "v1.canary")),
    ],
    "xn--": [f"https://{host}.example" for host in ("bücher", "BÜCHER", "例え", "\uff43anary", "\u212aanary")],
    "invisible": [
        *(f"https://can{odd}ary.example" for odd in IN_A_HOST),
        *(f"https://canary/a{odd}b" for odd in " \n\\\ud800"),
        *("https:\\\\canary", "\ufeffhttps://canary", "\0https://canary", "ht\ntps://canary"),
    ],
    "credentials": [f"https://{rest}" for rest in ("a:canary@b", "a@canary@c", "@canary", "a:canary@[::1]")],
    "one scheme": ["https://https://canary", "https://a.example//canary"],
}
ODD_ONES = [pytest.param(told, given, id=ascii(given)[:60]) for told, odd in ODD.items() for given in odd]


@pytest.mark.parametrize(("told", "given"), ODD_ONES)
def test_an_odd_base_url_is_told_in_one_way_and_never_by_value(told: str, given: str) -> None:
    with pytest.raises(ConfigError, match=f"^`base_url`: .*{told}") as caught:
        Connection.from_config({"base_url": given, "api_token": "x", "tenant": "acme"})

    assert "canary" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("_", "url"), ODD_ONES)
def test_an_odd_link_has_a_printable_origin_or_a_value_error(_: str, url: str) -> None:
    with contextlib.suppress(ValueError):
        assert origin_of(url).isprintable()


def test_what_is_not_set_has_the_documented_default() -> None:
    connection = Connection.from_config(ACME)

    for name, schema in CONNECTION_PROPERTIES.items():
        if "default" in schema:
            assert getattr(connection, name) == schema["default"]


def test_the_schemas_are_valid_and_the_secrets_marked() -> None:
    for schema in CONNECTION_PROPERTIES.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    secret = {name for name, schema in CONNECTION_PROPERTIES.items() if schema.get("secret")}
    assert secret == {"api_token", "username", "password"}


def test_no_secret_is_in_the_repr() -> None:
    with_token = Connection.from_config(ACME)
    with_password = Connection.from_config({"subdomain": "acme", "username": "canary", "password": "canary"})

    assert "canary" not in repr((with_token, with_password))


def test_a_token_is_taken_from_a_file_that_is_named_and_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  canary\n")

    connection = Connection.from_config({"subdomain": "acme", "api_token_file": str(file)})

    assert connection.api_token_file == file
    assert connection.api_token is None


def test_one_contract_or_several_are_given_by_path() -> None:
    assert Connection.from_config({**ACME, "contract": "a.yml"}).contract == (Path("a.yml"),)
    assert Connection.from_config({**ACME, "contract": ["a.yml", "b.yml"]}).contract == (Path("a.yml"), Path("b.yml"))
    assert Connection.from_config({**ACME, "contract": None}).contract == ()


def test_without_credentials_none_are_wanted_and_none_are_kept() -> None:
    assert Connection.from_config({"subdomain": "acme"}, credentials=False).tenant == "acme"
    assert Connection.from_config(ACME, credentials=False).api_token is None


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"api_token": "canary"}, "`subdomain`.*`base_url`"),
    "two addresses": ({**ACME, "base_url": "https://canary.example"}, "are both set"),
    "a host as subdomain": ({**ACME, "subdomain": "canary.hr4you.org"}, "`subdomain`"),
    "a URL as subdomain": ({**ACME, "subdomain": "https://canary"}, "`subdomain`"),
    "an empty subdomain": ({**ACME, "subdomain": " "}, "`subdomain` is empty"),
    "no TLS": ({"base_url": "http://canary.example", "api_token": "x"}, "https"),
    "no TLS, looks like loopback": ({"base_url": "http://127.0.0.1.canary.example", "api_token": "x"}, "https"),
    "a query": ({"base_url": "https://a.example/?token=canary", "api_token": "x"}, "question mark"),
    "the API's path": ({"base_url": "https://a.example/api2/", "api_token": "x"}, "/api2"),
    "a tenant with capitals": ({**ACME, "tenant": "Canary"}, "`tenant`"),
    "a tenant with a colon": ({**ACME, "tenant": "canary:1"}, "`tenant`"),
    "a reserved tenant": ({**ACME, "tenant": "remote"}, "`tenant`"),
    "an IPv6 address without a tenant": ({"base_url": "http://[::1]:8000", "api_token": "x"}, "`tenant`"),
    "no credentials": ({"subdomain": "acme"}, "`api_token`.*`api_token_file`.*`username`"),
    "two groups of credentials": ({**ACME, "username": "canary", "password": "canary"}, "more than one group"),
    "no password": ({"subdomain": "acme", "username": "canary"}, "`password` is missing"),
    "no user name": ({"subdomain": "acme", "password": "canary"}, "`username` is missing"),
    "an empty token": ({**ACME, "api_token": ""}, "`api_token` is empty"),
    "a token of two lines": ({**ACME, "api_token": "canary\ncanary"}, "`api_token`"),
    "a token that is no text": ({**ACME, "api_token": 7}, "`api_token`: expected text"),
    "a token as file name": ({"subdomain": "acme", "api_token_file": "/canary"}, "`api_token_file`"),
    "no such ca_bundle": ({**ACME, "ca_bundle": "/canary"}, "`ca_bundle`"),
    "a contract that is no path": ({**ACME, "contract": {"canary": 1}}, "`contract`"),
    "no thread": ({**ACME, "concurrency": 0}, "`concurrency`"),
    "half a thread": ({**ACME, "concurrency": 1.5}, "`concurrency`"),
    "a thread as text": ({**ACME, "concurrency": "canary"}, "`concurrency`"),
    "a truth as number": ({**ACME, "max_retries": True}, "`max_retries`"),
    "no time": ({**ACME, "request_timeout": 0}, "`request_timeout`"),
    "no number": ({**ACME, "request_timeout": float("nan")}, "`request_timeout`"),
    "a rate of nothing": ({**ACME, "max_requests_per_second": 0}, "`max_requests_per_second`"),
}


@pytest.mark.parametrize(("config", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_told_by_name_and_never_by_value(config: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=f"(?i){told}") as caught:
        Connection.from_config(config)

    assert "canary" not in str(caught.value).lower()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"two\nlines", b"\xff\xfe"], ids=["empty", "blank", "lines", "binary"]
)
def test_a_token_file_without_a_token_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "canary"
    file.write_bytes(content)

    with pytest.raises(ConfigError, match="`api_token_file`") as caught:
        Connection.from_config({"subdomain": "acme", "api_token_file": str(file)})
    assert "canary" not in str(caught.value)


ORIGINS = [
    ("https://a.example", "https://A.example:443/x?y", True),
    ("https://a.example", "http://a.example", False),
    ("https://a.example", "https://a.example:444", False),
    ("https://a.example", "https://a.example.evil.example", False),
    ("http://[::1]:8000", "http://[::1]:8000/x", True),
    ("https://[2001:db8::1]", "https://[2001:DB8:0::1]:443/x", True),
]


@pytest.mark.parametrize(("one", "other", "same"), ORIGINS)
def test_origins_compare(one: str, other: str, same: bool) -> None:  # noqa: FBT001  # a parameter of the test
    assert (origin_of(one) == origin_of(other)) is same


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example@evil.example",
        "https://evil.example\\@a.example/x",
        "https://a.example\\.evil.example",
        "https://a.example\n.evil.example",
        "https://a.example:x",
        "https://[::1]x",
        "https://x[::1]",
        "https://[a.example]",
        "https://[v1.example]",
        "https://[::1::2]",
        "https://[::1%25lo]",
    ],
)
def test_an_address_that_parsers_read_differently_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin_of(url)


SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "whole": {"type": "integer"},
    "number": {"type": ["number", "null"]},
    "truth": {"type": "boolean"},
    "mapping": {"type": "object"},
    "list": {"type": ["array", "null"]},
    "path": {"type": ["string", "array", "null"]},
}
VARIABLES: dict[str, tuple[str, str, Any]] = {
    "text": ("text", "12", "12"),
    "text that looks like JSON": ("text", "[1", "[1"),
    "a whole number": ("whole", " 12 ", 12),
    "a number": ("number", "0.5", 0.5),
    "null": ("number", "null", None),
    "true": ("truth", "True", True),
    **{word: ("truth", word, True) for word in ("true", "1", "Yes", "ON")},
    **{word: ("truth", word, False) for word in ("false", "0", "No", "OFF")},
    "a mapping": ("mapping", '{"a": [1]}', {"a": [1]}),
    "a list": ("list", "[1]", [1]),
    "a path": ("path", "a.yml", "a.yml"),
    "paths": ("path", '["a.yml"]', ["a.yml"]),
}


@pytest.mark.parametrize(("name", "text", "value"), VARIABLES.values(), ids=VARIABLES)
def test_a_variable_has_the_type_of_its_setting(name: str, text: str, value: Any) -> None:
    found = read_environment(SCHEMAS, ["HR4YOU_"], {f"HR4YOU_{name.upper()}": text})

    assert found == {name: value}
    assert type(found[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("whole", "canary"), ("whole", "1.5"), ("truth", "canary"), ("mapping", "canary"), ("list", "[canary")],
)
def test_a_variable_of_another_type_is_told_by_name_and_never_by_value(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"HR4YOU_{name.upper()}: ") as caught:
        read_environment(SCHEMAS, ["HR4YOU_"], {f"HR4YOU_{name.upper()}": text})

    assert "canary" not in str(caught.value)


def test_the_later_prefix_wins_and_empty_variables_count_as_not_set() -> None:
    environ = {"HR4YOU_TEXT": "all", "TAP_HR4YOU_TEXT": "tap", "TAP_HR4YOU_WHOLE": "", "HR4YOU_OTHER": "x"}

    assert read_environment(SCHEMAS, ["HR4YOU_", "TAP_HR4YOU_"], environ) == {"text": "tap"}
