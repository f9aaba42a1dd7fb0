"""What an authorization request must be: one table, in order.

Until the client and its redirect URI are known to be good, a fault is shown as a page and nobody
is sent anywhere. From there on it is told to the client. `check_request` alone decides between
the two, by giving the error a `reply_to` or none (a refused request object names its own).
"""

import re
from collections.abc import Callable

from idp.protocol.authorization_request import AuthorizationRequest, ReceivedRequest
from idp.protocol.claims_request import MalformedClaimsError
from idp.protocol.client import Client
from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.pkce import find_challenge_fault
from idp.protocol.provider import Provider
from idp.protocol.redirect_uris import is_registered
from idp.protocol.vocabulary import (
    PRINTABLE_ASCII,
    PROMPTS,
    RESPONSE_MODES,
    RESPONSE_TYPES,
    UNICODE_PARAMETERS,
)

_MAX_AGE = re.compile(r"[0-9]{1,9}")
_MAX_SCOPE_LENGTH = 1000


def check_request(received: ReceivedRequest, provider: Provider) -> AuthorizationRequest:
    """Return the request, every check passed.

    Raises:
        ProtocolError: one did not; `reply_to` says whether the client may be told.

    """
    client = find_client(received, provider)
    hint = received.parameters.get("id_token_hint")
    request = AuthorizationRequest(
        received=received,
        client=client,
        hint=provider.read_id_token(hint, received.received_at) if hint else None,
    )
    try:
        check_redirect_uri(request)
    except ProtocolError as error:
        error.client_id = client.client_id
        raise
    try:
        for check in CHECKS:
            check(request)
    except ProtocolError as error:
        error.client_id = client.client_id
        error.reply_to = error.reply_to or request.reply_to
        raise
    return request


def find_client(received: ReceivedRequest, provider: Provider) -> Client:
    """Return the client that the request names."""
    client = provider.clients.find(received.client_id)
    if client is None:
        raise refuse_request("client_id is missing or unknown.", reason="unknown_client")
    return client


def check_redirect_uri(request: AuthorizationRequest) -> None:
    """The redirect URI is there, and exactly one that is registered (attack cases C01 to C09)."""
    uri = request.parameters.get("redirect_uri", "")
    client = request.client
    may_float = client.application_type == "native"
    if not is_registered(uri, client.redirect_uris, may_float=may_float):
        raise refuse_request(
            "redirect_uri is missing or not registered for this client.",
            reason="redirect_uri_not_registered",
            redirect_uri=uri,
        )


def check_characters(request: AuthorizationRequest) -> None:
    """Parameters are printable ASCII, but for those made for people (RFC 6749 appendix A)."""
    for name, value in request.parameters.items():
        if name not in UNICODE_PARAMETERS and not PRINTABLE_ASCII.fullmatch(value):
            raise refuse_request(
                f"{name} holds characters that are not printable ASCII.", reason="bad_characters"
            )


def refuse_request_objects(request: AuthorizationRequest) -> None:
    """Request objects are not supported, and never fetched (attack case C1A)."""
    for name in ("request", "request_uri"):
        if name in request.parameters:
            error = ProtocolError(f"{name}_not_supported", f"{name} is not supported.")
            error.reply_to = request.meant_reply_to
            raise error


def check_pushed(request: AuthorizationRequest) -> None:
    """A client that promised to push its requests pushes them (RFC 9126 6)."""
    is_missing = request.received.pushed_reference is None
    if request.client.require_pushed_authorization_requests and is_missing:
        raise refuse_request(
            "This client must push its authorization requests.", reason="not_pushed"
        )


def check_response_type(request: AuthorizationRequest) -> None:
    """The authorization code flow alone (RFC 9700 2.1.2, attack case C13)."""
    response_type = request.parameters.get("response_type")
    if not response_type:
        raise refuse_request("response_type is missing.", reason="response_type_missing")
    if response_type not in RESPONSE_TYPES:
        raise ProtocolError("unsupported_response_type", "response_type must be code.")


def check_response_mode(request: AuthorizationRequest) -> None:
    """The answer comes in the query or as a posted form."""
    if request.reply_to.response_mode not in RESPONSE_MODES:
        raise refuse_request(
            "response_mode must be query or form_post.", reason="response_mode_unknown"
        )


def check_scope(request: AuthorizationRequest) -> None:
    """`openid` is asked for, and nothing the client is not registered for (attack case C19)."""
    scope = request.parameters.get("scope", "")
    if len(scope) > _MAX_SCOPE_LENGTH or "openid" not in request.scopes:
        raise ProtocolError("invalid_scope", "scope must contain openid.", details={"scope": scope})
    if foreign := set(request.scopes) - set(request.client.scopes):
        raise ProtocolError(
            "invalid_scope",
            f"scope {min(foreign)} is not registered for this client.",
            reason="scope_not_registered",
        )


def check_code_challenge(request: AuthorizationRequest) -> None:
    """PKCE with S256, unless a confidential client's record says otherwise (RFC 9700 2.1.1)."""
    fault = find_challenge_fault(
        request.code_challenge,
        request.parameters.get("code_challenge_method"),
        is_required=request.client.require_pkce or request.client.is_public,
    )
    if fault is not None:
        raise fault


def check_prompt(request: AuthorizationRequest) -> None:
    """Prompts are known ones, and `none` stands alone (OpenID Connect Core 3.1.2.1)."""
    if unknown := request.prompts - set(PROMPTS):
        raise refuse_request(
            "prompt holds an unknown value.", reason="prompt_unknown", prompt=min(unknown)
        )
    if "none" in request.prompts and len(request.prompts) > 1:
        raise refuse_request("prompt none must stand alone.", reason="prompt_contradicts")


def check_max_age(request: AuthorizationRequest) -> None:
    """`max_age` is a number of seconds."""
    if not _MAX_AGE.fullmatch(request.parameters.get("max_age", "0")):
        raise refuse_request("max_age must be a number of seconds.", reason="max_age_malformed")


def check_claims(request: AuthorizationRequest) -> None:
    """The `claims` parameter reads well, and asks for no sign-in we do not have (Core 5.5.1.1)."""
    try:
        claims = request.claims
    except MalformedClaimsError as error:
        raise refuse_request("claims is not well formed.", reason="claims_malformed") from error
    if claims.demands_other_acr:
        raise ProtocolError(
            "unmet_authentication_requirements", "claims asks for an acr that is not available."
        )


def check_hint(request: AuthorizationRequest) -> None:
    """An `id_token_hint` is an ID token of ours for this very client (attack cases C31 to C37)."""
    if "id_token_hint" not in request.parameters:
        return
    if request.hint is None or request.hint["aud"] != request.client.client_id:
        raise refuse_request(
            "id_token_hint is not an ID token of this issuer for this client.", reason="bad_hint"
        )


CHECKS: tuple[Callable[[AuthorizationRequest], None], ...] = (
    check_characters,
    refuse_request_objects,
    check_pushed,
    check_response_type,
    check_response_mode,
    check_scope,
    check_code_challenge,
    check_prompt,
    check_max_age,
    check_claims,
    check_hint,
)
"""After `find_client` and `check_redirect_uri`, whose faults are pages."""
