"""FINESS numbers: nine characters that name a practitioner, and what is typed instead of them.

All-digit numbers end with a Luhn key. A wrong key is a hint, not a refusal: the directory decides.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn

from idp.accounts import wording
from idp.accounts.typed_text import squeeze_text

_SHAPE = re.compile(r"[0-9A-Z]{9}")
_CORSICAN_WITHOUT_KEY = re.compile(r"2[AB][0-9]{6}")
_LETTERS_LIKE_DIGITS = str.maketrans("OQILSZ", "001152")
_LENGTH_WITHOUT_KEY = 8


class SlipKind(StrEnum):
    """What was probably typed instead of a FINESS number."""

    MISSING_KEY = "missing_key"
    WRONG_KEY = "wrong_key"
    LETTER_FOR_DIGIT = "letter_for_digit"
    RPPS = "rpps"
    SIRET = "siret"
    SOCIAL_SECURITY = "social_security"
    PHONE = "phone"
    IBAN = "iban"


_KINDS_BY_LENGTH = {
    10: SlipKind.PHONE,
    11: SlipKind.RPPS,
    13: SlipKind.SOCIAL_SECURITY,
    14: SlipKind.SIRET,
    15: SlipKind.SOCIAL_SECURITY,
}


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely slip, what to tell about it in French, and the number probably meant."""

    kind: SlipKind
    text: str
    proposal: str | None = None


def normalize_finess(typed: str) -> str | None:
    """Return the nine characters, upper case and without separators; None for anything else."""
    squeezed = squeeze_text(typed)
    return squeezed if _SHAPE.fullmatch(squeezed) else None


def has_right_key(finess: str) -> bool:
    """Say whether the Luhn key is right; numbers with a letter carry none that is published."""
    return not finess.isdecimal() or luhn.is_valid(finess)


def describe_slip(typed: str) -> Slip | None:
    """Name a likely slip, or the other kind of number that was typed; None where all looks well."""
    squeezed = squeeze_text(typed)
    if _SHAPE.fullmatch(squeezed):
        return _describe_nine(squeezed)
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}", squeezed):
        return _name_slip(SlipKind.IBAN)
    if _CORSICAN_WITHOUT_KEY.fullmatch(squeezed):
        return _name_slip(SlipKind.MISSING_KEY)
    if not re.fullmatch(r"[0-9]+", squeezed):
        return None
    if len(squeezed) == _LENGTH_WITHOUT_KEY:
        return _name_slip(SlipKind.MISSING_KEY, squeezed + luhn.calc_check_digit(squeezed))
    kind = _KINDS_BY_LENGTH.get(len(squeezed))
    return _name_slip(kind) if kind else None


def _describe_nine(finess: str) -> Slip | None:
    if finess.isdecimal():
        return None if luhn.is_valid(finess) else _name_slip(SlipKind.WRONG_KEY)
    as_digits = finess.translate(_LETTERS_LIKE_DIGITS)
    if as_digits.isdecimal() and luhn.is_valid(as_digits):
        return _name_slip(SlipKind.LETTER_FOR_DIGIT, as_digits)
    return None


def _name_slip(kind: SlipKind, proposal: str | None = None) -> Slip:
    return Slip(kind, wording.FINESS_SLIPS[kind], proposal)
