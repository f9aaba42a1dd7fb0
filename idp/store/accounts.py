"""The accounts; a partial unique index lets a FINESS have one that is not closed."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from idp.accounts.account import Account, AccountState
from idp.store.records import read_record, to_new_values, to_values
from idp.store.statements import NOW, insert, new_values
from idp.store.tables import ACCOUNT_IS_OPEN, accounts
from idp.store.transaction import Transaction

KEPT_ON_SAVE = {"sub", "finess", "created_at", "last_signed_in_at", "version"}
# Not IN: its parameters are expanded anew at each execution.
MAY_SIGN_IN = or_(*(accounts.c.state == state for state in AccountState if state.may_sign_in))

IS_THIS = accounts.c.sub == bindparam("which")
HAS_HASH = accounts.c.password_hash == bindparam("known_hash")

FIND = select(accounts).where(IS_THIS)
FIND_OPEN = select(accounts).where(accounts.c.finess == bindparam("finess"), ACCOUNT_IS_OPEN)
ADD = insert(accounts).on_conflict_do_nothing()
SAVE = (
    update(accounts)
    .where(IS_THIS, accounts.c.version == bindparam("known_version"))
    .values(new_values(accounts, but=KEPT_ON_SAVE))
    .values(version=accounts.c.version + 1)
)
RECORD_SIGN_IN = (
    update(accounts).where(IS_THIS, HAS_HASH, MAY_SIGN_IN).values(last_signed_in_at=NOW)
)
RECORD_REMINDED_SIGN_IN = RECORD_SIGN_IN.values(password_reminded_at=NOW)
RAISE_HASH = update(accounts).where(IS_THIS, HAS_HASH).values(password_hash=bindparam("new_hash"))


class SqlAccounts:
    """Implements `idp.accounts.ports.Accounts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, sub: str) -> Account | None:
        """Return the account of that `sub`, closed ones included."""
        return read_record(Account, self._transaction.read_one(FIND, {"which": sub}))

    def find_by_finess(self, finess: str) -> Account | None:
        """Return the account of that number that is not closed."""
        return read_record(Account, self._transaction.read_one(FIND_OPEN, {"finess": finess}))

    def add(self, account: Account) -> bool:
        """Add it, unless the number already has an account that is not closed (then False)."""
        return self._transaction.change(ADD, to_values(account)).number == 1

    def save(self, account: Account) -> bool:
        """Replace the row in one statement, if it still has `account.version`, and raise that."""
        values = to_new_values(account, but=KEPT_ON_SAVE)
        values |= {"which": account.sub, "known_version": account.version}
        return self._transaction.change(SAVE, values).number == 1

    def record_sign_in(
        self, sub: str, *, password_hash: str, now: datetime, is_reminded: bool
    ) -> bool:
        """Note a sign-in in one statement, if the account may sign in and still has that hash."""
        statement = RECORD_REMINDED_SIGN_IN if is_reminded else RECORD_SIGN_IN
        values = {"which": sub, "known_hash": password_hash, "now": now}
        return self._transaction.change(statement, values).number == 1

    def raise_hash(self, sub: str, *, old_hash: str, new_hash: str) -> bool:
        """Replace the hash by a stronger one of the same password, if it is still `old_hash`."""
        values = {"which": sub, "known_hash": old_hash, "new_hash": new_hash}
        return self._transaction.change(RAISE_HASH, values).number == 1
