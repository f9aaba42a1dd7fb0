"""What `idp accounts show` says of an account: how it stands, and nothing secret."""

from idp.accounts.admin import find_account
from idp.accounts.lockout import strangers_key
from idp.accounts.proof import proof_counter
from idp.accounts.session import Session
from idp.accounts.visit import Visit
from idp.cli.facts import Facts


def gather_facts(visit: Visit, finess: str) -> Facts:
    """Return the facts, by their names. Raises UnknownFinessError: no account is open."""
    account = find_account(visit, finess)
    uow, now = visit.uow, visit.now
    practitioner = uow.practitioners.find(finess)
    return {
        "finess": finess,
        "name": practitioner.name if practitioner else None,
        "state": account.state,
        "disabled_because": account.disabled_reason,
        "blocked_until": uow.attempts.blocked_until(strangers_key(visit, finess), now),
        "proofs_blocked_until": uow.attempts.blocked_until(proof_counter(visit, finess).key, now),
        "email": account.email,
        "email_verified_at": account.email_verified_at,
        "has_password": account.password_hash is not None,
        "password_changed_at": account.password_changed_at,
        "created_at": account.created_at,
        "last_signed_in_at": account.last_signed_in_at,
        "sub": account.sub,
        "known_devices": len(uow.known_devices.find_all(account.sub, now)),
        "sessions": [_describe(session) for session in uow.sessions.find_all(account.sub, now)],
    }


def _describe(session: Session) -> Facts:
    return {
        "browser": session.browser,
        "network": session.network,
        "since": session.authenticated_at,
        "last_seen": session.last_seen_at,
    }
