"""Client authentication (OpenID Connect Core 9): one way a request, and the one registered.

Authlib's own functions take several ways at once, leave `+` in Basic credentials undecoded and
end in a 500 on bytes that are no text: ours are used instead, behind its `authenticate_client`.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import unquote_plus

from idp.protocol.client import AuthMethod, Client
from idp.protocol.client_assertion import ASSERTION_TYPE, consume_assertion, read_assertion_subject
from idp.protocol.errors import ProtocolError, refuse_client, refuse_request
from idp.protocol.exchange import ProtocolRequest
from idp.protocol.provider import Provider
from idp.secret_values import digest, is_equal

_NO_DIGEST = "-" * 43
_FAILED = "Client authentication failed: unknown client, wrong method or wrong credentials."


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a request says it is from, and how it means to prove it."""

    method: AuthMethod
    client_id: str
    proof: str = ""


def authenticate_client(request: ProtocolRequest, provider: Provider) -> tuple[Client, AuthMethod]:
    """Return the client that proved who it is.

    Raises:
        ProtocolError: `invalid_client`, or `invalid_request` where it tries two ways at once.

    """
    try:
        credentials = read_credentials(request)
        return _verify(credentials, request, provider), credentials.method
    except ProtocolError as error:
        error.challenge = f'Basic realm="{provider.issuer}"'
        error.client_id = error.client_id or _name_known_client(request, provider)
        raise


def read_credentials(request: ProtocolRequest) -> Credentials:
    """Return what the request authenticates with (RFC 6749 2.3: not more than one way)."""
    form, header = request.form, request.exchange.authorization
    ways = [
        way
        for way, is_used in (
            (AuthMethod.BASIC, header is not None),
            (AuthMethod.POST, "client_secret" in form),
            (AuthMethod.PRIVATE_KEY_JWT, "client_assertion" in form),
        )
        if is_used
    ]
    if len(ways) > 1:
        raise refuse_request("Only one way of client authentication.", reason="two_auth_methods")
    client_id = form.get("client_id", "")
    if not ways:
        return Credentials(AuthMethod.NONE, client_id)
    credentials = _READERS[ways[0]](request)
    if client_id and client_id != credentials.client_id:
        raise refuse_client("client_id differs from the credentials.", reason="client_id_differs")
    return credentials


def _read_basic(request: ProtocolRequest) -> Credentials:
    """Read the Authorization header; both parts are form-url-encoded (RFC 6749 2.3.1)."""
    scheme, _, encoded = (request.exchange.authorization or "").partition(" ")
    try:
        text = b64decode(encoded.strip(), validate=True).decode() if scheme else ""
    except (binascii.Error, ValueError):
        text = ""
    client_id, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise refuse_client("The Authorization header is malformed.", reason="basic_malformed")
    return Credentials(AuthMethod.BASIC, unquote_plus(client_id), unquote_plus(secret))


def _read_post(request: ProtocolRequest) -> Credentials:
    form = request.form
    return Credentials(AuthMethod.POST, form.get("client_id", ""), form["client_secret"])


def _read_assertion(request: ProtocolRequest) -> Credentials:
    form = request.form
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise refuse_client("client_assertion_type is wrong.", reason="assertion_type_wrong")
    assertion = form["client_assertion"]
    return Credentials(AuthMethod.PRIVATE_KEY_JWT, read_assertion_subject(assertion), assertion)


_READERS = {
    AuthMethod.BASIC: _read_basic,
    AuthMethod.POST: _read_post,
    AuthMethod.PRIVATE_KEY_JWT: _read_assertion,
}


def _verify(credentials: Credentials, request: ProtocolRequest, provider: Provider) -> Client:
    client = provider.clients.find(credentials.client_id)
    has_secret = _has_secret(client, credentials.proof, request)
    if client is None:
        raise refuse_client(_FAILED, reason="unknown_client")
    try:
        _check_method(credentials, client)
        if credentials.method is AuthMethod.PRIVATE_KEY_JWT:
            consume_assertion(credentials.proof, client, request=request, provider=provider)
        elif credentials.method is not AuthMethod.NONE and not has_secret:
            raise refuse_client(_FAILED, reason="wrong_secret")
    except ProtocolError as error:
        error.client_id = client.client_id
        raise
    return client


def _check_method(credentials: Credentials, client: Client) -> None:
    if client.token_endpoint_auth_method is not credentials.method:
        error = refuse_client(_FAILED, reason="wrong_auth_method")
        error.details["used"] = credentials.method.value
        raise error


def _name_known_client(request: ProtocolRequest, provider: Provider) -> str | None:
    """Return who the form says is asking, if there is such a client: for the audit trail alone."""
    client = provider.clients.find(request.form.get("client_id", ""))
    return client.client_id if client else None


def _has_secret(client: Client | None, proof: str, request: ProtocolRequest) -> bool:
    """Compare digests of 256-bit secrets; an unknown client costs the same (attack case C2B)."""
    kept = client.secrets if client else ()
    live = [secret.digest for secret in kept if secret.is_alive(request.now)]
    given = digest(proof)
    return any([is_equal(given, known) for known in live or [_NO_DIGEST]])  # noqa: C419 - no early end
