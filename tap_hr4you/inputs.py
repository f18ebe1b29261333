"""Whether the catalog and the stream maps that a user hands to the command make sense."""

from __future__ import annotations

import copy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from singer_sdk.singerlib import Catalog

from hr4you.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ALL_OTHERS = "__else__"
"""In `stream_maps`: the streams, or the properties, that no other key names; they can only be left out."""

LEFT_OUT = (None, "__NULL__")

SOURCE = "__source__"
"""In a map: the stream that a new stream is made of."""


def check_other_maps(maps: object) -> None:
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
