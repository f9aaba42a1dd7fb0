"""The main job in Chromium against `idp demo`: register, sign in, come back, sign out, be blocked.

The story is lived through once for each kind of browser; each test looks at one page of it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.at_browser import WRONG_PASSWORD, AtBrowser
from tests.support.demo import PASSWORD, RunningDemo
from tests.support.story import Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)


def live(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield each page of the story, by the name of what led there."""
    page = person.page
    person.visit_site()
    yield "login page", look(page)
    person.follow("Inscription")
    yield "registration", look(page)
    person.prove()
    yield "proved", look(page)
    person.fill_account()
    yield "registered", look(page)
    person.open_mail("Activez votre compte")
    yield "mail", look(page)
    tab = person.follow_mailed_link("Activer mon compte")
    yield "link followed", look(tab.page)
    tab.press("activate-submit")
    yield "activated", look(tab.page)
    tab.page.click("#login-link")
    yield "login page again", look(tab.page)
    tab.sign_in()
    yield "signed in", look(tab.page)
    yield from return_and_leave(tab)


def return_and_leave(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the pages of the second visit, of the logout and of the block."""
    page, site = person.page, person.plan.site_url
    page.context.clear_cookies(name="site_mnspf")
    page.goto(f"{site}/espace")
    yield "second visit", look(page)
    page.click("#site-logout")
    yield "signed out", look(page)
    page.goto(f"{site}/connexion")
    yield "asked anew", look(page)
    for number in (1, 2, 3):
        person.sign_in(WRONG_PASSWORD)
        yield f"failure {number}", look(page)
    page.goto(f"{site}/connexion")
    person.sign_in(PASSWORD)
    yield "right password while blocked", look(page)
    person.open_mail("bloqué")
    yield "mail about the block", look(page)


@pytest.fixture(scope="module")
def story(person: AtBrowser) -> Story:
    """The whole story."""
    return dict(live(person))


def test_site_leads_to_the_login_page(story: Story, demo: RunningDemo) -> None:
    """« Se connecter »: the provider's page, which names the site and its own address to check."""
    seen = story["login page"]
    assert seen.address.startswith(f"{demo.plan.issuer}/connexion?request=")
    assert "Vous vous connectez à Site de la MNSPF" in seen.text
    assert demo.plan.issuer.removeprefix("http://") in seen.text


def test_registration_has_two_steps(story: Story) -> None:
    """Number and IBAN first; address and password once these are proved."""
    assert "des 5 derniers caractères du code IBAN" in story["registration"].text
    assert "Choisissez votre mot de passe" in story["proved"].text


def test_registered_is_told_to_read_mail(story: Story) -> None:
    """The page says where the link went, without the whole address."""
    assert "un lien d’activation est envoyé à c…" in story["registered"].text


def test_mail_came_to_the_mailbox(story: Story) -> None:
    """The activation mail stands in the demo's mailbox, from the address the guide names."""
    assert "noreply@mnspf.fr" in story["mail"].text


def test_token_leaves_the_address_bar(story: Story, demo: RunningDemo) -> None:
    """A link that was followed shows a clean address, and a button that activates."""
    assert story["link followed"].address == f"{demo.plan.issuer}/activation"
    assert "Activer mon compte" in story["link followed"].text


def test_activation_leads_on_to_the_site(story: Story) -> None:
    """The account is active, and Connexion still knows which site waits."""
    assert "Votre compte est activé !" in story["activated"].text
    assert "Vous vous connectez à Site de la MNSPF" in story["login page again"].text


def test_site_shows_who_signed_in(story: Story, demo: RunningDemo, person: AtBrowser) -> None:
    """Back on the site: the verified ID token, and what userinfo tells."""
    seen = story["signed in"]
    assert seen.address == f"{demo.plan.site_url}/espace"
    assert seen.claims["iss"] == demo.plan.issuer
    assert seen.claims["aud"] == "site-mnspf"
    assert seen.claims["finess"] == person.registrant.finess
    assert seen.claims["name"] == person.registrant.name


def test_second_visit_is_silent(story: Story) -> None:
    """A site that forgot its visitor learns again who it is, without a page in between."""
    first, second = story["signed in"].claims, story["second visit"].claims
    assert (first["sub"], first["sid"]) == (second["sub"], second["sid"])
    assert first["nonce"] != second["nonce"]


def test_logout_at_the_site_ends_the_session(story: Story) -> None:
    """RP-initiated logout: back at the site, and the next sign-in asks for the password."""
    assert "Votre session est terminée" in story["signed out"].text
    assert "Mot de passe oublié" in story["asked anew"].text


def test_failures_are_counted(story: Story) -> None:
    """After a wrong password the page says how many tries are left."""
    assert "Il vous reste 2 tentatives avant" in story["failure 1"].text
    assert "Il vous reste 1 tentative avant" in story["failure 2"].text


def test_third_failure_blocks_for_two_hours(story: Story) -> None:
    """The page says until when, and the right password changes nothing."""
    for name in ("failure 3", "right password while blocked"):
        text = story[name].text
        assert "Accès bloqué" in text
        assert timedelta(minutes=115) < time_until(text) <= timedelta(minutes=121)


def test_block_is_mailed(story: Story) -> None:
    """The account's owner reads of it."""
    assert "L’accès à votre espace est bloqué" in story["mail about the block"].text


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []


def time_until(text: str) -> timedelta:
    """Return how long a block's page says it still lasts."""
    found = re.search(r"jusqu’à (?:demain à )?(\d+) h ?(\d*)", text)
    assert found
    now = datetime.now(ZoneInfo("Europe/Paris"))
    until = now.replace(hour=int(found[1]), minute=int(found[2] or 0))
    return (until - now) % timedelta(days=1)
