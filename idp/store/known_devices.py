"""Browsers that signed in to an account before: one cookie, at most ten accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, literal, select

from idp.store.statements import NOW, insert_or_replace
from idp.store.tables import known_devices
from idp.store.transaction import Transaction

MAX_ACCOUNTS = 10

THIS_DEVICE = known_devices.c.device_digest == bindparam("device_digest")
IS_OF_SUB = known_devices.c.sub == bindparam("sub")
IS_UNEXPIRED = known_devices.c.expires_at > NOW

IS_KNOWN = select(literal(1)).where(THIS_DEVICE, IS_OF_SUB, IS_UNEXPIRED)
REMEMBER = insert_or_replace(known_devices)
FORGET_PAST_TEN = delete(known_devices).where(
    THIS_DEVICE,
    known_devices.c.sub.in_(
        select(known_devices.c.sub)
        .where(THIS_DEVICE)
        .order_by(known_devices.c.expires_at.desc())
        .offset(MAX_ACCOUNTS)
    ),
)
FIND_ALL = select(known_devices.c.device_digest).where(IS_OF_SUB, IS_UNEXPIRED)
FORGET_ALL = delete(known_devices).where(
    IS_OF_SUB, known_devices.c.device_digest != bindparam("but")
)


class SqlKnownDevices:
    """Implements `idp.accounts.ports.KnownDevices`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def is_known(self, device_digest: str, sub: str, now: datetime) -> bool:
        """Whether that cookie once signed in to that account and is not expired."""
        values = {"device_digest": device_digest, "sub": sub, "now": now}
        return self._transaction.read_one(IS_KNOWN, values) is not None

    def remember(
        self, device_digest: str, sub: str, expires_at: datetime, *, is_new: bool = False
    ) -> None:
        """Make the browser known to the account; past ten the oldest account is forgotten."""
        device = {"device_digest": device_digest}
        self._transaction.change_later(REMEMBER, {**device, "sub": sub, "expires_at": expires_at})
        if not is_new:
            self._transaction.change_later(FORGET_PAST_TEN, device)

    def find_all(self, sub: str, now: datetime) -> Sequence[str]:
        """Return the digests of the browsers known to the account."""
        rows = self._transaction.read_all(FIND_ALL, {"sub": sub, "now": now})
        return [row.device_digest for row in rows]

    def forget_all(self, sub: str, *, but: str | None = None) -> None:
        """Forget every browser of the account, except the digest `but`."""
        self._transaction.change_later(FORGET_ALL, {"sub": sub, "but": but or ""})
