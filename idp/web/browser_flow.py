"""The `flow` cookie: which browser asked for a mail, and which mail's link it opened last."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Response

from idp import secret_values
from idp.web.cookies import read_cookie, set_cookie

_FLOW = re.compile(r"(?P<secret>[A-Za-z0-9_-]{43})(?:\.(?P<door>[a-z_]+)\.(?P<token>[\w-]{1,64}))?")


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


def keep_flow(response: Response, flow: BrowserFlow, *, lifetime: timedelta) -> Response:
    """Send the cookie."""
    value = f"{flow.secret}.{flow.door}.{flow.token}" if flow.token else flow.secret
    set_cookie(response, "flow", value, lifetime=lifetime)
    return response
