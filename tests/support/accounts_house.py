"""The accounts room over memory: a clock, a directory of made-up practitioners, visits.

Passwords are hashed by Argon2id with the least cost there is: what is counted is how often.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from idp.accounts.account import Account, AccountState
from idp.accounts.attempts import AttemptRule, Budget
from idp.accounts.credentials import NewEmail, NewPassword
from idp.accounts.hash_slots import HashSlots
from idp.accounts.hashing import Hasher, HashParameters
from idp.accounts.iban import make_suffix_digest
from idp.accounts.links import RegistrationPurpose
from idp.accounts.login import LoginContext, LoginOutcome, SignedIn, sign_in
from idp.accounts.networks import find_networks
from idp.accounts.passwords import PasswordRules
from idp.accounts.policy import AccountsPolicy, RegistrationEmail
from idp.accounts.practitioner import Practitioner
from idp.accounts.proof import ProofOutcome, Proved, prove
from idp.accounts.registration import RegistrationForm, RegistrationOutcome, register
from idp.accounts.visit import Tools, Visit
from idp.secret_values import SecretKey, SecretKeys, digest
from tests.support.fake_store import FakeMail, FakeUnitOfWork

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ISSUER = "https://connexion.example"
FINESS = "750000010"
UNKNOWN_FINESS = "690000015"
SUFFIX = "01899"
PASSWORD = "Le chat dort 8 fois"
NEW_PASSWORD = "Vélo rouge, 3 freins"
EMAIL = "camille.martin@orange.example"
ADMIN = "admin@mutuelle.example"

CHEAP = HashParameters(memory_kib=8, time_cost=1)

STRANGER_RULE = AttemptRule(
    limit=3,
    window=2 * HOUR,
    block=2 * HOUR,
    long_limit=50,
    long_window=30 * DAY,
    long_block=24 * HOUR,
)
PROOF_RULE = replace(
    STRANGER_RULE, long_limit=9, long_window=365 * DAY, long_block=DAY, blocks_each=True
)

POLICY = AccountsPolicy(
    issuer=ISSUER,
    admin_emails=(ADMIN,),
    passwords=PasswordRules(min_length=8, max_length=25),
    password_renewal=90 * DAY,
    password_reminder_interval=7 * DAY,
    stranger_rule=STRANGER_RULE,
    device_rule=replace(STRANGER_RULE, long_block=2 * HOUR),
    has_known_devices=True,
    known_device_lifetime=365 * DAY,
    network_login_budgets=(Budget(limit=100, window=HOUR),),
    login_alarm=Budget(limit=1000, window=HOUR),
    proof_rule=PROOF_RULE,
    proof_lifetime=15 * MINUTE,
    network_proof_budgets=(Budget(limit=20, window=HOUR), Budget(limit=60, window=DAY)),
    proof_alarm=Budget(limit=200, window=HOUR),
    registration_email=RegistrationEmail.CHOSEN,
    activation_lifetime=24 * HOUR,
    activation_mails_per_hour=3,
    reset_lifetime=24 * HOUR,
    reset_mails_per_hour=3,
    code_attempts=3,
    confirmation_lifetime=24 * HOUR,
    undo_lifetime=72 * HOUR,
    idle_lifetime=30 * MINUTE,
    shared_idle_lifetime=20 * MINUTE,
    absolute_lifetime=12 * HOUR,
)


@dataclass(frozen=True)
class Browser:
    """A browser by its device and flow cookies, at an address."""

    device: str = ""
    flow: str = "the flow cookie of a browser"
    address: str = "192.0.2.10"


HOME = Browser()
"""The browser that most tests use."""


class WatchfulHasher(Hasher):
    """Counts hashes, and refuses to work inside a transaction or without a slot."""

    def __init__(self, uow: FakeUnitOfWork, slots: HashSlots) -> None:
        self.count = 0
        self._uow: FakeUnitOfWork | None = None
        super().__init__(CHEAP, slots, on_hash=self._note)
        self._uow = uow

    def _note(self, seconds: float) -> None:
        assert self._uow
        assert not self._uow.ledger.is_dirty, "hashed inside a transaction"
        assert self.slots.held, "hashed without a slot"
        self.count += 1


class AccountsHouse:
    """A room with one practitioner in its directory; the test moves `now`."""

    def __init__(self, **policy: Any) -> None:  # noqa: ANN401 - any field of the policy
        self.uow = FakeUnitOfWork()
        self.now = START
        self.slots = HashSlots(1, queue_limit=100, patience=timedelta(seconds=30))
        self.hasher = WatchfulHasher(self.uow, self.slots)
        self.keys = SecretKeys([SecretKey("a master key of the tests, long enough")])
        self.iban_keys = SecretKeys([SecretKey("an iban key of the tests, long enough")])
        self.tools = Tools(
            policy=replace(POLICY, **policy),
            keys=self.keys,
            iban_keys=self.iban_keys,
            hasher=self.hasher,
        )
        self.add_practitioner()

    def visit(self, browser: Browser = HOME) -> Visit:
        """Return a visit of now."""
        return Visit(
            tools=self.tools,
            uow=self.uow,
            now=self.now,
            networks=find_networks(browser.address),
            device_secret=browser.device,
            flow_digest=digest(browser.flow) if browser.flow else "",
            browser="Firefox sous Windows",
            network_label="192.0.2.0/24",
        )

    def add_practitioner(
        self,
        finess: str = FINESS,
        *,
        suffix: str | None = SUFFIX,
        **columns: Any,  # noqa: ANN401
    ) -> Practitioner:
        """Put a practitioner into the directory, with the digest of an IBAN unless None."""
        kept = make_suffix_digest(self.iban_keys, finess, suffix) if suffix else None
        practitioner = Practitioner(
            finess=finess,
            name=columns.pop("name", "Camille Martin"),
            iban_digest=kept.digest if kept else None,
            iban_key_version=kept.key_version if kept else None,
            **columns,
        )
        self.uow.practitioners.kept[finess] = practitioner
        return practitioner

    def add_account(
        self,
        finess: str = FINESS,
        *,
        password: str | None = PASSWORD,
        **columns: Any,  # noqa: ANN401
    ) -> Account:
        """Open an account, active unless told otherwise."""
        with self.slots.take():
            password_hash = self.hasher.hash(password) if password else None
        self.hasher.count = 0
        columns.setdefault("email", EMAIL)
        account = Account(
            sub=f"account-of-{finess}",
            finess=finess,
            state=columns.pop("state", AccountState.ACTIVE),
            password_hash=password_hash,
            password_changed_at=columns.pop("password_changed_at", self.now),
            created_at=self.now,
            **columns,
        )
        self.uow.accounts.kept[account.sub] = account
        return account

    def account(self, finess: str = FINESS) -> Account:
        """Return the account of a number as it now is."""
        account = self.uow.accounts.find_by_finess(finess)
        assert account
        return account

    def sign_in(
        self,
        password: str = PASSWORD,
        *,
        finess: str = FINESS,
        browser: Browser = HOME,
        **context: Any,  # noqa: ANN401 - any field of the context
    ) -> LoginOutcome:
        """Sign in from a browser; the right password unless told otherwise."""
        visit = self.visit(browser)
        return sign_in(visit, finess=finess, password=password, context=LoginContext(**context))

    def fail(
        self, times: int = 1, *, finess: str = FINESS, browser: Browser = HOME
    ) -> LoginOutcome:
        """Fail to sign in, so many times in a row; return the last outcome."""
        outcomes = [
            self.sign_in("a wrong password", finess=finess, browser=browser) for _ in range(times)
        ]
        return outcomes[-1]

    def make_known_browser(self) -> Browser:
        """Sign in from a new browser; return it with its device cookie."""
        outcome = self.sign_in()
        assert isinstance(outcome, SignedIn)
        assert outcome.device_secret
        return replace(HOME, device=outcome.device_secret)

    def prove(
        self,
        suffix: str = SUFFIX,
        *,
        finess: str = FINESS,
        door: RegistrationPurpose = RegistrationPurpose.REGISTRATION,
        browser: Browser = HOME,
    ) -> ProofOutcome:
        """Give a pair at a door; the right one unless told otherwise."""
        return prove(self.visit(browser), door, finess=finess, suffix=suffix)

    def register(
        self,
        *,
        email: str = EMAIL,
        door: RegistrationPurpose = RegistrationPurpose.REGISTRATION,
        sealed_request: str = "",
        browser: Browser = HOME,
    ) -> RegistrationOutcome:
        """Go through both steps of a door."""
        proved = self.prove(door=door, browser=browser)
        assert isinstance(proved, Proved)
        form = RegistrationForm(
            proof=proved.sealed,
            email=NewEmail(email, email),
            password=NewPassword(PASSWORD, PASSWORD),
            sealed_request=sealed_request,
        )
        return register(self.visit(browser), door, form)

    def mails(self, template: str) -> Sequence[FakeMail]:
        """Return the mails of a template that were queued for somebody."""
        return [m for m in self.uow.outbox.queued if m.template == template and m.to]

    def last_mail(self, template: str) -> FakeMail:
        """Return the latest of them."""
        return self.mails(template)[-1]

    def events(self, name: str) -> int:
        """Return how often an event was recorded."""
        return sum(event.name == name for event in self.uow.audit.events)
