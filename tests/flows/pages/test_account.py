"""Mon compte: seen, changed and ended by who is signed in."""

import json
from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.audit_events import Event
from idp.store.audit import AuditQuery
from tests.support.provider import EMAIL, FINESS, NEW_PASSWORD, PASSWORD, Provider
from tests.support.signing import DAY, MINUTE
from tests.support.visitor import Page, Visitor

NEW_EMAIL = "delorme@cabinet.example"
PAGES = ["", "/mot-de-passe", "/email", "/sessions", "/sites", "/donnees"]


@pytest.fixture
def signed_in(provider: Provider, visitor: Visitor) -> Visitor:
    """The browser of a practitioner who came from a site and signed in."""
    provider.add_account()
    provider.redeem(provider.sign_in(visitor, page=provider.start_at_site(visitor)))
    return visitor


def change_password(visitor: Visitor, *, current: str = PASSWORD) -> Page:
    """Fill in the form of the password."""
    return visitor.submit(
        visitor.open("/compte/mot-de-passe"),
        "password-submit",
        current_password=current,
        password=NEW_PASSWORD,
        password_confirmation=NEW_PASSWORD,
    )


def change_email(visitor: Visitor, *, password: str = PASSWORD, email: str = NEW_EMAIL) -> Page:
    """Fill in the form of the address."""
    return visitor.submit(
        visitor.open("/compte/email"),
        "email-submit",
        email=email,
        email_confirmation=email,
        current_password=password,
    )


@pytest.mark.parametrize("path", PAGES)
def test_page_needs_a_session(visitor: Visitor, path: str) -> None:
    """Without a session each page leads to Connexion."""
    assert visitor.open(f"/compte{path}").title == "Connexion"


@pytest.mark.parametrize("path", PAGES)
def test_page_is_shown(signed_in: Visitor, path: str) -> None:
    """With one, each page opens, and is kept by no cache."""
    page = signed_in.open(f"/compte{path}")
    assert page.status == 200
    assert page.response.headers["Cache-Control"] == "no-store"


def test_overview_says_what_is_known(signed_in: Visitor) -> None:
    """Name, number, address, age of the password, sessions and sites."""
    html = signed_in.open("/compte").html
    for fact in (
        "Cabinet Delorme",
        "75\u00a0000\u00a0123\u00a02",
        EMAIL,
        "1er\u00a0mars\u00a02025",
    ):
        assert fact in html


def test_password_carried_over_was_never_changed(provider: Provider, signed_in: Visitor) -> None:
    """One from the old site has no date here: none is made up."""
    account = provider.find_account()
    assert account is not None
    with provider.running.built.open_unit() as unit:
        assert unit.accounts.save(replace(account, password_changed_at=None))
        unit.commit()
    assert "jamais changé" in signed_in.open("/compte").html


def test_disabled_account_is_out_at_once(provider: Provider, signed_in: Visitor) -> None:
    """C45: disabled mid-session, the next request is a stranger's, and there is no loop."""
    account = provider.find_account()
    assert account is not None
    with provider.running.built.open_unit() as unit:
        assert unit.accounts.save(replace(account, state=AccountState.DISABLED))
        unit.commit()
    assert signed_in.open("/compte").title == "Connexion"


def test_password_is_changed_and_others_are_signed_out(
    provider: Provider, signed_in: Visitor
) -> None:
    """This session goes on, the others end, the owner is told, and the old password is dead."""
    elsewhere = provider.open_browser("198.51.100.7")
    provider.sign_in(elsewhere)
    page = change_password(signed_in)
    assert "Votre mot de passe est changé." in page.html
    assert provider.mailbox.read_latest(EMAIL).subject == "Votre mot de passe a été changé"
    assert elsewhere.open("/compte").title == "Connexion"
    assert provider.sign_in(elsewhere).status == 422
    assert provider.sign_in(elsewhere, password=NEW_PASSWORD).title.startswith("Vous êtes")


