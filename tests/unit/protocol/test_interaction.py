"""What must happen before a request is answered: the pure decision."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from idp.protocol.authorization_request import AuthorizationRequest, ReceivedRequest
from idp.protocol.client import AuthMethod, Client
from idp.protocol.interaction import (
    Consent,
    Create,
    Decision,
    Login,
    Memory,
    Proceed,
    Refuse,
    decide,
)
from tests.support.fake_protocol_store import FakeSession
from tests.support.protocol_house import SITE, SUB, authorization_parameters
from tests.support.signing import HOUR, MINUTE, START

NOW = START + HOUR
THIRD_PARTY = replace(SITE, is_first_party=False)
NATIVE = replace(
    SITE,
    application_type="native",
    token_endpoint_auth_method=AuthMethod.NONE,
    redirect_uris=("http://127.0.0.1/callback",),
)


def ask(
    parameters: dict[str, str],
    *,
    session: FakeSession | None = None,
    client: Client = SITE,
    hint: dict[str, Any] | None = None,
    memory: Memory | None = None,
) -> Decision:
    """Return the decision about the request "request-1"."""
    received = ReceivedRequest(
        parameters=authorization_parameters(**parameters), request_id="request-1", received_at=START
    )
    request = AuthorizationRequest(received=received, client=client, hint=hint)
    return decide(request, session, NOW, memory=memory or Memory(subject=SUB))


def once(session: FakeSession) -> Proceed:
    """Return the decision to answer, once for this sign-in."""
    return Proceed(f"request-1.{int(session.authenticated_at.timestamp() * 1_000_000)}")


def signed_in(minutes_ago: int, **changes: Any) -> FakeSession:  # noqa: ANN401 - any field
    """Return a session that began so many minutes ago."""
    began = NOW - minutes_ago * MINUTE
    return FakeSession(sub=SUB, authenticated_at=began, expires_at=began + 12 * HOUR, **changes)


def test_stranger_signs_in() -> None:
    """Without a session: the login page."""
    assert ask({}) == Login()


def test_prompt_create_opens_the_registration() -> None:
    """`prompt=create` leads to Inscription, signed in or not."""
    assert ask({"prompt": "create"}) == Create()
    assert ask({"prompt": "create"}, session=signed_in(5)) == Create()


def test_session_answers_in_silence() -> None:
    """A session is enough for a first-party client, `prompt=none` included."""
    assert ask({}, session=signed_in(5)) == Proceed()
    assert ask({"prompt": "none"}, session=signed_in(5)) == Proceed()


def test_prompt_none_asks_nobody() -> None:
    """`prompt=none` without a session is login_required (Core 3.1.2.6, C1B)."""
    decision = ask({"prompt": "none"})
    assert isinstance(decision, Refuse)
    assert decision.error == "login_required"


@pytest.mark.parametrize("prompt", ["login", "select_account", "create"])
def test_fresh_login_is_one_for_this_request(prompt: str) -> None:
    """A login satisfies `prompt` only if it named this very request."""
    other = signed_in(0, login_request_id="request-0")
    this = signed_in(0, login_request_id="request-1")
    assert ask({"prompt": prompt}, session=other) in (Login(), Create())
    assert ask({"prompt": prompt}, session=this) == once(this)


def test_fresh_login_satisfies_once() -> None:
    """The same request back from the history asks again."""
    session = signed_in(0, login_request_id="request-1")
    memory = Memory(subject=SUB, was_answered=True)
    assert ask({"prompt": "login"}, session=session, memory=memory) == Login()


def test_max_age_compares_with_the_sign_in() -> None:
    """An older sign-in asks again, a younger one does not."""
    assert ask({"max_age": "301"}, session=signed_in(5)) == Proceed()
    assert ask({"max_age": "299"}, session=signed_in(5)) == Login()


def test_max_age_zero_always_asks() -> None:
    """`max_age=0` is as `prompt=login` (C1B)."""
    assert ask({"max_age": "0"}, session=signed_in(0)) == Login()
    fresh = signed_in(0, login_request_id="request-1")
    assert ask({"max_age": "0"}, session=fresh) == once(fresh)


def test_max_age_with_prompt_none_is_refused() -> None:
    """A sign-in too old cannot be renewed in silence."""
    decision = ask({"max_age": "1", "prompt": "none"}, session=signed_in(5))
    assert isinstance(decision, Refuse)
    assert decision.error == "login_required"


def test_third_party_asks_for_consent_once() -> None:
    """Others than first-party clients need an agreement, which is remembered."""
    agreed = Memory(subject=SUB, agreed_scopes=frozenset({"openid", "email"}))
    parameters = {"scope": "openid email"}
    session = signed_in(5)
    assert ask(parameters, session=session, client=THIRD_PARTY) == Consent(("openid", "email"))
    assert ask(parameters, session=session, client=THIRD_PARTY, memory=agreed) == Proceed()


def test_more_scopes_ask_again() -> None:
    """An agreement covers what was asked then, and single claims count as their scopes."""
    agreed = Memory(subject=SUB, agreed_scopes=frozenset({"openid"}))
    parameters = {"claims": '{"userinfo": {"finess": null}}'}
    decision = ask(parameters, session=signed_in(5), client=THIRD_PARTY, memory=agreed)
    assert decision == Consent(("openid", "finess"))


def test_prompt_consent_asks_even_the_first_party() -> None:
    """`prompt=consent` is satisfied by the agreement that named this request, once."""
    parameters, session = {"prompt": "consent"}, signed_in(5)
    agreed = Memory(subject=SUB, agreed_scopes=frozenset({"openid"}), agreed_request_id="request-1")
    answered = replace(agreed, was_answered=True)
    assert ask(parameters, session=session) == Consent(("openid",))
    assert ask(parameters, session=session, memory=agreed) == once(session)
    assert ask(parameters, session=session, memory=answered) == Consent(("openid",))


def test_consent_with_prompt_none_is_refused() -> None:
    """Nobody is asked to agree in silence."""
    decision = ask({"prompt": "none"}, session=signed_in(5), client=THIRD_PARTY)
    assert isinstance(decision, Refuse)
    assert decision.error == "consent_required"


def test_public_loopback_client_is_confirmed_each_time() -> None:
    """A program of this computer cannot prove which one it is (RFC 8252 8.6)."""
    parameters = {"redirect_uri": "http://127.0.0.1:5000/callback"}
    known = Memory(subject=SUB, agreed_scopes=frozenset({"openid"}))
    this = replace(known, agreed_request_id="request-1")
    session = signed_in(5)
    assert ask(parameters, session=session, client=NATIVE, memory=known) == Consent(("openid",))
    decision = ask(parameters, session=session, client=NATIVE, memory=this)
    assert decision == once(session)


def test_hint_names_who_must_be_signed_in() -> None:
    """Another practitioner than the hint's is asked to sign in, then refused (Core 3.1.2.2)."""
    hint = {"sub": "somebody else", "aud": "site"}
    this = signed_in(0, login_request_id="request-1")
    assert ask({}, session=signed_in(5), hint=hint) == Login()
    assert isinstance(ask({}, session=this, hint=hint), Refuse)
    assert ask({}, session=signed_in(5), hint={"sub": SUB, "aud": "site"}) == Proceed()


def test_claims_may_name_who_must_be_signed_in() -> None:
    """The `sub` of a claims request counts as a hint's (Core 5.5.1)."""
    assert ask({"claims": '{"id_token": {"sub": {"value": "x"}}}'}, session=signed_in(5)) == Login()


def test_age_is_measured_in_fractions() -> None:
    """`max_age=1` asks again after two seconds."""
    session = replace(signed_in(0), authenticated_at=NOW - timedelta(seconds=2))
    assert ask({"max_age": "1"}, session=session) == Login()
