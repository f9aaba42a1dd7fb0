"""Signing and recognising the provider's own tokens, under attack (chapter 3 of the cases)."""

import json
import tracemalloc
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import OctKey
from joserfc.jws import serialize_compact

from idp.signing.errors import InvalidTokenError, NoActiveKeyError
from idp.signing.key_ring import KeyRing
from idp.signing.signer import Signer
from idp.signing.signing_key import SigningKey
from tests.support.signing import HOUR, MINUTE, SECOND, START, make_key, make_successor

RSA = make_key("RS256")
ELLIPTIC = make_key("ES256")
NEXT = make_successor(ELLIPTIC)
RING = KeyRing([RSA, ELLIPTIC, NEXT])
SIGNER = Signer(lambda: RING)
ACCESS = "at+jwt"
CLAIMS = {"iss": "https://idp.example", "iat": int(START.timestamp()), "sub": "é"}


def sign(key: SigningKey = RSA, /, **claims: object) -> str:
    """Return a token that lives for ten minutes from START."""
    signer = Signer(lambda: KeyRing([key]))
    content = CLAIMS | {"exp": int((START + 10 * MINUTE).timestamp())} | claims
    return signer.sign_jwt(content, algorithm=key.algorithm, typ="at+jwt", now=START)


def verify(token: str, now: timedelta = timedelta(0)) -> dict[str, object]:
    """Return the claims of an access token presented so long after START."""
    return SIGNER.verify_jwt(token, now=START + now, typ=ACCESS, leeway=MINUTE)


def forge(header: dict[str, object], payload: object = None, *, signature: bytes = b"x") -> str:
    """Return something that looks like a token."""
    parts = (json.dumps(header), json.dumps(payload or CLAIMS), signature)
    return ".".join(
        urlsafe_b64encode(part if isinstance(part, bytes) else part.encode()).decode().rstrip("=")
        for part in parts
    )


def replace_kid(key: SigningKey, kid: str) -> SigningKey:
    """Return a key that signs under the name of another one."""
    key.material.kid = kid
    return key


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_signed_token_is_recognised(algorithm: str) -> None:
    """Whatever was signed comes back as it was, for each algorithm."""
    ring = KeyRing([make_key(algorithm)])
    signer = Signer(lambda: ring)
    content = CLAIMS | {"exp": int((START + HOUR).timestamp()), "amr": ["pwd"]}
    token = signer.sign_jwt(content, algorithm=algorithm, typ="JWT", now=START)
    assert signer.verify_jwt(token, now=START, typ="JWT", leeway=MINUTE) == content


def test_key_follows_the_moment() -> None:
    """Before the turn the old key signs, from then on the new one (C3E)."""
    assert SIGNER.find_kid("ES256", now=START) == ELLIPTIC.kid
    assert SIGNER.find_kid("ES256", now=NEXT.signs_from) == NEXT.kid


def test_client_may_rehearse_the_next_key() -> None:
    """The next key signs for one client; its tokens verify here before its turn."""
    ring = KeyRing([ELLIPTIC, replace(NEXT, rehearsed_by=frozenset({"mnspf"}))])
    signer = Signer(lambda: ring)
    token = signer.sign_jwt(CLAIMS, algorithm="ES256", typ="JWT", now=START, client_id="mnspf")
    assert signer.find_kid("ES256", now=START, client_id="mnspf") == NEXT.kid
    assert signer.verify_jwt(token, now=START, typ="JWT", leeway=None) == CLAIMS


def test_algorithm_without_key_signs_nothing() -> None:
    """Asking for an algorithm that has no key is an error, not another algorithm."""
    with pytest.raises(NoActiveKeyError):
        SIGNER.sign_jwt(CLAIMS, algorithm="EdDSA", typ=None, now=START)


def test_what_is_no_json_is_not_signed() -> None:
    """An infinite number has no JSON form."""
    with pytest.raises(ValueError, match="JSON"):
        SIGNER.sign_jwt({"exp": float("inf")}, algorithm="ES256", typ=None, now=START)


def test_retired_key_verifies_until_it_is_gone() -> None:
    """A token of the old key is good after the turn, until the key is gone (C3E)."""
    token = sign(ELLIPTIC, exp=int((START + 20 * HOUR).timestamp()))
    assert verify(token, 12 * HOUR)["sub"] == "é"
    with pytest.raises(InvalidTokenError, match="no published key"):
        verify(token, 13 * HOUR)


