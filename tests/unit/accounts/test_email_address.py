"""E-mail addresses."""

import pytest

from idp.accounts.email_address import is_same_email, parse_email


@pytest.mark.parametrize(
    "typed, parsed",
    [
        (" camille@orange.example ", "camille@orange.example"),
        ("Camille@Orange.Example", "Camille@orange.example"),
        ("cabinet+mnspf@orange.example", "cabinet+mnspf@orange.example"),
        ("cabinet@médecins.example", "cabinet@xn--mdecins-bya.example"),
    ],
)
def test_address_is_kept_as_typed_but_for_its_domain(typed: str, parsed: str) -> None:
    """The local part is kept as typed, the domain in lower case and as mail servers know it."""
    assert parse_email(typed) == parsed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "camille",
        "camille@orange",
        "camille@orange..example",
        "camille@orange.example\r\nBcc: all@orange.example",
        "camille@orange.example, other@orange.example",
        "Camille <camille@orange.example>",
        f"{'a' * 250}@orange.example",
        "élise@orange.example",
        "=?utf-8?q?camille=40orange.example=3e?=@orange.example",
        "a@" * 1000,
    ],
)
def test_no_address_and_no_injection_passes(typed: str) -> None:
    """What is not exactly one address, with no line break in it, is none."""
    assert parse_email(typed) is None


def test_addresses_are_compared_case_folded() -> None:
    """Case tells no two addresses apart."""
    assert is_same_email("Camille@Orange.example", "camille@orange.EXAMPLE")
    assert not is_same_email("camille@orange.example", "camile@orange.example")


def test_no_address_is_the_same_as_none() -> None:
    """An account without address matches nothing, not even nothing."""
    assert not is_same_email(None, None)
    assert not is_same_email("", "")
