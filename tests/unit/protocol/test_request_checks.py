"""The table of checks of an authorization request: what is refused, and who is told."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from idp.protocol.interaction import Interaction, Login
from idp.protocol.responses import AuthorizationAnswer, FaultPage
from tests.support.protocol_house import (
    CHALLENGE,
    ISSUER,
    REDIRECT_URI,
    SITE,
    House,
    authorization_parameters,
    build_house,
)

FAR = "openid " + "x" * 10_000


@pytest.fixture
def house() -> House:
    """A house with SITE and APP."""
    return build_house()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": ""},
        {"client_id": "nobody"},
        {"client_id": "<script>"},
        {"client_id": "sité"},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{REDIRECT_URI}/"},
        {"redirect_uri": f"{REDIRECT_URI}?a=b"},
        {"redirect_uri": f"{REDIRECT_URI}#x"},
        {"redirect_uri": f"{REDIRECT_URI}%23"},
        {"redirect_uri": REDIRECT_URI.upper()},
        {"redirect_uri": "https://site.example:443/callback"},
        {"redirect_uri": "https://site.example/../callback"},
        {"redirect_uri": "https://site.example@evil/callback"},
        {"redirect_uri": "https://site.example\\@evil/callback"},
        {"redirect_uri": "//evil"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": 'https://site.example/"é'},
    ],
)
def test_unknown_client_or_uri_is_a_page(house: House, changes: dict[str, str]) -> None:
    """Until client and redirect URI are known to be good, nobody is redirected (C01 to C11)."""
    page = house.authorize(**changes)
    assert isinstance(page, FaultPage)
    assert page.error == "invalid_request"
    assert page.reason


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"request": "ey.J.x"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "CODE"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": FAR}, "invalid_scope"),
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "c" * 42}, "invalid_request"),
        ({"code_challenge": "c" * 129}, "invalid_request"),
        ({"code_challenge": CHALLENGE[:42] + "!"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "\n"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "surprise"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "abc"}, "invalid_request"),
        ({"max_age": "\u0661"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"claims": "[" * 100_000}, "invalid_request"),
        ({"claims": '{"id_token": 1}'}, "invalid_request"),
        ({"claims": '{"id_token": {"sub": {"value": 1}}}'}, "invalid_request"),
        (
            {"claims": '{"id_token": {"acr": {"essential": true, "value": "gold"}}}'},
            "unmet_authentication_requirements",
        ),
        ({"id_token_hint": "none.of.ours"}, "invalid_request"),
        ({"state": "é"}, "invalid_request"),
        ({"nonce": "a\tb"}, "invalid_request"),
    ],
)
def test_fault_is_told_to_the_client(house: House, changes: dict[str, str], error: str) -> None:
    """Any other fault goes to the redirect URI, with state and iss (RFC 9207, C13 to C1E)."""
    answer = house.authorize(**changes)
    assert isinstance(answer, AuthorizationAnswer)
    told = dict(answer.parameters)
    assert (told.pop("error"), told["iss"]) == (error, ISSUER)
    assert told["state"] == changes.get("state", "state-1")
    assert answer.reply_to.redirect_uri == REDIRECT_URI


def test_fault_is_told_in_the_response_mode_asked_for(house: House) -> None:
    """An error is posted where the answer would have been."""
    assert house.authorize(response_mode="form_post", scope="").is_posted


def test_refused_request_object_says_where_its_site_listens(house: House) -> None:
    """Its response_mode and state may be in the object alone; nothing else of it is read."""
    claims = {"response_mode": "form_post", "state": "of the object", "redirect_uri": "https://e"}
    answer = house.authorize(request=write_object(claims), state="")
    assert answer.is_posted
    assert answer.reply_to.redirect_uri == REDIRECT_URI
    assert answer.parameters["error"] == "request_not_supported"
    assert answer.parameters["state"] == "of the object"


@pytest.mark.parametrize("value", [1, None, ["form_post"], "\ud800", "\r\nSet-Cookie: a=b", "é"])
def test_strange_values_in_a_request_object_are_left(house: House, value: object) -> None:
    """What is no printable ASCII there is as if it were not there."""
    claims = {"response_mode": value, "state": value}
    answer = house.authorize(request=write_object(claims))
    assert not answer.is_posted
    assert answer.parameters["state"] == "state-1"
    assert answer.location.startswith(REDIRECT_URI)


def write_object(claims: Mapping[str, object]) -> str:
    """Return an unsigned request object."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return "".join(f"{urlsafe_b64encode(part).rstrip(b'=').decode()}." for part in parts)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scope": "openid offline_access unheard_of"},
        {"state": "s" * 128, "nonce": "n" * 128},
        {"state": "<script>alert(1)</script>"},
        {"display": "hologram", "ui_locales": "fr-FR en", "claims_locales": "fr"},
        {"acr_values": "gold silver"},
        {"login_hint": "numéro"},
        {"claims": '{"id_token": {"acr": {"essential": true}, "email": null}}'},
    ],
)
def test_good_request_is_answered(house: House, changes: dict[str, str]) -> None:
    """Unknown scopes, hints and locales do no harm; state comes back intact."""
    answer = house.authorize(**changes)
    assert "code" in answer.parameters
    assert answer.parameters["state"] == changes.get("state", "state-1")


