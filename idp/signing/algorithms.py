"""The signature algorithms the provider knows (RFC 7518 section 3.1, RFC 8037 section 3.1)."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey
JoseKey = RSAKey | ECKey | OKPKey

MIN_RSA_BITS = 2048


@dataclass(frozen=True)
class Algorithm:
    """How keys of one algorithm are made, recognised and handed to joserfc."""

    name: str
    jose_key: type[RSAKey] | type[ECKey] | type[OKPKey]
    generate: Callable[[int], PrivateKey]
    fits: Callable[[object], bool]


def _generate_rsa(bits: int) -> PrivateKey:
    return generate_rsa_key(public_exponent=65537, key_size=bits)


def _is_rsa(key: object) -> bool:
    return isinstance(key, RSAPrivateKey) and key.key_size >= MIN_RSA_BITS


def _is_p256(key: object) -> bool:
    return isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("RS256", RSAKey, _generate_rsa, _is_rsa),
        Algorithm("PS256", RSAKey, _generate_rsa, _is_rsa),
        Algorithm("ES256", ECKey, lambda _bits: generate_private_key(SECP256R1()), _is_p256),
        Algorithm(
            "EdDSA",
            OKPKey,
            lambda _bits: Ed25519PrivateKey.generate(),
            lambda key: isinstance(key, Ed25519PrivateKey),
        ),
    )
}


def build_jws_registry() -> JWSRegistry:
    """Return a registry that knows our algorithms only: neither `none` nor any HMAC exists in it.

    joserfc warns that RFC 9864 renamed EdDSA; OpenID Connect clients know the old name, so the
    warning is switched off on a copy of the algorithm.
    """
    known = {name: copy(JWSRegistry.algorithms[name]) for name in ALGORITHMS}
    known["EdDSA"].security_warning = None
    registry = JWSRegistry(algorithms=tuple(ALGORITHMS))
    registry.algorithms = known
    return registry
