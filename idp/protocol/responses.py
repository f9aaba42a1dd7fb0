"""What the authorization endpoint answers: to the client through the browser, or as a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from idp.protocol.errors import ProtocolError, ReplyTo
from idp.protocol.redirect_uris import add_query
from idp.protocol.vocabulary import RESPONSE_MODES


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationAnswer:
    """Parameters for the client, and where they go (RFC 6749 4.1.2; form_post: OAuth 2.0 FPRM)."""

    reply_to: ReplyTo
    parameters: Mapping[str, str] = field(repr=False)

    @property
    def is_posted(self) -> bool:
        """Whether the browser posts them as a form."""
        return self.reply_to.response_mode == "form_post"

    @property
    def location(self) -> str:
        """The address with the parameters in its query; what was registered stays as it is."""
        return add_query(self.reply_to.redirect_uri, self.parameters)


@dataclass(frozen=True, slots=True)
class FaultPage:
    """A fault that no client can be told: a page with status 400; `reason` is for the log."""

    error: str
    reason: str


def build_answer(reply_to: ReplyTo, issuer: str, **parameters: str | None) -> AuthorizationAnswer:
    """Return an answer with the request's `state` and our `iss` (RFC 9207); None is left out."""
    told = {**parameters, "state": reply_to.state, "iss": issuer}
    return AuthorizationAnswer(
        reply_to=reply_to,
        parameters={name: value for name, value in told.items() if value is not None},
    )


def answer_error(error: ProtocolError, issuer: str) -> AuthorizationAnswer | FaultPage:
    """Return how an error is told: to the client where it may be, else on a page."""
    if error.reply_to is None:
        return FaultPage(str(error.error), error.reason)
    reply_to = error.reply_to
    if reply_to.response_mode not in RESPONSE_MODES:
        reply_to = replace(reply_to, response_mode="query")
    return build_answer(
        reply_to, issuer, error=error.error, error_description=error.get_error_description()
    )
