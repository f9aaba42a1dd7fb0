"""Attack cases C76 to C78: blocking others by failing in their name."""

from idp.accounts.admin import unlock_all_since
from tests.attacks.conftest import StartProvider
from tests.attacks.people import (
    WRONG,
    add_accounts,
    admin_visit,
    ask_reset,
    choose_password,
    list_events,
    type_code,
)
from tests.support.provider import EMAIL, FINESS, NEW_PASSWORD, Provider
from tests.support.signing import MINUTE
from tests.support.visitor import Page, Visitor

ATTACKER = "198.51.100.7"


def block(provider: Provider, finess: str = FINESS, *, address: str = ATTACKER) -> Visitor:
    """Fail three times from a stranger's browser, and return it."""
    attacker = provider.open_browser(address)
    pages = [provider.sign_in(attacker, finess, password=WRONG) for _ in range(3)]
    assert pages[-1].status == 429
    return attacker


def is_signed_in(page: Page) -> bool:
    """Whether a sign-in without a site worked."""
    return page.title.startswith("Vous êtes")


def test_c76_known_browser_goes_on(provider: Provider) -> None:
    """C76: who blocks a number from unknown browsers does not keep out its owner's browser."""
    provider.add_account()
    owner = provider.open_browser()
    provider.sign_in(owner)
    owner.forget_cookie("session")
    attacker = block(provider)
    assert is_signed_in(provider.sign_in(owner))
    assert provider.sign_in(attacker).status == 429
    stolen = provider.open_browser(ATTACKER)
    device = owner.read_cookie("device") or ""
    for forged in (device[:-1], device.swapcase(), f"{FINESS}.{device}", "x" * 43):
        stolen.client.set_cookie("__Host-device", forged, domain="connexion.example", secure=True)
        assert provider.sign_in(stolen).status == 429


def test_c77_new_browser_gets_in_by_mail(provider: Provider) -> None:
    """C77: the owner on a new browser resets by mail and gets in while the attack goes on.

    Without the mailbox the attacker cannot: asking for the mail makes no browser known.
    """
    provider.add_account()
    attacker = block(provider)
    provider.clock.advance(MINUTE)
    ask_reset(attacker)
    assert attacker.read_cookie("device") is None
    assert provider.sign_in(attacker).status == 429

    owner = provider.open_browser()
    mail = provider.mailbox.read_latest(EMAIL)
    choose_password(owner, type_code(owner, mail.link, mail.code))
    block(provider)
    assert is_signed_in(provider.sign_in(owner, password=NEW_PASSWORD))
    assert provider.sign_in(attacker, password=NEW_PASSWORD).status == 429


def test_c78_mass_lock(start_provider: StartProvider) -> None:
    """C78: a network that locks many is stopped early, an alarm is raised, one act lifts all."""
    provider = start_provider(lockout={"network_logins_per_hour": 12})
    numbers = [f"97{number:07d}" for number in range(8)]
    add_accounts(provider, numbers)
    since = provider.clock.now() - MINUTE
    script = provider.open_browser(ATTACKER)
    for finess in numbers:
        for _ in range(3):
            provider.sign_in(script, finess, password=WRONG)
    assert len(list_events(provider, "account.blocked")) == 4
    assert [event.reason for event in list_events(provider, "alarm.raised")] == ["network"]
    visit = admin_visit(provider)
    assert unlock_all_since(visit, since) == 4
    owners = [provider.open_browser("203.0.113.9") for _ in numbers]
    pages = [provider.sign_in(o, finess) for o, finess in zip(owners, numbers, strict=True)]
    assert all(is_signed_in(page) for page in pages)
