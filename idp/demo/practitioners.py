"""Made-up practitioners: numbers whose check digits are right, and that belong to nobody.

No FINESS number begins with 99, and no French bank has the code 99999.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stdnum import iban as iban_numbers
from stdnum import luhn


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePractitioner:
    """A row of the demo's directory; `iban` is empty where none was communicated."""

    finess: str
    name: str
    iban: str
    email: str = ""
    given_name: str = ""
    family_name: str = ""
    phone_number: str = ""
    street_address: str = ""
    postal_code: str = ""
    locality: str = ""

    @property
    def iban_suffix(self) -> str:
        """The five characters that the registration page asks for."""
        return self.iban[-5:]


def list_practitioners() -> Sequence[SamplePractitioner]:
    """Return the demo's directory, the same each time."""
    return (
        SamplePractitioner(
            finess=_make_finess("99000001"),
            name="Pharmacie du Vieux-Port",
            iban=_make_iban("00000123456"),
            given_name="Camille",
            family_name="Fontaine",
            phone_number="+33536490001",
            street_address="12 quai des Exemples",
            postal_code="31000",
            locality="Toulouse",
        ),
        SamplePractitioner(
            finess=_make_finess("99000002"),
            name="Cabinet dentaire des Pins",
            iban=_make_iban("00000234567"),
            given_name="Hélène",
            family_name="d’Arçon",
            street_address="3 rue de l’Échantillon",
            postal_code="33000",
            locality="Bordeaux",
        ),
        SamplePractitioner(
            finess=_make_finess("99000003"),
            name="Laboratoire de la Dune",
            iban=_make_iban("00000345678"),
            email="labo.dune@exemple.fr",
            locality="Arcachon",
        ),
        SamplePractitioner(
            finess=_make_finess("99000004"),
            name="Optique Lafayette",
            iban=_make_iban("00000456789"),
        ),
        SamplePractitioner(
            finess=_make_finess("99000005"),
            name="Centre de soins Bel-Air",
            iban="",
        ),
    )


def write_directory(file: Path) -> None:
    """Write the practitioners as the CSV that `idp practitioners import` reads."""
    names = SamplePractitioner.__dataclass_fields__
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output, delimiter=";")
        writer.writerow(names)
        for practitioner in list_practitioners():
            writer.writerow([getattr(practitioner, name) for name in names])


def _make_finess(eight_digits: str) -> str:
    return eight_digits + luhn.calc_check_digit(eight_digits)


def _make_iban(account: str) -> str:
    """Return a French IBAN: both its own check digits and the account's key are right."""
    bank, desk = "99999", "00001"
    key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    number = f"{bank}{desk}{account}{key:02}"
    return f"FR{iban_numbers.calc_check_digits(f'FR00{number}')}{number}"
