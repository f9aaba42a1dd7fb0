"""`idp keys`: what an operator sees, does, is refused, and what the trail keeps of it."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from idp.cli.keys import keys
from idp.cli.toolbox import Toolbox
from idp.protocol.client import Client
from idp.store.audit import AuditQuery
from tests.support.databases import Databases
from tests.support.signing import DAY, HOUR, MINUTE, START, MovedClock

OFFSET = START.astimezone().isoformat()[-6:]


class Program(Toolbox):
    """`idp keys`, with the settings and the clock of a test, on a screen of 80 columns."""

    def __init__(self, config: Path) -> None:
        super().__init__(config)
        self.time = MovedClock()
        self.clock = self.time
        self.console = Console(width=80, highlight=False)

    def __call__(self, *words: str, answer: str = "") -> Result:
        """Run a command."""
        self.console = Console(width=80, highlight=False)
        return CliRunner().invoke(keys, words, obj=self, input=answer)

    def do(self, *words: str) -> str:
        """Run a command that succeeds, and return what it printed."""
        result = self(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def refuse(self, *words: str) -> str:
        """Run a command that finds a fault, and return what it printed."""
        result = self(*words)
        assert result.exit_code == 1, result.output
        return result.output

    def add_client(self, client_id: str) -> None:
        """Add a relying party."""
        redirect_uris = ("https://site.example/callback",)
        with self.unit_of_work() as unit:
            unit.clients.save(
                Client(client_id=client_id, name=client_id, redirect_uris=redirect_uris)
            )

    def find_kids(self) -> list[str]:
        """Return the published kids."""
        return [jwk["kid"] for jwk in json.loads(self.do("export-jwks"))["keys"]]

    def find_new_kid(self, *words: str) -> str:
        """Run a command that makes a key, and return its kid."""
        before = set(self.find_kids())
        self.do(*words)
        (new,) = set(self.find_kids()) - before
        return new


@pytest.fixture
def program(sqlite_databases: Databases, tmp_path: Path) -> Iterator[Program]:
    """The program, with one key for ES256 that signs since START."""
    config = tmp_path / "settings.toml"
    database = sqlite_databases.create_migrated()
    config.write_text(
        f"""
        issuer = "https://connexion.example"
        [database]
        url = {json.dumps(sqlite_databases.url(database))}
        [secrets]
        master = ["{"m" * 32}"]
        iban = ["{"i" * 32}"]
        [keys]
        folder = {json.dumps(str(tmp_path / "keys"))}
        passphrase = "{"p" * 32}"
        """
    )
    program = Program(config)
    program.do("init", "--alg", "ES256")
    yield program
    program.close()
    sqlite_databases.drop(database)


def find_active(program: Program) -> str:
    """Return the only key that signs."""
    (line,) = program.do("status").splitlines()
    return line.split()[1]


def test_init_makes_rs256_and_es256(program: Program) -> None:
    """Without a word, the keys for ID tokens and access tokens are made, once."""
    assert "Made rs256-" in program.do("init")
    assert "none was made" in program.do("init")


def test_init_says_to_back_up(program: Program) -> None:
    """Whoever makes keys is told to save them."""
    assert "Back up the keys folder" in program.do("init")


def test_list_shows_state_and_dates(program: Program) -> None:
    """Each key has its state and its dates, within 80 columns, with the offset."""
    program.do("rotate")
    told = program.do("list")
    assert all(len(line) <= 80 for line in told.split("If you act now")[0].splitlines())
    assert "active" in told
    assert "next" in told
    assert OFFSET in told


def test_list_says_what_acting_now_would_break(program: Program) -> None:
    """For each key, what would break if one acted on it now is said."""
    program.do("rotate")
    told = program.do("list")
    assert "(active): revoking it would refuse, at once, every token it signed" in told
    assert "would break whoever keeps the key set" in told


def test_times_have_their_offset(program: Program) -> None:
    """A date is printed in this machine's zone, with its offset."""
    turn = (START + HOUR).astimezone()
    assert f"signs from {turn:%Y-%m-%d %H:%M:%S} {OFFSET}" in program.do("rotate")


