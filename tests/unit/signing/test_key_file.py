"""A key as the text of its file: encrypted, and every date part of the seal."""

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from idp.signing.key_file import KeyFileError, Passphrase, read_key_file, write_key_file
from idp.signing.signing_key import SigningKey
from tests.support.signing import DAY, HOUR, PASSPHRASE, SECOND, START, make_key, make_successor

OLD = make_key()
KEY = replace(
    make_successor(OLD),
    successor="es256-another",
    revoked_at=START + DAY,
    rehearsed_by=frozenset({"b", "a"}),
)
SECRET = Passphrase(PASSPHRASE)
TEXT = write_key_file(KEY, SECRET)


def alter(**members: object) -> str:
    """Return the file with some members replaced."""
    return json.dumps(json.loads(TEXT) | members)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_file_holds_the_whole_key(algorithm: str) -> None:
    """What is written is read again, by another process that knows the passphrase."""
    key = make_key(algorithm)
    again = read_key_file(write_key_file(key, SECRET), Passphrase(PASSPHRASE))
    assert replace(again, material=key.material) == key
    assert again.public_jwk == key.public_jwk


def test_every_date_and_name_is_kept() -> None:
    """Dates, neighbours, revocation and rehearsals come back as they were."""
    again = read_key_file(TEXT, SECRET)
    assert replace(again, material=KEY.material) == KEY


def test_private_part_is_encrypted() -> None:
    """No private key, in any encoding, stands in the file (C110)."""
    assert "PRIVATE KEY" not in TEXT
    assert json.loads(TEXT).keys() & {"d", "p", "q", "dp", "dq", "qi", "k"} == set()


def test_dates_are_readable_without_the_passphrase() -> None:
    """An operator sees in the file what the key is and when it signs."""
    head = json.loads(TEXT)
    assert (head["kid"], head["algorithm"]) == (KEY.kid, "ES256")
    assert head["signs_from"] == "2025-03-01T09:00:00+00:00"


def test_dates_are_written_in_utc() -> None:
    """A date of another zone is the same moment, written in UTC."""
    paris = timezone(timedelta(hours=1))
    key = make_key(published_at=START.astimezone(paris))
    assert json.loads(write_key_file(key, SECRET))["published_at"] == "2025-03-01T08:00:00+00:00"


@pytest.mark.parametrize(
    "member, value",
    [
        ("signs_from", "2025-03-01T08:30:00+00:00"),
        ("published_at", "2025-02-01T08:00:00+00:00"),
        ("predecessor_gone_at", None),
        ("predecessor", None),
        ("successor", None),
        ("revoked_at", None),
        ("rehearsed_by", []),
        ("algorithm", "RS256"),
        pytest.param("kid", OLD.kid, id="kid"),
        ("note", "another member"),
    ],
)
def test_altered_file_is_refused(member: str, value: object) -> None:
    """Nobody changes a date, a name or a revocation without the passphrase."""
    with pytest.raises(KeyFileError, match="altered"):
        read_key_file(alter(**{member: value}), SECRET)


def test_private_part_of_another_key_is_refused() -> None:
    """Private parts exchanged between two files are noticed (C112)."""
    other = json.loads(write_key_file(OLD, SECRET))
    with pytest.raises(KeyFileError, match="altered"):
        read_key_file(alter(private_key=other["private_key"]), SECRET)


def test_other_passphrase_is_named_as_the_fault() -> None:
    """A wrong passphrase is told from a damaged file."""
    with pytest.raises(KeyFileError, match="another passphrase"):
        read_key_file(TEXT, Passphrase(PASSPHRASE + "."))


@pytest.mark.parametrize(
    "text",
    ["", "{", TEXT[:200], "[]", "null", '"text"', "{}", alter(private_key=None), alter(salt=1)],
)
def test_damaged_file_is_refused(text: str) -> None:
    """An empty, cut or foreign file is refused in words, never a traceback."""
    with pytest.raises(KeyFileError, match="not a key file, or only part of one"):
        read_key_file(text, SECRET)


@pytest.mark.parametrize(
    "key, problem",
    [
        (make_key(published_at=START + SECOND, signs_from=START), "sign before it is published"),
        (make_key(predecessor_gone_at=START - HOUR), "would be gone before"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(key: SigningKey, problem: str) -> None:
    """A file whose dates would leave a moment without a known key is refused."""
    text = write_key_file(key, SECRET)
    with pytest.raises(KeyFileError, match=problem):
        read_key_file(text, SECRET)


def test_algorithm_that_the_key_does_not_fit_is_refused() -> None:
    """A file that calls an elliptic key RS256 contradicts itself (C112)."""
    key = make_key()
    key.material.algorithm = "RS256"
    with pytest.raises(KeyFileError, match="does not fit RS256"):
        read_key_file(write_key_file(key, SECRET), SECRET)


def test_kid_that_is_not_the_keys_is_refused() -> None:
    """A kid follows from the key; a file with another one is refused (C112)."""
    key = make_key()
    key.material.kid = OLD.kid
    with pytest.raises(KeyFileError, match=f"not that of {OLD.kid}"):
        read_key_file(write_key_file(key, SECRET), SECRET)


def test_new_file_reuses_the_salt_read_before() -> None:
    """Stretching the passphrase takes 0.1 s: the files of a folder share its salt."""
    secret = Passphrase(PASSPHRASE)
    read_key_file(TEXT, secret)
    salt = json.loads(write_key_file(make_key(), secret))["salt"]
    assert salt == json.loads(TEXT)["salt"]


def test_passphrase_is_not_shown() -> None:
    """What is printed of a passphrase says nothing of it."""
    assert PASSPHRASE not in repr(SECRET)
