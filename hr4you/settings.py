"""The settings of a connection in their checked form."""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import os
import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from hr4you.connection_schema import CONNECTION_PROPERTIES
from hr4you.environment import read_environment
from hr4you.errors import ConfigError
from hr4you.ids import RESERVED_TENANTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONNECTION_PROPERTIES", "Connection", "is_loopback", "origin_of", "read_environment"]

_SUBDOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TENANT: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NETLOC: Final = re.compile(r"(?:\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]|[^\[\]@:]*)(?::[0-9]*)?")
# what a name service takes; underscores are in some names of inner networks
_HOST: Final = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")


@dataclasses.dataclass(frozen=True)
class Connection:
    """Where a tenant is and how to get in; the secrets are left out of its repr.

    Attributes:
        base_url: without a slash at its end; the contract's ``base_path`` follows it.
        origin: scheme, host and port of `base_url`; credentials go nowhere else.
        tenant: its name inside ids.
        max_requests_per_second: None without a limit.
        request_timeout: in seconds.
        user_agent: None: the client names itself.
    """

    base_url: str
    origin: str
    tenant: str
    api_token: str | None = dataclasses.field(default=None, repr=False)
    api_token_file: Path | None = dataclasses.field(default=None, repr=False)
    username: str | None = dataclasses.field(default=None, repr=False)
    password: str | None = dataclasses.field(default=None, repr=False)
    contract: tuple[Path, ...] = ()
    concurrency: int = 8
    max_requests_per_second: float | None = None
    request_timeout: float = 60.0
    max_retries: int = 6
    ca_bundle: Path | None = None
    user_agent: str | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any], *, credentials: bool = True) -> Connection:
        """Read the connection's settings; others in the mapping do not count.

        Args:
            config: settings by name, None and missing alike.
            credentials: False for what needs none, as the public job feed: none are wanted and none are kept.

        Raises:
            ConfigError: a setting is missing, wrong, or contradicts another. No value stands in the message.
        """
        base_url, host = _read_address(config)
        return cls(
            base_url=base_url,
            origin=origin_of(base_url),
            tenant=_read_tenant(config, host),
            contract=_read_contract(config.get("contract")),
            concurrency=int(_number(config, "concurrency")),
            max_requests_per_second=_number(config, "max_requests_per_second") or None,
            request_timeout=float(_number(config, "request_timeout")),
            max_retries=int(_number(config, "max_retries")),
            ca_bundle=_read_ca_bundle(config),
            user_agent=_read_user_agent(config),
            **(_read_credentials(config) if credentials else {}),
        )


def origin_of(url: str) -> str:
    """Return scheme, host and port of an absolute URL; the scheme's own port is left out, so origins compare.

    Raises:
        ValueError: the URL's port is no number, or the URL is one that parsers read differently: with user names,
            odd brackets, backslashes or control characters one reads ``evil`` where another reads the tenant.
    """
    parts = urlsplit(url)
    if "\\" in url or not url.isprintable() or not _NETLOC.fullmatch(parts.netloc):
        raise ValueError("a URL with a user name, odd brackets, a backslash or a control character")
    host = (parts.hostname or "").lower()
    host = f"[{ipaddress.IPv6Address(host)}]" if ":" in host else host
    scheme = parts.scheme.lower()
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(scheme)} else f":{parts.port}"
    return f"{scheme}://{host}{port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or IP address is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_ca_bundle(config: Mapping[str, Any]) -> Path | None:
    name = _text(config, "ca_bundle")
    if name is None:
        return None
    path = Path(name).expanduser()
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ConfigError("`ca_bundle`: the file holds no certificates in PEM form") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ConfigError(f"`ca_bundle`: the file cannot be read ({reason})") from None
    return path


def _read_user_agent(config: Mapping[str, Any]) -> str | None:
    name = _text(config, "user_agent")
    if name is not None and not (name.isascii() and name.isprintable()):
        raise ConfigError("`user_agent`: expected one line of ASCII")
    return name


def _read_address(config: Mapping[str, Any]) -> tuple[str, str]:
    """Return the base URL, and the subdomain or host that names the tenant if nothing else does."""
    subdomain, given = _text(config, "subdomain"), _text(config, "base_url")
    if (subdomain is None) == (given is None):
        problem = (
            "`subdomain` and `base_url` are both set (one may come from the environment): leave one out"
            if given
            else "Neither `subdomain` nor `base_url` is set"
        )
        raise ConfigError(
            f"{problem}. `subdomain` is the `acme` of https://acme.hr4you.org, `base_url` the whole address of "
            "a tenant with a domain of its own"
        )
    if subdomain is not None:
        if not _SUBDOMAIN.fullmatch(subdomain.lower()):
            raise ConfigError(
                "`subdomain`: expected only the part before .hr4you.org, of letters, digits and hyphens; "
                "for a whole address use `base_url`"
            )
        return f"https://{subdomain.lower()}.hr4you.org", subdomain.lower()
    parts = _split(given or "")
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" and not is_loopback(host):
        raise ConfigError("`base_url`: expected https://; http:// is for this machine itself only")
    return f"{origin_of(given or '')}{parts.path.rstrip('/')}", host


