"""The discovery document and the keys: true, complete, and kept no longer than is safe."""

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata

from idp.protocol.metadata import ENDPOINTS
from tests.support.protocol_house import ISSUER
from tests.support.provider_app import Browser, ProviderApp

ADDRESSES = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


@pytest.mark.parametrize("address", ADDRESSES)
def test_document_is_valid(browser: Browser, address: str) -> None:
    """Authlib's validators of Discovery 1.0 and RFC 8414 find nothing, at either address."""
    document = browser.get(address).get_json()
    OpenIDProviderMetadata(document).validate()
    AuthorizationServerMetadata(document).validate()


def test_every_endpoint_named_is_there(browser: Browser) -> None:
    """No address is a 404, and none is missing."""
    document = browser.get(ADDRESSES[0]).get_json()
    for name, path in ENDPOINTS.items():
        assert document[name] == f"{ISSUER}{path}"
        assert browser.get(path).status_code != 404


def test_document_promises_what_holds(provider: ProviderApp, browser: Browser) -> None:
    """Flow, PKCE, request objects, iss: what is promised is what the checks do (C13, C1E)."""
    document = browser.get(ADDRESSES[0]).get_json()
    assert document["issuer"] == ISSUER
    assert document["response_types_supported"] == ["code"]
    assert document["response_modes_supported"] == ["query", "form_post"]
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["request_parameter_supported"] is False
    assert document["request_uri_parameter_supported"] is False
    assert not [name for name in document if name.startswith("request_object_")]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["frontchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True
    assert "none" not in document["id_token_signing_alg_values_supported"]
    assert "none" not in document["introspection_endpoint_auth_methods_supported"]
    now = provider.clock.now()
    ring = provider.built.services.protocol.provider.read_ring()
    assert set(document["id_token_signing_alg_values_supported"]) == set(ring.algorithms(now))


def test_keys_are_public_and_distinct(browser: Browser) -> None:
    """Each JWK has its kid, alg and use, and public members alone; RS256 is among them (C39)."""
    keys = browser.get("/jwks.json").get_json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    assert "RS256" in {key["alg"] for key in keys}
    for key in keys:
        assert key["use"] == "sig"
        assert set(key) <= {"kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"}


@pytest.mark.parametrize("address", [*ADDRESSES, "/jwks.json"])
def test_documents_may_be_kept_for_a_while(browser: Browser, address: str) -> None:
    """An ETag, a max-age shorter than a key's announcement, any origin; 304 to who has it."""
    answer = browser.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    etag = answer.headers["ETag"]
    assert browser.get(address, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", [*ADDRESSES, "/jwks.json"])
def test_documents_touch_no_database(provider: ProviderApp, browser: Browser, address: str) -> None:
    """They are answered while the database is away."""
    provider.close()
    assert browser.get(address).status_code == 200
