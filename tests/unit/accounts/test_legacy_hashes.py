"""Password hashes of the old site."""

from datetime import timedelta

import pytest

from idp.accounts.errors import PasswordHashRefusedError
from idp.accounts.hash_slots import HashSlots
from idp.accounts.hashing import Hasher, HashParameters
from idp.accounts.legacy_hashes import adopt_hash
from idp.accounts.login import SignedIn
from idp.secret_values import fast_digest
from tests.support.accounts_house import CHEAP, PASSWORD, AccountsHouse

TODAY = HashParameters(memory_kib=64, time_cost=2)
HASHER = Hasher(TODAY, HashSlots(1, queue_limit=0, patience=timedelta(0)))
NAMES = ["md5", "sha1", "sha256", "sha512"]


def adopt(imported: str, *, accepts_timing: bool = False) -> str:
    """Take a hash over."""
    return adopt_hash(
        imported, TODAY.to_argon2(), hash_text=HASHER.hash, accepts_timing=accepts_timing
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("salt", [None, "", "a:b c"])
def test_digest_is_wrapped_in_argon2id(name: str, salt: str | None) -> None:
    """A fast digest, bare or salted, is wrapped at once, and its password still signs in."""
    digest = fast_digest(name, f"{salt or ''}{PASSWORD}")
    imported = digest if salt is None else f"{name}${salt}${digest.upper()}"
    stored = adopt(imported)
    assert digest not in stored
    assert "$argon2id$" in stored
    assert HASHER.is_right(stored, PASSWORD)
    assert not HASHER.is_right(stored, "wrong")


def test_wrapped_digest_is_not_the_password() -> None:
    """Whoever stole the old digests cannot type one in."""
    digest = fast_digest("sha256", PASSWORD)
    assert not HASHER.is_right(adopt(digest), digest)


def test_wrapped_digest_becomes_plain_argon2id_at_login(house: AccountsHouse) -> None:
    """The first login with an old password replaces the wrapping."""
    account = house.add_account()
    with house.slots.take():
        stored = adopt_hash(
            fast_digest("md5", PASSWORD), CHEAP.to_argon2(), hash_text=house.hasher.hash
        )
    house.uow.accounts.raise_hash(
        account.sub, old_hash=account.password_hash or "", new_hash=stored
    )
    house.uow.commit()
    assert isinstance(house.sign_in(), SignedIn)
    assert (house.account().password_hash or "").startswith("$argon2id$")


def test_cheaper_argon2id_is_kept() -> None:
    """Argon2id that costs no more than today's is taken as it is."""
    slots = HashSlots(1, queue_limit=0, patience=timedelta(0))
    imported = Hasher(CHEAP, slots).hash(PASSWORD)
    assert adopt(imported) == imported
    assert HASHER.is_right(imported, PASSWORD)


def test_dearer_argon2id_needs_accept_timing() -> None:
    """Argon2id that costs more takes longer than an unknown number: only if accepted."""
    slots = HashSlots(1, queue_limit=0, patience=timedelta(0))
    imported = Hasher(HashParameters(memory_kib=64, time_cost=3), slots).hash(PASSWORD)
    with pytest.raises(PasswordHashRefusedError, match="accept-timing"):
        adopt(imported)
    assert adopt(imported, accepts_timing=True) == imported


def test_bcrypt_needs_accept_timing() -> None:
    """Bcrypt takes another time: only if accepted."""
    bcrypt = "$2y$12$" + "./Ab1" * 10 + "xyz"
    with pytest.raises(PasswordHashRefusedError, match="accept-timing"):
        adopt(bcrypt)
    assert adopt(bcrypt, accepts_timing=True) == bcrypt


@pytest.mark.parametrize(
    "imported",
    [
        "",
        "secret",
        "abc123",
        "md5$salt$" + "a" * 40,
        "crc32$salt$" + "a" * 32,
        "$argon2id$v=19$damaged",
        "$argon2i$v=19$m=64,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$" + "A" * 43,
        "$argon2id$v=19$m=999999,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$" + "A" * 43,
        "$2b$31$" + "a" * 53,
    ],
)
def test_anything_else_is_refused_with_its_reason(imported: str) -> None:
    """Unknown, damaged, too costly or mislabelled hashes are bad rows; no hash is in the reason."""
    with pytest.raises(PasswordHashRefusedError) as raised:
        adopt(imported, accepts_timing=True)
    assert str(raised.value)
    assert "aaaa" not in str(raised.value)
