"""`idp clients`: what an operator does to relying parties' records, and what is refused."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from click.testing import CliRunner, Result

from idp.cli import main
from idp.secret_values import digest

REDIRECT_URI = "https://site.example/callback"
ADD = ("add", "site", "--name", "Espace Santé", "--redirect-uri", REDIRECT_URI)


@dataclass
class Program:
    """`idp clients`, with the settings of a test."""

    config: Path

    def __call__(self, *words: str, answer: str = "") -> Result:
        """Run a command."""
        command = ["--config", str(self.config), "clients", *words]
        return CliRunner().invoke(main, command, input=answer, catch_exceptions=False)

    def record(self, client_id: str) -> list[str]:
        """Return the lines that `show` prints."""
        return self("show", client_id).output.splitlines()


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    """The program over an empty database."""
    config = tmp_path / "settings.toml"
    config.write_text(
        f"""
        issuer = "https://connexion.example"
        [database]
        url = {json.dumps(database_url)}
        [secrets]
        master = ["{"m" * 32}"]
        iban = ["{"i" * 32}"]
        [keys]
        folder = {json.dumps(str(tmp_path / "keys"))}
        passphrase = "{"p" * 32}"
        """
    )
    return Program(config)


def write_clients(folder: Path, **fields: object) -> Path:
    """Write a clients.toml that holds the site, with these fields, and return it."""
    values = {
        "client_id": "site",
        "name": "Espace Santé",
        "redirect_uris": [REDIRECT_URI],
        **fields,
    }
    lines = (f"{name} = {json.dumps(value)}" for name, value in values.items())
    file = folder / "clients.toml"
    file.write_text("\n".join(("[[clients]]", *lines)))
    return file


def test_add_shows_the_secret_once(program: Program) -> None:
    """A new client's secret is printed by `add` and by nothing after; Basic encodes none of it."""
    added = program(*ADD)
    assert added.exit_code == 0, added.output
    secret = added.output.splitlines()[-1]
    assert len(secret) == 43
    assert quote_plus(secret) == secret
    told = program("show", "site").output + program("list").output
    assert secret not in told
    assert digest(secret) not in told


def test_list_is_never_cut(program: Program) -> None:
    """Ids, names and addresses are whole on a screen of 80 columns, each a line of its own."""
    address = f"https://site.example/{'long/' * 20}callback"
    assert program(*ADD, "--redirect-uri", address).exit_code == 0
    lines = program("list").output.splitlines()
    assert lines[0].startswith("site  ")
    assert "    third party, client_secret_basic, secrets: 1" in lines
    assert f"    {address}" in lines


def test_public_client_has_no_secret(program: Program) -> None:
    """A client that cannot keep one gets none."""
    assert "no secret" in program(*ADD, "--auth-method", "none").output


@pytest.mark.parametrize(
    "uri",
    [
        "http://site.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "site://callback",
        "https://site.example/#x",
        "https://site.example/%23x",
        "https://*.site.example/callback",
        "https://user@site.example/callback",
        "https://site.example\\@evil/",
        "https://sité.example/",
        "//site.example/callback",
    ],
)
def test_bad_redirect_uri_cannot_be_registered(program: Program, uri: str) -> None:
    """Only https without fragment, wildcard or user, or http on loopback (C04, C05, C109)."""
    refused = program("add", "site", "--name", "S", "--redirect-uri", uri)
    assert refused.exit_code == 1
    assert "redirect_uris" in refused.output


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8001/cb", "http://[::1]/cb", REDIRECT_URI])
def test_good_redirect_uri_is_registered(program: Program, uri: str) -> None:
    """An https address anywhere, or http on this machine."""
    added = program("add", "site", "--name", "S", "--redirect-uri", uri)
    assert added.exit_code == 0, added.output


def test_every_fault_is_named_at_once(program: Program) -> None:
    """A record with several faults is refused with all of them."""
    refused = program(
        *ADD, "--backchannel-logout-uri", "http://10.0.0.1/", "--logo", "javascript:x"
    )
    assert "backchannel_logout_uri" in refused.output
    assert "logo" in refused.output


def test_adding_twice_is_refused(program: Program) -> None:
    """An existing client is edited, not added again."""
    program(*ADD)
    assert program(*ADD).exit_code == 1


def test_edit_changes_what_is_named(program: Program) -> None:
    """A field given changes, a field cleared is empty, the rest stays."""
    program(*ADD, "--contact", "dev@site.example")
    edited = program("edit", "site", "--name", "Autre nom", "--clear", "contacts")
    record = program.record("site")
    assert "name: Espace Santé -> Autre nom" in edited.output
    assert "name: Autre nom" in record
    assert f"redirect_uris: {REDIRECT_URI}" in record
    assert not any(line.startswith("contacts") for line in record)


