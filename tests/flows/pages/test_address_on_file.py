"""registration.email = "on_file": activation mails go to the directory's address alone."""

from collections.abc import Callable

import pytest

from tests.support.provider import EMAIL, FINESS, PASSWORD, SUFFIX, Provider
from tests.support.visitor import Visitor

ON_FILE = "accueil@cabinet.example"


@pytest.fixture
def provider(start_provider: Callable[..., Provider]) -> Provider:
    """A provider with that setting."""
    return start_provider(registration={"email": "on_file"})


@pytest.mark.parametrize("path", ["/inscription", "/mise-a-jour"])
def test_mail_goes_to_the_address_on_file(provider: Provider, visitor: Visitor, path: str) -> None:
    """Step 2 asks for no address, and what is posted all the same is not written to."""
    provider.add_practitioner(email=ON_FILE)
    page = provider.prove(visitor, path=path)
    form = page.find_form("register-submit")
    assert "email" not in form.inputs
    data = visitor.fill(
        form,
        "register-submit",
        email=EMAIL,
        email_confirmation=EMAIL,
        password=PASSWORD,
        password_confirmation=PASSWORD,
    )
    page = visitor.post(form.action, data)
    assert "à l’adresse que nous connaissons" in page.html
    assert ON_FILE not in page.html
    assert provider.mailbox.read(EMAIL) == []
    page = visitor.open(provider.mailbox.read_latest(ON_FILE).link)
    assert visitor.submit(page, "activate-submit").title.startswith("Votre compte est activé")


def test_without_address_there_is_the_phone(provider: Provider, visitor: Visitor) -> None:
    """Nothing can be mailed: the page says whom to call."""
    provider.add_practitioner()
    page = visitor.submit(
        visitor.open("/inscription"), "proof-submit", finess=FINESS, iban_suffix=SUFFIX
    )
    assert page.title == "Appelez-nous pour continuer"
    assert "05&nbsp;62&nbsp;13&nbsp;20&nbsp;20" in page.html
