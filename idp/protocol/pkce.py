"""Proof Key for Code Exchange (RFC 7636), S256 alone."""

import re

from idp.protocol.errors import ProtocolError, refuse_grant, refuse_request
from idp.secret_values import digest, is_equal

_CODE_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def find_challenge_fault(
    challenge: str | None, method: str | None, *, is_required: bool
) -> ProtocolError | None:
    """Return why an authorization request may not have this challenge; None where it may."""
    if challenge is None and method is None and not is_required:
        return None
    if challenge is None:
        return refuse_request("code_challenge is missing.", reason="pkce_missing")
    if method != "S256":
        return refuse_request("code_challenge_method must be S256.", reason="pkce_not_s256")
    if not _CODE_CHALLENGE.fullmatch(challenge):
        return refuse_request("code_challenge is not a SHA-256 digest.", reason="pkce_malformed")
    return None


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
