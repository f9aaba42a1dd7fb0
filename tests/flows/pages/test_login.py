"""Connexion, as practitioners see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.support.provider import (
    FINESS,
    OTHER_FINESS,
    PASSWORD,
    UNKNOWN_FINESS,
    Provider,
    read_answer,
)
from tests.support.signing import DAY, HOUR, MINUTE
from tests.support.visitor import Visitor

WRONG = "Ce n’est pas 1 mot juste"


def test_sign_in_leads_back_to_the_site(provider: Provider, visitor: Visitor) -> None:
    """Number and password lead on to the site that asked, with its state."""
    provider.add_account()
    page = provider.start_at_site(visitor)
    assert (page.status, page.title) == (200, "Connexion")
    answer = read_answer(provider.sign_in(visitor, page=page))
    assert answer["state"] == "state-of-the-site"
    assert answer["code"]


def test_page_names_the_site_and_the_address_to_check(provider: Provider, visitor: Visitor) -> None:
    """The page says which site one signs in to, the way back to it, and its own address."""
    page = provider.start_at_site(visitor)
    assert "Vous vous connectez à <strong>Espace Professionnel de Santé</strong>" in page.html
    assert page.links["Revenir sur Espace Professionnel de Santé"].startswith(
        "https://site.example/connexion?iss="
    )
    assert "<strong>connexion.example</strong>" in page.html


def test_sign_in_without_site_welcomes(provider: Provider, visitor: Visitor) -> None:
    """Where no site waits, the guide's sentence is what one sees."""
    provider.add_account()
    page = provider.sign_in(visitor)
    assert page.title == "Vous êtes désormais connecté à votre espace"
    assert "75\u00a0000\u00a0123\u00a02" in page.html


@pytest.mark.parametrize(
    "typed",
    [
        "75 000 123 2",
        "75.000.123.2",
        "\uff17\uff15\uff10\uff10\uff10\uff11\uff12\uff13\uff12",
        " 750001232\u200b",
    ],
)
def test_typed_number_is_forgiven(provider: Provider, visitor: Visitor, typed: str) -> None:
    """Spaces, dots, full-width digits and invisible characters do not keep anybody out."""
    provider.add_account()
    assert provider.sign_in(visitor, typed).title.startswith("Vous êtes")


def test_login_hint_fills_the_number(provider: Provider, visitor: Visitor) -> None:
    """The site's login_hint is typed already (OpenID Connect Core 3.1.2.1)."""
    page = provider.start_at_site(visitor, login_hint=FINESS)
    assert page.find_form("login-submit").fields["finess"] == FINESS


def test_failure_says_how_many_tries_are_left(provider: Provider, visitor: Visitor) -> None:
    """One text whatever was wrong, the tries left, the number kept, the password not."""
    provider.add_account()
    page = provider.sign_in(visitor, password=WRONG)
    assert page.status == 422
    assert page.title == "Erreur : Connexion".replace(" :", "\u00a0:")
    assert "Numéro FINESS ou mot de passe incorrect." in page.html
    assert "2\u00a0tentatives" in page.html
    assert page.find_form("login-submit").fields["finess"] == FINESS
    assert WRONG not in page.html
    assert "1\u00a0tentative<" in provider.sign_in(visitor, password=WRONG, page=page).html


def test_third_failure_blocks_for_two_hours(provider: Provider, visitor: Visitor) -> None:
    """From the third failure on even the right password is refused, until the time said."""
    provider.add_account()
    for _ in range(2):
        provider.sign_in(visitor, password=WRONG)
    blocked = provider.sign_in(visitor, password=WRONG)
    assert (blocked.status, blocked.title) == (429, "Accès bloqué")
    assert "<strong>11\u00a0h\u00a000</strong> (heure de Paris)" in blocked.html
    assert blocked.response.headers["Retry-After"] == "7200"
    assert "Mot de passe oublié" in blocked.links
    provider.clock.advance(2 * HOUR - timedelta(seconds=1))
    assert provider.sign_in(visitor).title == "Accès bloqué"
    provider.clock.advance(timedelta(seconds=1))
    assert provider.sign_in(visitor).title.startswith("Vous êtes")


