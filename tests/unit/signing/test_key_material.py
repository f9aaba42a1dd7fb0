"""One private key and its algorithm."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from joserfc.errors import JoseError
from joserfc.jwk import import_key
from joserfc.jws import JWSRegistry, deserialize_compact

from idp.signing.algorithms import ALGORITHMS, PrivateKey
from idp.signing.key_material import KeyMaterial, read_signature

RSA = generate_rsa_key(public_exponent=65537, key_size=2048)
ELLIPTIC = generate_private_key(SECP256R1())


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_signature_verifies_with_the_published_jwk(algorithm: str) -> None:
    """A relying party that has only the JWKS entry verifies what the key signed."""
    material = KeyMaterial.generate(algorithm, rsa_bits=2048)
    token = material.sign(b'{"sub":"a"}', typ="at+jwt")
    public = import_key(material.public_jwk)
    registry = JWSRegistry(algorithms=[algorithm])
    signature = deserialize_compact(token, public, registry=registry)
    assert signature.payload == b'{"sub":"a"}'
    assert signature.headers() == {"alg": algorithm, "kid": material.kid, "typ": "at+jwt"}


def test_type_may_be_left_out() -> None:
    """Without a typ there is no such header."""
    material = KeyMaterial("ES256", ELLIPTIC)
    assert "typ" not in read_signature(material.sign(b"{}", typ=None)).headers()


@pytest.mark.parametrize(
    "algorithm, key",
    [
        ("RS256", ELLIPTIC),
        ("RS256", Ed25519PrivateKey.generate()),
        ("RS256", generate_rsa_key(public_exponent=65537, key_size=1024)),  # noqa: S505 - the point
        ("PS256", ELLIPTIC),
        ("ES256", RSA),
        ("ES256", generate_private_key(SECP384R1())),
        ("EdDSA", ELLIPTIC),
    ],
)
def test_key_that_does_not_fit_its_algorithm_is_refused(algorithm: str, key: PrivateKey) -> None:
    """The wrong type, the wrong curve or a short RSA key are no key of the algorithm (C112)."""
    with pytest.raises(ValueError, match=f"does not fit {algorithm}"):
        KeyMaterial(algorithm, key)


def test_rsa_size_is_chosen() -> None:
    """3072 bits by setting."""
    assert KeyMaterial.generate("RS256", rsa_bits=3072).private_key.key_size == 3072  # type: ignore[union-attr]


def test_kid_follows_from_the_public_key_and_the_algorithm() -> None:
    """The same key has the same kid on each node; under another algorithm it is another key."""
    assert KeyMaterial("RS256", RSA).kid == KeyMaterial("RS256", RSA).kid
    assert KeyMaterial("RS256", RSA).kid.removeprefix("rs256") == KeyMaterial(
        "PS256", RSA
    ).kid.removeprefix("ps256")
    assert KeyMaterial("RS256", RSA).kid.startswith("rs256-")


def test_signature_under_another_algorithm_of_the_same_key_is_refused() -> None:
    """An RSA key of RS256 does not verify PS256: a key has one algorithm (C35)."""
    token = KeyMaterial("PS256", RSA).sign(b"{}", typ=None)
    assert not KeyMaterial("RS256", RSA).has_signed(read_signature(token))


def test_signature_of_another_key_is_refused() -> None:
    """Only the key that signed verifies."""
    token = KeyMaterial.generate("ES256", rsa_bits=2048).sign(b"{}", typ=None)
    assert not KeyMaterial("ES256", ELLIPTIC).has_signed(read_signature(token))


def test_signature_cut_short_is_refused() -> None:
    """A truncated signature is wrong, not an error."""
    token = KeyMaterial("ES256", ELLIPTIC).sign(b"{}", typ=None)
    assert not KeyMaterial("ES256", ELLIPTIC).has_signed(read_signature(token[:-20]))


def test_what_is_no_signature_raises() -> None:
    """Two parts are no compact JWS."""
    with pytest.raises(JoseError):
        read_signature("e30.e30")


def test_private_key_is_not_shown() -> None:
    """What is printed of a key names it and no more (C39, C104)."""
    material = KeyMaterial("ES256", ELLIPTIC)
    assert repr(material) == f"KeyMaterial('{material.kid}')"


def test_only_asymmetric_algorithms_exist() -> None:
    """Neither `none` nor an HMAC can be configured (C31, C32)."""
    assert list(ALGORITHMS) == ["RS256", "PS256", "ES256", "EdDSA"]


class RemoteKey(Ed25519PrivateKey):
    """A private key that lives elsewhere, as in a KMS: it can be asked to sign and no more."""

    def __init__(self) -> None:
        self._there = Ed25519PrivateKey.generate()
        self.asked = 0

    def sign(self, data: object) -> bytes:
        """Have the message signed there."""
        self.asked += 1
        return self._there.sign(data)  # type: ignore[arg-type]

    def public_key(self) -> object:  # type: ignore[override]
        """Return the public half."""
        return self._there.public_key()

    def private_bytes(self, *_: object) -> bytes:
        """Refuse: the key does not leave."""
        raise PermissionError

    def private_bytes_raw(self) -> bytes:
        """Refuse: the key does not leave."""
        raise PermissionError

    def __copy__(self) -> "RemoteKey":
        raise PermissionError

    def __deepcopy__(self, memo: object) -> "RemoteKey":
        raise PermissionError


def test_key_may_live_in_a_kms() -> None:
    """A key that only answers `sign` and `public_key` signs tokens like any other."""
    remote = RemoteKey()
    material = KeyMaterial("EdDSA", remote)
    token = material.sign(b"{}", typ=None)
    assert material.has_signed(read_signature(token))
    assert remote.asked == 1
