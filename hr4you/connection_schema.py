"""JSON schemas of the connection's settings, which the commands show: one name and one description everywhere."""

from __future__ import annotations

from typing import Any, Final

CONNECTION_PROPERTIES: Final[dict[str, dict[str, Any]]] = {
    "subdomain": {
        "type": ["string", "null"],
        "description": "The first part of the tenant's address: `acme` for https://acme.hr4you.org. Either this or "
        "base_url.",
    },
    "base_url": {
        "type": ["string", "null"],
        "description": "The tenant's address where it has a domain of its own, without the path of the API: "
        "`https://jobs.example.com`.",
    },
    "tenant": {
        "type": ["string", "null"],
        "description": "Names the tenant inside ids; by default the subdomain, else the host. Do not change it later: "
        "all ids would change.",
    },
    "api_token": {
        "type": ["string", "null"],
        "secret": True,
        "description": "API token. One of api_token, api_token_file, or username and password.",
    },
    "api_token_file": {
        "type": ["string", "null"],
        "description": "Path of a file that holds the API token; read again when the tenant refuses the token.",
    },
    "username": {
        "type": ["string", "null"],
        "secret": True,
        "description": "For tenants with basic authentication or a login call.",
    },
    "password": {"type": ["string", "null"], "secret": True, "description": "Belongs to username."},
    "contract": {
        "type": ["string", "array", "null"],
        "items": {"type": "string"},
        "description": "Path of a YAML file that says how this tenant's API differs from the default, or a list of "
        "such paths, merged in order.",
    },
    "concurrency": {
        "type": "integer",
        "minimum": 1,
        "maximum": 64,
        "default": 8,
        "description": "Requests in flight at the same time.",
    },
    "max_requests_per_second": {
        "type": ["number", "null"],
        "exclusiveMinimum": 0,
        "description": "Upper limit for this run, all threads together; several runs do not share it. No limit by "
        "default.",
    },
    "request_timeout": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 60,
        "description": "Seconds one request may take, of which 10 to connect.",
    },
    "max_retries": {
        "type": "integer",
        "minimum": 0,
        "maximum": 100,
        "default": 6,
        "description": "How often a failed request is repeated, within 300 seconds in all.",
    },
    "ca_bundle": {
        "type": ["string", "null"],
        "description": "Path of a file with the certificates to trust, where the tenant's is not publicly trusted.",
    },
    "user_agent": {"type": ["string", "null"], "description": "What the tenant sees as User-Agent."},
}

LEDGER_URL: Final[dict[str, Any]] = {
    "type": ["string", "null"],
    "secret": True,
    "description": "SQLAlchemy URL of the ledger that target-hr4you writes.",
}
