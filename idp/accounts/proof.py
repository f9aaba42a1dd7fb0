"""The IBAN proof: FINESS number and last five characters, at both doors, on one counter.

The five characters are about 97 000 values and the numbers are public: three tries in two hours,
one a day after nine failures, a budget for each network, an alarm over all. A number nobody has, a
practitioner without RIB and a wrong pair get the same answer after the same work.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from idp.accounts.account import Account, AccountState
from idp.accounts.alarms import Alarm, raise_alarm
from idp.accounts.attempts import Attempt
from idp.accounts.budgets import refuse_network, spend_everybody, spend_networks
from idp.accounts.counters import CounterPurpose, counter_key, may_mail
from idp.accounts.iban import is_suffix_of
from idp.accounts.links import RegistrationPurpose
from idp.accounts.lockout import Counter, reserve_attempt
from idp.accounts.mails import Notice, send_notice
from idp.accounts.outcomes import Blocked, Failed, Refusal
from idp.accounts.policy import RegistrationEmail
from idp.accounts.practitioner import Practitioner
from idp.accounts.sealed_proof import seal_proof
from idp.accounts.visit import Visit
from idp.audit_events import Event

_OWNER_MAIL_INTERVAL = timedelta(days=1)
_OWNER_NOTICES = {
    RegistrationPurpose.REGISTRATION: Notice.ALREADY_HAS_ACCOUNT,
    RegistrationPurpose.UPDATE: Notice.UPDATE_WARNING,
}


@dataclass(frozen=True, slots=True)
class Proved:
    """Step 1 is done: `sealed` goes to step 2, which asks for an address if `asks_email`."""

    sealed: str = field(repr=False)
    asks_email: bool


@dataclass(frozen=True, slots=True)
class AlreadyActive:
    """The account exists and has an address: Mot de passe oublié, or the phone."""


@dataclass(frozen=True, slots=True)
class ByPhone:
    """Only the phone helps: the account is suspended, or no address is on file."""


ProofOutcome = Proved | AlreadyActive | ByPhone | Refusal


def prove(visit: Visit, door: RegistrationPurpose, *, finess: str, suffix: str) -> ProofOutcome:
    """Check the pair of a normalized number and suffix; what is not a failure is a right pair."""
    budgets = visit.policy.network_proof_budgets
    if refusal := refuse_network(visit, CounterPurpose.NETWORK_PROOF, budgets):
        return refusal
    counter = proof_counter(visit, finess)
    attempt = reserve_attempt(visit, counter)
    if isinstance(attempt, Blocked):
        return attempt
    practitioner = visit.uow.practitioners.find(finess)
    is_right = is_suffix_of(practitioner, visit.tools.iban_keys, suffix=suffix)
    if not is_right or practitioner is None or practitioner.closed_at:
        return _record_failure(visit, door, finess=finess, attempt=attempt)
    visit.uow.attempts.clear(counter.key)
    visit.uow.audit.record(Event.PROOF_SUCCEEDED, finess=finess, reason=door)
    obstacle = refuse_proved(visit, door, practitioner)
    visit.uow.commit()
    asks_email = visit.policy.registration_email is RegistrationEmail.CHOSEN
    return obstacle or Proved(seal_proof(visit, door, practitioner), asks_email)


def proof_counter(visit: Visit, finess: str) -> Counter:
    """Return the one counter that both doors charge for a number."""
    key = counter_key(visit, CounterPurpose.PROOF, finess)
    return Counter(key, visit.policy.proof_rule, is_device=False)


def refuse_proved(
    visit: Visit, door: RegistrationPurpose, practitioner: Practitioner
) -> AlreadyActive | ByPhone | None:
    """Say why who proved the pair still gets no new credentials; its owner is told by mail."""
    account = visit.uow.accounts.find_by_finess(practitioner.finess)
    if account and account.state is AccountState.ACTIVE:
        _tell_owner(visit, door, account)
        return AlreadyActive()
    is_mail_impossible = (
        visit.policy.registration_email is RegistrationEmail.ON_FILE and not practitioner.email
    )
    if is_mail_impossible or (account and account.state is AccountState.DISABLED):
        return ByPhone()
    return None


def _tell_owner(visit: Visit, door: RegistrationPurpose, account: Account) -> None:
    if may_mail(visit, CounterPurpose.OWNER_MAIL, account.sub, door, period=_OWNER_MAIL_INTERVAL):
        send_notice(visit, _OWNER_NOTICES[door], account.email or "", finess=account.finess)


def _record_failure(
    visit: Visit, door: RegistrationPurpose, *, finess: str, attempt: Attempt
) -> Failed | Blocked:
    policy = visit.policy
    visit.uow.audit.record(
        Event.PROOF_FAILED,
        finess=finess,
        reason=door,
        details={"number": str(attempt.number), "total": str(attempt.total)},
    )
    spend_networks(visit, CounterPurpose.NETWORK_PROOF, policy.network_proof_budgets)
    if spend_everybody(visit, CounterPurpose.ALL_PROOFS, policy.proof_alarm):
        raise_alarm(visit, Alarm.PROOFS)
    visit.uow.commit()
    if attempt.blocked_until:
        return Blocked(attempt.blocked_until)
    return Failed(attempt.tries_left(policy.proof_rule))
