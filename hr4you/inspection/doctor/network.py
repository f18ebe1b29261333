"""The way to the tenant: proxy, name service, connection, certificate."""

from __future__ import annotations

import os
import socket
import ssl
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from requests.adapters import DEFAULT_CA_BUNDLE_PATH
from requests.utils import get_environ_proxies

from hr4you.inspection.doctor.checks import FAILED, NOT_TRIED, OK, UNAVAILABLE, WARNING, Check, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.settings import Connection

_SECONDS: Final = 5.0
_DAY: Final = 86_400
_SOON: Final = 14  # days
_EXPIRED, _OTHER_HOST = 10, 62  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_HOSTNAME_MISMATCH
_PORTS: Final = {"http": 80, "https": 443}


def check_network(connection: Connection) -> Iterator[Check]:
    """Look up the host, connect and look at its certificate; nothing is asked for."""
    parts = urlsplit(connection.origin)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    proxy = _proxy_of(connection)
    if proxy is not None:
        yield _check_proxy(proxy)
        for what in ("DNS", "TCP", "TLS"):
            yield Check(what, NOT_TRIED, "the proxy does that")
        return
    try:
        addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        to_do = "Mend `subdomain` or `base_url`; if they are right, see to the name service or set HTTPS_PROXY"
        yield Check("DNS", FAILED, f"there is no host {host}", to_do, exit_status=UNAVAILABLE)
        yield from _not_tried("TCP", "TLS")
        return
    yield Check("DNS", OK, f"{host} has {count(len(addresses), 'address', 'addresses')}")
    try:
        plug = socket.create_connection((host, port), _SECONDS)
    except OSError as error:
        yield Check("TCP", FAILED, f"port {port} of {host} {_why(error)}", _reach(), exit_status=UNAVAILABLE)
        yield from _not_tried("TLS")
        return
    with closing(plug):
        yield Check("TCP", OK, f"port {port} takes connections")
        if parts.scheme == "https":
            yield _check_certificate(plug, host, connection)
        else:
            yield Check("TLS", NOT_TRIED, "http:// needs none; it is for this machine itself")


def _not_tried(*whats: str) -> Iterator[Check]:
    for what in whats:
        yield Check(what, NOT_TRIED, "no connection")


def _why(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "refuses connections"
    return "does not answer in time" if isinstance(error, TimeoutError) else "cannot be reached"


def _reach() -> str:
    return (
        "Check host and port in `base_url` (or `subdomain`); if they are right, ask whether a firewall is in between, "
        "or set HTTPS_PROXY"
    )


def _proxy_of(connection: Connection) -> str | None:
    proxies: dict[str, str] = get_environ_proxies(connection.base_url)
    return proxies.get(urlsplit(connection.base_url).scheme) or proxies.get("all")


def _check_proxy(proxy: str) -> Check:
    """Connect to the proxy that the environment names; its user name and password are not told."""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, port = parts.hostname or "", parts.port or 80
        socket.create_connection((host, port), _SECONDS).close()
    except (OSError, ValueError):
        to_do = "Mend HTTPS_PROXY (or HTTP_PROXY, ALL_PROXY), or name the tenant's host in NO_PROXY"
        return Check("proxy", FAILED, "the proxy of the environment cannot be reached", to_do, exit_status=UNAVAILABLE)
    return Check("proxy", OK, f"the environment sends requests through {host}:{port}")


def _check_certificate(plug: socket.socket, host: str, connection: Connection) -> Check:
    bundle = (
        connection.ca_bundle
        or os.environ.get("REQUESTS_CA_BUNDLE")
        or os.environ.get("CURL_CA_BUNDLE")
        or DEFAULT_CA_BUNDLE_PATH
    )
    try:
        context = ssl.create_default_context(cafile=bundle if os.path.isfile(bundle) else None)  # noqa: PTH113  # str or Path
        with context.wrap_socket(plug, server_hostname=host) as wrapped:
            certificate = wrapped.getpeercert() or {}
            version = wrapped.version()
    except ssl.SSLCertVerificationError as error:
        return _distrusted(error, host)
    except OSError as error:
        to_do = f"Check the port in `base_url`: {host} may speak http or something else there"
        found = f"no encrypted connection comes about ({_told(error)})"
        return Check("TLS", FAILED, found, to_do, exit_status=UNAVAILABLE)
    until = str(certificate.get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(until) - time.time()) / _DAY) if until else _SOON
    found = f"{version}, the certificate holds for {count(days, 'day')} (until {until})"
    if days < _SOON:
        return Check("TLS", WARNING, found, "Tell HR4YOU that the certificate of this host runs out")
    return Check("TLS", OK, found)


def _told(error: OSError) -> str:
    return str(getattr(error, "reason", None) or type(error).__name__).replace("_", " ").lower()


def _distrusted(error: ssl.SSLCertVerificationError, host: str) -> Check:
    if error.verify_code == _EXPIRED:
        found, to_do = "the certificate has run out", "Tell HR4YOU; and check this machine's clock"
    elif error.verify_code == _OTHER_HOST:
        found = f"the certificate is of another host than {host}"
        to_do = "Mend `subdomain` or `base_url`: give the name that the certificate is made out to"
    else:
        found = f"the certificate is not trusted ({error.verify_message})"
        to_do = (
            "If a proxy or an authority of your company signs it, set `ca_bundle` to a PEM file with that authority's "
            "certificate; otherwise the host may be another than you meant"
        )
    return Check("TLS", FAILED, found, to_do, exit_status=UNAVAILABLE)
