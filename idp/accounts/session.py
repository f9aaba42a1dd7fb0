"""A single sign-on session: one browser, one account, from one login on."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`sid` is its public name in tokens; the cookie's secret rests as `secret_digest`.

    `login_request_id` names the authorization request whose login opened the session: that login,
    and no other, satisfies the request's `prompt=login` or `max_age`.
    """

    sid: str
    secret_digest: str = field(repr=False)
    sub: str
    authenticated_at: datetime
    last_seen_at: datetime
    idle_expires_at: datetime
    expires_at: datetime
    is_shared_computer: bool = False
    login_request_id: str | None = None
    browser: str = ""
    network: str = ""
    ended_at: datetime | None = None
