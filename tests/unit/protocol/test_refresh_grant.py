"""The refresh token grant: each token once, never past the session, a reuse kills the family."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from idp.signing.key_ring import KeyRing
from idp.signing.signer import Signer
from tests.support.protocol_house import SECRET, SITE, SUB, House, build_house, read_claims
from tests.support.signing import START


@pytest.fixture
def house() -> House:
    """A house with SITE and APP."""
    return build_house()


def test_refresh_gives_new_tokens_of_the_same_sign_in(house: House) -> None:
    """A refreshed ID token has a new iat, the same sub, aud and auth_time, and no nonce."""
    first = house.sign_in(nonce="n-1")
    house.clock.advance(timedelta(minutes=5))
    second = house.refresh(first["refresh_token"]).get_json()
    before, after = read_claims(first["id_token"]), read_claims(second["id_token"])
    same = ("iss", "sub", "aud", "auth_time", "sid", "acr")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    assert after["iat"] == before["iat"] + 300
    assert (before["nonce"], after.get("nonce")) == ("n-1", None)
    assert second["refresh_token"] != first["refresh_token"]


def test_answer_is_not_stored(house: House) -> None:
    """Token answers carry Cache-Control: no-store (RFC 6749 5.1)."""
    assert house.refresh(house.sign_in()["refresh_token"]).headers["Cache-Control"] == "no-store"


def test_reuse_kills_the_family(house: House) -> None:
    """A rotated token that comes again was stolen from somebody (RFC 9700 4.14.2, C25)."""
    first = house.sign_in()["refresh_token"]
    second = house.refresh(first).get_json()["refresh_token"]
    assert house.refresh(first).get_json()["error"] == "invalid_grant"
    assert house.refresh(second).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "other", "client_secret": SECRET}, "invalid_grant"),
        ({"scope": "openid finess"}, "invalid_scope"),
    ],
)
def test_invalid_reuse_kills_nothing(house: House, changes: dict[str, str], error: str) -> None:
    """Who lacks the secret, is another client, or asks for more harms nobody (C27)."""
    house.uow.clients.save(replace(SITE, client_id="other"))
    first = house.sign_in()["refresh_token"]
    second = house.refresh(first).get_json()["refresh_token"]
    assert house.refresh(first, **changes).get_json()["error"] == error
    assert house.refresh(second).status_code == 200


@pytest.mark.parametrize("damage", ["x", ".1", "2."])
def test_forged_token_kills_nothing(house: House, damage: str) -> None:
    """A token whose MAC is not ours is just unknown."""
    token = house.sign_in()["refresh_token"]
    grant_id, generation, mac = token.split(".")
    forged = {"x": f"{token}x", ".1": f"{grant_id}.9.{mac}", "2.": f"x{token}"}[damage]
    assert house.refresh(forged).get_json()["error"] == "invalid_grant"
    assert house.refresh(token).status_code == 200
    assert generation == "1"


def test_scope_narrows(house: House) -> None:
    """A narrower scope is for this access token alone: the next refresh has all again (C27)."""
    tokens = house.sign_in(scope="openid email")
    narrow = house.refresh(tokens["refresh_token"], scope="openid").get_json()
    assert narrow["scope"] == "openid"
    assert house.refresh(narrow["refresh_token"]).get_json()["scope"] == "openid email"


def test_refresh_never_outlives_the_session(house: House) -> None:
    """The last refresh is over with the session's absolute end; rotating does not extend it."""
    session = house.session(expires_at=house.now + timedelta(hours=1))
    tokens = house.redeem(house.get_code(session)).get_json()
    house.clock.advance(timedelta(minutes=59))
    tokens = house.refresh(tokens["refresh_token"]).get_json()
    house.clock.advance(timedelta(minutes=2))
    assert house.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_refresh_of_a_disabled_account_is_refused(house: House) -> None:
    """A disabled account gets no more tokens (C45)."""
    tokens = house.sign_in()
    house.uow.subjects.kept[SUB] = replace(house.uow.subjects.kept[SUB], may_sign_in=False)
    refused = house.refresh(tokens["refresh_token"]).get_json()
    assert (refused["error"], house.only_grant().revoked_at) == ("invalid_grant", None)


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"revoked_at": START}, "was revoked"),
        ({"expires_at": START}, "has expired"),
        ({"refresh_generation": 0}, "is unknown"),
        ({"refresh_generation": 2}, "was used before"),
        ({"refresh_generation": 2, "revoked_at": START}, "was used before"),
    ],
)
def test_refusal_says_why(house: House, changes: dict[str, Any], told: str) -> None:
    """And revokes the family of a replayed token alone; a generation to come is a restored row."""
    token = house.sign_in()["refresh_token"]
    grant = replace(house.only_grant(), **changes)
    house.uow.grants.kept[grant.id] = grant
    assert told in house.refresh(token).get_json()["error_description"]
    is_replayed = grant.refresh_generation == 2
    assert (house.only_grant().revoked_at is not None) == (is_replayed or "revoked_at" in changes)


def test_loser_of_a_race_kills_the_family(house: House) -> None:
    """Of parallel refreshes one wins; the others are valid replays."""
    tokens = house.sign_in()
    house.uow.grants.loses_races = True
    assert house.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert house.only_grant().revoked_at is not None


@pytest.mark.parametrize("scope", ["openid finess", "openid email nonsense"])
def test_refused_scope_uses_nothing_up(house: House, scope: str) -> None:
    """Whoever asks for more than was granted may ask again, with the same token (RFC 6749 6)."""
    token = house.sign_in(scope="openid email")["refresh_token"]
    refused = house.refresh(token, scope=scope).get_json()
    assert refused["error"] == "invalid_scope"
    assert refused["error_description"].startswith("scope asks for more")
    assert house.refresh(token).status_code == 200


def test_failed_signature_uses_nothing_up(house: House) -> None:
    """Where a key is missing, the site tries again with the token it has."""
    token, provider = house.sign_in()["refresh_token"], house.server.provider
    house.server.provider = replace(provider, signer=Signer(lambda: KeyRing(())))
    assert house.refresh(token).get_json()["error"] == "temporarily_unavailable"
    house.server.provider = provider
    assert house.refresh(token).status_code == 200


def test_account_is_read_for_claims_asked_by_name(house: House) -> None:
    """A refreshed ID token has the claims that the request wanted in it, as they are now."""
    claims = '{"id_token": {"email": null}}'
    tokens = house.sign_in(scope="openid email", claims=claims)
    assert read_claims(tokens["id_token"])["email"] == "cabinet@orange.example"
    house.uow.subjects.kept[SUB] = replace(house.uow.subjects.kept[SUB], email="b@orange.example")
    refreshed = house.refresh(tokens["refresh_token"]).get_json()
    assert read_claims(refreshed["id_token"])["email"] == "b@orange.example"


def test_client_must_be_registered_for_refreshing(house: House) -> None:
    """A client that lost the grant type is unauthorized (C28)."""
    tokens = house.sign_in()
    house.uow.clients.save(replace(SITE, grant_types=("authorization_code",)))
    assert house.refresh(tokens["refresh_token"]).get_json()["error"] == "unauthorized_client"
