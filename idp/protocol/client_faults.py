"""What a client's record may not hold (attack cases C05, C102, C106): found before it is kept."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from idp.durations import show_duration
from idp.protocol.client import AuthMethod, Client
from idp.protocol.client_keys import read_key_set
from idp.protocol.client_secrets import uses_secret
from idp.protocol.redirect_uris import find_uri_fault, host_of, is_origin, origin_of
from idp.protocol.vocabulary import GRANT_TYPES, SCOPES, SIGNING_ALGORITHMS, SUBJECT_TYPES

_CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")
_LOGO = re.compile(r"/static/[A-Za-z0-9._/-]+\.(?:svg|png|webp)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MAX_NAME_LENGTH = 80
_LONGEST_TOKEN_LIFETIME = timedelta(hours=12)
_LONGEST_REFRESH_LIFETIME = timedelta(days=366)
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def find_client_faults(client: Client) -> list[str]:
    """Return each fault of a record, as "client: field: sentence"; none where it may be kept."""
    return [f"{client.client_id}: {fault}" for rule in RULES for fault in rule(client)]


def _check_names(client: Client) -> Iterator[str]:
    if not _CLIENT_ID.fullmatch(client.client_id):
        yield "client_id: must be 1 to 64 letters, digits or . _ ~ -, a letter or digit first"
    if not 0 < len(client.name) <= _MAX_NAME_LENGTH or not client.name.isprintable():
        yield f"name: must be 1 to {_MAX_NAME_LENGTH} printable characters"
    if client.logo is not None and (not _LOGO.fullmatch(client.logo) or ".." in client.logo):
        yield "logo: must be a file of this provider: /static/NAME.svg, .png or .webp"
    for contact in client.contacts:
        if not _EMAIL.fullmatch(contact):
            yield f"contacts: {contact} is no e-mail address"


def _check_uris(client: Client) -> Iterator[str]:
    if not client.redirect_uris:
        yield "redirect_uris: at least one is needed"
    named = {
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "initiate_login_uri": (client.initiate_login_uri,),
        "backchannel_logout_uri": (client.backchannel_logout_uri,),
        "frontchannel_logout_uri": (client.frontchannel_logout_uri,),
    }
    for field, uris in named.items():
        for uri in uris:
            if uri is not None and (fault := find_uri_fault(uri)):
                yield f"{field}: {uri} {fault}"


def _check_origins(client: Client) -> Iterator[str]:
    for origin in client.allowed_origins:
        if find_uri_fault(origin) or not is_origin(origin):
            yield f"allowed_origins: {origin} must be an origin such as https://app.example"
    if client.allowed_origins and not client.is_public:
        yield "allowed_origins: a client with a secret has no business in a browser"
    framed = client.frontchannel_logout_uri
    if framed and not find_uri_fault(framed):
        origins = {origin_of(uri) for uri in client.redirect_uris if not find_uri_fault(uri)}
        if origin_of(framed) not in origins:
            yield "frontchannel_logout_uri: must have the origin of a redirect URI"


def _check_authentication(client: Client) -> Iterator[str]:
    if client.secrets and not uses_secret(client):
        yield "secrets: only for client_secret_basic and client_secret_post"
    is_by_key = client.token_endpoint_auth_method is AuthMethod.PRIVATE_KEY_JWT
    if is_by_key and (client.jwks is None) == (client.jwks_uri is None):
        yield "jwks: private_key_jwt needs either jwks or jwks_uri"
    if not is_by_key and (client.jwks or client.jwks_uri):
        yield "jwks: only for private_key_jwt"
    if client.is_public and not client.require_pkce:
        yield "require_pkce: a public client cannot go without"


def _check_keys(client: Client) -> Iterator[str]:
    if client.jwks_uri is not None and (
        find_uri_fault(client.jwks_uri) or not client.jwks_uri.startswith("https://")
    ):
        yield f"jwks_uri: {client.jwks_uri} must be https"
    if client.jwks is None:
        return
    if read_key_set(client.jwks) is None:
        yield "jwks: no public key of it can be read"
    elif any(_PRIVATE_MEMBERS & key.keys() for key in client.jwks["keys"]):
        yield "jwks: holds a private or shared key, which must not leave the client"


def _check_choices(client: Client) -> Iterator[str]:
    algorithms = {client.id_token_signed_response_alg, client.userinfo_signed_response_alg}
    if unknown := algorithms - {*SIGNING_ALGORITHMS, None}:
        yield f"algorithms: {unknown.pop()} is none of {', '.join(SIGNING_ALGORITHMS)}"
    if client.application_type not in {"web", "native"}:
        yield "application_type: must be web or native"
    for field, values, known in (
        ("scopes", client.scopes, SCOPES),
        ("grant_types", client.grant_types, GRANT_TYPES),
        ("subject_type", (client.subject_type,), SUBJECT_TYPES),
    ):
        if strange := set(values) - set(known):
            yield f"{field}: {min(strange)} is none of {', '.join(known)}"
    if "openid" not in client.scopes:
        yield "scopes: must hold openid"
    if "authorization_code" not in client.grant_types:
        yield "grant_types: must hold authorization_code"


def _check_sector(client: Client) -> Iterator[str]:
    """A pairwise subject is made for one host, or for a sector named (OpenID Connect Core 8.1)."""
    hosts = {host_of(uri) for uri in client.redirect_uris if not find_uri_fault(uri)}
    is_ambiguous = len(hosts) > 1 and client.sector_identifier is None
    if client.subject_type == "pairwise" and is_ambiguous:
        yield "sector_identifier: needed where redirect URIs have several hosts"


def _check_lifetimes(client: Client) -> Iterator[str]:
    for field, longest in (
        ("access_token_lifetime", _LONGEST_TOKEN_LIFETIME),
        ("id_token_lifetime", _LONGEST_TOKEN_LIFETIME),
        ("refresh_token_lifetime", _LONGEST_REFRESH_LIFETIME),
    ):
        lifetime: timedelta | None = getattr(client, field)
        if lifetime is not None and not timedelta(seconds=1) <= lifetime <= longest:
            yield f"{field}: must be between 1 s and {show_duration(longest)}"


RULES: tuple[Callable[[Client], Iterator[str]], ...] = (
    _check_names,
    _check_uris,
    _check_origins,
    _check_authentication,
    _check_keys,
    _check_choices,
    _check_sector,
    _check_lifetimes,
)
