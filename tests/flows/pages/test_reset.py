"""Mot de passe oublié, from the question to « Votre mot de passe a été réinitialisé ! »."""

from datetime import timedelta

import pytest

from tests.support.provider import (
    EMAIL,
    FINESS,
    NEW_PASSWORD,
    OTHER_FINESS,
    PASSWORD,
    Provider,
    read_answer,
)
from tests.support.signing import DAY
from tests.support.visitor import Page, Visitor

SECOND = timedelta(seconds=1)
OTHER_EMAIL = "other@orange.example"


def ask(visitor: Visitor, *, finess: str = FINESS, email: str = EMAIL) -> Page:
    """Fill in Mot de passe oublié."""
    page = visitor.open("/mot-de-passe-oublie")
    return visitor.submit(page, "reset-request-submit", finess=finess, email=email)


def type_code(provider: Provider, visitor: Visitor, *, code: str | None = None) -> Page:
    """Open the latest mail's link and type the number and a code, the right one unless told."""
    mail = provider.mailbox.read_latest(EMAIL)
    page = visitor.open(mail.link)
    return visitor.submit(page, "code-submit", finess=FINESS, code=code or mail.code)


def choose(visitor: Visitor, page: Page, password: str = NEW_PASSWORD) -> Page:
    """Type a new password twice."""
    return visitor.submit(
        page, "password-submit", password=password, password_confirmation=password
    )


def wrong_code(provider: Provider) -> str:
    """Return a code that is not the one of the latest mail."""
    return "000000" if provider.mailbox.read_latest(EMAIL).code != "000000" else "111111"


def test_the_whole_way_back_to_the_site(provider: Provider, visitor: Visitor) -> None:
    """Site, Mot de passe oublié, mail, code, new password, Connexion, and back at the site."""
    provider.add_account()
    page = visitor.follow(provider.start_at_site(visitor), "Mot de passe oublié")
    page = visitor.submit(page, "reset-request-submit", finess=FINESS, email=EMAIL.upper())
    assert page.title == "Consultez votre boîte mail"
    page = choose(visitor, type_code(provider, visitor))
    assert page.title == "Votre mot de passe a été réinitialisé\u202f!"
    page = visitor.follow(page, "Connexion")
    page = provider.sign_in(visitor, password=NEW_PASSWORD, page=page)
    assert read_answer(page)["state"] == "state-of-the-site"


def test_nobody_is_signed_in_by_it(provider: Provider, visitor: Visitor) -> None:
    """C93: the browser that reset is known from then on, but not signed in; the owner is told."""
    provider.add_account()
    ask(visitor)
    choose(visitor, type_code(provider, visitor))
    assert visitor.read_cookie("session") is None
    assert visitor.read_cookie("device") is not None
    assert provider.mailbox.read_latest(EMAIL).subject == "Votre mot de passe a été changé"


def test_every_session_ends(provider: Provider, visitor: Visitor) -> None:
    """C44: whatever was open with the old password is over, here and elsewhere."""
    provider.add_account()
    elsewhere = provider.open_browser("198.51.100.7")
    provider.sign_in(elsewhere)
    provider.sign_in(visitor)
    ask(visitor)
    page = choose(visitor, type_code(provider, visitor))
    assert visitor.read_cookie("session") is None
    assert "expiré" not in visitor.follow(page, "Connexion").html
    assert elsewhere.open("/compte").title == "Connexion"
    assert provider.sign_in(visitor).status == 422


def test_block_is_lifted(provider: Provider, visitor: Visitor) -> None:
    """C77: a blocked owner resets and signs in at once."""
    provider.add_account()
    for _ in range(3):
        provider.sign_in(visitor, password="Ce n’est pas 1 mot juste")
    provider.clock.advance(SECOND)  # the mail that tells of the block comes first
    ask(visitor)
    choose(visitor, type_code(provider, visitor))
    assert provider.sign_in(visitor, password=NEW_PASSWORD).title.startswith("Vous êtes")


