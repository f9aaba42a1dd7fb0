"""The demo's mailbox: a mail server on loopback that keeps everything, and pages to read it.

It is the receiving end: it knows what came over SMTP, and cannot see the provider's outbox.
"""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, Response, abort, render_template
from markupsafe import Markup

from idp.demo.mail_store import MailStore, StoredMail

# A mail's HTML may neither run scripts nor load anything; its links open in a new tab.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; frame-src 'self'"


class MailSink:
    """Takes every mail, for whomever it is."""

    def __init__(self, store: MailStore) -> None:
        """Take where mails are kept."""
        self._store = store

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one mail; returns the answer to the sender."""
        self._store.keep(envelope.original_content or b"")
        return "250 OK"


def build_mail_server(store: MailStore, host: str, port: int) -> Controller:
    """Return the mail server, not started; it runs in a thread of its own."""
    return Controller(MailSink(store), hostname=host, port=port)


def build_mailbox(store: MailStore) -> Flask:
    """Return the pages that show what was received."""
    app = Flask(__name__)

    def show_list() -> str:
        return render_template("mailbox/list.html", mails=store.find_all())

    def show_mail(name: str) -> str:
        mail = _find(store, name)
        return render_template(
            "mailbox/mail.html", mail=mail, document=_frame(mail), sandbox=_SANDBOX
        )

    def show_source(name: str) -> Response:
        return Response(_find(store, name).source, mimetype="text/plain")

    app.add_url_rule("/", view_func=show_list)
    app.add_url_rule("/mails/<name>", view_func=show_mail)
    app.add_url_rule("/mails/<name>/source", view_func=show_source)
    app.after_request(_restrict)
    return app


def _find(store: MailStore, name: str) -> StoredMail:
    return store.find(name) or abort(404)


def _frame(mail: StoredMail) -> Markup:
    """Return the HTML part as a document whose links leave the frame."""
    return Markup('<base target="_blank">') + Markup(mail.html)  # noqa: S704 - shown in a sandbox


def _restrict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
