"""Changes what a sandbox serves, over its control API."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


class Control:
    """One running sandbox.

    Attributes:
        base_url: of the sandbox.
        config: what a tap needs to read it; deletions are looked for in every run.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.config: dict[str, Any] = {
            "base_url": base_url,
            "api_token": "sandbox",
            "tenant": "acme",
            "deletion_check_interval_hours": 0,
        }

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self._send("GET", f"objects/{kind}")["data"])

    def create(self, kind: str, **values: Any) -> dict[str, Any]:
        return dict(self._send("POST", f"objects/{kind}", values)["data"])

    def change(self, kind: str, remote_id: object, **values: Any) -> dict[str, Any]:
        return dict(self._send("PATCH", f"objects/{kind}/{remote_id}", values)["data"])

    def delete(self, kind: str, remote_id: object) -> None:
        self._send("DELETE", f"objects/{kind}/{remote_id}")

    def faults(self, *faults: dict[str, Any]) -> None:
        self._send("POST", "faults", {"faults": list(faults)})

    def reset(self) -> None:
        self._send("POST", "reset")

    def requests(self) -> dict[str, int]:
        return dict(self._send("GET", "stats")["requests"])

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.base_url}/sandbox/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            content = answer.read()
        return json.loads(content) if content else None
