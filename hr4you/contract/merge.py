"""Merge an override into a contract, as people expect it; docs/contract.md tells the rules.

Mappings merge key by key, a null takes a key away, everything else replaces. What goes beyond that keeps parts of the
default from being combined with parts of the override that they make no sense with.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract.document import Document
from hr4you.text import fold

if TYPE_CHECKING:
    from hr4you.contract.document import Mark, Place

SOURCES: Final = "sources"
"""The one key of the vocabulary `outcome` that is no unified word."""

PLACE_OF_LIST: Final = ("path", "nested_in", "per")
_TYPED: Final = (
    ("api", "auth"),
    ("api", "auth", "then"),
    ("api", "pagination"),
    ("resources", "*", "list", "pagination"),
)


def merge(base: Document, over: Document) -> Document:
    """A new document: ``base`` with what ``over`` says."""
    merger = _Merger(copy.deepcopy(base.data), dict(base.marks), over.marks)
    merger.mapping(merger.data, over.data, ())
    return Document(merger.data, merger.marks)


def fill_pagination(data: dict[str, Any]) -> None:
    """Complete, in place, a list's pagination that names no type from the API's pagination."""
    api = data.get("api")
    general = api.get("pagination") if isinstance(api, dict) else None
    resources = data.get("resources")
    if not isinstance(general, dict) or not isinstance(resources, dict):
        return
    for resource in resources.values():
        listing = resource.get("list") if isinstance(resource, dict) else None
        if not isinstance(listing, dict):
            continue
        own = listing.get("pagination")
        if isinstance(own, dict) and "type" not in own:
            listing["pagination"] = {**general, **own}


class _Merger:
    def __init__(self, data: dict[str, Any], marks: dict[Place, Mark], new_marks: dict[Place, Mark]) -> None:
        self.data = data
        self.marks = marks
        self._new_marks = new_marks

    def mapping(self, old: dict[str, Any], new: dict[str, Any], place: Place) -> None:
        """Merge ``new`` into ``old``, both at ``place``."""
        self._mark(place)
        if _fits(place, ("resources", "*")):
            self._drop_leftovers(old, new, place)
        if _fits(place, ("resources", "*")) or _fits(place, ("actions", "*")):
            new = {"provenance": "yours", **new}
        for key, value in new.items():
            at = (*place, key)
            if value is None:
                self._remove(old, at)
            else:
                self._set(old, value, at)

    def _set(self, parent: dict[str, Any], value: Any, place: Place) -> None:
        key = str(place[-1])
        old = parent.get(key)
        if _fits(place, ("resources", "*", "list")) and isinstance(old, str) and isinstance(value, dict):
            old = {"path": old}
            parent[key] = old
        if _fits(place, ("actions", "*", "steps")) and isinstance(old, list) and isinstance(value, dict):
            parent[key] = self._steps(old, value, place)
        elif not isinstance(old, dict) or not isinstance(value, dict) or _replaces(place, old, value):
            self._replace(parent, value, place)
        elif _fits(place, ("vocabularies", "*")):
            self._vocabulary(old, value, place)
        else:
            self.mapping(old, value, place)

    def _replace(self, parent: dict[str, Any], value: Any, place: Place) -> None:
        self._remove(parent, place)
        parent[str(place[-1])] = _without_nulls(value)
        self.marks.update({(*place, *below): mark for below, mark in _below(self._new_marks, place).items()})

    def _steps(self, old: list[Any], changes: dict[str, Any], place: Place) -> list[Any]:
        """Change steps by their names; a step of a new name comes last."""
        steps: dict[str, Document] = {}
        for position, step in enumerate(old):
            steps[str(step["name"])] = Document(step, _below(self.marks, (*place, position)))
        for name, change in changes.items():
            document = Document(change, _below(self._new_marks, (*place, name)))
            if change is None:
                steps.pop(name, None)
            elif name in steps and isinstance(change, dict):
                steps[name] = merge(steps[name], document)
            else:
                given = {"name": name, **change} if isinstance(change, dict) else change
                steps[name] = Document(given, document.marks)
        self._forget(place)
        self._mark(place)
        for position, step in enumerate(steps.values()):
            self.marks.update({(*place, position, *below): mark for below, mark in step.marks.items()})
        return [step.data for step in steps.values()]

    def _vocabulary(self, old: dict[str, Any], new: dict[str, Any], place: Place) -> None:
        """Put new words before those that were there, and take them away from where else they stood."""
        claimed = {fold(word): key for key, value in new.items() if key != SOURCES for word in _words(value) or ()}
        for key, value in old.items():
            for word in _words(value) or () if key != SOURCES else ():
                if fold(word) in claimed:
                    old[key] = [left for left in _words(old[key]) or () if left != word]
                    at = (*place, key)
                    self.marks[at] = self._new_marks.get((*place, claimed[fold(word)]), self.marks[at])
        self._mark(place)
        for key, value in new.items():
            at = (*place, key)
            words, before = _words(value), _words(old.get(key))
            if value is None:
                self._remove(old, at)
            elif key == SOURCES or words is None or before is None:
                self._replace(old, value, at)
            else:
                old[key] = words + before
                self._mark(at)

    def _drop_leftovers(self, old: dict[str, Any], new: dict[str, Any], place: Place) -> None:
        """Take away what speaks of a list, an id or a selection that the override changes."""
        gone: set[str] = set()
        if any(key in new and new[key] != old.get(key) for key in ("id", "select")):
            gone.add("only_ids")
        listing = new.get("list")
        listing = {"path": listing} if isinstance(listing, str) else listing
        if isinstance(listing, dict) and any(key in listing for key in PLACE_OF_LIST):
            before = old.get("list")
            before = before.get("path") if isinstance(before, dict) else before
            if listing.get("path") != before:
                gone.add("get")
            if "nested_in" in listing or "per" in listing:
                gone |= {"get", "select", "changed_since", "only_ids"}
        for key in gone - set(new):
            self._remove(old, (*place, key))

    def _remove(self, parent: dict[str, Any], place: Place) -> None:
        parent.pop(str(place[-1]), None)
        self._forget(place)
        self._mark(place)

    def _forget(self, place: Place) -> None:
        for below in _below(self.marks, place):
            self.marks.pop((*place, *below))

    def _mark(self, place: Place) -> None:
        mark = self._new_marks.get(place)
        if mark is not None:
            self.marks[place] = mark


def _below(marks: dict[Place, Mark], place: Place) -> dict[Place, Mark]:
    """The marks at and below a place, as seen from it."""
    return {known[len(place) :]: mark for known, mark in marks.items() if known[: len(place)] == place}


def _words(value: Any) -> list[str] | None:
    """The words of one entry of a vocabulary; None for what is none, which the model refuses."""
    values = value if isinstance(value, list) else [value]
    return None if any(not isinstance(word, str | int | float) for word in values) else [str(word) for word in values]


def _fits(place: Place, pattern: tuple[str, ...]) -> bool:
    return len(place) == len(pattern) and all(part in ("*", key) for part, key in zip(pattern, place, strict=True))


def _replaces(place: Place, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a mapping takes the place of another instead of being merged into it."""
    if any(_fits(place, pattern) for pattern in _TYPED):
        return "type" in new and new["type"] != old.get("type")
    if _fits(place, ("resources", "*", "list")):
        return any(key in new for key in PLACE_OF_LIST)
    if _fits(place, ("resources", "*", "fields", "*")):
        return "each" in new and "each" not in old
    return _fits(place, ("resources", "*", "only_ids"))


def _without_nulls(value: Any) -> Any:
    """What is new holds nothing that a null could take away."""
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value
