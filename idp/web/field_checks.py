"""What is wrong with a field before anything is looked up, said on the form it stands in.

Each check returns the value in its normal form, "" where it has none and the form says why.
"""

from flask import request

from idp.accounts import wording
from idp.accounts.email_address import is_same_email, parse_email
from idp.accounts.finess import describe_slip, normalize_finess
from idp.accounts.iban import normalize_suffix
from idp.accounts.passwords import (
    Owner,
    PasswordRules,
    find_violations,
    is_too_long,
    normalize_password,
)
from idp.accounts.typed_text import normalize_code
from idp.web.forms import MAX_FIELD_LENGTH, Form
from idp.web.french import write_finess


def check_finess(form: Form) -> str:
    """Return the FINESS number; name a likely slip as a hint, which refuses nothing."""
    typed = form.values["finess"]
    if slip := describe_slip(typed):
        meant = f" Vouliez-vous dire {write_finess(slip.proposal)}\u00a0?" if slip.proposal else ""
        form.add_notice("finess", f"{slip.text}{meant}")
    finess = normalize_finess(typed)
    if finess is None:
        form.add_error("finess", wording.FINESS_SHAPE if typed else wording.FINESS_MISSING)
    return finess or ""


def check_suffix(form: Form) -> str:
    """Return the last five characters of the IBAN, cut out of a whole one."""
    typed = form.values["iban_suffix"]
    suffix = normalize_suffix(typed)
    if suffix is None:
        form.add_error("iban_suffix", wording.SUFFIX_SHAPE if typed else wording.SUFFIX_MISSING)
    return suffix or ""


def check_email(form: Form) -> str:
    """Return the address, in the form it is mailed to."""
    typed = form.values["email"]
    email = parse_email(typed)
    if email is None:
        form.add_error("email", wording.EMAIL_SHAPE if typed else wording.EMAIL_MISSING)
    return email or ""


def check_email_pair(form: Form) -> str:
    """Return the address typed twice."""
    email = check_email(form)
    if email and not is_same_email(email, parse_email(form.values["email_confirmation"])):
        form.add_error("email_confirmation", wording.EMAIL_DIFFERENT)
    return email


def check_code(form: Form) -> str:
    """Return the verification code, however its digits were grouped."""
    code = normalize_code(form.values["code"])
    if not code.isdecimal() or not code.isascii():
        form.add_error("code", wording.CODE_SHAPE)
        return ""
    return code


def check_present_password(form: Form, rules: PasswordRules, name: str = "password") -> str:
    """Return a password as it was chosen once; a longer one than may be is not even looked up."""
    password = read_password(name)
    if not password:
        form.add_error(name, wording.PASSWORD_MISSING)
    if is_too_long(password, rules):
        too_long = wording.PASSWORD_VIOLATIONS["too_long"]
        form.add_error(name, too_long.format(max_length=rules.max_length))
        return ""
    return password


def check_new_password(form: Form, rules: PasswordRules, owner: Owner) -> str:
    """Return a new password typed twice; every rule it breaks is said at once."""
    password = read_password("password")
    for violation in find_violations(password, rules, owner):
        form.add_error("password", violation.text)
    if password != read_password("password_confirmation"):
        form.add_error("password_confirmation", wording.PASSWORD_DIFFERENT)
    return password


def read_password(name: str) -> str:
    """Return a password as it was typed, spaces included, in Unicode's NFC."""
    return normalize_password(request.form.get(name, "")[:MAX_FIELD_LENGTH])
