"""The shipped list of common passwords."""

from idp.accounts.common_passwords import fold_text, load_common_passwords


def test_list_is_folded() -> None:
    """Every word of the list is what folding makes of it, so that it can be met."""
    assert [word for word in load_common_passwords() if fold_text(word) != word] == []


def test_list_holds_thousands_of_words() -> None:
    """Words, keyboard walks, months, towns, first names, health and firefighting are all there."""
    listed = load_common_passwords()
    assert len(listed) > 4000
    sample = "azerty qwerty motdepasse janvier hiver gironde toulouse stephanie ambulancier caserne"
    assert set(sample.split()) <= listed
