"""Consent over HTTP: other people's sites ask once, programs of this computer each time."""

from tests.support.forms import FormReader
from tests.support.protocol_house import read_query
from tests.support.provider_app import Browser, ProviderApp


def open_consent(browser: Browser, address: str) -> dict[str, str]:
    """Return what the form of the consent page at this address sends."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    (form,) = (form for form in FormReader(page.text).forms if form.action == "/consentement")
    return form.fields


def answer_consent(browser: Browser, address: str, answer: str) -> str:
    """Answer the consent page at this address; return where that leads."""
    form = open_consent(browser, address)
    done = browser.post("/consentement", data={**form, "answer": answer})
    assert done.status_code == 303, done.text
    return done.location


def test_third_party_asks_once(signed_in: Browser) -> None:
    """Agreed once, the same scopes are given in silence; more scopes ask again."""
    asked = signed_in.authorize(client_id="third", scope="openid email")
    assert asked.location.startswith("/consentement?request=")
    back = answer_consent(signed_in, asked.location, "accept")
    assert "code=" in signed_in.get(back).location
    assert "code=" in signed_in.authorize(client_id="third", scope="openid email").location
    more = signed_in.authorize(client_id="third", scope="openid email finess")
    assert more.location.startswith("/consentement?")


def test_page_says_what_is_asked_and_by_whom(signed_in: Browser) -> None:
    """The page names the site, its host, and each scope in French."""
    asked = signed_in.authorize(client_id="third", scope="openid email finess")
    page = signed_in.get(asked.location).text
    assert "Autre site" in page
    assert "site.example" in page
    assert "votre adresse mail" in page
    assert "votre numéro FINESS" in page


def test_page_lets_its_form_lead_to_the_site(signed_in: Browser) -> None:
    """`form-action` names the site's origin: the refusal is redirected there."""
    asked = signed_in.authorize(client_id="third")
    policy = signed_in.get(asked.location).headers["Content-Security-Policy"]
    assert "form-action 'self' https://site.example" in policy


def test_refusing_is_told_to_the_site(signed_in: Browser) -> None:
    """« Refuser » is access_denied, and nothing is remembered."""
    asked = signed_in.authorize(client_id="third")
    told = read_query(answer_consent(signed_in, asked.location, "deny"))
    assert (told["error"], told["state"]) == ("access_denied", "state-1")
    assert signed_in.authorize(client_id="third").location.startswith("/consentement?")


def test_forged_answer_does_nothing(signed_in: Browser) -> None:
    """Without the token of this browser: 403, the same page, nothing agreed (C51)."""
    asked = signed_in.authorize(client_id="third")
    form = {"request": read_query(asked.location)["request"], "answer": "accept"}
    refused = signed_in.post("/consentement", data=form)
    assert refused.status_code == 403
    assert "consent-accept" in refused.text
    assert signed_in.authorize(client_id="third").location.startswith("/consentement?")


def test_page_of_another_session_decides_nothing(provider: ProviderApp, signed_in: Browser) -> None:
    """Whoever signed in since is asked themselves: the page is shown again, nothing agreed."""
    asked = signed_in.authorize(client_id="third")
    form = open_consent(signed_in, asked.location)
    provider.sign_in(signed_in)
    answer = signed_in.post("/consentement", data={**form, "answer": "accept"})
    assert answer.status_code == 403
    assert "consent-accept" in answer.text
    assert signed_in.authorize(client_id="third").location.startswith("/consentement?")


def test_prompt_consent_asks_again(signed_in: Browser) -> None:
    """`prompt=consent` is satisfied by an answer to this very request, once."""
    asked = signed_in.authorize(prompt="consent")
    back = answer_consent(signed_in, asked.location, "accept")
    assert "code=" in signed_in.get(back).location
    assert signed_in.get(back).location.startswith("/consentement?")


def test_program_of_this_computer_is_confirmed_each_time(signed_in: Browser) -> None:
    """A public loopback client cannot prove which program it is (RFC 8252 8.6)."""
    native = {"client_id": "native", "redirect_uri": "http://127.0.0.1:4711/callback"}
    asked = signed_in.authorize(**native)
    assert "programme de cet ordinateur" in signed_in.get(asked.location).text
    back = answer_consent(signed_in, asked.location, "accept")
    assert signed_in.get(back).location.startswith("http://127.0.0.1:4711/callback?code=")
    assert signed_in.authorize(**native).location.startswith("/consentement?")


def test_signed_out_in_between_signs_in_first(provider: ProviderApp, signed_in: Browser) -> None:
    """A consent page left open past its session leads to the login page, the request kept."""
    asked = signed_in.authorize(client_id="third")
    stranger = provider.open_browser()
    assert stranger.get(asked.location).location.startswith("/connexion?request=")


def test_page_without_a_request_is_a_fault(signed_in: Browser) -> None:
    """Nothing to agree to: the dispatcher says so."""
    answer = signed_in.get("/consentement")
    assert signed_in.get(answer.location).status_code == 400
