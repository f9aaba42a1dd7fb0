"""Examples: links of mails, Mot de passe oublié, Mettre à jour mon compte."""

from idp.accounts import wording
from idp.web import wording as page_wording
from idp.web.gallery.entrance import ACCOUNT_ERRORS, WRONG_PAIR
from idp.web.gallery.samples import EMAIL, FINESS, GalleryPage, SampleForm

_REASONS = {
    "expired": "expiré",
    "used": "déjà utilisé",
    "replaced": "remplacé",
    "unknown": "inconnu",
}


def list_link_pages() -> list[GalleryPage]:
    """Activation, and every mail link that no longer serves."""
    login_url = "https://www.mnspf.fr/professionnels/connexion"
    activation_done = {"login_url": login_url}
    return [
        GalleryPage(
            "activation", "Activation", "pages/activation.html", {"ticket": "sample-ticket"}
        ),
        GalleryPage(
            "activation-done", "Compte activé", "pages/activation_done.html", activation_done
        ),
        *(
            GalleryPage(
                f"link-{purpose}-{reason}",
                f"Lien {word} ({purpose_word})",
                "pages/link_dead.html",
                {"purpose": purpose, "reason": reason},
            )
            for purpose, purpose_word in (
                ("activation", "activation"),
                ("reset", "réinitialisation"),
                ("email_change", "changement d’adresse"),
                ("email_undo", "annulation"),
            )
            for reason, word in _REASONS.items()
        ),
        GalleryPage(
            "link-reset-codes",
            "Trop de codes erronés",
            "pages/link_dead.html",
            {"purpose": "reset", "reason": "codes"},
        ),
    ]


def list_reset_pages() -> list[GalleryPage]:
    """Mot de passe oublié, from the question to the end."""
    ask, code = "pages/reset_request.html", "pages/reset_code.html"
    password = "pages/reset_password.html"  # noqa: S105 (a template's name)
    empty = SampleForm({"email": "martin@orange"}, {"email": [wording.EMAIL_SHAPE]})
    wrong = SampleForm(
        {"finess": FINESS},
        {"form": [f"{page_wording.WRONG_CODE} {page_wording.count_tries(2)}"]},
    )
    too_common = SampleForm({}, {"password": [wording.PASSWORD_VIOLATIONS["common"]]})
    ticket = {"ticket": "sample-ticket"}
    proved = {**ticket, "finess": FINESS}
    return [
        GalleryPage("reset", "Mot de passe oublié", ask, {"form": SampleForm()}),
        GalleryPage("reset-errors", "Mot de passe oublié, à corriger", ask, {"form": empty}),
        GalleryPage("reset-sent", "Mot de passe oublié, mail envoyé", "pages/reset_sent.html", {}),
        GalleryPage("reset-code", "Réinitialisation, code", code, {**ticket, "form": SampleForm()}),
        GalleryPage(
            "reset-code-wrong", "Réinitialisation, code erroné", code, {**ticket, "form": wrong}
        ),
        GalleryPage(
            "reset-password",
            "Réinitialisation, nouveau mot de passe",
            password,
            {**proved, "form": SampleForm()},
        ),
        GalleryPage(
            "reset-password-errors",
            "Réinitialisation, mot de passe refusé",
            password,
            {**proved, "form": too_common},
        ),
        GalleryPage("reset-done", "Mot de passe réinitialisé", "pages/reset_done.html", {}),
    ]


def list_update_pages() -> list[GalleryPage]:
    """Mettre à jour mon compte, for accounts without an e-mail address."""
    proof, account = "pages/update_proof.html", "pages/update_account.html"
    wrong = SampleForm({"finess": FINESS, "iban_suffix": "02606"}, {"form": [WRONG_PAIR]})
    faulty = SampleForm({"email": "martin", "email_confirmation": EMAIL}, ACCOUNT_ERRORS)
    proved = {"finess": FINESS, "proof": "sample-proof", "asks_email": True}
    return [
        GalleryPage("update", "Mise à jour, étape 1", proof, {"form": SampleForm()}),
        GalleryPage("update-wrong", "Mise à jour, étape 1 refusée", proof, {"form": wrong}),
        GalleryPage(
            "update-account", "Mise à jour, étape 2", account, {**proved, "form": SampleForm()}
        ),
        GalleryPage(
            "update-account-errors",
            "Mise à jour, étape 2 à corriger",
            account,
            {**proved, "form": faulty},
        ),
    ]
