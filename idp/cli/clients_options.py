"""The options of `idp clients add` and `edit`: one for each field of a client's record."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from idp.protocol.client import AuthMethod
from idp.protocol.vocabulary import GRANT_TYPES, SCOPES, SIGNING_ALGORITHMS, SUBJECT_TYPES

_Command = TypeVar("_Command", bound=Callable[..., Any])

_ALGORITHM = click.Choice(SIGNING_ALGORITHMS)

_ALWAYS: Mapping[str, str] = {"scopes": "openid", "grant_types": "authorization_code"}
"""What no client can do without, so that nobody need type it."""

OPTIONS: Mapping[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "name": (("--name",), {"help": "What practitioners read: “Vous vous connectez à …”."}),
    "redirect_uris": (
        ("--redirect-uri",),
        {"multiple": True, "help": "Where it is answered, to the letter. Repeatable."},
    ),
    "application_type": (
        ("--type",),
        {
            "type": click.Choice(("web", "native")),
            "help": "A site, or an app that listens on loopback.",
        },
    ),
    "token_endpoint_auth_method": (
        ("--auth-method",),
        {
            "type": click.Choice([method.value for method in AuthMethod]),
            "help": "How it proves itself at the token endpoint; none: a public client.",
        },
    ),
    "jwks_uri": (("--jwks-uri",), {"help": "Where the client publishes its keys."}),
    "jwks": (("--jwks",), {"help": "Its public keys, as JSON."}),
    "scopes": (
        ("--scope",),
        {
            "multiple": True,
            "type": click.Choice(list(SCOPES)),
            "help": "What it may ask for, besides openid. Repeatable.",
        },
    ),
    "grant_types": (
        ("--grant-type",),
        {
            "multiple": True,
            "type": click.Choice(GRANT_TYPES),
            "help": "refresh_token: it stays signed in between visits. Repeatable.",
        },
    ),
    "is_first_party": (
        ("--first-party/--third-party",),
        {"default": None, "help": "Ours (asks no consent), or somebody else's."},
    ),
    "require_pkce": (
        ("--pkce/--no-pkce",),
        {"default": None, "help": "Whether it must use PKCE (RFC 7636)."},
    ),
    "require_pushed_authorization_requests": (
        ("--require-par/--no-require-par",),
        {"default": None, "help": "Whether it must push its requests (RFC 9126)."},
    ),
    "subject_type": (
        ("--subject-type",),
        {
            "type": click.Choice(SUBJECT_TYPES),
            "help": "pairwise: a sub of its own, which no other client knows.",
        },
    ),
    "sector_identifier": (("--sector",), {"help": "The host whose clients share pairwise subs."}),
    "id_token_signed_response_alg": (
        ("--id-token-alg",),
        {"type": _ALGORITHM, "help": "What signs its ID tokens."},
    ),
    "userinfo_signed_response_alg": (
        ("--userinfo-alg",),
        {"type": _ALGORITHM, "help": "Sign userinfo as a JWT with this."},
    ),
    "access_token_lifetime": (
        ("--access-lifetime",),
        {"help": "How long its access tokens are good, such as “5 min”."},
    ),
    "id_token_lifetime": (("--id-token-lifetime",), {"help": "The same of its ID tokens."}),
    "refresh_token_lifetime": (
        ("--refresh-lifetime",),
        {"help": "How long it may refresh, such as “12 h”."},
    ),
    "post_logout_redirect_uris": (
        ("--post-logout-uri",),
        {"multiple": True, "help": "Where to return after signing out, to the letter. Repeatable."},
    ),
    "backchannel_logout_uri": (
        ("--backchannel-logout-uri",),
        {"help": "Told by us that a session ended."},
    ),
    "frontchannel_logout_uri": (
        ("--frontchannel-logout-uri",),
        {"help": "Told by the browser that a session ended."},
    ),
    "initiate_login_uri": (
        ("--initiate-login-uri",),
        {"help": "Where the site starts a sign-in by itself."},
    ),
    "allowed_origins": (
        ("--origin",),
        {"multiple": True, "help": "Whose scripts may call us (public clients). Repeatable."},
    ),
    "logo": (("--logo",), {"help": "A file of ours: /static/…"}),
    "contacts": (("--contact",), {"multiple": True, "help": "An e-mail address. Repeatable."}),
}


def add_field_options(command: _Command) -> _Command:
    """Give a command an option for each field; they arrive under the fields' names."""
    for field, (names, options) in reversed(list(OPTIONS.items())):
        command = click.option(*names, field, **options)(command)
    return command


def select_given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were given on the command line."""
    given = {}
    for field, value in values.items():
        if field in OPTIONS and value is not None and value != ():
            given[field] = _list(field, value) if isinstance(value, tuple) else value
    return given


def _list(field: str, values: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys([*filter(None, [_ALWAYS.get(field)]), *values]))
