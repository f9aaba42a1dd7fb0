"""E-mail addresses: checked without asking the network, compared case-folded, mailed as stored."""

from email_validator import EmailNotValidError, validate_email

_MAX_LENGTH = 254
_ENCODED_TEXT = "=?"


def parse_email(typed: str) -> str | None:
    """Return the address in normal form (its domain in lower case), None where it is none.

    One with accents before the @ is none: few mail servers would carry it (RFC 6531). Neither is
    one that mail programs take for encoded text, and may read as another (RFC 2047). A domain with
    accents is given as mail servers know it.
    """
    text = typed.strip()
    if len(text) > _MAX_LENGTH or _ENCODED_TEXT in text:
        return None
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return checked.ascii_email


def fold_email(email: str) -> str:
    """Return the form under which addresses are compared."""
    return email.casefold()


def is_same_email(left: str | None, right: str | None) -> bool:
    """Say whether both are the same address; nothing is the same as no address."""
    return bool(left and right) and fold_email(left or "") == fold_email(right or "")
