"""`idp accounts import`: the accounts of the old site, and the hashes of their passwords."""

import hashlib
from pathlib import Path

import bcrypt
import pytest
from argon2 import PasswordHasher

from idp.accounts.account import AccountState
from tests.support.admin_program import EMAIL, FINESS, AdminProgram
from tests.support.directory_list import write_list

PASSWORD = "Le chat dort 8 fois"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
DEAR = PasswordHasher(time_cost=3, memory_cost=32768, parallelism=1).hash(PASSWORD)
LONG_PASSWORD = "😀" * 20
BCRYPT = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
BCRYPT_OF_LONG = bcrypt.hashpw(LONG_PASSWORD.encode()[:72], bcrypt.gensalt(4)).decode()
UNKNOWN_KIND = "{SSHA}c2FtcGxl"


@pytest.fixture
def file(admin: AdminProgram, tmp_path: Path) -> Path:
    """Where a test writes its list; FINESS is in the directory."""
    admin.add_practitioner()
    return tmp_path / "comptes.csv"


def write_accounts(file: Path, *password_hashes: str) -> Path:
    """Write FINESS with each hash in turn."""
    rows = [{"finess": FINESS, "password_hash": each} for each in password_hashes]
    return write_list(file, rows, columns=["finess", "password_hash"])


def is_password(admin: AdminProgram, password: str) -> bool:
    """Say whether the account of FINESS opens with it."""
    account = admin.find_account()
    assert account
    return admin.toolbox.tools.hasher.is_right(account.password_hash, password)


def test_account_is_taken_over_without_address(admin: AdminProgram, file: Path) -> None:
    """« Mettre à jour mon compte » is for it; the trail names it."""
    write_list(file, [{"finess": "75 000 001 0"}], columns=["finess"])
    assert "1 added, 0 there already; 0 bad" in admin.do("accounts", "import", file)
    account = admin.find_account()
    assert account
    assert (account.state, account.password_hash) == (AccountState.WITHOUT_EMAIL, None)
    (event,) = admin.trail("account.imported")
    assert (event.finess, event.sub) == (FINESS, account.sub)


@pytest.mark.parametrize(
    "imported",
    [
        CHEAP,
        hashlib.md5(PASSWORD.encode()).hexdigest(),  # noqa: S324 - what old sites have
        hashlib.sha1(PASSWORD.encode()).hexdigest().upper(),  # noqa: S324 - what old sites have
        "sha256$sel$" + hashlib.sha256(b"sel" + PASSWORD.encode()).hexdigest(),
        hashlib.sha512(PASSWORD.encode()).hexdigest(),
    ],
    ids=["argon2id", "md5", "sha1", "salted sha256", "sha512"],
)
def test_old_password_goes_on_working(admin: AdminProgram, file: Path, imported: str) -> None:
    """No other one does, and no fast digest rests in the database."""
    admin.do("accounts", "import", write_accounts(file, imported))
    assert is_password(admin, PASSWORD)
    assert not is_password(admin, PASSWORD + "!")
    account = admin.find_account()
    assert account
    assert "$argon2id$" in (account.password_hash or "")
    assert imported == CHEAP or imported.lower() not in (account.password_hash or "")


@pytest.mark.parametrize(
    "imported, reason",
    [
        (DEAR, "costs more than today's parameters: --accept-timing"),
        (BCRYPT, "bcrypt takes another time: --accept-timing"),
        (UNKNOWN_KIND, "unknown kind of password hash"),
        ("$argon2id$v=19$damaged", "damaged Argon2 hash"),
        (CHEAP.replace("argon2id", "argon2i"), "only the Argon2id kind"),
    ],
    ids=["costly argon2id", "bcrypt", "unknown kind", "damaged", "argon2i"],
)
def test_hash_that_cannot_be_taken_is_a_bad_row(
    admin: AdminProgram, file: Path, imported: str, reason: str
) -> None:
    """The account is not made; the hash is not printed."""
    printed = admin.refuse("accounts", "import", write_accounts(file, imported))
    assert f"line 2: {FINESS}: {reason}" in printed
    assert imported not in printed
    assert admin.find_account() is None


@pytest.mark.parametrize(
    "imported, password",
    [(DEAR, PASSWORD), (BCRYPT, PASSWORD), (BCRYPT_OF_LONG, LONG_PASSWORD)],
    ids=["costly argon2id", "bcrypt", "bcrypt of over 72 bytes"],
)
def test_hash_of_another_time_is_taken_where_that_is_accepted(
    admin: AdminProgram, file: Path, imported: str, password: str
) -> None:
    """By the option that says what it costs; bcrypt hashes the first 72 bytes alone."""
    admin.do("accounts", "import", write_accounts(file, imported), "--accept-timing")
    assert is_password(admin, password)
    assert not is_password(admin, "Le chien dort 8 fois")


def test_dry_run_reports_and_makes_none(admin: AdminProgram, file: Path) -> None:
    """The same report, hashes checked too, and nothing written."""
    printed = admin.do("accounts", "import", write_accounts(file, CHEAP), "--dry-run")
    assert "1 added, 0 there already; 0 bad\nNothing was written." in printed
    assert admin.find_account() is None
    assert not admin.trail("account.imported")


def test_account_that_is_there_stays(admin: AdminProgram, file: Path) -> None:
    """Loading a list again, or over registered accounts, changes none."""
    before = admin.add_account(email=EMAIL)
    printed = admin.do("accounts", "import", write_accounts(file, CHEAP))
    assert "0 added, 1 there already; 0 bad" in printed
    assert admin.find_account() == before


def test_account_needs_a_practitioner(admin: AdminProgram, file: Path) -> None:
    """A number that the directory lacks, or closed, gets none."""
    admin.add_practitioner("690000015", closed_at=admin.now)
    rows = [{"finess": "690000015"}, {"finess": "130000018"}, {"finess": FINESS}]
    printed = admin.refuse("accounts", "import", write_list(file, rows, columns=["finess"]))
    assert "line 2: 690000015: is not in the directory" in printed
    assert "line 3: 130000018: is not in the directory" in printed
    assert "1 added, 0 there already; 2 bad" in printed


def test_number_stands_once(admin: AdminProgram, file: Path) -> None:
    """Which of two hashes would count is not guessed: the first one's row is taken."""
    printed = admin.refuse("accounts", "import", write_accounts(file, CHEAP, CHEAP))
    assert f"line 3: {FINESS}: stands on line 2 already" in printed
    assert is_password(admin, PASSWORD)
