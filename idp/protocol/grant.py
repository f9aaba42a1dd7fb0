"""A grant: one practitioner, one client, some scopes, one session - and one authorization code.

The row is written when the code is issued. Redeeming the code, rotating the refresh token and
revoking the family are each one conditional update of that row.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`sub` is the account's; what a pairwise client sees is derived from it.

    `once_id` names the authorization request where it may be answered only once (it demanded a
    fresh login or consent); `refresh_generation` counts the refresh tokens given: 0 is none yet.
    """

    id: str
    sub: str
    client_id: str
    sid: str
    scope: str
    authenticated_at: datetime
    created_at: datetime
    expires_at: datetime
    code_digest: str = field(repr=False)
    code_expires_at: datetime
    code_used_at: datetime | None = None
    redirect_uri: str
    nonce: str | None = None
    code_challenge: str | None = None
    claims: str = ""
    once_id: str | None = None
    refresh_generation: int = 0
    revoked_at: datetime | None = None
