"""What a user hands to a command: config files and settings, and whether they make sense.

Messages never repeat a setting's value, which may be a token.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from hr4you.errors import ConfigError, HR4YouError, StateError

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable, Mapping

FROM_ENVIRONMENT = "ENV"
"""In the place of a config file, by Singer's convention."""

_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
}


def read_config_files(names: Iterable[str]) -> dict[str, Any]:
    """Read config files, later ones over earlier ones. Raises `ConfigError`."""
    merged: dict[str, Any] = {}
    for name in names:
        if name == FROM_ENVIRONMENT:  # the environment is always read
            continue
        try:
            with Path(name).open(encoding="utf-8") as file:
                merged |= read_json(file, "config") or {}
        except OSError as error:
            raise ConfigError(f"--config {name}: cannot be read ({reason_of(error)})") from error
    return merged


def read_json(file: IO[str] | None, what: str) -> dict[str, Any] | None:
    """Read a JSON object; an empty file is an empty object, None stays None.

    Raises:
        StateError: `what` is ``state`` and the file holds no object.
        ConfigError: `what` is something else, likewise.
    """
    if file is None:
        return None
    try:
        text = file.read()
        content = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        content, reason = None, f": {reason_of(error)}"
    else:
        reason = ""
    if not isinstance(content, dict):
        problem: type[HR4YouError] = StateError if what == "state" else ConfigError
        raise problem(f"--{what} {file.name} holds no JSON object{reason}")
    return content


def check_settings(
    config: dict[str, Any], schema: Mapping[str, Any], logger: logging.Logger, *, is_strict: bool = False
) -> None:
    """Fill in defaults, check types and limits, and warn of settings that nobody knows.

    Args:
        config: settings by name; is changed.
        schema: JSON schema of an object with the settings for properties.
        logger: of the command.
        is_strict: whether a setting that is nearly called as a known one is an error.

    Raises:
        ConfigError: a setting is of another type, or out of its limits.
    """
    known = schema["properties"]
    for name, own in known.items():
        if "default" in own:
            config.setdefault(name, own["default"])
    for first in Draft7Validator(schema).iter_errors(config):
        error = best_match([first]) or first
        setting = ".".join(map(str, error.absolute_path))
        limits = [f"{words} {error.schema[key]}" for key, words in _LIMITS.items() if key in error.schema]
        raise ConfigError(f"`{setting}`: expected {' or '.join(_expected(error.schema))} {', '.join(limits)}".rstrip())
    for name in sorted(set(config) - set(known)):
        similar = difflib.get_close_matches(name, known, 1)
        if similar and is_strict:
            raise ConfigError(f"There is no setting `{name}`: did you mean `{similar[0]}`?")
        logger.warning("There is no setting `%s`%s", name, f": did you mean `{similar[0]}`?" if similar else ".")


def _expected(schema: Mapping[str, Any]) -> list[str]:
    """Say what a schema accepts; where it is one of several, what any of them does."""
    if "anyOf" in schema:
        return [word for option in schema["anyOf"] if isinstance(option, dict) for word in _expected(option)]
    found = schema.get("enum") or schema.get("type") or schema.get("const")
    return [str(word) for word in (found if isinstance(found, list) else [found])]


def reason_of(error: Exception) -> str:
    """Say what is wrong with a file without repeating what stands in it."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
