"""What the insurer knows about a practitioner before anybody registers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """One row of the directory.

    `iban_digest` is a keyed digest of FINESS and the IBAN's last five characters, made with the
    key named `iban_key_version`; the IBAN itself is never kept.
    """

    finess: str
    name: str
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    phone_number: str | None = None
    street_address: str | None = None
    postal_code: str | None = None
    locality: str | None = None
    iban_digest: str | None = None
    iban_key_version: str | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
