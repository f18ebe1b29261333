"""Text: when two spellings are the same word, and what of the wire counts as a text at all."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import msgspec

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_SEPARATORS: Final = re.compile(r"[\s_\-‐‑‒–]+")  # the dashes that word processors put in place of a hyphen
_encode = msgspec.json.Encoder().encode


def fold(text: str) -> str:
    """The form in which spellings of a word are compared.

    Case, white space around it, umlauts and their ae, oe, ue (and ß and ss), and space, hyphen and underscore make no
    difference: ``In Bearbeitung`` and ``in_bearbeitung`` are one word, ``Minijob`` and ``Mini-Job`` are two.
    """
    return _SEPARATORS.sub("_", unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS).strip())


def to_text(value: Any) -> str | None:
    """The trimmed text of a text or a number; None for empty text and everything else."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return None


def to_json_text(value: Any) -> str | None:
    """A value of any kind as text: objects and lists as compact JSON, booleans ``true``/``false``, None for nothing."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _encode(value).decode()
