"""Where each entry of a merged contract comes from, and how sure it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.document import read_document
from hr4you.contract.loader import DEFAULT_NAME, load_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hr4you.contract.document import Document, Mark, Place

_VERIFIED: Final = frozenset({("api", "base_path"), ("api", "docs")})
"""What public sources tell of HR4YOU; the rest of the default that has no provenance of its own is assumed."""

_SECTIONED: Final = ("resources", "actions")
_DRAFTED: Final = re.compile(r"drafted\b")
_SURENESS: Final = re.compile(r"#\s*(0(?:\.\d+)?|1(?:\.0+)?)(?![\w.])[^#]*$")
"""A comment at a line's end that begins with a figure from 0 to 1: how sure the drafter was of this line."""


class Provenance:
    """Tells the provenance of a merged contract's entries.

    Args:
        merged: the default with the overrides.
        paths: the overrides.

    Raises:
        ContractError: a file cannot be read.
    """

    def __init__(self, merged: Document, paths: Sequence[Path | str]) -> None:
        self._marks = merged.marks
        self._default = load_document()
        self._files = {str(Path(path)): read_document(Path(path)) for path in paths}
        self._lines = {name: _lines_of(Path(name)) for name in self._files}
        self._drafts = {name for name, document in self._files.items() if _is_draft(document)}

    def mark_of(self, place: Place) -> Mark:
        """Return where an entry is said, of what stands nowhere itself where the part above it is."""
        while place not in self._marks:
            place = place[:-1]
        return self._marks[place]

    def of(self, place: Place) -> str:
        """Return it in words: ``assumed``, ``yours: my.yml, line 4``, ``drafted (0.93): my.yml, line 4``."""
        mark = self.mark_of(place)
        own = self._files.get(mark.file)
        if mark.file == DEFAULT_NAME or own is None:
            return "verified" if place in _VERIFIED else _stated(self._default, place) or "assumed"
        stated = _stated(own, place)
        if _DRAFTED.match(stated or "") or (stated is None and mark.file in self._drafts):
            sure = _SURENESS.search(self._lines[mark.file][mark.line - 1])
            stated = stated if sure is None else f"drafted ({sure[1]})"
        return f"{stated or 'yours'}: {mark}"


def _stated(document: Document, place: Place) -> str | None:
    """What the section of the entry says of its provenance in one file, None where it says nothing."""
    section: Any = document.data.get(str(place[0])) if place else None
    if place and place[0] in _SECTIONED:
        section = section.get(place[1]) if isinstance(section, dict) and len(place) > 1 else None
    stated = section.get("provenance") if isinstance(section, dict) else None
    return stated if isinstance(stated, str) else None


def _is_draft(document: Document) -> bool:
    sections = [document.data.get("api")]
    for name in _SECTIONED:
        below = document.data.get(name)
        sections += below.values() if isinstance(below, dict) else ()
    stated = [section.get("provenance") for section in sections if isinstance(section, dict)]
    return any(isinstance(word, str) and _DRAFTED.match(word) for word in stated)


def _lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()