def _split(base_url: str) -> SplitResult:
    """Take a base URL apart. Raises `ConfigError`."""
    if not base_url.isprintable() or " " in base_url or "\\" in base_url:
        raise ConfigError("`base_url`: expected no white space, no backslash and nothing invisible inside")
    try:
        parts = urlsplit(base_url)
    except ValueError:
        raise ConfigError("`base_url`: not a URL; expected one like https://jobs.example.com") from None
    path = parts.path.rstrip("/")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError("`base_url`: expected the whole address with its scheme, as https://jobs.example.com")
    if "@" in parts.netloc:
        raise ConfigError("`base_url`: credentials do not belong here; use `username` and `password`, or `api_token`")
    if not parts.netloc.isascii():
        raise ConfigError("`base_url`: expected a host in ASCII; umlauts are written as in xn--bcher-kva.example")
    if not _has_usable_host(base_url):
        raise ConfigError(
            "`base_url`: expected a host name or an IP address (version 6 in brackets, without a zone), and no port or "
            "one from 1 to 65535, as https://jobs.example.com:8443"
        )
    if parts.query or parts.fragment:
        raise ConfigError("`base_url`: leave out everything from the question mark or the hash on")
    if path.startswith("//"):  # of which requests makes one
        raise ConfigError("`base_url`: expected one scheme and one slash behind the host, as https://jobs.example.com")
    if path.endswith("/api2"):
        raise ConfigError("`base_url`: leave out /api2; the contract's `api.base_path` adds it")
    return parts


def _has_usable_host(base_url: str) -> bool:
    """Whether name service, TLS and requests take its host and port, and requests asks just these."""
    try:
        host, port = urlsplit(origin_of(base_url))[1], urlsplit(base_url).port
    except ValueError:
        return False
    return port != 0 and (host.startswith("[") or bool(_HOST.fullmatch(host.partition(":")[0])))


def _read_tenant(config: Mapping[str, Any], default: str) -> str:
    tenant = _text(config, "tenant") or default
    if not _TENANT.fullmatch(tenant):
        raise ConfigError("`tenant`: expected lower case letters, digits, dots, hyphens and underscores, as `acme`")
    if tenant in RESERVED_TENANTS:
        raise ConfigError(f"`tenant`: must not be {' or '.join(sorted(RESERVED_TENANTS))}, which mean something in ids")
    return tenant


def _read_credentials(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one group of credentials given, as arguments of `Connection`."""
    token, file, username = (_text(config, name) for name in ("api_token", "api_token_file", "username"))
    password = _given(config, "password")
    groups = [token is not None, file is not None, username is not None or bool(password)]
    if sum(groups) != 1:
        problem = "more than one group is set, leave the others out" if any(groups) else "none are set"
        raise ConfigError(
            f"Credentials: {problem}. Expected `api_token`, or `api_token_file`, or `username` and `password` "
            "(from the environment: HR4YOU_API_TOKEN and so on)"
        )
    if groups[2]:
        if username is None or not password:
            raise ConfigError(f"Credentials: `{'password' if username else 'username'}` is missing beside the other")
        return {"username": username, "password": password}
    if file is not None:
        path = Path(file).expanduser()
        read_token_file(path)
        return {"api_token_file": path}
    return {"api_token": check_token(token or "", "`api_token`")}


def read_token_file(path: Path) -> str:
    """Return the token in a file, without white space around it.

    Raises:
        ConfigError: the file cannot be read, is empty or holds no token. Its name is not told: it may be a token
            that was written into the wrong setting.
    """
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text file"
        raise ConfigError(f"`api_token_file`: the file cannot be read ({reason})") from None
    if not text:
        raise ConfigError("`api_token_file`: the file is empty")
    return check_token(text, "`api_token_file`")


def check_token(token: str, setting: str) -> str:
    """Return the token if it fits into a header. Raises `ConfigError`."""
    if not token.isascii() or not token.isprintable():
        raise ConfigError(f"{setting}: a token is one line of plain characters; this is something else")
    return token


def _read_contract(given: Any) -> tuple[Path, ...]:
    paths = [given] if isinstance(given, (str, os.PathLike)) else given or []
    if not isinstance(paths, (list, tuple)) or not all(isinstance(path, (str, os.PathLike)) for path in paths):
        raise ConfigError("`contract`: expected a path or a list of paths")
    return tuple(Path(path).expanduser() for path in paths if str(path).strip())


def _given(config: Mapping[str, Any], name: str) -> str | None:
    """Return a text setting as it is, None where it is not set. Raises `ConfigError`."""
    value = config.get(name)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"`{name}`: expected text")
    return value


def _text(config: Mapping[str, Any], name: str) -> str | None:
    """Return a text setting trimmed, None where it is not set. Raises `ConfigError` where it is empty."""
    value = _given(config, name)
    if value is not None and not value.strip():
        raise ConfigError(f"`{name}` is empty: set it, or leave it out")
    return None if value is None else value.strip()


def _number(config: Mapping[str, Any], name: str) -> float:
    """Return a number, its default where it is not set, 0 where there is no default. Raises `ConfigError`."""
    schema = CONNECTION_PROPERTIES[name]
    value = config.get(name)
    if value is None:
        default: float = schema.get("default", 0)
        return default
    whole = "integer" in schema["type"]
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise ConfigError(f"`{name}`: expected a {'whole ' if whole else ''}number")
    low, high = schema.get("minimum", 0), schema.get("maximum")
    is_low = value < low or ("exclusiveMinimum" in schema and value <= 0)
    if is_low or not math.isfinite(value) or (high is not None and value > high):
        limits = f"from {low} to {high}" if high is not None else "above 0"
        raise ConfigError(f"`{name}`: expected a number {limits}")
    return float(value)
