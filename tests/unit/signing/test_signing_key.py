"""A signing key: what signs, and the dates that say when."""

from idp.signing.key_material import KeyMaterial
from idp.signing.signing_key import KeyPlan, SigningKey
from tests.support.signing import HOUR, START, make_key


def test_key_is_made_as_planned() -> None:
    """A new key has the dates of its plan; nobody rehearses or revoked it."""
    material = KeyMaterial.generate("ES256", rsa_bits=2048)
    plan = KeyPlan(
        algorithm="ES256",
        published_at=START,
        signs_from=START + HOUR,
        predecessor="es256-old",
        predecessor_gone_at=START + 2 * HOUR,
    )
    key = SigningKey.make(material, plan)
    assert (key.published_at, key.signs_from) == (START, START + HOUR)
    assert (key.predecessor, key.predecessor_gone_at) == ("es256-old", START + 2 * HOUR)
    assert (key.successor, key.revoked_at, key.rehearsed_by) == (None, None, frozenset())


def test_key_is_shown_without_its_private_half() -> None:
    """What is printed of a key names it and its dates, and nothing of what it signs with (C104)."""
    key = make_key()
    private = key.material.private_key.private_numbers().private_value  # type: ignore[union-attr]
    assert key.kid in repr(key)
    assert str(private) not in repr(key)
    assert "PrivateKey" not in repr(key)
