"""Tenant-defined fields: all of them as ``integration_fields``, the chosen ones as ``custom_fields``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hr4you.contract.expressions import compile_expression
from hr4you.errors import ConfigError
from hr4you.ids import STREAM_OF_MODEL
from hr4you.mapping.layout import getter
from hr4you.mapping.lists import elements
from hr4you.mapping.vocabulary import to_word
from hr4you.text import to_json_text, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hr4you.mapping.findings import Findings
    from hr4you.mapping.layout import Getter, ListPlace
    from hr4you.mapping.vocabulary import Vocabulary

MODELS: Final = ("job", "candidate", "application")
"""Models whose records carry custom fields."""

_MAX_KINDS: Final = 1_000


class Native(NamedTuple):
    """A key or path of the tenant's own object, named in a setting.

    Attributes:
        text: as it stands in the setting.
        get: reads it.
        roots: as `layout.roots_of`.
    """

    text: str
    get: Getter
    roots: frozenset[str] | None


def read_mappings(setting: Mapping[str, Any], model: str) -> dict[str, list[Native]]:
    """One model's part of ``custom_field_mappings``: name -> the places to try, in order.

    Raises:
        ConfigError: the setting as a whole is not ``{model: {name: key or list of keys}}``.
    """
    expected = "`custom_field_mappings`: expected {model: {name: key, or a list of keys}}"
    found: dict[str, list[Native]] = {}
    for owner, names in _of_models("custom_field_mappings", setting, expected):
        if not isinstance(names, Mapping):
            raise ConfigError(f"{expected}; the value of `{owner}` is no object")
        for name, keys in names.items():
            natives = _natives(keys, f"{expected}; the value of `{owner}.{name}` is neither")
            if owner in {model, STREAM_OF_MODEL[model]}:
                found[name] = natives
    return found


def read_includes(setting: Mapping[str, Any], model: str) -> list[Native]:
    """One model's part of ``integration_fields_include``: the native keys to show.

    Raises:
        ConfigError: the setting as a whole is not ``{model: [keys]}``.
    """
    expected = "`integration_fields_include`: expected {model: [keys]}"
    found: dict[str, Native] = {}
    for owner, keys in _of_models("integration_fields_include", setting, expected):
        natives = _natives(keys, f"{expected}; the value of `{owner}` is no list of keys")
        if owner in {model, STREAM_OF_MODEL[model]}:
            found |= {native.text: native for native in natives}
    return list(found.values())


def check_field_settings(custom_field_mappings: Any, integration_fields_include: Any) -> None:
    """Tell what is wrong with the two settings before anything is read.

    Raises:
        ConfigError: one of them has another shape than documented.
    """
    read_mappings(custom_field_mappings, MODELS[0])
    read_includes(integration_fields_include, MODELS[0])


def _of_models(name: str, setting: Any, expected: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(setting, Mapping):
        raise ConfigError(f"{expected}; it is no object")
    allowed = {*MODELS, *(STREAM_OF_MODEL[model] for model in MODELS)}
    for owner, value in _nested(setting).items():
        if owner not in allowed:
            raise ConfigError(f"`{name}`: `{owner}` has no custom fields; the models are {', '.join(MODELS)}")
        if value is not None:  # a model in YAML below which everything is commented out
            yield owner, value


def _nested(setting: Mapping[str, Any]) -> dict[str, Any]:
    """The setting as it was written, where Meltano has joined the names: ``{"job.salary": "cf_1"}``."""
    found: dict[str, Any] = {}
    for key, value in setting.items():
        owner, _, name = str(key).partition(".")
        below = found.get(owner)
        if name and (below is None or isinstance(below, dict)):
            found[owner] = {**(below or {}), name: value}
        else:
            found[key] = value
    return found


def _natives(keys: Any, problem: str) -> list[Native]:
    listed = [keys] if isinstance(keys, str) else keys
    if not isinstance(listed, list | tuple) or not listed:
        raise ConfigError(problem)
    if not all(isinstance(key, str) and key.strip() for key in listed):
        raise ConfigError(problem)
    return [_native(key.strip()) for key in listed]


def _native(text: str) -> Native:
    try:
        expression = compile_expression(text)
    except ValueError:  # a key that no path can spell is still a key: "Gehalt (brutto)"
        return Native(text, lambda wire: wire.get(text), frozenset((text,)))
    return Native(text, getter(expression), expression.roots)


class TenantFields:
    """The tenant-defined fields of one kind of object.

    Args:
        model: the first part of their ids.
        place: where they are; None where the tenant has none.
        types: knows the values of ``value_type``.
        findings: where to count.
    """

    def __init__(self, model: str, place: ListPlace | None, types: Vocabulary, findings: Findings) -> None:
        self._prefix = f"{model}:"
        self._types = types
        self._kinds: dict[str, str] = {}
        self._findings = findings
        self._get_list = None if place is None else getter(place.each)
        parts = {} if place is None else place.fields
        self._key, self._label, self._type, self._value = (
            getter(parts[name]) if name in parts else _nothing for name in ("key", "label", "type", "value")
        )

    def integration_fields(self, include: Sequence[Native]) -> Getter:
        """Every tenant-defined field and the included native keys; null where the tenant has neither."""
        if self._get_list is None and not include:
            return _nothing

        def read(wire: Any) -> list[dict[str, str | None]]:
            fields = [self._custom(key, element, value) for key, element, value in self._entries(wire)]
            for native in include:
                fields.append(self._native(native.text, native.get(wire)))  # noqa: PERF401  # most have none
            return fields

        return read

    def custom_fields(self, mappings: Mapping[str, Sequence[Native]]) -> Getter:
        """The mapped names, each with the first value found as it came (texts trimmed), null where there is none."""

        def read(wire: Any) -> dict[str, Any]:
            if not mappings:
                return {}
            given: dict[str, Any] = {}
            for key, _, value in self._entries(wire):
                given.setdefault(key, value)
            return {name: _first(natives, given, wire) for name, natives in mappings.items()}

        return read

    def _entries(self, wire: Any) -> list[tuple[str, Any, Any]]:
        """Key, element and value of each; a field without a key goes by its label."""
        found = None if self._get_list is None else self._get_list(wire)
        if isinstance(found, dict):  # {key: value}, or {key: element}
            return [
                (key, element, self._value(element) if isinstance(element, dict) else element)
                for key, element in found.items()
            ]
        entries = []
        for element in elements(found):
            key = self._key(element)
            if type(key) is not str or not (key := key.strip()):
                key = to_text(key) or to_text(self._label(element))
            if key is None:
                self._findings.notices["a custom field is left out, as it has neither a key nor a label"] += 1
            else:
                entries.append((key, element, self._value(element)))
        return entries

    def _custom(self, key: str, element: Any, value: Any) -> dict[str, str | None]:
        label, kind = self._label(element), self._type(element)
        value_type = self._kinds.get(kind) if type(kind) is str else None
        return {
            "id": self._prefix + key,
            "key": key,
            "label": (label.strip() or None) if type(label) is str else to_text(label),
            "type": "CUSTOM",
            "value_type": value_type or self._value_type(kind),
            "value": to_json_text(value),
        }

    def _native(self, key: str, value: Any) -> dict[str, str | None]:
        return {
            "id": self._prefix + key,
            "key": key,
            "label": None,
            "type": "DEFAULT",
            "value_type": None,
            "value": to_json_text(value),
        }

    def _value_type(self, kind: Any) -> str | None:
        word = to_word(kind)
        if word is None:
            return None
        found = self._types.find(word)
        if found is None:
            self._findings.note_unmapped("value_type", word)
        elif isinstance(kind, str) and len(self._kinds) < _MAX_KINDS:
            self._kinds[kind] = found
        return found


def _first(natives: Sequence[Native], given: Mapping[str, Any], wire: Any) -> Any:
    for native in natives:
        for found in (given.get(native.text), native.get(wire)):
            value = found.strip() if isinstance(found, str) else found
            if value is not None and value not in ("", [], {}):
                return value
    return None


def _nothing(_wire: Any) -> None:
    return None
