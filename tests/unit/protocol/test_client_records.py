"""Clients as operators write them: what is read, what is refused."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from idp.protocol.client import AuthMethod
from idp.protocol.client_doctor import compare_uris, explain
from idp.protocol.client_records import ClientFaultsError, build_client, parse_clients
from idp.protocol.client_secrets import rotate_secret
from idp.protocol.client_values import READERS, show_field
from idp.protocol.refusal_words import REFUSAL_WORDS
from idp.secret_values import digest
from tests.support.protocol_house import SITE
from tests.support.signing import HOUR, START

EXAMPLE = Path("config/clients.toml.example")
GOOD: dict[str, Any] = {
    "client_id": "site",
    "name": "Site",
    "redirect_uris": ["https://site.example/cb"],
}


def test_example_is_good() -> None:
    """The file that operators copy has no fault."""
    clients = parse_clients(EXAMPLE.read_text("utf-8"), START)
    assert [client.client_id for client in clients] == [
        "espace-sante",
        "partenaire",
        "application",
        "logiciel",
    ]


@pytest.mark.parametrize(
    "field, value",
    [
        ("client_id", "a b"),
        ("client_id", "a+b"),
        ("client_id", "a:b"),
        ("client_id", "a%b"),
        ("client_id", "<script>"),
        ("client_id", "-x"),
        ("name", ""),
        ("name", "a\nb"),
        ("name", "n" * 81),
        ("redirect_uris", []),
        ("redirect_uris", ["http://site.example/cb"]),
        ("post_logout_redirect_uris", ["https://site.example/#x"]),
        ("initiate_login_uri", "javascript:alert(1)"),
        ("backchannel_logout_uri", "http://169.254.169.254/"),
        ("backchannel_logout_uri", "file:///etc/passwd"),
        ("frontchannel_logout_uri", "https://other.example/logout"),
        ("allowed_origins", ["https://site.example"]),
        ("jwks_uri", "https://site.example/jwks"),
        ("jwks", {"keys": []}),
        ("logo", "https://site.example/logo.svg"),
        ("logo", "/static/../secret.svg"),
        ("contacts", ["nobody"]),
        ("scopes", ["profile"]),
        ("scopes", ["openid", "admin"]),
        ("grant_types", ["refresh_token"]),
        ("grant_types", ["authorization_code", "password"]),
        ("subject_type", "private"),
        ("application_type", "other"),
        ("id_token_signed_response_alg", "none"),
        ("id_token_signed_response_alg", "HS256"),
        ("token_endpoint_auth_method", "client_secret_jwt"),
        ("token_endpoint_auth_method", "private_key_jwt"),
        ("access_token_lifetime", "1 year"),
        ("access_token_lifetime", "10"),
        ("access_token_lifetime", "13 h"),
        ("access_token_lifetime", "0 s"),
        ("is_first_party", "perhaps"),
        ("is_first_party", 1),
        ("secret_digests", ["short"]),
        ("secret_digests", [digest(name) for name in "abc"]),
        ("secrets", []),
        ("unheard_of", 1),
    ],
)
def test_bad_value_is_refused(field: str, value: object) -> None:
    """Each field has its rule, and the fault names the client (C05, C102, C106)."""
    with pytest.raises(ClientFaultsError) as refused:
        build_client({**GOOD, field: value}, START)
    assert len(refused.value.faults) >= 1


def test_public_client_needs_pkce_and_no_secret() -> None:
    """A client that proves nothing is held by PKCE alone."""
    public = {**GOOD, "token_endpoint_auth_method": "none"}
    with pytest.raises(ClientFaultsError):
        build_client({**public, "require_pkce": False}, START)
    with pytest.raises(ClientFaultsError):
        build_client({**public, "secret_digests": [digest("x")]}, START)


def test_private_key_is_refused() -> None:
    """A record holds public keys alone."""
    key = {"kty": "EC", "crv": "P-256", "d": "x", "x": "x", "y": "y"}
    with pytest.raises(ClientFaultsError):
        build_client(
            {**GOOD, "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key]}},
            START,
        )


def test_pairwise_over_several_hosts_needs_a_sector() -> None:
    """Otherwise it is not said whose the subjects are (Core 8.1)."""
    several = {
        **GOOD,
        "redirect_uris": ["https://a.example/", "https://b.example/"],
        "subject_type": "pairwise",
    }
    with pytest.raises(ClientFaultsError):
        build_client(several, START)
    client = build_client({**several, "sector_identifier": "a.example"}, START)
    assert client.sector_identifier == "a.example"


def test_text_reads_as_toml_does() -> None:
    """What the command line gives as text means the same as in the file."""
    written = build_client(
        {**GOOD, "scopes": ["openid", "email"], "access_token_lifetime": 300}, START
    )
    typed = build_client(
        {**GOOD, "scopes": "openid, email", "access_token_lifetime": "5 min"}, START
    )
    assert written == typed


def test_shown_field_reads_back() -> None:
    """What `show` prints may be typed again."""
    client = replace(SITE, secrets=(), access_token_lifetime=timedelta(minutes=5))
    shown = {name: show_field(getattr(client, name)) for name in READERS}
    assert build_client(shown, START) == client


def test_rotating_keeps_the_latest_old_secret_for_the_overlap() -> None:
    """Two secrets live at a time, a third never."""
    once, _ = rotate_secret(SITE, START + HOUR, overlap=HOUR)
    twice, secret = rotate_secret(once, START + HOUR, overlap=HOUR)
    assert [kept.expires_at for kept in twice.secrets] == [None, START + 2 * HOUR]
    assert twice.secrets[0].digest == digest(secret)
    assert twice.secrets[1].digest == once.secrets[0].digest


def test_difference_of_addresses_is_marked() -> None:
    """The characters that differ are marked, missing ones too."""
    assert compare_uris("https://site.example/calback", ("https://site.example/callback",)) == (
        "received:   https://site.example/cal·back",
        "registered: https://site.example/callback",
        "                                    ^",
    )


@pytest.mark.parametrize("reason", REFUSAL_WORDS)
def test_each_reason_has_words(reason: str) -> None:
    """Every explanation is complete, whatever the event holds."""
    told = explain(reason, {}, SITE)
    assert told.what
    assert told.remedy
    assert "{" not in told.what + told.remedy


def test_unknown_reason_falls_back_to_the_error() -> None:
    """A reason without words of its own says what the client was told."""
    assert "state is odd" in explain("odd", {"description": "state is odd"}, SITE).what


def test_clock_offset_is_told() -> None:
    """The trail's number of seconds is in the sentence."""
    assert "3600 s" in explain("assertion_clock", {"clock_offset_seconds": "3600"}, SITE).what


def test_methods_are_told() -> None:
    """What was used and what is registered both stand there."""
    told = explain("wrong_auth_method", {"used": AuthMethod.BASIC.value}, SITE)
    assert "client_secret_basic" in told.what
    assert "client_secret_post" in told.what
