"""What a password must be: C97, C99, C100."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.accounts.passwords import (
    Owner,
    PasswordRules,
    find_broken_rules,
    find_violations,
    is_too_long,
    normalize_password,
)

RULES = PasswordRules(min_length=8, max_length=25)
OWNER = Owner(
    finess="750000010",
    email="cabinet.lefort@orange.example",
    names=("Cabinet du Dr Camille Le Fort", "Camille", "Le Fort"),
)


def codes(password: str, owner: Owner | None = None, rules: PasswordRules = RULES) -> list[str]:
    """Return the codes of the rules that a typed password breaks."""
    return list(find_broken_rules(normalize_password(password), rules, owner))


@pytest.mark.parametrize(
    "length, broken", [(7, ["too_short"]), (8, []), (25, []), (26, ["too_long"])]
)
def test_c97_length_is_8_to_25(length: int, broken: list[str]) -> None:
    """C97: 8 and 25 characters are taken, 7 and 26 are not."""
    password = ("aB3!" + "xqzvjkwm" * 4)[:length]
    assert codes(password) == broken


def test_c97_length_is_counted_in_code_points_after_nfc() -> None:
    """C97: a letter typed as letter and accent counts once, and an emoji counts once."""
    assert codes(normalize("NFD", "Éàü") + "8!xq") == ["too_short"]
    assert codes("aB3!xq🚒") == ["too_short"]
    assert codes("aB3!xqz🚒") == []


@pytest.mark.parametrize(
    "password, broken",
    [
        ("ÉÀÜÔÏÇ1!", ["no_lower"]),
        ("éàüôïç1!", ["no_upper"]),
        ("ßßxqzv1!", ["no_upper"]),
        ("Éxqzvjk1", ["no_special"]),
        ("Éxqzvj !", ["no_digit"]),
        ("Éxqzv 1j", []),
        ("Éxqzv\u00a01j", []),
        ("Éxqzv€1j", []),
        ("Éxqzv²1j", []),
        ("Éxqzv1j漢", ["no_special"]),
    ],
)
def test_c99_classes_of_non_ascii_characters(password: str, broken: list[str]) -> None:
    """C99: accents count as letters; any other printable character, the space too, is special."""
    assert codes(password) == broken


def test_c99_spaces_at_both_ends_are_kept() -> None:
    """C99: leading and trailing spaces belong to the password."""
    assert normalize_password(" aB3xqzv ") == " aB3xqzv "


def test_all_broken_rules_are_listed_at_once() -> None:
    """One answer names every rule that is broken."""
    assert codes("é") == ["too_short", "no_upper", "no_digit", "no_special"]


def test_all_that_is_lacking_is_one_sentence() -> None:
    """One message per cause: the page need not say « doit comporter » five times."""
    (lacks,) = find_violations("é", RULES)
    parts = "8\u00a0caractères, une majuscule, un chiffre et un caractère spécial"
    assert lacks.text == f"Le mot de passe doit comporter au moins {parts}."
    assert [v.code for v in find_violations("azerty", RULES)] == ["lacks", "common"]


def test_control_characters_are_refused() -> None:
    """A character that nobody can type on purpose is named as such."""
    assert codes("aB3!xq\tzv") == ["unprintable"]


def test_classes_are_a_setting() -> None:
    """Without classes, length and guessability alone are asked."""
    rules = PasswordRules(min_length=8, max_length=64, requires_classes=False)
    assert codes("bateau nuage crayon tiroir", rules=rules) == []


@pytest.mark.parametrize(
    "password, code",
    [
        ("750000010aB!", "finess"),
        ("75 000 001 0 aB!", "finess"),
        ("Cabinet.Lefort1!", "email"),
        ("CabinetLefort75!", "email"),
        ("Camille2024!", "name"),
        ("C@m1lle_LeFort9", "name"),
        ("Le-Fort!75xx", "name"),
    ],
)
def test_c100_owner_s_own_words_are_refused(password: str, code: str) -> None:
    """C100: the FINESS number, the e-mail's local part and the name are refused."""
    assert code in codes(password, OWNER)


@pytest.mark.parametrize(
    "password",
    [
        "Docteur75!",
        "Pharmacie1*",
        "Pompier18!",
        "M0tDeP@sse",
        "P@ssw0rd2024",
        "Azerty123!",
        "AZERTY-uiop1",
        "Sapeur-Pompier18!",
        "SapeurPompier 2026",
        "Été2026!!!",
        "Marseille13!",
        "Stéphanie1974*",
        "1Docteur!75",
        "Toulouse 31!",
        "Infirmière*1",
        "Bienvenue1!",
        "Février2026!",
        "PompierPompier1!",
        "Aaaaaaaa1!",
        "Abcdefgh1!",
    ],
)
def test_c100_common_passwords_are_refused(password: str) -> None:
    """C100: case, accents, leet, separators and final digits or signs do not disguise a word."""
    assert codes(password) == ["common"]


@pytest.mark.parametrize(
    "password",
    [
        "Le chat dort 8 fois",
        "Vélo rouge, 3 freins",
        "Qx7!vbWz",
        "Dupont-Tracteur-Bleu9",
        "Marchand de sable 4!",
        "Camille et la mer 12",
    ],
)
def test_passphrases_are_taken(password: str) -> None:
    """A word among others is no reason to refuse a password."""
    assert codes(password, OWNER) == []


def test_c97_a_megabyte_is_too_long_at_once() -> None:
    """C97: a huge text is not even normalized, only found too long."""
    password = normalize_password("é" * 1_000_000)
    assert is_too_long(password, RULES)
    assert codes("é" * 1_000_000) == ["too_long"]


def test_sentences_state_the_lengths_of_the_settings() -> None:
    """The sentences hold real typography and no markup, with the lengths that apply."""
    texts = [violation.text for violation in find_violations("a" * 200, RULES, None)]
    assert texts == ["Le mot de passe doit comporter au plus 25\u00a0caractères."]


@given(st.text())
def test_normal_form_is_stable_and_encodable_for_any_text(typed: str) -> None:
    """Whatever is typed has one normal form, and that can be hashed."""
    password = normalize_password(typed)
    assert normalize_password(password) == password
    password.encode()


@given(st.text())
def test_composed_and_decomposed_text_are_one_password(typed: str) -> None:
    """A Mac's and a PC's way of typing an accent give the same password."""
    decomposed = normalize("NFD", typed)
    assert normalize_password(typed) == normalize_password(decomposed)


@given(st.text(max_size=200))
def test_every_text_is_judged(typed: str) -> None:
    """No text makes the judgment fail, and each broken rule has a sentence."""
    assert all(v.text for v in find_violations(normalize_password(typed), RULES, OWNER))
