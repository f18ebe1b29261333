"""What a tenant's objects hold beside what the contract maps: unmapped keys, and the tenant's own fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from hr4you.ids import MODEL_OF_STREAM
from hr4you.inspection.coverage import custom_entries
from hr4you.inspection.reach import paths_read
from hr4you.inspection.shapes import is_filled, printable
from hr4you.inspection.unmapped import Seen, Unmapped
from hr4you.text import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hr4you.contract import Contract, EachSpec
    from hr4you.inspection.samples import Sample

_SELDOM: Final = 1.5
"""Keys that stand in fewer objects than this on average are data, not names of fields."""

_ENOUGH: Final = 3


@dataclass(frozen=True)
class FoundField:
    """A field that the contract does not map.

    Attributes:
        kind: ``tenant`` is defined by the tenant, ``native`` a key or path of the object.
        key: what ``custom_field_mappings`` takes: of a tenant's own field its key, else an expression. None where the
            keys look like data, and are not shown.
        label: what people call it, None where nobody says.
        type: what the tenant calls its type; of native ones the JSON types.
        filled: in how many of the records it holds something.
        of: how many records were looked at.
        distinct: how many different values there are; counted up to `MOST_DISTINCT`.
        shape: of the values; empty where there are none.
    """

    model: str
    kind: Literal["tenant", "native"]
    key: str | None
    label: str | None
    type: str | None
    filled: int
    of: int
    distinct: int
    shape: str

    def as_dict(self) -> dict[str, Any]:
        """As programs read it."""
        return asdict(self)


def explore(contract: Contract, sample: Sample, definitions: Mapping[str, tuple[str, str | None]]) -> list[FoundField]:
    """Return the fields of one resource: the tenant's own, then the unmapped ones, each by how many hold them.

    Args:
        contract: says what is mapped.
        sample: the objects.
        definitions: key -> label and type of the tenant's own fields, where it lists them.
    """
    model, count = MODEL_OF_STREAM[sample.name], len(sample.items)
    spec = contract.resources[sample.name].custom_fields
    own = _own_fields(spec, sample, definitions) if spec is not None else []
    native = Unmapped(paths_read(contract, sample.name))
    for item in sample.items:
        native.take(item.wire)
    return [
        FoundField(model, "tenant", key, label, kind, seen.records, count, seen.shapes.distinct, str(seen.shapes))
        for key, label, kind, seen in sorted(own, key=lambda field: -field[3].records)
    ] + [
        FoundField(
            model, "native", key, None, kind, seen.records, count, seen.shapes.distinct, shape or str(seen.shapes)
        )
        for key, kind, shape, seen in native.fields()
    ]


class _Seen(Seen):
    """What was seen of a tenant's own field."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: Counter[str] = Counter()
        self.types: Counter[str] = Counter()


_Own = tuple["str | None", "str | None", "str | None", _Seen]


def _own_fields(spec: EachSpec, sample: Sample, definitions: Mapping[str, tuple[str, str | None]]) -> list[_Own]:
    fields: dict[str, _Seen] = {}
    get = spec.fields
    for item in sample.items:
        filled: set[str] = set()
        for name, element in custom_entries(spec, item.wire):
            is_object = isinstance(element, dict)
            key = name or to_text(get["key"](element)) or (to_text(get["label"](element)) if "label" in get else None)
            if key is None:
                continue
            seen = fields.setdefault(key, _Seen())
            value = element if name is not None and not is_object else get["value"](element)
            seen.shapes.add(value)
            if is_filled(value):
                filled.add(key)
            for part, counts in (("label", seen.labels), ("type", seen.types)):
                text = to_text(get[part](element)) if part in get else None
                if text is not None and text != to_text(value):  # a contract may take the one for the other
                    counts[text] += 1
        for key in filled:
            fields[key].records += 1
    if _are_data(fields, definitions):
        return [(None, None, None, _together(fields))]
    return [_own(key, seen, definitions) for key, seen in fields.items()]


def _own(key: str, seen: _Seen, definitions: Mapping[str, tuple[str, str | None]]) -> _Own:
    label, kind = definitions.get(key, (None, None))
    if label is None and len(seen.labels) == 1:
        label = next(iter(seen.labels))
    if kind is None and len(seen.types) == 1:
        kind = next(iter(seen.types))
    return key, None if label is None else printable(label), None if kind is None else printable(kind, 30), seen


def _are_data(fields: Mapping[str, _Seen], definitions: Mapping[str, Any]) -> bool:
    """Whether what the contract takes for keys differs from record to record, as values do."""
    unknown = [seen for key, seen in fields.items() if key not in definitions]
    values = sum(seen.shapes.count for seen in unknown)
    return len(unknown) > _ENOUGH and values < _SELDOM * len(unknown) and len(unknown) > len(fields) / 2


def _together(fields: Mapping[str, _Seen]) -> _Seen:
    seen = _Seen()
    seen.records = max(field.records for field in fields.values())
    return seen
