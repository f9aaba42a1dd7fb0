"""Sentences that views put on forms: plain text, real typography, no markup.

What names a fault of a field stands in `idp.accounts.wording`, the rest in each page's template.
"""

FORM_EXPIRED = (
    "Cette page était restée ouverte trop longtemps, ou votre navigateur refuse les cookies. "
    "Vérifiez votre saisie et validez."
)
NOT_NOW = "Votre demande n’a pas abouti"
SERVICE_BUSY = "Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes."
NETWORK_REFUSED = (
    "Trop d’essais ont échoué depuis votre réseau. Par sécurité, nous faisons une pause\u00a0: "
    "réessayez dans {duration}."
)
TOO_MANY_MAILS = (
    "Plusieurs mails ont déjà été envoyés\u00a0: ouvrez le dernier reçu, ou réessayez dans "
    "{duration}."
)

WRONG_CREDENTIALS = "Numéro FINESS ou mot de passe incorrect."
WRONG_CURRENT_PASSWORD = "Ce n’est pas votre mot de passe actuel."  # noqa: S105 - a sentence
WRONG_PAIR = (
    "Le numéro FINESS et les 5\u00a0caractères ne correspondent pas. Vérifiez votre saisie, ou "
    "contactez-nous si vous n’avez pas communiqué votre RIB."
)
PROOF_LOST = "L’étape\u00a01 date de trop longtemps ou a déjà servi. Recommencez-la ici."
WRONG_CODE = "Le numéro FINESS ou le code de vérification est incorrect."


def count_tries(tries_left: int) -> str:
    """Say how many tries are left."""
    plural = "s" if tries_left > 1 else ""
    return f"Il vous reste {tries_left}\u00a0tentative{plural}."
