"""Ids that are unique across tenants: ``{tenant}:{model}:{remote_id}``, split again at the first two colons."""

from __future__ import annotations

from typing import Any, Final

MODELS: Final = ("user", "job", "candidate", "application_stage", "application")

STREAM_OF_MODEL: Final = {model: f"{model}s" for model in MODELS}
MODEL_OF_STREAM: Final = {stream: model for model, stream in STREAM_OF_MODEL.items()}

RESERVED_TENANTS: Final = frozenset({"remote", "action"})
"""First words of references that are no ids: ``remote:123``, ``action:create_candidate/7``."""


def make_id(tenant: str, model: str, remote_id: str) -> str:
    """The id of a tenant's object; neither tenant nor model holds a colon, a remote id may."""
    return f"{tenant}:{model}:{remote_id}"


def split_id(text: str) -> tuple[str, str, str]:
    """Take an id apart into tenant, model and remote id.

    Raises:
        ValueError: if it is no such id: fewer than three parts, an empty one, an unknown model or a reserved tenant.
            The message does not repeat the text.
    """
    tenant, _, rest = text.partition(":")
    model, _, remote_id = rest.partition(":")
    if not tenant or not remote_id or model not in STREAM_OF_MODEL or tenant in RESERVED_TENANTS:
        msg = f"not an id of the form tenant:model:remote_id with a model of {', '.join(MODELS)}"
        raise ValueError(msg)
    return tenant, model, remote_id


def to_remote_id(value: Any) -> str | None:
    """The text of an id of the wire: whole numbers and trimmed text; None for anything else and for nothing."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():  # some encoders write every number as 12.0
        return str(int(value))
    return None
