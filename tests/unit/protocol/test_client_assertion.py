"""private_key_jwt: an assertion of the client's own key, for us, in its time, once."""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from idp.protocol.client import AuthMethod
from idp.protocol.client_assertion import ASSERTION_TYPE
from tests.support.protocol_house import ISSUER, SITE, House, build_house, code_parameters
from tests.support.signing import HOUR, MINUTE

KEY = ECKey.generate_key("P-256", {"kid": "client-key", "alg": "ES256"}, private=True)
STRANGER = ECKey.generate_key("P-256", {"kid": "client-key"}, private=True)
PUBLIC_JWKS = {"keys": [KEY.as_dict(private=False)]}
JWKS_URI = "https://site.example/jwks.json"
SIGNER = replace(
    SITE,
    secrets=(),
    token_endpoint_auth_method=AuthMethod.PRIVATE_KEY_JWT,
    jwks=PUBLIC_JWKS,
)


@pytest.fixture
def house() -> House:
    """A house with a client that signs."""
    return build_house(SIGNER)


def assert_that(house: House, key: Any = KEY, header: Any = None, **changes: Any) -> str:  # noqa: ANN401 - any key, header or claim
    """Return a good assertion, with these changes; None leaves a claim out."""
    now = int(house.now.timestamp())
    claims = {
        "iss": "site",
        "sub": "site",
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": "jti-1",
        **changes,
    }
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": "client-key", **(header or {})}, told, key)


def encode(header: dict[str, str]) -> str:
    """Return a header as it stands in a JWT."""
    return urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def ask(house: House, assertion: str, **changes: str) -> str:
    """Return the error of a token request with an unknown code: invalid_grant is far enough."""
    parameters = {
        **code_parameters("unknown"),
        "client_secret": "",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **changes,
    }
    told = {name: value for name, value in parameters.items() if value}
    error: str = house.token(**told).get_json()["error"]
    return error


@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/token", [ISSUER, "https://b.example"]])
def test_good_assertion_is_taken(house: House, audience: object) -> None:
    """The audience is the issuer or the token endpoint (Core 9)."""
    assert ask(house, assert_that(house, aud=audience)) == "invalid_grant"


def test_client_id_may_stay_out_of_the_form(house: House) -> None:
    """The assertion says who it is."""
    assert ask(house, assert_that(house), client_id="") == "invalid_grant"


def test_assertion_is_good_once(house: House) -> None:
    """A `jti` that was seen is refused (RFC 7523 3)."""
    assertion = assert_that(house)
    assert ask(house, assertion) == "invalid_grant"
    assert ask(house, assertion) == "invalid_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"sub": None},
        {"sub": 1},
        {"aud": "https://evil.example"},
        {"aud": None},
        {"jti": None},
        {"jti": "j" * 1000},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"nbf": float("nan")},
        {"exp": 10**400},
        {"iat": -(10**400)},
        {"jti": "no text\0"},
    ],
)
def test_wrong_claims_are_refused(house: House, changes: dict[str, Any]) -> None:
    """Who, for whom, until when and which one: all must be there and right."""
    assert ask(house, assert_that(house, **changes)) == "invalid_client"


@pytest.mark.parametrize("seconds, is_taken", [(59, True), (61, False)])
def test_clocks_may_differ_by_a_minute(house: House, seconds: int, *, is_taken: bool) -> None:
    """Sixty seconds of difference are borne, on either side (C38)."""
    now = int(house.now.timestamp())
    early = assert_that(house, iat=now + seconds, exp=now + 120, jti="early")
    late = assert_that(house, iat=now - 120, exp=now - seconds, jti="late")
    expected = "invalid_grant" if is_taken else "invalid_client"
    assert (ask(house, early), ask(house, late)) == (expected, expected)


def test_long_lived_assertion_is_refused(house: House) -> None:
    """One good for hours would have to be remembered for hours."""
    end = int((house.now + 2 * HOUR).timestamp())
    assert ask(house, assert_that(house, exp=end)) == "invalid_client"


def test_other_keys_are_refused(house: House) -> None:
    """A key that is not the client's, under its kid or another (C32)."""
    assert ask(house, assert_that(house, STRANGER)) == "invalid_client"
    assert ask(house, assert_that(house, header={"kid": "unknown"})) == "invalid_client"


