"""Mettre à jour mon compte: for accounts without an e-mail address, and for no others."""

from tests.support.provider import (
    EMAIL,
    NEW_PASSWORD,
    Provider,
    fill_account,
)
from tests.support.visitor import Page, Visitor

PATH = "/mise-a-jour"


def update(provider: Provider, visitor: Visitor) -> Page:
    """Go through both steps with a new address and password."""
    page = provider.prove(visitor, path=PATH)
    assert page.title == "Vos nouveaux identifiants"
    return fill_account(visitor, page, password=NEW_PASSWORD)


def test_old_credentials_work_until_the_activation(provider: Provider, visitor: Visitor) -> None:
    """Proof, new address and password, mail; the activation ends sessions and the old password."""
    account = provider.add_account(email=None)
    elsewhere = provider.open_browser("198.51.100.7")
    provider.sign_in(elsewhere)
    page = update(provider, visitor)
    assert "la mise à jour de votre compte" in page.html
    assert provider.sign_in(visitor).history[-1].location.startswith("/connexion/rappel")
    page = visitor.open(provider.mailbox.read_latest(EMAIL).link)
    visitor.submit(page, "activate-submit")
    assert elsewhere.open("/compte").title == "Connexion"
    assert provider.sign_in(elsewhere).status == 422
    assert provider.sign_in(elsewhere, password=NEW_PASSWORD).title.startswith("Vous êtes")
    updated = provider.find_account()
    assert updated is not None
    assert (updated.sub, updated.email) == (account.sub, EMAIL)


def test_account_with_address_is_never_changed_this_way(
    provider: Provider, visitor: Visitor
) -> None:
    """Whoever proves the pair is told so; the owner is warned, once a day at most."""
    account = provider.add_account()
    for _ in range(2):
        assert provider.prove(visitor, path=PATH).title == "Votre compte existe déjà"
    (mail,) = provider.mailbox.read(EMAIL)
    assert mail.subject.startswith("Une mise à jour")
    assert provider.find_account() == account


def test_forgotten_password_page_offers_it(visitor: Visitor) -> None:
    """Mot de passe oublié leads to Mettre à jour mon compte."""
    page = visitor.follow(visitor.open("/mot-de-passe-oublie"), "Mettre à jour mon compte")
    assert page.title == "Mettre à jour mon compte"


def test_proof_of_one_door_does_not_serve_the_other(provider: Provider, visitor: Visitor) -> None:
    """A proof is sealed to its door."""
    provider.add_account(email=None)
    address = provider.prove(visitor, path=PATH).address
    page = visitor.open(address.replace(PATH, "/inscription"))
    assert page.find_form("proof-submit").action == "/inscription"


def test_resend_stays_at_its_door(provider: Provider, visitor: Visitor) -> None:
    """« Renvoyer » mails again and comes back to the same page."""
    provider.add_account(email=None)
    page = visitor.submit(update(provider, visitor), "resend-submit")
    assert page.address.startswith("https://connexion.example/mise-a-jour/envoye")
    assert len(provider.mailbox.read(EMAIL)) == 2
