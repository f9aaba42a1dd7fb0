"""Argon2id through libsodium: the same strings as argon2-cffi's, both ways."""

import argon2
import pytest
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from idp.accounts import argon2id
from idp.accounts.argon2id import SodiumPasswordHasher, make_password_hasher

SODIUM = SodiumPasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
REFERENCE = argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)


@pytest.mark.parametrize("maker, checker", [(SODIUM, REFERENCE), (REFERENCE, SODIUM)])
def test_each_checks_the_other_s_hashes(
    maker: argon2.PasswordHasher, checker: argon2.PasswordHasher
) -> None:
    """Hashes may be made by one and checked by the other: no lock-in."""
    assert checker.verify(maker.hash("Vélo rouge 3"), "Vélo rouge 3")


def test_strings_state_the_parameters() -> None:
    """The PHC string holds what was asked for, so a raised setting is noticed."""
    hashed = SODIUM.hash("Vélo rouge 3")
    assert hashed.startswith("$argon2id$v=19$m=64,t=2,p=1$")
    assert not SODIUM.check_needs_rehash(hashed)
    assert SodiumPasswordHasher(time_cost=3, memory_cost=64, parallelism=1).check_needs_rehash(
        hashed
    )


def test_each_hash_has_its_own_salt() -> None:
    """Equal passwords do not show."""
    assert SODIUM.hash("Vélo rouge 3") != SODIUM.hash("Vélo rouge 3")


def test_given_salt_gives_argon2_cffi_s_hash() -> None:
    """A hash with a salt of one's own is the one argon2-cffi computes."""
    salt = b"sixteen bytes ok"
    assert SODIUM.hash("Vélo", salt=salt) == REFERENCE.hash("Vélo", salt=salt)


def test_wrong_password_is_a_mismatch() -> None:
    """A wrong password raises argon2-cffi's own error."""
    with pytest.raises(VerifyMismatchError):
        SODIUM.verify(SODIUM.hash("Vélo rouge 3"), "Vélo rouge 4")


def test_several_lanes_fall_back_to_argon2_cffi() -> None:
    """Libsodium knows one lane: two are computed by argon2-cffi, same API."""
    two_lanes = SodiumPasswordHasher(time_cost=2, memory_cost=64, parallelism=2)
    hashed = two_lanes.hash("Vélo rouge 3")
    assert ",p=2$" in hashed
    assert two_lanes.verify(hashed, "Vélo rouge 3")
    assert SODIUM.verify(hashed.encode(), b"V\xc3\xa9lo rouge 3")


@pytest.mark.parametrize("damaged", ["", "x", "$argon2id$v=19$m=64,t=2,p=1$", "$2b$10$x"])
def test_no_hash_is_told_from_a_wrong_password(damaged: str) -> None:
    """What is no hash is an InvalidHashError, not a wrong password."""
    with pytest.raises(InvalidHashError):
        SODIUM.verify(damaged, "Vélo rouge 3")


def test_cut_hash_is_told_from_a_wrong_password() -> None:
    """A hash cut short is a fault of its own."""
    with pytest.raises(VerificationError):
        SODIUM.verify(SODIUM.hash("Vélo rouge 3")[:-8], "Vélo rouge 3")


@pytest.mark.parametrize("is_faster", [True, False])
def test_faster_library_computes(is_faster: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """Whichever it is on this machine, hashes that are there go on being good."""
    monkeypatch.setattr(argon2id, "is_sodium_faster", lambda: is_faster)
    hasher = make_password_hasher(argon2.extract_parameters(REFERENCE.hash("x")))
    assert isinstance(hasher, SodiumPasswordHasher) == is_faster
    assert hasher.verify(SODIUM.hash("Vélo rouge 3"), "Vélo rouge 3")
    assert not hasher.check_needs_rehash(REFERENCE.hash("Vélo rouge 3"))
