"""An input that cannot be taken: which field, what stood there and what may stand there, never the value itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import HR4YouError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_MOST_TOLD: Final = 5


class InputInvalidError(HR4YouError):
    """A record's input is missing, of the wrong kind or contradicts another.

    Attributes:
        field: its dotted path, such as ``candidate.location.country`` or ``attachments[1].data``.
        code: how results and the ledger name it.
    """

    def __init__(
        self, field: str, found: str, expected: str, *, others: Sequence[str] = (), code: str = "INPUT_INVALID"
    ) -> None:
        """Make the message.

        Args:
            field: the attribute.
            found: what stood there: its kind and not its value, as no message may hold a person's data.
            expected: what may stand there.
            others: other inputs of the record that are invalid.
            code: the attribute.
        """
        told = ", ".join(f"`{name}`" for name in others[:_MOST_TOLD])
        more = f" (and {len(others)} more: {told}{', ...' if len(others) > _MOST_TOLD else ''})" if others else ""
        super().__init__(f"`{field}`: found {found}; expected {expected}{more}")
        self.field = field
        self.code = code


def kind_of(value: Any) -> str:
    """What a JSON value is, without saying which: ``a text of 3 characters``, ``a number``, ``nothing``."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"a text of {len(value)} character{'' if len(value) == 1 else 's'}"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else "a number"


def dotted(place: Iterable[str | int]) -> str:
    """Keys and list positions as they stand in messages: ``attachments[1].data``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
