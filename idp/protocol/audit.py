"""What the audit trail keeps of refusals: what `idp clients doctor` explains afterwards."""

from collections import defaultdict
from datetime import datetime

from authlib.oauth2 import OAuth2Error

from idp.audit_events import Event
from idp.protocol.errors import ProtocolError
from idp.protocol.exchange import AuthorizationExchange, ProtocolRequest

REFUSALS = (Event.AUTHORIZATION_REFUSED, Event.TOKEN_REFUSED)
_EVERYDAY = frozenset({"login_required", "consent_required"})
_MAX_DETAIL_LENGTH = 500
_RECORDED_A_MINUTE = 5


class RefusalBudget:
    """How many refusals a minute are recorded of one client and reason.

    Anybody can have requests refused that name a known client, and the trail is kept for a year.
    Each process counts by itself; there is one entry a client and reason.
    """

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._spent: defaultdict[tuple[str, str], int] = defaultdict(int)

    def spend(self, client_id: str, reason: str, now: datetime) -> bool:
        """Count one refusal; False once the minute's are recorded."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._spent.clear()
        self._spent[client_id, reason] += 1
        return self._spent[client_id, reason] <= _RECORDED_A_MINUTE


def record_refusal(request: ProtocolRequest, error: OAuth2Error, budget: RefusalBudget) -> None:
    """Record why a known client was refused, as far as the minute's budget goes.

    Unknown clients are not recorded: anybody could fill the trail with them. Neither are answers
    that are part of everyday life, such as that nobody is signed in.
    """
    client_id = _find_client_id(request, error)
    if client_id is None or error.error in _EVERYDAY:
        return
    reason = error.reason if isinstance(error, ProtocolError) else str(error.error)
    if not budget.spend(client_id, reason, request.now):
        return
    is_authorization = isinstance(request.exchange, AuthorizationExchange)
    details = error.details if isinstance(error, ProtocolError) else {}
    request.uow.audit.record(
        Event.AUTHORIZATION_REFUSED if is_authorization else Event.TOKEN_REFUSED,
        client_id=client_id,
        reason=reason,
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
