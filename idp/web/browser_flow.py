"""The `flow` cookie: which browser asked for a mail, and which mail's link it opened last.

A link's token leaves the address bar at the first GET, so that neither the history nor a Referer
keeps it: the cookie carries it to the clean address, where a hidden field takes over. So a reload
works, and so do two links in two tabs.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from flask import Response, request

from idp import secret_values
from idp.accounts.typed_text import normalize_token
from idp.web.context import current
from idp.web.cookies import read_cookie, set_cookie
from idp.web.redirects import go_to

LinkDoor = Literal["activation", "reset", "email_confirm", "email_undo"]

_MAX_TOKEN_LENGTH = 64
_FLOW = re.compile(r"(?P<secret>[A-Za-z0-9_-]{43})(?:\.(?P<door>[a-z_]+)\.(?P<token>[\w-]+))?")


@dataclass(frozen=True, slots=True)
class BrowserFlow:
    """One browser: its secret, whose digest rows keep, and the link it opened last."""

    secret: str = field(repr=False)
    door: str = ""
    token: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """What rows keep of the secret."""
        return secret_values.digest(self.secret)


def read_flow() -> BrowserFlow:
    """Return this browser's flow, a new one where it has none."""
    match = _FLOW.fullmatch(read_cookie("flow") or "")
    if match is None:
        return BrowserFlow(secret_values.random_token())
    return BrowserFlow(match["secret"], match["door"] or "", match["token"] or "")


def keep_flow(response: Response, flow: BrowserFlow) -> Response:
    """Send the cookie; it lasts as long as a request may wait."""
    value = f"{flow.secret}.{flow.door}.{flow.token}" if flow.token else flow.secret
    lifetime = current.services.settings.tokens.sealed_request_lifetime
    set_cookie(response, "flow", value, lifetime=lifetime)
    return response


def put_link_away(door: LinkDoor, path: str) -> Response | None:
    """Answer the GET of a mail's link with the clean `path`; None where there is no token."""
    if "token" not in request.args:
        return None
    token = normalize_token(request.args["token"])[:_MAX_TOKEN_LENGTH]
    return keep_flow(go_to(path), replace(read_flow(), door=door, token=token))


def read_ticket(door: LinkDoor) -> str:
    """Return the token of the link this tab is about, "" where it has none.

    The hidden field wins over the cookie, which another tab may have changed.
    """
    if "ticket" in request.form:
        return normalize_token(request.form["ticket"])
    flow = read_flow()
    return flow.token if flow.door == door else ""