@pytest.mark.parametrize(
    "finess, email",
    [(FINESS, OTHER_EMAIL), (OTHER_FINESS, EMAIL), ("330000019", "nobody@orange.example")],
)
def test_answer_tells_nothing(provider: Provider, finess: str, email: str) -> None:
    """C60: matching or not, the same answer byte for byte; only a match gets mail."""
    provider.add_account()
    provider.add_account(OTHER_FINESS, email=OTHER_EMAIL)
    right, wrong = provider.open_browser(), provider.open_browser()
    expected, page = ask(right), ask(wrong, finess=finess, email=email)
    assert (page.status, page.address) == (expected.status, expected.address)
    assert _strip(page) == _strip(expected)
    assert len(provider.mailbox.read(EMAIL)) == 1
    assert provider.mailbox.read(email) in ([], provider.mailbox.read(EMAIL))


def _strip(page: Page) -> str:
    nonce = page.html.partition('nonce="')[2].partition('"')[0]
    return page.html.replace(nonce, "")


def test_three_wrong_codes_kill_the_request(provider: Provider, visitor: Visitor) -> None:
    """C64: the tries left are said; after three the right code is refused too."""
    provider.add_account()
    ask(visitor)
    page = type_code(provider, visitor, code=wrong_code(provider))
    assert page.status == 422
    assert "2\u00a0tentatives" in page.html
    type_code(provider, visitor, code=wrong_code(provider))
    assert type_code(provider, visitor, code=wrong_code(provider)).status == 410
    mail = provider.mailbox.read_latest(EMAIL)
    assert visitor.open(mail.link).title == "Cette demande est close"


@pytest.mark.parametrize("typed", ["{0:.3} {0:.6}", " {0} "])
def test_code_is_forgiven(provider: Provider, visitor: Visitor, typed: str) -> None:
    """Spaces in the code and in the number do not count."""
    provider.add_account()
    ask(visitor)
    mail = provider.mailbox.read_latest(EMAIL)
    code = typed.format(mail.code) if "{0} " in typed else f"{mail.code[:3]} {mail.code[3:]}"
    page = visitor.submit(visitor.open(mail.link), "code-submit", finess="75 000 123 2", code=code)
    assert page.title == "Choisissez votre nouveau mot de passe"


def test_malformed_code_is_not_counted(provider: Provider, visitor: Visitor) -> None:
    """What cannot be a code is named, and costs no try."""
    provider.add_account()
    ask(visitor)
    for _ in range(4):
        assert "six chiffres" in type_code(provider, visitor, code="12a").html
    assert type_code(provider, visitor).title == "Choisissez votre nouveau mot de passe"


def test_another_number_with_the_right_code_is_refused(
    provider: Provider, visitor: Visitor
) -> None:
    """C92: the link of one account does not serve another number."""
    provider.add_account()
    ask(visitor)
    mail = provider.mailbox.read_latest(EMAIL)
    page = visitor.submit(
        visitor.open(mail.link), "code-submit", finess=OTHER_FINESS, code=mail.code
    )
    assert "est incorrect" in page.html


def test_code_without_the_link_is_worth_nothing(provider: Provider, visitor: Visitor) -> None:
    """C66: number and code alone open nothing."""
    provider.add_account()
    ask(visitor)
    form = visitor.open("/mot-de-passe-oublie").find_form("reset-request-submit")
    data = {
        "csrf_token": form.fields["csrf_token"],
        "finess": FINESS,
        "code": provider.mailbox.read_latest(EMAIL).code,
    }
    assert visitor.post("/reinitialisation", data).title == "Ce lien est non valable"


def test_proved_code_serves_its_browser_alone(provider: Provider, visitor: Visitor) -> None:
    """The step after the code is open to the browser that typed it, and to no other."""
    provider.add_account()
    ask(visitor)
    type_code(provider, visitor)
    link = provider.mailbox.read_latest(EMAIL).link
    assert visitor.open(link).title == "Choisissez votre nouveau mot de passe"
    elsewhere = provider.open_browser()
    assert elsewhere.open(link).title == "Réinitialisez votre mot de passe"
    assert elsewhere.open("/reinitialisation/mot-de-passe").address.endswith("/reinitialisation")


