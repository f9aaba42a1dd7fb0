"""A stand-in for the customer's site: a small Flask site that leaves passwords to the provider.

What a site needs in order to sign people in is all here: the redirect, the return, a silent try, a
sign-out that the provider hears of, and an ear for sign-outs that begin elsewhere.
"""

from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from idp.clock import Clock, SystemClock
from idp.demo.logout_receiver import LogoutTokenError, LogoutTokenReader
from idp.demo.plan import CLIENT_ID, DemoPlan
from idp.demo.site_client import SignInError, SiteClient
from idp.demo.site_sessions import SiteSession, SiteSessions
from idp.demo.site_words import describe_profile

_NO_STORE = {"Cache-Control": "no-store"}


def build_site(
    plan: DemoPlan, *, client_secret: str, cookie_secret: str, clock: Clock | None = None
) -> Flask:
    """Return the site. Its cookie bears another name than the provider's: ports share cookies."""
    app = Flask(__name__)
    app.secret_key = cookie_secret
    app.config.update(SESSION_COOKIE_NAME="site_mnspf", SESSION_COOKIE_SAMESITE="Lax")
    client = SiteClient(
        app, issuer=plan.issuer, client_secret=client_secret, site_url=plan.site_url
    )
    reader = LogoutTokenReader(
        plan.issuer, CLIENT_ID, fetch_keys=client.fetch_keys, clock=clock or SystemClock()
    )
    views = SiteViews(client, reader, plan.site_url)
    app.before_request(views.keep_one_address)
    app.add_url_rule("/", view_func=views.show_home)
    app.add_url_rule("/connexion", view_func=views.sign_in)
    app.add_url_rule("/retour", view_func=views.receive)
    app.add_url_rule("/espace", view_func=views.show_space)
    app.add_url_rule("/deconnexion", view_func=views.sign_out, methods=["POST"])
    app.add_url_rule("/au-revoir", view_func=views.say_goodbye)
    app.add_url_rule("/notification", view_func=views.hear_logout, methods=["POST"])
    return app


class SiteViews:
    """The site's pages."""

    def __init__(self, client: SiteClient, reader: LogoutTokenReader, site_url: str) -> None:
        """Take how to sign in, how to read logout notices, and the site's one address."""
        self._client = client
        self._reader = reader
        self._site_url = site_url
        self._sessions = SiteSessions()

    def keep_one_address(self) -> ResponseReturnValue | None:
        """Send whoever typed "localhost" to the address that is registered at the provider."""
        if request.host == urlsplit(self._site_url).netloc:
            return None
        return redirect(f"{self._site_url}{request.full_path.removesuffix('?')}", 307)

    def show_home(self) -> ResponseReturnValue:
        """Show the front page, as anybody sees it."""
        return render_template("site/home.html", signed_in=self._find_signed_in())

    def sign_in(self) -> ResponseReturnValue:
        """Send the browser to the provider; this is the site's `initiate_login_uri` too."""
        hint = request.args.get("login_hint", "")
        return self._client.begin_sign_in(**({"login_hint": hint} if hint else {}))

    def show_space(self) -> ResponseReturnValue:
        """Show who is signed in; before saying "nobody", ask the provider once without a page."""
        signed_in = self._find_signed_in()
        if signed_in is None and not session.pop("was_tried", None):
            session["is_silent"] = True
            return self._client.begin_sign_in(prompt="none")
        page = render_template(
            "site/space.html",
            signed_in=signed_in,
            profile=describe_profile(signed_in.profile) if signed_in else (),
            account_url=f"{self._client.issuer}/compte",
        )
        return page, 200, _NO_STORE

    def receive(self) -> ResponseReturnValue:
        """Take the provider's answer."""
        is_silent = session.pop("is_silent", False)
        try:
            signed_in = self._client.finish_sign_in()
        except SignInError as error:
            if not (is_silent and error.is_nobody):
                return render_template("site/failure.html", code=error.code), 400
            session["was_tried"] = True
        else:
            session["secret"] = self._sessions.open(signed_in)
        return redirect("/espace", 303)

    def sign_out(self) -> ResponseReturnValue:
        """End the session here, then at the provider."""
        signed_in = self._sessions.end(session.pop("secret", None))
        if signed_in is None:
            return redirect("/", 303)
        return self._client.begin_sign_out(signed_in.id_token)

    def say_goodbye(self) -> ResponseReturnValue:
        """Show that all is over; the next visit to the space does not ask silently."""
        session["was_tried"] = True
        return render_template("site/goodbye.html")

    def hear_logout(self) -> ResponseReturnValue:
        """Take a back-channel logout notice."""
        try:
            claims = self._reader.read(request.form.get("logout_token", ""))
        except LogoutTokenError:
            return {"error": "invalid_request"}, 400, _NO_STORE
        self._sessions.end_all(sub=claims.get("sub"), sid=claims.get("sid"))
        return "", 200, _NO_STORE

    def _find_signed_in(self) -> SiteSession | None:
        return self._sessions.find(session.get("secret"))
