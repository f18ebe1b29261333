"""Contents of every action with all of its inputs, and what tests do with them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pydantic import BaseModel

from target_hr4you.actions import InputInvalidError, read_action

FILE = {"name": "cv.pdf", "content_type": "application/pdf", "data": "JVBERi0=", "type": "CV"}
APPLICATION: dict[str, Any] = {
    "candidate": {
        "first_name": "Jörg",
        "last_name": "Müller",
        "email_address": "joerg@example.de",
        "phone_number": "+49 221 1234",
        "gender": "MALE",
        "location": {"city": "Köln", "country": "DE"},
    },
    "application": {"job_id": "12", "stage_id": "acme:application_stage:7"},
    "attachments": [FILE, {"data_url": "https://files.example/cv.pdf?sig=1"}],
    "source": {"name": "LinkedIn", "unified_key": "LINKEDIN", "id": "3"},
    "gdpr_consent": {"given": True},
    "remote_fields": {"hr4you": {"applicant": {"a": None, "b": ""}, "application": {"c": [1, 1.5, {}]}}},
}
CONTENTS: dict[str, dict[str, Any]] = {
    "create_candidate": APPLICATION,
    "create_application": APPLICATION,
    "add_attachment_to_application": {"application_id": "5", "attachment": FILE},
    "add_result_link_to_application": {
        "application_id": "action:create_application/a/1",
        "label": "Test",
        "url": "https://tests.example/r?id=1#top",
        "details": {
            "custom_field_name_prefix": "Test",
            "attributes": [{"key": "A", "value": "x"}, {"key": "B", "value": 1.5}, {"key": "C", "value": False}],
        },
    },
    "add_note_to_application": {"application_id": "5", "content": " <b>Hallo</b>\n", "content_type": "PLAIN_TEXT"},
    "add_attachment_to_candidate": {"candidate_id": "remote:5", "attachment": FILE},
    "passthrough": {"method": "PATCH", "path": "applicants/5?x=1", "params": {"a": 1, "b": True}, "body": {"c": None}},
}
MARK = "Geheimnis-4711"


def with_value(action: str, path: str, value: Any) -> dict[str, Any]:
    """The action's content with another value at a path; None takes it away."""
    record = copy.deepcopy(CONTENTS[action])
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    target: Any = record
    for part in parents:
        target = target[part]
    target[last] = value
    return record


def refused(action: str, record: dict[str, Any]) -> InputInvalidError:
    with pytest.raises(InputInvalidError) as caught:
        read_action(action, record)
    message = str(caught.value)
    assert message.startswith(f"`{caught.value.field}`: found ")
    assert "; expected " in message
    assert "\n" not in message
    assert MARK not in message
    assert "4711" not in message
    # No traceback may show what pydantic says either.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def leaves(model: type[BaseModel], path: str = "") -> set[str]:
    """The dotted paths of a model's leaves."""
    found = set()
    for name, field in model.model_fields.items():
        parts = [field.annotation, *getattr(field.annotation, "__args__", ())]
        parts += [inner for part in parts for inner in getattr(part, "__args__", ())]
        models = {part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)}
        found |= leaves(models.pop(), f"{path}{name}.") if models else {f"{path}{name}"}
    return found


def input_leaves(node: Any, path: str = "") -> set[str]:
    if isinstance(node, list):
        return input_leaves(node[0], path)
    if not isinstance(node, dict):
        return {path.rstrip(".")}
    return {leaf for key, part in node.items() for leaf in input_leaves(part, f"{path}{key}.")}


def flatten(value: Any, separator: str, path: str = "") -> dict[str, Any]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    flat: dict[str, Any] = {}
    for key, part in parts:
        name = f"{path}{separator}{key}" if path else str(key)
        if isinstance(part, dict | list) and name not in {"params", "body"}:
            flat |= flatten(part, separator, name)
        else:
            flat[name] = part
    return flat
