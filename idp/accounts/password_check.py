"""Checking a password: reserve and commit, verify, record and commit.

The same for every number, known or not, whatever the account's state, and for every form that asks
the password. The caller holds a hash slot, taken before anything is reserved.
"""

from dataclasses import dataclass
from datetime import timedelta

from idp.accounts.account import Account
from idp.accounts.alarms import Alarm, raise_alarm
from idp.accounts.attempts import Attempt
from idp.accounts.budgets import refuse_network, spend_everybody, spend_networks
from idp.accounts.counters import CounterPurpose, may_mail
from idp.accounts.lockout import Counter, choose_counter, reserve_attempt, strangers_key
from idp.accounts.mails import Notice, send_notice
from idp.accounts.outcomes import Blocked, Failed, Refusal
from idp.accounts.visit import Visit
from idp.audit_events import Event

_BLOCK_MAIL_INTERVAL = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordTry:
    """A reserved attempt at the password of a number; `account` is None where there is none."""

    finess: str
    account: Account | None
    counter: Counter
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Passed:
    """The right password of an account that may sign in; its counter is not zeroed yet."""

    account: Account
    tried: PasswordTry


def try_password(visit: Visit, *, finess: str, password: str) -> Passed | Refusal:
    """Spend a try on a normalized password of a normalized number.

    On failure everything is recorded and committed. On success the caller does what the password
    was asked for, calls `clear_failures`, and commits.
    """
    account = visit.uow.accounts.find_by_finess(finess)
    counter = choose_counter(visit, finess, account)
    if not counter.is_device:  # a known device has three tries of its own, whatever its network
        budgets = visit.policy.network_login_budgets
        if refusal := refuse_network(visit, CounterPurpose.NETWORK_LOGIN, budgets):
            return refusal
    attempt = reserve_attempt(visit, counter)
    if isinstance(attempt, Blocked):
        return attempt
    tried = PasswordTry(finess=finess, account=account, counter=counter, attempt=attempt)
    is_right = visit.hasher.is_right(account.password_hash if account else None, password)
    if is_right and account and account.may_sign_in:
        return Passed(account, tried)
    return record_failure(visit, tried)


def clear_failures(visit: Visit, passed: Passed) -> None:
    """Zero the counter that the right password was charged to, and that one alone."""
    visit.uow.attempts.clear(passed.tried.counter.key)


def record_failure(visit: Visit, tried: PasswordTry) -> Failed | Blocked:
    """Spend the budgets, record and tell what has to be told; the same work for every number."""
    policy = visit.policy
    visit.uow.audit.record(
        Event.LOGIN_FAILED,
        finess=tried.finess,
        sub=tried.account.sub if tried.account else None,
        client_id=visit.client_id,
        reason=_tell_reason(tried.account),
        details={"number": str(tried.attempt.number), "total": str(tried.attempt.total)},
    )
    spend_networks(visit, CounterPurpose.NETWORK_LOGIN, policy.network_login_budgets)
    if spend_everybody(visit, CounterPurpose.ALL_LOGINS, policy.login_alarm):
        raise_alarm(visit, Alarm.LOGINS)
    if not tried.counter.is_device and tried.attempt.total == tried.counter.rule.long_limit:
        raise_alarm(visit, Alarm.STRANGERS, finess=tried.finess)
    outcome = _record_block(visit, tried) or Failed(tried.attempt.tries_left(tried.counter.rule))
    visit.uow.commit()
    return outcome


def _tell_reason(account: Account | None) -> str:
    """Say what was wrong, for the trail alone: nobody else learns it."""
    if account is None:
        return "unknown_number"
    return "wrong_password" if account.may_sign_in else "not_active"


def _record_block(visit: Visit, tried: PasswordTry) -> Blocked | None:
    """Where this failure blocked the number, tell its owner, once a day at most."""
    until = tried.attempt.blocked_until
    if until is None:
        return None
    if tried.counter.is_device:
        visit.uow.attempts.block(strangers_key(visit, tried.finess), until, visit.now)
    account = tried.account
    visit.uow.audit.record(
        Event.ACCOUNT_BLOCKED,
        finess=tried.finess,
        sub=account.sub if account else None,
        reason="device" if tried.counter.is_device else "strangers",
        details={"until": until.isoformat()},
    )
    if may_mail(visit, CounterPurpose.BLOCK_MAIL, tried.finess, period=_BLOCK_MAIL_INTERVAL):
        to = account.email if account and account.may_sign_in else None
        blocked_until = until.isoformat()
        send_notice(
            visit,
            Notice.ACCOUNT_BLOCKED,
            to or "",
            finess=tried.finess,
            blocked_until=blocked_until,
        )
    return Blocked(until)
