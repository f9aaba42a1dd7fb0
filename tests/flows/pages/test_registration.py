"""Inscription, from the number to « Votre compte est activé ! »."""

import pytest

from tests.support.provider import (
    EMAIL,
    FINESS,
    NEW_PASSWORD,
    OTHER_FINESS,
    SUFFIX,
    UNKNOWN_FINESS,
    Provider,
    fill_account,
    read_answer,
)
from tests.support.signing import DAY, HOUR, MINUTE
from tests.support.visitor import Page, Visitor


def test_the_whole_way_back_to_the_site(provider: Provider, visitor: Visitor) -> None:
    """Site, Inscription, mail, activation, Connexion, and back at the site: journeys, steps 1-6."""
    provider.add_practitioner()
    page = visitor.follow(provider.start_at_site(visitor), "Inscription")
    page = visitor.submit(page, "proof-submit", finess=FINESS, iban_suffix=SUFFIX)
    assert page.title == "Votre compte"
    page = fill_account(visitor, page)
    assert page.title == "Consultez votre boîte mail"
    assert "c…n@orange.example" in page.html
    page = visitor.open(provider.mailbox.read_latest(EMAIL).link)
    page = visitor.submit(page, "activate-submit")
    assert page.title == "Votre compte est activé\u202f!"
    assert provider.mailbox.read_latest(EMAIL).subject == "Votre compte est activé\u202f!"
    page = provider.sign_in(visitor, page=visitor.follow(page, "Connexion"))
    assert read_answer(page)["state"] == "state-of-the-site"


def test_create_prompt_opens_the_registration(provider: Provider, visitor: Visitor) -> None:
    """`prompt=create` opens Inscription at once, the request kept."""
    page = provider.start_at_site(visitor, prompt="create")
    assert page.title == "Inscription"
    assert page.find_form("proof-submit").fields["request"]


@pytest.mark.parametrize(
    "typed",
    ["02 606", "02606 ", "fr14 2004 1010 0505 0001 3m02 606", "\uff10\uff12\uff16\uff10\uff16"],
)
def test_suffix_is_forgiven(provider: Provider, visitor: Visitor, typed: str) -> None:
    """C68: spaces, case, full-width digits and a whole IBAN are read as five characters."""
    provider.add_practitioner()
    assert provider.prove(visitor, suffix=typed).title == "Votre compte"


def test_wrong_unknown_and_no_rib_look_alike(provider: Provider) -> None:
    """C59: a wrong pair, an unknown number and a number without RIB get the same page."""
    provider.add_practitioner()
    provider.add_practitioner(OTHER_FINESS, suffix=None)
    numbers = (FINESS, OTHER_FINESS, UNKNOWN_FINESS)
    pages = [_prove_wrong(provider, finess) for finess in numbers]
    assert {page.status for page in pages} == {422}
    assert "ne correspondent pas" in pages[0].html
    assert len({_strip(page, finess) for page, finess in zip(pages, numbers, strict=True)}) == 1


def _prove_wrong(provider: Provider, finess: str) -> Page:
    return provider.prove(provider.open_browser(), finess, suffix="11111")


def _strip(page: Page, finess: str) -> str:
    html = page.html
    nonce = html.partition('nonce="')[2].partition('"')[0]
    for varying in (nonce, page.forms[0].fields["csrf_token"], finess):
        html = html.replace(varying, "")
    return html


def test_three_wrong_pairs_block_the_proof_alone(provider: Provider, visitor: Visitor) -> None:
    """From the third wrong pair on the right one is refused for two hours; logins go on."""
    provider.add_account()
    for _ in range(2):
        provider.prove(visitor, suffix="11111")
    blocked = provider.prove(visitor, suffix="11111")
    assert (blocked.status, blocked.title) == (429, "Vérification bloquée")
    assert "11\u00a0h\u00a000" in blocked.html
    assert provider.prove(visitor).title == "Vérification bloquée"
    assert provider.prove(visitor, path="/mise-a-jour").title == "Vérification bloquée"
    assert provider.sign_in(visitor).title.startswith("Vous êtes")
    provider.clock.advance(2 * HOUR)
    assert provider.prove(visitor).title == "Votre compte existe déjà"


def test_active_account_is_told_so(provider: Provider, visitor: Visitor) -> None:
    """Whoever proves the pair of an active account learns it, and its owner is told by mail."""
    provider.add_account()
    page = provider.prove(visitor)
    assert page.title == "Votre compte existe déjà"
    assert "Ce n’est pas vous\u202f?" in page.html
    assert provider.mailbox.read_latest(EMAIL).subject.startswith("Une inscription")


def test_every_fault_is_said_at_once(provider: Provider, visitor: Visitor) -> None:
    """Step 2 lists all broken rules; what was typed stays, passwords excepted."""
    provider.add_practitioner()
    page = visitor.submit(
        provider.prove(visitor),
        "register-submit",
        email="camille",
        email_confirmation="camille",
        password="delorme",
        password_confirmation="other",
    )
    assert page.status == 422
    for sentence in ("adresse mail n’est pas", "une majuscule", "un chiffre", "sont différents"):
        assert sentence in page.html
    assert page.html.count("doit comporter au moins") == 2  # on top, and at the field
    assert page.find_form("register-submit").fields["email"] == "camille"
    assert "delorme" not in page.html
    assert fill_account(visitor, page).title == "Consultez votre boîte mail"


