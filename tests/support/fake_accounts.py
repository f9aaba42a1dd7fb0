"""Directory and accounts in memory."""

from dataclasses import replace
from datetime import datetime

from idp.accounts.account import Account, AccountState
from idp.accounts.practitioner import Practitioner
from tests.support.fake_ledger import Ledger


class FakePractitioners:
    """The directory, by FINESS number."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.kept: dict[str, Practitioner] = {}

    def find(self, finess: str) -> Practitioner | None:
        """Return the practitioner."""
        return self.kept.get(finess)

    def save(self, practitioner: Practitioner) -> None:
        """Keep it."""
        with self._ledger.write():
            self.kept[practitioner.finess] = practitioner


class FakeAccounts:
    """Accounts, by `sub`; somebody else changes them first if `loses_races`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.loses_races = False
        self.kept: dict[str, Account] = {}

    def find(self, sub: str) -> Account | None:
        """Return the account."""
        return self.kept.get(sub)

    def find_by_finess(self, finess: str) -> Account | None:
        """Return the account of the number that is not closed."""
        of_number = (account for account in self.kept.values() if account.finess == finess)
        return next((a for a in of_number if a.state is not AccountState.CLOSED), None)

    def add(self, account: Account) -> bool:
        """Keep it, unless the number has one."""
        with self._ledger.write():
            if self.loses_races or self.find_by_finess(account.finess):
                return False
            self.kept[account.sub] = account
            return True

    def save(self, account: Account) -> bool:
        """Replace it, if nobody changed it since it was read."""
        with self._ledger.write():
            known = self.kept[account.sub]
            if self.loses_races or known.version != account.version:
                return False
            self.kept[account.sub] = replace(
                account,
                finess=known.finess,
                created_at=known.created_at,
                last_signed_in_at=known.last_signed_in_at,
                version=account.version + 1,
            )
            return True

    def record_sign_in(
        self, sub: str, *, password_hash: str, now: datetime, is_reminded: bool
    ) -> bool:
        """Note it, if account and hash still allow it."""
        with self._ledger.write():
            account = self.kept[sub]
            is_same = account.may_sign_in and account.password_hash == password_hash
            if self.loses_races or not is_same:
                return False
            reminded_at = now if is_reminded else account.password_reminded_at
            self.kept[sub] = replace(
                account, last_signed_in_at=now, password_reminded_at=reminded_at
            )
            return True

    def raise_hash(self, sub: str, *, old_hash: str, new_hash: str) -> bool:
        """Replace the hash, if it is still the old one."""
        with self._ledger.write():
            if self.kept[sub].password_hash != old_hash:
                return False
            self.kept[sub] = replace(self.kept[sub], password_hash=new_hash)
            return True
