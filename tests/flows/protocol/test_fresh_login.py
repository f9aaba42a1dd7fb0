"""Requests that demand a fresh login or an agreement, through the pages that people see."""

from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from tests.support.protocol_house import REDIRECT_URI, SECRET, authorization_parameters
from tests.support.provider import FINESS, PASSWORD, Provider, read_answer
from tests.support.provider_app import ProviderApp
from tests.support.signing import MINUTE
from tests.support.visitor import Page, Visitor


@pytest.fixture
def people(provider: ProviderApp) -> Provider:
    """The provider, with one practitioner who has an account."""
    people = Provider(provider)
    people.add_account()
    return people


@pytest.fixture
def visitor(people: Provider) -> Visitor:
    """A practitioner's browser that signed in a moment ago."""
    visitor = people.open_browser()
    people.sign_in(visitor)
    return visitor


@pytest.mark.parametrize(
    "demand", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "0"}]
)
def test_signed_in_practitioner_types_the_password_again(
    people: Provider, visitor: Visitor, demand: dict[str, str]
) -> None:
    """The login page is shown in spite of the session, and leads back with a code."""
    page = people.start_at_site(visitor, **demand)
    assert page.title == "Connexion"
    assert "code" in read_answer(people.sign_in(visitor, page=page))


def test_back_button_after_a_fresh_login_is_no_dead_end(people: Provider, visitor: Visitor) -> None:
    """The login page from the history, sent again, begins again at its site: it has its answer."""
    page = people.start_at_site(visitor, prompt="login")
    assert "code" in read_answer(people.sign_in(visitor, page=page))
    people.clock.advance(MINUTE)
    again = people.sign_in(visitor, page=page)
    assert again.address.startswith("https://site.example/login?iss=")


def test_login_then_consent(people: Provider, visitor: Visitor) -> None:
    """`prompt=login consent` asks for both, one after the other."""
    page = people.start_at_site(visitor, prompt="login%20consent")
    consent = people.sign_in(visitor, page=page)
    assert consent.address.startswith("https://connexion.example/consentement")
    assert "code" in read_answer(visitor.submit(consent, "consent-accept"))


def test_stranger_agrees_after_signing_in(people: Provider) -> None:
    """Somebody else's site: login, consent, and back; refusing is told to the site."""
    stranger = people.open_browser()
    page = people.sign_in(stranger, page=people.start_at_site(stranger, client_id="third"))
    assert page.title.startswith("Autoriser Autre site")
    assert read_answer(stranger.submit(page, "consent-deny"))["error"] == "access_denied"


def test_login_answers_its_site_at_once(people: Provider) -> None:
    """The answer to the form is the way to the site: one round trip less to wait for."""
    stranger = people.open_browser()
    page = people.sign_in(stranger, page=people.start_at_site(stranger))
    assert (page.status, page.history) == (303, ())
    assert page.address.startswith(f"{REDIRECT_URI}?code=")
    assert stranger.read_cookie("session")


def test_login_answers_by_form_post(people: Provider) -> None:
    """The answer is posted where the site asked for it, from a page that may be loaded again."""
    stranger = people.open_browser()
    page = people.start_at_site(stranger, response_mode="form_post")
    answer = people.sign_in(stranger, page=page)
    assert answer.address.startswith("https://connexion.example/authorize?request=")
    form = answer.find_form("continue-submit")
    assert form.action == REDIRECT_URI
    assert {"code", "state", "iss", "session_state"} == set(form.fields)


def test_login_sent_twice_does_not_waste_a_pushed_request(people: Provider) -> None:
    """Of a double click the browser drops the first answer: the second still finds the request."""
    stranger = people.open_browser()
    pushed = people.running.open_browser().post(
        "/par", data={"client_secret": SECRET, **authorization_parameters()}
    )
    reference = quote(pushed.get_json()["request_uri"])
    page = stranger.open(f"/authorize?client_id=site&request_uri={reference}")
    form = page.find_form("login-submit")
    filled = stranger.fill(form, "login-submit", finess=FINESS, password=PASSWORD)
    stranger.request("POST", "/connexion", filled)
    for cookie in ("session", "device"):
        stranger.forget_cookie(cookie)
    assert "code" in read_answer(stranger.post("/connexion", filled))


