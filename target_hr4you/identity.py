"""Who an action is, whether its content is still the same, and what a reference refers to."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hr4you.ids import split_id, to_remote_id
from target_hr4you.actions import ACTION_NAMES
from target_hr4you.incoming import to_plain
from target_hr4you.invalid import InputInvalidError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_ID: Final = 255
_LONG: Final = 1 << 16
_EMAIL_ADDRESS: Final = re.compile(r"[^\s@\"()\[\]<>:;,\\/]@\w")
"""An ``@`` after what may end the part before it and before what may start a domain; ``team:@max`` has none."""

_NOT_KEPT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, which would make two lines of a log's one, and what no database takes."""

APPLICATION_REFERENCES: Final = {"job_id": "job", "stage_id": "application_stage"}
"""Inputs of `application` that refer to something, and to what."""

_FIELDS: Final = {model: f"application.{name}" for name, model in APPLICATION_REFERENCES.items()}
_FORMS: Final = "`tenant:{model}:123`, `remote:123`, `123` or `action:{{action_id}}`"


class ReferenceInvalidError(InputInvalidError):
    """A reference that can refer to nothing: of no known form, to another tenant or to an object of another kind."""


@dataclasses.dataclass(frozen=True)
class Reference:
    """What a record refers to: an object by its remote id, or what an action creates.

    Attributes:
        remote_id: None where it refers to an action.
        action: None also where the reference leaves open which action has that id.
        action_id: None where it refers to an object.
    """

    remote_id: str | None = None
    action: str | None = None
    action_id: str | None = None


def action_id_of(
    record: Mapping[str, Any],
    stream: str,
    key_properties: Sequence[str],
    *,
    allow_content_ids: bool,
    content: Mapping[str, Any] | None,
) -> str | None:
    """The id of a record's action, safe to be shown: its own, else stream and key, else that of its content.

    Args:
        record: as the tap sent it.
        stream: the incoming stream's name, also where it is mapped to an action of another name.
        key_properties: the stream's.
        allow_content_ids: take the content's id where the stream has neither an ``action_id`` column nor keys.
        content: what `target_hr4you.actions.read_action` gave; None where it could not be read.

    Returns:
        None where the record has no id: its own is empty, or a value of its key is.
    """
    column = _action_id_column(record)
    own = None if column is None else to_remote_id(_plain(record[column]))
    if own is not None:
        return safe_action_id(own)
    if key_properties:
        values = [_key_value(record.get(name)) for name in key_properties]
        if any(value is None for value in values):
            return None
        return safe_action_id(f"{stream}:{json.dumps(values, ensure_ascii=False, separators=(',', ':'))}")
    if column is None and allow_content_ids and content is not None:
        return content_id(content)
    return None


def _action_id_column(record: Mapping[str, Any]) -> str | None:
    if "action_id" in record:
        return "action_id"
    return next((column for column in record if column.lower() == "action_id"), None)


def _plain(value: Any) -> Any:
    """None also for what is nested too deeply to be an id."""
    try:
        return to_plain(value)
    except RecursionError:
        return None


def _key_value(value: Any) -> Any:
    """A key's value as JSON; None where it is empty.

    12.0 is 12: whether a whole number comes with a point depends on who wrote it last.
    """
    plain = _plain(value)
    if isinstance(plain, float):
        return int(plain) if plain.is_integer() else plain if math.isfinite(plain) else None
    return None if isinstance(plain, str) and not plain.strip() else plain


def content_id(content: Mapping[str, Any]) -> str:
    """An id for content that has no other; two files behind one address with other queries are two contents."""
    return f"content:{exact_hash(content)}"


def exact_hash(content: Any) -> str:
    """64 hex digits that tell whether a content is still exactly the same."""
    return _digest(canonical(_short(content)))


def content_hash(content: Mapping[str, Any]) -> str:
    """64 hex digits that tell whether a content is still the same; as signed URLs are renewed, without queries."""
    return _digest(canonical(_short(content), ignore_queries=True))


