"""Settings that come as text, from environment variables above all, typed by their JSON schemas."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

from hr4you.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_READERS: dict[str, Callable[[str], Any]] = {"boolean": _TRUTH.__getitem__, "integer": int, "number": float}
_JSON_START = {"array": "[", "object": "{"}


def read_environment(
    properties: Mapping[str, Mapping[str, Any]],
    prefixes: Sequence[str],
    environ: Mapping[str, str] = os.environ,
) -> dict[str, Any]:
    """Return the settings that the environment holds.

    A variable is named prefix + setting in capitals (``HR4YOU_API_TOKEN``). An empty one counts as not set, as
    container tools pass on what is missing as empty.

    Args:
        properties: JSON schemas of the settings by name.
        prefixes: where several hold the same setting, the later one wins.
        environ: names and texts.

    Raises:
        ConfigError: a text is not of the setting's type; names the variable, not its content.
    """
    found: dict[str, Any] = {}
    for prefix in prefixes:
        for name, schema in properties.items():
            variable = f"{prefix}{name}".upper()
            text = environ.get(variable, "")
            if text.strip():
                found[name] = _convert(text, schema, variable)
    return found


def read_texts(config: Mapping[str, Any], properties: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings of a config file whose texts stand for numbers and the like, in the types of their schemas.

    Tools that keep settings as text hand them over so: Meltano 4.4 fails on settings of its kind ``decimal``, which
    leaves text for a ratio such as ``0.5``.

    Raises:
        ConfigError: a text is not of the setting's type; names the setting, not its content.
    """
    return {
        name: _convert(config[name], schema, f"`{name}`")
        for name, schema in properties.items()
        if isinstance(config.get(name), str) and "string" not in schema.get("type", "string")
    }


def _convert(text: str, schema: Mapping[str, Any], variable: str) -> Any:
    """Return the value of a variable's text in the schema's type. Raises `ConfigError`."""
    given = schema.get("type", ["string", "object", "array"])
    types = [given] if isinstance(given, str) else list(given)
    word = text.strip()
    structured = [kind for kind in types if kind in _JSON_START]
    is_text = "string" in types
    if any(word.startswith(_JSON_START[kind]) for kind in structured):
        try:
            return json.loads(word)
        except ValueError:
            raise ConfigError(f"{variable}: not valid JSON") from None
    if is_text:
        return text
    if word.lower() == "null" and "null" in types:
        return None
    for read in (_READERS[kind] for kind in types if kind in _READERS):
        with contextlib.suppress(KeyError, ValueError):
            return read(word.lower())
    expected = {
        "array": "a JSON array",
        "object": "a JSON object",
        "boolean": "true or false",
        "integer": "a whole number",
    }
    wanted = [expected.get(kind, f"a {kind}") for kind in types if kind != "null"]
    raise ConfigError(f"{variable}: expected {' or '.join(wanted)}")
