"""Make the tables of practitioners: directory, accounts, links, counters, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
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
        "budgets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_budgets"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_budgets_window_ends_at", "budgets", ["window_ends_at"])
    op.create_table(
        "proofs",
        sa.Column("proof_digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("proof_digest", name="pk_proofs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proofs_expires_at", "proofs", ["expires_at"])
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
