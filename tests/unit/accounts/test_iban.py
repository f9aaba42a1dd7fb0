"""The last five characters of an IBAN, and what is kept of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.accounts.iban import (
    is_suffix_of,
    is_valid_iban,
    make_suffix_digest,
    normalize_suffix,
)
from idp.secret_values import SecretKey, SecretKeys
from tests.support.accounts_house import FINESS, SUFFIX, AccountsHouse

OLD_KEY = SecretKey("an older key of the tests, long enough")


@pytest.mark.parametrize(
    "typed",
    [
        "90189",
        " 9 01 89 ",
        "\uff19\uff10\uff11\uff18\uff19",
        "FR76 3000 6000 0112 3456 7890 189",
        "fr7630006000011234567890189",
        "IBAN : FR76 3000 6000 0112 3456 7890 189",
        "FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189",
    ],
)
def test_c68_suffix_is_cut_and_folded(typed: str) -> None:
    """C68: spaces and full-width digits are read, and a whole IBAN is cut to its last five."""
    assert normalize_suffix(typed) == "90189"


def test_c68_letters_are_upper_cased() -> None:
    """C68: an account number may hold letters, typed in either case."""
    assert normalize_suffix("x9k 42") == "X9K42"


@pytest.mark.parametrize("typed", ["", "1234", "123456", "12é45", "FR76" + "1" * 40])
def test_other_lengths_are_no_suffix(typed: str) -> None:
    """Anything but five characters or a whole IBAN is no suffix."""
    assert normalize_suffix(typed) is None


@given(st.text())
def test_suffix_is_five_ascii_characters_for_any_text(typed: str) -> None:
    """Whatever is typed, a suffix is five letters and digits and its own normal form."""
    suffix = normalize_suffix(typed)
    assert suffix is None or (len(suffix) == 5 and suffix.isascii() and suffix.isalnum())
    assert suffix is None or normalize_suffix(suffix) == suffix


@pytest.mark.parametrize(
    "typed, is_valid",
    [
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("FR76 3000 6000 0112 3456 7890 188", False),
        ("BE68 5390 0754 7034", True),
        ("", False),
        ("ZZ68 5390 0754 7034", False),
    ],
)
def test_iban_checksum(typed: str, *, is_valid: bool) -> None:
    """An IBAN that fails its own checksum, or is of no known country, is refused."""
    assert is_valid_iban(typed) is is_valid


def test_right_suffix_is_recognized(house: AccountsHouse) -> None:
    """The digest on file is the one of FINESS number and suffix."""
    practitioner = house.add_practitioner()
    assert is_suffix_of(practitioner, house.iban_keys, suffix=SUFFIX)
    assert not is_suffix_of(practitioner, house.iban_keys, suffix="01898")


def test_c68_digest_needs_the_key(house: AccountsHouse) -> None:
    """C68: under another key, the same suffix has another digest."""
    other_keys = SecretKeys([OLD_KEY])
    mine, other = (make_suffix_digest(k, FINESS, SUFFIX) for k in (house.iban_keys, other_keys))
    assert mine.digest != other.digest
    assert SUFFIX not in mine.digest


def test_equal_suffixes_have_different_digests(house: AccountsHouse) -> None:
    """The digest holds the FINESS number: equal suffixes of two practitioners do not show."""
    digests = {make_suffix_digest(house.iban_keys, f, SUFFIX).digest for f in ("1", "2")}
    assert len(digests) == 2


def test_digest_of_an_earlier_key_still_proves(house: AccountsHouse) -> None:
    """The key's version is kept beside the digest, so a replaced key goes on proving."""
    kept = make_suffix_digest(SecretKeys([OLD_KEY]), FINESS, SUFFIX)
    practitioner = replace(
        house.add_practitioner(), iban_digest=kept.digest, iban_key_version=kept.key_version
    )
    keys = SecretKeys([house.iban_keys.current, OLD_KEY])
    assert is_suffix_of(practitioner, keys, suffix=SUFFIX)


def test_lost_key_proves_nothing(house: AccountsHouse) -> None:
    """A digest whose key was lost proves nothing: the IBANs must be imported again."""
    practitioner = house.add_practitioner()
    assert not is_suffix_of(practitioner, SecretKeys([OLD_KEY]), suffix=SUFFIX)


def test_nobody_and_no_iban_on_file_prove_nothing(house: AccountsHouse) -> None:
    """No practitioner, and one without IBAN, have no right suffix."""
    without_iban = house.add_practitioner(suffix=None)
    assert not is_suffix_of(None, house.iban_keys, suffix=SUFFIX)
    assert not is_suffix_of(without_iban, house.iban_keys, suffix=SUFFIX)
