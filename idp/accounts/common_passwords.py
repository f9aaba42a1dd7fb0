"""Passwords that many people choose, from a shipped list: words, and how they are disguised.

`Docteur75!`, `Pharmacie1*` and `M0tDeP@sse` are the words "docteur", "pharmacie" and "motdepasse"
to a guessing program. So both are folded alike: case, accents, separators, letters written as
digits or signs, and trailing digits or punctuation.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from unicodedata import normalize

_SIGNS = str.maketrans("@4$5€307+8", "aasseeottb")
_ONE_AS_I = str.maketrans("1!|", "iii")
_ONE_AS_L = str.maketrans("1!|9", "lllg")
_MIN_WORD_LENGTH = 3


def is_common(password: str) -> bool:
    """Say whether a password is a listed word in disguise, or one unit repeated."""
    return any(
        word in load_common_passwords() or _is_repetition(word)
        for word in fold_variants(password)
        if len(word) >= _MIN_WORD_LENGTH
    )


def fold_text(text: str) -> str:
    """Return letters and digits alone, without case and accents; "œ" and "ß" are two letters."""
    plain = normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in plain if character.isalnum())


def fold_variants(password: str) -> frozenset[str]:
    """Return the words that a password may stand for."""
    return frozenset(
        fold_text(stem.translate(signs))
        for stem in _cut_tails(password.casefold())
        for signs in ({}, _SIGNS | _ONE_AS_I, _SIGNS | _ONE_AS_L)
    )


def _cut_tails(text: str) -> Iterator[str]:
    """Give the text, and what is left of it as its final digits and signs go one by one."""
    yield text
    while text and not text[-1].isalpha():
        text = text[:-1]
        yield text
        yield text.lstrip("0123456789.,;:!?*+-_/#&@$€%()[]{}'\" ")


def _is_repetition(word: str) -> bool:
    """Say whether it is one character, or a listed word, written several times."""
    period = (word + word).find(word, 1)
    unit = word[:period]
    return period < len(word) and (period == 1 or unit in load_common_passwords())


@cache
def load_common_passwords() -> frozenset[str]:
    """Return the shipped list, read when it is first needed; its comments begin with "#"."""
    text = files("idp.accounts").joinpath("common_passwords.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