def test_revoked_key_verifies_nothing() -> None:
    """From the moment of its revocation a key's tokens are refused (C3F)."""
    ring = KeyRing([replace(RSA, revoked_at=START + SECOND), ELLIPTIC])
    with pytest.raises(InvalidTokenError, match="no published key"):
        Signer(lambda: ring).verify_jwt(sign(), now=START + SECOND, typ=ACCESS, leeway=MINUTE)


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "", None, 1, [], {}])
@pytest.mark.parametrize("signature", [b"x", b""])
def test_unsigned_token_is_refused(algorithm: object, signature: bytes) -> None:
    """`none` in any spelling, with or without a signature, is refused (C31)."""
    header = {"alg": algorithm, "kid": RSA.kid, "typ": "at+jwt"}
    with pytest.raises(InvalidTokenError):
        verify(forge(header, signature=signature))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_hmac_under_the_public_key_is_refused(encoding: Encoding) -> None:
    """A token signed with HS256 under our public key is refused (C32)."""
    public = RSA.material.private_key.public_key().public_bytes(
        encoding, PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "kid": RSA.kid, "typ": "at+jwt"}
    token = serialize_compact(
        header, json.dumps(CLAIMS), OctKey.import_key(urlsafe_b64encode(public)), ["HS256"]
    )
    with pytest.raises(InvalidTokenError, match="signature"):
        verify(token)


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": make_key().public_jwk},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"nonce": "a"},
    ],
)
def test_header_we_never_write_is_refused(extra: dict[str, object]) -> None:
    """Keys and places to fetch keys from are not even looked at (C33)."""
    header = {"alg": "RS256", "kid": RSA.kid, "typ": "at+jwt", **extra}
    with pytest.raises(InvalidTokenError, match="we write no header"):
        verify(forge(header))


def test_foreign_key_under_our_kid_is_refused() -> None:
    """An attacker's key that calls itself ours is not ours (C33)."""
    foreign = replace_kid(make_key("RS256"), RSA.kid)
    with pytest.raises(InvalidTokenError, match="signature"):
        verify(sign(foreign))


def test_algorithm_that_is_not_the_keys_is_refused() -> None:
    """The kid of one key with the algorithm of another is refused (C35)."""
    body = sign(RSA).split(".")
    head = forge({"alg": "RS256", "kid": ELLIPTIC.kid, "typ": "at+jwt"}).split(".")[0]
    with pytest.raises(InvalidTokenError, match="signature"):
        verify(f"{head}.{body[1]}.{body[2]}")


@pytest.mark.parametrize("kid", [None, 1, [], {}, "", "unknown", "../../etc/passwd", "' OR 1=1"])
def test_unknown_kid_is_refused(kid: object) -> None:
    """A kid is looked up among our keys and nowhere else (C101)."""
    with pytest.raises(InvalidTokenError):
        verify(forge({"alg": "RS256", "kid": kid, "typ": "at+jwt"}))


