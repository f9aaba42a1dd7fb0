"""The insurer's directory: what a row of its list must be, and what becomes of it here.

Of the IBAN only a keyed digest of its last five characters is kept. A wrong Luhn key of a FINESS
number is no fault: the directory decides. No message holds what stood in a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import category, normalize

from idp.accounts.email_address import parse_email
from idp.accounts.errors import DirectoryRowRefusedError
from idp.accounts.finess import describe_slip, normalize_finess
from idp.accounts.iban import is_valid_iban, make_suffix_digest, normalize_suffix
from idp.accounts.practitioner import Practitioner
from idp.secret_values import SecretKeys

REQUIRED_COLUMNS = ("finess", "name", "iban")
OPTIONAL_COLUMNS = (
    "email",
    "given_name",
    "family_name",
    "phone_number",
    "street_address",
    "postal_code",
    "locality",
)
LEFT_DIRECTORY = "left_directory"
"""Why the account of a practitioner is disabled whom the list names no more."""

_MAX_TEXT_LENGTH = 200
_IBAN_FIELDS = {"iban_digest", "iban_key_version"}


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """A checked row. `contact` has the optional columns of the list, an empty cell as None."""

    finess: str
    name: str
    iban_suffix: str | None = field(repr=False)
    contact: Mapping[str, Any] = field(repr=False)


def read_finess(cell: str) -> str:
    """Return the FINESS number of a row, normalized.

    Raises:
        DirectoryRowRefusedError: it is none; what it looks like is named.

    """
    finess = normalize_finess(cell)
    if finess is None:
        slip = describe_slip(cell)
        likeness = f" (looks like: {slip.kind.replace('_', ' ')})" if slip else ""
        raise DirectoryRowRefusedError(f"no FINESS number of nine letters and digits{likeness}")
    return finess


def read_row(finess: str, cells: Mapping[str, str]) -> DirectoryRow:
    """Check the cells of this number's row, given by the names of the columns.

    Raises:
        DirectoryRowRefusedError: the first fault found.

    """
    texts = {name: _read_text(name, text) for name, text in cells.items() if name != "iban"}
    name = texts["name"]
    if name is None:
        raise DirectoryRowRefusedError("no name")
    contact = {column: texts[column] for column in OPTIONAL_COLUMNS if column in texts}
    if email := contact.get("email"):
        contact["email"] = _read_email(email)
    return DirectoryRow(finess, name, _read_iban_suffix(cells["iban"]), contact)


def merge_row(row: DirectoryRow, known: Practitioner | None, iban_keys: SecretKeys) -> Practitioner:
    """Return what is kept from now on; columns that the list does not have stay as they are."""
    digest = make_suffix_digest(iban_keys, row.finess, row.iban_suffix) if row.iban_suffix else None
    return replace(
        known or Practitioner(finess=row.finess, name=row.name),
        name=row.name,
        iban_digest=digest.digest if digest else None,
        iban_key_version=digest.key_version if digest else None,
        closed_at=None,
        **row.contact,
    )


def list_changes(known: Practitioner, merged: Practitioner) -> list[str]:
    """Return the names of what changed, sorted: `iban` for its digest, `reopened`, or a column."""
    fields = Practitioner.__dataclass_fields__
    changed = {name for name in fields if getattr(known, name) != getattr(merged, name)}
    names = changed - _IBAN_FIELDS - {"closed_at"}
    if changed & _IBAN_FIELDS:
        names.add("iban")
    if "closed_at" in changed:
        names.add("reopened")
    return sorted(names)


def _read_iban_suffix(cell: str) -> str | None:
    if not cell:
        return None
    if not is_valid_iban(cell):
        raise DirectoryRowRefusedError("the IBAN's checksum is wrong, or it is no IBAN")
    return normalize_suffix(cell)


def _read_email(cell: str) -> str:
    email = parse_email(cell)
    if email is None:
        raise DirectoryRowRefusedError("the e-mail address is not valid")
    return email


def _read_text(column: str, cell: str) -> str | None:
    """Return a cell in composed form with single spaces, None where it is empty."""
    text = " ".join(normalize("NFC", cell).split())
    if len(text) > _MAX_TEXT_LENGTH:
        raise DirectoryRowRefusedError(f"{column} is longer than {_MAX_TEXT_LENGTH} characters")
    if not text.isprintable() and any(category(character) == "Cc" for character in text):
        raise DirectoryRowRefusedError(f"{column} has control characters")
    return text or None
