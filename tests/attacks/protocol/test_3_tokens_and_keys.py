"""Attack cases C31 to C3F: tokens, keys, userinfo, introspection. One test a case."""

import hmac
import json
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc.jwk import RSAKey

from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from tests.support.protocol_house import ISSUER, SUB, read_claims, read_header, read_query
from tests.support.provider_app import (
    FINESS,
    PASSPHRASE,
    Browser,
    ProviderApp,
    build_settings,
    make_keys_folder,
)
from tests.support.provider_fixtures import CLIENTS
from tests.support.signing import HOUR, MINUTE, POLICY, SECOND, AuditList


@pytest.fixture
def own_keys(tmp_path: Path) -> Path:
    """A folder of keys that this test may change."""
    return make_keys_folder(tmp_path / "keys", ("RS256", "ES256"))


@pytest.fixture
def rotating(own_keys: Path, database_url: str) -> Iterator[ProviderApp]:
    """A provider over those keys."""
    provider = ProviderApp.start(build_settings(own_keys, database_url), *CLIENTS)
    yield provider
    provider.close()


def encode(value: dict[str, Any] | bytes) -> str:
    """Return a part of a JWT."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def forge(token: str, header: dict[str, Any], signature: bytes = b"") -> str:
    """Return a token with another header and signature."""
    return f"{encode({**read_header(token), **header})}.{token.split('.')[1]}.{encode(signature)}"


def is_refused_everywhere(browser: Browser, token: str) -> bool:
    """Whether userinfo, introspection and both uses of a hint refuse a token."""
    hinted = browser.authorize(id_token_hint=token)
    logout = browser.get("/end_session", query_string={"id_token_hint": token})
    return (
        browser.userinfo(token).status_code == 401
        and browser.introspect(token) == {"active": False}
        and read_query(hinted.location).get("error") == "invalid_request"
        and "logout-confirm" in logout.text
    )


def test_c31_unsigned_tokens(signed_in: Browser) -> None:
    """C31: `alg: none`, however written, and empty signatures."""
    tokens = signed_in.get_tokens()
    for token in (tokens["id_token"], tokens["access_token"]):
        for algorithm in ("none", "None", "nOnE", "NONE"):
            assert is_refused_everywhere(signed_in, forge(token, {"alg": algorithm}))
        assert is_refused_everywhere(signed_in, f"{token.rpartition('.')[0]}.")


def test_c32_hmac_with_a_public_key(signed_in: Browser) -> None:
    """C32: our public key, as PEM or JWK, is nobody's shared secret."""
    tokens = signed_in.get_tokens()
    public = next(
        key for key in signed_in.get("/jwks.json").get_json()["keys"] if key["alg"] == "RS256"
    )
    pem = RSAKey.import_key(public).as_pem(private=False)
    for secret in (pem, json.dumps(public).encode()):
        for token in (tokens["id_token"], tokens["access_token"]):
            unsigned = forge(token, {"alg": "HS256", "kid": public["kid"]}).rpartition(".")[0]
            signature = hmac.digest(secret, unsigned.encode(), "sha256")
            assert is_refused_everywhere(signed_in, f"{unsigned}.{encode(signature)}")


def test_c33_keys_in_headers(signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """C33: a key or an address in the header is no key of ours, and is not fetched."""
    key = RSAKey.generate_key(2048, private=True)
    calls: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_: calls.append(args))
    token = signed_in.get_tokens()["id_token"]
    for header in (
        {"jwk": key.as_dict(private=False)},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
    ):
        assert is_refused_everywhere(signed_in, forge(token, header, b"x" * 256))
    assert calls == []


def test_c35_algorithm_of_another_key(signed_in: Browser) -> None:
    """C35: a key has one algorithm: its kid with another one is refused."""
    kids = {key["alg"]: key["kid"] for key in signed_in.get("/jwks.json").get_json()["keys"]}
    tokens = signed_in.get_tokens()
    for header in (
        {"kid": kids["ES256"], "alg": "RS256"},
        {"kid": kids["RS256"], "alg": "PS256"},
        {"kid": kids["RS256"], "alg": "ES256"},
    ):
        assert is_refused_everywhere(signed_in, forge(tokens["id_token"], header, b"x" * 256))


def test_c37_token_of_another_issuer(provider: ProviderApp, signed_in: Browser) -> None:
    """C37: the same key elsewhere signs for somebody else."""
    signer = provider.built.services.protocol.provider.signer
    tokens = signed_in.get_tokens()
    for token, algorithm, typ in (
        (tokens["id_token"], "RS256", "JWT"),
        (tokens["access_token"], "ES256", "at+jwt"),
    ):
        claims = {**read_claims(token), "iss": "https://other.example"}
        other = signer.sign_jwt(claims, algorithm=algorithm, typ=typ, now=provider.clock.now())
        assert is_refused_everywhere(signed_in, other)


def test_c38_times(provider: ProviderApp, browser: Browser) -> None:
    """C38: over at `exp`, not before `nbf`, not from the future; a minute between clocks."""
    signer = provider.built.services.protocol.provider.signer
    signed_at = provider.clock.advance(2 * HOUR)
    provider.sign_in(browser)
    now = int(signed_at.timestamp())
    good = read_claims(browser.get_tokens()["access_token"])

    def ask(**changes: int) -> int:
        claims = {**good, **changes}
        token = signer.sign_jwt(claims, algorithm="ES256", typ="at+jwt", now=signed_at)
        return browser.userinfo(token).status_code

    assert ask(exp=now + 1) == 200
    assert (ask(exp=now), ask(exp=now - 3600)) == (401, 401)
    assert (ask(iat=now + 59), ask(iat=now + 61)) == (200, 401)
    assert (ask(nbf=now + 59), ask(nbf=now + 61)) == (200, 401)
    provider.clock.advance(-HOUR)
    assert ask() == 401
    provider.clock.advance(2 * HOUR)
    assert ask() == 401


