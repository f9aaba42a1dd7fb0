"""Make the audit trail append-only: no change, and no deletion of what is to be kept.

The purge first says in `meta` up to when it may delete; anything else that deletes is refused.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

KEPT_FROM = "SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'audit_kept_from'"

SQLITE = (
    """
    CREATE TRIGGER audit_events_stay_unchanged BEFORE UPDATE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END
    """,
    f"""
    CREATE TRIGGER audit_events_are_kept BEFORE DELETE ON audit_events
    WHEN OLD.at >= COALESCE(({KEPT_FROM}), 0)
    BEGIN SELECT RAISE(ABORT, 'audit events are kept until their time is over'); END
    """,
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION guard_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            RAISE 'audit events are never changed';
        ELSIF OLD.at >= COALESCE(({KEPT_FROM}), 0) THEN
            RAISE 'audit events are kept until their time is over';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER audit_events_are_guarded BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION guard_audit_events()
    """,
)


def upgrade() -> None:
    statements = SQLITE if op.get_context().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)
