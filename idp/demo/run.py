"""Starts the demo's parts in order, waits, and stops them all."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from idp.clock import SystemClock
from idp.demo.files import write_files
from idp.demo.mail_store import MailStore
from idp.demo.mailbox import build_mail_server, build_mailbox
from idp.demo.plan import HOST, DemoPlan
from idp.demo.provider import Provider, ProviderFault
from idp.demo.relying_party import build_site

_LOOK_SECONDS = 0.5


class Demo:
    """All parts of one demo."""

    def __init__(self, plan: DemoPlan) -> None:
        """Take where everything is; nothing is written or started yet."""
        self._plan = plan
        self._provider = Provider(plan)
        self._servers: list[BaseWSGIServer] = []
        self._mail_server = build_mail_server(self._mail_store(), HOST, plan.smtp_port)
        self._stopping = threading.Event()

    def start(self, tell: Callable[[str], None]) -> None:
        """Write what is missing and start every part, telling each step in French.

        Raises:
            ProviderFault: the provider did not start; `stop` ends what did.

        """
        secrets = write_files(self._plan)
        tell("Préparation de la base de données, des clés et de l’annuaire")
        self._provider.prepare()
        tell("Démarrage de la boîte aux lettres et du site")
        self._mail_server.start()
        self._serve(build_mailbox(self._mail_store()), self._plan.mailbox_port)
        site = build_site(
            self._plan,
            client_secret=secrets["client_secret"],
            cookie_secret=secrets["site_cookie"],
        )
        self._serve(site, self._plan.site_port)
        tell("Démarrage du fournisseur d’identité")
        self._provider.start()

    def stop_on_signals(self) -> None:
        """Let INT (Ctrl-C) and TERM end `wait`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)

    def wait(self) -> None:
        """Return when asked to stop.

        Raises:
            ProviderFault: the provider ended by itself.

        """
        while not self._stopping.wait(_LOOK_SECONDS):
            if not self._provider.is_running():
                raise ProviderFault("Le fournisseur d’identité s’est arrêté.")

    def stop(self) -> None:
        """Stop every part that runs."""
        self._provider.stop()
        for server in self._servers:
            server.shutdown()
        self._mail_server.stop(no_assert=True)

    def _mail_store(self) -> MailStore:
        return MailStore(self._plan.mails_folder, SystemClock())

    def _serve(self, app: Flask, port: int) -> None:
        server = make_server(HOST, port, app, threaded=True, request_handler=_QuietHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self._servers.append(server)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()


class _QuietHandler(WSGIRequestHandler):
    """Writes no line a request: the terminal shows what to open and to type."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - Werkzeug's name
        pass