def test_weak_password_is_refused_with_its_reasons(provider: Provider, visitor: Visitor) -> None:
    """C100: common and weak passwords are refused, and the step can be done again."""
    provider.add_account()
    ask(visitor)
    page = choose(visitor, type_code(provider, visitor), "Docteur75!")
    assert (page.status, "trop courant" in page.html) == (422, True)
    assert choose(visitor, page).title.startswith("Votre mot de passe")


def test_unfinished_reset_changes_nothing(provider: Provider, visitor: Visitor) -> None:
    """GET changes nothing, nor does the code alone: the old password still opens."""
    provider.add_account()
    ask(visitor)
    type_code(provider, visitor)
    assert provider.sign_in(visitor).title.startswith("Vous êtes")


def test_earlier_link_stays_good_until_one_is_used(provider: Provider, visitor: Visitor) -> None:
    """C88: people open the first mail after asking twice; using one kills the other."""
    provider.add_account()
    ask(visitor)
    provider.clock.advance(SECOND)
    ask(visitor)
    first, second = provider.mailbox.read(EMAIL)[-2:]
    page = visitor.submit(visitor.open(first.link), "code-submit", finess=FINESS, code=first.code)
    assert choose(visitor, page).title.startswith("Votre mot de passe")
    assert visitor.open(first.link).title == "Ce lien a déjà servi"
    assert visitor.open(second.link).title == "Ce lien a été remplacé"


def test_three_mails_an_hour(provider: Provider, visitor: Visitor) -> None:
    """Past three mails within the hour the page answers the same and nothing is sent."""
    provider.add_account()
    pages = [ask(visitor) for _ in range(5)]
    assert len({_strip(page) for page in pages}) == 1
    assert len(provider.mailbox.read(EMAIL)) == 3


def test_link_is_good_for_a_day(provider: Provider, visitor: Visitor) -> None:
    """C89: 23:59:59 is in time, 24:00:00 is not."""
    provider.add_account()
    ask(visitor)
    link = provider.mailbox.read_latest(EMAIL).link
    provider.clock.advance(DAY - SECOND)
    assert visitor.open(link).title == "Réinitialisez votre mot de passe"
    provider.clock.advance(SECOND)
    page = visitor.open(link)
    assert (page.status, page.title) == (410, "Ce lien a expiré")
    assert "Recommencer la demande" in page.links


def test_missing_token_costs_nothing(provider: Provider, visitor: Visitor) -> None:
    """C51: at each step a POST without its token is answered 403 with the same form."""
    provider.add_account()
    page = visitor.open("/mot-de-passe-oublie")
    visitor.forget_cookie("csrf")
    page = visitor.submit(page, "reset-request-submit", finess=FINESS, email=EMAIL)
    assert page.status == 403
    visitor.submit(page, "reset-request-submit")
    mail = provider.mailbox.read_latest(EMAIL)
    page = visitor.open(mail.link)
    visitor.forget_cookie("csrf")
    page = visitor.submit(page, "code-submit", finess=FINESS, code=mail.code)
    assert (page.status, page.find_form("code-submit").fields["finess"]) == (403, FINESS)
    page = visitor.submit(page, "code-submit", code=mail.code)
    visitor.forget_cookie("csrf")
    page = choose(visitor, page)
    assert page.status == 403
    assert choose(visitor, page).title.startswith("Votre mot de passe")


def test_another_device_finishes(provider: Provider, visitor: Visitor) -> None:
    """Asked on the desk, finished on the phone: it works, and the request stays with the desk."""
    provider.add_account()
    page = visitor.follow(provider.start_at_site(visitor), "Mot de passe oublié")
    visitor.submit(page, "reset-request-submit", finess=FINESS, email=EMAIL)
    phone = provider.open_browser("198.51.100.7")
    page = choose(phone, type_code(provider, phone))
    assert page.links["Connexion"] == "/connexion"
    assert provider.sign_in(phone, password=PASSWORD).status == 422
