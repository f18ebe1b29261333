"""The functions that a contract's action expressions may call: from unified words and inputs to the tenant's."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from jmespath import functions

from hr4you.ids import to_remote_id
from hr4you.text import fold, to_json_text

if TYPE_CHECKING:
    from hr4you.contract import Contract
    from target_hr4you.lookups import Lookups

RESULT_LINK_AS_NOTE = "RESULT_LINK_AS_NOTE"

_ANY: Any = {"types": []}  # jmespath's stubs know fewer signatures than it takes


class Wording(functions.Functions):
    """What `jmespath` calls, for one action.

    Args:
        contract: has the vocabularies.
        lookups: the tenant's sources and custom fields, asked for when they are needed.
        warnings: are added to.
    """

    def __init__(self, contract: Contract, lookups: Lookups, warnings: list[dict[str, Any]]) -> None:
        super().__init__()
        self._contract = contract
        self._lookups = lookups
        self._warnings = warnings

    @functions.signature(_ANY)
    def _func_gender(self, word: Any) -> str | None:
        return self._word("gender", word)

    @functions.signature(_ANY)
    def _func_attachment_type(self, word: Any) -> str | None:
        return self._word("attachment_type", word or "OTHER")

    @functions.signature(_ANY)
    def _func_source_id(self, source: Any) -> Any:
        """The id that the input gives, else that of its name in the tenant's list; None where neither is known."""
        if not isinstance(source, dict):
            return None
        if source.get("id") is not None:
            return to_wire_id(source["id"])
        name = self.source_name(source)
        return None if name is None else self._lookups.source_id(name)

    @functions.signature(_ANY)
    def _func_source_name(self, source: Any) -> str | None:
        return self.source_name(source) if isinstance(source, dict) else None

    @functions.signature(_ANY)
    def _func_custom_fields(self, details: Any) -> list[dict[str, Any]] | None:
        """The attributes that have a field; None where none has, so that the step is left out."""
        return [
            {"key": key, "value": attribute.get("value")} for attribute, key in self._attributes(details) if key
        ] or None

    @functions.signature(_ANY)
    def _func_result_note(self, record: Any) -> str | None:
        """Label and URL, and a line for each attribute that has no field."""
        record = record if isinstance(record, dict) else {}
        label, url = record.get("label"), record.get("url")
        lines = [f"{_escape(label)}: {url}" if label else str(url)]
        for attribute, key in self._attributes(record.get("details")):
            if not key:
                lines.append(f"{_escape(attribute.get('key'))}: {_escape(attribute.get('value'))}")
                self._warn("details.attributes")
        return "\n".join(lines)

    @functions.signature(_ANY)
    def _func_note_text(self, record: Any) -> str | None:
        content = record.get("content") if isinstance(record, dict) else None
        return None if content is None else _escape(content)

    def source_name(self, source: dict[str, Any]) -> str | None:
        """The tenant's name of a source: that of the input, else what the contract has for its unified key."""
        if source.get("name"):
            return str(source["name"])
        words = self._contract.vocabularies.get("source", {})
        key = source.get("unified_key")
        found = next((words[word] for word in words if key and fold(word) == fold(str(key))), None)
        return found[0] if found else None

    def _word(self, vocabulary: str, word: Any) -> str | None:
        words = self._contract.vocabularies.get(vocabulary, {}).get(str(word))
        return words[0] if words else None

    def _attributes(self, details: Any) -> list[tuple[dict[str, Any], str | None]]:
        """Each attribute with the key of the field labelled ``{prefix} {key}``, None where there is none."""
        details = details if isinstance(details, dict) else {}
        prefix = details.get("custom_field_name_prefix")
        found = []
        for attribute in details.get("attributes") or []:
            label = f"{prefix} {attribute['key']}" if prefix else str(attribute["key"])
            found.append((attribute, self._lookups.field_key(label)))
        return found

    def _warn(self, field: str) -> None:
        warning = {"code": RESULT_LINK_AS_NOTE, "field": field}
        if warning not in self._warnings:
            self._warnings.append(warning)


def to_wire_id(remote_id: Any) -> Any:
    """Return a remote id as the wire has it: a number where it is written like one, else text."""
    text = to_remote_id(remote_id)
    if text is None or not text.isascii() or not text.isdigit() or str(int(text)) != text:
        return text
    return int(text)


def _escape(value: Any) -> str:
    return html.escape(to_json_text(value) or "", quote=False)