def test_scope_of_others_is_refused(house: House) -> None:
    """A known scope that the client is not registered for is invalid_scope (C19)."""
    house.uow.clients.save(replace(SITE, scopes=("openid", "email")))
    answer = house.authorize(scope="openid finess")
    assert answer.parameters["error"] == "invalid_scope"
    assert "finess" in answer.parameters["error_description"]


def test_client_that_pushes_must_push(house: House) -> None:
    """A client registered for pushed requests may not send them through the browser."""
    house.uow.clients.save(replace(SITE, require_pushed_authorization_requests=True))
    assert house.authorize().parameters["error"] == "invalid_request"


def test_confidential_client_may_be_excused_from_pkce(house: House) -> None:
    """A record may say so; a public client's may not."""
    house.uow.clients.save(replace(SITE, require_pkce=False))
    excused: Any = house.authorize(code_challenge="", code_challenge_method="")
    assert "code" in excused.parameters
    house.uow.clients.save(replace(house.uow.clients.kept["app"], require_pkce=False))
    refused = house.authorize(client_id="app", code_challenge="", code_challenge_method="")
    assert refused.parameters["error"] == "invalid_request"


def test_refusal_is_recorded_with_what_was_received(house: House) -> None:
    """The trail keeps the redirect URI that was not registered, for `idp clients doctor`."""
    house.authorize(redirect_uri="https://site.example/calback")
    (event,) = house.uow.audit.events
    assert event["reason"] == "redirect_uri_not_registered"
    assert event["details"]["redirect_uri"] == "https://site.example/calback"


def test_recorded_address_cannot_steer_a_terminal(house: House) -> None:
    """Line breaks and control characters of a stranger's request are not kept."""
    house.authorize(redirect_uri="https://\x1b[2Jsite\r\nlogin.succeeded")
    (event,) = house.uow.audit.events
    assert event["details"]["redirect_uri"] == "https://\ufffd[2Jsite\ufffd\ufffdlogin.succeeded"


def test_unknown_client_and_everyday_refusals_are_not_recorded(house: House) -> None:
    """Nobody fills the trail with made-up clients, nor with silent renewals."""
    house.authorize(client_id="nobody")
    quiet = house.exchange(**authorization_parameters(prompt="none"))
    house.server.answer_authorization_request(quiet, None)
    assert house.uow.audit.events == []


def test_description_repeats_nothing_received(house: House) -> None:
    """What a request holds may be no printable ASCII (RFC 6749 4.1.2.1)."""
    answer = house.authorize(prompt='"<é>')
    description = answer.parameters["error_description"]
    assert all(0x20 <= ord(c) <= 0x7E and c not in '"\\' for c in description)


def test_loser_of_two_tabs_signs_in_again(house: House) -> None:
    """A request that may be answered once, and was a moment ago, asks for another login."""
    session = house.session(login_request_id="request-1")
    house.uow.grants.loses_races = True
    outcome = house.authorize(session, prompt="login")
    assert outcome == Interaction(Login(), outcome.request, was_answered=True)


def test_nobody_signed_in_must_sign_in(house: House) -> None:
    """A good request of a stranger leads to the login page, and writes nothing."""
    exchange = house.exchange(**authorization_parameters())
    outcome = house.server.answer_authorization_request(exchange, None)
    assert isinstance(outcome, Interaction)
    assert house.uow.grants.kept == {}
