"""Account and directory entry together, as the claims of a token need them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from idp.accounts.account import AccountState
from idp.protocol.grant import Grant
from idp.store.grants import GRANT_COLUMNS
from idp.store.records import read_record
from idp.store.tables import accounts, grants, practitioners
from idp.store.transaction import Transaction


@dataclass(slots=True, kw_only=True)
class SqlSubject:
    """Implements `idp.protocol.ports.Subject`; unknown to the directory, it has no name."""

    sub: str
    finess: str
    email: str | None
    is_email_verified: bool
    name: str | None
    given_name: str | None
    family_name: str | None
    phone_number: str | None
    street_address: str | None
    postal_code: str | None
    locality: str | None
    updated_at: datetime | None
    state: AccountState

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is neither disabled nor closed."""
        return self.state.may_sign_in


DIRECTORY_FIELDS = (
    "name",
    "given_name",
    "family_name",
    "phone_number",
    "street_address",
    "postal_code",
    "locality",
    "updated_at",
)
SUBJECT_COLUMNS = [
    accounts.c.sub,
    accounts.c.finess,
    accounts.c.email,
    accounts.c.email_verified_at.is_not(None).label("is_email_verified"),
    *(practitioners.c[field] for field in DIRECTORY_FIELDS),
    accounts.c.state,
]
ACCOUNT_AND_ENTRY = accounts.outerjoin(practitioners, practitioners.c.finess == accounts.c.finess)
FIND = (
    select(*SUBJECT_COLUMNS)
    .select_from(ACCOUNT_AND_ENTRY)
    .where(accounts.c.sub == bindparam("which"))
)
FIND_WITH_GRANT = (
    select(*SUBJECT_COLUMNS, *GRANT_COLUMNS)
    .select_from(ACCOUNT_AND_ENTRY.join(grants, grants.c.sub == accounts.c.sub))
    .where(grants.c.id == bindparam("which"))
)
SUBJECT_FIELDS = tuple(column.name for column in SUBJECT_COLUMNS)
GRANT_FIELDS = tuple(column.name for column in GRANT_COLUMNS)


class SqlSubjects:
    """Implements `idp.protocol.ports.Subjects`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, sub: str) -> SqlSubject | None:
        """Return account and directory entry in one statement; None where the account is gone."""
        return read_record(SqlSubject, self._transaction.read_one(FIND, {"which": sub}))

    def find_with_grant(self, grant_id: str) -> tuple[Grant, SqlSubject] | None:
        """Return a grant and its subject in one statement, whatever their states."""
        row = self._transaction.read_one(FIND_WITH_GRANT, {"which": grant_id})
        if row is None:
            return None
        values = tuple(row)
        subject = dict(zip(SUBJECT_FIELDS, values, strict=False))
        grant = dict(zip(GRANT_FIELDS, values[len(SUBJECT_FIELDS) :], strict=True))
        return Grant(**grant), SqlSubject(**subject)
