"""Columns that are no input, but look like one: a misspelt input would otherwise be left out without a word."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from target_hr4you.incoming import INPUTS, read_record
from target_hr4you.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEPARATORS: Final = re.compile(r"[._\s-]+")
_ALIKE: Final = 0.88


def misspelt(action: str, columns: Iterable[str]) -> dict[str, str]:
    """Return the columns that are no input of an action, each with the input whose name is nearly the same.

    Tools that make names of their own out of headers are why: ``candidate__first_name`` becomes
    ``candidate_first_name``.
    """
    model = MODELS[action]
    tops = {*model.model_fields, *model.root_ids}
    inputs = {_plain(path): path for top in tops for path in _paths(top, INPUTS.get(top))}
    found = {}
    for column in columns:
        if column.startswith("_sdc_") or column.lower() == "action_id" or _is_input(column, tops):
            continue
        near = difflib.get_close_matches(_plain(column), inputs, n=1, cutoff=_ALIKE)
        if near:
            found[column] = inputs[near[0]]
    return found


def _is_input(column: str, tops: set[str]) -> bool:
    """Whether a column is read; which part of the record it gives does not matter here."""
    return bool(read_record({column: "x"}, inputs=tops)) or bool(read_record({column: "[1]"}, inputs=tops))


def _plain(name: str) -> str:
    return _SEPARATORS.sub("_", name).strip("_").lower()


def _paths(path: str, node: Any) -> Iterator[str]:
    """Yield an input's path and those of all its parts, as columns are named."""
    yield path
    if isinstance(node, dict):
        for key, part in node.items():
            yield from _paths(f"{path}__{key}", part)
