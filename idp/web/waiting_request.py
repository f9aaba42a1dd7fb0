"""The request that waits behind a page: whose it is, and where a practitioner goes on.

One that is too old can no longer be answered, but still says which site it came from.
"""

from dataclasses import dataclass

from idp.accounts.session import Session
from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.client import Client
from idp.protocol.redirect_uris import add_query, csp_source_of
from idp.secret_values import SealBrokenError
from idp.web.context import current
from idp.web.sealed_request import (
    SealedRequestExpiredError,
    add_sealed_text,
    open_request,
    read_sealed_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A request that is ours; `received` is None where it is too old to be answered."""

    text: str
    client: Client
    received: ReceivedRequest | None

    @property
    def is_stale(self) -> bool:
        """Whether the site has surely forgotten it: it should then begin again itself."""
        if self.received is None:
            return True
        age = current.now - self.received.received_at
        return age >= current.services.settings.tokens.stale_request_lifetime

    def is_over(self, before: Session | None) -> bool:
        """Whether its site expects no answer: it forgot it, or got one in the session `before`."""
        return self.is_stale or self.has_led_to(before)

    def has_led_to(self, session: Session | None) -> bool:
        """Whether it led to this session: then its site got an answer, and expects no second."""
        return bool(
            session and self.received and session.login_request_id == self.received.request_id
        )


def find_waiting_request(text: str) -> WaitingRequest | None:
    """Return what was sealed in `text`, None where it is not ours or its client is gone."""
    opened = current.waiting_requests
    if text not in opened:
        opened[text] = _open_waiting_request(text)
    return opened[text]


def _open_waiting_request(text: str) -> WaitingRequest | None:
    received = None
    try:
        received = open_request(text)
        client_id = received.client_id
    except SealedRequestExpiredError as expired:
        client_id = expired.client_id
    except SealBrokenError:
        return None
    client = current.services.clients.find(client_id)
    return WaitingRequest(text=text, client=client, received=received) if client else None


def read_waiting_text() -> str:
    """Return the sealed request at hand if it is ours, "" else: nothing else is kept in a row."""
    text = read_sealed_text()
    return text if find_waiting_request(text) else ""


def find_next_address(text: str, *, otherwise: str, before: Session | None = None) -> str:
    """Return where a practitioner who signed in goes on.

    A fresh request returns to the dispatcher. A stale one begins again at its site, where the
    client names a door for it; so does one that began the session `before` this login already:
    who goes back to the login page brings it twice. Where nothing waits: `otherwise`, our own.
    """
    waiting = find_waiting_request(text)
    if waiting is None:
        return otherwise
    if waiting.is_over(before) and (door := find_entrance(waiting.client)):
        return door
    return add_sealed_text("/authorize", text) if waiting.received else otherwise


def find_entrance(client: Client) -> str | None:
    """Return where the client starts a login by itself (OpenID Connect Core 4), if anywhere."""
    if not client.initiate_login_uri:
        return None
    return add_query(client.initiate_login_uri, {"iss": current.services.settings.issuer})


def let_forms_lead_to_site(text: str) -> None:
    """Let the forms of this page lead to the site that waits.

    Chromium holds each redirect after a form's POST against `form-action`.
    """
    waiting = find_waiting_request(text)
    if waiting is None:
        return
    redirect_uri = waiting.received.parameters.get("redirect_uri", "") if waiting.received else ""
    for uri in {redirect_uri, waiting.client.initiate_login_uri or ""} - {""}:
        current.form_action_origins.append(csp_source_of(uri))
