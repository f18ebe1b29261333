"""The setting `extra_streams`: what a user declares, checked, as a resource of the contract with columns of its own.

No ``from __future__ import annotations``: pydantic reads the annotations, as in the contract's model.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from jsonschema import Draft7Validator, SchemaError
from pydantic import Field, ValidationError, field_validator, model_validator

from hr4you.contract import ChangedSince, Contract, Expression, Listing, Pagination, Resource, compile_expression
from hr4you.contract.base import Expr, Model, Text, check_template, fault, nearest, one_of
from hr4you.errors import ConfigError
from tap_hr4you.schemas import FREE_OBJECT, ID, STREAMS, TIME, Schema

SETTING: Final = "extra_streams"
REMOTE_DATA: Final = "remote_data"
TAKEN: Final = (*STREAMS, "action_results")
"""Names of the tap's own streams, those too that are not there in every run."""

_TEXT_TYPES: Final = frozenset({"string", "null"})
_NO_WORD: Final = re.compile(r"\W+")


def column_of(path: Expression) -> str:
    """Return the column's name for a dotted path: its parts, with an underscore for all between them."""
    return _NO_WORD.sub("_", "_".join(str(part) for part in path.path or ()))


class Declaration(Model):
    """One entry of the setting.

    Attributes:
        name: of the stream.
        path: of the list, as in the contract.
        params: sent with every request.
        records: where the list is in an answer, None: as the contract says.
        pagination: None: as the contract says.
        primary_keys: where the key's parts are in an object; empty where it has none.
        replication_key: where the time of change is, None: everything is read in every run.
        changed_since: how the tenant is asked for changes only, None where it cannot be.
        columns: the entry's `schema`, None where none is declared. (Pydantic's models have a `schema` already.)
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,62}$")]
    path: Text
    params: dict[str, Text] = Field(default_factory=dict)
    records: Expr | None = None
    pagination: Pagination | None = None
    primary_keys: tuple[Expr, ...] = ()
    replication_key: Expr | None = None
    changed_since: ChangedSince | None = None
    columns: Schema | None = None

    @field_validator("primary_keys", mode="before")
    @classmethod
    def _take_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check(self) -> "Declaration":
        check_template(self.path, set(), "path")
        keys: list[tuple[tuple[str | int, ...], Expression]]
        keys = [(("primary_keys", position), path) for position, path in enumerate(self.primary_keys)]
        if self.replication_key is not None:
            keys.append((("replication_key",), self.replication_key))
        for place, path in keys:
            if path.path is None:
                raise fault("expected a path such as `sourceId` or `meta.id`, no other expression", *place)
            if column_of(path).lower() == REMOTE_DATA:
                raise fault(f"its column would be called `{REMOTE_DATA}`, which holds the whole object", *place)
        if self.changed_since is not None and self.replication_key is None:
            raise fault("needs `replication_key`: the time to ask from", "changed_since")
        if self.columns is not None:
            _check_columns(self.columns, None if self.replication_key is None else column_of(self.replication_key))
        names = [name.lower() for name in self.stream_schema()["properties"]]
        if len(set(names)) < len(names) or len(set(self.key_columns)) < len(self.primary_keys):
            raise fault("two columns would have the same name, upper and lower case alike", "primary_keys")
        return self

    @property
    def key_columns(self) -> list[str]:
        """The columns of the primary key, in the order of the declaration."""
        return [column_of(path) for path in self.primary_keys]

    @property
    def time_column(self) -> str | None:
        """The column of the replication key, None where there is none."""
        return None if self.replication_key is None else column_of(self.replication_key)

    def stream_schema(self) -> Schema:
        """Return the stream's schema: what is declared, and the columns of the keys where it does not name them."""
        loose: Schema = {column: dict(ID) for column in self.key_columns}
        if self.time_column is not None:
            loose.setdefault(self.time_column, dict(TIME))
        if self.columns is None:
            return {"type": "object", "properties": {**loose, REMOTE_DATA: dict(FREE_OBJECT)}}
        return {"type": "object", **self.columns, "properties": {**loose, **self.columns["properties"]}}

    def in_contract(self, contract: Contract) -> Contract:
        """Return the contract with this stream as one more resource, so that it is read as the others are.

        Where the entry does not say how its list is cut and where it is, and the contract knows that list, it is as
        the contract says.
        """
        same = next((each for each in contract.listings if each.path == self.path and each.parent is None), None)
        listing = Listing(
            path=self.path,
            params=self.params,
            records=self.records or (same.records if same else None),
            pagination=self.pagination or (same.pagination if same else None),
        )
        resource = Resource(
            name=self.name,
            list=listing,
            id=_identity(self.primary_keys),
            changed_at=self.replication_key,
            changed_since=self.changed_since,
            fields={},
        )
        return contract.model_copy(update={"resources": {**contract.resources, self.name: resource}})


