"""What all parts of the contract's model share: strict keys, expressions, and faults that keep their place.

None of the model's modules has ``from __future__ import annotations``, as pydantic reads their annotations.
A fault's place (keys from the root down) is what the loader turns into a file and a line.
"""

import difflib
import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, PlainValidator, model_validator
from pydantic import ValidationError as Faults
from pydantic_core import InitErrorDetails, PydanticCustomError

from hr4you.contract.expressions import Expression, compile_expression

HOLE = re.compile(r"\{([^{}]*)\}")


def fault(message: str, *place: str | int) -> Faults:
    """An error to raise from a validator, at a place below the object that is validated.

    Args:
        message: what is wrong and what was expected; no full stop.
        place: keys from that object down.
    """
    # Braces would be taken for placeholders of the template.
    error = PydanticCustomError("contract", "{message}", {"message": message})
    return Faults.from_exception_data("contract", [InitErrorDetails(type=error, loc=place, input=None)])


def one_of(names: Any) -> str:
    """A choice as it stands in messages, in the order given."""
    return ", ".join(f"`{name}`" for name in names)


def nearest(name: str, names: Any) -> str:
    """A hint for a name that may be misspelt, ready to be added to a message; empty where none is near."""
    found = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean `{found[0]}`?)" if found else ""


EXPECTED = "expected an expression: a path such as `source.name`, or JMESPath"


class Model(BaseModel):
    """Immutable, and strict about its keys: a misspelt key would otherwise be silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hidden: ClassVar[frozenset[str]] = frozenset()
    """Attributes that are no keys of the file."""

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, data: Any) -> Any:
        if isinstance(data, cls):
            return data
        keys = [name for name in cls.model_fields if name not in cls.hidden]
        if not isinstance(data, dict):
            raise fault(f"expected a mapping with some of the keys {one_of(keys)}")
        for key in data:
            if key not in cls.model_fields:
                raise fault(f"unknown key `{key}`{nearest(key, keys)}; expected {one_of(keys)}", key)
        for name in keys:
            if cls.model_fields[name].is_required() and name not in data:
                raise fault(f"the key `{name}` is missing", name)
        return data


def to_expression(value: Any, functions: frozenset[str] = frozenset()) -> Expression:
    """Compile a value of the file.

    Raises:
        ValueError: it is no text (a whole number counts: JSON keys are text), or cannot be read.
    """
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError(EXPECTED)  # noqa: TRY004  # pydantic gathers ValueErrors
    try:
        return compile_expression(str(value), functions=functions)
    except ValueError as error:
        raise ValueError(f"{EXPECTED}: {error}") from None


def _to_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _to_texts(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


Expr = Annotated[Expression, PlainValidator(to_expression), PlainSerializer(lambda expression: expression.text)]
"""A compiled expression, text in the file."""

Text = Annotated[str, BeforeValidator(_to_text)]
"""A text; numbers and booleans of the file count as what is sent for them."""

Texts = Annotated[tuple[Text, ...], BeforeValidator(_to_texts)]
"""Several texts; a single one needs no list in the file."""


def check_template(path: str, holes: set[str], *place: str) -> None:
    """Refuse a path that has other placeholders than it should.

    Raises:
        Faults: at ``place``.
    """
    found = set(HOLE.findall(path))
    if found != holes or set(HOLE.sub("", path)) & set("{}"):
        expected = f"a path with {one_of('{' + hole + '}' for hole in sorted(holes))}" if holes else "no placeholder"
        raise fault(f"expected {expected}, as in `applicants{'/{id}' if holes else ''}`", *place)
    if "://" in path or path.startswith("//"):
        raise fault("expected a path such as `applicants`, not a whole address: the host is a setting", *place)
    if "?" in path or "#" in path:
        raise fault("expected a path without `?` and `#`: the query belongs under `params`", *place)
    if not path or any(character.isspace() or character == "\\" for character in path):
        raise fault("expected a path such as `applicants`, without spaces", *place)
