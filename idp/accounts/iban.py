"""IBANs: checked on import, of which only a keyed digest of the last five characters is kept.

Five characters are about 97 000 values: no plain digest protects them. The key is not in the
database, and the digest holds the FINESS number, so that equal suffixes do not look alike.
"""

import re
from dataclasses import dataclass

from stdnum import iban as iban_rules

from idp.accounts.practitioner import Practitioner
from idp.accounts.typed_text import squeeze_text
from idp.secret_values import SecretKeys, is_equal

SUFFIX_LENGTH = 5
_PURPOSE = "iban suffix"
_SUFFIX = re.compile(r"[0-9A-Z]{5}")
_WHOLE_IBAN = re.compile(r"(?:IBAN:?)?([A-Z]{2}[0-9]{2}[0-9A-Z]{10,30})")


@dataclass(frozen=True, slots=True)
class SuffixDigest:
    """What is kept of an IBAN, and the version of the key it was made with."""

    digest: str
    key_version: str


def is_valid_iban(typed: str) -> bool:
    """Say whether an IBAN has a known country, its shape and a right checksum (ISO 13616).

    The lists of national banks are not asked: they age, and the insurer does pay to these accounts.
    """
    return bool(iban_rules.is_valid(squeeze_text(typed), check_country=False))


def normalize_suffix(typed: str) -> str | None:
    """Return the last five characters, also of a whole pasted IBAN; None for anything else."""
    squeezed = squeeze_text(typed)
    if whole := _WHOLE_IBAN.fullmatch(squeezed):
        return whole[1][-SUFFIX_LENGTH:]
    return squeezed if _SUFFIX.fullmatch(squeezed) else None


def make_suffix_digest(keys: SecretKeys, finess: str, suffix: str) -> SuffixDigest:
    """Return what is kept of the last five characters of this practitioner's IBAN."""
    return SuffixDigest(keys.mac(_PURPOSE, finess, suffix), keys.current.version)


def is_suffix_of(practitioner: Practitioner | None, keys: SecretKeys, *, suffix: str) -> bool:
    """Say whether these are the practitioner's last five characters.

    Nobody, no IBAN on file and a lost key cost the same work and give False.
    """
    finess = practitioner.finess if practitioner else ""
    version = practitioner.iban_key_version if practitioner else None
    key = keys.find(version or "") or keys.current
    on_file = (practitioner.iban_digest if practitioner else None) or ""
    return is_equal(key.mac(_PURPOSE, finess, suffix), on_file)
