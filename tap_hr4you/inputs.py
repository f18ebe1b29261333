"""What a user hands to the command: config, state and catalog files, and whether they make sense.

Messages never repeat a setting's value, which may be a token.
"""

from __future__ import annotations

import copy
import difflib
import json
import logging
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jsonschema.exceptions import best_match
from singer_sdk.plugin_base import JSONSchemaValidator
from singer_sdk.singerlib import Catalog

from hr4you.errors import ConfigError, HR4YouError, StateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

logger = logging.getLogger("tap-hr4you")

FROM_ENVIRONMENT = "ENV"
"""In the place of a config file, by convention of the SDK."""

ALL_OTHERS = "__else__"
"""In `stream_maps`: the streams, or the properties, that no other key names; they can only be left out."""

LEFT_OUT = (None, "__NULL__")

SOURCE = "__source__"
"""In a map: the stream that a new stream is made of."""

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
    try:
        text = file.read()
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
    _check_others(config.get("stream_maps"))
    for first in JSONSchemaValidator(schema).iter_errors(config):
        error = best_match([first]) or first
        setting = ".".join(map(str, error.absolute_path))
        limits = [f"{words} {error.schema[key]}" for key, words in _LIMITS.items() if key in error.schema]
        raise ConfigError(f"`{setting}`: expected {' or '.join(_expected(error.schema))} {', '.join(limits)}".rstrip())
    known = schema["properties"]
    for name in sorted(set(config) - set(known)):
        similar = difflib.get_close_matches(name, known, 1)
        logger.warning("There is no setting `%s`%s", name, f": did you mean `{similar[0]}`?" if similar else ".")


def _expected(schema: Mapping[str, Any]) -> list[str]:
    """Say what a schema accepts; where it is one of several, what any of them does."""
    if "anyOf" in schema:
        return [word for option in schema["anyOf"] if isinstance(option, dict) for word in _expected(option)]
    found = schema.get("enum") or schema.get("type") or schema.get("const")
    return [str(word) for word in (found if isinstance(found, list) else [found])]


def _check_others(maps: object) -> None:
    """Refuse another `__else__` than null, on which the SDK's own schema breaks. Raises `ConfigError`."""
    maps = maps if isinstance(maps, dict) else {}
    for place, given in (("", maps), *((f".{name}", given) for name, given in maps.items())):
        if isinstance(given, dict) and given.get(ALL_OTHERS) not in LEFT_OUT:
            raise ConfigError(f"`stream_maps{place}.{ALL_OTHERS}`: expected null or __NULL__")


def check_stream_maps(maps: object, streams: Collection[str]) -> None:
    """Refuse a map of a stream that does not exist: what it was to mask would leave in clear. Raises `ConfigError`."""
    for name, given in maps.items() if isinstance(maps, dict) else ():
        source = str((given.get(SOURCE) if isinstance(given, dict) else None) or name)
        if name != ALL_OTHERS and not any(fnmatchcase(stream, source) for stream in streams):
            raise ConfigError(f"`stream_maps`: there is no stream `{source}`; there are {', '.join(streams)}")


def check_catalog(catalog: Mapping[str, Any] | None) -> None:
    """Refuse what is no Singer catalog. Raises `ConfigError`."""
    if catalog is None:
        return
    streams = catalog.get("streams")
    try:
        is_catalog = isinstance(streams, list) and all(
            isinstance(entry["tap_stream_id"], str) and isinstance(entry["schema"], dict) for entry in streams
        )
        Catalog.from_dict(copy.deepcopy(dict(catalog)))
    except Exception:  # noqa: BLE001  # the SDK does not say which its own are: whatever it stumbles over
        is_catalog = False
    if not is_catalog:
        raise ConfigError(
            'the catalog is no Singer catalog: expected {"streams": [{"tap_stream_id": "...", "schema": {...}, '
            '"metadata": [...]}]}. Make one with --discover'
        )


def _reason(error: Exception) -> str:
    """Say what is wrong with a file without repeating what stands in it."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
