"""Actions: what the target sends, step by step.

Expressions here look at the action record. Beside JMESPath's own functions they may call those in `FUNCTIONS`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from hr4you.contract.base import HOLE, Model, Text, check_template, fault, to_expression
from hr4you.contract.expressions import Expression
from hr4you.contract.resource import check_provenance

FUNCTIONS: Final = frozenset(
    {
        "gender",  # the tenant's word for a unified gender
        "attachment_type",  # the tenant's word for a unified kind of attachment
        "source_id",  # the id in the resource `sources` of an input's source
        "source_name",  # the tenant's name of it
        "custom_fields",  # [{key, value}] of a result link's attributes that have a field
        "result_note",  # label, URL and the attributes that have no field, as a text
        "note_text",  # a note's content as a text, HTML escaped
    }
)


def _compile(value: Any) -> Expression:
    return to_expression(value, FUNCTIONS)


def _compile_tree(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _compile_tree(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_compile_tree(part) for part in value)
    return _compile(value)


def _show_tree(value: Any) -> Any:
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Mapping):
        return {key: _show_tree(part) for key, part in value.items()}
    if value is None:
        return None
    return [_show_tree(part) for part in value]


Expr = Annotated[Expression, PlainValidator(_compile), PlainSerializer(_show_tree)]
Tree = Annotated[Any, PlainValidator(_compile_tree), PlainSerializer(_show_tree)]
"""Mappings and lists as they are sent, with expressions for leaves."""


def _check_path(path: str, place: str = "path") -> None:
    holes = set(HOLE.findall(path))
    try:
        for hole in holes:
            _compile(hole)
    except ValueError as error:
        raise fault(f"in the braces: {error}", place) from None
    check_template(path, holes, place)


class Request(Model):
    """One request; ``{...}`` in the path are expressions. At most one of ``body`` (JSON) and ``multipart``."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Text
    params: dict[str, Expr] = Field(default_factory=dict)
    body: Tree = None
    multipart: dict[str, Expr] | None = None

    @model_validator(mode="after")
    def _check(self) -> "Request":
        _check_path(self.path)
        if self.body is not None and self.multipart is not None:
            raise fault("expected `body` or `multipart`, not both", "multipart")
        return self


class Find(Model):
    """How what a step creates is listed.

    Attributes:
        records: where the list is in the answer.
        id: an element's id, seen from the element.
        match: the element's key, and the expression of the value that it must have to be taken for what was sent.
    """

    path: Text
    params: dict[str, Expr] = Field(default_factory=dict)
    records: Expr
    id: Expr
    match: dict[str, Expr] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> "Find":
        _check_path(self.path)
        return self


class ActionLookup(Model):
    """One request whose answer gives the ``{lookup}`` of a fallback's path."""

    path: Text
    id: Expr

    @model_validator(mode="after")
    def _check(self) -> "ActionLookup":
        _check_path(self.path)
        return self


class Fallback(Model):
    """Another path for the same request, after one of the statuses in ``on``."""

    on: tuple[Annotated[int, Field(ge=400, le=599)], ...]
    path: Text
    lookup: ActionLookup | None = None

    @model_validator(mode="after")
    def _check(self) -> "Fallback":
        _check_path(self.path)
        return self


class Step(Model):
    """One thing that takes effect at the tenant.

    Attributes:
        when: the step is left out where this finds nothing.
        each: the step is done for every element of this list, as ``item``.
        reuse: what ``find`` lists is taken instead of sending, as far as the settings allow.
        repeatable: sending it twice has the effect of sending it once.
        created_id: the new id in the answer.
        existing_id: the id of what exists, in the answer of a 409.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    when: Expr | None = None
    each: Expr | None = None
    reuse: bool = False
    repeatable: bool = False
    request: Request
    created_id: Expr | None = None
    existing_id: Expr | None = None
    fallback: Fallback | None = None
    find: Find | None = None

    @model_validator(mode="after")
    def _check(self) -> "Step":
        if self.reuse and self.find is None:
            raise fault("`reuse` needs `find`", "reuse")
        return self


class Action(Model):
    """The steps of one action, in their order."""

    provenance: str = "yours"
    steps: tuple[Step, ...] = Field(min_length=1)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over what is sent and how it is looked up; the provenance does not count."""
        text = json.dumps(self.model_dump(mode="json", exclude={"provenance"}, exclude_defaults=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All its expressions, those in the braces of paths too."""
        return tuple(_expressions(self.model_dump(mode="json", exclude={"provenance"})))

    @model_validator(mode="after")
    def _check(self) -> "Action":
        check_provenance(self.provenance)
        names = [step.name for step in self.steps]
        for position, name in enumerate(names):
            if name in names[:position]:
                raise fault(f"there are two steps `{name}`", "steps", position, "name")
        return self


def _expressions(value: Any) -> Iterator[str]:
    """Yield every text of a dumped action: what is no expression does no harm where expressions are looked for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _expressions(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _expressions(part)