@pytest.mark.parametrize("part", [0, 1, 2])
def test_altered_token_is_refused(part: int) -> None:
    """A change in header, payload or signature is refused."""
    parts = sign().split(".")
    middle = len(parts[part]) // 2
    swapped = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + swapped + parts[part][middle + 1 :]
    with pytest.raises(InvalidTokenError):
        verify(".".join(parts))


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", "a.b.c.d", "é.é.é", "a.b.c\n", " a.b.c", "a.b.", ".b.c", "a=.b.c"],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """Anything but three base64url parts is refused before it is decoded."""
    with pytest.raises(InvalidTokenError, match="does not look like"):
        verify(token)


@pytest.mark.parametrize(
    "token",
    [
        "e30.e30.eA",
        "W10.e30.eA",
        "bnVsbA.e30.eA",
        "IiI.e30.eA",
        "_w.e30.eA",
        "a.a.a",
        urlsafe_b64encode(b"[" * 300).decode().rstrip("=") + ".e30.eA",
    ],
)
def test_header_that_is_no_header_is_refused(token: str) -> None:
    """An empty header, one that is no object, no text, or deeply nested is refused."""
    with pytest.raises(InvalidTokenError):
        verify(token)


def test_huge_token_is_refused_without_decoding_it() -> None:
    """A megabyte of base64 is refused, and costs no more than itself."""
    token = f"{'e' * 1_000_000}.e30.eA"
    tracemalloc.start()
    with pytest.raises(InvalidTokenError):
        verify(token)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize("payload", ["[]", "1", '"x"', "null", "{", "\xff"])
def test_signed_payload_that_is_no_object_is_refused(payload: str) -> None:
    """Even under our signature, a payload that is not a JSON object is no token."""
    token = RSA.material.sign(payload.encode("latin-1"), typ="at+jwt")
    with pytest.raises(InvalidTokenError, match="payload"):
        verify(token)


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "at+Jwt"])
def test_type_is_compared_without_regard_to_case(typ: str) -> None:
    """Media types know no case (RFC 7515 section 4.1.9)."""
    token = RSA.material.sign(b'{"exp":1e12}', typ=typ)
    assert verify(token) == {"exp": 1e12}


@pytest.mark.parametrize("typ", [None, "JWT", "logout+jwt", "", "at+jwt "])
def test_token_of_another_type_is_refused(typ: str | None) -> None:
    """An ID token or a logout token is no access token (RFC 8725 section 3.11)."""
    token = RSA.material.sign(b'{"exp":1e12}', typ=typ)
    with pytest.raises(InvalidTokenError, match="type"):
        verify(token)


def test_type_that_is_no_text_is_refused() -> None:
    """A list as type is refused, not an error."""
    with pytest.raises(InvalidTokenError, match="type"):
        verify(forge({"alg": "RS256", "kid": RSA.kid, "typ": ["at+jwt"]}))


@pytest.mark.parametrize("late, good", [(11 * MINUTE - SECOND, True), (11 * MINUTE, False)])
def test_expiry_has_the_leeway_and_no_more(late: timedelta, good: bool) -> None:  # noqa: FBT001
    """A token is good until its exp and the clock tolerance have passed (C38)."""
    if good:
        assert verify(sign(), late)
    else:
        with pytest.raises(InvalidTokenError, match="expired"):
            verify(sign(), late)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_dates_ahead_have_the_leeway_and_no_more(claim: str) -> None:
    """Issued in, or meant for, a future beyond the clock tolerance: refused (C38)."""
    ahead = int((START + MINUTE).timestamp())
    assert verify(sign(**{claim: ahead}))
    with pytest.raises(InvalidTokenError):
        verify(sign(**{claim: ahead + 1}))


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, "1", True, [], {}])
def test_date_that_is_no_number_is_refused(claim: str, value: object) -> None:
    """Dates are numbers (RFC 7519 section 2)."""
    with pytest.raises(InvalidTokenError, match="no time"):
        verify(sign(**{claim: value}))


def test_token_without_expiry_is_refused() -> None:
    """Nothing never expires (C38)."""
    token = RSA.material.sign(b"{}", typ="at+jwt")
    with pytest.raises(InvalidTokenError, match="exp"):
        verify(token)


def test_hint_may_have_expired() -> None:
    """Without a leeway the dates are not looked at: an ID token as hint is good for long."""
    token = sign()
    late = START + 365 * 24 * HOUR
    assert SIGNER.verify_jwt(token, now=late, typ=ACCESS, leeway=None)["sub"] == "é"


def test_signature_is_checked_once() -> None:
    """A thousand tokens that were recognised are remembered; what is refused never is."""
    signer = Signer(lambda: RING)
    token = sign()
    for _ in range(3):
        assert signer.verify_jwt(token, now=START, typ=ACCESS, leeway=MINUTE)["sub"] == "é"
        with pytest.raises(InvalidTokenError):
            signer.verify_jwt(token[:-20], now=START, typ=ACCESS, leeway=MINUTE)
    kept = signer._recognise.cache_info()  # noqa: SLF001 - that it is bounded shows nowhere else
    assert (kept.hits, kept.currsize, kept.maxsize) == (2, 1, 1000)


def test_remembered_token_dies_with_its_key() -> None:
    """What was recognised a moment ago is refused once its key is gone."""
    keys = [RSA, ELLIPTIC]
    signer = Signer(lambda: KeyRing(keys))
    token = sign()
    assert signer.verify_jwt(token, now=START, typ=ACCESS, leeway=MINUTE)
    keys.remove(RSA)
    with pytest.raises(InvalidTokenError, match="no published key"):
        signer.verify_jwt(token, now=START, typ=ACCESS, leeway=MINUTE)


def test_remembered_token_is_checked_for_its_type_and_time() -> None:
    """Recognising a token says who signed it, not that it is good here and now."""
    signer = Signer(lambda: RING)
    token = sign()
    assert signer.verify_jwt(token, now=START, typ=ACCESS, leeway=MINUTE)
    with pytest.raises(InvalidTokenError, match="type"):
        signer.verify_jwt(token, now=START, typ="JWT", leeway=MINUTE)
    with pytest.raises(InvalidTokenError, match="expired"):
        signer.verify_jwt(token, now=START + HOUR, typ=ACCESS, leeway=MINUTE)
