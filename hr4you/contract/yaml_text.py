"""A contract's data as YAML text with comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hr4you.contract.document import Place

_WIDTH = 10_000
_INDENT = "  "


def to_commented_yaml(data: Mapping[str, Any], *, beside: Mapping[Place, str] | None = None) -> str:
    """Return block YAML: a line for each key, so that each can have a comment of its own.

    Lists of scalars, empty mappings and mappings that `beside` has a comment for stand on one line.

    Args:
        data: what is written.
        beside: a comment behind a key's value.
    """
    return "\n".join(_lines(data, (), 0, beside or {})) + "\n"


def _lines(data: Any, place: Place, depth: int, beside: Mapping[Place, str]) -> Iterator[str]:
    entries = enumerate(data) if isinstance(data, list) else data.items()
    for key, value in entries:
        at = (*place, key)
        indent = _INDENT * depth
        comment = f"    # {beside[at]}" if at in beside else ""
        lead = f"{indent}-" if isinstance(data, list) else f"{indent}{inline(key)}:"
        if _is_flat(value, at, beside):
            yield f"{lead} {inline(value)}{comment}"
            continue
        below = list(_lines(value, at, depth + 1, beside))
        if isinstance(data, list):  # the first key of a mapping stands behind the dash
            below[0] = f"{indent}- {below[0].lstrip()}"
        else:
            yield f"{lead}{comment}"
        yield from below


def _is_flat(value: Any, place: Place, beside: Mapping[Place, str]) -> bool:
    if isinstance(value, dict):
        return not value or place in beside
    return not isinstance(value, list) or not any(isinstance(part, dict | list) for part in value)


def inline(value: Any) -> str:
    """Return a value as YAML on one line."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, width=_WIDTH, default_flow_style=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


class _Dumper(yaml.SafeDumper):
    """Without anchors, which people who read the output would have to look up."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML's signature
        return True
