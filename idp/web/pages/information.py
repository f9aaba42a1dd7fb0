"""Pages to read, and the door: what needs neither account nor site."""

from flask import Blueprint, Response

from idp.web.context import current
from idp.web.pages.login import WELCOME
from idp.web.redirects import go_to
from idp.web.rendering import render_page

blueprint = Blueprint("information", __name__)


@blueprint.get("/")
def enter() -> Response:
    """Lead to the login page, or whoever is signed in to their own page."""
    return go_to(WELCOME if current.account else "/connexion")


@blueprint.get("/securite")
def show_security_tips() -> Response:
    """Show the guide's five tips."""
    return render_page("security_tips.html")


@blueprint.get("/aide")
def show_help() -> Response:
    """Show the guide in short."""
    return render_page("help.html")


@blueprint.get("/mentions-legales")
def show_legal_notice() -> Response:
    """Show who answers for this service, and what it keeps."""
    return render_page("legal.html")


@blueprint.get("/accessibilite")
def show_accessibility() -> Response:
    """Show how accessible these pages are."""
    return render_page("accessibility.html")
