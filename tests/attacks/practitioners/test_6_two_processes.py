"""Attack cases C65, C67 and C69 over two server processes: a hundred guesses at the same moment.

One of them is right, and it comes last: what counts is who is let through, not who knows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from idp.accounts.reset_request import request_reset
from tests.attacks.people import WRONG, add_accounts, admin_visit, list_events
from tests.support.crowd import do_at_once
from tests.support.databases import Databases, Kind
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import Process
from tests.support.provider import PASSWORD, SUFFIX, Provider
from tests.support.served_provider import Answer, Node, PreparedForm, ServedProvider

ROUNDS = 20
CROWD = 100
LIMIT = 3
LOGIN_NUMBERS = [f"97{number:07d}" for number in range(ROUNDS)]
CODE_NUMBERS = [f"96{number:07d}" for number in range(ROUNDS)]
PROOF_NUMBERS = [f"98{number:07d}" for number in range(ROUNDS)]
HASHES = "idp_password_hash_duration_seconds_count "
BUDGETS = ("network_logins_per_hour", "network_proofs_per_hour", "network_proofs_per_day")
CROWDED = {
    "server": {"threads": "64", "backpressure": "64"},
    "passwords": {"hash_slots": "48", "hash_queue": "48"},
    "database": {"pool_size": "48", "lock_timeout": "30 s"},
    "lockout": dict.fromkeys(BUDGETS, "1000000"),
}


@dataclass(frozen=True)
class Pair:
    """Two nodes of one installation, and the people around it."""

    provider: Provider
    nodes: Sequence[Node]
    metrics_ports: Sequence[int]

    def open_form(self, path: str, button_id: str) -> PreparedForm:
        """Open a page at one of the nodes; its form is good at both."""
        return self.nodes[0].open_form(path, button_id)

    def rush(
        self, path: str, form: PreparedForm, *, field: str, wrong: str, right: str, **typed: str
    ) -> Counter[int]:
        """Send a hundred guesses at the same moment, to both nodes in turn; count the statuses."""
        guesses = [wrong] * (CROWD - 1) + [right]
        acts: list[Callable[[], Answer]] = [
            partial(node.submit, path, form, **{**typed, field: guess})
            for node, guess in zip(cycle(self.nodes), guesses, strict=False)
        ]
        return Counter(answer.status for answer in do_at_once(acts))

    def count_hashes(self) -> int:
        """Return how many passwords both nodes hashed, as their metrics tell."""
        return sum(map(read_hashes, self.metrics_ports))


def read_hashes(port: int) -> int:
    """Return how many passwords a node hashed since it started."""
    with urlopen(f"http://{LOOPBACK}:{port}/metrics") as page:
        lines = page.read().decode().splitlines()
    return sum(int(float(line.split()[1])) for line in lines if line.startswith(HASHES))


@pytest.fixture(scope="module")
def pair_over(
    request: pytest.FixtureRequest, keys_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Kind], Pair]]:
    """A function that gives the pair over a kind of database, started when first asked for."""
    pairs: dict[Kind, Pair] = {}
    with ExitStack() as started:

        def start_process(command: Sequence[str | Path], **options: Any) -> Process:  # noqa: ANN401
            log = tmp_path_factory.mktemp("node") / "log"
            return started.enter_context(Process(command, log=log, **options))

        def start(kind: Kind) -> Pair:
            databases: Databases = request.getfixturevalue(f"{kind}_databases")
            url = databases.url(databases.create_migrated())
            served = ServedProvider(keys_folder, url, start_process, CROWDED)
            provider = served.prepare()
            started.callback(provider.running.close)
            metrics_ports = [free_port(), free_port()]
            nodes = [
                served.serve(port, IDP_SERVER__METRICS_PORT=str(metrics_port))
                for port, metrics_port in zip(
                    (served.port, free_port()), metrics_ports, strict=True
                )
            ]
            return Pair(provider, nodes, metrics_ports)

        yield lambda kind: pairs.get(kind) or pairs.setdefault(kind, start(kind))


@pytest.fixture
def pair(database_kind: Kind, pair_over: Callable[[Kind], Pair]) -> Pair:
    """Two nodes over each kind of database in turn."""
    return pair_over(database_kind)


def test_c69_passwords_over_two_processes(pair: Pair) -> None:
    """C69: of a hundred guesses three reach the hash; the right one among them, or refused.

    One or two may find no free slot (503): then nothing was counted, and nothing hashed.
    """
    add_accounts(pair.provider, LOGIN_NUMBERS)
    form = pair.open_form("/connexion", "login-submit")
    for finess in LOGIN_NUMBERS:
        before = pair.count_hashes()
        statuses = pair.rush(
            "/connexion", form, field="password", wrong=WRONG, right=PASSWORD, finess=finess
        )
        hashed = pair.count_hashes() - before
        assert statuses.total() == CROWD
        assert set(statuses) <= {303, 422, 429, 503}
        assert LIMIT <= hashed <= (2 * LIMIT if statuses[303] else LIMIT)


def test_c65_codes_over_two_processes(pair: Pair) -> None:
    """C65: of a hundred codes three are compared; the right one among them, or refused."""
    add_accounts(pair.provider, CODE_NUMBERS)
    form = pair.open_form("/mot-de-passe-oublie", "reset-request-submit")
    for finess in CODE_NUMBERS:
        email = f"{finess}@orange.example"
        request_reset(admin_visit(pair.provider), finess=finess, email=email)
        mail = pair.provider.mailbox.read_latest(email)
        (ticket,) = re.findall(r"token=(\S+)", mail.text)
        before = len(list_events(pair.provider, "reset.code_failed"))
        statuses = pair.rush(
            "/reinitialisation",
            form,
            field="code",
            wrong="000000" if mail.code != "000000" else "111111",
            right=mail.code,
            finess=finess,
            ticket=ticket,
        )
        failed = len(list_events(pair.provider, "reset.code_failed")) - before
        assert set(statuses) <= {303, 422, 410}
        assert failed + statuses[303] == LIMIT


def test_c67_ibans_over_two_processes(pair: Pair) -> None:
    """C67: of a hundred pairs three are compared; the right one among them, or refused."""
    form = pair.open_form("/inscription", "proof-submit")
    for finess in PROOF_NUMBERS:
        pair.provider.add_practitioner(finess)
        before = len(list_events(pair.provider, "proof.failed"))
        statuses = pair.rush(
            "/inscription", form, field="iban_suffix", wrong="99999", right=SUFFIX, finess=finess
        )
        compared = len(list_events(pair.provider, "proof.failed")) - before + statuses[303]
        assert set(statuses) <= {303, 422, 429}
        assert LIMIT <= compared <= (2 * LIMIT if statuses[303] else LIMIT)
