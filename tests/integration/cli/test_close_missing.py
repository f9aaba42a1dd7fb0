"""`idp practitioners import --close-missing`: who is closed, and when nobody is."""

from pathlib import Path

import pytest

from idp.accounts.account import AccountState
from tests.support.admin_program import AdminProgram
from tests.support.directory_list import make_finess, make_row, write_list

LAST = make_finess(100)


@pytest.fixture
def file(admin: AdminProgram, tmp_path: Path) -> Path:
    """A list of 100 practitioners, loaded, then written again without the last."""
    file = tmp_path / "liste.csv"
    admin.do("practitioners", "import", write_list(file, map(make_row, range(1, 101))))
    return write_list(file, map(make_row, range(1, 100)))


def close(admin: AdminProgram, file: Path, *options: str) -> str:
    """Import the list and close whom it lacks; return what was printed."""
    return admin.do("practitioners", "import", file, "--close-missing", *options)


def is_closed(admin: AdminProgram, finess: str) -> bool:
    """Say whether the directory has closed somebody."""
    practitioner = admin.find_practitioner(finess)
    return practitioner is not None and practitioner.closed_at is not None


def test_nobody_is_closed_unless_asked(admin: AdminProgram, file: Path) -> None:
    """A list that lacks somebody removes nobody."""
    admin.do("practitioners", "import", file)
    assert not is_closed(admin, LAST)


def test_missing_practitioner_is_closed_and_the_account_disabled(
    admin: AdminProgram, file: Path
) -> None:
    """Both are told and stand in the trail; running it again closes nobody."""
    admin.add_account(LAST)
    assert f"closed: {LAST}" in close(admin, file)
    assert is_closed(admin, LAST)
    account = admin.find_account(LAST)
    assert account
    assert (account.state, account.disabled_reason) == (AccountState.DISABLED, "left_directory")
    assert [event.finess for event in admin.trail("practitioner.closed")] == [LAST]
    assert [event.finess for event in admin.trail("account.disabled")] == [LAST]
    assert "closed:" not in close(admin, file)


def test_who_comes_back_is_reopened(admin: AdminProgram, file: Path) -> None:
    """Directory entry and account, by a later list."""
    admin.add_account(LAST)
    close(admin, file)
    admin.do("practitioners", "import", write_list(file, map(make_row, range(1, 101))))
    assert not is_closed(admin, LAST)
    account = admin.find_account(LAST)
    assert account
    assert account.state is AccountState.ACTIVE
    assert admin.trail("practitioner.changed")[-1].details == {"changed": "reopened"}


def test_account_disabled_for_another_reason_stays_so(admin: AdminProgram, file: Path) -> None:
    """A frozen account is not opened by leaving the list and coming back."""
    admin.add_account(LAST, state=AccountState.DISABLED, disabled_reason="email_undone")
    close(admin, file)
    admin.do("practitioners", "import", write_list(file, map(make_row, range(1, 101))))
    account = admin.find_account(LAST)
    assert account
    assert (account.state, account.disabled_reason) == (AccountState.DISABLED, "email_undone")


def test_dry_run_names_whom_it_would_close(admin: AdminProgram, file: Path) -> None:
    """And closes nobody."""
    assert f"to close: {LAST}" in close(admin, file, "--dry-run")
    assert not is_closed(admin, LAST)


def test_many_are_closed_by_their_number_alone(admin: AdminProgram, file: Path) -> None:
    """Over 2 % at once: refused, with the number; a wrong number is refused as well."""
    write_list(file, map(make_row, range(1, 98)))
    command = ("practitioners", "import", file, "--close-missing")
    refusal = admin.refuse(*command)
    assert "lacks 3 of 100 practitioners" in refusal
    assert "--yes-close 3" in refusal
    admin.refuse(*command, "--yes-close", "4")
    assert not is_closed(admin, LAST)
    close(admin, file, "--yes-close", "3")
    assert is_closed(admin, LAST)


@pytest.mark.parametrize("row", [{"finess": "faux"}, {"name": "un;de;trop"}])
def test_nobody_is_closed_where_a_row_names_nobody(
    admin: AdminProgram, file: Path, row: dict[str, str]
) -> None:
    """The unreadable row may be that of whoever seems to be missing."""
    write_list(file, [*map(make_row, range(1, 100)), make_row(100, **row)])
    command = ("practitioners", "import", file, "--close-missing")
    assert "nobody was closed: 1 rows name nobody" in admin.refuse(*command)
    assert not is_closed(admin, LAST)


def test_bad_row_that_names_somebody_closes_others(admin: AdminProgram, file: Path) -> None:
    """Who stands in a bad row is not missing."""
    write_list(file, [*map(make_row, range(1, 99)), make_row(99, name="")])
    admin.refuse("practitioners", "import", file, "--close-missing")
    assert is_closed(admin, LAST)
    assert not is_closed(admin, make_finess(99))