def test_block_keeps_the_request(provider: Provider, visitor: Visitor) -> None:
    """From the block page the request goes on through Mot de passe oublié (never a dead end)."""
    provider.add_account()
    page = provider.start_at_site(visitor)
    for _ in range(3):
        page = provider.sign_in(visitor, password=WRONG, page=provider.start_at_site(visitor))
    assert "?request=" in page.links["Mot de passe oublié"]


def test_known_and_unknown_numbers_look_alike(provider: Provider) -> None:
    """C56: unknown, wrong, not activated, disabled: same status, bytes, headers and cookies."""
    provider.add_account()
    provider.add_practitioner(OTHER_FINESS)
    answers = []
    for finess in (FINESS, OTHER_FINESS, UNKNOWN_FINESS):
        visitor = provider.open_browser()
        pages = [provider.sign_in(visitor, finess, password=WRONG) for _ in range(4)]
        answers.append([_strip(page.html, finess) for page in pages])
        assert not any("Set-Cookie" in page.response.headers for page in pages)
    assert answers[0] == answers[1] == answers[2]


def _strip(html: str, finess: str) -> str:
    """Leave out what differs for everybody: the number typed, the form's token, the nonce."""
    nonce = html.partition('nonce="')[2].partition('"')[0]
    token = html.partition('name="csrf_token" value="')[2].partition('"')[0]
    for varying in (nonce, token, finess):
        html = html.replace(varying, "") if varying else html
    return html


def test_form_left_open_overnight_still_works(provider: Provider, visitor: Visitor) -> None:
    """The token of a form outlives sessions: nothing complains the morning after."""
    provider.add_account()
    page = visitor.open("/connexion")
    provider.clock.advance(20 * HOUR)
    assert provider.sign_in(visitor, page=page).title.startswith("Vous êtes")


def test_missing_token_gives_the_same_form_again(provider: Provider, visitor: Visitor) -> None:
    """C50: cookies cleared in between: 403 and nobody signed in, but the form goes on."""
    provider.add_account()
    page = provider.start_at_site(visitor)
    visitor.forget_cookie("csrf")
    again = provider.sign_in(visitor, page=page)
    assert again.status == 403
    assert "ouverte trop longtemps" in again.html
    assert visitor.read_cookie("session") is None
    assert again.find_form("login-submit").fields["finess"] == FINESS
    assert read_answer(visitor.submit(again, "login-submit", password=PASSWORD))["code"]


def test_token_of_another_browser_is_refused(provider: Provider, visitor: Visitor) -> None:
    """C50: a form fetched by an attacker does not sign its victim in."""
    provider.add_account()
    foreign = provider.open_browser().open("/connexion")
    visitor.open("/connexion")
    assert provider.sign_in(visitor, page=foreign).status == 403
    assert visitor.read_cookie("session") is None


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_post_from_another_site_is_refused(
    provider: Provider, visitor: Visitor, headers: dict[str, str]
) -> None:
    """C50: what the browser says of the origin must not contradict."""
    provider.add_account()
    form = visitor.open("/connexion").find_form("login-submit")
    data = visitor.fill(form, "login-submit", finess=FINESS, password=PASSWORD)
    assert visitor.request("POST", "/connexion", data, headers).status_code == 403


def test_password_too_long_is_refused_before_anything(provider: Provider, visitor: Visitor) -> None:
    """C97: over 25 characters nothing is looked up or counted, known number or not."""
    provider.add_account()
    for _ in range(4):
        page = provider.sign_in(visitor, password="Aa1!" * 7)
        assert page.status == 422
        assert "au plus 25" in page.html
    assert provider.sign_in(visitor).title.startswith("Vous êtes")


def test_network_without_tries_is_told_when_to_come_back(
    start_provider: Callable[..., Provider],
) -> None:
    """429: a network that spent its hour's failures reads « 1 heure », for every number alike."""
    provider = start_provider(lockout={"network_logins_per_hour": 1})
    provider.add_account()
    visitor = provider.open_browser()
    provider.sign_in(visitor, password=WRONG)
    page = provider.sign_in(visitor)
    assert (page.status, page.response.headers["Retry-After"]) == (429, "3600")
    assert "réessayez dans 1\u00a0heure." in page.html


