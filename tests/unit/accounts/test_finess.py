"""FINESS numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.accounts.finess import SlipKind, describe_slip, has_right_key, normalize_finess

SEPARATORS = st.text(" .\u00a0\u202f\u200b-\t", max_size=3)


@pytest.mark.parametrize(
    "typed",
    [
        "750000010",
        " 75 000 001 0 ",
        "75.000.001.0",
        "75\u00a0000\u202f0010",
        "75\uff10\uff10000\uff110",
    ],
)
def test_separators_and_full_width_digits_are_forgiven(typed: str) -> None:
    """Spaces, dots, no-break spaces and full-width digits are ignored or read."""
    assert normalize_finess(typed) == "750000010"


@pytest.mark.parametrize("typed", ["2a0000018", "2A 000 001 8", "2b0000017"])
def test_corsican_numbers_are_upper_cased(typed: str) -> None:
    """Corsican numbers begin with 2A or 2B, whichever case was typed."""
    assert normalize_finess(typed) in {"2A0000018", "2B0000017"}


@pytest.mark.parametrize("typed", ["", "75000001", "7500000100", "75000001é", "75000001/0" * 30])
def test_other_shapes_are_no_number(typed: str) -> None:
    """Anything but nine letters and digits is no FINESS number."""
    assert normalize_finess(typed) is None


@given(st.from_regex(r"[0-9A-Z]{9}", fullmatch=True), st.data())
def test_separators_anywhere_change_nothing(finess: str, data: st.DataObject) -> None:
    """A number with separators between its characters is the same number."""
    typed = "".join(character + data.draw(SEPARATORS) for character in finess)
    assert normalize_finess(typed) == finess


@given(st.text())
def test_normal_form_is_stable_for_any_text(typed: str) -> None:
    """Whatever is typed, a normal form is nine ASCII characters and its own normal form."""
    finess = normalize_finess(typed)
    assert finess is None or (len(finess) == 9 and finess.isascii())
    assert finess is None or normalize_finess(finess) == finess


@pytest.mark.parametrize(
    "finess, is_right", [("750000010", True), ("750000011", False), ("2A0000018", True)]
)
def test_luhn_key(finess: str, *, is_right: bool) -> None:
    """All-digit numbers carry a Luhn key; numbers with a letter are not judged."""
    assert has_right_key(finess) is is_right


@pytest.mark.parametrize(
    "typed, kind, proposal",
    [
        ("75000001", SlipKind.MISSING_KEY, "750000010"),
        ("2A000001", SlipKind.MISSING_KEY, None),
        ("750000011", SlipKind.WRONG_KEY, None),
        ("75OOOOO1O", SlipKind.LETTER_FOR_DIGIT, "750000010"),
        ("10003456789", SlipKind.RPPS, None),
        ("123 456 789 00012", SlipKind.SIRET, None),
        ("1 85 12 75 123 456 78", SlipKind.SOCIAL_SECURITY, None),
        ("05 62 13 20 20", SlipKind.PHONE, None),
        ("FR76 3000 6000 0112 3456 7890 189", SlipKind.IBAN, None),
    ],
)
def test_slip_is_named(typed: str, kind: SlipKind, proposal: str | None) -> None:
    """Eight digits propose the ninth; a likely slip or another kind of number is named."""
    slip = describe_slip(typed)
    assert slip
    assert (slip.kind, slip.proposal) == (kind, proposal)


def test_wrong_key_names_the_am_number() -> None:
    """AM and ADELI numbers have nine digits too: the hint about a wrong key names them."""
    slip = describe_slip("750000011")
    assert slip
    assert "AM" in slip.text


@pytest.mark.parametrize("typed", ["750000010", "2A0000018", "", "bonjour"])
def test_nothing_is_said_of_what_looks_well(typed: str) -> None:
    """A right number, and what resembles nothing, get no hint."""
    assert describe_slip(typed) is None