def test_wrong_current_password_counts(provider: Provider, signed_in: Visitor) -> None:
    """C74: the form is no side door: three wrong ones block, here and at the login."""
    page = change_password(signed_in, current="Ce n’est pas 1 mot juste")
    assert page.status == 422
    assert "Il vous reste 2\u00a0tentatives." in page.html
    change_email(signed_in, password="Ce n’est pas 1 mot juste")
    page = change_password(signed_in, current="Ce n’est pas 1 mot juste")
    assert (page.status, page.title) == (429, "Accès bloqué")
    assert provider.sign_in(provider.open_browser()).title == "Accès bloqué"


def test_address_changes_once_confirmed(provider: Provider, signed_in: Visitor) -> None:
    """The new address confirms; the old one is told at the request and at the confirmation."""
    page = change_email(signed_in)
    assert f"({NEW_EMAIL} attend sa confirmation)" in page.html
    assert provider.mailbox.read_latest(EMAIL).subject.startswith("Un changement")
    elsewhere = provider.open_browser("198.51.100.7")
    page = elsewhere.open(provider.mailbox.read_latest(NEW_EMAIL).link)
    assert page.address == "https://connexion.example/compte/email/confirmation"
    page = elsewhere.submit(page, "email-confirm-submit")
    assert page.title == "Votre adresse mail est confirmée"
    assert NEW_EMAIL in page.html
    assert NEW_EMAIL in signed_in.open("/compte").html
    assert provider.mailbox.read_latest(EMAIL).subject == "Votre adresse mail a été changée"


def test_undo_freezes_the_account(provider: Provider, signed_in: Visitor) -> None:
    """From the old address the change is undone, and nobody gets in until an admin reopens."""
    change_email(signed_in)
    page = signed_in.open(provider.mailbox.read_latest(NEW_EMAIL).link)
    signed_in.submit(page, "email-confirm-submit")
    owner = provider.open_browser("198.51.100.7")
    page = owner.open(provider.mailbox.read_latest(EMAIL).link)
    assert page.title.startswith("Annuler le changement")
    page = owner.submit(page, "email-undo-submit")
    assert page.title == "Le changement est annulé"
    assert signed_in.open("/compte").title == "Connexion"
    assert provider.sign_in(owner).status == 422
    account = provider.find_account()
    assert account is not None
    assert account.email == EMAIL


def test_undo_is_good_for_72_hours(provider: Provider, signed_in: Visitor) -> None:
    """After that the link has expired."""
    change_email(signed_in)
    page = signed_in.open(provider.mailbox.read_latest(NEW_EMAIL).link)
    signed_in.submit(page, "email-confirm-submit")
    link = provider.mailbox.read_latest(EMAIL).link
    provider.clock.advance(3 * DAY)
    assert signed_in.open(link).title == "Ce lien a expiré"


def test_foreign_post_changes_no_address(provider: Provider, signed_in: Visitor) -> None:
    """C51: the links' buttons need the token of their form, and opening them changes nothing."""
    change_email(signed_in)
    page = signed_in.open(provider.mailbox.read_latest(NEW_EMAIL).link)
    signed_in.forget_cookie("csrf")
    again = signed_in.submit(page, "email-confirm-submit")
    assert again.status == 403
    account = provider.find_account()
    assert account is not None
    assert account.email == EMAIL
    assert signed_in.submit(again, "email-confirm-submit").status == 200


def test_sessions_are_seen_and_ended(provider: Provider, signed_in: Visitor) -> None:
    """Another browser's session is listed with its device, and ended from here."""
    elsewhere = provider.open_browser("198.51.100.7")
    provider.sign_in(elsewhere)
    provider.clock.advance(MINUTE)
    page = signed_in.open("/compte/sessions")
    assert page.html.count("Firefox sur Windows</h2>") == 1
    assert page.html.count('<span class="badge">ce navigateur</span>') == 1
    (other,) = [f for f in page.forms if f.buttons[0].value not in {"all", _own_sid(page)}]
    page = signed_in.post("/compte/sessions", {**other.fields, "session": other.buttons[0].value})
    assert "La session est fermée." in page.html
    assert elsewhere.open("/compte").title == "Connexion"
    assert signed_in.open("/compte").title == "Mon compte"


