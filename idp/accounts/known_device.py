"""Known devices: a browser that once signed in to an account is not blocked by strangers.

The device cookie protocol of OWASP ("Slow Down Online Guessing Attacks with Device Cookies"), with
an opaque cookie that names no account: which accounts it signed in to rests in the database.
"""

from idp.accounts.account import Account
from idp.accounts.visit import Visit
from idp.secret_values import digest, random_token

_SECRET_LENGTH = 43


def device_digest(visit: Visit) -> str | None:
    """Return the digest of the visitor's device cookie, None where there is none of ours."""
    is_ours = len(visit.device_secret) == _SECRET_LENGTH
    return digest(visit.device_secret) if is_ours and visit.policy.has_known_devices else None


def is_known_device(visit: Visit, account: Account | None) -> bool:
    """Say whether this browser signed in to the account before; nobody's costs the same."""
    cookie = device_digest(visit)
    sub = account.sub if account else ""
    return cookie is not None and visit.uow.known_devices.is_known(cookie, sub, visit.now)


def remember_device(visit: Visit, account: Account) -> str | None:
    """Make the browser known; return what its cookie must hold, None where the setting is off."""
    if not visit.policy.has_known_devices:
        return None
    is_new = device_digest(visit) is None
    secret = random_token() if is_new else visit.device_secret
    expires_at = visit.now + visit.policy.known_device_lifetime
    visit.uow.known_devices.remember(digest(secret), account.sub, expires_at, is_new=is_new)
    return secret
