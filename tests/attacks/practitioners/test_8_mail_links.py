"""Attack cases C85 to C96: the links and codes of mails. C84 asks a served process."""

from collections import Counter
from collections.abc import Callable

import pytest

from idp.accounts.admin import disable_account
from idp.secret_values import digest
from tests.attacks.people import (
    WRONG,
    admin_visit,
    ask_reset,
    choose_password,
    dump_rows,
    type_code,
)
from tests.support.crowd import do_at_once
from tests.support.mailbox import Mail
from tests.support.protocol_house import ISSUER
from tests.support.provider import (
    EMAIL,
    FINESS,
    NEW_PASSWORD,
    OTHER_FINESS,
    PASSWORD,
    Provider,
    fill_account,
)
from tests.support.signing import MINUTE
from tests.support.visitor import Page, Visitor

CROWD = 16
NEW_EMAIL = "nouvelle@orange.example"
HEADLESS = "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36"

Mailing = Callable[[Provider], Mail]


def mail_activation(provider: Provider) -> Mail:
    """Register, and return the mail."""
    provider.add_practitioner()
    visitor = provider.open_browser()
    fill_account(visitor, provider.prove(visitor))
    return provider.mailbox.read_latest(EMAIL)


def mail_reset(provider: Provider) -> Mail:
    """Ask for a new password, and return the mail."""
    if provider.find_account() is None:
        provider.add_account()
    ask_reset(provider.open_browser())
    return provider.mailbox.read_latest(EMAIL)


def mail_confirmation(provider: Provider) -> Mail:
    """Ask for another address, and return the mail that it gets."""
    if provider.find_account() is None:
        provider.add_account()
    owner = provider.open_browser()
    provider.sign_in(owner)
    change_email(owner)
    return provider.mailbox.read_latest(NEW_EMAIL)


def mail_undo(provider: Provider) -> Mail:
    """Change the address, and return the mail that undoes it."""
    press(provider.open_browser(), mail_confirmation(provider).link)
    return provider.mailbox.read_latest(EMAIL)


EVERY_MAILING = (mail_activation, mail_reset, mail_confirmation, mail_undo)


def change_email(owner: Visitor, current_password: str = PASSWORD) -> Page:
    """Ask for another address."""
    address = dict.fromkeys(("email", "email_confirmation"), NEW_EMAIL)
    page = owner.open("/compte/email")
    return owner.submit(page, "email-submit", current_password=current_password, **address)


def change_password(owner: Visitor) -> Page:
    """Choose another password in Mon compte."""
    new = dict.fromkeys(("password", "password_confirmation"), NEW_PASSWORD)
    page = owner.open("/compte/mot-de-passe")
    return owner.submit(page, "password-submit", current_password=PASSWORD, **new)


def press(visitor: Visitor, link: str) -> Page:
    """Open a link and press its page's one button."""
    page = visitor.open(link)
    (button,) = [form.buttons[0].id for form in page.forms if form.buttons]
    return visitor.submit(page, button)


@pytest.mark.parametrize("mailing", EVERY_MAILING)
def test_c85_scanners_use_nothing_up(provider: Provider, mailing: Mailing) -> None:
    """C85: HEAD, and GET ten times by a headless browser: the link's page is as it was."""
    link = mailing(provider).link
    before = provider.open_browser().open(link)
    scanner = Visitor(provider.running.app, ISSUER, address="203.0.113.77", user_agent=HEADLESS)
    for _ in range(10):
        scanner.request("HEAD", link)
        scanner.open(link)
    after = provider.open_browser().open(link)
    assert (after.status, after.title) == (200, before.title)
    assert not any("submit()" in page.html for page in (before, after))


def test_c87_link_after_a_new_password(provider: Provider, visitor: Visitor) -> None:
    """C87: once the password was changed in Mon compte, mails asked for before it are dead."""
    link = mail_reset(provider).link
    confirmation = mail_confirmation(provider).link
    provider.sign_in(visitor)
    change_password(visitor)
    assert [visitor.open(each).status for each in (link, confirmation)] == [410, 410]


def test_c87_link_after_another_address(provider: Provider, visitor: Visitor) -> None:
    """C87: once the address was changed, the link that went to the old one is dead."""
    link = mail_reset(provider).link
    mail_undo(provider)
    assert visitor.open(link).status == 410


def test_c87_link_after_disabling(provider: Provider, visitor: Visitor) -> None:
    """C87: nothing that was mailed to a suspended account leads anywhere."""
    links = [mail_reset(provider).link, mail_confirmation(provider).link]
    disable_account(admin_visit(provider), FINESS, reason="test")
    assert [visitor.open(link).status for link in links] == [410, 410]


