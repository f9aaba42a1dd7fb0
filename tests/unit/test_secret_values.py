"""Sealed text: opened by who sealed it, for one purpose, and never without bound."""

import pytest

from idp.secret_values import MAX_UNSEALED_BYTES, SealBrokenError, SecretKey, SecretKeys

KEYS = SecretKeys([SecretKey("k" * 32)])


def test_text_comes_back() -> None:
    """Sealed and opened for one purpose, it is what it was."""
    text = "é" * (MAX_UNSEALED_BYTES // 2)
    assert KEYS.unseal("purpose", KEYS.seal("purpose", text)) == text


def test_longer_text_is_not_cut() -> None:
    """What grows past the bound when it is opened is refused as a whole."""
    sealed = KEYS.seal("purpose", "x" * (MAX_UNSEALED_BYTES + 1))
    with pytest.raises(SealBrokenError):
        KEYS.unseal("purpose", sealed)


def test_other_purpose_opens_nothing() -> None:
    """A link's seal is no request's."""
    with pytest.raises(SealBrokenError):
        KEYS.unseal("other", KEYS.seal("purpose", "text"))
