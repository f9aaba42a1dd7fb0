"""Every table, and why each index is there: no statement runs without one.

Columns are named after the fields of the records they hold. Secrets rest as digests. No row is
ever deleted but by the purge, and accounts never are, so foreign keys only guard the rare tables:
on PostgreSQL each check locks its parent row, which a login or a token would pay for.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnElement

from idp.accounts.account import AccountState
from idp.accounts.links import EmailLinkKind, RegistrationPurpose
from idp.outbound.ports import OutboxKind, OutboxState
from idp.store.columns import Choice, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, is_key: bool = False, is_unique: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=is_key, nullable=False, unique=is_unique or None)


def _moment(name: str) -> Column[datetime]:
    return Column(name, Moment, nullable=False)


def _index_where(
    name: str, *columns: str, where: ColumnElement[bool], is_unique: bool = False
) -> Index:
    """A partial index: small, and untouched by the rows it leaves out."""
    return Index(name, *columns, unique=is_unique, sqlite_where=where, postgresql_where=where)


practitioners = Table(
    "practitioners",
    metadata,
    _text("finess", is_key=True),
    _text("name"),
    Column("email", Text),
    Column("given_name", Text),
    Column("family_name", Text),
    Column("phone_number", Text),
    Column("street_address", Text),
    Column("postal_code", Text),
    Column("locality", Text),
    Column("iban_digest", Text),
    Column("iban_key_version", Text),
    Column("updated_at", Moment),
    Column("closed_at", Moment),
)

# Literal and untyped, so that each database recognises the condition of the partial index.
ACCOUNT_IS_OPEN: ColumnElement[bool] = literal_column("state <> 'closed'")

accounts = Table(
    "accounts",
    metadata,
    _text("sub", is_key=True),
    _text("finess"),
    Column("state", Choice(AccountState), nullable=False),
    Column("email", Text),
    Column("email_verified_at", Moment),
    Column("password_hash", Text),
    Column("password_changed_at", Moment),
    Column("password_reminded_at", Moment),
    _moment("created_at"),
    Column("disabled_reason", Text),
    Column("last_signed_in_at", Moment),
    Column("version", Integer, nullable=False),
    _index_where("uq_accounts_open_finess", "finess", where=ACCOUNT_IS_OPEN, is_unique=True),
)


def _link_columns() -> list[Column[Any]]:
    return [
        _text("link_digest", is_unique=True),
        _text("finess"),
        _moment("created_at"),
        Column("expires_at", Moment, nullable=False, index=True),
        Column("used_at", Moment),
        Column("replaced_at", Moment),
    ]


registrations = Table(
    "registrations",
    metadata,
    _text("id", is_key=True),
    *_link_columns(),
    Column("purpose", Choice(RegistrationPurpose), nullable=False),
    _text("email"),
    _text("password_hash"),
    _text("sealed_request"),
    _text("flow_digest"),
    Index(None, "finess"),
    Index(None, "flow_digest", "created_at"),
)

resets = Table(
    "resets",
    metadata,
    _text("id", is_key=True),
    *_link_columns(),
    Column("sub", Text, ForeignKey("accounts.sub"), index=True),
    _text("code_digest"),
    Column("code_attempts", Integer, nullable=False),
    Column("proof_digest", Text),
    _text("sealed_request"),
    _text("flow_digest"),
)

email_links = Table(
    "email_links",
    metadata,
    _text("id", is_key=True),
    *_link_columns(),
    Column("kind", Choice(EmailLinkKind), nullable=False),
    Column("sub", Text, ForeignKey("accounts.sub"), nullable=False, index=True),
    Column("old_email", Text),
    _text("new_email"),
)

attempts = Table(
    "attempts",
    metadata,
    _text("key", is_key=True),
    _text("times"),
    Column("total", Integer, nullable=False),
    _moment("total_since"),
    Column("blocked_until", Moment),
    Column("blocked_at", Moment),
    Column("expires_at", Moment, nullable=False, index=True),
    _index_where(
        "ix_attempts_blocked_until",
        "blocked_until",
        where=literal_column("blocked_until IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

budgets = Table(
    "budgets",
    metadata,
    _text("key", is_key=True),
    Column("spent", Integer, nullable=False),
    Column("window_ends_at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

proofs = Table(
    "proofs",
    metadata,
    _text("proof_digest", is_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

known_devices = Table(
    "known_devices",
    metadata,
    _text("device_digest", is_key=True),
    _text("sub", is_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
    Index(None, "sub"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    _text("sid", is_key=True),
    _text("secret_digest", is_unique=True),
    _text("sub"),
    _moment("authenticated_at"),
    _moment("last_seen_at"),
    _moment("idle_expires_at"),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("is_shared_computer", Boolean, nullable=False),
    Column("login_request_id", Text),
    _text("browser"),
    _text("network"),
    Column("ended_at", Moment),
    Index(None, "sub"),
)

grants = Table(
    "grants",
    metadata,
    _text("id", is_key=True),
    _text("sub"),
    _text("client_id"),
    _text("sid"),
    _text("scope"),
    _moment("authenticated_at"),
    _moment("created_at"),
    _moment("expires_at"),
    _text("code_digest", is_unique=True),
    _moment("code_expires_at"),
    Column("code_used_at", Moment),
    _text("redirect_uri"),
    Column("nonce", Text),
    Column("code_challenge", Text),
    _text("claims"),
    Column("once_id", Text),
    Column("refresh_generation", Integer, nullable=False),
    Column("revoked_at", Moment),
    # When the row may go: past its end, and past the life of a sealed request that names it.
    Column("purge_at", Moment, nullable=False, index=True),
    Index(None, "sub", "created_at"),
    Index(None, "client_id"),
    _index_where(
        "uq_grants_once_id",
        "once_id",
        where=literal_column("once_id IS NOT NULL"),
        is_unique=True,
    ),
)

pushed_requests = Table(
    "pushed_requests",
    metadata,
    _text("reference_digest", is_key=True),
    _text("client_id"),
    Column("payload", JSON, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

consents = Table(
    "consents",
    metadata,
    Column("sub", Text, ForeignKey("accounts.sub"), primary_key=True),
    _text("client_id", is_key=True),
    _text("scopes"),
    _text("request_id"),
    _moment("agreed_at"),
    Index(None, "client_id"),
    sqlite_with_rowid=False,
)

client_assertions = Table(
    "client_assertions",
    metadata,
    _text("client_id", is_key=True),
    _text("jti_digest", is_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

clients = Table(
    "clients",
    metadata,
    _text("client_id", is_key=True),
    Column("record", JSON, nullable=False),
    # Beside the record, so that the end of a session finds whom to tell in one statement.
    Column("backchannel_logout_uri", Text),
)

key_uses = Table(
    "key_uses",
    metadata,
    _text("client_id", is_key=True),
    _text("algorithm", is_key=True),
    _text("kid", is_key=True),
    _moment("last_used_at"),
    sqlite_with_rowid=False,
)

OUTBOX_WAITS: ColumnElement[bool] = literal_column("state = 'waiting'")

outbox = Table(
    "outbox",
    metadata,
    _text("id", is_key=True),
    Column("kind", Choice(OutboxKind), nullable=False),
    Column("state", Choice(OutboxState), nullable=False),
    _text("template"),
    _text("recipient"),
    Column("parameters", JSON, nullable=False),
    # Sealed while it waits; empty once erased, NULL where there never was a secret.
    Column("sealed_secrets", Text),
    Column("dedupe_key", Text, unique=True),
    # Who holds it; the lease lasts until next_attempt_at.
    Column("leased_by", Text),
    Column("attempts", Integer, nullable=False),
    _moment("created_at"),
    _moment("next_attempt_at"),
    Column("expires_at", Moment),
    Column("finished_at", Moment),
    Column("last_error", Text),
    _index_where("ix_outbox_due", "next_attempt_at", where=OUTBOX_WAITS),
    _index_where("ix_outbox_expiring", "expires_at", where=OUTBOX_WAITS),
    Index(None, "state", "created_at", "id"),
    Index(None, "created_at", "id"),
    _index_where(
        "ix_outbox_finished_at",
        "finished_at",
        where=literal_column("finished_at IS NOT NULL"),
    ),
)

audit_events = Table(
    "audit_events",
    metadata,
    _text("id", is_key=True),
    _moment("at"),
    _text("name"),
    Column("finess", Text),
    Column("sub", Text),
    Column("client_id", Text),
    Column("network", Text),
    Column("request_id", Text),
    Column("operator", Text),
    Column("reason", Text),
    Column("details", JSON, nullable=False),
    Index(None, "at", "id"),
    Index(None, "name", "at", "id"),
    Index(None, "finess", "at", "id"),
    Index(None, "client_id", "at", "id"),
)

meta = Table("meta", metadata, _text("name", is_key=True), _text("value"))