def test_rotation_is_told_with_both_dates(program: Program) -> None:
    """A rotation says from when the new key signs and until when the old one stays."""
    told = program.do("rotate", "--alg", "ES256")
    assert "is published now and signs from" in told
    assert "is gone from" in told


def test_second_rotation_tells_the_first(program: Program) -> None:
    """Rotated twice, the second is told what is announced; no key is made (C109)."""
    program.do("rotate")
    assert "is announced already" in program.do("rotate")
    assert len(program.find_kids()) == 2


def test_rotation_may_be_announced_for_longer(program: Program) -> None:
    """The announcement is as long as asked for."""
    turn = (START + 14 * DAY).astimezone()
    assert f"signs from {turn:%Y-%m-%d}" in program.do("rotate", "--announce", "14d")


def test_short_announcement_is_refused_with_the_date(program: Program) -> None:
    """Less than the JWKS max-age needs is refused, with the date that would do."""
    told = program.refuse("rotate", "--announce", "30min")
    assert "too early" in told
    assert f"Safe from {(START + HOUR).astimezone():%Y-%m-%d %H:%M:%S}" in told


@pytest.mark.parametrize("words", [("rotate", "--announce", "soon"), ("rotate", "--alg", "HS256")])
def test_wrong_words_are_usage_errors(program: Program, words: tuple[str, ...]) -> None:
    """A wrong option is exit code 2, apart from a fault."""
    assert program(*words).exit_code == 2


def test_promotion_is_refused_until_it_is_safe(program: Program) -> None:
    """Early promotion is refused with the date it becomes safe, and done from then on."""
    kid = program.find_new_kid("rotate", "--announce", "14d")
    assert "Safe from" in program.refuse("promote", kid)
    program.time.advance(16 * MINUTE)
    assert f"{kid} signs now" in program.do("promote", kid)
    assert find_active(program) == kid


def test_schedule_announces_what_is_due(program: Program) -> None:
    """The schedule does what is due, once, and says what comes next."""
    assert "its successor is announced at" in program.do("schedule")
    program.time.advance(80 * DAY)
    assert "ES256: announced es256-" in program.do("schedule")
    assert "takes over at" in program.do("schedule")


def test_rehearsal_begins_and_ends(program: Program) -> None:
    """One client gets the next key, and is shown; the rehearsal ends when told so."""
    program.add_client("site")
    kid = program.find_new_kid("rotate", "--announce", "14d")
    program.time.advance(HOUR)
    assert "site gets its ES256 tokens from" in program.do("rehearse", kid, "--client", "site")
    assert "rehearsed by site" in program.do("list")
    program.do("rehearse", kid, "--client", "site", "--stop")
    assert "rehearsed" not in program.do("list")


def test_rehearsal_needs_a_client(program: Program) -> None:
    """A mistyped client id is refused: nobody would rehearse anything."""
    kid = program.find_new_kid("rotate", "--announce", "14d")
    program.time.advance(HOUR)
    assert "no client is called sote" in program.refuse("rehearse", kid, "--client", "sote")


def test_revocation_says_what_follows_and_asks(program: Program) -> None:
    """Without --yes, what follows is said and the operator asked; no is no."""
    kid = find_active(program)
    result = program("revoke", kid, answer="n\n")
    assert result.exit_code == 1
    assert "each of its tokens is refused" in result.output
    assert "for up to 15 min more" in result.output
    assert find_active(program) == kid


def test_revocation_leaves_a_key_that_signs(program: Program) -> None:
    """With --yes a key ends at once, and the one that signs instead is named (C3F)."""
    kid = find_active(program)
    program.time.advance(MINUTE)
    told = program.do("revoke", kid, "--yes", "--reason", "found in a ticket")
    assert f"{kid} is revoked. {find_active(program)} signs now." in told
    assert kid not in program.find_kids()
    assert "revoked" in program.do("list")