KEYS: Final = tuple("schema" if name == "columns" else name for name in Declaration.model_fields)


def read_extra_streams(entries: Any) -> tuple[Declaration, ...]:
    """Check the setting.

    Raises:
        ConfigError: an entry is wrong; the message names it, and never repeats what may be a value of `params`.
    """
    if not isinstance(entries, list):
        raise ConfigError(f"`{SETTING}`: expected a list")
    streams = tuple(_read(entry, f"{SETTING}[{position}]") for position, entry in enumerate(entries))
    names = [stream.name.lower() for stream in streams]
    for position, name in enumerate(names):
        if name in TAKEN or name in names[:position]:
            whose = "the tap" if name in TAKEN else "another entry"
            raise ConfigError(f"`{SETTING}[{position}].name`: {whose} has a stream `{name}`: choose another name")
    return streams


def _read(entry: Any, place: str) -> Declaration:
    if not isinstance(entry, Mapping):
        raise ConfigError(f"`{place}`: expected an object with {one_of(KEYS)}")
    for key in entry:
        if key not in KEYS:
            raise ConfigError(f"`{place}`: unknown key `{key}`{nearest(key, KEYS)}; expected {one_of(KEYS)}")
    given = {"columns" if key == "schema" else key: value for key, value in entry.items()}
    try:
        return Declaration.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    message = str(first.get("ctx", {}).get("error", "") or first["msg"]).replace("Input should be", "expected")
    if first["type"] == "string_pattern_mismatch":
        message = "expected letters, digits, `_` and `-`, at most 63 and no digit first"
    raise ConfigError(f"`{place}{where.replace('.columns', '.schema', 1)}`: {message}")


def _check_columns(schema: Schema, time_column: str | None) -> None:
    """Refuse a schema that describes no object, or that no target could make a table of. Raises `Faults`."""
    properties = schema.get("properties")
    types = schema.get("type", "object")
    if "object" not in (types if isinstance(types, list) else [types]) or not isinstance(properties, dict):
        raise fault("expected the JSON schema of an object, with `properties`", "columns")
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise fault(f"no valid JSON schema: {'.'.join(map(str, error.absolute_path))}", "columns") from None
    if not properties:
        raise fault("expected at least one property", "columns", "properties")
    for name, each in properties.items():
        if not isinstance(each, dict) or "type" not in each:
            raise fault(
                'expected a schema with a `type`, as {"type": ["string", "null"]}', "columns", "properties", name
            )
    if time_column is not None and time_column in properties and not is_text(properties[time_column]):
        raise fault(
            "the replication key is a time, written as text: expected the type string",
            "columns",
            "properties",
            time_column,
        )


def is_text(schema: Mapping[str, Any]) -> bool:
    """Whether a property may be nothing but text, or null."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return set(types) <= _TEXT_TYPES and "string" in types


def _identity(keys: tuple[Expression, ...]) -> Expression:
    """Return what tells objects apart: the key, of several parts as JSON text; nothing where there is no key."""
    if not keys:
        return compile_expression("@")  # an object, which is no id
    if len(keys) == 1:
        return keys[0]
    return compile_expression(f"to_string([{', '.join(map(_as_jmespath, keys))}])")


def _as_jmespath(path: Expression) -> str:
    """Write a dotted path so that JMESPath takes any key: with quotes."""
    parts = [f"[{part}]" if isinstance(part, int) else f'."{part}"' for part in path.path or ()]
    return "".join(parts).removeprefix(".")
