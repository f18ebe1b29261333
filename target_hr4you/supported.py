"""Which inputs of an action the contract has a place for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hr4you.text import fold
from target_hr4you.actions import known_inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import Action, Contract

_NOT_SENT: Final = frozenset({"application_id", "candidate_id", "content_type", "remote_fields"})
"""Inputs that say what the others mean, or that are looked at by themselves."""

_WHOLES: Final = {"result_note(@)": ("label", "url", "details"), "note_text(@)": ("content",)}
"""Functions that look at the record as a whole, and at what of it."""

_FILE: Final = frozenset({"name", "content_type", "data", "data_url"})


def unsupported(contract: Contract, action: str, content: Mapping[str, Any]) -> list[str]:
    """Return the paths of a content's inputs that reach no request, in the content's order."""
    known = contract.actions.get(action)
    if known is None:
        return []
    missing = [path for path in known_inputs(content) if path not in _NOT_SENT and not _has_place(known.texts, path)]
    missing += _own_fields(known, content)
    source, candidate = content.get("source") or {}, content.get("candidate") or {}
    if source.get("unified_key") and not source.get("name") and not source.get("id"):
        words = map(fold, contract.vocabularies.get("source", {}))
        missing += ["source.unified_key"] if fold(source["unified_key"]) not in words else []
    application = content.get("application") or {}
    missing += ["application.stage_id"] if "stage_id" in application and "job_id" not in application else []
    gender = candidate.get("gender")
    if gender and gender not in contract.vocabularies.get("gender", {}):
        missing.append("candidate.gender")
    return list(dict.fromkeys(missing))


def _own_fields(action: Action, content: Mapping[str, Any]) -> list[str]:
    """Return the `remote_fields` of steps that the action does not have."""
    own = (content.get("remote_fields") or {}).get("hr4you") or {}
    names = {step.name for step in action.steps}
    return [f"remote_fields.hr4you.{name}" for name in own if name not in names]


@lru_cache(maxsize=1_000)
def _has_place(texts: tuple[str, ...], path: str) -> bool:
    top, _, rest = path.partition(".")
    if top in {"attachment", "attachments"}:
        is_read = any(re.search(rf"(?<![\w.]){top}(?!\w)", text) for text in texts)
        wanted = "item.file" if rest in _FILE else f"item.{rest}"
        return is_read and any(_mentions(text, wanted) for text in texts)
    if any(whole in text and top in inputs for text in texts for whole, inputs in _WHOLES.items()):
        return True
    parts = path.split(".")
    above = [".".join(parts[:end]) for end in range(1, len(parts))]
    return any(_mentions(text, path) or any(_is_given(text, whole) for whole in above) for text in texts)


def _mentions(text: str, path: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(path)}(?!\w)", text) is not None


def _is_given(text: str, path: str) -> bool:
    """Whether an expression hands over all that is at a path, as ``source_id(source)`` does."""
    return re.search(rf"(?<![\w.]){re.escape(path)}(?![\w.])", text) is not None
