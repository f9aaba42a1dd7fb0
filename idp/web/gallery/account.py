"""Examples: after the login, and Mon compte."""

from typing import Any

from idp.web import wording
from idp.web.gallery.samples import EMAIL, FINESS, GalleryPage, SampleForm

_SESSIONS = [
    {
        "id": "s1",
        "device": "Firefox sur Windows",
        "started": "aujourd’hui à 8\u00a0h\u00a012",
        "last_seen": "à l’instant",
        "sites": ["Espace tiers payant"],
        "is_current": True,
        "is_shared": False,
    },
    {
        "id": "s2",
        "device": "Safari sur iPhone",
        "started": "hier à 19\u00a0h\u00a040",
        "last_seen": "hier à 19\u00a0h\u00a052",
        "sites": [],
        "is_current": False,
        "is_shared": True,
    },
]
_SITES = [
    {
        "client_id": "tiers-payant",
        "name": "Espace tiers payant",
        "last_used": "aujourd’hui à 8\u00a0h\u00a012",
        "scopes": ["openid", "profile", "finess"],
        "needs_consent": False,
    },
    {
        "client_id": "agenda",
        "name": "Agenda partagé",
        "last_used": "3\u00a0mai 2026",
        "scopes": ["openid", "email"],
        "needs_consent": True,
    },
]


def list_account_pages() -> list[GalleryPage]:
    """What follows the login, then each page of Mon compte."""
    return [
        *_list_after_login(),
        *_list_overviews(),
        *_list_account_forms(),
        *_list_account_lists(),
        *_list_email_changes(),
    ]


def _list_after_login() -> list[GalleryPage]:
    reminder = "pages/reminder.html"
    return [
        GalleryPage("reminder-password", "Mot de passe ancien", reminder, {"kind": "password"}),
        GalleryPage("reminder-email", "Adresse à ajouter", reminder, {"kind": "email"}),
        GalleryPage(
            "welcome",
            "Connecté, sans site qui attend",
            "pages/welcome.html",
            {"finess": FINESS, "site": None},
        ),
    ]


def _list_overviews() -> list[GalleryPage]:
    facts: dict[str, Any] = {
        "site": None,
        "name": "Pharmacie Delorme",
        "finess": FINESS,
        "email": EMAIL,
        "email_pending": "",
        "password_changed": "3\u00a0mai 2026",
        "session_count": 2,
        "site_count": 2,
        "done": "",
    }
    bare = {"email": "", "email_pending": EMAIL, "password_changed": "", "done": "email"}
    template = "pages/account_overview.html"
    return [
        GalleryPage("overview", "Mon compte", template, facts),
        GalleryPage("overview-done", "Mon compte, sans adresse", template, {**facts, **bare}),
    ]


def _list_account_forms() -> list[GalleryPage]:
    password, email = "pages/account_password.html", "pages/account_email.html"
    wrong = SampleForm({}, {"current_password": [wording.WRONG_CURRENT_PASSWORD]})
    own: dict[str, Any] = {"site": None, "finess": FINESS, "email": EMAIL, "form": SampleForm()}
    return [
        GalleryPage("my-password", "Mon compte, mot de passe", password, own),
        GalleryPage(
            "my-password-errors",
            "Mon compte, mot de passe erroné",
            password,
            {**own, "form": wrong},
        ),
        GalleryPage("my-email", "Mon compte, adresse mail", email, own),
        GalleryPage("my-email-first", "Mon compte, première adresse", email, {**own, "email": ""}),
    ]


def _list_account_lists() -> list[GalleryPage]:
    sessions, sites = "pages/account_sessions.html", "pages/account_sites.html"
    shown: dict[str, Any] = {"site": None, "sessions": _SESSIONS, "sites": _SITES, "done": False}
    return [
        GalleryPage("my-sessions", "Mon compte, sessions", sessions, shown),
        GalleryPage("my-sessions-done", "Session fermée", sessions, {**shown, "done": True}),
        GalleryPage("my-sites", "Mon compte, sites", sites, shown),
        GalleryPage("my-sites-none", "Mon compte, aucun site", sites, {**shown, "sites": []}),
        GalleryPage("my-data", "Mon compte, données", "pages/account_data.html", {"site": None}),
    ]


def _list_email_changes() -> list[GalleryPage]:
    titles = {
        ("confirm", "ask"): "Nouvelle adresse à confirmer",
        ("confirm", "done"): "Nouvelle adresse confirmée",
        ("undo", "ask"): "Changement d’adresse à annuler",
        ("undo", "done"): "Changement d’adresse annulé",
    }
    return [
        GalleryPage(
            f"email-{act}-{state}",
            title,
            "pages/email_change.html",
            {"site": None, "act": act, "state": state, "email": EMAIL, "ticket": "sample-ticket"},
        )
        for (act, state), title in titles.items()
    ]