def post_at_once(
    provider: Provider, visitor: Visitor, page: Page, data: dict[str, str]
) -> Counter[str]:
    """Post a form sixteen times at once from one browser; count where each answer leads."""
    path = page.address.removeprefix(ISSUER)
    cookies = {name: visitor.read_cookie(name) or "" for name in ("csrf", "flow")}

    def post() -> str:
        browser = provider.open_browser()
        for name, value in cookies.items():
            browser.client.set_cookie(
                f"__Host-{name}", value, domain="connexion.example", secure=True
            )
        answer = browser.request("POST", path, data)
        return answer.headers.get("Location") or str(answer.status_code)

    return Counter(do_at_once([post] * CROWD))


def test_c91_one_link_pressed_by_sixteen(provider: Provider, visitor: Visitor) -> None:
    """C91: of sixteen presses of one activation link one activates, and one account exists."""
    page = visitor.open(mail_activation(provider).link)
    form = page.find_form("activate-submit").fields
    came = post_at_once(provider, visitor, page, form)
    assert came == {"/activation/terminee": 1, "410": CROWD - 1}


def test_c91_one_reset_by_sixteen(provider: Provider, visitor: Visitor) -> None:
    """C91: of sixteen new passwords for one link one is set, whole."""
    mail = mail_reset(provider)
    page = type_code(visitor, mail.link, mail.code)
    form = page.find_form("password-submit").fields
    new = dict.fromkeys(("password", "password_confirmation"), NEW_PASSWORD)
    came = post_at_once(provider, visitor, page, {**form, **new})
    assert came["/reinitialisation/terminee"] == 1
    assert set(came) <= {"/reinitialisation/terminee", "410", "503"}
    assert provider.sign_in(visitor, password=NEW_PASSWORD).title.startswith("Vous êtes")


@pytest.mark.parametrize("mailing", EVERY_MAILING)
def test_c92_stolen_rows_open_nothing(provider: Provider, mailing: Mailing) -> None:
    """C92: the database holds digests of at least 128 random bits; a digest is no link."""
    mail = mailing(provider)
    path, _, token = mail.link.removeprefix(ISSUER).partition("?token=")
    assert len(token) >= 128 / 6
    rows = dump_rows(provider)
    assert token not in rows
    assert digest(token) in rows
    assert provider.open_browser().open(f"{path}?token={digest(token)}").status == 404
    if mailing is mail_reset:
        assert mail.code not in rows


def test_c92_number_of_another(provider: Provider, visitor: Visitor) -> None:
    """C92: link and code of one account with the number of another: refused."""
    provider.add_account(OTHER_FINESS, email="autre@orange.example")
    mail = mail_reset(provider)
    assert type_code(visitor, mail.link, mail.code, finess=OTHER_FINESS).status == 422


def test_c93_only_a_completed_reset(provider: Provider, visitor: Visitor) -> None:
    """C93: a block ends with the new password and not before; sessions end, nobody is signed in."""
    provider.add_account()
    elsewhere = provider.open_browser("192.0.2.99")
    provider.sign_in(elsewhere)
    for _ in range(3):
        provider.sign_in(visitor, password=WRONG)
    provider.clock.advance(MINUTE)
    mail = mail_reset(provider)
    page = type_code(visitor, mail.link, mail.code)
    stranger = provider.open_browser()
    assert provider.sign_in(stranger).status == 429
    choose_password(visitor, page)
    assert visitor.read_cookie("session") is None
    assert elsewhere.request("GET", "/compte").status_code == 303
    provider.clock.advance(MINUTE)
    assert "mot de passe" in provider.mailbox.read_latest(EMAIL).subject
    page = provider.sign_in(stranger, password=NEW_PASSWORD)
    assert page.title.startswith("Vous êtes")


def test_c95_mail_server_away(provider: Provider, visitor: Visitor) -> None:
    """C95: no mail server: the same answer; the mail leaves later with its first link and end."""
    provider.add_account()
    answer = ask_reset(visitor)
    provider.clock.advance(60 * MINUTE)
    late = provider.mailbox.read(EMAIL)
    assert len(late) == 1
    assert answer.title == "Consultez votre boîte mail"
    page = type_code(visitor, late[0].link, late[0].code)
    provider.clock.advance(23 * 60 * MINUTE)
    assert choose_password(visitor, page).status == 410
