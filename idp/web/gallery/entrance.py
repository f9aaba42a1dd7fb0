"""Examples: Connexion and Inscription."""

from idp.accounts import wording
from idp.web import wording as page_wording
from idp.web.gallery.samples import EMAIL, FINESS, GalleryPage, SampleForm

WRONG_PAIR = f"{page_wording.WRONG_PAIR} {page_wording.count_tries(2)}"
ACCOUNT_ERRORS = {
    "email": [wording.EMAIL_SHAPE],
    "password": [wording.PASSWORD_LACKS.format(parts="une majuscule et un caractère spécial")],
    "password_confirmation": [wording.PASSWORD_DIFFERENT],
}


def list_login_pages() -> list[GalleryPage]:
    """The login page in every state, and the page of a blocked number."""
    typed = {"finess": FINESS}

    def show(name: str, title: str, state: str, **more: object) -> GalleryPage:
        context = {"form": SampleForm(), "state": state, "tries_left": 3, "suite": "", **more}
        return GalleryPage(name, title, "pages/login.html", context)

    failed = SampleForm(typed, {"form": [page_wording.WRONG_CREDENTIALS]})
    empty = SampleForm(
        {"shared_computer": "on"},
        {
            "finess": [wording.FINESS_MISSING],
            "password": [wording.PASSWORD_MISSING],
        },
    )
    busy = SampleForm(typed, {"form": [page_wording.SERVICE_BUSY]}, heading=page_wording.NOT_NOW)
    blocked = {"blocked_until": "16\u00a0h\u00a042"}
    return [
        show("login", "Connexion", "fresh"),
        show("login-no-site", "Connexion, sans site qui attend", "fresh", site=None),
        show(
            "login-failed", "Connexion, identifiants erronés", "failed", form=failed, tries_left=2
        ),
        show("login-last", "Connexion, dernière tentative", "failed", form=failed, tries_left=1),
        show("login-empty", "Connexion, champs vides", "fresh", form=empty),
        show("login-busy", "Connexion, affluence", "fresh", form=busy),
        show("login-session", "Connexion, session expirée", "session_expired"),
        show("login-old", "Connexion, demande de plus de 24 heures", "request_expired", site=None),
        show("login-form", "Connexion, formulaire expiré", "form_expired", form=SampleForm(typed)),
        GalleryPage(
            "login-blocked", "Connexion, accès bloqué", "pages/login_blocked.html", blocked
        ),
    ]


def list_registration_pages() -> list[GalleryPage]:
    """Inscription from step 1 to « Consultez votre boîte mail »."""
    pair = {"finess": FINESS, "iban_suffix": "02606"}
    proof = "pages/registration_proof.html"
    account = "pages/registration_account.html"
    hint = {"finess": [wording.FINESS_SLIPS["wrong_key"]]}
    proved = {"finess": FINESS, "proof": "sample-proof", "asks_email": True, "form": SampleForm()}
    wrong = SampleForm(pair, {"form": [WRONG_PAIR]}, hint)
    empty_errors = {
        "finess": [wording.FINESS_MISSING],
        "iban_suffix": [wording.SUFFIX_MISSING],
    }
    meant = f"{wording.FINESS_SLIPS['missing_key']} Vouliez-vous dire {FINESS}\u202f?"
    slip = SampleForm({"finess": "75000123", "iban_suffix": "02606"}, {"finess": [meant]})
    faulty = SampleForm({"email": "martin", "email_confirmation": EMAIL}, ACCOUNT_ERRORS)
    blocked = {"blocked_until": "16\u00a0h\u00a042"}
    return [
        GalleryPage("proof", "Inscription, étape 1", proof, {"form": SampleForm()}),
        GalleryPage("proof-wrong", "Inscription, étape 1 refusée", proof, {"form": wrong}),
        GalleryPage("proof-slip", "Inscription, huit chiffres", proof, {"form": slip}),
        GalleryPage(
            "proof-empty",
            "Inscription, étape 1 vide",
            proof,
            {"form": SampleForm({}, empty_errors)},
        ),
        GalleryPage("account", "Inscription, étape 2", account, proved),
        GalleryPage(
            "account-errors", "Inscription, étape 2 à corriger", account, {**proved, "form": faulty}
        ),
        GalleryPage(
            "account-on-file",
            "Inscription, étape 2, adresse connue",
            account,
            {**proved, "asks_email": False},
        ),
        GalleryPage("exists", "Compte déjà ouvert", "pages/proof_exists.html", {}),
        GalleryPage("by-phone", "Compte à ouvrir par téléphone", "pages/proof_by_phone.html", {}),
        GalleryPage("proof-blocked", "Vérification bloquée", "pages/proof_blocked.html", blocked),
        *list_check_mail_pages(),
    ]


def list_check_mail_pages() -> list[GalleryPage]:
    """« Consultez votre boîte mail » after either door."""
    context = {
        "masked_email": "m…e@orange.fr",
        "door": "registration",
        "resend_action": "/inscription/renvoyer",
        "resend_after": 60,
        "resent": False,
        "form": SampleForm(),
    }
    too_many = SampleForm(
        {}, {"form": [page_wording.TOO_MANY_MAILS.format(duration="1\u00a0heure")]}
    )
    on_file = {"masked_email": "", "door": "update", "resend_action": "/mise-a-jour/renvoyer"}
    template = "pages/check_mail.html"
    return [
        GalleryPage("check-mail", "Consultez votre boîte", template, context),
        GalleryPage(
            "check-mail-resent",
            "Consultez votre boîte, mail renvoyé",
            template,
            {**context, "resent": True},
        ),
        GalleryPage(
            "check-mail-on-file",
            "Consultez votre boîte, adresse connue",
            template,
            {**context, **on_file, "resend_after": 0},
        ),
        GalleryPage(
            "check-mail-too-many",
            "Consultez votre boîte, trop de mails",
            template,
            {**context, "resend_after": 0, "form": too_many},
        ),
    ]