def canonical(value: Any, *, ignore_queries: bool = False) -> str:
    """The one JSON text of a value, whatever the order of its keys.

    A record that could not be read has an id by its content too, so that whatever a tap sends gets a text.

    Args:
        value: JSON, or what `to_plain` takes.
        ignore_queries: every ``data_url`` in it without query and fragment.
    """
    if ignore_queries:
        value = _without_queries(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _without_queries(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: part.partition("#")[0].partition("?")[0]
            if key == "data_url" and isinstance(part, str)
            else _without_queries(part)
            for key, part in value.items()
        }
    return [_without_queries(part) for part in value] if isinstance(value, list) else value


def _short(value: Any) -> Any:
    """A value with digests in place of very long texts, so that no file in base64 is copied only to be compared."""
    if isinstance(value, Mapping):
        return {key: _short(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_short(part) for part in value]
    is_long = isinstance(value, str) and len(value) > _LONG
    return f"\0{_digest(value)}" if is_long else value  # no text of an input has this character in it


def _digest(text: str) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(text), _LONG):
        digest.update(text[start : start + _LONG].encode(errors="surrogatepass"))
    return digest.hexdigest()


def safe_action_id(text: str) -> str:
    """The id as it may be shown and kept: itself, or a digest of it.

    Logs and results hold ids, so one in which an e-mail address stands is replaced; so is one over 255 characters, or
    with control characters or lone surrogates.
    """
    if len(text) <= _LONGEST_ID and not _EMAIL_ADDRESS.search(text) and not _NOT_KEPT.search(text):
        return text
    return f"sha256:{_digest(text)[:32]}"


def parse_reference(text: str, *, tenant: str, model: str, field: str | None = None) -> Reference:
    """Read a reference: an id of the tap, ``remote:123``, ``123``, ``action:{action_id}``.

    ``action:{action}/{action_id}`` says of which action it is. Action ids may hold slashes and colons, remote ids too
    if they do not stand alone.

    Args:
        text: the reference.
        tenant: this run's.
        model: of `hr4you.ids.MODELS`, what the field refers to.
        field: the input's path, for messages; by default the usual one of such a reference.

    Raises:
        ReferenceInvalidError: with code TENANT_MISMATCH for an id of another tenant, else INPUT_INVALID.
    """
    place = field or _FIELDS.get(model, f"{model}_id")
    form, colon, rest = text.strip().partition(":")
    if not colon:
        return Reference(remote_id=_checked(form, model, place))
    if form == "remote":
        return Reference(remote_id=_checked(rest.strip(), model, place))
    if form == "action" and rest.strip():
        action, _, action_id = rest.strip().partition("/")
        if action in ACTION_NAMES and action_id.strip():
            return Reference(action=action, action_id=safe_action_id(action_id.strip()))
        return Reference(action_id=safe_action_id(rest.strip()))
    try:
        id_tenant, id_model, remote_id = split_id(text.strip())
    except ValueError:
        raise ReferenceInvalidError(place, "a reference of no known form", _FORMS.format(model=model)) from None
    if id_tenant != tenant:
        raise ReferenceInvalidError(place, "an id of another tenant", f"one of `{tenant}`", code="TENANT_MISMATCH")
    if id_model != model:
        raise ReferenceInvalidError(place, f"an id of the model `{id_model}`", f"one of the model `{model}`")
    return Reference(remote_id=_checked(remote_id, model, place))


def _checked(remote_id: str, model: str, place: str) -> str:
    """A remote id that can stand in a path and in results, where dots would lead elsewhere and addresses be shown."""
    is_id = remote_id and remote_id.strip(".") and remote_id.isprintable() and " " not in remote_id
    if not is_id or _EMAIL_ADDRESS.search(remote_id):
        raise ReferenceInvalidError(place, "a reference of no known form", _FORMS.format(model=model))
    return remote_id
