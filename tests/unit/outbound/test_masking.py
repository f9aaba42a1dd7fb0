"""No log line names a practitioner."""

import pytest

from idp.outbound.masking import mask, mask_all


@pytest.mark.parametrize(
    "text, masked",
    [
        ("990000010", "99*****10"),
        ("2A0000012", "2A*****12"),
        ("2b0000012", "2b*****12"),
        ("for 990000010.", "for 99*****10."),
        ("finess=990000010&x=990000028", "finess=99*****10&x=99*****28"),
        ("990000010\n", "99*****10\n"),
    ],
)
def test_finess_is_masked(text: str, masked: str) -> None:
    """Two characters at each end are left, so that two lines can be matched on the phone."""
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["1234567890", "12345678", "a990000010", "9f2c990000010e1"])
def test_other_numbers_are_left(text: str) -> None:
    """Ids and longer numbers stay whole."""
    assert mask(text) == text


@pytest.mark.parametrize(
    "text, masked",
    [
        ("camille.fontaine@orange.fr", "c***@orange.fr"),
        ("to <camille@orange.fr>, b@x.fr", "to <c***@orange.fr>, b***@x.fr"),
        ("hélène@exemple.fr", "h***@exemple.fr"),
        ("990000010@exemple.fr", "9***@exemple.fr"),
    ],
)
def test_address_is_masked(text: str, masked: str) -> None:
    """One character and the domain are left of an address."""
    assert mask(text) == masked


def test_masking_reaches_every_depth() -> None:
    """Mappings, lists and objects are masked inside; numbers and None are left alone."""
    value = {
        "a": ["990000010", {"b": ("x@y.fr",)}],
        "n": 5,
        "none": None,
        "e": ValueError("x@y.fr"),
    }
    assert mask_all(value) == {
        "a": ["99*****10", {"b": ["x***@y.fr"]}],
        "n": 5,
        "none": None,
        "e": "x***@y.fr",
    }
