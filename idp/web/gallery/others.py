"""Examples: what relying parties bring about, pages to read, and errors."""

from typing import Any

from idp.web.gallery.samples import FINESS, GalleryPage

_REFERENCE = "K7QF-3M2P"
_STATUSES = (400, 403, 404, 405, 411, 413, 429, 500, 503)


def list_protocol_pages() -> list[GalleryPage]:
    """Consent, logout, the answer by form, and a site's faulty request."""
    callback = "https://agenda.example/retour"
    fields = {"code": "sample-code", "state": "sample-state", "iss": "https://connexion.mnspf.fr"}
    fault = {"site": None, "reference": _REFERENCE, "error": "invalid_request"}
    answer = {"action": callback, "fields": fields, "client_name": "Agenda partagé"}
    return [
        *_list_consents(),
        *_list_logouts(),
        GalleryPage("form-post", "Retour sur le site", "pages/form_post.html", answer),
        GalleryPage("client-error", "Erreur du site", "pages/client_error.html", fault),
    ]


def _list_consents() -> list[GalleryPage]:
    context = {
        "client_name": "Agenda partagé",
        "client_logo": None,
        "client_host": "agenda.example",
        "scopes": ["openid", "profile", "email", "phone", "address", "finess"],
        "finess": FINESS,
        "public_loopback": False,
        "is_asked_again": False,
        "sid": "sample-sid",
    }
    loopback = {"client_host": "127.0.0.1", "scopes": ["openid"], "public_loopback": True}
    again = {**context, "is_asked_again": True}
    template = "pages/consent.html"
    return [
        GalleryPage("consent", "Autorisation", template, context),
        GalleryPage("consent-again", "Autorisation, à nouveau", template, again),
        GalleryPage(
            "consent-loopback", "Autorisation d’un programme", template, {**context, **loopback}
        ),
    ]


def _list_logouts() -> list[GalleryPage]:
    ask = {
        "client_name": "Agenda partagé",
        "fields": {"state": "sample-state"},
        "is_asked_again": False,
        "stay_url": "https://agenda.example/",
    }
    done: dict[str, Any] = {"frames": [], "continue_url": None, "client_name": None, "site": None}
    telling = {
        "frames": ["about:blank"],
        "continue_url": "#contenu",
        "client_name": "Agenda partagé",
    }
    template = "pages/logout_done.html"
    return [
        GalleryPage("logout", "Déconnexion", "pages/logout.html", {**ask, "site": None}),
        GalleryPage("logout-done", "Déconnecté", template, done),
        GalleryPage("logout-frames", "Déconnecté, sites prévenus", template, {**done, **telling}),
    ]


def list_reading_pages() -> list[GalleryPage]:
    """Pages that are only read."""
    titles = {
        "security_tips": "Cybersécurité",
        "help": "Aide",
        "legal": "Mentions légales",
        "accessibility": "Accessibilité",
    }
    return [
        GalleryPage(name.replace("_", "-"), title, f"pages/{name}.html", {})
        for name, title in titles.items()
    ]


def list_error_pages() -> list[GalleryPage]:
    """One page for each status, and that of a rush of sign-ins."""
    waits = {429: 1800, 503: 30}
    pages = [_show_error(status, retry_after=waits.get(status)) for status in _STATUSES]
    rush = GalleryPage("rush", "Affluence", "pages/rush.html", {"site": None})
    return [*pages, rush]


def _show_error(status: int, *, retry_after: int | None) -> GalleryPage:
    context = {
        "status": status,
        "reference": _REFERENCE,
        "retry_after": retry_after,
        "site": None,
    }
    return GalleryPage(f"error-{status}", f"Erreur {status}", "pages/error.html", context)
