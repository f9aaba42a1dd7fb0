"""A visit: who knocks, when, and with what the journeys work on it."""

from dataclasses import dataclass, field
from datetime import datetime

from idp.accounts.account import Account
from idp.accounts.errors import AccountChangedError
from idp.accounts.hashing import Hasher
from idp.accounts.networks import Network
from idp.accounts.policy import AccountsPolicy
from idp.accounts.ports import UnitOfWork
from idp.secret_values import SecretKeys, is_equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every journey works with, built once; `iban_keys` are apart from the others."""

    policy: AccountsPolicy
    keys: SecretKeys
    iban_keys: SecretKeys
    hasher: Hasher


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, or one command of an administrator (which has neither network nor cookies).

    `device_secret` is the device cookie's value, `flow_digest` the digest of the flow cookie's;
    `browser` and `network_label` are what a list of sessions shows of them. `client_id` names the
    site that somebody is signing in to, for the audit trail.
    """

    tools: Tools
    uow: UnitOfWork
    now: datetime
    networks: tuple[Network, ...] = ()
    device_secret: str = field(default="", repr=False)
    flow_digest: str = field(default="", repr=False)
    browser: str = ""
    network_label: str = ""
    client_id: str | None = None

    def is_same_browser(self, flow_digest: str | None) -> bool:
        """Say whether this browser's flow cookie has that digest."""
        return bool(flow_digest) and is_equal(flow_digest or "", self.flow_digest)

    def save_account(self, account: Account) -> None:
        """Replace the account's row.

        Raises:
            AccountChangedError: it changed at the same moment; roll back.

        """
        if not self.uow.accounts.save(account):
            raise AccountChangedError

    @property
    def policy(self) -> AccountsPolicy:
        """The operator's rules."""
        return self.tools.policy

    @property
    def keys(self) -> SecretKeys:
        """The keys of counters, codes and seals."""
        return self.tools.keys

    @property
    def hasher(self) -> Hasher:
        """What makes and checks password hashes."""
        return self.tools.hasher
