"""One resource: where its list is, what can be asked for, and where each field is in its objects."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from hr4you.contract.api import PROVENANCE, Pagination
from hr4you.contract.base import Expr, Model, Text, Texts, check_template, fault, nearest, one_of, to_expression
from hr4you.contract.expressions import Expression
from hr4you.contract.fields import CUSTOM_FIELD, FIELDS, RESOURCES, Shape


class EachSpec(Model):
    """A list of objects, one for each element of a list on the wire.

    In the file: ``{each: emails, email_address: address, type: type}``.

    Attributes:
        each: the wire's list, seen from the resource's object.
        fields: what each object holds, seen from the element.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"fields"})

    each: Expr
    fields: dict[str, Expr]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data.get("fields"), dict):
            return {"each": data.get("each"), "fields": {key: value for key, value in data.items() if key != "each"}}
        return data


def _shape_of(value: Any) -> Shape:
    if isinstance(value, EachSpec) or (isinstance(value, Mapping) and "each" in value):
        return "each"
    return "object" if isinstance(value, Mapping) else "text"


FieldSpec = Annotated[
    Annotated[Expr, Tag("<text>")] | Annotated[dict[str, Expr], Tag("<object>")] | Annotated[EachSpec, Tag("<each>")],
    Discriminator(lambda value: f"<{_shape_of(value)}>"),
]
"""How one field is found. The tags show up in the place of a fault and can be no key."""


