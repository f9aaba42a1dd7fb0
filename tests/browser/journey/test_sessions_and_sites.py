"""Mon compte in Chromium: sessions seen and ended, a site allowed and not, one's data, the end.

The story is lived through once for each kind of browser; each test looks at one page of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.journey.conftest import OpenBrowser
from tests.relying_parties.sites import KINDS, Site, running_site
from tests.support.at_browser import AtBrowser
from tests.support.demo import RunningDemo
from tests.support.network import wait_until
from tests.support.story import Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def partner(demo: RunningDemo) -> Iterator[Site]:
    """Somebody else's site, which asks for consent: that of the README."""
    with running_site(KINDS["authlib"], demo) as site:
        demo.run("clients", "edit", site.client_id, "--name", "Agenda partagé", "--third-party")
        yield site


def live(person: AtBrowser, elsewhere: AtBrowser, partner: Site) -> Iterator[tuple[str, Seen]]:
    """Yield each page of the story, by the name of what led there."""
    person.visit_site()
    person.sign_in()
    enter(elsewhere)
    yield from end_session(person, elsewhere)
    yield from allow_site(person.page, partner)
    yield from withdraw(person, partner)
    yield "data", download_data(person)
    enter(elsewhere)
    yield from sign_out_everywhere(person, elsewhere)


def enter(person: AtBrowser) -> None:
    """Sign in to Mon compte."""
    person.open("/compte")
    person.sign_in()
    person.page.wait_for_url(f"{person.plan.issuer}/compte")


def end_session(person: AtBrowser, elsewhere: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the list of sessions, and the end of the other browser's."""
    person.open("/compte/sessions")
    yield "sessions", look(person.page)
    others = person.page.locator(".cards li", has_not_text="ce navigateur")
    others.get_by_role("button").click()
    yield "session ended", look(person.page)
    elsewhere.open("/compte")
    yield "elsewhere", look(elsewhere.page)


def allow_site(page: Page, partner: Site) -> Iterator[tuple[str, Seen]]:
    """Yield what a site asks, and what it gets when one refuses and when one agrees."""
    page.goto(partner.login_url)
    yield "consent asked", look(page)
    page.click("#consent-deny")
    yield "consent denied", look(page)
    page.goto(partner.login_url)
    page.click("#consent-accept")
    yield "consent given", look(page)
    page.goto(partner.login_url)
    yield "second visit", look(page)


def withdraw(person: AtBrowser, partner: Site) -> Iterator[tuple[str, Seen]]:
    """Yield the list of sites, and what became of one whose consent was taken back."""
    person.open("/compte/sites")
    yield "sites", look(person.page)
    person.page.get_by_role("button", name="Retirer l’autorisation de Agenda partagé").click()
    yield "consent withdrawn", look(person.page)
    person.page.goto(partner.login_url)
    yield "asked anew", look(person.page)


def download_data(person: AtBrowser) -> Seen:
    """Return the file of one's data: its name and its text."""
    person.open("/compte/donnees")
    with person.page.expect_download() as downloading:
        person.page.click("#data-submit")
    file = downloading.value
    text = Path(file.path()).read_text("utf-8")
    return Seen(address=file.suggested_filename, text=text, claims={}, overflow=0)


def sign_out_everywhere(person: AtBrowser, elsewhere: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield what both browsers and the site show after it."""
    person.open("/compte/sessions")
    person.page.click("#sign-out-everywhere")
    yield "signed out everywhere", look(person.page)
    elsewhere.open("/compte")
    yield "elsewhere at the end", look(elsewhere.page)

    def is_forgotten_at_the_site() -> bool:
        person.page.goto(person.plan.site_url)
        return person.page.locator("#site-login").is_visible()

    wait_until(is_forgotten_at_the_site, timeout=20)
    yield "site", look(person.page)


@pytest.fixture(scope="module")
def story(demo: RunningDemo, person: AtBrowser, open_browser: OpenBrowser, partner: Site) -> Story:
    """The whole story of somebody who is at two browsers."""
    demo.open_account(person.registrant)
    return dict(live(person, person.move_to(open_browser()), partner))


def test_sessions_are_told_apart(story: Story) -> None:
    """Both browsers are listed; this one is marked, with the site that it opened."""
    text = story["sessions"].text
    assert text.count("Dernière activité") == 2
    assert text.count("ce navigateur") == 1
    assert "Sites : Site de la MNSPF" in text


def test_session_of_another_browser_is_ended(story: Story) -> None:
    """The page says so and lists this browser alone; the other one is out."""
    assert "La session est fermée." in story["session ended"].text
    assert story["session ended"].text.count("Dernière activité") == 1
    assert "Votre session a expiré." in story["elsewhere"].text


def test_foreign_site_asks_for_consent(story: Story, person: AtBrowser) -> None:
    """Whoever is signed in reads which site asks, where it is, and for what."""
    text = story["consent asked"].text
    assert "Autoriser Agenda partagé ?" in text
    assert "votre nom et vos prénoms" in text
    assert person.plan.issuer in story["consent asked"].address


def test_refusal_reaches_the_site(story: Story, partner: Site) -> None:
    """The site gets `access_denied` (RFC 6749, 4.1.2.1)."""
    assert story["consent denied"].address.startswith(partner.address)
    assert "access_denied" in story["consent denied"].text


def test_consent_leads_to_the_site(story: Story, partner: Site, person: AtBrowser) -> None:
    """The site knows the name that it asked for."""
    assert story["consent given"].address == f"{partner.address}/"
    assert partner.greet(person.registrant.name) in story["consent given"].text


def test_consent_is_remembered(story: Story, partner: Site) -> None:
    """The second visit shows no page in between."""
    assert story["second visit"].address == f"{partner.address}/"


def test_sites_are_listed(story: Story) -> None:
    """Both sites are there; what was never asked cannot be withdrawn."""
    text = story["sites"].text
    assert "Site de la MNSPF" in text
    assert text.count("Retirer l’autorisation") == 1


def test_consent_is_withdrawn(story: Story) -> None:
    """The page says so, and the site has to ask again."""
    assert "L’autorisation est retirée." in story["consent withdrawn"].text
    assert "Retirer l’autorisation" not in story["consent withdrawn"].text
    assert "Autoriser Agenda partagé ?" in story["asked anew"].text


def test_data_are_a_file(story: Story, person: AtBrowser) -> None:
    """A JSON file tells what is kept, and no secret."""
    seen = story["data"]
    assert seen.address == "mes-donnees.json"
    assert json.loads(seen.text)["account"]["email"] == person.registrant.email
    assert "argon2" not in seen.text


def test_signed_out_everywhere(story: Story) -> None:
    """This browser is told so, and the other one is out as well."""
    assert "Vous êtes déconnecté" in story["signed out everywhere"].text
    assert "Votre session a expiré." in story["elsewhere at the end"].text


def test_site_hears_of_it(story: Story) -> None:
    """The site, told by the provider itself, has forgotten its visitor (back-channel logout)."""
    assert "Se connecter" in story["site"].text


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []
