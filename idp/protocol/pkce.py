"""Proof Key for Code Exchange (RFC 7636), S256 alone."""

import re

from idp.protocol.errors import ProtocolError, refuse_grant, refuse_request
from idp.secret_values import digest, is_equal

_CODE_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def find_verifier_fault(challenge: str | None, verifier: str | None) -> ProtocolError | None:
    """Return why this verifier does not answer the challenge; None where it does.

    A verifier without a challenge is refused: the challenge may have been stripped from the
    authorization request (RFC 9700 4.8.2, attack case C17).
    """
    if challenge is None:
        if verifier is None:
            return None
        return refuse_request(
            "code_verifier answers no code_challenge.", reason="pkce_without_challenge"
        )
    if not verifier:
        return refuse_grant("code_verifier is missing.", reason="verifier_missing")
    if not _CODE_VERIFIER.fullmatch(verifier):
        return refuse_grant("code_verifier is malformed.", reason="verifier_malformed")
    if not is_equal(digest(verifier), challenge):
        return refuse_grant("code_verifier does not match.", reason="verifier_mismatch")
    return None
