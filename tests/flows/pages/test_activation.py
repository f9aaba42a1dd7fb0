"""Activation: the mailed link, opened by people, programs and other browsers."""

from datetime import timedelta

import pytest

from tests.support.provider import EMAIL, Provider, fill_account
from tests.support.signing import DAY
from tests.support.visitor import Visitor

SECOND = timedelta(seconds=1)


@pytest.fixture
def link(provider: Provider, visitor: Visitor) -> str:
    """The link of a registration that `visitor` began at a site."""
    provider.add_practitioner()
    page = visitor.follow(provider.start_at_site(visitor), "Inscription")
    page = visitor.submit(page, "proof-submit", finess="750001232", iban_suffix="02606")
    fill_account(visitor, page)
    return provider.mailbox.read_latest(EMAIL).link


def test_token_leaves_the_address_bar(visitor: Visitor, link: str) -> None:
    """The first GET answers 303 to a clean path with no referrer; reloading the page works."""
    page = visitor.open(link)
    (redirect,) = page.history
    assert redirect.status_code == 303
    assert redirect.headers["Referrer-Policy"] == "no-referrer"
    assert page.address == "https://connexion.example/activation"
    assert visitor.open(page.address).title == "Activez votre compte"


def test_two_links_in_two_tabs_stay_apart(visitor: Visitor, link: str) -> None:
    """What the form holds wins over the cookie that another tab changed."""
    page = visitor.open(link)
    visitor.open("/activation?token=of-another-mail")
    assert visitor.submit(page, "activate-submit").title.startswith("Votre compte est activé")


@pytest.mark.parametrize("noise", ["{}%20", "%3C{}%3E", "{}%3E", "{}."])
def test_pasted_link_is_forgiven(visitor: Visitor, link: str, noise: str) -> None:
    """Stray spaces, angle brackets and a final point do not hurt."""
    address, _, token = link.partition("?token=")
    page = visitor.open(f"{address}?token={noise.format(token)}")
    assert page.title == "Activez votre compte"


def test_scanners_use_nothing_up(provider: Provider, visitor: Visitor, link: str) -> None:
    """C85: HEAD and GET, any number of times, leave the link as it was."""
    scanner = provider.open_browser("198.51.100.7")
    for method in ("HEAD", *["GET"] * 10):
        assert scanner.request(method, link).status_code == 303
    assert scanner.open(link).title == "Activez votre compte"
    assert provider.find_account() is None
    assert visitor.submit(visitor.open(link), "activate-submit").status == 200


def test_post_without_token_activates_nothing(
    provider: Provider, visitor: Visitor, link: str
) -> None:
    """C51: a foreign POST activates nothing; the same page then does."""
    page = visitor.open(link)
    visitor.forget_cookie("csrf")
    again = visitor.submit(page, "activate-submit")
    assert (again.status, again.title) == (403, "Activez votre compte")
    assert provider.find_account() is None
    assert visitor.submit(again, "activate-submit").title.startswith("Votre compte est activé")


def test_used_link_says_so(visitor: Visitor, link: str) -> None:
    """A link serves once; a reload of the end, or the link again, says what happened."""
    page = visitor.open(link)
    visitor.submit(page, "activate-submit")
    assert visitor.open("/activation").title == "Ce lien a déjà servi"
    again = visitor.submit(page, "activate-submit")
    assert (again.status, again.title) == (410, "Ce lien a déjà servi")


def test_link_is_good_for_a_day(provider: Provider, visitor: Visitor, link: str) -> None:
    """C89: 23:59:59 is in time, 24:00:00 is not."""
    provider.clock.advance(DAY - SECOND)
    assert visitor.open(link).title == "Activez votre compte"
    provider.clock.advance(SECOND)
    page = visitor.open(link)
    assert (page.status, page.title) == (410, "Ce lien a expiré")
    assert "Recommencer à l’étape 1" in page.links


def test_strangers_links_get_one_page(provider: Provider, visitor: Visitor, link: str) -> None:
    """C61: an unknown token, none, and one of another purpose get the same page."""
    token = link.partition("?token=")[2]
    addresses = ("/activation?token=unknown", "/activation", f"/activation?token={'x' * 5000}")
    pages = [provider.open_browser().open(address) for address in addresses]
    assert {(page.status, page.title) for page in pages} == {(404, "Ce lien est non valable")}
    for path in ("/reinitialisation", "/compte/email/confirmation", "/compte/email/annulation"):
        page = visitor.open(f"{path}?token={token}")
        assert (page.status, page.title) == (404, "Ce lien est non valable")


def test_another_device_activates_and_is_not_signed_in(provider: Provider, link: str) -> None:
    """C96: any device activates; it is signed in nowhere, and led by way of the site's entry."""
    elsewhere = provider.open_browser("198.51.100.7")
    page = elsewhere.submit(elsewhere.open(link), "activate-submit")
    assert page.title.startswith("Votre compte est activé")
    assert elsewhere.read_cookie("session") is None
    assert "request=" not in page.address
    assert page.links["Connexion"].startswith("https://site.example/connexion?iss=")


def test_activated_account_leads_to_login(provider: Provider, visitor: Visitor) -> None:
    """Who came from no site is led to Connexion."""
    provider.add_practitioner()
    fill_account(visitor, provider.prove(visitor))
    elsewhere = provider.open_browser()
    page = elsewhere.open(provider.mailbox.read_latest(EMAIL).link)
    page = elsewhere.submit(page, "activate-submit")
    assert page.links["Connexion"] == "/connexion"


def test_end_page_names_no_address_of_others(visitor: Visitor) -> None:
    """The way on after the activation is a registered site's, or the house's own."""
    page = visitor.open("/activation/terminee?site=https://evil.example")
    assert page.links["Connexion"] == "https://www.mnspf.fr"
