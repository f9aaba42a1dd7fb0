"""What relying parties learn about a practitioner: the claims behind scopes and claims requests."""

from collections.abc import Iterable
from typing import Any

from idp.protocol.ports import Subject
from idp.protocol.vocabulary import SCOPES


def list_claims(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the claims that these scopes stand for, `sub` aside."""
    named = (claim for scope in scopes for claim in SCOPES.get(scope, ()))
    return tuple(claim for claim in named if claim != "sub")


def read_claims(subject: Subject, names: Iterable[str]) -> dict[str, Any]:
    """Return the claims of these names that the directory knows (OpenID Connect Core 5.1)."""
    known = {
        "name": subject.name,
        "given_name": subject.given_name,
        "family_name": subject.family_name,
        "updated_at": int(subject.updated_at.timestamp()) if subject.updated_at else None,
        "email": subject.email,
        "email_verified": subject.is_email_verified if subject.email else None,
        "phone_number": subject.phone_number,
        # The directory's number, which nobody has verified.
        "phone_number_verified": False if subject.phone_number else None,
        "address": _read_address(subject),
        "finess": subject.finess,
    }
    return {name: known[name] for name in names if known[name] is not None}


def _read_address(subject: Subject) -> dict[str, str] | None:
    """Return the address claim (OpenID Connect Core 5.1.1)."""
    parts = {
        "street_address": subject.street_address,
        "postal_code": subject.postal_code,
        "locality": subject.locality,
    }
    known = {name: value for name, value in parts.items() if value}
    return known or None
