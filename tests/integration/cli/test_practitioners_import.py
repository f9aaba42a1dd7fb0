"""`idp practitioners import`: what is loaded, what is refused, and what is kept."""

from pathlib import Path

import pytest

from idp.accounts.iban import is_suffix_of
from idp.cli.practitioners_import import DirectoryImport
from idp.cli.table_file import TableFile
from idp.settings import name_operator
from tests.support.admin_program import AdminProgram
from tests.support.directory_list import HEADER, make_finess, make_iban, make_row, write_list
from tests.support.statement_counts import count_statements

FIRST, SECOND, THIRD = make_finess(1), make_finess(2), make_finess(3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test writes its list."""
    return tmp_path / "liste.csv"


def load(admin: AdminProgram, file: Path, *options: str) -> str:
    """Import a list without a bad row; return what was printed."""
    return admin.do("practitioners", "import", file, *options)


def test_new_rows_are_added(admin: AdminProgram, file: Path) -> None:
    """Semicolons, UTF-8."""
    printed = load(admin, write_list(file, [make_row(1, name="Cabinet d’Hélène"), make_row(2)]))
    assert "2 added, 0 changed, 0 unchanged; 0 bad" in printed
    added = admin.find_practitioner(FIRST)
    assert added
    assert added.name == "Cabinet d’Hélène"
    assert is_suffix_of(added, admin.toolbox.iban_keys, suffix=make_iban(1)[-5:])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_encoding_and_separator_are_found_out(
    admin: AdminProgram, file: Path, encoding: str, delimiter: str
) -> None:
    """UTF-8 with or without a mark, or Windows-1252; semicolons or commas."""
    rows = [make_row(1, name="Centre « L’Œillet » à Nîmes")]
    load(admin, write_list(file, rows, delimiter=delimiter, encoding=encoding))
    added = admin.find_practitioner(FIRST)
    assert added
    assert added.name == "Centre « L’Œillet » à Nîmes"


def test_columns_stand_in_any_order(admin: AdminProgram, file: Path) -> None:
    """The header row names them, in either case; every optional one is kept."""
    contact = {
        "email": "Camille@Exemple.FR",
        "given_name": "Camille",
        "family_name": "d’Arçon",
        "phone_number": "+33536490001",
        "street_address": "12 quai des Exemples",
        "postal_code": "31000",
        "locality": "Toulouse",
    }
    row = make_row(1, **contact)
    columns = [*reversed(row)]
    write_list(file, [row], columns=columns)
    file.write_text(file.read_text("utf-8").replace("finess", " FINESS ", 1), "utf-8")
    load(admin, file)
    added = admin.find_practitioner(FIRST)
    assert added
    assert {name: getattr(added, name) for name in contact} == {
        **contact,
        "email": "Camille@exemple.fr",
    }


def test_typed_numbers_are_normalized(admin: AdminProgram, file: Path) -> None:
    """Spaces, dots and lower case in FINESS and IBAN are forgiven; Corsica has letters."""
    spaced = " ".join(make_iban(1)).lower()
    load(admin, write_list(file, [make_row(1, finess="2a. 000 000-1", iban=spaced)]))
    assert "2A0000001" in admin.do("practitioners", "show", "2a 000 0001")


def test_loading_again_changes_nothing(admin: AdminProgram, file: Path) -> None:
    """The same file twice: not even the date of the last change moves."""
    write_list(file, [make_row(1), make_row(2)])
    load(admin, file)
    before = admin.find_practitioner(FIRST)
    assert "0 added, 0 changed, 2 unchanged" in load(admin, file)
    assert admin.find_practitioner(FIRST) == before


def test_changed_row_is_updated_and_recorded(admin: AdminProgram, file: Path) -> None:
    """The trail says who changed which columns of whom, and not to what."""
    load(admin, write_list(file, [make_row(1)]))
    load(admin, write_list(file, [make_row(1, name="Cabinet neuf", iban=make_iban(9))]))
    changed = admin.find_practitioner(FIRST)
    assert changed
    assert changed.name == "Cabinet neuf"
    (event,) = admin.trail("practitioner.changed")
    assert (event.finess, event.operator) == (FIRST, name_operator())
    assert event.details == {"changed": "iban name"}


def test_each_import_is_recorded(admin: AdminProgram, file: Path) -> None:
    """Each practitioner added, and the import as a whole with its file and figures."""
    load(admin, write_list(file, [make_row(1)]))
    assert [event.name for event in admin.trail()] == ["practitioner.added", "directory.imported"]
    (event,) = admin.trail("directory.imported")
    assert event.details["file"] == "liste.csv"
    assert event.details["result"].startswith("1 added")


def test_column_left_out_stays(admin: AdminProgram, file: Path) -> None:
    """A list without the column `email` empties no address; an empty cell does."""
    row = make_row(1, email="camille@exemple.fr")
    load(admin, write_list(file, [row], columns=[*row]))
    load(admin, write_list(file, [make_row(1, name="Cabinet neuf")]))
    kept = admin.find_practitioner(FIRST)
    assert kept
    assert (kept.name, kept.email) == ("Cabinet neuf", "camille@exemple.fr")
    load(admin, write_list(file, [make_row(1, email="")], columns=[*row]))
    emptied = admin.find_practitioner(FIRST)
    assert emptied
    assert emptied.email is None


@pytest.mark.parametrize(
    "cells, reason",
    [
        ({"iban": make_iban(1)[:-1] + "0"}, f"{FIRST}: the IBAN's checksum is wrong"),
        ({"iban": "99999 00001 00000123456 12"}, f"{FIRST}: the IBAN's checksum is wrong"),
        ({"name": ""}, f"{FIRST}: no name"),
        ({"name": "x" * 201}, f"{FIRST}: name is longer than 200 characters"),
        ({"name": "Cabinet\x00"}, f"{FIRST}: name has control characters"),
        ({"email": "camille@"}, f"{FIRST}: the e-mail address is not valid"),
        ({"finess": ""}, "no FINESS number"),
        (
            {"finess": "75000001"},
            "no FINESS number of nine letters and digits (looks like: missing",
        ),
        ({"finess": "12345678901"}, "(looks like: rpps)"),
        ({"finess": make_iban(1)}, "(looks like: iban)"),
        ({"finess": SECOND}, f"{SECOND}: stands on line 2 already"),
        ({"name": "un;de;trop"}, "has 6 columns where the header has 4"),
        ({"name": '"non fermé'}, "is no CSV"),
    ],
)
def test_bad_row_is_told_and_the_good_ones_loaded(
    admin: AdminProgram, file: Path, cells: dict[str, str], reason: str
) -> None:
    """With its line and the reason, and exit code 1; what stood in the cells is not printed."""
    columns = ["finess", "name", "iban", "email"]
    write_list(file, [make_row(2), make_row(1, **cells)], columns=columns)
    printed = admin.refuse("practitioners", "import", file)
    assert "line 3: " in printed
    assert reason in printed
    assert "1 added, 0 changed, 0 unchanged; 1 bad" in printed
    assert make_iban(1)[:14] not in printed
    assert admin.find_practitioner(SECOND) is not None


def test_line_of_a_row_is_where_it_begins(admin: AdminProgram, file: Path) -> None:
    """Cells over several lines, and empty lines, are counted."""
    file.write_text(
        f'finess;name;iban\n{FIRST};"Cabinet\ndes Lilas";\n;;\n\nfaux;Cabinet;\n', encoding="utf-8"
    )
    assert "line 6: no FINESS number" in admin.refuse("practitioners", "import", file)
    added = admin.find_practitioner(FIRST)
    assert added
    assert added.name == "Cabinet des Lilas"


def test_wrong_luhn_key_is_a_warning(admin: AdminProgram, file: Path) -> None:
    """The directory decides: the row is loaded, and told."""
    printed = load(admin, write_list(file, [make_row(1, finess="750000019")]))
    assert "line 2: warning: 750000019 has a wrong check digit; loaded" in printed
    assert "1 added, 0 changed, 0 unchanged; 0 bad, 1 with a warning" in printed
    assert admin.find_practitioner("750000019") is not None


def test_row_without_iban_is_fine(admin: AdminProgram, file: Path) -> None:
    """That practitioner is told to send a RIB."""
    load(admin, write_list(file, [make_row(1, iban="")]))
    assert "has iban               no" in admin.do("practitioners", "show", FIRST)


def test_of_an_iban_only_a_digest_is_kept(admin: AdminProgram, file: Path) -> None:
    """Neither the IBAN nor its last five characters stand in any column of any row."""
    printed = load(admin, write_list(file, [make_row(1)]))
    kept = f"{printed} {admin.find_practitioner(FIRST)} {admin.trail()}"
    assert make_iban(1) not in kept
    assert make_iban(1)[-5:] not in kept


def test_dry_run_says_the_same_and_writes_nothing(admin: AdminProgram, file: Path) -> None:
    """Not even to the audit trail."""
    load(admin, write_list(file, [make_row(1), make_row(2)]))
    write_list(file, [make_row(1, name="Cabinet neuf"), make_row(3), make_row(4, name="")])
    before = admin.trail()
    dry = admin.refuse("practitioners", "import", file, "--dry-run")
    assert (admin.find_practitioner(THIRD), admin.trail()) == (None, before)
    wet = admin.refuse("practitioners", "import", file)
    assert dry.replace("Nothing was written. ", "") == wet
    assert "1 added, 1 changed, 0 unchanged; 1 bad" in wet


@pytest.mark.parametrize(
    "content, complaint",
    [
        (b"", "lacks finess, name, iban"),
        (b"finess;name\n", "lacks iban"),
        (b"finess;name;iban;e-mail\n", "has columns unknown here: 'e-mail'"),
        (b"finess;name;iban;name\n", "names a column twice"),
        ("finess;name;iban\n".encode("utf-16"), "is it CSV in UTF-8 or Windows-1252?"),
        (b"finess;name;iban\n\x81\xff;;\n", "is neither in UTF-8 nor in Windows-1252"),
    ],
)
def test_file_that_is_no_list_is_refused(
    admin: AdminProgram, file: Path, content: bytes, complaint: str
) -> None:
    """As a whole, with exit code 2, before anything is written."""
    file.write_bytes(content)
    assert complaint in admin.refuse("practitioners", "import", file, code=2)
    assert admin.trail() == []


def test_thousand_rows_cost_few_statements(admin: AdminProgram, file: Path) -> None:
    """What makes 100 000 rows a matter of seconds: they go by the thousand, in one commit each."""
    table = TableFile(write_list(file, map(make_row, range(3000))), required=HEADER)
    admin.find_practitioner()  # and the schema is looked at
    with count_statements(admin.toolbox.database) as counts:
        running = DirectoryImport(admin.toolbox, is_dry_run=False, tell=print)
        assert list(running.run(table)) == [1001, 2001, 3001]
    assert running.report.counts.added == 3000
    assert counts.commits == 3
    assert len(counts.statements) <= 3 * 4