def test_proof_serves_its_browser_alone(provider: Provider, visitor: Visitor) -> None:
    """The address of step 2 is worth nothing in another browser."""
    provider.add_practitioner()
    page = provider.prove(visitor)
    assert visitor.open(page.address).title == "Votre compte"
    elsewhere = provider.open_browser().open(page.address)
    assert "Recommencez-la ici." in elsewhere.html


def test_proof_serves_once_and_for_a_quarter_of_an_hour(
    provider: Provider, visitor: Visitor
) -> None:
    """Used or too old, step 1 is shown again and says so."""
    provider.add_practitioner()
    page = provider.prove(visitor)
    fill_account(visitor, page)
    assert "Recommencez-la ici." in fill_account(visitor, page).html
    page = provider.prove(visitor)
    provider.clock.advance(15 * MINUTE)
    again = fill_account(visitor, page)
    assert "Recommencez-la ici." in again.html
    assert again.find_form("proof-submit").action == "/inscription"


def test_step_2_without_proof_is_step_1(visitor: Visitor) -> None:
    """A bookmark of step 2 leads to step 1."""
    assert visitor.open("/inscription/compte").address.endswith("/inscription")


def test_missing_token_keeps_what_was_typed(provider: Provider, visitor: Visitor) -> None:
    """C51: cookies cleared at either step: 403, the form again, and it then goes on."""
    provider.add_practitioner()
    page = visitor.open("/inscription")
    visitor.forget_cookie("csrf")
    again = visitor.submit(page, "proof-submit", finess=FINESS, iban_suffix=SUFFIX)
    assert again.status == 403
    page = visitor.submit(again, "proof-submit")
    visitor.forget_cookie("csrf")
    again = fill_account(visitor, page)
    assert again.status == 403
    assert again.find_form("register-submit").fields["email"] == EMAIL
    assert provider.mailbox.read(EMAIL) == []
    assert fill_account(visitor, again).title == "Consultez votre boîte mail"


def test_resend_replaces_the_link(provider: Provider, visitor: Visitor) -> None:
    """« Renvoyer »: a new link is mailed and the old one says that it was replaced."""
    provider.add_practitioner()
    page = fill_account(visitor, provider.prove(visitor))
    first = provider.mailbox.read_latest(EMAIL).link
    page = visitor.submit(page, "resend-submit")
    assert "Un nouveau lien est en route." in page.html
    assert visitor.open(first).title == "Ce lien a été remplacé"
    page = visitor.open(provider.mailbox.read_latest(EMAIL).link)
    assert visitor.submit(page, "activate-submit").title.startswith("Votre compte est activé")


def test_three_mails_an_hour(provider: Provider, visitor: Visitor) -> None:
    """The fourth mail within the hour is refused and says so; the last link stays good."""
    provider.add_practitioner()
    page = fill_account(visitor, provider.prove(visitor))
    for _ in range(2):
        provider.clock.advance(MINUTE)
        page = visitor.submit(page, "resend-submit")
    refused = visitor.submit(page, "resend-submit")
    assert refused.status == 429
    assert "réessayez dans 1\u00a0heure." in refused.html
    assert len(provider.mailbox.read(EMAIL)) == 3
    assert visitor.open(provider.mailbox.read_latest(EMAIL).link).title == "Activez votre compte"


def test_resend_needs_the_browser_that_asked(provider: Provider, visitor: Visitor) -> None:
    """A browser that asked for nothing is led to step 1."""
    provider.add_practitioner()
    fill_account(visitor, provider.prove(visitor))
    stranger = provider.open_browser()
    assert stranger.open("/inscription/envoye").address.endswith("/inscription")


def test_new_registration_kills_the_waiting_one(provider: Provider, visitor: Visitor) -> None:
    """The first mail may have gone to a mistyped address: its link dies."""
    provider.add_practitioner()
    fill_account(visitor, provider.prove(visitor), email="wrong@orange.example")
    fill_account(visitor, provider.prove(visitor), password=NEW_PASSWORD)
    dead = visitor.open(provider.mailbox.read_latest("wrong@orange.example").link)
    assert (dead.status, dead.title) == (410, "Ce lien a été remplacé")
    page = visitor.open(provider.mailbox.read_latest(EMAIL).link)
    visitor.submit(page, "activate-submit")
    page = provider.sign_in(visitor, password=NEW_PASSWORD)
    assert page.title.startswith("Vous êtes")


def test_mail_names_nobody(provider: Provider, visitor: Visitor) -> None:
    """The activation mail may reach a stranger: no number and no name in it."""
    provider.add_practitioner()
    fill_account(visitor, provider.prove(visitor))
    mail = provider.mailbox.read_latest(EMAIL)
    assert FINESS not in mail.text.replace("\u00a0", "")
    assert "Delorme" not in mail.text


def test_nothing_exists_before_the_activation(provider: Provider, visitor: Visitor) -> None:
    """An unconfirmed registration opens nothing, and is gone after a day."""
    provider.add_practitioner()
    fill_account(visitor, provider.prove(visitor))
    assert provider.find_account() is None
    assert provider.sign_in(visitor).status == 422
    provider.clock.advance(DAY)
    assert visitor.open("/inscription/envoye").address.endswith("/inscription")
