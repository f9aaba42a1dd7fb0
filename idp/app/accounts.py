"""The accounts room as the settings want it: its rules, and what hashes passwords."""

import os
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import structlog

from idp.accounts.attempts import AttemptRule, Budget
from idp.accounts.hash_slots import HashSlots
from idp.accounts.hashing import Hasher, HashParameters
from idp.accounts.passwords import PasswordRules
from idp.accounts.policy import AccountsPolicy, RegistrationEmail
from idp.accounts.visit import Tools
from idp.app.secrets import build_iban_keys
from idp.outbound.metrics import Metrics
from idp.secret_values import SecretKeys
from idp.settings import LockoutSettings, RegistrationSettings, Settings

_HOUR, _DAY, _YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def build_accounts_policy(settings: Settings) -> AccountsPolicy:
    """Return the rules of the accounts room."""
    lockout, registration, reset = settings.lockout, settings.registration, settings.reset
    passwords, session = settings.passwords, settings.session
    return AccountsPolicy(
        issuer=settings.issuer,
        admin_emails=settings.mail.admins,
        passwords=build_password_rules(settings),
        password_renewal=passwords.renewal_lifetime,
        password_reminder_interval=passwords.reminder_interval,
        stranger_rule=_make_login_rule(lockout, long_block=lockout.stranger_block),
        device_rule=_make_login_rule(lockout, long_block=lockout.block),
        has_known_devices=lockout.known_devices,
        known_device_lifetime=lockout.known_device_lifetime,
        network_login_budgets=(Budget(limit=lockout.network_logins_per_hour, window=_HOUR),),
        login_alarm=Budget(limit=lockout.login_alarm_per_hour, window=_HOUR),
        proof_rule=_make_proof_rule(registration),
        proof_lifetime=registration.proof_lifetime,
        network_proof_budgets=(
            Budget(limit=lockout.network_proofs_per_hour, window=_HOUR),
            Budget(limit=lockout.network_proofs_per_day, window=_DAY),
        ),
        proof_alarm=Budget(limit=lockout.proof_alarm_per_hour, window=_HOUR),
        registration_email=RegistrationEmail(registration.email),
        activation_lifetime=registration.link_lifetime,
        activation_mails_per_hour=registration.mails_per_hour,
        reset_lifetime=reset.link_lifetime,
        reset_mails_per_hour=reset.mails_per_hour,
        code_attempts=reset.code_attempts,
        confirmation_lifetime=registration.link_lifetime,
        undo_lifetime=reset.undo_lifetime,
        idle_lifetime=session.idle_lifetime,
        shared_idle_lifetime=session.shared_computer_idle_lifetime,
        absolute_lifetime=session.absolute_lifetime,
    )


def build_password_rules(settings: Settings) -> PasswordRules:
    """Return what a password must be."""
    passwords = settings.passwords
    return PasswordRules(
        min_length=passwords.min_length,
        max_length=passwords.max_length,
        requires_classes=passwords.requires_classes,
    )


def build_hasher(settings: Settings, metrics: Metrics | None = None) -> Hasher:
    """Return what makes and checks password hashes, so many at once and no more."""
    return Hasher(
        build_hash_parameters(settings),
        build_hash_slots(settings, metrics),
        on_hash=metrics.observe_hash if metrics else None,
        verify_bcrypt=_find_bcrypt(),
    )


def build_hash_parameters(settings: Settings) -> HashParameters:
    """Return what a password hash costs."""
    passwords = settings.passwords
    return HashParameters(
        memory_kib=passwords.argon2_memory_kib,
        time_cost=passwords.argon2_time_cost,
        parallelism=passwords.argon2_parallelism,
    )


def build_hash_slots(settings: Settings, metrics: Metrics | None = None) -> HashSlots:
    """Return the slots of one process; logins never take the last quarter of its threads.

    Whoever waits for a slot waits in a thread. Were all of them taken by a rush of logins,
    discovery and health checks would stand behind it (attack case C117).
    """
    passwords, server = settings.passwords, settings.server
    for_logins = max(1, server.threads * 3 // 4)
    own_share = max(1, (os.cpu_count() or 1) // server.workers)
    limit = min(for_logins, passwords.hash_slots or own_share)
    return HashSlots(
        limit,
        queue_limit=min(passwords.hash_queue, for_logins - limit),
        patience=passwords.hash_queue_timeout,
        on_rush=_log_rush,
        on_queue=metrics.tell_hash_queue if metrics else None,
    )


def build_tools(settings: Settings, keys: SecretKeys, metrics: Metrics | None = None) -> Tools:
    """Return what every journey of the accounts room works with."""
    return Tools(
        policy=build_accounts_policy(settings),
        keys=keys,
        iban_keys=build_iban_keys(settings),
        hasher=build_hasher(settings, metrics),
    )


def _log_rush() -> None:
    """Tell once, in each process, what a rush would tell a hundred times a second.

    /metrics counts each refusal.
    """
    structlog.get_logger("idp.passwords").warning("rush.began")


def _find_bcrypt() -> Callable[[str, str], bool] | None:
    """Return what checks bcrypt hashes, where the "bcrypt" extra is installed.

    bcrypt reads 72 bytes of a password; this library refuses more, which old sites just cut off.
    """
    if not find_spec("bcrypt"):
        return None
    check = import_module("bcrypt").checkpw
    return lambda stored, password: bool(check(password.encode()[:72], stored.encode()))


def _make_login_rule(lockout: LockoutSettings, *, long_block: timedelta) -> AttemptRule:
    return AttemptRule(
        limit=lockout.limit,
        window=lockout.window,
        block=lockout.block,
        long_limit=lockout.stranger_limit,
        long_window=lockout.stranger_window,
        long_block=long_block,
    )


def _make_proof_rule(registration: RegistrationSettings) -> AttemptRule:
    return AttemptRule(
        limit=registration.proof_limit,
        window=registration.proof_window,
        block=registration.proof_block,
        long_limit=registration.proof_long_limit,
        long_window=_YEAR,
        long_block=registration.proof_long_block,
        blocks_each=True,
    )
