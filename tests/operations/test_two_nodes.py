"""Two nodes behind nginx while parts of the service are killed and restarted: all is accounted for.

The storm takes most of a minute, so it blows once, and each test looks at what it left.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.operations.cluster import Cluster
from tests.operations.installation import name_practitioner
from tests.operations.people import Browser, Practitioner
from tests.operations.storm import NEWCOMERS, PEOPLE, Storm
from tests.support.network import LOOPBACK, wait_until

pytestmark = [pytest.mark.xdist_group("two nodes"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Both nodes, practitioners with accounts and others without."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.installation.add_practitioners(range(PEOPLE), have_accounts=True)
        cluster.installation.add_practitioners(NEWCOMERS, have_accounts=False)
        yield cluster


@pytest.fixture(scope="module")
def storm(cluster: Cluster) -> Storm:
    """The storm that blew, once every mail of it has left."""
    nginx = cluster.nginx
    with httpx.Client(base_url=nginx.issuer, verify=nginx.trust, timeout=60) as door:
        storm = Storm(door, cluster.mails)
        with storm.blow():
            shake(cluster, storm)
    wait_until(lambda: cluster.count("outbox WHERE state = 'waiting'") == 0, 60)
    return storm


def shake(cluster: Cluster, storm: Storm) -> None:
    """Kill a node, restart the other, PostgreSQL and Redis; each time people use it after."""
    storm.wait_for("refreshed", 10)
    cluster.nodes[0].process.kill()
    storm.wait_for("refreshed", 10)
    cluster.start(0)
    cluster.nodes[1].process.stop()
    cluster.start(1)
    storm.wait_for("refreshed", 10)
    cluster.postgresql.stop()
    storm.wait_for("away", 5)
    cluster.postgresql.start()
    storm.wait_for("refreshed", 10)
    cluster.redis.stop()
    storm.wait_for("away", 5)
    cluster.redis.start()
    storm.wait_for("refreshed", 10)
    storm.wait_for("activated", 2)


def test_no_answer_is_wrong(cluster: Cluster, storm: Storm) -> None:
    """Whoever asked was answered rightly, or 503 with Retry-After (else the storm had raised)."""
    assert storm.told["away"] > 0
    statuses = {line["status"] for line in cluster.nginx.read_log()}
    in_doubt = {400, 410, 422} if storm.doubts else set()
    in_doubt |= {410} if storm.told["activated in doubt"] else set()
    assert statuses <= {200, 303, 503} | in_doubt


def test_no_request_fails_inside(cluster: Cluster, storm: Storm) -> None:
    """No exception was unforeseen: what is away is told as such."""
    assert storm.told
    events = {line["event"] for line in cluster.read_logs()}
    assert events & {"request.failed", "process.failed", "thread.failed"} == set()
    assert {"request.unavailable", "limits.away"} <= events


def test_each_sign_in_is_one_session_and_one_event(cluster: Cluster, storm: Storm) -> None:
    """Rows and audit events agree exactly, and with what people were told.

    Whose sign-in was kept before the answer failed sends the form again, and renews that session.
    """
    sessions = cluster.count("sessions")
    renewed = storm.told["signed in, then away"]
    assert sessions + renewed == cluster.count("audit_events WHERE name = 'login.succeeded'")
    repeated = storm.told["away: POST /connexion"]
    # Whose code met its own trace has signed in, and was not told so.
    untold = repeated + len(storm.doubts)
    assert storm.told["signed in"] <= sessions <= storm.told["signed in"] + untold


def test_each_code_is_redeemed_once(cluster: Cluster, storm: Storm) -> None:
    """Tokens were given once for each code; no family was revoked but of who was left in doubt."""
    known = {grant_id for (grant_id,) in cluster.query("SELECT id FROM grants")}
    assert len(storm.grants) == len(set(storm.grants))
    assert set(storm.grants) <= known
    used = cluster.count("grants WHERE code_used_at IS NOT NULL")
    assert len(storm.grants) <= used <= len(storm.grants) + len(storm.doubts)
    assert cluster.count("grants WHERE revoked_at IS NOT NULL") <= len(storm.doubts)


def test_each_link_activates_once(cluster: Cluster, storm: Storm) -> None:
    """As many accounts, used links and events as people who were told that theirs is active."""
    created = cluster.count("audit_events WHERE name = 'account.created'")
    assert created == storm.told["activated"] + storm.told["activated in doubt"]
    assert created == cluster.count("registrations WHERE used_at IS NOT NULL")
    assert created == cluster.count("accounts") - PEOPLE


def test_each_mail_arrives_once(cluster: Cluster, storm: Storm) -> None:
    """Every mail that was promised, and no second copy but of what a killed node was sending."""
    promised = cluster.count("outbox")
    requested = cluster.count("audit_events WHERE name = 'registration.requested'")
    assert storm.told["registered"] <= requested
    assert promised == requested + cluster.count("audit_events WHERE name = 'account.created'")
    assert promised == cluster.count("outbox WHERE state = 'delivered'")
    arrived = [str(mail.message["Message-ID"]) for mail in cluster.mails.mails]
    assert len(set(arrived)) == promised
    assert len(arrived) - promised <= 2  # the node that was killed had two processes


@pytest.fixture
def doors(cluster: Cluster) -> Iterator[list[httpx.Client]]:
    """Connections to each node, without nginx."""
    headers = {"Host": cluster.nodes[0].host, "X-Forwarded-Proto": "https"}
    addresses = [f"http://{LOOPBACK}:{node.port}" for node in cluster.nodes]
    doors = [httpx.Client(base_url=each, headers=headers, timeout=60) for each in addresses]
    yield doors
    for door in doors:
        door.close()


def test_login_ends_on_another_node(doors: list[httpx.Client]) -> None:
    """Every request of a sign-in and of a refresh goes to another node than the one before."""
    person = Practitioner(name_practitioner(0), Browser(doors))
    person.sign_in()
    person.refresh()
    person.sign_in_again()
    assert person.read_claims()


def test_nodes_agree_on_keys_and_clients(cluster: Cluster, doors: list[httpx.Client]) -> None:
    """A key and a client that one command added are known to both nodes within seconds."""
    assert cluster.installation.run("keys", "rotate", "--alg", "ES256").returncode == 0
    options = ["--name", "New", "--auth-method", "none", "--redirect-uri", "https://new.example/"]
    assert cluster.installation.run("clients", "add", "new", *options).returncode == 0
    query = {"client_id": "new", "redirect_uri": "https://new.example/", "response_type": "token"}

    def list_kids(door: httpx.Client) -> list[str]:
        return [key["kid"] for key in door.get("/jwks.json").json()["keys"]]

    for door in doors:
        wait_until(lambda door=door: len(list_kids(door)) == 3)  # type: ignore[misc]
        wait_until(lambda door=door: door.get("/authorize", params=query).status_code == 303)  # type: ignore[misc]
    assert list_kids(doors[0]) == list_kids(doors[1])
