"""Back-channel logout (OpenID Connect Back-Channel Logout 1.0, section 2.5): telling a client.

The logout token is built anew at each try, since it lives two minutes and the client may have been
away for an hour.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from idp.outbound.failures import DeferredError, RefusedError
from idp.outbound.http_client import Answer, ExchangeError
from idp.outbound.ports import OutboxItem
from idp.protocol.client import Client

_ACCEPTED = frozenset({200, 204})
_REST = timedelta(seconds=30)


class BuildLogoutToken(Protocol):
    """Signs the logout token of one session at one client."""

    def __call__(self, client: Client, *, sub: str, sid: str, now: datetime) -> str:
        """Return the signed token."""


class FormPoster(Protocol):
    """The guarded HTTP client, as far as it is needed here."""

    def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """Post a form, or raise `ExchangeError`."""


class LogoutNoticeHandler:
    """Delivers items whose `recipient` is a client id, with parameters `sub` and `sid`."""

    def __init__(
        self,
        find_client: Callable[[str], Client | None],
        build_logout_token: BuildLogoutToken,
        http: FormPoster,
    ) -> None:
        """Take how to find a client's record, how to sign, and how to post."""
        self._find_client = find_client
        self._build_logout_token = build_logout_token
        self._http = http
        self._resting_until: dict[str, datetime] = {}

    def deliver(self, item: OutboxItem, now: datetime) -> None:
        """Post one logout token.

        Raises:
            RefusedError: the client is gone, or no longer wants notices.
            DeferredError: it did not take this one; a client that does not answer is left alone
                for half a minute, so that its many notices do not hold up those of others.

        """
        client = self._find_client(item.recipient)
        if client is None or client.backchannel_logout_uri is None:
            raise RefusedError("the client has no back-channel logout address any more")
        if now < self._resting_until.get(client.client_id, now):
            raise DeferredError("the client did not answer a moment ago")
        token = self._build_logout_token(
            client, sub=item.parameters["sub"], sid=item.parameters["sid"], now=now
        )
        answer = self._post(
            client.backchannel_logout_uri, token, client_id=client.client_id, now=now
        )
        if answer.status not in _ACCEPTED:
            raise DeferredError(f"the client answered {answer.status}")

    def end_batch(self) -> None:
        """Do nothing: connections are not kept."""

    def _post(self, uri: str, token: str, *, client_id: str, now: datetime) -> Answer:
        try:
            return self._http.post_form(uri, {"logout_token": token})
        except ExchangeError as error:
            self._resting_until[client_id] = now + _REST
            raise DeferredError(str(error)) from error
