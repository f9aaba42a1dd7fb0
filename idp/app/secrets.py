"""The keys outside the database, as the settings hold them."""

from collections.abc import Sequence

from pydantic import SecretStr

from idp.secret_values import SecretKey, SecretKeys
from idp.settings import Settings


def build_secret_keys(settings: Settings) -> SecretKeys:
    """Return the keys that seal and count."""
    return _read_keys(settings.secrets.master)


def build_iban_keys(settings: Settings) -> SecretKeys:
    """Return the keys of the IBANs' digests."""
    return _read_keys(settings.secrets.iban)


def _read_keys(secrets: Sequence[SecretStr]) -> SecretKeys:
    return SecretKeys([SecretKey(secret.get_secret_value()) for secret in secrets])
