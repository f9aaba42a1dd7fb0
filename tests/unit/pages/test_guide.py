"""Each sentence of the practitioner's guide stands on its page."""

import re

import pytest

from tests.unit.pages.reading import GALLERY, MAILS, PAGES, read_page

SENTENCES = [
    ("login", "Espace personnel / Professionnel de Santé"),
    (
        "login",
        (
            "Avant de vous connecter, vous devez vous inscrire (Première connexion) afin de créer "
            "et activer votre compte."
        ),
    ),
    ("login", "Vérifiez l’adresse affichée par votre navigateur : connexion.mnspf.fr"),
    ("login", "Une question ? 05 62 13 20 20 contact@mnspf.fr"),
    ("login", "La mutuelle nationale des sapeurs-pompiers de France"),
    ("login-failed", "Il vous reste 2 tentatives"),
    ("login-last", "Il vous reste 1 tentative avant"),
    ("login-blocked", "bloqué jusqu’à 16 h 42"),
    ("proof", "Si vous ne nous avez pas communiqué votre RIB, veuillez nous contacter"),
    ("proof", "pec@mnspf.fr"),
    (
        "check-mail",
        (
            "Si vous n’avez pas reçu de message, vérifiez les courriers indésirables (spams) de "
            "votre messagerie."
        ),
    ),
    ("activation-done", "Votre compte est activé !"),
    (
        "activation-done",
        (
            "Cliquez sur le bouton Connexion et saisissez vos identifiants (numéro FINESS et mot "
            "de passe) dans le formulaire de connexion."
        ),
    ),
    ("reset", "Pour réinitialiser votre mot de passe, vous devez posséder un compte activé."),
    ("reset", "cliquez sur le bouton Mettre à jour mon compte afin de réinitialiser vos"),
    ("reset-code", "Renseignez votre numéro FINESS et le code de vérification reçu par mail."),
    ("reset-done", "Votre mot de passe a été réinitialisé !"),
    ("welcome", "Vous êtes désormais connecté à votre espace"),
    ("security-tips", "Méfiez-vous des faux messages et des sites frauduleux"),
]
COPY_ADVICE = (
    "Le lien ne fonctionne pas ? Cliquez droit sur celui-ci, sélectionnez « Copier l’adresse du "
    "lien » et collez-la dans un nouvel onglet de votre navigateur."
)


def flatten(text: str) -> str:
    """Return the text with single plain spaces, so that sentences compare."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name, sentence", SENTENCES)
def test_sentence_stands_on_its_page(name: str, sentence: str) -> None:
    """The guide's own words are used for its own things."""
    assert sentence in flatten(read_page(PAGES[name]).text)


def test_tips_leave_the_slip_out() -> None:
    """« Ne le communiquez jamais à un tiers » is of passwords: tip 2 repeats it by slip."""
    assert read_page(PAGES["security-tips"]).text.count("Ne le communiquez jamais à un tiers") == 1


@pytest.mark.parametrize("name", ["activation", "reset"])
def test_mails_say_how_to_copy_the_link(name: str) -> None:
    """Both link mails of the guide say how to copy the link."""
    assert COPY_ADVICE in flatten(GALLERY.draw_mail_text(MAILS[name]))
    assert COPY_ADVICE in flatten(GALLERY.draw_mail_html(MAILS[name]))
