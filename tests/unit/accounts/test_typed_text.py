"""Links and codes as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.accounts.typed_text import normalize_code, normalize_token, squeeze_text
from idp.secret_values import random_token


@pytest.mark.parametrize("pasted", [" {} ", "<{}>", "\u00ab {} \u00bb", '"{}"', "{}\r\n", "{}."])
def test_token_survives_copy_and_paste(pasted: str) -> None:
    """Stray spaces, angle brackets, quotes and full stops around a token are dropped."""
    token = random_token()
    assert normalize_token(pasted.format(token)) == token


def test_token_broken_by_a_mail_program_is_mended() -> None:
    """A line break or space inside a token is dropped."""
    token = random_token()
    assert normalize_token(f"{token[:20]}\r\n {token[20:]}") == token


@pytest.mark.parametrize("typed", ["482915", "482 915", " 48 29 15 ", "482-915", "48\uff12915"])
def test_code_swallows_spaces(typed: str) -> None:
    """A verification code is read however its digits were grouped."""
    assert normalize_code(typed) == "482915"


@given(st.text())
def test_any_text_can_be_squeezed(typed: str) -> None:
    """No text makes squeezing fail, and nothing of it is white space."""
    squeezed = squeeze_text(typed)
    assert not any(character.isspace() for character in squeezed)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    """A megabyte in a field costs no more than a line."""
    assert len(squeeze_text("1" * 1_000_000)) == 200
