"""What a user hands to the command: config, state and catalog files, and whether they make sense.

Messages never repeat a setting's value, which may be a token.
"""

from __future__ import annotations

import difflib
import json
import logging
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from singer_sdk.plugin_base import JSONSchemaValidator

from hr4you.errors import ConfigError, HR4YouError, StateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

logger = logging.getLogger("tap-hr4you")

FROM_ENVIRONMENT = "ENV"
"""In the place of a config file, by convention of the SDK."""

ALL_OTHERS = "__else__"
"""In `stream_maps`: the streams that no other key names."""

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
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"--config {name}: cannot be read ({_reason(error)})") from error
    return merged


def read_json(file: IO[str] | None, what: str) -> dict[str, Any] | None:
    """Read a JSON object; an empty file is an empty object, None stays None.

    Raises:
        StateError: `what` is ``state`` and the file holds no object.
        ConfigError: `what` is something else, likewise.
    """
    if file is None:
        return None
    text = file.read()
    try:
        content = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        content, reason = None, f": {_reason(error)}"
    else:
        reason = ""
    if not isinstance(content, dict):
        problem: type[HR4YouError] = StateError if what == "state" else ConfigError
        raise problem(f"--{what} {file.name} holds no JSON object{reason}")
    return content


def check_settings(config: Mapping[str, Any], schema: dict[str, Any]) -> None:
    """Check types and limits, and warn of settings that nobody knows. Raises `ConfigError`."""
    for error in JSONSchemaValidator(schema).iter_errors(config):
        setting = ".".join(map(str, error.path))
        expected = error.schema.get("enum") or error.schema.get("type")
        words = [str(word) for word in (expected if isinstance(expected, list) else [expected])]
        limits = [f"{words} {error.schema[key]}" for key, words in _LIMITS.items() if key in error.schema]
        raise ConfigError(f"`{setting}`: expected {' or '.join(words)} {', '.join(limits)}".rstrip())
    known = schema["properties"]
    for name in sorted(set(config) - set(known)):
        similar = difflib.get_close_matches(name, known, 1)
        logger.warning("There is no setting `%s`%s.", name, f"; did you mean `{similar[0]}`?" if similar else "")


def check_stream_maps(maps: object, streams: Collection[str]) -> None:
    """Refuse a map of a stream that does not exist: what it was to mask would leave in clear. Raises `ConfigError`."""
    for name in maps if isinstance(maps, dict) else ():
        if name != ALL_OTHERS and not any(fnmatchcase(stream, name) for stream in streams):
            raise ConfigError(f"`stream_maps`: there is no stream `{name}`; there are {', '.join(streams)}")


def check_catalog(catalog: Mapping[str, Any] | None) -> None:
    """Refuse what is no Singer catalog. Raises `ConfigError`."""
    if catalog is None:
        return
    streams = catalog.get("streams")
    if not isinstance(streams, list) or not all(_is_stream(entry) for entry in streams):
        raise ConfigError(
            'the catalog is no Singer catalog: expected {"streams": [{"tap_stream_id": "...", "schema": {...}, '
            '"metadata": [...]}]}. Make one with --discover'
        )


def _is_stream(entry: Any) -> bool:
    expected = {"tap_stream_id": str, "schema": dict}
    return isinstance(entry, dict) and all(isinstance(entry.get(key), kind) for key, kind in expected.items())


def _reason(error: Exception) -> str:
    """Say what is wrong with a file without repeating what stands in it."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
