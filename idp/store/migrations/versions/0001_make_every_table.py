"""Make every table."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:  # noqa: PLR0915 - the schema is one list
    op.create_table(
        "accounts",
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("finess", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("email_verified_at", sa.BigInteger()),
        sa.Column("password_hash", sa.Text()),
        sa.Column("password_changed_at", sa.BigInteger()),
        sa.Column("password_reminded_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_from", sa.Text()),
        sa.Column("disabled_reason", sa.Text()),
        sa.Column("last_signed_in_at", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sub", name="pk_accounts"),
    )
    op.create_index(
        "uq_accounts_open_finess",
        "accounts",
        ["finess"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("total_since", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger()),
        sa.Column("blocked_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempts"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_attempts_blocked_until",
        "attempts",
        ["blocked_until"],
        sqlite_where=sa.text("blocked_until IS NOT NULL"),
        postgresql_where=sa.text("blocked_until IS NOT NULL"),
    )
    op.create_index("ix_attempts_expires_at", "attempts", ["expires_at"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("finess", sa.Text()),
        sa.Column("sub", sa.Text()),
        sa.Column("client_id", sa.Text()),
        sa.Column("network", sa.Text()),
        sa.Column("request_id", sa.Text()),
        sa.Column("operator", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
    )
    op.create_index("ix_audit_events_at_id", "audit_events", ["at", "id"])
    op.create_index("ix_audit_events_client_id_at_id", "audit_events", ["client_id", "at", "id"])
    op.create_index("ix_audit_events_finess_at_id", "audit_events", ["finess", "at", "id"])
    op.create_index("ix_audit_events_name_at_id", "audit_events", ["name", "at", "id"])
    op.create_table(
        "budgets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_budgets"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_budgets_window_ends_at", "budgets", ["window_ends_at"])
    op.create_table(
        "client_assertions",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti_digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti_digest", name="pk_client_assertions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_client_assertions_expires_at", "client_assertions", ["expires_at"])
    op.create_table(
        "clients",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("backchannel_logout_uri", sa.Text()),
        sa.PrimaryKeyConstraint("client_id", name="pk_clients"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("authenticated_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("code_used_at", sa.BigInteger()),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text()),
        sa.Column("code_challenge", sa.Text()),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("once_id", sa.Text()),
        sa.Column("refresh_generation", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("purge_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.UniqueConstraint("code_digest", name="uq_grants_code_digest"),
    )
    op.create_index("ix_grants_client_id", "grants", ["client_id"])
    op.create_index("ix_grants_purge_at", "grants", ["purge_at"])
    op.create_index("ix_grants_sub_created_at", "grants", ["sub", "created_at"])
    op.create_index(
        "uq_grants_once_id",
        "grants",
        ["once_id"],
        unique=True,
        sqlite_where=sa.text("once_id IS NOT NULL"),
        postgresql_where=sa.text("once_id IS NOT NULL"),
    )
    op.create_table(
        "key_uses",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "algorithm", "kid", name="pk_key_uses"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_devices",
        sa.Column("device_digest", sa.Text(), nullable=False),
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_digest", "sub", name="pk_known_devices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_known_devices_expires_at", "known_devices", ["expires_at"])
    op.create_index("ix_known_devices_sub", "known_devices", ["sub"])
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("sealed_secrets", sa.Text()),
        sa.Column("dedupe_key", sa.Text()),
        sa.Column("leased_by", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_dedupe_key"),
    )
    op.create_index("ix_outbox_created_at_id", "outbox", ["created_at", "id"])
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_attempt_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_expiring",
        "outbox",
        ["expires_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_finished_at",
        "outbox",
        ["finished_at"],
        sqlite_where=sa.text("finished_at IS NOT NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.create_index("ix_outbox_state_created_at_id", "outbox", ["state", "created_at", "id"])
    op.create_table(
        "practitioners",
        sa.Column("finess", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("given_name", sa.Text()),
        sa.Column("family_name", sa.Text()),
        sa.Column("phone_number", sa.Text()),
        sa.Column("street_address", sa.Text()),
        sa.Column("postal_code", sa.Text()),
        sa.Column("locality", sa.Text()),
        sa.Column("iban_digest", sa.Text()),
        sa.Column("iban_key_version", sa.Text()),
        sa.Column("updated_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("finess", name="pk_practitioners"),
    )
    op.create_table(
        "proofs",
        sa.Column("proof_digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("proof_digest", name="pk_proofs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proofs_expires_at", "proofs", ["expires_at"])
    op.create_table(
        "pushed_requests",
        sa.Column("reference_digest", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("reference_digest", name="pk_pushed_requests"),
    )
    op.create_index("ix_pushed_requests_expires_at", "pushed_requests", ["expires_at"])
    op.create_table(
        "registrations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("link_digest", sa.Text(), nullable=False),
        sa.Column("finess", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("replaced_at", sa.BigInteger()),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("sealed_request", sa.Text(), nullable=False),
        sa.Column("flow_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint("link_digest", name="uq_registrations_link_digest"),
    )
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])
    op.create_index("ix_registrations_finess", "registrations", ["finess"])
    op.create_index(
        "ix_registrations_flow_digest_created_at", "registrations", ["flow_digest", "created_at"]
    )
    op.create_table(
        "sessions",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.Text(), nullable=False),
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("authenticated_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("idle_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("is_shared_computer", sa.Boolean(), nullable=False),
        sa.Column("login_request_id", sa.Text()),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("sid", name="pk_sessions"),
        sa.UniqueConstraint("secret_digest", name="uq_sessions_secret_digest"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_sub", "sessions", ["sub"])
    op.create_table(
        "consents",
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["accounts.sub"], name="fk_consents_sub"),
        sa.PrimaryKeyConstraint("sub", "client_id", name="pk_consents"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consents_client_id", "consents", ["client_id"])
    op.create_table(
        "email_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("link_digest", sa.Text(), nullable=False),
        sa.Column("finess", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("replaced_at", sa.BigInteger()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sub", sa.Text(), nullable=False),
        sa.Column("old_email", sa.Text()),
        sa.Column("new_email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["accounts.sub"], name="fk_email_links_sub"),
        sa.PrimaryKeyConstraint("id", name="pk_email_links"),
        sa.UniqueConstraint("link_digest", name="uq_email_links_link_digest"),
    )
    op.create_index("ix_email_links_expires_at", "email_links", ["expires_at"])
    op.create_index("ix_email_links_sub", "email_links", ["sub"])
    op.create_table(
        "resets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("link_digest", sa.Text(), nullable=False),
        sa.Column("finess", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("replaced_at", sa.BigInteger()),
        sa.Column("sub", sa.Text()),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("code_attempts", sa.Integer(), nullable=False),
        sa.Column("proof_digest", sa.Text()),
        sa.Column("sealed_request", sa.Text(), nullable=False),
        sa.Column("flow_digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["accounts.sub"], name="fk_resets_sub"),
        sa.PrimaryKeyConstraint("id", name="pk_resets"),
        sa.UniqueConstraint("link_digest", name="uq_resets_link_digest"),
    )
    op.create_index("ix_resets_expires_at", "resets", ["expires_at"])
    op.create_index("ix_resets_sub", "resets", ["sub"])