def test_empty_fields_are_named_at_once(visitor: Visitor) -> None:
    """Both empty fields are said in one answer, and nothing is counted."""
    page = visitor.submit(visitor.open("/connexion"), "login-submit")
    assert page.status == 422
    assert "Saisissez votre numéro FINESS." in page.html
    assert "Saisissez votre mot de passe." in page.html


def test_slip_is_a_hint(provider: Provider, visitor: Visitor) -> None:
    """A wrong key refuses nothing; it is named beside the failure."""
    page = provider.sign_in(visitor, "750001231")
    assert "paraît inexact" in page.html
    assert "2\u00a0tentatives" in page.html


def test_eight_digits_propose_the_ninth(visitor: Visitor) -> None:
    """Eight digits get the number probably meant, and no second message says the same."""
    page = visitor.submit(visitor.open("/connexion"), "login-submit", finess="75000123")
    assert "75\u00a0000\u00a0123\u00a02\u202f?" in page.html
    assert page.html.count('id="finess-fault-') == 1
    assert 'id="finess-notice-' not in page.html


def test_each_login_has_a_new_session(provider: Provider, visitor: Visitor) -> None:
    """C41: the cookie is another one after each login, and the old one is worth nothing."""
    provider.add_account()
    visitor.client.set_cookie("__Host-session", "chosen-by-somebody", domain="connexion.example")
    provider.sign_in(visitor)
    first = visitor.read_cookie("session")
    provider.sign_in(visitor, page=provider.start_at_site(visitor, prompt="login"))
    second = visitor.read_cookie("session")
    assert len({"chosen-by-somebody", first, second}) == 3
    visitor.client.set_cookie("__Host-session", str(first), domain="connexion.example")
    assert visitor.open("/compte").title == "Connexion"


def test_cookies_are_host_only_and_closed(provider: Provider, visitor: Visitor) -> None:
    """C42: __Host-, Secure, HttpOnly, SameSite=Lax, Path=/ and no Domain."""
    provider.add_account()
    page = provider.sign_in(visitor)
    cookies = page.history[0].headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-device"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_shared_computer_leaves_nothing_behind(provider: Provider, visitor: Visitor) -> None:
    """« Poste partagé »: no device cookie, a session cookie that ends with the browser."""
    provider.add_account()
    form = visitor.open("/connexion")
    data = visitor.fill(
        form.find_form("login-submit"),
        "login-submit",
        finess=FINESS,
        password=PASSWORD,
        shared_computer="on",
    )
    page = visitor.post("/connexion", data)
    (cookie,) = page.history[0].headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert "Max-Age" not in cookie
    provider.clock.advance(20 * MINUTE)
    assert visitor.open("/compte").title == "Connexion"


def test_session_that_ended_is_said(provider: Provider, visitor: Visitor) -> None:
    """After half an hour without use the login page says why one sees it."""
    provider.add_account()
    provider.sign_in(visitor)
    provider.clock.advance(30 * MINUTE)
    page = visitor.open("/compte")
    assert page.title == "Connexion"
    assert "Votre session a expiré." in page.html


def test_account_page_is_found_again_after_the_login(provider: Provider, visitor: Visitor) -> None:
    """Who asked for Mon compte lands there."""
    provider.add_account()
    page = visitor.open("/compte/sites")
    assert provider.sign_in(visitor, page=page).title == "Mon compte"


@pytest.mark.parametrize("suite", ["https://evil.example", "//evil.example", "/end_session"])
def test_login_leads_nowhere_else(provider: Provider, visitor: Visitor, suite: str) -> None:
    """An address in the query is no way out of here."""
    provider.add_account()
    page = visitor.open(f"/connexion?suite={suite}&request={suite}&next={suite}")
    assert suite not in page.html
    assert provider.sign_in(visitor, page=page).address == "https://connexion.example/bienvenue"