def test_missing_key_is_told(program: Program, tmp_path: Path) -> None:
    """Where tokens are to be signed with an algorithm that has no key, every change says so."""

    def make_key(algorithm: str) -> None:
        words = ["--config", str(program.config), "keys", "init", "--alg", algorithm]
        assert CliRunner().invoke(main, words, catch_exceptions=False).exit_code == 0

    missing = "No key signs with PS256 yet: idp keys init --alg PS256"
    assert "The keys cannot be read" in program(*ADD, "--id-token-alg", "PS256").output
    make_key("RS256")
    assert missing in program("add", "shop", *ADD[2:], "--id-token-alg", "PS256").output
    assert (
        missing
        in program("edit", "site", "--id-token-alg", "RS256", "--userinfo-alg", "PS256").output
    )
    file = write_clients(tmp_path, id_token_signed_response_alg="PS256")
    assert missing in program("apply", str(file), "--dry-run").output
    make_key("PS256")
    assert "No key" not in program("edit", "site", "--id-token-alg", "PS256").output


def test_rotating_keeps_two_secrets_alive(program: Program) -> None:
    """The old secret stays good for the overlap; a third one never lives."""
    program(*ADD)
    program("rotate-secret", "site")
    rotated = program("rotate-secret", "site", "--overlap", "1h")
    assert "old secret is good until" in rotated.output
    assert len([line for line in program.record("site") if line.startswith("secret")]) == 2


def test_rotating_without_overlap_ends_the_old_secret(program: Program) -> None:
    """After a leak the old secret ends at once."""
    program(*ADD)
    program("rotate-secret", "site", "--overlap", "0min")
    assert len([line for line in program.record("site") if line.startswith("secret")]) == 1


def test_removing_asks(program: Program) -> None:
    """Without --yes the operator is asked, and may refuse."""
    program(*ADD)
    assert program("remove", "site", answer="n\n").exit_code == 1
    assert program.record("site")
    assert program("remove", "site", "--yes").exit_code == 0
    assert program("show", "site").exit_code == 1


def test_apply_adds_and_changes(program: Program, tmp_path: Path) -> None:
    """A clients.toml is applied; applying it again changes nothing."""
    file = write_clients(
        tmp_path, secret_digests=[digest("a secret")], access_token_lifetime="5 min"
    )
    assert "1 of 1 clients changed" in program("apply", str(file)).output
    assert "access_token_lifetime: 5 min" in program.record("site")
    assert "0 of 1 clients changed" in program("apply", str(file)).output


def test_dry_run_changes_nothing(program: Program, tmp_path: Path) -> None:
    """--dry-run shows the differences alone."""
    program(*ADD)
    file = write_clients(tmp_path, name="Nouveau")
    shown = program("apply", "--dry-run", str(file)).output
    assert "name: Espace Santé -> Nouveau" in shown
    assert "name: Espace Santé" in program.record("site")


def test_apply_says_who_has_no_secret(program: Program, tmp_path: Path) -> None:
    """A file need not hold digests: then a command makes the secret, once."""
    applied = program("apply", str(write_clients(tmp_path)))
    assert "site has no secret yet: idp clients rotate-secret site" in applied.output


def test_apply_keeps_secrets_that_the_file_does_not_name(program: Program, tmp_path: Path) -> None:
    """Secrets made by `idp clients` survive the file."""
    program(*ADD)
    file = write_clients(tmp_path, name="Nouveau")
    program("apply", str(file))
    assert any(line.startswith("secret: alive") for line in program.record("site"))


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "issuer = 1",
        "clients = 3",
        '[[clients]]\nclient_id = "a"',
        '[[clients]]\nclient_id = "a"\nname = "A"\nredirect_uris = ["https://a/"]\nlogo_uri = "x"',
        '[[clients]]\nclient_id = "a"\nname = "A"\nredirect_uris = "https://*.a/"',
        '[[clients]]\nclient_id = 3\nname = []\nredirect_uris = [1]\nis_first_party = "perhaps"',
    ],
)
def test_file_with_faults_is_refused_whole(program: Program, tmp_path: Path, text: str) -> None:
    """A fault anywhere: nothing is applied, exit code 1, no traceback."""
    file = tmp_path / "clients.toml"
    file.write_text(text)
    refused = program("apply", str(file))
    assert refused.exit_code == 1
    assert "faults" in refused.output


def test_file_that_is_no_utf_8_is_a_clear_sentence(program: Program, tmp_path: Path) -> None:
    """A file saved in another encoding is named."""
    file = tmp_path / "clients.toml"
    file.write_bytes("name = 'é'".encode("latin-1"))
    refused = program("apply", str(file))
    assert refused.exit_code == 1
    assert "clients.toml cannot be read" in refused.output


def test_unknown_client_is_a_clear_sentence(program: Program) -> None:
    """A mistyped id names the way to the list."""
    for words in (("show",), ("edit",), ("rotate-secret",), ("remove",), ("doctor",)):
        refused = program(*words, "nobody")
        assert refused.exit_code == 1
        assert "idp clients list" in refused.output


def test_doctor_has_nothing_to_say_of_a_new_client(program: Program) -> None:
    """No refusal: said so."""
    program(*ADD)
    assert "No request of site was refused" in program("doctor", "site").output
