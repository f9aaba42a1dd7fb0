"""Where answers may go: exactly what the client registered, and what may be registered at all."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, urlencode, urlsplit

_LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})
_LOOPBACK_HOSTS = _LOOPBACK_ADDRESSES | {"localhost"}
_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+")


def is_registered(uri: str, registered: Iterable[str], *, may_float: bool) -> bool:
    """Say whether this very string is registered (RFC 9700 4.1.3).

    Args:
        uri: what the request names.
        registered: what the client registered.
        may_float: whether the port of a loopback address is the client's choice of the moment, as
            it is for native applications (RFC 8252 7.3).

    """
    known = tuple(registered)
    if uri in known:
        return True
    return (
        may_float and is_loopback_address(uri) and _without_port(uri) in map(_without_port, known)
    )


def is_loopback_address(uri: str) -> bool:
    """Say whether this is http to 127.0.0.1 or ::1: a name such as localhost may be anybody's."""
    parts = _split(uri)
    return parts is not None and parts.scheme == "http" and parts.hostname in _LOOPBACK_ADDRESSES


def find_uri_fault(uri: str) -> str | None:
    """Say in English why this address may not be registered; None where it may.

    https, or http on this very machine; no fragment, no wildcard, no user information
    (attack cases C03, C04, C05).
    """
    parts = _split(uri)
    if parts is None or not _URI_CHARACTERS.fullmatch(uri) or "%23" in uri:
        return "is not a plain ASCII address (no wildcard, no fragment, no backslash)"
    if not parts.hostname or "@" in parts.netloc:
        return "has no host, or names a user before the host"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS):
        return None
    return "must be https (http is for loopback addresses alone)"


def add_query(uri: str, parameters: Mapping[str, str]) -> str:
    """Return the address with more parameters in its query; what was there stays as it is."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(parameters)}" if parameters else uri


def origin_of(uri: str) -> str:
    """Return scheme, host and port of an address that is well formed."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def is_origin(text: str) -> bool:
    """Say whether a well-formed address is an origin, as browsers write it."""
    return text == origin_of(text) == text.lower()


def csp_source_of(uri: str) -> str:
    """Return the origin as a Content-Security-Policy can say it: IPv6 literals it cannot."""
    parts = urlsplit(uri)
    return f"{parts.scheme}:" if "[" in parts.netloc else origin_of(uri)


def host_of(uri: str) -> str:
    """Return the host of an address that is well formed."""
    return urlsplit(uri).hostname or ""


def _split(uri: str) -> SplitResult | None:
    """Return the parts, None where the address has none that make sense."""
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _without_port(uri: str) -> str:
    return re.sub(r"^(http://(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?=/|\?|$)", r"\1", uri)
