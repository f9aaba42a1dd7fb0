"""Pages of bad news say the fact, what is kept, and what to do next."""

import pytest

from tests.unit.pages.reading import PAGES, read_page

SAID = {
    "error-503": [
        "Une partie de ce service ne répond pas.",
        "Votre compte est intact",
        "Revenez à la page précédente et réessayez dans 30 secondes.",
    ],
    "error-429": ["elle vise votre réseau, pas votre compte.", "Réessayez dans 30 minutes."],
    "error-500": ["L’erreur vient de nous, pas de vous.", "réessayez", "appelez-nous"],
    "link-activation-used": ["Un lien ne sert qu’une fois.", "essayez de vous connecter."],
    "link-email_undo-used": ["le compte suspendu.", "pour le rouvrir avec vous."],
    "link-reset-used": ["Un lien ne sert qu’une fois.", "Recommencez la demande"],
}


@pytest.mark.parametrize("name", SAID)
def test_bad_news_is_whole(name: str) -> None:
    """A receptionist knows from the page alone what happened, and what to do."""
    text = read_page(PAGES[name]).text.replace("\u00a0", " ")
    assert [words for words in SAID[name] if words not in text] == []