def test_hmac_with_the_public_key_is_refused(house: House) -> None:
    """The client's public key is no shared secret (C32)."""
    body = assert_that(house).split(".")[1]
    signed = f"{encode({'alg': 'HS256', 'kid': 'client-key'})}.{body}"
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    forged = f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert ask(house, forged) == "invalid_client"


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE"])
def test_unsigned_assertion_is_refused(house: House, algorithm: str) -> None:
    """`alg: none` is no signature, however it is written (C31)."""
    body = assert_that(house).split(".")[1]
    assert ask(house, f"{encode({'alg': algorithm})}.{body}.") == "invalid_client"


@pytest.mark.parametrize("nonsense", ["x", "a.b.c", "..", "[" * 10_000, "é.é.é"])
def test_nonsense_is_refused(house: House, nonsense: str) -> None:
    """What is no JWT is an invalid client, never a fault of ours."""
    assert ask(house, nonsense) == "invalid_client"


def test_wrong_assertion_type_is_refused(house: House) -> None:
    """Only RFC 7523's assertions are known."""
    assert ask(house, assert_that(house), client_assertion_type="other") == "invalid_client"


def test_embedded_key_is_ignored(house: House) -> None:
    """A key or an address in the header proves nothing, and is not fetched (C33)."""
    header = {"jwk": STRANGER.as_dict(private=False), "jku": "https://evil.example/jwks"}
    assert ask(house, assert_that(house, STRANGER, header=header)) == "invalid_client"
    assert house.fetcher.fetched == []


def test_keys_may_be_published_by_the_client(house: House) -> None:
    """`jwks_uri` is fetched once for many assertions."""
    house.uow.clients.save(replace(SIGNER, jwks=None, jwks_uri=JWKS_URI))
    house.fetcher.found[JWKS_URI] = PUBLIC_JWKS
    assert ask(house, assert_that(house, jti="1")) == "invalid_grant"
    assert ask(house, assert_that(house, jti="2")) == "invalid_grant"
    assert house.fetcher.fetched == [JWKS_URI]


def test_new_key_of_the_client_is_found(house: House) -> None:
    """An unknown kid fetches the keys again, once a minute at most."""
    house.uow.clients.save(replace(SIGNER, jwks=None, jwks_uri=JWKS_URI))
    house.fetcher.found[JWKS_URI] = {"keys": [STRANGER.as_dict(private=False)]}
    new = RSAKey.generate_key(2048, {"kid": "new", "alg": "RS256"}, private=True)
    ask(house, assert_that(house, STRANGER, jti="1"))
    house.fetcher.found[JWKS_URI] = {"keys": [new.as_dict(private=False)]}
    signed = {"alg": "RS256", "kid": "new"}
    assert ask(house, assert_that(house, new, header=signed, jti="2")) == "invalid_client"
    house.clock.advance(MINUTE)
    assert ask(house, assert_that(house, new, header=signed, jti="3")) == "invalid_grant"


def test_kept_keys_are_forgotten_after_ten_minutes(house: House) -> None:
    """A key the client took down is no longer taken."""
    house.uow.clients.save(replace(SIGNER, jwks=None, jwks_uri=JWKS_URI))
    house.fetcher.found[JWKS_URI] = PUBLIC_JWKS
    assert ask(house, assert_that(house, jti="1")) == "invalid_grant"
    house.fetcher.found[JWKS_URI] = {"keys": []}
    house.clock.advance(10 * MINUTE)
    assert ask(house, assert_that(house, jti="2")) == "invalid_client"


def test_keys_are_fetched_by_one_request_at_a_time(house: House) -> None:
    """While a client's server is slow to answer for an unknown kid, the others use what is kept."""
    house.uow.clients.save(replace(SIGNER, jwks=None, jwks_uri=JWKS_URI))
    house.fetcher.found[JWKS_URI] = PUBLIC_JWKS
    ask(house, assert_that(house, jti="1"))
    house.clock.advance(MINUTE)
    meanwhile: list[str] = []
    house.fetcher.while_fetching = lambda: meanwhile.append(ask(house, assert_that(house, jti="3")))
    unknown_kid = assert_that(house, header={"kid": "unknown"}, jti="2")
    assert ask(house, unknown_kid) == "invalid_client"
    assert meanwhile == ["invalid_grant"]
    assert house.fetcher.fetched == [JWKS_URI] * 2


def test_unreachable_keys_refuse_the_client(house: House) -> None:
    """Keys that cannot be fetched are a refusal, told as such in the trail."""
    house.uow.clients.save(replace(SIGNER, jwks=None, jwks_uri=JWKS_URI))
    assert ask(house, assert_that(house)) == "invalid_client"
    assert house.uow.audit.events[-1]["reason"] == "client_keys_unread"
