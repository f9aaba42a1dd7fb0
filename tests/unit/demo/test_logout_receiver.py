"""What the demo's site takes for a logout notice (Back-Channel Logout 1.0, section 2.6)."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from idp.demo.logout_receiver import LogoutTokenError, LogoutTokenReader
from tests.unit.outbound.fakes import NOW, MovableClock

ISSUER, CLIENT = "http://127.0.0.1:8000", "site"
EVENTS: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
NOW_SECONDS = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "iat": NOW_SECONDS,
    "exp": NOW_SECONDS + 120,
    "jti": "one",
    "sub": "subject",
    "sid": "session",
    "events": EVENTS,
}


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """The provider's key."""
    return RSAKey.generate_key(2048, {"kid": "current"})


class Provider:
    """A provider that publishes its keys; `fetches` has whether each fetch was forced."""

    def __init__(self, *keys: RSAKey | ECKey) -> None:
        self.keys = keys
        self.fetches: list[bool] = []

    def fetch_keys(self, *, force: bool) -> dict[str, Any]:
        """Return the published keys."""
        self.fetches.append(force)
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


def read(provider: Provider, token: str) -> dict[str, Any]:
    """Read a token as the site does."""
    fetch_keys, clock = provider.fetch_keys, MovableClock()
    return LogoutTokenReader(ISSUER, CLIENT, fetch_keys=fetch_keys, clock=clock).read(token)


def sign(key: RSAKey | ECKey, algorithm: str = "RS256", **changes: object) -> str:
    """Return a logout token; a change to None leaves the claim out."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": "logout+jwt"}, claims, key)


def test_logout_token_is_read(key: RSAKey) -> None:
    """A true one names the session that ended."""
    claims = read(Provider(key), sign(key))
    assert (claims["sub"], claims["sid"]) == ("subject", "session")


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "http://127.0.0.1:9000"},
        {"aud": "another"},
        {"exp": NOW_SECONDS - 61},
        {"iat": None},
        {"jti": None},
        {"events": {}},
        {"events": None},
        {"nonce": "n"},
        {"sub": None, "sid": None},
    ],
    ids=str,
)
def test_wrong_claim_is_refused(change: dict[str, Any], key: RSAKey) -> None:
    """Of another provider or client, too old, an ID token in disguise, or naming nobody."""
    with pytest.raises(LogoutTokenError):
        read(Provider(key), sign(key, **change))


def test_foreign_signature_is_refused(key: RSAKey) -> None:
    """A key that is not published signs nothing, whatever kid it claims."""
    stranger = RSAKey.generate_key(2048, {"kid": "current"})
    with pytest.raises(LogoutTokenError):
        read(Provider(key), sign(stranger))


@pytest.mark.parametrize("token", ["", "a.b.c", "not a token"])
def test_garbage_is_refused(token: str, key: RSAKey) -> None:
    """What is no token at all is refused like a wrong one."""
    with pytest.raises(LogoutTokenError):
        read(Provider(key), token)


def test_rotated_key_is_fetched(key: RSAKey) -> None:
    """An unknown kid makes the site fetch the keys once more, past what it kept."""
    provider = Provider(key)
    unknown = RSAKey.generate_key(2048, {"kid": "next"})
    with pytest.raises(LogoutTokenError):
        read(provider, sign(unknown))
    assert provider.fetches == [False, True]
