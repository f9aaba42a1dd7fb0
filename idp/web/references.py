"""References: what a practitioner reads on the phone from a page of a fault, such as K7QF-3M2P.

A reference follows from the request id alone, so that the operator who is told it finds the log
line that holds both, and from there everything else that bears the request id: nginx's line, the
other log lines, the audit trail (`idp audit search --request`, which takes a reference too).
"""

from idp import secret_values

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def make_reference(request_id: str) -> str:
    """Return the reference of the request with this id."""
    number = int(secret_values.fingerprint(request_id), 16)
    letters = []
    for _ in range(8):
        number, remainder = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[remainder])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
