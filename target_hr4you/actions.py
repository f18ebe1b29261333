"""An action's content, as it is compared, kept and sent: made of whatever a tap sends, or refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from hr4you.contract.model import ACTIONS
from hr4you.ids import to_remote_id
from target_hr4you.incoming import read_record
from target_hr4you.invalid import InputInvalidError, dotted, kind_of
from target_hr4you.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ACTION_NAMES", "InputInvalidError", "known_inputs", "read_action"]

ACTION_NAMES: Final[tuple[str, ...]] = (*ACTIONS, "passthrough")

_OWN: Final = frozenset({"remote_fields", "params", "body"})
"""Top-level inputs in which the keys are the user's own."""

_EXPECTED: Final = {"model_type": "an object", "list_type": "a list"}


def read_action(action: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """An action's content: a nested object of JSON values with nothing but its inputs, as they are compared and sent.

    Nulls are left out, except inside what is the user's own; ``action_id`` is no part of it. Ids are text, ``job_id``
    and ``stage_id`` always inside ``application``; texts are trimmed, words of a vocabulary in upper case.

    Args:
        action: one of `ACTION_NAMES`.
        record: as a tap sent it.

    Raises:
        InputInvalidError: an input is missing or invalid; it is the first of them in the models' order.
    """
    model = MODELS[action]
    given = read_record(record, inputs={*model.model_fields, *model.root_ids})
    moved = _move_root_ids(given, model.root_ids)
    try:
        return model.model_validate(given).to_dict()
    except ValidationError as faults:
        raise _first_of(faults, moved) from None


def known_inputs(content: Mapping[str, Any]) -> list[str]:
    """The dotted paths of a content's leaves, without positions and each once, such as ``attachments.type``.

    The user's own (`remote_fields`, and a passthrough's `params` and `body`) is one leaf each.
    """
    return list(dict.fromkeys(path for name, value in content.items() for path in _leaves(name, value)))


def _leaves(path: str, value: Any) -> Iterator[str]:
    if path not in _OWN and isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(f"{path}.{key}", part)
    elif path not in _OWN and isinstance(value, list):
        for part in value:
            yield from _leaves(path, part)
    else:
        yield path


def _move_root_ids(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Put references from the root into ``application``.

    Returns:
        where the moved ones stood, by their paths now.

    Raises:
        InputInvalidError: one stands in both places, with different ids.
    """
    moved = {}
    for name in names:
        root, application = given.pop(name, None), given.get("application", {})
        if root is None or not isinstance(application, dict):
            continue
        nested = application.get(name)
        if nested is None:
            given["application"] = {**application, name: root}
            moved[f"application.{name}"] = name
        elif to_remote_id(nested) != to_remote_id(root):
            found = f"another id than in `{name}`"
            raise InputInvalidError(f"application.{name}", found, "the same id, or only one of the two")
    return moved


def _first_of(faults: ValidationError, moved: Mapping[str, str]) -> InputInvalidError:
    """The first fault, in our words: pydantic's would repeat the value."""
    errors = faults.errors(include_url=False)
    first, context = errors[0], errors[0].get("ctx", {})
    field = dotted(first["loc"])
    expected = context.get("expected") or _EXPECTED[first["type"]]
    found = context.get("found") or kind_of(first["input"])
    places = [error["loc"][:1] if error["loc"][:1] and error["loc"][0] in _OWN else error["loc"] for error in errors]
    others = [moved.get(path, path) for path in map(dotted, places[1:])]
    return InputInvalidError(moved.get(field, field), found, expected, others=others)
