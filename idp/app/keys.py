"""Signing as the settings want it."""

from idp.clock import Clock
from idp.settings import Settings
from idp.signing.files import FolderKeyStore
from idp.signing.live_keys import LiveKeys
from idp.signing.policy import RotationPolicy
from idp.signing.ports import KeyStore

# ID tokens as every client can read them; access tokens, which come back here alone, ten times
# as cheap.
REQUIRED_ALGORITHMS = ("RS256", "ES256")


def open_keys(settings: Settings, clock: Clock, *, store: KeyStore | None = None) -> LiveKeys:
    """Return the signing keys of a running process, from the settings' folder or another store.

    Raises:
        KeysRefusedError: they cannot be used; every fault at once.

    """
    return LiveKeys(store or build_key_store(settings), clock, required=REQUIRED_ALGORITHMS)


def build_key_store(settings: Settings) -> FolderKeyStore:
    """Return the keys folder, not looked into yet. Raises OSError: no passphrase file."""
    return FolderKeyStore(
        settings.keys.folder,
        passphrase=settings.keys.read_passphrase().get_secret_value(),
        rsa_bits=settings.keys.rsa_bits,
    )


def build_rotation_policy(settings: Settings) -> RotationPolicy:
    """Return how long keys are announced, sign and stay.

    An ID token comes back as a hint when its session ends, long after it expired (OpenID Connect
    RP-Initiated Logout 1.0, section 2), so a key stays for a session's longest life.
    """
    return RotationPolicy(
        jwks_max_age=settings.keys.jwks_max_age,
        longest_token_lifetime=max(
            settings.tokens.access_lifetime,
            settings.tokens.id_token_lifetime,
            settings.session.absolute_lifetime,
        ),
        announce_lifetime=settings.keys.announce_lifetime,
        manual_announce_lifetime=settings.keys.manual_announce_lifetime,
        rotation_interval=settings.keys.rotation_interval,
        clock_tolerance=settings.clock_tolerance,
    )
