"""What a password must be: the customer's rules, all broken ones found at once.

Length is counted in Unicode code points after NFC. Accents count as letters; any other printable
character, the space included, is special. What is refused besides is what attackers try first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category, normalize

from idp.accounts import wording
from idp.accounts.common_passwords import fold_text, fold_variants, is_common

_MAX_NORMALIZED_LENGTH = 1000
_MIN_WORD_LENGTH = 3
_MIN_REST_LENGTH = 4
_CLASSES = ("upper", "lower", "digit", "special")
_CLASS_BY_CATEGORY = {"Lu": "upper", "Lt": "upper", "Ll": "lower", "Nd": "digit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """Lengths in code points; `requires_classes` asks for a capital, a small letter and so on."""

    min_length: int
    max_length: int
    requires_classes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose password it is: what must not be part of it."""

    finess: str
    email: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong: its code for programs, its sentence for people."""

    code: str
    text: str


def normalize_password(typed: str) -> str:
    """Return the password in NFC; spaces are kept. Text far past any limit is left as it is."""
    text = typed.encode("utf-8", "replace").decode()
    return text if len(text) > _MAX_NORMALIZED_LENGTH else normalize("NFC", text)


def is_too_long(password: str, rules: PasswordRules) -> bool:
    """Say whether it is past the limit: then it is refused before any look-up or hashing."""
    return len(password) > rules.max_length


def find_violations(
    password: str, rules: PasswordRules, owner: Owner | None = None
) -> tuple[Violation, ...]:
    """Return what is wrong with a normalized password: all that it lacks is one fault."""
    codes = find_broken_rules(password, rules, owner)
    lengths = {"min_length": rules.min_length, "max_length": rules.max_length}
    parts = [part for code, part in wording.PASSWORD_PARTS.items() if code in codes]
    lacks = wording.PASSWORD_LACKS.format(parts=wording.join_words(parts)).format_map(lengths)
    others = [
        Violation(code, sentence.format_map(lengths))
        for code, sentence in wording.PASSWORD_VIOLATIONS.items()
        if code in codes
    ]
    return (*([Violation("lacks", lacks)] if parts else ()), *others)


def find_broken_rules(
    password: str, rules: PasswordRules, owner: Owner | None = None
) -> tuple[str, ...]:
    """Return the code of every rule that a normalized password breaks, in the page's order."""
    codes = tuple(_find_shape_faults(password, rules))
    if is_too_long(password, rules):
        return codes
    return (*codes, *_find_guessable_parts(password, owner))


def _find_shape_faults(password: str, rules: PasswordRules) -> Iterator[str]:
    if len(password) < rules.min_length:
        yield "too_short"
    if is_too_long(password, rules):
        yield "too_long"
        return
    classes = {_classify(character) for character in password}
    if rules.requires_classes:
        yield from (f"no_{name}" for name in _CLASSES if name not in classes)
    if "unprintable" in classes:
        yield "unprintable"


def _classify(character: str) -> str:
    """Return the class of a character; other letters and loose accents belong to none."""
    kind = category(character)
    if kind in {"Cc", "Cs", "Cn", "Zl", "Zp"}:
        return "unprintable"
    return _CLASS_BY_CATEGORY.get(kind) or ("special" if kind[0] in "PSZN" else "letter")


def _find_guessable_parts(password: str, owner: Owner | None) -> Iterator[str]:
    if owner:
        if owner.finess.lower() in fold_text(password):
            yield "finess"
        if _is_made_of(password, (owner.email.rpartition("@")[0],)):
            yield "email"
        if _is_made_of(password, owner.names):
            yield "name"
    if is_common(password):
        yield "common"


def _is_made_of(password: str, texts: tuple[str, ...]) -> bool:
    """Say whether hardly anything is left of the password once these words are taken out."""
    words = {fold_text(word) for text in texts for word in (text, *_split_words(text))}
    longest_first = sorted((w for w in words if len(w) >= _MIN_WORD_LENGTH), key=len, reverse=True)
    return any(_is_left_bare(variant, longest_first) for variant in fold_variants(password))


def _is_left_bare(folded: str, words: list[str]) -> bool:
    rest = folded
    for word in words:
        rest = rest.replace(word, "")
    letters = [character for character in rest if character.isalpha()]
    return rest != folded and len(letters) < _MIN_REST_LENGTH


def _split_words(text: str) -> list[str]:
    return "".join(c if c.isalpha() else " " for c in text).split()
