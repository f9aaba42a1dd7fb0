"""Refresh tokens: the grant's id, the number of the rotation, and a MAC that proves we made it.

No row is kept of any. Of a family only the latest generation is good; an earlier one with a good
MAC is a token used twice, hence stolen from somebody (RFC 9700 4.14.2). A bad MAC proves nothing.
"""

import re
from dataclasses import dataclass

from idp.secret_values import SecretKeys

_PURPOSE = "refresh token"
_FORM = re.compile(r"([A-Za-z0-9_-]{1,64})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token that this provider made."""

    grant_id: str
    generation: int


def write_refresh_token(keys: SecretKeys, grant_id: str, generation: int) -> str:
    """Return the refresh token of this generation of a grant."""
    return f"{grant_id}.{generation}.{keys.mac(_PURPOSE, grant_id, str(generation))}"


def read_refresh_token(keys: SecretKeys, text: str) -> RefreshToken | None:
    """Return what the token says, None where this provider did not make it."""
    match = _FORM.fullmatch(text)
    if match is None or not keys.is_mac(match[3], _PURPOSE, match[1], match[2]):
        return None
    return RefreshToken(match[1], int(match[2]))
