"""What nginx's limits let pass, and what it answers by itself."""

import httpx
import pytest

from idp.secret_values import random_token
from tests.operations.conftest import OpenDoor
from tests.operations.installation import Installation, name_practitioner
from tests.operations.nginx import Nginx
from tests.operations.people import Browser, Practitioner, build_request
from tests.support.network import LOOPBACK
from tests.support.protocol_house import REDIRECT_URI
from tests.support.provider import PASSWORD

pytestmark = pytest.mark.timeout(120)


def test_long_requests_pass(fronted: tuple[Installation, Nginx], open_door: OpenDoor) -> None:
    """The longest request that may be sealed comes through login and back to the site."""
    installation, nginx = fronted
    installation.add_practitioners(range(1), have_accounts=True)
    installation.serve()
    browser = Browser([open_door(nginx)])
    verifier, path = build_request(state=random_token(3000))
    location, page = browser.open(path)
    assert len(location) > 4096
    person = Practitioner(name_practitioner(0), browser)
    address, _ = browser.submit(page, "login-submit", finess=person.finess, password=PASSWORD)
    assert address.startswith(REDIRECT_URI)
    person.redeem(address, verifier)


def test_plain_http_is_sent_to_https(fronted: tuple[Installation, Nginx]) -> None:
    """To the issuer's own address, whatever Host was asked for."""
    _, nginx = fronted
    answer = httpx.get(f"http://{LOOPBACK}:{nginx.http_port}/aide?x=1", headers={"Host": "evil"})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{nginx.issuer}/aide?x=1"
