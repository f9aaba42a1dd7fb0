"""New credentials as forms give them: every fault of every field at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from idp.accounts import wording
from idp.accounts.email_address import is_same_email, parse_email
from idp.accounts.passwords import (
    Owner,
    PasswordRules,
    Violation,
    find_violations,
    normalize_password,
)
from idp.accounts.practitioner import Practitioner


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password, typed twice."""

    password: str = field(repr=False)
    confirmation: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewEmail:
    """A new address, typed twice."""

    email: str
    confirmation: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """Faults of a form, by the name of the input."""

    faults: Mapping[str, tuple[Violation, ...]]


def find_password_faults(
    new: NewPassword, rules: PasswordRules, owner: Owner
) -> dict[str, tuple[Violation, ...]]:
    """Return the faults of `password` and `password_confirmation`; none where all is well."""
    password = normalize_password(new.password)
    if not password:
        return {"password": (Violation("missing", wording.NEW_PASSWORD_MISSING),)}
    faults: dict[str, tuple[Violation, ...]] = {}
    if violations := find_violations(password, rules, owner):
        faults["password"] = violations
    if password != normalize_password(new.confirmation):
        faults["password_confirmation"] = (Violation("different", wording.PASSWORD_DIFFERENT),)
    return faults


def find_email_faults(new: NewEmail) -> dict[str, tuple[Violation, ...]]:
    """Return the faults of `email` and `email_confirmation`; none where all is well."""
    email = parse_email(new.email)
    if email is None:
        is_missing = not new.email.strip()
        text = wording.EMAIL_MISSING if is_missing else wording.EMAIL_SHAPE
        return {"email": (Violation("missing" if is_missing else "shape", text),)}
    if not is_same_email(email, parse_email(new.confirmation)):
        return {"email_confirmation": (Violation("different", wording.EMAIL_DIFFERENT),)}
    return {}


def describe_owner(finess: str, email: str | None, practitioner: Practitioner | None) -> Owner:
    """Return whose password it is: number, address and the names that the directory holds."""
    person = practitioner
    names = (person.name, person.given_name, person.family_name) if person else ()
    return Owner(finess=finess, email=email or "", names=tuple(name for name in names if name))
