"""Two tabs, the back button, lost cookies: the request survives, at worst the form is back."""

import pytest
from playwright.sync_api import expect

from tests.support.at_browser import AtBrowser

pytestmark = pytest.mark.timeout(300)


def test_cookies_cleared_in_between(owner: AtBrowser) -> None:
    """One sentence says why, the number is still typed in, and the next try reaches the site."""
    owner.visit_site()
    owner.page.context.clear_cookies(name="csrf")
    owner.sign_in()
    expect(owner.page.locator(".notice")).to_contain_text("restée ouverte trop longtemps")
    expect(owner.page.locator("#finess")).to_have_value(owner.registrant.finess)
    owner.sign_in()
    owner.expect_signed_in()


def test_two_tabs_of_one_site(owner: AtBrowser) -> None:
    """A tab left on the login page goes on to the site though another signed in first."""
    owner.visit_site()
    other = owner.move_to(owner.page.context.new_page())
    other.visit_site()
    other.sign_in()
    other.expect_signed_in()
    owner.turn_to()
    owner.sign_in()
    owner.expect_signed_in()


def test_back_to_the_login_page(owner: AtBrowser) -> None:
    """Back from the site shows the login page again, and signing in there reaches the site."""
    owner.visit_site()
    owner.sign_in()
    owner.expect_signed_in()
    owner.page.go_back()
    expect(owner.heading).to_have_text("Connexion")
    owner.sign_in()
    owner.expect_signed_in()
