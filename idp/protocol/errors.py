"""Why something is refused: OAuth error codes with a sentence for the relying party's developer.

Descriptions are English and printable ASCII without quotes or backslashes (RFC 6749 4.1.2.1), and
never repeat what was received: that goes to the audit trail as details.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from authlib.oauth2 import OAuth2Error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """Where the answer to an authorization request goes, known to be registered by the client."""

    client_name: str
    redirect_uri: str
    response_mode: str = "query"
    state: str | None = None


class ProtocolError(OAuth2Error):
    """An OAuth error, with what only the audit trail is told.

    `reason` is a stable word for people and statistics, `details` what was received; `reply_to`
    None means, at the authorization endpoint: a page, never a redirect.
    """

    def __init__(
        self,
        error: str,
        description: str,
        *,
        reason: str = "",
        details: Mapping[str, str] | None = None,
        status: int = 400,
    ) -> None:
        """Take the error code, its sentence, and the HTTP status where it is answered as JSON."""
        super().__init__(description, error=error, status_code=status)
        self.reason = reason or error
        self.details = dict(details or {})
        self.client_id: str | None = None
        self.reply_to: ReplyTo | None = None
        self.challenge: str | None = None

    def get_headers(self) -> list[tuple[str, str]]:
        """Return the headers of a JSON answer, with the challenge of a 401 (RFC 9110 15.5.2)."""
        headers: list[tuple[str, str]] = super().get_headers()
        if self.challenge is None or self.status_code != HTTPStatus.UNAUTHORIZED:
            return headers
        return [*headers, ("WWW-Authenticate", self.challenge)]


class RequestAnsweredError(Exception):
    """An authorization request that may be answered once was answered a moment ago."""


def refuse_request(description: str, *, reason: str, **details: str) -> ProtocolError:
    """Return an `invalid_request` error: the request itself is malformed (RFC 6749 4.1.2.1)."""
    return ProtocolError("invalid_request", description, reason=reason, details=details)


def refuse_grant(description: str, *, reason: str, **details: str) -> ProtocolError:
    """Return an `invalid_grant` error: code or refresh token are worth nothing (RFC 6749 5.2)."""
    return ProtocolError("invalid_grant", description, reason=reason, details=details)


def refuse_client(description: str, *, reason: str) -> ProtocolError:
    """Return an `invalid_client` error: who is asking was not proved (RFC 6749 5.2)."""
    return ProtocolError("invalid_client", description, reason=reason, status=401)
