"""Load the default contract and a user's overrides: read, merge, check, and name file and line of what is wrong."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from hr4you.contract.document import Document, read_document
from hr4you.contract.merge import fill_pagination, merge
from hr4you.contract.model import LOOKUPS, Contract
from hr4you.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hr4you.contract.document import Mark, Place

DEFAULT: Final = Path(__file__).with_name("api2.yml")
DEFAULT_NAME: Final = "api2.yml"

# Where the model keeps elsewhere what the file has in a place of its own.
_MOVED: Final[dict[str, tuple[str, ...]]] = {
    **{name: ("resources", name) for name in LOOKUPS},
    "outcome_sources": ("vocabularies", "outcome", "sources"),
}


def load_contract(paths: Sequence[Path | str] = ()) -> Contract:
    """Load a contract.

    Args:
        paths: the overrides, merged into the default in this order.

    Raises:
        ContractError: a file cannot be read, or what they say together makes no contract.
    """
    return compile_document(load_document(paths))


def load_document(paths: Sequence[Path | str] = ()) -> Document:
    """Merge the overrides into the default, unchecked.

    Raises:
        ContractError: a file cannot be read.
    """
    merged = _read_default()
    for path in paths:
        merged = merge(merged, read_document(Path(path)))
    return merged


@functools.lru_cache(maxsize=1)
def _read_default() -> Document:
    """The default, which nothing may change: `merge` and `compile_document` work on copies."""
    return read_document(DEFAULT, DEFAULT_NAME)


def compile_document(document: Document) -> Contract:
    """Check and compile a merged document.

    Raises:
        ContractError: naming the first fault, and how many more there are.
    """
    data = copy.deepcopy(document.data)
    fill_pagination(data)
    try:
        return Contract.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        more = f" ({len(faults) - 1} more like this)" if len(faults) > 1 else ""
        raise ContractError(f"{_describe(faults[0], document.marks)}{more}.") from None


def _describe(fault: Mapping[str, Any], marks: Mapping[Place, Mark]) -> str:
    """One line for a fault, without the full stop."""
    place = _find(fault["loc"], marks)
    where = ".".join(str(part) for part in place)
    message = str(fault.get("ctx", {}).get("error", "") or fault["msg"]).replace("Input should be", "expected")
    return f"{marks[place]}: {where + ': ' if where else ''}{message}"


def _find(loc: Sequence[str | int], marks: Mapping[Place, Mark]) -> Place:
    """The deepest marked place on the way to a fault.

    The model knows steps that the file doesn't have (short forms, kinds of fields): they are passed over.
    """
    if loc and loc[0] in _MOVED:
        loc = (*_MOVED[str(loc[0])], *loc[1:])
    place: Place = ()
    for part in loc:
        if (*place, part) in marks:
            place = (*place, part)
    return place
