"""What a login shows before it leads on: reminders, never in its way."""

from tests.support.provider import EMAIL, Provider, read_answer
from tests.support.signing import DAY
from tests.support.visitor import Visitor


def test_old_password_is_mentioned_once_a_week(provider: Provider, visitor: Visitor) -> None:
    """90 days after the last change the page after the login suggests a new one, once a week."""
    provider.add_account()
    provider.clock.advance(90 * DAY)
    page = provider.sign_in(visitor, page=provider.start_at_site(visitor))
    assert page.title == "Renouvelez votre mot de passe"
    assert read_answer(visitor.submit(page, "later-submit"))["code"]
    for days, is_due in ((6, False), (1, True)):
        provider.clock.advance(days * DAY)
        page = provider.sign_in(provider.open_browser())
        assert page.title.startswith("Renouvelez") is is_due


def test_password_is_not_mentioned_before(provider: Provider, visitor: Visitor) -> None:
    """A password of 89 days is nothing to talk about."""
    provider.add_account()
    provider.clock.advance(89 * DAY)
    assert provider.sign_in(visitor).title.startswith("Vous êtes")


def test_changing_the_password_leads_on_to_the_site(provider: Provider, visitor: Visitor) -> None:
    """From the reminder one changes the password, and the site that waited gets its answer."""
    provider.add_account()
    provider.clock.advance(90 * DAY)
    page = provider.sign_in(visitor, page=provider.start_at_site(visitor))
    page = visitor.follow(page, "Changer mon mot de passe")
    page = visitor.submit(
        page,
        "password-submit",
        current_password="Le chat dort 8 fois",
        password="Vélo rouge, 3 freins",
        password_confirmation="Vélo rouge, 3 freins",
    )
    assert read_answer(page)["code"]


def test_account_without_address_is_asked_for_one(provider: Provider, visitor: Visitor) -> None:
    """It signs in; the next page asks for an address, which may be given later."""
    provider.add_account(email=None)
    page = provider.sign_in(visitor)
    assert page.title == "Ajoutez votre adresse mail"
    page = visitor.follow(page, "Ajouter mon adresse mail")
    page = visitor.submit(
        page,
        "email-submit",
        email=EMAIL,
        email_confirmation=EMAIL,
        current_password="Le chat dort 8 fois",
    )
    assert "attend sa confirmation" in page.html
    assert "ancienne" not in page.html
    page = visitor.open(provider.mailbox.read_latest(EMAIL).link)
    assert "deviendra celle de votre compte" in page.html
    assert visitor.submit(page, "email-confirm-submit").title == "Votre adresse mail est confirmée"


def test_later_without_token_is_the_same_page(provider: Provider, visitor: Visitor) -> None:
    """C51: a reminder whose token is gone is shown again, and then leads on."""
    provider.add_account(email=None)
    page = provider.sign_in(visitor)
    visitor.forget_cookie("csrf")
    again = visitor.submit(page, "later-submit")
    assert (again.status, again.title) == (403, page.title)
    assert visitor.submit(again, "later-submit").title.startswith("Vous êtes")


def test_pages_after_the_login_need_it(visitor: Visitor) -> None:
    """Neither welcome nor reminder is shown to strangers."""
    for path in ("/bienvenue", "/connexion/rappel?kind=email"):
        assert visitor.open(path).title == "Connexion"
