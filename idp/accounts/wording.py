"""Every French sentence of the accounts room: plain text, real typography, no markup.

Pages and mails have their wording in their templates; these are the sentences that name a fault.
"""

from collections.abc import Sequence

FINESS_SLIPS = {
    "missing_key": "Un numéro FINESS comporte neuf caractères : il semble manquer le dernier.",
    "wrong_key": (
        "Ce numéro FINESS paraît inexact : vérifiez votre saisie. "
        "Un numéro AM ou ADELI n’est pas un numéro FINESS."
    ),
    "letter_for_digit": "Une lettre semble avoir été saisie à la place d’un chiffre.",
    "rpps": "Ce numéro ressemble à un numéro RPPS (11 chiffres). Saisissez votre numéro FINESS.",
    "siret": "Ce numéro ressemble à un numéro SIRET (14 chiffres). Saisissez votre numéro FINESS.",
    "social_security": (
        "Ce numéro ressemble à un numéro de sécurité sociale. Saisissez votre numéro FINESS."
    ),
    "phone": "Ce numéro ressemble à un numéro de téléphone. Saisissez votre numéro FINESS.",
    "iban": "Ceci ressemble à un IBAN. Saisissez ici votre numéro FINESS.",
}

FINESS_MISSING = "Saisissez votre numéro FINESS."
FINESS_SHAPE = "Un numéro FINESS comporte neuf caractères, par exemple 75 000 001 8."
SUFFIX_MISSING = "Saisissez les cinq derniers caractères de votre IBAN."
SUFFIX_SHAPE = "Saisissez exactement cinq caractères, ou collez l’IBAN entier."
CODE_SHAPE = "Le code de vérification comporte six chiffres."

EMAIL_MISSING = "Saisissez votre adresse mail."
EMAIL_SHAPE = "Cette adresse mail n’est pas valable. Exemple : nom@domaine.fr"
EMAIL_DIFFERENT = "Les deux adresses mail sont différentes."
EMAIL_UNCHANGED = "Cette adresse est déjà celle de votre compte."

PASSWORD_MISSING = "Saisissez votre mot de passe."  # noqa: S105 - a sentence
NEW_PASSWORD_MISSING = "Choisissez un mot de passe."  # noqa: S105 - a sentence
PASSWORD_DIFFERENT = "Les deux mots de passe sont différents."  # noqa: S105 - a sentence
PASSWORD_LACKS = "Le mot de passe doit comporter au moins {parts}."  # noqa: S105 - a sentence
PASSWORD_PARTS = {
    "too_short": "{min_length} caractères",
    "no_upper": "une majuscule",
    "no_lower": "une minuscule",
    "no_digit": "un chiffre",
    "no_special": "un caractère spécial",
}
PASSWORD_VIOLATIONS = {
    "too_long": "Le mot de passe doit comporter au plus {max_length} caractères.",
    "unprintable": "Le mot de passe contient un caractère invisible, qu’un clavier ne tape pas.",
    "finess": "Le mot de passe ne doit pas reprendre votre numéro FINESS.",
    "email": "Le mot de passe ne doit pas reprendre votre adresse mail.",
    "name": "Le mot de passe ne doit pas reprendre votre nom.",
    "common": ("Le mot de passe est trop courant : un mot connu suivi de chiffres se devine vite."),
}

ALARMS = {
    "strangers": "Un compte a reçu de très nombreux essais de connexion, tous infructueux.",
    "network": "Un réseau a épuisé le nombre d’échecs qui lui est permis.",
    "logins": "Les échecs de connexion, tous réseaux réunis, dépassent leur niveau habituel.",
    "proofs": "Les échecs de preuve par IBAN, tous réseaux réunis, dépassent leur niveau habituel.",
    "email_undone": "Un titulaire a annulé un changement d’adresse : son compte est suspendu.",
}


def join_words(words: Sequence[str]) -> str:
    """Join words as a sentence lists them: « une majuscule, un chiffre et une minuscule »."""
    return " et ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
