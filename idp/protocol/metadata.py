"""The discovery document (OpenID Connect Discovery 1.0, RFC 8414), from what is registered.

An endpoint is named where the application has a route for it, a grant type where the server has
its grant, an algorithm where a key signs with it: the document cannot promise what is not there.
"""

from collections.abc import Collection, Mapping
from typing import Any

from idp.protocol.client import AuthMethod
from idp.protocol.vocabulary import (
    ACR_PASSWORD,
    ASSERTION_ALGORITHMS,
    DISPLAYS,
    PROMPTS,
    RESPONSE_MODES,
    RESPONSE_TYPES,
    SCOPES,
    SIGNING_ALGORITHMS,
    SUBJECT_TYPES,
)

ENDPOINTS: Mapping[str, str] = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "userinfo_endpoint": "/userinfo",
    "jwks_uri": "/jwks.json",
    "pushed_authorization_request_endpoint": "/par",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/revoke",
    "end_session_endpoint": "/end_session",
    "check_session_iframe": "/check_session",
}

_ID_TOKEN_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "sid")


def build_metadata(
    issuer: str,
    *,
    paths: Collection[str],
    grant_types: Collection[str],
    signing_algorithms: Collection[str],
) -> dict[str, Any]:
    """Return the document.

    Args:
        issuer: our name.
        paths: the paths the application answers.
        grant_types: the grant types of the token endpoint.
        signing_algorithms: the algorithms some key signs with at the moment.

    """
    algorithms = [name for name in SIGNING_ALGORITHMS if name in signing_algorithms]
    named = {name: f"{issuer}{path}" for name, path in ENDPOINTS.items() if path in paths}
    return {
        "issuer": issuer,
        **named,
        **_describe_requests(grant_types),
        **_describe_client_authentication(named),
        **_describe_logout(named),
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
    }


def _describe_requests(grant_types: Collection[str]) -> dict[str, Any]:
    claims = dict.fromkeys([*_ID_TOKEN_CLAIMS, *(c for scope in SCOPES.values() for c in scope)])
    return {
        "scopes_supported": list(SCOPES),
        "response_types_supported": list(RESPONSE_TYPES),
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": sorted(grant_types),
        "subject_types_supported": list(SUBJECT_TYPES),
        "acr_values_supported": [ACR_PASSWORD],
        "display_values_supported": list(DISPLAYS),
        "prompt_values_supported": list(PROMPTS),
        "claims_supported": list(claims),
        "claim_types_supported": ["normal"],
        "ui_locales_supported": ["fr"],
        "code_challenge_methods_supported": ["S256"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "authorization_response_iss_parameter_supported": True,
    }


def _describe_client_authentication(named: Mapping[str, str]) -> dict[str, Any]:
    """Say how clients prove who they are: to introspect, a public client cannot."""
    document: dict[str, Any] = {}
    for endpoint in ("token_endpoint", "introspection_endpoint", "revocation_endpoint"):
        if endpoint in named:
            methods = [
                method.value
                for method in AuthMethod
                if method is not AuthMethod.NONE or endpoint != "introspection_endpoint"
            ]
            document[f"{endpoint}_auth_methods_supported"] = methods
            document[f"{endpoint}_auth_signing_alg_values_supported"] = list(ASSERTION_ALGORITHMS)
    return document


def _describe_logout(named: Mapping[str, str]) -> dict[str, Any]:
    is_offered = "end_session_endpoint" in named
    return {
        "backchannel_logout_supported": is_offered,
        "backchannel_logout_session_supported": is_offered,
        "frontchannel_logout_supported": is_offered,
        "frontchannel_logout_session_supported": is_offered,
    }
