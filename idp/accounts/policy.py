"""The rules of the accounts room that an operator may set; the settings fill it at start."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from idp.accounts.attempts import AttemptRule, Budget
from idp.accounts.passwords import PasswordRules


class RegistrationEmail(StrEnum):
    """Where an activation mail goes: to the address given, or to the directory's alone."""

    CHOSEN = "chosen"
    ON_FILE = "on_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPolicy:
    """Every duration is a timedelta; `issuer` is the origin that links in mails are built on."""

    issuer: str
    admin_emails: tuple[str, ...]

    passwords: PasswordRules
    password_renewal: timedelta
    password_reminder_interval: timedelta

    stranger_rule: AttemptRule
    device_rule: AttemptRule
    has_known_devices: bool
    known_device_lifetime: timedelta
    network_login_budgets: tuple[Budget, ...]
    login_alarm: Budget

    proof_rule: AttemptRule
    proof_lifetime: timedelta
    network_proof_budgets: tuple[Budget, ...]
    proof_alarm: Budget

    registration_email: RegistrationEmail
    activation_lifetime: timedelta
    activation_mails_per_hour: int

    reset_lifetime: timedelta
    reset_mails_per_hour: int
    code_attempts: int

    confirmation_lifetime: timedelta
    undo_lifetime: timedelta

    idle_lifetime: timedelta
    shared_idle_lifetime: timedelta
    absolute_lifetime: timedelta
