"""How clients prove who they are: one way a request, the one of their record."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from idp.protocol.client import AuthMethod, ClientSecret
from idp.secret_values import digest
from tests.support.protocol_house import SECRET, SITE, House, build_house, code_parameters

BASIC = replace(SITE, client_id="basic", token_endpoint_auth_method=AuthMethod.BASIC)


@pytest.fixture
def house() -> House:
    """A house with SITE and a client that uses Basic credentials."""
    return build_house(SITE, BASIC)


def basic(client_id: str, secret: str) -> str:
    """Return the Authorization header of these credentials."""
    return "Basic " + b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()


def ask(house: House, authorization: str | None = None, **changes: str) -> Any:  # noqa: ANN401 - JSON
    """Ask for tokens with an unknown code; the answer's error tells how far it came."""
    parameters = {**code_parameters("unknown"), **changes}
    told = {name: value for name, value in parameters.items() if value}
    return house.token(authorization=authorization, **told)


def test_posted_secret_is_taken(house: House) -> None:
    """client_secret_post: past it, the code is looked at."""
    assert ask(house).get_json()["error"] == "invalid_grant"


def test_basic_credentials_are_taken(house: House) -> None:
    """client_secret_basic, with client_id in the form or not."""
    header = basic("basic", SECRET)
    assert ask(house, header, client_id="", client_secret="").get_json()["error"] == "invalid_grant"


def test_basic_credentials_are_form_encoded(house: House) -> None:
    """Both parts are form-url-encoded, `+` a space (RFC 6749 2.3.1)."""
    odd = "a b+c:d/é-and-as-long-as-a-secret-must-be"
    secrets = (ClientSecret(digest=digest(odd), created_at=house.now),)
    house.uow.clients.save(replace(BASIC, secrets=secrets))
    header = basic("basic", odd)
    assert ask(house, header, client_id="", client_secret="").get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + b64encode(b"\xff\xfe:x").decode(),
        "Basic " + b64encode(b"basic").decode(),
        "Bearer abc",
        "Basic é",
        basic("basic", "wrong"),
        basic("nobody", SECRET),
        basic("site", SECRET),
    ],
)
def test_bad_basic_credentials_are_challenged(house: House, header: str) -> None:
    """Malformed or wrong credentials are a 401 that says which scheme to use, never a 500."""
    refused = ask(house, header, client_id="", client_secret="")
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": "wrong"},
        {"client_secret": ""},
        {"client_secret": "é"},
        {"client_id": "nobody"},
        {"client_id": ""},
        {"client_id": "basic"},
    ],
)
def test_bad_posted_credentials_are_refused(house: House, changes: dict[str, str]) -> None:
    """A wrong secret, none, an unknown client or another's method: all the same answer."""
    refused = ask(house, **changes)
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_two_ways_at_once_are_refused(house: House) -> None:
    """A request authenticates in one way (RFC 6749 2.3)."""
    refused = ask(house, basic("basic", SECRET), client_id="")
    assert refused.get_json()["error"] == "invalid_request"


def test_client_id_must_agree_with_credentials(house: House) -> None:
    """A client_id in the form may not name another client."""
    refused = ask(house, basic("basic", SECRET), client_secret="")
    assert refused.get_json()["error"] == "invalid_client"


def test_two_secrets_live_while_rotating(house: House) -> None:
    """The old secret is good until its end, the new one beside it."""
    old = ClientSecret(
        digest=digest("old" * 20), created_at=house.now, expires_at=house.now + timedelta(hours=1)
    )
    house.uow.clients.save(replace(SITE, secrets=(*SITE.secrets, old)))
    assert ask(house, client_secret="old" * 20).get_json()["error"] == "invalid_grant"
    assert ask(house).get_json()["error"] == "invalid_grant"
    house.clock.advance(timedelta(hours=1))
    assert ask(house, client_secret="old" * 20).get_json()["error"] == "invalid_client"


def test_refusal_names_the_method_used(house: House) -> None:
    """The trail says which method was tried, for `idp clients doctor`."""
    ask(house, basic("site", SECRET), client_id="", client_secret="")
    (event,) = house.uow.audit.events
    assert event["reason"] == "wrong_auth_method"
    assert event["details"]["used"] == "client_secret_basic"


@pytest.mark.parametrize(
    "grant_type, error",
    [
        ("", "invalid_request"),
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("client_credentials", "unsupported_grant_type"),
        ('"é', "unsupported_grant_type"),
    ],
)
def test_other_grant_types_are_refused(house: House, grant_type: str, error: str) -> None:
    """Only codes and refresh tokens are exchanged for tokens (C28)."""
    assert ask(house, grant_type=grant_type).get_json()["error"] == error
