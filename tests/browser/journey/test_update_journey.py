"""Mettre à jour mon compte in Chromium: an account of the old site gets its e-mail address.

The story is lived through once for each kind of browser; each test looks at one page of it.
"""

from collections.abc import Iterator

import pytest

from tests.support.at_browser import AtBrowser
from tests.support.demo import PASSWORD, RunningDemo
from tests.support.story import Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)

OLD_PASSWORD = "sesame"
"""Of the old site, which had no rules."""


def live(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield each page of the story, by the name of what led there."""
    page = person.page
    person.visit_site()
    person.sign_in(OLD_PASSWORD)
    yield "reminder", look(page)
    person.press("later-submit")
    yield "postponed", look(page)
    person.sign_out()
    person.visit_site()
    person.follow("Mot de passe oublié")
    yield "question", look(page)
    person.follow("Mettre à jour mon compte")
    yield "step 1", look(page)
    person.prove()
    yield "step 2", look(page)
    person.fill_account()
    yield "sent", look(page)
    yield from activate(person)


def activate(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the pages of the link, of the logins after it, and of a second update."""
    person.open_mail("Activez votre compte")
    tab = person.follow_mailed_link("Activer mon compte")
    yield "link followed", look(tab.page)
    tab.press("activate-submit")
    yield "activated", look(tab.page)
    tab.page.click("#login-link")
    yield "login page", look(tab.page)
    tab.sign_in(OLD_PASSWORD)
    yield "old password", look(tab.page)
    tab.sign_in(PASSWORD)
    yield "signed in", look(tab.page)
    tab.open("/mise-a-jour")
    tab.prove()
    yield "proved again", look(tab.page)
    tab.open_mail("Une mise à jour de votre compte a été demandée")
    yield "warning", look(tab.page)


@pytest.fixture(scope="module")
def story(demo: RunningDemo, person: AtBrowser) -> Story:
    """The whole story of somebody whose account was taken over from the old site."""
    demo.import_account(person.registrant, OLD_PASSWORD)
    return dict(live(person))


def test_account_without_address_is_asked_for_one(story: Story) -> None:
    """The old password still opens; the page after it suggests to give an address."""
    assert "Ajoutez votre adresse mail" in story["reminder"].text


def test_address_may_be_given_later(story: Story, person: AtBrowser) -> None:
    """« Plus tard » goes on to the site, which learns of no address."""
    assert story["postponed"].address == f"{person.plan.site_url}/espace"
    assert "email" not in story["postponed"].claims


def test_forgotten_password_offers_it(story: Story) -> None:
    """Who has no address reads on Mot de passe oublié where to go."""
    assert "Pas d’adresse mail associée ?" in story["question"].text


def test_update_has_two_steps(story: Story) -> None:
    """Number and IBAN first; address and password once these are proved."""
    assert "Étape 1 sur 2" in story["step 1"].text
    assert "Vos nouveaux identifiants" in story["step 2"].text


def test_updated_is_told_to_read_mail(story: Story) -> None:
    """The page says what the mail confirms, and where it went."""
    assert "Pour confirmer la mise à jour de votre compte" in story["sent"].text
    assert "est envoyé à c…" in story["sent"].text


def test_link_shows_a_button(story: Story, demo: RunningDemo) -> None:
    """A link that was followed shows a clean address, and a button that activates."""
    assert story["link followed"].address == f"{demo.plan.issuer}/activation"
    assert "Activer mon compte" in story["link followed"].text


def test_activation_leads_on_to_the_site(story: Story) -> None:
    """The account is active, and Connexion still knows which site waits."""
    assert "Votre compte est activé !" in story["activated"].text
    assert "Vous vous connectez à Site de la MNSPF" in story["login page"].text


def test_old_password_is_refused(story: Story) -> None:
    """The activation ended it."""
    assert "Numéro FINESS ou mot de passe incorrect." in story["old password"].text


def test_new_password_leads_to_the_site(story: Story, person: AtBrowser) -> None:
    """The site learns the address, proved by the link; nothing else is asked."""
    assert story["signed in"].address == f"{person.plan.site_url}/espace"
    assert story["signed in"].claims["email"] == f"{person.registrant.email} (vérifiée)"


def test_account_stays_the_same(story: Story) -> None:
    """To the site they are who they were."""
    assert story["signed in"].claims["sub"] == story["postponed"].claims["sub"]


def test_account_with_address_is_not_changed_this_way(story: Story) -> None:
    """Who proves the pair again is told that the account is active, and led to the other way."""
    assert "Votre compte existe déjà" in story["proved again"].text
    assert "Mot de passe oublié" in story["proved again"].text


def test_owner_is_warned(story: Story) -> None:
    """The account's owner reads that it was tried."""
    assert "rien n’a changé" in story["warning"].text


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []
