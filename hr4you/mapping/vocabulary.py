"""Vocabularies: from a tenant's words, German or English, to the values of the unified model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hr4you.text import fold, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hr4you.mapping.findings import Findings
    from hr4you.mapping.layout import Getter

VALUE_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "TEXT": ("text", "string", "textarea", "textfeld", "freitext", "mehrzeilig", "html", "url", "email", "input"),
    "NUMBER": ("number", "zahl", "integer", "int", "float", "decimal", "ganzzahl", "dezimalzahl", "currency", "betrag"),
    "BOOLEAN": ("boolean", "bool", "checkbox", "ja/nein", "janein", "wahrheitswert"),
    "DATE": ("date", "datum", "datetime", "timestamp", "zeitpunkt"),
    "SELECT": ("select", "auswahl", "dropdown", "radio", "einfachauswahl", "list", "liste", "single_select", "enum"),
    "MULTI_SELECT": ("multi_select", "multiselect", "mehrfachauswahl", "checkboxes", "multiple", "multi"),
}
"""Types of tenant-defined fields. Assumed: no source tells HR4YOU's names of them; a contract's vocabulary
``value_type`` goes before."""

_MAX_REMEMBERED: Final = 10_000


class Vocabulary:
    """Looks words up: case-folded, trimmed, umlauts like ae/oe/ue, space like hyphen and underscore.

    The unified values themselves are words too, unless a listed word says otherwise. Words that are listed twice go to
    their first place.
    """

    def __init__(self, *tables: Mapping[str, Iterable[str]]) -> None:
        self._words: dict[str, str] = {}
        for table in tables:
            for value, words in table.items():
                for word in words:
                    self._words.setdefault(fold(str(word)), value)
        for table in tables:
            for value in table:
                self._words.setdefault(fold(value), value)
        self._known: dict[str, str | None] = {}

    def find(self, word: str) -> str | None:
        """The unified value of a word; None where no vocabulary holds it."""
        try:
            return self._known[word]
        except KeyError:
            found = self._words.get(fold(word))
            if len(self._known) < _MAX_REMEMBERED:
                self._known[word] = found
            return found


def to_word(value: Any) -> str | None:
    """What is looked up: a text or number as trimmed text, ``true``/``false``, several texts joined by ``/``.

    None for nothing and for what is no word (objects).
    """
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "/".join(filter(None, map(to_text, value))) or None
    return to_text(value)


def vocabulary_field(field: str, get: Getter, vocabulary: Vocabulary, findings: Findings) -> Getter:
    """A field whose unmapped values pass through as they came (trimmed) and are counted."""
    find = vocabulary.find

    def read(wire: Any) -> str | None:
        value = get(wire)
        word = value if type(value) is str else to_word(value)
        if not word:
            if value:
                findings.note_odd(field, value)
            return None
        found = find(word)
        if found is not None:
            return found
        word = word.strip()
        if not word or value is False:  # false is PHP's way to write "nothing"
            return None
        findings.note_unmapped(field, word)
        return word

    return read
