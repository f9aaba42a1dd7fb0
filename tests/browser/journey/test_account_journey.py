"""Mon compte in Chromium: another password, another address, and a change undone from the old one.

The story is lived through once for each kind of browser; each test looks at one page of it.
"""

from collections.abc import Iterator

import pytest

from tests.browser.journey.conftest import OpenBrowser
from tests.support.at_browser import NEW_PASSWORD, WRONG_PASSWORD, AtBrowser
from tests.support.demo import PASSWORD, RunningDemo
from tests.support.story import Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)


def live(person: AtBrowser, elsewhere: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield each page of the story, by the name of what led there."""
    elsewhere.open("/connexion")
    elsewhere.sign_in()
    yield "signed in without a site", look(elsewhere.page)
    person.visit_site()
    person.sign_in()
    person.follow("Mon compte")
    yield "overview", look(person.page)
    yield from change_password(person)
    elsewhere.open("/compte")
    yield "elsewhere", look(elsewhere.page)
    yield from change_address(person)
    yield from undo_the_change(person)


def change_password(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the form, and what it answers to a wrong and to the right present password."""
    person.follow("Changer mon mot de passe")
    yield "password form", look(person.page)
    person.choose_password(NEW_PASSWORD, current_password=WRONG_PASSWORD)
    yield "wrong password", look(person.page)
    person.choose_password(NEW_PASSWORD, current_password=PASSWORD)
    yield "password changed", look(person.page)


def change_address(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the form, and the link that confirms the new address."""
    person.follow("Changer mon adresse mail")
    yield "address form", look(person.page)
    new = dict.fromkeys(("email", "email_confirmation"), person.registrant.other_email)
    person.press("email-submit", current_password=NEW_PASSWORD, **new)
    yield "address asked", look(person.page)
    person.open_mail("Confirmez votre adresse mail")
    yield "mail to the new address", look(person.page)
    tab = person.follow_mailed_link("Confirmer cette adresse")
    yield "link followed", look(tab.page)
    tab.press("email-confirm-submit")
    yield "address confirmed", look(tab.page)
    tab.follow("Mon compte")
    yield "address changed", look(tab.page)


def undo_the_change(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the mails to the old address, the link that undoes the change, and the way in then."""
    person.open_mail("Un changement d’adresse mail est demandé")
    yield "first mail to the old address", look(person.page)
    person.open_mail("Votre adresse mail a été changée")
    yield "second mail to the old address", look(person.page)
    tab = person.follow_mailed_link("Annuler le changement")
    yield "undo link followed", look(tab.page)
    tab.press("email-undo-submit")
    yield "undone", look(tab.page)
    tab.open("/compte")
    yield "account page of a frozen account", look(tab.page)
    tab.sign_in(NEW_PASSWORD)
    yield "login to a frozen account", look(tab.page)


@pytest.fixture(scope="module")
def story(demo: RunningDemo, person: AtBrowser, open_browser: OpenBrowser) -> Story:
    """The whole story of somebody who is at two browsers."""
    demo.open_account(person.registrant)
    return dict(live(person, person.move_to(open_browser())))


def test_login_without_a_site_welcomes(story: Story) -> None:
    """Where no site waits, the guide's sentence is what one sees."""
    text = story["signed in without a site"].text
    assert "Vous êtes désormais connecté à votre espace" in text


def test_overview_says_what_is_known(story: Story, person: AtBrowser) -> None:
    """From the site one comes to Mon compte: name, address, sessions and sites."""
    text = story["overview"].text
    assert person.registrant.name in text
    assert person.registrant.email in text
    assert "Sessions ouvertes 2" in text
    assert "Sites 1" in text


def test_present_password_is_asked(story: Story) -> None:
    """A wrong one changes nothing, and counts like a failed login."""
    assert "Mot de passe actuel" in story["password form"].text
    assert "Ce n’est pas votre mot de passe actuel." in story["wrong password"].text
    assert "Il vous reste 2 tentatives." in story["wrong password"].text


def test_password_is_changed(story: Story) -> None:
    """The overview says so, in the session that goes on."""
    assert "Votre mot de passe est changé." in story["password changed"].text


def test_other_browser_is_signed_out(story: Story, demo: RunningDemo) -> None:
    """It sees the login page, and why."""
    assert story["elsewhere"].address.startswith(f"{demo.plan.issuer}/connexion")
    assert "Votre session a expiré." in story["elsewhere"].text


def test_address_waits_for_its_link(story: Story, person: AtBrowser) -> None:
    """Until the link is used the old address stays, and the new one is named beside it."""
    registrant, text = person.registrant, story["address asked"].text
    assert f"Votre adresse actuelle est {registrant.email}" in story["address form"].text
    assert f"{registrant.email} ({registrant.other_email} attend sa confirmation)" in text


def test_link_goes_to_the_new_address(story: Story, demo: RunningDemo, person: AtBrowser) -> None:
    """The mail goes there; its link has a clean address, and a button that confirms."""
    followed = story["link followed"]
    assert person.registrant.other_email in story["mail to the new address"].text
    assert followed.address == f"{demo.plan.issuer}/compte/email/confirmation"
    assert "Confirmer cette adresse" in followed.text


def test_address_is_changed(story: Story, person: AtBrowser) -> None:
    """The button changes it, and Mon compte shows the new one alone."""
    assert "Votre adresse mail est confirmée" in story["address confirmed"].text
    assert person.registrant.other_email in story["address changed"].text
    assert person.registrant.email not in story["address changed"].text


@pytest.mark.parametrize("mail", ["first", "second"])
def test_old_address_is_told(mail: str, story: Story, person: AtBrowser) -> None:
    """At the demand and at the change; neither mail writes the new address out."""
    text = story[f"{mail} mail to the old address"].text
    assert person.registrant.email in text
    assert person.registrant.other_email not in text


def test_old_address_can_undo(story: Story, demo: RunningDemo) -> None:
    """The link has a clean address, says what will happen, and the button does it."""
    followed = story["undo link followed"]
    assert followed.address == f"{demo.plan.issuer}/compte/email/annulation"
    assert "le compte sera suspendu" in followed.text
    assert "Votre ancienne adresse est rétablie." in story["undone"].text


def test_frozen_account_is_closed_to_everybody(story: Story) -> None:
    """The session is over, and the right password is refused until an admin reopens."""
    assert "Connexion" in story["account page of a frozen account"].text
    text = story["login to a frozen account"].text
    assert "Numéro FINESS ou mot de passe incorrect." in text


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []
