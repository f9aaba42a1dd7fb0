"""The sites of the README, with libraries that others wrote, against `idp demo`'s processes."""

import pytest
from playwright.sync_api import expect

from tests.relying_parties.sites import KINDS, FindSite, Site
from tests.support.at_browser import AtBrowser
from tests.support.network import wait_until

pytestmark = pytest.mark.timeout(300)
every_library = pytest.mark.parametrize("library", KINDS)


@every_library
def test_practitioner_signs_in(library: str, find_site: FindSite, person: AtBrowser) -> None:
    """Discovery, code with PKCE, verified ID token, userinfo: the site knows the name."""
    sign_in(person, find_site(library))


@every_library
def test_practitioner_signs_out(library: str, find_site: FindSite, person: AtBrowser) -> None:
    """RP-initiated logout without a question: the next sign-in asks for the password."""
    site = find_site(library)
    sign_in(person, site)
    person.page.goto(site.logout_url)
    person.page.goto(site.login_url)
    expect(person.heading).to_have_text("Connexion")


def test_refresh_token_is_rotated(find_site: FindSite, person: AtBrowser) -> None:
    """openid-client: each refresh gives tokens that userinfo takes, and the next refresh token."""
    site = find_site("openid-client")
    sign_in(person, site)
    for _ in range(2):
        person.page.goto(f"{site.address}/refresh")
        expect_greeting(person, site)


def test_logout_elsewhere_reaches_the_site(find_site: FindSite, person: AtBrowser) -> None:
    """mod_auth_openidc: a logout at the demo's site ends its session too (back-channel)."""
    apache = find_site("mod_auth_openidc")
    sign_in(person, apache)
    person.visit_site()
    person.expect_signed_in()
    person.sign_out()
    wait_until(lambda: not is_known_at(person, apache), timeout=30)


def test_logout_at_the_site_reaches_others(find_site: FindSite, person: AtBrowser) -> None:
    """mod_auth_openidc: after a logout there the demo's site has forgotten its visitor too."""
    apache = find_site("mod_auth_openidc")
    person.visit_site()
    person.sign_in()
    person.expect_signed_in()
    person.page.goto(apache.login_url)
    expect_greeting(person, apache)
    person.page.goto(apache.logout_url)
    expect(person.heading).to_have_text("Connexion")
    wait_until(lambda: not is_known_at_the_demo(person), timeout=30)


def sign_in(person: AtBrowser, site: Site) -> None:
    """Begin at the site, type the password, and be greeted there."""
    person.page.goto(site.login_url)
    person.sign_in()
    expect_greeting(person, site)


def expect_greeting(person: AtBrowser, site: Site) -> None:
    """Be at the site, which knows who came."""
    expect(person.page.locator("body")).to_contain_text(site.greet(person.registrant.name))


def is_known_at_the_demo(person: AtBrowser) -> bool:
    """Say whether the demo's site, as it stands, knows who is there."""
    person.page.goto(person.plan.site_url)
    return "Vous êtes connecté" in person.page.inner_text("body")


def is_known_at(person: AtBrowser, site: Site) -> bool:
    """Say whether a site shows its page without asking the provider."""
    person.page.goto(site.login_url)
    return person.page.url.startswith(site.address)
