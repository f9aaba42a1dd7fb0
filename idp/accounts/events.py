"""The audit events of the accounts room: one name for each thing that happened."""

from enum import StrEnum


class Event(StrEnum):
    """Names as they stand in the trail; `idp accounts timeline` puts them into words."""

    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    ACCOUNT_BLOCKED = "account.blocked"
    NETWORK_REFUSED = "network.refused"
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
    DATA_EXPORTED = "data.exported"
    ACCOUNT_UNLOCKED = "account.unlocked"
    PRACTITIONER_UNLOCKED = "practitioner.unlocked"
    ACCOUNTS_UNLOCKED = "accounts.unlocked"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_RECLAIMED = "account.reclaimed"
    EMAIL_SET = "email.set"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_IMPORTED = "account.imported"
    DIRECTORY_IMPORTED = "directory.imported"
    PRACTITIONER_ADDED = "practitioner.added"
    PRACTITIONER_CHANGED = "practitioner.changed"
    PRACTITIONER_CLOSED = "practitioner.closed"
