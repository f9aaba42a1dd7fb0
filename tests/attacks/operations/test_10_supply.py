"""Attack case C119: what is committed holds no secret."""

import re

import pytest

from tests.test_project_files import committed_files, matches

# Written with a class of one letter each, so that this file does not match itself.
SHAPES = {
    "private key": r"BEGIN [A-Z ]*PRIVATE KE[Y]",
    "cloud key": r"\b(AKI[A]|ASI[A])[0-9A-Z]{16}\b",
    "forge token": r"\b(gh[opsu]_|glpat-|github_pat_)[0-9A-Za-z_-]{20,}",
    "chat token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "signed token": r"\beyJ[0-9A-Za-z_-]{20,}\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}",
    "sealed value": r"\bgAAAAA[0-9A-Za-z_-]{40,}",
    "password hash": r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[0-9A-Za-z+/]{16,}\$[0-9A-Za-z+/]{32,}",
    "address with password": r"\b(postgresql|redis|https?)(\+\w+)?://[^\s:/@{}]+:[^\s:/@{}]+@",
}
MADE_UP = ("example", "user:password@", "canary", "test")


@pytest.mark.parametrize("shape", SHAPES)
def test_c119_no_secret_is_committed(shape: str) -> None:
    """C119: nothing of the shape of a secret, but for those that say they are made up."""
    found = matches(re.compile(SHAPES[shape]), committed_files())
    assert [line for line in found if not any(word in line for word in MADE_UP)] == []
