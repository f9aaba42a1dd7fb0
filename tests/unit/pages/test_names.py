"""The addresses and names that others rely on: bookmarks, password managers, test suites."""

import pytest

from idp.web.gallery import GalleryPage
from tests.unit.pages.reading import PAGES, read_page

FORMS = [
    ("login", "/connexion", ["finess", "password", "shared_computer"], "login-submit"),
    ("proof", "/inscription", ["finess", "iban_suffix"], "proof-submit"),
    (
        "account",
        "/inscription/compte",
        ["username", "email", "email_confirmation", "password", "password_confirmation"],
        "register-submit",
    ),
    ("activation", "/activation", [], "activate-submit"),
    ("reset", "/mot-de-passe-oublie", ["finess", "email"], "reset-request-submit"),
    ("reset-code", "/reinitialisation", ["finess", "code"], "code-submit"),
    (
        "reset-password",
        "/reinitialisation/mot-de-passe",
        ["username", "password", "password_confirmation"],
        "password-submit",
    ),
    ("update", "/mise-a-jour", ["finess", "iban_suffix"], "proof-submit"),
    (
        "update-account",
        "/mise-a-jour/compte",
        ["username", "email", "email_confirmation", "password", "password_confirmation"],
        "register-submit",
    ),
    ("consent", "/consentement", [], "consent-accept"),
    ("consent", "/consentement", [], "consent-deny"),
    ("logout", "/end_session", [], "logout-confirm"),
]
AUTOCOMPLETE = {
    "login": {"finess": "username", "password": "current-password"},
    "account": {"email": "email", "username": "username", "password": "new-password"},
    "reset-code": {"finess": "username", "code": "one-time-code"},
    "my-email": {"username": "username", "current_password": "current-password"},
    "my-password": {"current_password": "current-password", "password": "new-password"},
}


@pytest.mark.parametrize("name, path, inputs, submit", FORMS)
def test_form_keeps_its_names(name: str, path: str, inputs: list[str], submit: str) -> None:
    """The form posts to its path, with these inputs in this order and this button."""
    read = read_page(PAGES[name])
    assert [found["action"] for found in read.find("form")] == [path]
    named = [found["name"] for found in read.find("input") if found["type"] != "hidden"]
    assert named == inputs
    assert len(list(read.find("button", id=submit, type="submit"))) == 1


@pytest.mark.parametrize("name", AUTOCOMPLETE)
def test_password_managers_know_the_fields(name: str) -> None:
    """The fields say what they hold (WCAG 1.3.5)."""
    inputs = {found.get("name"): found for found in read_page(PAGES[name]).find("input")}
    given = {field: inputs[field]["autocomplete"] for field in AUTOCOMPLETE[name]}
    assert given == AUTOCOMPLETE[name]


def test_code_opens_the_keys_with_digits() -> None:
    """A phone shows digits for the verification code, and offers the one it received."""
    (code,) = read_page(PAGES["reset-code"]).find("input", name="code")
    assert (code["inputmode"], code["autocomplete"]) == ("numeric", "one-time-code")


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_name_stands_before_the_passwords(page: GalleryPage) -> None:
    """Whose password it is stands first, so that a manager takes no other field for it."""
    inputs = [found for found in read_page(page).find("input") if found["type"] != "hidden"]
    if any(found["type"] == "password" for found in inputs):
        assert inputs[0]["autocomplete"] == "username"
