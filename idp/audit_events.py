"""Every name that an event of the audit trail may have, whichever room records it.

An event keeps its name for good: the trail is kept for months, and is searched by these names.
"""

from enum import StrEnum


class Event(StrEnum):
    """What happened, by whom it happens to: `idp audit search --event` takes these."""

    # to a practitioner; `idp accounts timeline` puts these into words
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    ACCOUNT_BLOCKED = "account.blocked"
    ALARM_RAISED = "alarm.raised"
    PROOF_FAILED = "proof.failed"
    PROOF_SUCCEEDED = "proof.succeeded"
    REGISTRATION_REQUESTED = "registration.requested"
    REGISTRATION_RESENT = "registration.resent"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_UPDATED = "account.updated"
    RESET_REQUESTED = "reset.requested"
    RESET_CODE_FAILED = "reset.code_failed"
    PASSWORD_RESET = "password.reset"  # noqa: S105 - the name of an event
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an event
    EMAIL_CHANGE_REQUESTED = "email.change_requested"
    EMAIL_CHANGED = "email.changed"
    EMAIL_CHANGE_UNDONE = "email.change_undone"
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    DATA_EXPORTED = "data.exported"
    ACCOUNT_UNLOCKED = "account.unlocked"
    PRACTITIONER_UNLOCKED = "practitioner.unlocked"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_RECLAIMED = "account.reclaimed"
    EMAIL_SET = "email.set"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_IMPORTED = "account.imported"
    PRACTITIONER_ADDED = "practitioner.added"
    PRACTITIONER_CHANGED = "practitioner.changed"
    PRACTITIONER_CLOSED = "practitioner.closed"

    # to many practitioners, or to nobody known
    NETWORK_REFUSED = "network.refused"
    ACCOUNTS_UNLOCKED = "accounts.unlocked"
    DIRECTORY_IMPORTED = "directory.imported"
    MAIL_RETRIED = "mail.retried"

    # to a relying party; `idp clients doctor` explains the refusals
    AUTHORIZATION_REFUSED = "authorization.refused"
    TOKEN_REFUSED = "token.refused"  # noqa: S105 - the name of an event
    CLIENT_ADDED = "client.added"
    CLIENT_APPLIED = "client.applied"
    CLIENT_CHANGED = "client.changed"
    CLIENT_SECRET_ROTATED = "client.secret_rotated"  # noqa: S105 - the name of an event
    CLIENT_REMOVED = "client.removed"

    # to a signing key
    KEYS_CREATED = "keys.created"
    KEYS_ROTATED = "keys.rotated"
    KEYS_SCHEDULED = "keys.scheduled"
    KEYS_EXTENDED = "keys.extended"
    KEYS_PROMOTED = "keys.promoted"
    KEYS_REHEARSED = "keys.rehearsed"
    KEYS_REHEARSAL_ENDED = "keys.rehearsal_ended"
    KEYS_REVOKED = "keys.revoked"
    KEYS_REMOVED = "keys.removed"

    # to the database
    DATABASE_UPGRADED = "database.upgraded"
    DATABASE_PURGED = "database.purged"
    DATABASE_BACKED_UP = "database.backed_up"
    DATABASE_COPIED = "database.copied"
    DATABASE_RESTORED = "database.restored"
