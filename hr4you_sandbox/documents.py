"""Soon."""

from __future__ import annotations

from typing import Any

from hr4you_sandbox.answers import Answer


def api_document(*_: Any) -> Answer:
    """Later."""
    return Answer(501)


def docs_page(*_: Any) -> Answer:
    """Later."""
    return Answer(501)
