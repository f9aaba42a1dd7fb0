"""The insurer's list as tests write it: made-up practitioners with right check digits."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from stdnum import iban as iban_numbers
from stdnum import luhn

HEADER = ("finess", "name", "iban")


def make_finess(number: int) -> str:
    """Return a FINESS number with a right Luhn key."""
    digits = f"{75_000_000 + number:08d}"
    return digits + luhn.calc_check_digit(digits)


def make_iban(number: int) -> str:
    """Return a French IBAN whose key and check digits are right."""
    bank, desk, account = "99999", "00001", f"{number:011d}"
    key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    basic = f"{bank}{desk}{account}{key:02}"
    return f"FR{iban_numbers.calc_check_digits(f'FR00{basic}')}{basic}"


def make_row(number: int, **cells: str) -> dict[str, str]:
    """Return the cells of a good row; others by their columns' names."""
    row = {"finess": make_finess(number), "name": f"Cabinet {number}", "iban": make_iban(number)}
    return {**row, **cells}


def write_list(
    file: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    columns: Sequence[str] = HEADER,
    delimiter: str = ";",
    encoding: str = "utf-8",
) -> Path:
    """Write rows under a header and return the file."""
    lines = [delimiter.join(columns)]
    lines += [delimiter.join(row.get(column, "") for column in columns) for row in rows]
    file.write_text("\r\n".join(lines) + "\r\n", encoding=encoding)
    return file