class Listing(Model):
    """How all objects of a resource are listed.

    In the file a path, or a mapping.

    Attributes:
        path: relative to ``base_path``; with ``per`` it holds ``{id}``; with ``nested_in`` it is the expression of
            `inside`.
        params: sent with every request.
        method: of the request.
        nested_in: the resource whose objects hold these.
        per: the resource for each of whose objects one list is asked.
        parent_touches: whether a change here changes the parent's time too, so that only changed parents need a look.
        records: where the list is in an answer, None: as in all of the API.
        pagination: None: as in all of the API.
    """

    path: Text | None = None
    params: dict[str, Text] = Field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"
    nested_in: str | None = None
    per: str | None = None
    parent_touches: bool = False
    records: Expr | None = None
    pagination: Pagination | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, data: Any) -> Any:
        return {"path": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _check(self) -> "Listing":
        if self.path is None:
            raise fault("the key `path` is missing", "path")
        if self.nested_in is not None and self.per is not None:
            raise fault("expected `nested_in` or `per`, not both", "per")
        for key in ("nested_in", "per"):
            parent = getattr(self, key)
            if parent is not None and parent not in RESOURCES:
                raise fault(f"there is no resource `{parent}`{nearest(parent, RESOURCES)}", key)
        if self.nested_in is not None:
            _ = self.inside
            for key in sorted(self.model_fields_set & {"params", "method", "records", "pagination"}):
                raise fault(f"`{key}` has no meaning with `nested_in`: nothing is asked for", key)
        else:
            check_template(self.path, {"id"} if self.per is not None else set(), "path")
        if self.parent_touches and self.parent is None:
            raise fault("`parent_touches` needs `nested_in` or `per`", "parent_touches")
        return self

    @property
    def parent(self) -> str | None:
        """The resource that this one hangs on, None for a list of its own."""
        return self.nested_in or self.per

    @property
    def inside(self) -> Expression:
        """With ``nested_in``: the list inside the parent's object."""
        try:
            return to_expression(self.path)
        except ValueError as error:
            raise fault(str(error), "path") from None


class Select(Model):
    """How an answer is limited to some keys: ``param`` is sent with the names of the keys, joined."""

    param: Text
    join: str = ","


class ChangedSince(Model):
    """How a list is limited to what changed since a moment (and at it: the filter is ``>=``).

    Attributes:
        param: the parameter.
        format: ``iso8601`` (UTC), ``epoch_s``, ``epoch_ms``, or a pattern of strftime filled with local time.
    """

    param: Text
    format: str = "iso8601"

    @model_validator(mode="after")
    def _check(self) -> "ChangedSince":
        if self.format not in {"iso8601", "epoch_s", "epoch_ms"} and "%" not in self.format:
            raise fault(
                "expected `iso8601`, `epoch_s`, `epoch_ms` or a pattern of strftime such as `%Y-%m-%d %H:%M:%S`",
                "format",
            )
        return self

    @property
    def is_naive(self) -> bool:
        """Whether the filter is sent as local time without its offset."""
        return "%" in self.format and "%z" not in self.format


class OnlyIds(Model):
    """What is sent beside the list's own parameters for objects that hold little more than their id."""

    params: dict[str, Text]


class Resource(Model):
    """One of the five resources.

    Attributes:
        name: the resource's key.
        provenance: ``verified``, ``assumed``, ``drafted (how sure)`` or ``yours``.
        select: None where the tenant cannot leave keys out.
        get: path of one object, with ``{id}``; None where single objects cannot be asked for.
        record: where the object is in the answer to ``get``, None: as in all of the API.
        changed_at: when an object last changed, None where the wire does not tell.
        changed_since: None where the list cannot be limited to changes.
        only_ids: None where ids are not to be had for less than whole objects.
        volatile: top-level keys that say nothing of a change.
        fields: by their unified names; a field that is not there is null in every record.
        custom_fields: the tenant's own fields (``key``, ``label``, ``type``, ``value``), None where there are none.
        flags: what makes an application PENDING, HIRED or DECLINED where ``outcome`` looks at flags.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"name"})

    name: str
    provenance: str = "yours"
    list: Listing
    select: Select | None = None
    get: Text | None = None
    record: Expr | None = None
    id: Expr
    changed_at: Expr | None = None
    changed_since: ChangedSince | None = None
    only_ids: OnlyIds | None = None
    volatile: Texts = ()
    fields: dict[str, FieldSpec]
    custom_fields: EachSpec | None = None
    flags: dict[str, Expr] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> "Resource":
        check_provenance(self.provenance)
        if self.get is not None:
            check_template(self.get, {"id"}, "get")
        if self.list.nested_in is not None:
            for key in ("select", "changed_since", "only_ids"):
                if getattr(self, key) is not None:
                    raise fault(f"`{key}` has no meaning for a list nested in another: nothing is asked for", key)
        for name, spec in self.fields.items():
            self._check_field(name, spec)
        if self.custom_fields is not None:
            _check_keys(self.custom_fields.fields, CUSTOM_FIELD, "custom_fields")
            for key in ("key", "value"):
                if key not in self.custom_fields.fields:
                    raise fault(f"the key `{key}` is missing", "custom_fields", key)
        if self.flags and self.name != "applications":
            raise fault("only `applications` have flags", "flags")
        _check_keys(self.flags, ("PENDING", "HIRED", "DECLINED"), "flags")
        return self

    def _check_field(self, name: str, spec: Any) -> None:
        known = FIELDS[self.name]
        if name not in known:
            raise fault(
                f"{self.name} have no field `{name}`{nearest(name, known)}; expected {one_of(known)}", "fields", name
            )
        shape, keys = known[name]
        if _shape_of(spec) != shape:
            expected = {
                "text": "an expression such as `source.name`",
                "object": f"a mapping with some of {one_of(keys)}",
                "each": f"a mapping with `each` (the list on the wire) and some of {one_of(keys)}",
            }
            raise fault(f"expected {expected[shape]}", "fields", name)
        if shape != "text":
            _check_keys(spec.fields if isinstance(spec, EachSpec) else spec, keys, "fields", name)


def _check_keys(found: Mapping[str, Any], expected: tuple[str, ...], *place: str) -> None:
    for key in found:
        if key not in expected:
            raise fault(f"unknown key `{key}`{nearest(key, expected)}; expected {one_of(expected)}", *place, key)


def check_provenance(provenance: str) -> None:
    """Refuse another word than the four.

    Raises:
        Faults: at ``provenance``.
    """
    if not PROVENANCE.fullmatch(provenance):
        raise fault("expected `verified`, `assumed`, `drafted (how sure)` or `yours`", "provenance")


class Lookup(Model):
    """A short list that is asked for as a whole, to look something up.

    Attributes:
        label: the name that people give it.
    """

    provenance: str = "yours"
    list: Listing
    label: Expr

    @model_validator(mode="before")
    @classmethod
    def _move_params(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "params" not in data:
            return data
        listing = data.get("list")
        listing = {"path": listing} if isinstance(listing, str) else listing
        rest = {key: value for key, value in data.items() if key != "params"}
        return {**rest, "list": {**listing, "params": data["params"]}} if isinstance(listing, dict) else rest

    @model_validator(mode="after")
    def _check(self) -> "Lookup":
        check_provenance(self.provenance)
        if self.list.parent is not None:
            raise fault("expected a list of its own", "list")
        return self


class Sources(Lookup):
    """The tenant's sources (where an applicant came from); ``id`` is what the wire wants, ``label`` their name."""

    id: Expr


class CustomFieldDefinitions(Lookup):
    """The tenant's own fields; ``key`` is what the wire wants, ``type`` what it says of their kind."""

    key: Expr
    type: Expr | None = None
