"""Who is signed in at the demo's site: kept in memory, so that a logout notice can end it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from idp import secret_values


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSession:
    """What the provider told about somebody: the ID token's claims and those of userinfo."""

    claims: Mapping[str, Any]
    profile: Mapping[str, Any]
    id_token: str = field(repr=False)


class SiteSessions:
    """Sessions by the secret in the browser's cookie."""

    def __init__(self) -> None:
        self._sessions: dict[str, SiteSession] = {}

    def open(self, session: SiteSession) -> str:
        """Keep the session and return the secret for its cookie."""
        secret = secret_values.random_token()
        self._sessions[secret] = session
        return secret

    def find(self, secret: str | None) -> SiteSession | None:
        """Return the session of that secret, None where it ended."""
        return self._sessions.get(secret or "")

    def end(self, secret: str | None) -> SiteSession | None:
        """End that session and return what it was."""
        return self._sessions.pop(secret or "", None)

    def end_all(self, *, sub: str | None, sid: str | None) -> int:
        """End the sessions of that `sid`, or all of that `sub` where no `sid` is told."""
        name, value = ("sid", sid) if sid else ("sub", sub)
        ended = [key for key, kept in self._sessions.items() if kept.claims.get(name) == value]
        for key in ended:
            self._sessions.pop(key, None)
        return len(ended)
