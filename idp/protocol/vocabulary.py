"""The words of the protocol that this provider speaks: what is not here is not supported."""

import re

ACR_PASSWORD = "urn:mnspf:acr:pwd"  # noqa: S105 - names a way to sign in
AMR_PASSWORD = ("pwd",)

GRANT_TYPES = ("authorization_code", "refresh_token")
RESPONSE_TYPES = ("code",)
RESPONSE_MODES = ("query", "form_post")
PROMPTS = ("none", "login", "consent", "select_account", "create")
DISPLAYS = ("page", "popup", "touch", "wap")
SUBJECT_TYPES = ("public", "pairwise")

SIGNING_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
ACCESS_TOKEN_ALGORITHM = "ES256"  # noqa: S105 - the name of an algorithm
"""Not the relying parties' business: they treat access tokens as opaque, and it is the fastest."""

ASSERTION_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""What a client may sign its assertions with: never HMAC, never `none`."""

PUSHED_REQUEST_PREFIX = "urn:ietf:params:oauth:request_uri:"

ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type (RFC 9068 2.1)
ID_TOKEN_TYPE = "JWT"  # noqa: S105 - a media type
LOGOUT_TOKEN_TYPE = "logout+jwt"  # noqa: S105 - a media type
BACKCHANNEL_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

AUTHORIZATION_PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "response_mode",
    "nonce",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
)
"""The parameters of an authorization request that mean something here; others are ignored."""

PRINTABLE_ASCII = re.compile(r"[\x20-\x7e]*")
UNICODE_PARAMETERS = frozenset({"login_hint", "claims"})
"""The only ones that may hold more than printable ASCII (RFC 6749 appendix A)."""

SCOPES = {
    "openid": ("sub",),
    "profile": ("name", "given_name", "family_name", "updated_at"),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
    "finess": ("finess",),
}
"""Each scope with the claims it stands for (OpenID Connect Core 5.4; `finess` is ours)."""