def test_c39_private_parts(own_keys: Path, rotating: ProviderApp) -> None:
    """C39: no private number of a key leaves, by any public address or error page."""
    browser = rotating.open_browser()
    shown = [
        browser.get(path).text
        for path in (
            "/jwks.json",
            "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server",
            "/nothing",
            "/authorize",
        )
    ]
    for secret in list_private_numbers(own_keys):
        assert not any(secret in text for text in shown)
    for key in json.loads(shown[0])["keys"]:
        assert set(key) <= {"kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"}


def test_c3c_token_in_the_address(signed_in: Browser) -> None:
    """C3C: ignored, hence 401."""
    token = signed_in.get_tokens()["access_token"]
    assert signed_in.get(f"/userinfo?access_token={token}").status_code == 401


def test_c3d_subjects(provider: ProviderApp, signed_in: Browser) -> None:
    """C3D: one opaque sub in every token, never the FINESS, its own for each pairwise site."""
    tokens = signed_in.get_tokens(scope="openid finess")
    claims = signed_in.userinfo(tokens["access_token"]).get_json()
    assert claims["sub"] == read_claims(tokens["id_token"])["sub"] == SUB
    assert FINESS not in claims["sub"]
    provider.change_client("basic", subject_type="pairwise", sector_identifier="basic.example")
    provider.change_client("third", subject_type="pairwise", is_first_party=True)
    third = signed_in.get_tokens(client_id="third")
    seen = signed_in.userinfo(third["access_token"]).get_json()["sub"]
    assert seen == read_claims(third["id_token"])["sub"]
    assert seen != SUB


def test_c3e_rotation_in_mid_flow(own_keys: Path, rotating: ProviderApp) -> None:
    """C3E: rotated between any two steps, old tokens hold, new ones get the new key in time."""
    browser = rotating.open_browser()
    rotating.sign_in(browser)
    code = browser.get_code()
    keeper = open_keeper(own_keys, rotating)
    rotated = {name: keeper.rotate(name, announce=HOUR) for name in ("RS256", "ES256")}
    rotating.built.live_keys.refresh()
    kids = [key["kid"] for key in browser.get("/jwks.json").get_json()["keys"]]
    old = browser.redeem(code).get_json()
    for name, token in (("RS256", old["id_token"]), ("ES256", old["access_token"])):
        new = rotated[name]
        assert new is not None
        assert read_header(token)["kid"] == new.predecessor
        assert new.kid in kids
    rotating.clock.advance(HOUR - MINUTE)
    before = browser.refresh(old["refresh_token"]).get_json()
    rotating.clock.advance(MINUTE + SECOND)
    assert browser.userinfo(before["access_token"]).status_code == 200
    after = browser.refresh(before["refresh_token"]).get_json()
    for name, token in (("RS256", after["id_token"]), ("ES256", after["access_token"])):
        new = rotated[name]
        assert new is not None
        assert read_header(token)["kid"] == new.kid
    assert browser.userinfo(after["access_token"]).status_code == 200
    listed = browser.get("/jwks.json")
    assert len(listed.get_json()["keys"]) == 4
    assert listed.headers["Cache-Control"] == "public, max-age=900"


def test_c3f_emergency_revocation(own_keys: Path, rotating: ProviderApp) -> None:
    """C3F: tokens of a revoked key are refused at once, and relying parties see it gone."""
    browser = rotating.open_browser()
    rotating.sign_in(browser)
    token = browser.get_tokens()["access_token"]
    kid = read_header(token)["kid"]
    open_keeper(own_keys, rotating).revoke(kid)
    rotating.built.live_keys.refresh()
    assert browser.userinfo(token).status_code == 401
    keys = browser.get("/jwks.json").get_json()["keys"]
    assert kid not in {key["kid"] for key in keys}
    assert browser.get_tokens()["token_type"] == "Bearer"


def open_keeper(folder: Path, provider: ProviderApp) -> KeyKeeper:
    """Return what changes the keys of a folder, as an administrator does."""
    store = FolderKeyStore(folder, passphrase=PASSPHRASE, rsa_bits=2048)
    return KeyKeeper(store, policy=POLICY, clock=provider.clock, audit=AuditList())


def list_private_numbers(folder: Path) -> list[str]:
    """Return the private numbers of the keys in a folder, as a JWK would write them."""
    numbers = []
    for key in FolderKeyStore(folder, passphrase=PASSPHRASE, rsa_bits=2048).load_keys():
        private = key.material.private_key
        if isinstance(private, RSAPrivateKey):
            rsa = private.private_numbers()
            numbers += [rsa.d, rsa.p, rsa.q, rsa.dmp1, rsa.dmq1, rsa.iqmp]
        elif isinstance(private, EllipticCurvePrivateKey):
            numbers.append(private.private_numbers().private_value)
    assert numbers
    return [encode(n.to_bytes((n.bit_length() + 7) // 8, "big")) for n in numbers]


def test_issuer_is_configured(browser: Browser) -> None:
    """Whatever Host says, the document names the configured issuer, or nothing is answered."""
    answer = browser.get("/.well-known/openid-configuration", base_url="https://evil.example")
    assert answer.status_code == 400
    assert browser.get("/.well-known/openid-configuration").get_json()["issuer"] == ISSUER
