"""An HR4YOU-like server to try things out and to test against: knows the wire, never the client."""

from __future__ import annotations

from hr4you_sandbox.server import Sandbox, serve_in_thread

__all__ = ["Sandbox", "serve_in_thread"]
