"""Every attack case has a test that bears its id, or a line here that says who holds it.

Chapters 1 to 4 are tested in protocol/, 5 to 8 in practitioners/ and operations/, 10 in
operations/. Chapter 9 is OWASP's device cookie protocol: tests/unit/accounts/test_known_devices.py.
"""

from typing import NamedTuple

import pytest

from tests.support.syntax_tree import parse, python_files

CHAPTERS = {
    1: "C01 C02 C03 C04 C05 C07 C08 C09 C10 C11 C13 C14 C15 C16 C17 C18 C19 C1A C1B C1D C1E C1G",
    2: "C20 C22 C23 C24 C25 C27 C28 C29 C2B C2D",
    3: "C31 C32 C33 C35 C37 C38 C39 C3C C3D C3E C3F",
    4: "C41 C42 C44 C45 C46 C47 C48 C50 C51 C52 C54",
    5: "C56 C57 C58 C59 C60 C61",
    6: "C64 C65 C66 C67 C68 C69 C71 C72 C73 C74",
    7: "C76 C77 C78 C80 C82 C83",
    8: "C84 C85 C87 C88 C89 C91 C92 C93 C95 C96",
    10: "C97 C99 C100 C101 C102 C104 C105 C106 C109 C110 C111 C112 C115 C116 C117 C119 C120",
}
CASES = [case for ids in CHAPTERS.values() for case in ids.split()]


class Held(NamedTuple):
    """Tests of another folder that hold a case, as "file::name", and what is left out, if any."""

    tests: tuple[str, ...]
    left_out: str = ""


HELD_ELSEWHERE = {
    "C66": Held(("flows/pages/test_reset.py::test_code_without_the_link_is_worth_nothing",)),
    "C82": Held(
        (
            "operations/test_redis_away.py::test_what_tries_a_secret_is_refused",
            "operations/test_redis_away.py::test_everything_else_goes_on",
            "operations/test_redis_away.py::test_restart_of_redis_costs_no_login",
        )
    ),
    "C88": Held(("flows/pages/test_reset.py::test_earlier_link_stays_good_until_one_is_used",)),
    "C89": Held(
        (
            "flows/pages/test_activation.py::test_link_is_good_for_a_day",
            "flows/pages/test_reset.py::test_link_is_good_for_a_day",
        ),
        left_out="nodes whose clocks differ: a link's end is one moment in the database, so it is "
        "off by as much as the clock; idp doctor compares that with the database's",
    ),
    "C96": Held(
        ("flows/pages/test_activation.py::test_another_device_activates_and_is_not_signed_in",)
    ),
    "C99": Held(
        (
            "unit/accounts/test_passwords.py::test_c99_classes_of_non_ascii_characters",
            "unit/accounts/test_passwords.py::test_c99_spaces_at_both_ends_are_kept",
        )
    ),
    "C106": Held(
        (
            "unit/outbound/test_egress.py::test_private_address",
            "unit/outbound/test_egress.py::test_refused_by_its_spelling",
            "unit/outbound/test_http_client.py::test_private_address_is_never_connected_to",
            "unit/outbound/test_http_client.py::test_name_is_resolved_once",
            "unit/outbound/test_http_client.py::test_redirect_is_not_followed",
            "unit/outbound/test_http_client.py::test_long_answer_is_left",
            "unit/outbound/test_http_client.py::test_dripping_answer_is_left",
            "unit/protocol/test_client_records.py::test_bad_value_is_refused",
            "flows/protocol/test_backchannel_logout.py::test_site_that_was_away_gets_a_fresh_token",
        ),
        left_out="request_uri and sector_identifier_uri: nothing is ever fetched for them (C1A)",
    ),
    "C109": Held(
        (
            "integration/cli/test_clients.py::test_bad_redirect_uri_cannot_be_registered",
            "integration/cli/test_clients.py::test_add_shows_the_secret_once",
            "integration/cli/test_clients.py::test_removing_asks",
            "integration/cli/test_clients.py::test_unknown_client_is_a_clear_sentence",
            "integration/cli/test_keys.py::test_second_rotation_tells_the_first",
            "integration/cli/test_keys.py::test_active_key_is_not_removed",
            "integration/cli/test_keys.py::test_every_change_is_in_the_trail",
            "integration/cli/test_processes.py::test_what_is_made_is_private",
            "integration/cli/test_processes.py::test_wrong_user_is_told",
            "integration/cli/test_processes.py::test_two_imports_at_once_are_safe",
        )
    ),
    "C110": Held(
        (
            "integration/signing/test_folder.py::test_modes_do_not_depend_on_the_umask",
            "integration/signing/test_folder.py::test_file_open_to_others_is_refused",
            "integration/signing/test_folder.py::test_link_out_of_the_folder_is_refused",
            "integration/store/test_availability.py::test_a_new_database_file_is_private",
            "integration/store/test_availability.py::test_a_file_that_others_may_open_is_refused",
            "integration/store/test_availability.py::test_a_symbolic_link_is_refused",
            "integration/store/test_backup.py::test_a_backup_can_be_restored",
        ),
        left_out="container images: none is shipped",
    ),
    "C111": Held(
        (
            "integration/store/test_backup.py::test_what_was_used_since_the_backup_is_dead_after_it",
            "integration/store/test_backup.py::test_people_and_clients_outlive_a_restoration",
            "integration/store/test_backup.py::test_a_backup_is_of_one_moment",
            "integration/signing/test_live_folder.py::test_restored_backup_verifies_old_tokens",
            "integration/cli/test_db.py::test_restored_revives_nothing",
        )
    ),
    "C112": Held(
        (
            "integration/signing/test_folder.py::test_missing_folder_is_refused",
            "integration/signing/test_folder.py::test_every_cut_is_refused_in_words",
            "integration/signing/test_folder.py::test_exchanged_files_are_refused",
            "integration/cli/test_keys.py::test_check_misses_a_required_algorithm",
            "operations/test_refused_starts.py::test_what_cannot_serve_is_a_sentence",
        )
    ),
}


def find_tests(path: str) -> set[str]:
    """Return the names of the tests of a file."""
    tree = parse(path)
    return {node.name for node in tree.body if getattr(node, "name", "").startswith("test_")}  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", CASES)
def test_case_is_held(case: str) -> None:
    """A case is in the name of a test here, or in the table; never in both."""
    names = [name for path in python_files("tests/attacks") for name in find_tests(path)]
    has_test = any(name.startswith(f"test_{case.lower()}_") for name in names)
    assert has_test is not (case in HELD_ELSEWHERE)


@pytest.mark.parametrize("case", HELD_ELSEWHERE)
def test_table_is_true(case: str) -> None:
    """What the table names exists."""
    for test in HELD_ELSEWHERE[case].tests:
        file, _, name = test.partition("::")
        assert name in find_tests(f"tests/{file}"), test