def test_revocation_names_the_announced_key(program: Program) -> None:
    """Where a key is announced, it is the one that takes over, and is named before."""
    coming = program.find_new_kid("rotate")
    assert f"{coming} signs at once" in program("revoke", find_active(program)).output


def test_active_key_is_not_removed(program: Program) -> None:
    """Removing a key that is needed is refused; once it is gone, it is destroyed (C109)."""
    kid = find_active(program)
    assert "No end is planned" in program.refuse("remove", kid)
    program.do("rotate")
    assert "Safe from" in program.refuse("remove", kid)
    program.time.advance(DAY)
    assert f"{kid} is destroyed" in program.do("remove", kid)


@pytest.mark.parametrize("act", ["promote", "remove", "revoke"])
def test_unknown_key_is_refused(program: Program, act: str) -> None:
    """A kid that no key has is a fault in words."""
    assert "no key is called es256-nobody" in program.refuse(act, "es256-nobody")


def test_export_has_public_members_only(program: Program) -> None:
    """What is exported is the JWKS: public halves alone (C39)."""
    (jwk,) = json.loads(program.do("export-jwks"))["keys"]
    assert jwk.keys() == {"kty", "use", "alg", "kid", "crv", "x", "y"}


def test_check_is_content_with_sound_keys(program: Program) -> None:
    """Sound keys: exit code 0, and how long a rotation takes."""
    program.do("init")
    assert "No fault found. A rotation by hand takes 1 h to sign." in program.do("check")


def break_mode(folder: Path) -> None:
    """Open a key file to others."""
    next(folder.glob("*.json")).chmod(0o644)


def break_content(folder: Path) -> None:
    """Cut a key file."""
    os.truncate(next(folder.glob("*.json")), 100)


def remove_folder(folder: Path) -> None:
    """Move the folder away."""
    folder.rename(folder.with_name("lost"))


@pytest.mark.parametrize(
    "damage, told",
    [
        (break_mode, "Close it: chmod 600"),
        (break_content, "Restore it from the backup"),
        (remove_folder, "idp keys init"),
    ],
)
@pytest.mark.parametrize("command", ["check", "list", "rotate", "export-jwks", "timeline"])
def test_damage_is_told_with_its_remedy(
    program: Program, damage: Callable[[Path], None], told: str, command: str
) -> None:
    """Whatever is wrong with the folder is told in words, with exit code 1 (C112)."""
    damage(program.settings.keys.folder)
    assert told in program.refuse(command)


def test_check_misses_a_required_algorithm(program: Program) -> None:
    """Without a key for RS256 no ID token can be signed: a fault."""
    assert "no key signs with RS256" in program.refuse("check")


def test_check_misses_the_other_one(program: Program) -> None:
    """Nor can an access token without one for ES256: the provider would not start."""
    kid = find_active(program)
    program.do("init")
    (program.settings.keys.folder / f"{kid}.json").unlink()
    assert "no key signs with ES256" in program.refuse("check")


def test_check_notices_that_no_worker_runs(program: Program) -> None:
    """A key that signed for too long shows that nothing rotates."""
    program.do("init")
    program.time.advance(100 * DAY)
    assert "it has signed for longer than 90 days" in program.refuse("check")


def test_timeline_draws_each_key(program: Program) -> None:
    """The terminal picture has a bar a key, in 80 columns, and what is to come."""
    coming = program.find_new_kid("rotate", "--announce", "14d")
    told = program.do("timeline")
    (bar,) = [line for line in told.splitlines() if line.startswith(coming)]
    assert "░" in bar
    assert "█" in bar
    assert len(bar) == 80
    assert f"{coming} signs" in told.split("To come:")[1]


