"""The provider at a time of day that the test chooses, and the demo's site in front of it.

The site runs in this process and knows the present alone: a sign-in that ends there must end in
the present, as a night does.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Unpack

from werkzeug.serving import make_server

from idp.demo.plan import CLIENT_ID, DemoPlan
from idp.demo.relying_party import build_site
from idp.protocol.client import AuthMethod, Client
from tests.support.faketime import faketime_environment
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import Process, ProcessOptions
from tests.support.protocol_house import SECRET, SITE
from tests.support.provider import Provider
from tests.support.served_provider import ServedProvider


@dataclass(frozen=True)
class NightStage:
    """A provider that is not served yet, and a site that waits for it."""

    served: ServedProvider
    plan: DemoPlan

    @contextmanager
    def serve(self, offset: str = "") -> Iterator[None]:
        """Serve inside the `with`, in the present, or so far from it: "-20h"."""
        variables = faketime_environment(offset) if offset else {}
        node = self.served.serve(self.served.port, workers=1, **variables)
        yield
        node.process.stop()

    @contextmanager
    def prepare(self) -> Iterator[Provider]:
        """Give what puts people into the database; the site is registered there."""
        provider = self.served.prepare()
        with provider.running.built.open_unit() as unit:
            unit.clients.save(_make_client(self.plan))
            unit.commit()
        yield provider
        provider.running.close()


@contextmanager
def night_stage(keys_folder: Path, database_url: str) -> Iterator[NightStage]:
    """Run the site inside the `with`, and what the stage serves."""
    folder = keys_folder.parent
    with ExitStack() as running:

        def start(command: Sequence[str | Path], **options: Unpack[ProcessOptions]) -> Process:
            log = folder / "provider.log"
            return running.enter_context(Process(command, log=log, **options))

        served = ServedProvider(keys_folder, database_url, start)
        plan = DemoPlan(folder=folder, provider_port=served.port, site_port=free_port())
        running.enter_context(_running_site(plan))
        yield NightStage(served, plan)


def _make_client(plan: DemoPlan) -> Client:
    return replace(
        SITE,
        client_id=CLIENT_ID,
        redirect_uris=(f"{plan.site_url}/retour",),
        initiate_login_uri=f"{plan.site_url}/connexion",
        token_endpoint_auth_method=AuthMethod.BASIC,
    )


@contextmanager
def _running_site(plan: DemoPlan) -> Iterator[None]:
    site = build_site(plan, client_secret=SECRET, cookie_secret="a secret of the tests")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(LOOPBACK, plan.site_port, site, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()
