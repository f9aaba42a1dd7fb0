"""What a log may say of a practitioner: a FINESS number and an address with their middle hidden."""

import re
from collections.abc import Mapping

# Nine characters, as typed in one word; 2A and 2B are the two departments of Corsica.
_FINESS = re.compile(r"(?<![0-9A-Za-z])(\d{2}|2[ABab])\d{5}(\d{2})(?![0-9A-Za-z])")
_EMAIL = re.compile(r"([^\s@<>\"',;:()\[\]])[^\s@<>\"',;:()\[\]]*@([^\s@<>\"',;:()\[\]]+)")


def mask(text: str) -> str:
    """Hide the FINESS numbers (13*****21) and e-mail addresses (m***@orange.fr) in a text."""
    return _EMAIL.sub(r"\1***@\2", _FINESS.sub(r"\1*****\2", text))


def mask_all(value: object) -> object:
    """Mask every text in a value made of mappings, lists and plain values."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: mask_all(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [mask_all(part) for part in value]
    return value if isinstance(value, int | float | bool | None) else mask(str(value))
