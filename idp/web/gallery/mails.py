"""Examples: every mail of templates/mails/."""

from idp.accounts import wording
from idp.web.gallery.samples import EMAIL, GalleryPage

_FINESS = {"finess": "750001232"}
_AT = {"at": "2026-03-02T13:32:00+00:00"}
_UNTIL = {"blocked_until": "2026-03-02T15:32:00+00:00"}
_NEW = {"new_email": EMAIL}
_ALARM = {"what": wording.ALARMS["proofs"]}
_CODE = {"code": "482915"}


def _link(path: str) -> dict[str, str]:
    token = "pQ7sT2vX9zB4nM6kJ8hG3fD5sA1wE0rY"  # noqa: S105 (a sample)
    return {"link": f"https://connexion.mnspf.fr/{path}?token={token}"}


def list_mails() -> list[GalleryPage]:
    """Every mail, with the parameters its template documents."""
    return [
        _show("activation", "Activation", _link("activation")),
        _show("account_activated", "Compte activé", _FINESS),
        _show("already_has_account", "Inscription d’un compte existant", _FINESS | _AT),
        _show("account_created_notice", "Avis à l’adresse de l’annuaire", _FINESS | _AT),
        _show("reset", "Réinitialisation", _link("reinitialisation") | _CODE),
        _show("password_changed", "Mot de passe changé", _FINESS | _AT),
        _show("account_blocked", "Accès bloqué", _FINESS | _AT | _UNTIL),
        _show(
            "email_change_confirm",
            "Nouvelle adresse à confirmer",
            _link("compte/email/confirmation"),
        ),
        _show("email_change_notice", "Changement d’adresse demandé", _FINESS | _AT | _NEW),
        _show(
            "email_changed_undo",
            "Adresse changée, avec annulation",
            _FINESS | _AT | _NEW | _link("compte/email/annulation"),
        ),
        _show("email_set_notice", "Adresse remplacée par l’assistance", _FINESS | _AT | _NEW),
        _show("update_warning", "Mise à jour d’un compte qui a une adresse", _FINESS | _AT),
        _show("account_reclaimed", "Compte fermé", _FINESS | _AT),
        _show("alarm", "Alerte aux administrateurs", _ALARM | _AT),
    ]


def _show(name: str, title: str, parameters: dict[str, str]) -> GalleryPage:
    return GalleryPage(name, title, f"mails/{name}", dict(parameters))
