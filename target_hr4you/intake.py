"""From a record to an action that the ledger can keep: which action, whose, with what content, or why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

from hr4you.errors import ConfigError
from hr4you.ledger.accepting import UNSUPPORTED_FIELD, Incoming
from hr4you.ledger.rows import Key, Problem
from hr4you.ledger.subjects import MAKERS
from target_hr4you.actions import ACTION_NAMES, read_action
from target_hr4you.identity import (
    APPLICATION_REFERENCES,
    action_id_of,
    canonical,
    content_hash,
    content_id,
    exact_hash,
    parse_reference,
)
from target_hr4you.invalid import InputInvalidError, dotted, kind_of
from target_hr4you.run import logger
from target_hr4you.supported import unsupported
from target_hr4you.surplus import misspelt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jsonschema.protocols import Validator

    from hr4you.contract import Contract
    from hr4you.ledger import Ledger
    from target_hr4you.settings import TargetSettings

_LONGEST_REFERENCE: Final = 300
_INVALID: Final = "INPUT_INVALID"
_SUBJECTS: Final = ("candidate", "application")


@dataclass(frozen=True)
class Stream:
    """A stream whose records are actions.

    Attributes:
        name: as the tap sent it; it stands in action ids.
        keys: of its records.
        validator: of its schema; None where records are not validated.
    """

    name: str
    action: str
    keys: Sequence[str]
    validator: Validator | None


class Intake:
    """Makes actions of records.

    Args:
        settings: of the target.
        contract: says which inputs have a place.
        tenant: whose ids references may hold.
        ledger: has the key for digests of e-mail addresses.
    """

    def __init__(self, settings: TargetSettings, contract: Contract, tenant: str, ledger: Ledger) -> None:
        self._settings = settings
        self._contract = contract
        self._tenant = tenant
        self._ledger = ledger
        self._unsupported: set[str] = set()

    def stream(
        self, alias: str, name: str, schema: Mapping[str, Any], keys: Sequence[str], *, validate: bool
    ) -> Stream:
        """Find out which action the records of a stream are.

        Args:
            alias: the stream's name after `stream_maps`.
            name: as the tap sent it.
            schema: of its records.
            keys: of its records.
            validate: whether its records are held against the schema.

        Raises:
            ConfigError: none, or its records would have no identity, or the schema is none.
        """
        actions = self._settings.stream_actions
        action = actions.get(alias) or actions.get(name) or (alias if alias in ACTION_NAMES else None)
        if action is None:
            raise ConfigError(
                f"The stream `{alias}` is no action: {', '.join(ACTION_NAMES)}. Say which one its records are in "
                f'`stream_actions`: {{"{alias}": "create_candidate"}}, or deselect it in the tap'
            )
        if action in ACTION_NAMES[:-1] and action not in self._contract.actions:
            raise ConfigError(f"The contract has no action `{action}`: the tenant does not offer it")
        properties = schema.get("properties") or {}
        has_id = any(column.lower() == "action_id" for column in properties)
        if not keys and not has_id and not self._settings.allow_content_ids:
            raise ConfigError(
                f"The stream `{alias}` has neither a column action_id nor keys: a record sent twice could not be told "
                "from two. Add `action_id` (in `stream_maps`, for example) or `__key_properties__`, or set "
                "`allow_content_ids`"
            )
        for column, known in misspelt(action, properties).items():
            told = f"`{alias}`: the column `{column}` is no input of {action} and is left out; did you mean `{known}`?"
            if self._settings.strict_inputs:
                raise ConfigError(f"{told} Rename it, with `stream_maps` for example")
            logger.warning("%s", told)
        return Stream(name, action, keys, _make_validator(alias, schema) if validate else None)

    def take_mapped(
        self, stream: Stream, record: Mapping[str, Any], transform: Callable[[dict[str, Any]], dict[str, Any] | None]
    ) -> Incoming | None:
        """Return the action of a record after a stream map; None where the map leaves the record out."""
        try:
            mapped = transform(dict(record))
        except Exception as error:  # noqa: BLE001  # users' expressions raise anything, with a person's data in it
            found = action_id_of(record, stream.name, stream.keys, allow_content_ids=False, content=None)
            key = Key(stream.action, found or content_id(record))
            reason = f"an expression fails with {type(error).__name__}"
            return _invalid(key, record, Problem(_INVALID, "stream_maps"), reason)
        return None if mapped is None else self.take(stream, mapped)

    def take(self, stream: Stream, record: Mapping[str, Any]) -> Incoming:
        """Return the action of a record, whether it is valid or not."""
        content = None
        about: dict[str, Any] = {}
        problem, reason = None, None
        try:
            _validate(stream.validator, record)
            content = read_action(stream.action, record)
            about = self._about(stream.action, content)
        except InputInvalidError as error:
            problem, reason = Problem(error.code, error.field), _why(error)
        action_id = action_id_of(
            record, stream.name, stream.keys, allow_content_ids=self._settings.allow_content_ids, content=content
        )
        if action_id is None:
            keys = " or ".join(stream.keys or ["action_id"])
            if problem is None:
                problem, reason = Problem(_INVALID, keys), "found nothing; expected the record's key"
            action_id = content_id(content if content is not None else record)
        if problem is not None or content is None:
            return _invalid(Key(stream.action, action_id), record, problem or Problem(_INVALID), reason)
        payload = canonical(content)
        return Incoming(Key(stream.action, action_id), exact_hash(content), content_hash(content), payload, **about)

    def _about(self, action: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the ledger keeps beside a valid content.

        Raises:
            InputInvalidError: a reference can refer to nothing, or an input that matters has no place.
        """
        about: dict[str, Any] = {"warnings": self._check_places(action, content)}
        for name, model in APPLICATION_REFERENCES.items():
            given = (content.get("application") or {}).get(name)
            if given is not None and parse_reference(given, tenant=self._tenant, model=model).remote_id is None:
                raise InputInvalidError(f"application.{name}", "a reference to an action", "an id: no action makes one")
        for kind in _SUBJECTS:
            given = content.get(f"{kind}_id")
            if given is not None:
                reference = parse_reference(given, tenant=self._tenant, model=kind)
                if reference.action is not None and reference.action not in MAKERS:
                    raise InputInvalidError(f"{kind}_id", "a reference to an action that makes none", "one that does")
                if len(given) > _LONGEST_REFERENCE:
                    raise InputInvalidError(f"{kind}_id", kind_of(given), f"at most {_LONGEST_REFERENCE} characters")
                made = f"action:{reference.action or '*'}/{reference.action_id}"
                about |= {
                    "subject_kind": kind,
                    "subject": f"remote:{reference.remote_id}" if reference.remote_id is not None else made,
                }
        if action in MAKERS:
            about["email_hmac"] = self._ledger.hmac(content["candidate"]["email_address"].casefold())
        return about

    def _check_places(self, action: str, content: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
        """Return warnings of inputs without a place in the contract. Raises `InputInvalidError` where that matters."""
        missing = unsupported(self._contract, action, content)
        grave = [path for path in missing if self._settings.strict_inputs or path.startswith("gdpr_consent")]
        if grave:
            raise InputInvalidError(
                grave[0],
                "an input that the contract has no place for",
                "none",
                others=grave[1:],
                code=UNSUPPORTED_FIELD,
            )
        for path in missing:
            if path not in self._unsupported:
                self._unsupported.add(path)
                logger.warning(
                    "%s: the contract has no place for `%s`: it is not sent (UNSUPPORTED_FIELD).", action, path
                )
        return tuple({"code": UNSUPPORTED_FIELD, "field": path} for path in missing)


def _invalid(key: Key, record: Mapping[str, Any], problem: Problem, reason: str | None) -> Incoming:
    """Return an action that is never executed: nothing but a digest of its record is kept."""
    return Incoming(key, exact_hash(record), problem=problem, reason=reason)


def _why(error: InputInvalidError) -> str:
    """Return what was found and what was expected, without the field."""
    return str(error).partition(": ")[2]


def _make_validator(stream: str, schema: Mapping[str, Any]) -> Validator:
    kind = validator_for(schema)
    try:
        kind.check_schema(dict(schema))
    except SchemaError:
        raise ConfigError(f"The stream `{stream}` comes with a schema that is no JSON schema") from None
    return kind(schema)


def _validate(validator: Validator | None, record: Mapping[str, Any]) -> None:
    """Hold a record against its stream's schema. Raises `InputInvalidError`."""
    fault = next(validator.iter_errors(record), None) if validator is not None else None
    if fault is not None:
        keyword = str(fault.validator)
        limit = json.dumps(fault.validator_value) if keyword in {"type", "format", "required"} else keyword
        found = "a record" if keyword == "required" else kind_of(fault.instance)
        # only names that the schema knows: a key of the record's own may be a person's data
        known = _names(validator.schema if validator is not None else {})
        path = [part for part in fault.absolute_path if isinstance(part, int) or part in known]
        raise InputInvalidError(dotted(path) or "record", found, f"what its schema says ({limit})")


def _names(schema: Any) -> set[str]:
    """Return the names of all properties that a schema speaks of."""
    if isinstance(schema, list):
        return set().union(*map(_names, schema))
    if not isinstance(schema, dict):
        return set()
    properties = schema.get("properties")
    own = set(properties) if isinstance(properties, dict) else set()
    return own.union(*map(_names, schema.values()))