def _own_sid(page: Page) -> str:
    own = page.html.partition("ce navigateur")[2].partition('name="session" value="')[2]
    return own.partition('"')[0]


def test_session_of_somebody_else_is_not_ended(provider: Provider, signed_in: Visitor) -> None:
    """A `sid` that is not the account's own ends nothing."""
    provider.add_account("690000013", email="other@orange.example")
    other = provider.open_browser("198.51.100.7")
    provider.sign_in(other, "690000013")
    sid = other.open("/compte/sessions").forms[0].buttons[0].value
    form = signed_in.open("/compte/sessions").forms[0]
    signed_in.post("/compte/sessions", {**form.fields, "session": sid})
    assert other.open("/compte").title == "Mon compte"


def test_sign_out_everywhere(provider: Provider, signed_in: Visitor) -> None:
    """Every session ends, this one included."""
    elsewhere = provider.open_browser("198.51.100.7")
    provider.sign_in(elsewhere)
    page = signed_in.submit(signed_in.open("/compte/sessions"), "sign-out-everywhere")
    assert page.title == "Vous êtes déconnecté"
    assert signed_in.read_cookie("session") is None
    for visitor in (signed_in, elsewhere):
        assert visitor.open("/compte").title == "Connexion"


def test_sites_are_seen(signed_in: Visitor) -> None:
    """The site one came from is listed; one of the house has nothing to withdraw."""
    page = signed_in.open("/compte/sites")
    assert "Espace Professionnel de Santé</h2>" in page.html
    assert "Retirer" not in page.html


def test_consent_is_withdrawn(provider: Provider, signed_in: Visitor) -> None:
    """What another's site was allowed is taken back: its tokens die, and it must ask again."""
    page = provider.start_at_site(signed_in, client_id="third")
    tokens = provider.redeem(signed_in.submit(page, "consent-accept"), "third")
    page = signed_in.submit(signed_in.open("/compte/sites"), "withdraw-1")
    assert "L’autorisation est retirée." in page.html
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert signed_in.request("GET", "/userinfo", headers=bearer).status_code == 401
    assert provider.start_at_site(signed_in, client_id="third").title.startswith("Autoriser")


def test_what_is_ended_is_in_the_trail(provider: Provider, signed_in: Visitor) -> None:
    """Under the FINESS number, by which it is told on the phone."""
    page = provider.start_at_site(signed_in, client_id="third")
    provider.redeem(signed_in.submit(page, "consent-accept"), "third")
    signed_in.submit(signed_in.open("/compte/sites"), "withdraw-1")
    signed_in.submit(signed_in.open("/end_session"), "logout-confirm")
    with provider.running.built.open_unit() as unit:
        events = unit.audit.find(AuditQuery(finess=FINESS), limit=100)
    assert {Event.SESSION_ENDED, Event.CONSENT_WITHDRAWN} <= {event.name for event in events}


def test_sessions_name_their_sites(signed_in: Visitor) -> None:
    """A session says which sites were opened with it."""
    assert "Sites : Espace Professionnel de Santé</p>" in signed_in.open("/compte/sessions").html


def test_data_are_downloaded(signed_in: Visitor) -> None:
    """A JSON file holds account, directory entry, sessions and sites, and no secret."""
    page = signed_in.submit(signed_in.open("/compte/donnees"), "data-submit")
    assert page.response.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(page.html)
    assert data["account"]["email"] == EMAIL
    assert data["directory"]["name"] == "Cabinet Delorme"
    assert data["sites"][0]["client_id"] == "site"
    assert "argon2" not in page.html


def test_foreign_posts_do_nothing(provider: Provider, signed_in: Visitor) -> None:
    """C51: no POST of Mon compte does anything without its token; each page comes back with 403."""
    for path in PAGES[1:]:
        page = signed_in.post(f"/compte{path}", {"session": "all", "client_id": "site"})
        assert page.status == 403, path
    assert signed_in.open("/compte").title == "Mon compte"
    assert provider.mailbox.read(EMAIL) == []