def test_form_was_let_in_before_a_rush(people: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent twice, the second needs another login: that is no arrival that a rush turns away."""
    stranger = people.open_browser()
    form = people.start_at_site(stranger, prompt="login").find_form("login-submit")
    filled = stranger.fill(form, "login-submit", finess=FINESS, password=PASSWORD)
    stranger.request("POST", "/connexion", filled)
    for cookie in ("session", "device"):
        stranger.forget_cookie(cookie)
    slots = people.running.built.services.tools.hasher.slots
    monkeypatch.setattr(slots, "turns_away", lambda: True)
    assert people.start_at_site(stranger).status == 503
    assert stranger.post("/connexion", filled).title == "Connexion"


def test_login_keeps_its_cookies_where_the_answer_fails(people: Provider, visitor: Visitor) -> None:
    """An answer too long for a proxy is refused; who signed in has the new session."""
    page = people.start_at_site(visitor, prompt="login", state="%22" * 5000)
    before = visitor.read_cookie("session")
    assert people.sign_in(visitor, page=page).status == 400
    assert visitor.read_cookie("session") != before
    assert visitor.open("/compte").title == "Mon compte"


def test_hint_of_somebody_else_asks_for_them(people: Provider, visitor: Visitor) -> None:
    """With another practitioner's ID token as hint the site is told, once the wrong one came."""
    other = people.open_browser()
    people.add_account("690000013", email="autre@orange.example")
    hint = get_id_token(people, other, "690000013")
    page = people.start_at_site(visitor, id_token_hint=hint)
    assert page.title == "Connexion"
    assert read_answer(people.sign_in(visitor, page=page))["error"] == "login_required"
    page = people.start_at_site(visitor, id_token_hint=hint)
    assert "code" in read_answer(people.sign_in(visitor, "690000013", page=page))


def test_frames_learn_of_another_session(people: Provider, visitor: Visitor) -> None:
    """A login sends one state: that of its session, or none where no code goes with it."""
    people.add_account("690000013", email="autre@orange.example")
    people.start_at_site(visitor)
    first = visitor.read_cookie("state")
    page = people.start_at_site(visitor, prompt="login")
    answer = people.sign_in(visitor, "690000013", page=page).response
    assert list_sent(answer, "__Host-state") == [visitor.read_cookie("state")]
    assert visitor.read_cookie("state") != first
    page = people.start_at_site(visitor, prompt="login", response_mode="form_post")
    answer = people.sign_in(visitor, page=page).history[0]
    assert list_sent(answer, "__Host-state") == [""]


def test_frames_learn_nothing_of_the_same_session(people: Provider, visitor: Visitor) -> None:
    """Who types the password again goes on with the session that the frames know."""
    people.start_at_site(visitor)
    page = people.start_at_site(visitor, prompt="login", response_mode="form_post")
    answer = people.sign_in(visitor, page=page).history[0]
    assert list_sent(answer, "__Host-state") == []


def test_create_ends_with_a_login(people: Provider) -> None:
    """`prompt=create` opens Inscription; who has an account after all signs in from there."""
    stranger = people.open_browser()
    page = people.start_at_site(stranger, prompt="create")
    assert "Inscription" in page.title
    login = stranger.follow(page, "Connexion")
    assert "code" in read_answer(people.sign_in(stranger, page=login))


def list_sent(answer: TestResponse, name: str) -> list[str]:
    """Return the values of a cookie that an answer sends."""
    sent = [cookie.partition("=") for cookie in answer.headers.getlist("Set-Cookie")]
    return [rest.partition(";")[0] for given, _, rest in sent if given == name]


def get_id_token(people: Provider, visitor: Visitor, finess: str) -> str:
    """Sign a practitioner in to the site; return the ID token."""
    page: Page = people.sign_in(visitor, finess, page=people.start_at_site(visitor))
    code = read_answer(page)["code"]
    token: str = people.running.open_browser().redeem(code).get_json()["id_token"]
    return token
