"""One private key and its algorithm: it signs, it verifies, and shows only its public half."""

from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import (
    CompactSignature,
    JWSRegistry,
    extract_compact,
    serialize_compact,
    validate_compact,
)

from idp.signing.algorithms import ALGORITHMS, JoseKey, PrivateKey, build_jws_registry


class KeyMaterial:
    """A private key bound to one algorithm.

    The private key is whatever implements cryptography's interface for its type, so one that
    lives in a KMS or on a PKCS#11 token fits in by a class whose `sign` calls out.
    """

    def __init__(self, algorithm: str, private_key: PrivateKey) -> None:
        """Bind a private key to an algorithm it fits.

        Raises:
            ValueError: the key is of another type, curve, or too short for the algorithm.

        """
        rules = ALGORITHMS[algorithm]
        if not rules.fits(private_key):
            raise ValueError(f"the key does not fit {algorithm}")
        public = rules.jose_key.import_key(private_key.public_key())  # type: ignore[arg-type]
        self.algorithm = algorithm
        self.private_key = private_key
        # The algorithm comes first: the same key under two algorithms would be two keys, and no
        # kid starts with a dash, which a command line would take for an option.
        self.kid = f"{algorithm.lower()}-{public.thumbprint()[:16]}"
        self.public_jwk: dict[str, Any] = {
            "kty": public.key_type,
            "use": "sig",
            "alg": algorithm,
            "kid": self.kid,
            **public.as_dict(private=False),
        }
        # Given the public dictionary, joserfc never computes the private one.
        self._jose_key: JoseKey = rules.jose_key(private_key, self.public_jwk)  # type: ignore[arg-type]
        self._registry: JWSRegistry = build_jws_registry()

    def __repr__(self) -> str:
        return f"KeyMaterial({self.kid!r})"

    @classmethod
    def generate(cls, algorithm: str, *, rsa_bits: int) -> "KeyMaterial":
        """Make a new key for the algorithm; `rsa_bits` counts for RS256 and PS256 only."""
        return cls(algorithm, ALGORITHMS[algorithm].generate(rsa_bits))

    def sign(self, payload: bytes, *, typ: str | None) -> str:
        """Return the payload as a signed compact JWS (RFC 7515 section 7.1)."""
        header = {"alg": self.algorithm, "kid": self.kid}
        if typ is not None:
            header["typ"] = typ
        return serialize_compact(header, payload, self._jose_key, registry=self._registry)

    def has_signed(self, signature: CompactSignature) -> bool:
        """Say whether this key, with its one algorithm, made the signature (RFC 8725, 3.1)."""
        if signature.headers().get("alg") != self.algorithm:
            return False
        try:
            return validate_compact(signature, self._jose_key, registry=self._registry)
        except (JoseError, ValueError):
            return False


def read_signature(token: str) -> CompactSignature:
    """Take a compact JWS apart without trusting it.

    Raises:
        JoseError, ValueError: it is no compact JWS.

    """
    return extract_compact(token.encode("ascii"))
