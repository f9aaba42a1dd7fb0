"""Mot de passe oublié in Chromium: from a block to a new password, and on to the site that waits.

The story is lived through once for each kind of browser; each test looks at one page of it.
"""

from collections.abc import Iterator

import pytest

from tests.support.at_browser import NEW_PASSWORD, WRONG_PASSWORD, AtBrowser
from tests.support.demo import PASSWORD, RunningDemo
from tests.support.story import Kind, Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)

SUBJECT = "Réinitialisez votre mot de passe"
LINK = "Réinitialiser mon mot de passe"
WEAK_PASSWORD = "docteur"


def live(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield each page of the story, by the name of what led there."""
    page = person.page
    person.visit_site()
    for _ in range(3):
        person.sign_in(WRONG_PASSWORD)
    yield "blocked", look(page)
    person.follow("Mot de passe oublié")
    yield "question", look(page)
    ask(person, "somebody.else@exemple.fr")
    yield "wrong pair", look(page)
    for name in ("right pair", "right pair again"):
        person.follow("Recommencez la demande")
        ask(person, person.registrant.email)
        yield name, look(page)
    yield from prove_the_mail(person)


def ask(person: AtBrowser, email: str) -> None:
    """Fill in Mot de passe oublié."""
    person.press("reset-request-submit", finess=person.registrant.finess, email=email)


def prove_the_mail(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the second mail, and the pages that ask for its code."""
    person.open_mail(SUBJECT, 2)
    yield "mail", look(person.page)
    code = person.read_code()
    tab = person.follow_mailed_link(LINK)
    yield "link followed", look(tab.page)
    for name, typed in (("wrong code", f"{(int(code) + 1) % 10**6:06}"), ("right code", code)):
        tab.press("code-submit", finess=tab.registrant.finess, code=typed)
        yield name, look(tab.page)
    yield from choose_password(tab)
    yield from open_mails_again(person)


def choose_password(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield the pages of the new password, and of the logins after it."""
    page = person.page
    page.fill("#password", WEAK_PASSWORD)
    yield "password typed", look(page)
    person.choose_password(WEAK_PASSWORD)
    yield "password refused", look(page)
    person.choose_password(NEW_PASSWORD)
    yield "done", look(page)
    page.click("#login-link")
    yield "login page", look(page)
    person.sign_in(PASSWORD)
    yield "old password", look(page)
    person.sign_in(NEW_PASSWORD)
    yield "signed in", look(page)


def open_mails_again(person: AtBrowser) -> Iterator[tuple[str, Seen]]:
    """Yield what became of both links, and the mail that tells of the change."""
    for name, number in (("earlier link", 1), ("used link", 2)):
        person.open_mail(SUBJECT, number)
        yield name, look(person.follow_mailed_link(LINK).page)
    person.open_mail("Votre mot de passe a été changé")
    yield "notice", look(person.page)


@pytest.fixture(scope="module")
def story(demo: RunningDemo, person: AtBrowser) -> Story:
    """The whole story of somebody who has an account."""
    demo.open_account(person.registrant)
    return dict(live(person))


def test_block_leads_to_the_question(story: Story, demo: RunningDemo) -> None:
    """The page of the block offers a new password, and keeps the site that waits."""
    assert "Accès bloqué" in story["blocked"].text
    question = f"{demo.plan.issuer}/mot-de-passe-oublie?request="
    assert story["question"].address.startswith(question)


def test_answer_tells_nothing(story: Story) -> None:
    """A wrong pair and a right one show the same page."""
    assert "Si ces informations correspondent" in story["wrong pair"].text
    assert story["wrong pair"] == story["right pair"] == story["right pair again"]


def test_mail_has_a_code_to_keep(story: Story) -> None:
    """The mail comes from the address the guide names, and warns to give its code to nobody."""
    assert "noreply@mnspf.fr" in story["mail"].text
    assert "Ne donnez ce code à personne" in story["mail"].text


def test_token_leaves_the_address_bar(story: Story, demo: RunningDemo) -> None:
    """A link that was followed shows a clean address, and asks for the code."""
    assert story["link followed"].address == f"{demo.plan.issuer}/reinitialisation"
    assert "le code de vérification reçu par mail" in story["link followed"].text


def test_wrong_code_says_what_is_left(story: Story) -> None:
    """The tries left are said."""
    assert "Il vous reste 2 tentatives." in story["wrong code"].text


def test_right_code_leads_to_the_password(story: Story, demo: RunningDemo) -> None:
    """The second step has an address of its own."""
    seen = story["right code"]
    assert seen.address == f"{demo.plan.issuer}/reinitialisation/mot-de-passe"
    assert "Étape 2 sur 2" in seen.text


def test_rules_are_marked_as_one_types(story: Story, kind: Kind) -> None:
    """With JavaScript each rule says whether it is met yet; without, the rules just stand there."""
    text, runs_scripts = story["password typed"].text, kind.get("java_script_enabled", True)
    assert "au moins une minuscule" in text
    assert text.count(" : respecté") == (1 if runs_scripts else 0)
    assert text.count("pas encore respecté") == (4 if runs_scripts else 0)


def test_broken_rules_are_listed_at_once(story: Story) -> None:
    """The server names in one sentence every rule that the password breaks."""
    broken = "8 caractères, une majuscule, un chiffre et un caractère spécial"
    assert f"doit comporter au moins {broken}." in story["password refused"].text


def test_new_password_is_set(story: Story) -> None:
    """The page says so, and Connexion still knows which site waits."""
    assert "Votre mot de passe a été réinitialisé !" in story["done"].text
    assert "Vous vous connectez à Site de la MNSPF" in story["login page"].text


def test_block_is_lifted(story: Story) -> None:
    """The next wrong password is the first of three again."""
    assert "Il vous reste 2 tentatives avant" in story["old password"].text


def test_old_password_is_refused(story: Story) -> None:
    """It is a wrong one like any other."""
    assert "Numéro FINESS ou mot de passe incorrect." in story["old password"].text


def test_new_password_leads_to_the_site(story: Story, person: AtBrowser) -> None:
    """The site that waited since before the block knows who came."""
    seen = story["signed in"]
    assert seen.address == f"{person.plan.site_url}/espace"
    assert seen.claims["finess"] == person.registrant.finess


def test_used_link_says_so(story: Story) -> None:
    """A second visit is told that the link was used."""
    assert "Ce lien a déjà servi" in story["used link"].text


def test_earlier_link_is_dead(story: Story) -> None:
    """The link of the first mail died with the use of the second, and the page says just that."""
    assert "Ce lien a été remplacé" in story["earlier link"].text
    assert "un autre lien a servi" in story["earlier link"].text


def test_change_is_mailed(story: Story) -> None:
    """The account's owner reads of it, and what to do if it was somebody else."""
    assert "Ce n’est pas vous ?" in story["notice"].text


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []
