"""The authorization code grant: issued once, redeemed once, and what a replay does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from idp.protocol.responses import AuthorizationAnswer
from tests.support.protocol_house import (
    APP,
    REDIRECT_URI,
    SITE,
    SUB,
    VERIFIER,
    House,
    build_house,
    code_parameters,
)


@pytest.fixture
def house() -> House:
    """A house with SITE and APP."""
    return build_house()


def test_answer_carries_code_state_and_issuer(house: House) -> None:
    """A signed-in practitioner's request is answered with code, state and iss (RFC 9207)."""
    answer = house.authorize()
    assert isinstance(answer, AuthorizationAnswer)
    assert {"code", "state", "iss", "session_state"} == set(answer.parameters)
    assert answer.location.startswith(f"{REDIRECT_URI}?code=")


def test_code_gives_tokens(house: House) -> None:
    """A code with its verifier gives access, ID and refresh token (Core 3.1.3.3)."""
    tokens = house.sign_in()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 600
    assert set(tokens) == {
        "access_token",
        "id_token",
        "refresh_token",
        "token_type",
        "expires_in",
        "scope",
    }


def test_refresh_token_goes_to_who_registered_for_it(house: House) -> None:
    """A client without the grant type gets no refresh token."""
    house.uow.clients.save(replace(SITE, grant_types=("authorization_code",)))
    assert "refresh_token" not in house.sign_in()


def test_replay_is_refused_and_revokes_the_grant(house: House) -> None:
    """A valid replay of a used code kills what was given for it (RFC 6749 4.1.2, C20)."""
    code = house.get_code()
    house.redeem(code)
    replayed = house.redeem(code)
    assert (replayed.status_code, replayed.get_json()["error"]) == (400, "invalid_grant")
    assert house.only_grant().revoked_at == house.now


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://site.example/other"},
        {"client_id": "app"},
        {"client_secret": "wrong"},
    ],
)
def test_invalid_replay_kills_nothing(house: House, changes: dict[str, str]) -> None:
    """A replay by whoever has not all that the client has leaves its tokens alone (C18)."""
    code = house.get_code()
    house.redeem(code)
    assert house.redeem(code, **changes).status_code in {400, 401}
    assert house.only_grant().revoked_at is None


def test_wrong_verifier_uses_up_the_code_of_a_confidential_client(house: House) -> None:
    """A client that proved who it is has one try: the code may have been injected (C18)."""
    code = house.get_code()
    assert house.redeem(code, code_verifier="w" * 43).get_json()["error"] == "invalid_grant"
    assert house.redeem(code).status_code == 400


def test_wrong_verifier_leaves_the_code_of_a_public_client(house: House) -> None:
    """Whoever saw a public client's code cannot spoil its sign-in (C18)."""
    code = house.get_code(client_id="app")
    parameters = {**code_parameters(code), "client_id": "app"}
    del parameters["client_secret"]
    assert house.token(**{**parameters, "code_verifier": "w" * 43}).status_code == 400
    assert house.token(**parameters).status_code == 200


def test_code_lives_a_minute(house: House) -> None:
    """A code is good at 59 s and not at 61 (C24)."""
    in_time, late = house.get_code(), house.get_code()
    house.clock.advance(timedelta(seconds=59))
    assert house.redeem(in_time).status_code == 200
    house.clock.advance(timedelta(seconds=2))
    assert house.redeem(late).get_json()["error"] == "invalid_grant"


def test_code_of_another_client_is_unknown_and_unharmed(house: House) -> None:
    """A client that presents another's code learns nothing and consumes nothing (C23)."""
    code = house.get_code()
    parameters = {**code_parameters(code), "client_id": "app"}
    del parameters["client_secret"]
    assert house.token(**parameters).get_json()["error"] == "invalid_grant"
    assert house.redeem(code).status_code == 200


def test_verifier_without_challenge_is_refused(house: House) -> None:
    """A stripped challenge does not make the verifier optional (RFC 9700 4.8.2, C17)."""
    house.uow.clients.save(replace(SITE, require_pkce=False))
    code = house.get_code(code_challenge="", code_challenge_method="")
    assert house.redeem(code, code_verifier=VERIFIER).get_json()["error"] == "invalid_request"


def test_code_of_a_disabled_account_is_refused(house: House) -> None:
    """An account disabled between the two requests gets no tokens, and the trail says why."""
    code = house.get_code()
    house.uow.subjects.kept[SUB] = replace(house.uow.subjects.kept[SUB], may_sign_in=False)
    assert house.redeem(code).get_json()["error"] == "invalid_grant"
    assert house.uow.audit.events[-1]["reason"] == "account_disabled"


def test_loser_of_a_race_gets_nothing_and_revokes(house: House) -> None:
    """Who passes the checks but loses the update is a valid replay (C22)."""
    code = house.get_code()
    house.uow.grants.loses_races = True
    lost = house.redeem(code)
    assert lost.get_json()["error"] == "invalid_grant"
    assert house.only_grant().revoked_at is not None


def test_public_client_needs_no_secret(house: House) -> None:
    """A public client redeems with its verifier alone."""
    parameters = {**code_parameters(house.get_code(client_id="app")), "client_id": APP.client_id}
    del parameters["client_secret"]
    assert house.token(**parameters).status_code == 200
