"""What is wrong with a field before anything is looked up, said on the form it stands in.

Each check returns the value in its normal form, "" where it has none and the form says why.
"""

from flask import request

from idp.accounts import wording
from idp.accounts.email_address import parse_email
from idp.accounts.finess import Slip, describe_slip, normalize_finess
from idp.accounts.iban import normalize_suffix
from idp.accounts.typed_text import normalize_code
from idp.web.forms import MAX_FIELD_LENGTH, Form
from idp.web.french import write_finess


def check_finess(form: Form) -> str:
    """Return the FINESS number; a likely slip is the fault of what is none, of one only a hint."""
    typed = form.values["finess"]
    finess, slip = normalize_finess(typed), describe_slip(typed)
    if finess is None:
        shape = wording.FINESS_SHAPE if typed else wording.FINESS_MISSING
        form.add_error("finess", _say_slip(slip) if slip else shape)
    elif slip:
        form.add_notice("finess", _say_slip(slip))
    return finess or ""


def _say_slip(slip: Slip) -> str:
    if not slip.proposal:
        return slip.text
    return f"{slip.text} Vouliez-vous dire {write_finess(slip.proposal)}\u202f?"


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


def check_code(form: Form) -> str:
    """Return the verification code, however its digits were grouped."""
    code = normalize_code(form.values["code"])
    if not (code.isascii() and code.isdecimal()):
        form.add_error("code", wording.CODE_SHAPE)
        return ""
    return code


def check_password(form: Form, name: str = "password") -> str:
    """Return a password that is to be compared, as it was typed."""
    password = read_password(name)
    if not password:
        form.add_error(name, wording.PASSWORD_MISSING)
    return password


def read_password(name: str) -> str:
    """Return a password as it was typed, spaces included; what is cut is past any limit."""
    return request.form.get(name, "")[:MAX_FIELD_LENGTH]
