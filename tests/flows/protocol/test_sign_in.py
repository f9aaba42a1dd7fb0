"""A whole sign-in over HTTP: request, code, tokens, userinfo."""

from tests.support.provider_app import Browser

from tests.support.protocol_house import (
    ISSUER,
    SUB,
    authorization_parameters,
    code_parameters,
    read_claims,
    read_query,
)


def test_silent_sign_in(signed_in: Browser) -> None:
    """A browser with a session gets its site a code, tokens and claims, asking nothing."""
    answer = signed_in.get("/authorize", query_string=authorization_parameters(scope="openid email"))
    assert answer.status_code == 303, answer.text
    told = read_query(answer.location)
    assert (told["state"], told["iss"]) == ("state-1", ISSUER)
    tokens = signed_in.post("/token", data=code_parameters(told["code"]))
    assert tokens.status_code == 200, tokens.text
    assert tokens.headers["Cache-Control"] == "no-store"
    bearer = {"Authorization": f"Bearer {tokens.json['access_token']}"}
    claims = signed_in.get("/userinfo", headers=bearer)
    assert claims.json == {"sub": SUB, "email": "cabinet@orange.example", "email_verified": True}
    assert read_claims(tokens.json["id_token"])["sub"] == claims.json["sub"]
