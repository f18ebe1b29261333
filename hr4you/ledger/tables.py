"""The ledger's tables. No column but the payloads holds a name, an address, a content or a signed URL.

Payloads (`actions.payload`, `next_payload`, `error_text`, `steps.kept_payload`) are kept only as long as an action may
still be executed or looked into, and cleared when it has succeeded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    case,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

VERSION: Final = 1
"""Of the schema. A ledger of a later version is refused; an earlier one is migrated when there is one."""

metadata: Final = MetaData()

meta: Final = Table(
    "hr4you_meta",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("hmac_key", String(64), nullable=False, comment="hex; e-mail addresses are looked up by their HMAC"),
    Column("created_at", String(32), nullable=False),
)
"""One row; it is locked by every transaction that writes, so that writers come one after the other."""

tenants: Final = Table(
    "hr4you_tenants",
    metadata,
    Column("tenant", String(255), primary_key=True),
    Column("origin", String(500), nullable=False, comment="scheme, host and port; the pair never changes"),
    Column("created_at", String(32), nullable=False),
)

runs: Final = Table(
    "hr4you_runs",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("alive_until", Float, nullable=False, comment="seconds since 1970; the run's claims end then"),
)

actions: Final = Table(
    "hr4you_actions",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True, comment="order of arrival"),
    Column("tenant", String(255), nullable=False),
    Column("action", String(64), nullable=False),
    Column("action_id", String(300), nullable=False),
    Column("status", String(16), nullable=False),
    Column("effect", String(16)),
    Column("candidate_id", String(600)),
    Column("application_id", String(600)),
    Column("error_code", String(64)),
    Column("error_field", String(500)),
    Column("error_step", String(100)),
    Column("error_text", Text, comment="the tenant's own words; lives with the payload"),
    Column("http_status", Integer),
    Column("request_id", String(100)),
    Column("warnings", Text, nullable=False, comment="JSON: [{code, field}]"),
    Column("attempts", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("content_hash", String(64), comment="without the query of URLs; null where nothing valid ever came"),
    Column("exact_hash", String(64)),
    Column("payload", Text, comment="JSON: the content to be executed"),
    Column("payload_until", Float, comment="seconds since 1970; null: as long as it is needed"),
    Column("next_payload", Text, comment="JSON: other content that came while the action was executed"),
    Column("subject_kind", String(16), comment="candidate | application: what the action is about"),
    Column("subject", String(400), comment="remote:{id} | action:{action or *}/{action_id}; null: makes its own"),
    Column("email_hmac", String(64)),
    Column("claimed_by", String(36)),
    UniqueConstraint("tenant", "action", "action_id", name="hr4you_actions_key"),
    Index("hr4you_actions_id", "tenant", "action_id"),
    Index("hr4you_actions_status", "tenant", "status"),
    Index("hr4you_actions_changed", "tenant", "changed_at"),
    Index("hr4you_actions_subject", "tenant", "subject"),
    Index("hr4you_actions_email", "tenant", "email_hmac"),
    Index("hr4you_actions_claim", "claimed_by"),
)

steps: Final = Table(
    "hr4you_steps",
    metadata,
    Column("seq", Integer, ForeignKey("hr4you_actions.seq", ondelete="CASCADE"), primary_key=True),
    Column("step", String(100), primary_key=True, comment="its name in the contract; [0], [1].. for each element"),
    Column("position", Integer, nullable=False),
    Column("kind", String(32), nullable=False, comment="what it makes: candidate, application, attachment, note.."),
    Column("status", String(16), nullable=False),
    Column("effect", String(16)),
    Column("content_hash", String(64), comment="of what is sent, without the query of URLs"),
    Column("item_name", String(64), comment="HMAC of the element's file name, to know it again in changed content"),
    Column("match_hmac", String(64), comment="of what an object must have to be taken for what was sent"),
    Column("method", String(10)),
    Column("path", String(500), comment="the contract's template, not the rendered path"),
    Column("http_status", Integer),
    Column("request_id", String(100)),
    Column("contract", String(16), comment="fingerprint of the contract's action"),
    Column("tenant", String(255), nullable=False),
    Column("remote_id", String(400)),
    Column("known_ids", Text, comment="JSON: matching ids before the first send; null: could not be looked up"),
    Column("sent_at", Float, comment="seconds since 1970; of the last send"),
    Column("kept_payload", Text, comment="JSON: content that was sent, where other content has come since"),
    Index("hr4you_steps_remote", "tenant", "kind", "remote_id"),
)

inputs: Final = Table(
    "hr4you_inputs",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("is_known", Boolean, nullable=False, comment="it was finished when it came"),
)
"""Which actions came in a run's input, or were executed in it; gone when the run has told its outcome."""

people: Final = Table(
    "hr4you_people",
    metadata,
    Column("tenant", String(255), primary_key=True),
    Column("email_hmac", String(64), primary_key=True),
    Column("claimed_by", String(36), nullable=False),
)
"""Whom a run is just making: another run waits."""

_PAYLOADS: Final = frozenset({"payload", "next_payload", "error_text", "kept_payload"})


def without_payloads(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns to select where contents are not needed, which may hold megabytes.

    An empty text stands for a content that is there.
    """
    return [
        case((column.is_not(None), "")).label(column.name) if column.name in _PAYLOADS else column
        for column in table.columns
    ]
