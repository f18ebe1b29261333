"""From a wire object to a record of the unified model: exactly the selected fields, in the order of the schema."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from hr4you.contract.expressions import union_of_roots
from hr4you.ids import MODEL_OF_STREAM, make_id, to_remote_id
from hr4you.mapping import values
from hr4you.mapping.custom_fields import MODELS, TenantFields, read_includes, read_mappings
from hr4you.mapping.findings import Findings
from hr4you.mapping.layout import FIELDS, KEYS, getter, roots_of
from hr4you.mapping.lists import LIST_PARTS, list_field, location_field
from hr4you.mapping.outcome import Outcome
from hr4you.mapping.vocabulary import VALUE_TYPES, Vocabulary, vocabulary_field

if TYPE_CHECKING:
    from collections import Counter

    from hr4you.contract import Contract
    from hr4you.mapping.layout import Getter, Layout, Wire

Record = dict[str, Any]
StageName = Callable[[str], "str | None"]
"""From a stage's remote id to its name; None for a stage that is not known."""

_VOCABULARIES = frozenset({"employment_type", "status", "visibility"})
_REFERENCES = {
    "contact_id": "user",
    "current_stage_id": "application_stage",
    "job_id": "job",
    "candidate_id": "candidate",
}
_ALWAYS = frozenset({"id", "changed_at"})


class RecordMapper:
    """Makes the records of one stream; compiled once, called for every object.

    What a tenant does not have (no place in the contract) is null. Lists are empty where an object has none.

    Args:
        contract: where the fields stand, and the vocabularies.
        stream: ``users``, ``jobs``, ...
        tenant: the first part of all ids.
        custom_field_mappings: the setting, all models.
        integration_fields_include: the setting, all models.
        stage_name: asked for the outcome only, and only where the contract's sources say so.
        properties: the fields wanted; ``id`` and ``changed_at`` are always there. None: all.
        layout: where the fields stand if not where the contract says (the job feed).

    Raises:
        ConfigError: one of the two settings has another shape than documented.

    Attributes:
        is_timed: the tenant says when an object changed; otherwise ``changed_at`` is always None.
        unmapped: (field, value) -> how often a vocabulary did not know it.
        notices: what was odd, in words without personal data -> how often.
    """

    def __init__(
        self,
        contract: Contract,
        stream: str,
        tenant: str,
        *,
        custom_field_mappings: Mapping[str, Any] | None = None,
        integration_fields_include: Mapping[str, Any] | None = None,
        stage_name: StageName | None = None,
        properties: Collection[str] | None = None,
        layout: Layout | None = None,
    ) -> None:
        self._stream = stream
        self._tenant = tenant
        self._model = MODEL_OF_STREAM[stream]
        self._prefix = make_id(tenant, self._model, "")
        self._layout: Layout = contract.resources[stream] if layout is None else layout
        self._zone = contract.api.zone
        self._vocabularies = contract.vocabularies
        self._findings = Findings()
        self._outcome = Outcome(
            self._layout,
            contract.outcome_sources if stream == "applications" else (),
            Vocabulary(contract.vocabularies.get("outcome", {})),
            self._findings,
            stage_name,
        )
        has_fields = self._model in MODELS
        self._mappings = read_mappings(custom_field_mappings or {}, self._model) if has_fields else {}
        self._include = read_includes(integration_fields_include or {}, self._model) if has_fields else []
        types = Vocabulary(contract.vocabularies.get("value_type", {}), VALUE_TYPES)
        self._tenant_fields = TenantFields(self._model, self._layout.custom_fields, types, self._findings)
        self._remote_id = getter(self._layout.id)
        self.is_timed = self._layout.changed_at is not None
        self.unmapped: Counter[tuple[str, str]] = self._findings.unmapped
        self.notices: Counter[str] = self._findings.notices
        wanted = None if properties is None else {*properties, *_ALWAYS}
        self._readers = [
            (name, self._reader(name))
            for name in (*KEYS, *FIELDS[stream], "remote_data")
            if wanted is None or name in wanted
        ]
        self._has_remote_id = wanted is None or "remote_id" in wanted

    def __call__(self, wire: Wire) -> Record:
        """The record of one object; its ``id`` and ``remote_id`` are None where the object has none."""
        record = {name: read(wire) for name, read in self._readers}
        remote_id = to_remote_id(self._remote_id(wire))
        if remote_id is not None:
            record["id"] = self._prefix + remote_id
            if self._has_remote_id:
                record["remote_id"] = remote_id
        return record

    def remote_id(self, wire: Wire) -> str | None:
        """The object's own id as text; None where it has none."""
        return to_remote_id(self._remote_id(wire))

    def wire_keys(self, properties: Collection[str]) -> frozenset[str] | None:
        """The top-level keys of the object that these fields need, with those of id and time of change.

        None where the whole object is needed, or where that cannot be told.
        """
        return union_of_roots(self._roots(name) for name in {*properties, *_ALWAYS})

    def _roots(self, name: str) -> frozenset[str] | None:
        if name == "outcome":
            return self._outcome.roots
        if name == "integration_fields":
            return union_of_roots([roots_of(self._layout.custom_fields), *(native.roots for native in self._include)])
        if name == "custom_fields":
            natives = [native.roots for listed in self._mappings.values() for native in listed]
            return union_of_roots([roots_of(self._layout.custom_fields), *natives]) if natives else frozenset()
        own = {"id": self._layout.id, "remote_id": self._layout.id, "changed_at": self._layout.changed_at}
        return None if name == "remote_data" else roots_of(own.get(name, self._layout.fields.get(name)))

    def _reader(self, name: str) -> Getter:
        """Compile one field; the ids are null here, as they are set from one reading of the wire's."""
        place, changed_at = self._layout.fields.get(name), self._layout.changed_at
        fixed: dict[str, Getter] = {
            "remote_data": _itself,
            "outcome": self._outcome,
            "custom_fields": self._tenant_fields.custom_fields(self._mappings),
            "integration_fields": self._tenant_fields.integration_fields(self._include),
        }
        if name in fixed:
            return fixed[name]
        if name == "changed_at" and changed_at is not None:
            return values.changed_at_field(getter(changed_at), self._zone, self._findings)
        if place is None:
            return _null
        if name == "location":
            return location_field(name, place, self._findings)
        if name in LIST_PARTS:
            return list_field(name, place, self._findings)
        return self._plain_reader(name, getter(place))

    def _plain_reader(self, name: str, get: Getter) -> Getter:
        findings = self._findings
        if name in _VOCABULARIES:
            return vocabulary_field(name, get, Vocabulary(self._vocabularies.get(name, {})), findings)
        if name in _REFERENCES:
            return values.id_field(name, get, self._tenant, _REFERENCES[name], findings)
        if name in {"opened_at", "closed_at"}:
            return values.date_field(name, get, self._zone, findings, ends=name == "closed_at")
        simple = {"email": values.email_field, "global_index": values.integer_field}
        return simple.get(name, values.text_field)(name, get, findings)


def _itself(wire: Wire) -> Wire:
    return wire


def _null(_wire: Wire) -> None:
    return None
