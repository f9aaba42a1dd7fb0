"""What access and ID tokens say, and what they are worth when they come back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.protocol_house import (
    ISSUER,
    SECRET,
    SITE,
    SUB,
    House,
    build_house,
    read_claims,
    read_header,
)


@pytest.fixture
def house() -> House:
    """A house with SITE and APP."""
    return build_house()


def test_id_token_says_who_when_and_how(house: House) -> None:
    """An ID token carries iss, sub, aud, times, nonce, acr, amr, sid and at_hash (Core 2)."""
    claims = read_claims(house.sign_in(nonce="n-1")["id_token"])
    now = int(house.now.timestamp())
    assert claims.pop("at_hash")
    assert claims == {
        "iss": ISSUER,
        "sub": SUB,
        "aud": "site",
        "iat": now,
        "exp": now + 600,
        "auth_time": now,
        "acr": "urn:mnspf:acr:pwd",
        "amr": ["pwd"],
        "sid": "sid-1",
        "nonce": "n-1",
    }


def test_id_token_holds_no_profile(house: House) -> None:
    """Profile claims come from userinfo, but for those asked for by name (Core 5.4, 5.5)."""
    plain = read_claims(house.sign_in(scope="openid email")["id_token"])
    asked = '{"id_token": {"email": null, "finess": {"essential": true}, "shoe_size": null}}'
    named = read_claims(house.sign_in(claims=asked)["id_token"])
    assert "email" not in plain
    assert (named["email"], named["finess"]) == ("cabinet@orange.example", "750100018")


def test_claims_not_registered_for_are_not_given(house: House) -> None:
    """The claims parameter gives no client what its scopes would not."""
    house.uow.clients.save(replace(SITE, scopes=("openid", "email")))
    claims = read_claims(house.sign_in(claims='{"id_token": {"finess": null}}')["id_token"])
    assert "finess" not in claims


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_id_token_is_signed_as_registered(house: House, algorithm: str) -> None:
    """Each client has its algorithm, and the header names the key."""
    house.uow.clients.save(replace(SITE, id_token_signed_response_alg=algorithm))
    token = house.sign_in()["id_token"]
    header = read_header(token)
    assert (header["alg"], header["typ"]) == (algorithm, "JWT")
    assert house.server.provider.read_id_token(token, house.now)


def test_algorithm_without_a_key_is_a_clean_refusal(house: House) -> None:
    """A client registered for an algorithm that no key signs with: 503, its code not used up."""
    house.uow.clients.save(replace(SITE, id_token_signed_response_alg="ES512"))
    code = house.get_code()
    refused = house.redeem(code)
    assert (refused.status_code, refused.get_json()["error"]) == (503, "temporarily_unavailable")
    assert house.uow.audit.events[-1]["reason"] == "no_signing_key"
    house.uow.clients.save(SITE)
    assert house.redeem(code).status_code == 200


def test_dates_are_whole_numbers(house: House) -> None:
    """Every date on the wire is an integer of seconds, whatever the fraction of the moment."""
    house.clock.advance(timedelta(milliseconds=1500))
    house.uow.subjects.kept[SUB] = replace(house.uow.subjects.kept[SUB], updated_at=house.now)
    tokens = house.sign_in(scope="openid profile")
    said = (
        read_claims(tokens["id_token"]),
        read_claims(tokens["access_token"]),
        house.introspect(tokens["access_token"]),
        house.userinfo(tokens["access_token"]).claims,
        tokens,
    )
    names = ("iat", "exp", "auth_time", "updated_at", "expires_in")
    dates = [claims[name] for claims in said for name in names if name in claims]
    assert len(dates) == 11
    assert {type(date) for date in dates} == {int}


def test_access_token_follows_rfc_9068(house: House) -> None:
    """An access token is at+jwt, for the issuer itself, naming its grant."""
    token = house.sign_in(scope="openid email")["access_token"]
    claims = read_claims(token)
    assert read_header(token)["typ"] == "at+jwt"
    assert claims["aud"] == ISSUER
    assert claims["client_id"] == "site"
    assert claims["scope"] == "openid email"
    assert claims["grant_id"] == house.only_grant().id


def test_pairwise_subject_is_the_same_everywhere_and_another_elsewhere(house: House) -> None:
    """A pairwise client sees one sub in all tokens, another sector another one (Core 8.1)."""
    pairwise = replace(SITE, subject_type="pairwise")
    house.uow.clients.save(pairwise)
    tokens = house.sign_in()
    subject = read_claims(tokens["id_token"])["sub"]
    provider = house.server.provider
    assert subject == read_claims(tokens["access_token"])["sub"]
    assert subject != SUB
    assert subject == provider.subject_for(replace(pairwise, client_id="sibling"), SUB)
    assert subject != provider.subject_for(replace(pairwise, sector_identifier="b.example"), SUB)


def test_lifetimes_may_be_the_clients_own(house: House) -> None:
    """A record may shorten or lengthen what its tokens live."""
    minute = timedelta(minutes=1)
    house.uow.clients.save(
        replace(SITE, access_token_lifetime=minute, id_token_lifetime=2 * minute)
    )
    tokens = house.sign_in()
    claims = read_claims(tokens["id_token"])
    assert tokens["expires_in"] == 60
    assert claims["exp"] - claims["iat"] == 120


def test_access_token_is_no_id_token(house: House) -> None:
    """Each kind of token is refused where the other is expected (RFC 8725 3.11)."""
    tokens = house.sign_in()
    provider = house.server.provider
    assert provider.read_id_token(tokens["access_token"], house.now) is None
    assert provider.read_access_token(tokens["id_token"], house.now) is None


def test_introspection_tells_a_client_about_its_own(house: House) -> None:
    """Its live tokens are active, with what they say (RFC 7662 2.2)."""
    tokens = house.sign_in(scope="openid email")
    access = house.introspect(tokens["access_token"])
    refresh = house.introspect(tokens["refresh_token"])
    assert access["active"]
    assert (access["sub"], access["scope"], access["token_type"]) == (SUB, "openid email", "Bearer")
    assert refresh["active"]


def test_introspection_of_anything_else_is_inactive(house: House) -> None:
    """Foreign, revoked, expired, rotated or made-up tokens are just not active."""
    house.uow.clients.save(replace(SITE, client_id="other"))
    tokens = house.sign_in()
    assert house.introspect("nonsense") == {"active": False}
    assert house.introspect(tokens["access_token"], client_id="other") == {"active": False}
    house.refresh(tokens["refresh_token"])
    assert house.introspect(tokens["refresh_token"]) == {"active": False}
    house.clock.advance(timedelta(minutes=10))
    assert house.introspect(tokens["access_token"]) == {"active": False}


def test_public_client_may_not_introspect(house: House) -> None:
    """Who proves nothing is told nothing."""
    assert house.introspect("x", client_id="app", client_secret="")["error"] == "invalid_client"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_revokes_both(house: House, kind: str) -> None:
    """Revocation ends the grant (RFC 7009 2.1)."""
    tokens = house.sign_in()
    assert house.revoke(tokens[kind]).status_code == 200
    assert house.introspect(tokens["access_token"]) == {"active": False}
    assert house.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_revoking_what_is_unknown_is_no_error(house: House) -> None:
    """There is nothing to revoke, which is what was wanted (RFC 7009 2.2)."""
    assert house.revoke("nonsense").status_code == 200
    assert house.revoke("nonsense", token_type_hint="unheard_of").status_code == 200


def test_token_of_another_client_is_not_revoked(house: House) -> None:
    """A client ends its own tokens alone."""
    house.uow.clients.save(replace(SITE, client_id="other"))
    tokens = house.sign_in()
    refused = house.revoke(tokens["access_token"], client_id="other", client_secret=SECRET)
    assert refused.get_json()["error"] == "invalid_grant"
    assert house.introspect(tokens["access_token"])["active"]


def test_userinfo_gives_what_the_scopes_stand_for(house: House) -> None:
    """Userinfo names sub and the claims of the scopes granted (Core 5.3.2, 5.4)."""
    tokens = house.sign_in(scope="openid profile email phone address finess")
    claims = house.userinfo(tokens["access_token"]).claims
    assert claims == {
        "sub": SUB,
        "name": "Camille Martin",
        "given_name": "Camille",
        "family_name": "Martin",
        "email": "cabinet@orange.example",
        "email_verified": True,
        "phone_number": "+33 1 23 45 67 89",
        "phone_number_verified": False,
        "address": {
            "street_address": "1 rue des Lilas",
            "postal_code": "75001",
            "locality": "Paris",
        },
        "finess": "750100018",
    }


def test_userinfo_gives_what_was_asked_for_by_name(house: House) -> None:
    """The claims parameter adds to userinfo what no scope asked for, and to it alone (Core 5.5)."""
    tokens = house.sign_in(claims='{"userinfo": {"name": {"essential": true}}}')
    claims = house.userinfo(tokens["access_token"]).claims
    assert claims == {"sub": SUB, "name": "Camille Martin"}
    assert "name" not in read_claims(tokens["id_token"])


def test_userinfo_leaves_out_what_nobody_knows(house: House) -> None:
    """A claim without a value is absent, and so is what would say something about it."""
    house.uow.subjects.kept[SUB] = replace(
        house.uow.subjects.kept[SUB],
        email=None,
        phone_number=None,
        street_address=None,
        postal_code=None,
        locality=None,
    )
    tokens = house.sign_in(scope="openid email phone address")
    assert house.userinfo(tokens["access_token"]).claims == {"sub": SUB}


def test_userinfo_is_signed_for_who_registered_so(house: House) -> None:
    """A signed answer carries iss and aud (Core 5.3.2)."""
    house.uow.clients.save(replace(SITE, userinfo_signed_response_alg="ES256"))
    signed = house.userinfo(house.sign_in()["access_token"]).signed
    assert signed is not None
    claims = read_claims(signed)
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, "site", SUB)