def test_timeline_shows_an_announced_hour(program: Program) -> None:
    """Of a rotation by hand, beside the months in which keys sign."""
    program.time.advance(40 * DAY)
    coming = program.find_new_kid("rotate")
    program.time.advance(10 * MINUTE)
    (bar,) = [line for line in program.do("timeline").splitlines() if line.startswith(coming)]
    assert "░│░" in bar


def test_timeline_shows_retired_keys(program: Program) -> None:
    """After the turn, the old key's bar goes on for its tokens."""
    old = find_active(program)
    program.do("rotate")
    program.time.advance(2 * HOUR)
    (bar,) = [line for line in program.do("timeline").splitlines() if line.startswith(old)]
    assert "▒" in bar


def test_timeline_is_drawn_as_svg(program: Program, tmp_path: Path) -> None:
    """The file is a well-formed SVG with a rectangle for each phase of each key."""
    file = tmp_path / "keys.svg"
    program.do("rotate", "--announce", "14d")
    program.time.advance(15 * DAY)
    assert f"Drew {file}" in program.do("timeline", "--svg", str(file))
    space = "{http://www.w3.org/2000/svg}"
    drawn = [rect.get("class") for rect in ET.parse(file).iter(f"{space}rect")]  # noqa: S314 - ours
    assert {"next", "active", "retired"} <= set(drawn)


def test_status_tells_which_client_got_which_key(program: Program) -> None:
    """A client's last key is shown; one that got no token yet never did."""
    kid, now = find_active(program), program.clock.now()
    program.add_client("new")
    program.add_client("old")
    with program.unit_of_work() as unit:
        unit.key_uses.record("old", algorithm="ES256", kid=kid, now=now)
    rows = program.do("status", "--clients").splitlines()
    (old,) = [row for row in rows if row.startswith("old ")]
    (new,) = [row for row in rows if row.startswith("new ")]
    assert kid in old
    assert "active" in old
    assert new.split()[1] == "never"


def test_status_cuts_no_client(program: Program) -> None:
    """A long id is whole on a screen of 80 columns: it is folded."""
    client_id = f"espace-sante-{'long' * 10}"
    program.add_client(client_id)
    with program.unit_of_work() as unit:
        unit.key_uses.record(
            client_id, algorithm="ES256", kid=find_active(program), now=program.clock.now()
        )
    told = program.do("status", "--clients")
    assert client_id in "".join(line.split(" ")[0] for line in told.splitlines())


def test_every_change_is_in_the_trail(program: Program) -> None:
    """What was done, to which key, why and by whom is kept (C109)."""
    kid = find_active(program)
    program.time.advance(MINUTE)
    coming = program.find_new_kid("rotate", "--announce", "14d")
    program.time.advance(HOUR)
    program.add_client("site")
    program.do("rehearse", coming, "--client", "site")
    program.time.advance(MINUTE)
    program.do("revoke", kid, "--yes", "--reason", "found in a ticket")
    with program.unit_of_work() as unit:
        events = list(unit.audit.find(AuditQuery(), limit=10))
    assert [event.name for event in reversed(events)] == [
        "keys.created",
        "keys.rotated",
        "keys.rehearsed",
        "keys.revoked",
    ]
    assert events[0].details["kid"] == kid
    assert events[0].reason == "found in a ticket"
    assert events[1].client_id == "site"
    assert all(event.operator for event in events)


def test_emergency_needs_no_database(program: Program) -> None:
    """A revocation is done even if the trail cannot be written, which is then told."""
    kid = find_active(program)
    program.time.advance(MINUTE)
    program.database.close()
    del program.__dict__["database"]
    config = program.config
    assert config is not None
    config.write_text(config.read_text().replace("url = ", "url = 'sqlite:////proc/none/x' # "))
    del program.__dict__["settings"]
    result = program("revoke", kid, "--yes")
    assert "is done but not in the audit trail" in result.output
    assert kid not in program.find_kids()
