"""What the audit trail keeps of refusals: what `idp clients doctor` explains afterwards."""

from enum import StrEnum

from authlib.oauth2 import OAuth2Error

from idp.protocol.errors import ProtocolError
from idp.protocol.exchange import AuthorizationExchange, ProtocolRequest


class Event(StrEnum):
    """The audit events of the protocol room."""

    AUTHORIZATION_REFUSED = "authorization.refused"
    TOKEN_REFUSED = "token.refused"  # noqa: S105 - the name of an event


_EVERYDAY = frozenset({"login_required", "consent_required"})
_MAX_DETAIL_LENGTH = 500


def record_refusal(request: ProtocolRequest, error: OAuth2Error) -> None:
    """Record why a known client was refused.

    Unknown clients are not recorded: anybody could fill the trail with them. Neither are answers
    that are part of everyday life, such as that nobody is signed in.
    """
    client_id = _find_client_id(request, error)
    if client_id is None or error.error in _EVERYDAY:
        return
    is_authorization = isinstance(request.exchange, AuthorizationExchange)
    details = error.details if isinstance(error, ProtocolError) else {}
    request.uow.audit.record(
        Event.AUTHORIZATION_REFUSED if is_authorization else Event.TOKEN_REFUSED,
        client_id=client_id,
        reason=error.reason if isinstance(error, ProtocolError) else str(error.error),
        details={
            "error": str(error.error),
            "description": str(error.get_error_description()),
            **{name: _make_printable(value) for name, value in details.items()},
        },
    )


def _make_printable(received: str) -> str:
    """Return what anybody sent so that no terminal or log is taken in by it: one line, no ESC."""
    cut = received[:_MAX_DETAIL_LENGTH]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in cut)


def _find_client_id(request: ProtocolRequest, error: OAuth2Error) -> str | None:
    if request.client is not None:
        return str(request.client.get_client_id())
    return error.client_id if isinstance(error, ProtocolError) else None