def test_signed_in_practitioner_sees_no_form(provider: Provider, visitor: Visitor) -> None:
    """Coming back to Connexion or to the address alone leads to one's own page."""
    provider.add_account()
    provider.sign_in(visitor)
    assert visitor.open("/connexion").address.endswith("/bienvenue")
    assert visitor.open("/").address.endswith("/bienvenue")
    assert provider.open_browser().open("/").address.endswith("/connexion")


def test_stale_request_begins_again_at_its_site(provider: Provider, visitor: Visitor) -> None:
    """A request over 30 minutes old goes to the site's own entry after the login."""
    provider.add_account()
    page = provider.start_at_site(visitor)
    provider.clock.advance(31 * MINUTE)
    page = provider.sign_in(visitor, page=page)
    assert page.address == "https://site.example/connexion?iss=https%3A%2F%2Fconnexion.example"


def test_request_of_yesterday_is_said(provider: Provider, visitor: Visitor) -> None:
    """Past 24 hours the page says so, and the login still leads to the site's entry."""
    provider.add_account()
    address = provider.start_at_site(visitor).address
    provider.clock.advance(DAY)
    page = visitor.open(address)
    assert "restée ouverte plus de 24 heures" in page.html.replace("\u00a0", " ")
    page = provider.sign_in(visitor, page=page)
    assert page.address.startswith("https://site.example/connexion?iss=")


def test_forms_may_lead_to_the_site_that_waits(provider: Provider, visitor: Visitor) -> None:
    """`form-action` names the site's origin on the login page, and nothing where none waits."""
    policy = provider.start_at_site(visitor).response.headers["Content-Security-Policy"]
    assert "form-action 'self' https://site.example" in policy
    policy = visitor.open("/connexion").response.headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy


def test_page_without_a_form_sets_no_cookie(visitor: Visitor) -> None:
    """Only a form needs the CSRF cookie: not an error's page, nor advice."""
    for address in ("/nothing", "/securite"):
        assert "Set-Cookie" not in visitor.open(address).response.headers
    assert "Set-Cookie" in visitor.open("/connexion").response.headers


def test_rush_is_told_at_the_door(provider: Provider, visitor: Visitor) -> None:
    """While no hash slot is free, more than were served get 503, and may come again (C117)."""
    provider.add_account()
    slots = provider.running.built.services.tools.hasher.slots
    with slots.take():
        pass
    with capture_logs() as logs, slots.take():
        admitted, busy, _ = (provider.start_at_site(visitor) for _ in range(3))
    assert [line["event"] for line in logs] == ["rush.began"]
    assert (admitted.status, busy.status) == (200, 503)
    assert int(busy.response.headers["Retry-After"]) > 0
    assert 'href="">Réessayer<' in busy.html
    page = provider.sign_in(visitor, page=visitor.open(busy.address))
    assert provider.redeem(page)["id_token"]


def test_fault_of_a_site_is_told_in_a_rush_too(provider: Provider, visitor: Visitor) -> None:
    """A request that is at fault goes back to its site with the error, however full the queue."""
    with provider.running.built.services.tools.hasher.slots.take():
        page = provider.start_at_site(visitor, response_type="token")
    assert read_answer(page)["error"] == "unsupported_response_type"


def test_live_session_passes_a_rush(provider: Provider, visitor: Visitor) -> None:
    """Who needs no password is let through, however many wait for a hash."""
    provider.add_account()
    provider.sign_in(visitor)
    with provider.running.built.services.tools.hasher.slots.take():
        pages = [provider.start_at_site(visitor) for _ in range(2)]
    assert all(provider.redeem(page)["id_token"] for page in pages)


def test_full_queue_keeps_what_was_typed(provider: Provider, visitor: Visitor) -> None:
    """No hash slot free: 503 with Retry-After, the number kept, nothing counted (C117)."""
    provider.add_account()
    slots = provider.running.built.services.tools.hasher.slots
    page = visitor.open("/connexion")
    with slots.take():
        full = provider.sign_in(visitor, page=page)
    assert full.status == 503
    assert full.response.headers["Retry-After"] == "1"
    assert "n’a pas abouti" in full.html
    assert "à corriger" not in full.html
    assert full.find_form("login-submit").fields["finess"] == FINESS
    assert visitor.submit(full, "login-submit", password=PASSWORD).title.startswith("Vous êtes")
