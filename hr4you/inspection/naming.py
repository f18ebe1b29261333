"""Names for columns out of a tenant's labels, and the setting that maps them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from hr4you.contract.yaml_text import inline
from hr4you.mapping.custom_fields import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hr4you.inspection.explore import FoundField

_LONGEST: Final = 60
"""Databases cut longer names of columns."""

_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")


def snake_case(text: str) -> str:
    """Return a text as a name of ``a-z``, ``0-9`` and ``_`` that begins with a letter; empty if it has no letter.

    ``Führerschein (Klasse)`` is ``fuehrerschein_klasse``, ``createdAt`` is ``created_at``.
    """
    plain = unicodedata.normalize("NFC", text).translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    name = _NO_LETTER.sub("_", _CAMEL.sub("_", plain).lower()).strip("_")
    if name[:1].isdigit():
        name = f"field_{name}"
    return name[:_LONGEST].rstrip("_")


def named(fields: Iterable[FoundField]) -> Iterator[tuple[FoundField, str | None]]:
    """Yield each field with a name that no other of its model has; None for what has no key."""
    taken: set[tuple[str, str]] = set()
    for field in fields:
        if field.key is None:
            yield field, None
            continue
        name = snake_case(field.label or "") or snake_case(field.key) or "field"
        base, number = name, 1
        while (field.model, name) in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add((field.model, name))
        yield field, name


def mappings(fields: Iterable[FoundField]) -> dict[str, dict[str, str]]:
    """Return the setting ``custom_field_mappings`` of the tenant's own fields: {model: {name: key}}."""
    found: dict[str, dict[str, str]] = {}
    for field, name in named(fields):
        if name is not None and field.key is not None and field.model in MODELS and field.kind == "tenant":
            found.setdefault(field.model, {})[name] = field.key
    return found


def mappings_yaml(fields: Iterable[FoundField]) -> str:
    """Return the same as YAML, with the other fields commented out."""
    lines: dict[str, list[str]] = {}
    for field, name in named(fields):
        if name is None or field.key is None or field.model not in MODELS:
            continue
        kind = " ".join((field.type or "").split())
        about = ", ".join(filter(None, (field.label, kind, f"{field.filled} of {field.of}")))
        lead = "    " if field.kind == "tenant" else "    # "
        lines.setdefault(field.model, []).append(f"{lead}{inline(name)}: {inline(field.key)}    # {about}")
    if not lines:
        return "custom_field_mappings: {}\n"
    # a model stands there also if all below it is commented out, so that a line can be had without a second one
    text = [line for model, entries in lines.items() for line in (f"  {model}:", *entries)]
    return "\n".join(("custom_field_mappings:", *text)) + "\n"
